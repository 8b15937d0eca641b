from odoo import fields, models
from odoo.exceptions import UserError


class IssueResult(models.TransientModel):
    """What became of certificates issued together: which were, and why the others were not."""

    _name = "skill.cert.issue.result"
    _description = "Result of the issue"

    line_ids = fields.One2many("skill.cert.issue.result.line", "result_id", "Applications", readonly=True)
    issued_count = fields.Integer("Issued", compute="_compute_counts")
    refused_count = fields.Integer("Not issued", compute="_compute_counts")

    def _compute_counts(self):
        for result in self:
            issued = result.line_ids.filtered("certificate_id")
            result.issued_count = len(issued)
            result.refused_count = len(result.line_ids - issued)

    def action_print(self):
        """Print the certificates that were issued: at once, or in the background where there are many."""
        self.ensure_one()
        applications = self.line_ids.filtered("certificate_id").application_id
        values = {"application_form": False, "certificate": True, "output": "pdf"}
        wizards = self.env["skill.cert.print.wizard"]
        return wizards.create({**values, "application_ids": [fields.Command.set(applications.ids)]}).action_print()


class IssueResultLine(models.TransientModel):
    """One application, and its certificate or the reason why there is none."""

    _name = "skill.cert.issue.result.line"
    _description = "Certificate issued, or why not"

    result_id = fields.Many2one("skill.cert.issue.result", required=True, ondelete="cascade")
    application_id = fields.Many2one("skill.cert.application", readonly=True, ondelete="cascade")
    certificate_id = fields.Many2one("skill.cert.certificate", readonly=True, ondelete="cascade")
    reason = fields.Char("Why not issued", readonly=True, limit=0)


class Application(models.Model):
    _inherit = "skill.cert.application"

    def action_certify_each(self):
        """Issue the certificates of those that may have one now, and say of each other why not.

        Each is issued or refused for itself, by the rules of ``action_certify``. Returns the dialogue with the result; raises
        AccessError where one of them may not be read, and for others than officers.
        """
        self.check_access("read")
        self.env["skill.cert.issue.result"].check_access("read")
        lines = [application._attempt_certificate() for application in self.sorted("name")]
        # sudo: the dialogue is written here alone; what it links is what the user selected or has just issued.
        results = self.env["skill.cert.issue.result"].sudo()
        result = results.create({"line_ids": [fields.Command.create(line) for line in lines]})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Result of the issue"),
            "res_model": result._name,
            "views": [(False, "form")],
            "res_id": result.id,
            "target": "new",
        }

    def _attempt_certificate(self):
        line = {"application_id": self.id}
        try:
            with self.env.cr.savepoint():
                return {**line, "certificate_id": self.action_certify().id}
        except UserError as error:
            return {**line, "reason": str(error)}
