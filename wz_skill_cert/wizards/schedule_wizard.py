from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError


class ScheduleWizard(models.TransientModel):
    """Plans the assessments of several applications one after the other. The rules are those of the applications."""

    _name = "skill.cert.schedule.wizard"
    _description = "Plan the assessment"

    application_ids = fields.Many2many("skill.cert.application", required=True)
    assess_on = fields.Datetime("First at")
    assess_place = fields.Char("Place of assessment")
    minutes = fields.Integer("Minutes for each", default=30, help="0: all at the same time.")

    def action_plan(self):
        """Set date and place, in the order of the numbers. Raises UserError without a date."""
        self.ensure_one()
        if not self.assess_on:
            raise UserError(self.env._("Please choose date and time."))
        pause = timedelta(minutes=max(self.minutes, 0))
        for number, application in enumerate(self.application_ids.sorted("name")):
            application.write({"assess_on": self.assess_on + number * pause, "assess_place": self.assess_place})
        return {"type": "ir.actions.act_window_close"}
