from odoo import fields, models


class BlankFormWizard(models.TransientModel):
    """Prints a form without a record, to be filled in by hand (填表说明, 2: 请用钢笔填写)."""

    _name = "skill.cert.blank.form.wizard"
    _description = "Blank form"

    form = fields.Selection(
        [
            ("application_form", "Application form (Annex 1)"),
            ("submission_summary", "Summary sheet (Annex 2)"),
            ("material_list", "List of materials (Annex 3)"),
        ],
        required=True,
        default="application_form",
    )

    def action_print(self):
        """Return the action that prints the blank form; the form itself checks who may."""
        self.ensure_one()
        report = self.env.ref(f"wz_skill_cert.report_{self.form}")
        # Without the ids of the dialogue, which would be taken for those of applications.
        # pylint: disable=context-overridden
        context = {name: value for name, value in self.env.context.items() if not name.startswith("active_")}
        action = report.with_context(context).report_action(None, config=False)
        return {**action, "close_on_report_download": True}
