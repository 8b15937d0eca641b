"""When and where a person's assessment takes place: set by the officer, known to the unit and the panel."""

from odoo import fields, models
from odoo.exceptions import UserError

from ... import workflow

SCHEDULED = ("assess_on", "assess_place")


class Application(models.Model):
    _inherit = "skill.cert.application"

    assess_on = fields.Datetime("Date of assessment", copy=False, index="btree_not_null")
    assess_place = fields.Char("Place of assessment", copy=False)

    def _check_plannable(self, vals):
        """Raise unless the assessments may be planned: between the acceptance and the panel's result."""
        if not set(SCHEDULED) & set(vals):
            return
        if others := self.filtered(lambda application: application.state not in workflow.states("planned")):
            raise UserError(self.env._("%s: there is no assessment to be planned.", others[0].display_name))

    def _forget_schedule(self, target, before):
        """The date was for a round that has ended."""
        if workflow.row(target).begins_anew:
            self.sudo().write(dict.fromkeys(SCHEDULED, False))  # sudo: _move has just checked the step

    def action_ask_schedule(self):
        """Open the dialogue that plans the assessment of these applications."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_schedule_wizard")
        return {**action, "context": {"default_application_ids": [fields.Command.set(self.ids)]}}


class Panel(models.Model):
    _inherit = "skill.cert.panel"

    def action_ask_schedule(self):
        """Open the dialogue that plans the assessments of this panel's cases. Raises UserError where there is none."""
        applications = self.application_ids.filtered(
            lambda application: application.state in workflow.states("planned")
        )
        if not applications:
            raise UserError(self.env._("There is no assessment to be planned."))
        return applications.action_ask_schedule()


class Assessment(models.Model):
    """What the expert learns of the date: the own cases' alone."""

    _inherit = "skill.cert.assessment"

    assess_on = fields.Datetime(related="application_id.assess_on", store=True, string="Date of assessment")
    assess_place = fields.Char(related="application_id.assess_place", store=True, string="Place of assessment")

    def _fill_in_schedule(self):
        """Begin the findings with the planned time and place, which the expert may correct."""
        for assessment in self.filtered(lambda one: one.assess_on and not one.held_on):
            assessment.write({"held_on": assessment.assess_on, "place": assessment.assess_place})
