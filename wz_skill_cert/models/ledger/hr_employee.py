from odoo import api, fields, models

from ..rules.selections import LEVELS
from .achievement import JUDGED_BY


class ResumeLine(models.Model):
    _inherit = "hr.resume.line"

    witness = fields.Char(groups="hr.group_hr_user", help="Who can confirm this line (证明人).", limit=100)


class Employee(models.Model):
    _inherit = "hr.employee"

    occupation_id = fields.Many2one(
        "skill.cert.occupation",
        groups="hr.group_hr_user",
        help="The occupation of the national catalogue in which the employee works.",
    )
    career_start = fields.Date("In work since", groups="hr.group_hr_user")
    occupation_start = fields.Date("In this occupation since", groups="hr.group_hr_user")
    technical_specialty = fields.Char(groups="hr.group_hr_user", limit=500)
    achievement_ids = fields.One2many(
        "hr.employee.achievement", "employee_id", "Achievements", groups="hr.group_hr_user"
    )
    eligible_level = fields.Selection(
        LEVELS,
        "Eligible for",
        compute="_compute_eligible_level",
        store=True,
        groups="hr.group_hr_user",
        help="Highest level for which a condition of the policy in force is met.",
    )
    eligibility = fields.Text("Explanation", compute="_compute_eligibility", groups="hr.group_hr_user")
    eligibility_distance = fields.Json("Distance", compute="_compute_eligibility", groups="hr.group_hr_user")

    def _achievement_model(self):
        return self.env["hr.employee.achievement"]

    @api.depends(
        *JUDGED_BY,
        "occupation_id.active",
        "occupation_id.in_catalogue",
        "occupation_id.hrss_run",
        "occupation_id.province_unified",
        "occupation_id.valid_from",
        "occupation_id.valid_to",
    )
    def _compute_eligible_level(self):
        policy = self.env["skill.cert.policy"]._in_force()
        levels = policy._eligible_levels(self._origin) if policy else {}
        for employee in self:
            employee.eligible_level = levels.get(employee._origin.id, False)

    @api.depends("eligible_level", "achievement_ids", "occupation_id")
    def _compute_eligibility(self):
        policy = self.env["skill.cert.policy"]._in_force()
        verdicts = policy._evaluate(self._origin) if policy else {}
        for employee in self:
            verdict = verdicts.get(employee._origin.id)
            employee.eligibility = employee._occupation_note() + policy._explain(verdict)
            employee.eligibility_distance = policy._distance(verdict)

    def _occupation_note(self):
        occupation = self.occupation_id
        return f"{occupation._out_of_scope_reason()}\n\n" if occupation and not occupation.in_scope else ""
