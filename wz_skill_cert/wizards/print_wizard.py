from odoo import fields, models
from odoo.exceptions import UserError

from ..models.papers.print_job import COPIES, FORMS, OUTPUTS, UNFINISHED
from ..reports import press

# Applications that are printed while the user waits: some seconds.
AT_ONCE = 10


class PrintWizard(models.TransientModel):
    """Asks which forms of the selected applications to print, and how."""

    _name = "skill.cert.print.wizard"
    _description = "Print forms"

    application_ids = fields.Many2many("skill.cert.application", default=lambda self: self._selected())
    application_count = fields.Integer("Selected", compute="_compute_application_count")
    application_form = fields.Boolean("Application form (Annex 1)", default=True)
    material_list = fields.Boolean("List of materials (Annex 3)")
    certificate = fields.Boolean()
    copies = fields.Selection(
        COPIES, "Number of copies", required=True, default="1", help="The notice asks for Annex 1 in duplicate."
    )
    output = fields.Selection(OUTPUTS, required=True, default="pdf")

    def _selected(self):
        return self.env["skill.cert.application"].browse(self.env.context.get("active_ids", []))

    def _compute_application_count(self):
        for wizard in self:
            wizard.application_count = len(wizard.application_ids)

    def action_print(self):
        """Print at once, or in the background where there are many.

        Raises UserError without applications or forms, AccessError for who may not print them all.
        """
        self.ensure_one()
        forms = [form for form in FORMS if self[form]]
        if not forms:
            raise UserError(self.env._("Please choose at least one form."))
        if not self.application_ids:
            raise UserError(self.env._("Please select the applications to print."))
        self.env["ir.actions.report"]._check_chinese_font()
        applications = self.application_ids.sorted(lambda application: (application.name or "", application.id))
        job = self.env["skill.cert.print.job"]._start(applications, forms, self.copies, self.output)
        return self._print_now(job) if job.total <= AT_ONCE else self._print_later(job)

    def _print_now(self, job):
        while job.state in UNFINISHED:
            job._advance(press.LIVE)
        # What could not be printed is said before anything is downloaded.
        return self._open(job) if job.failures or job.state == "failed" else job.action_download()

    def _print_later(self, job):
        # sudo: the scheduled action is the addon's own; whoever may print may have it started.
        self.env.ref("wz_skill_cert.cron_print_jobs").sudo()._trigger()
        return self._open(job)

    def _open(self, job):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Printing"),
            "res_model": job._name,
            "res_id": job.id,
            "views": [(False, "form")],
        }
