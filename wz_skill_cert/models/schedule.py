"""When and where a person's assessment takes place: set by the officer, known to the unit and the panel."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .application import OFFICER

SCHEDULED = {"assess_on", "assess_place"}
# From the acceptance on there is something to plan, until the panel has found.
PLANNED_IN = ("accepted", "recommended", "assessment")


class Application(models.Model):
    _inherit = "skill.cert.application"

    assess_on = fields.Datetime("Date of assessment", copy=False, index="btree_not_null")
    assess_place = fields.Char("Place of assessment", copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Create; the date of an assessment is the officer's to set, also by a default."""
        cases = super().create(vals_list)
        if not self.env.su:
            cases.filtered(lambda case: case.assess_on or case.assess_place)._check_party(OFFICER)
        return cases

    def write(self, vals):
        """Write; an assessment is planned between the acceptance and the panel's result. Raises UserError."""
        self._refuse_guarded(set(vals))
        if not self.env.su and SCHEDULED & set(vals):
            self._check_party(OFFICER)
            if others := self.filtered(lambda case: case.state not in PLANNED_IN):
                raise UserError(self.env._("%s: there is no assessment to be planned.", others[0].display_name))
        return super().write(vals)

    def _move(self, target, **vals):
        result = super()._move(target, **vals)
        if target in ("returned", "recommended"):
            # The date was for a round that has ended.
            self.sudo().write(dict.fromkeys(SCHEDULED, False))  # sudo: _move has just checked the step
        return result

    def action_ask_schedule(self):
        """Open the dialogue that plans the assessment of these applications."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_schedule_wizard")
        return {**action, "context": {"default_application_ids": [fields.Command.set(self.ids)]}}


class Panel(models.Model):
    _inherit = "skill.cert.panel"

    def action_ask_schedule(self):
        """Open the dialogue that plans the assessments of this panel's cases. Raises UserError where there is none."""
        cases = self.application_ids.filtered(lambda case: case.state in PLANNED_IN)
        if not cases:
            raise UserError(self.env._("There is no assessment to be planned."))
        return cases.action_ask_schedule()


class Assessment(models.Model):
    """What the expert learns of the date: the own cases' alone."""

    _inherit = "skill.cert.assessment"

    assess_on = fields.Datetime(related="application_id.assess_on", store=True, string="Date of assessment")
    assess_place = fields.Char(related="application_id.assess_place", store=True, string="Place of assessment")

    def _fill_in_schedule(self):
        """Begin the findings with the planned time and place, which the expert may correct."""
        for assessment in self.filtered(lambda one: one.assess_on and not one.held_on):
            assessment.write({"held_on": assessment.assess_on, "place": assessment.assess_place})
