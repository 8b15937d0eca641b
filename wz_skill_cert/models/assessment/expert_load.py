"""What the experts of the pool have to assess."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .assessment import OPEN_ASSESSMENTS


class Expert(models.Model):
    _inherit = "skill.cert.expert"

    assessment_ids = fields.One2many(
        "skill.cert.assessment", "expert_id", "Assessments", groups="wz_skill_cert.group_county_officer"
    )
    # For officers only: a count that is higher than what one sees would tell that there is a case one may not see.
    open_count = fields.Integer(
        "Assessments open", compute="_compute_load", store=True, groups="wz_skill_cert.group_county_officer"
    )
    assessment_count = fields.Integer(
        "Assessments so far", compute="_compute_load", store=True, groups="wz_skill_cert.group_county_officer"
    )

    @api.depends("assessment_ids.state", "assessment_ids.review_id.outcome")
    def _compute_load(self):
        """Count in one query for any number of experts; a decided round leaves nothing open."""
        rows = self.env["skill.cert.assessment"]._read_group(
            [("expert_id", "in", self.ids)], ["expert_id", "state", "review_id.outcome"], ["__count"]
        )
        for expert in self:
            own = [(state, outcome, number) for who, state, outcome, number in rows if who.id == expert._origin.id]
            expert.assessment_count = sum(number for state, _outcome, number in own)
            expert.open_count = sum(
                number for state, outcome, number in own if state in OPEN_ASSESSMENTS and outcome == "pending"
            )

    def _check_no_open_assessment(self):
        domain = [("expert_id", "in", self.ids), ("state", "in", OPEN_ASSESSMENTS)]
        # sudo: the assessment may be another bureau's; only the refusal leaves here.
        if found := self.env["skill.cert.assessment"].sudo().search(domain, limit=1):
            self._refuse_other_login(found, found.application_id)

    def _refuse_other_login(self, place, shown):
        """Raise: the expert of ``place`` keeps the login. ``shown`` is named to those who read it."""
        readable = shown.with_env(self.env)._filtered_access("read")
        name = readable.sudo().display_name  # sudo: only of what the user reads
        raise UserError(
            self.env._(
                "%(expert)s keeps this login as long as an assessment or a vote is open with it: %(place)s.",
                expert=place.expert_id.name,
                place=name or self.env._("a case of another bureau"),
            )
        )
