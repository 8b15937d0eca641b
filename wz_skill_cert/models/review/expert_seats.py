"""The seats that the experts of the pool hold, and what their places ask of them."""

from odoo import api, fields, models


class Expert(models.Model):
    _inherit = "skill.cert.expert"

    seat_ids = fields.One2many(
        "skill.cert.session.seat", "expert_id", "Seats", groups="wz_skill_cert.group_county_officer"
    )
    seat_count = fields.Integer(
        "Sessions so far", compute="_compute_seat_count", store=True, groups="wz_skill_cert.group_county_officer"
    )

    @api.depends("seat_ids")
    def _compute_seat_count(self):
        rows = self.env["skill.cert.session.seat"]._read_group(
            [("expert_id", "in", self.ids)], ["expert_id"], ["__count"]
        )
        numbers = {expert.id: number for expert, number in rows}
        for expert in self:
            expert.seat_count = numbers.get(expert._origin.id, 0)

    def _check_no_open_seat(self):
        # sudo: the session may be another bureau's; only the refusal leaves here.
        seats = self.env["skill.cert.session.seat"].sudo()
        if found := seats.search([("expert_id", "in", self.ids), ("session_id.state", "!=", "closed")], limit=1):
            self._refuse_other_login(found, found.session_id)

    @api.constrains("qualification", "user_id")
    def _check_places(self):
        """Whoever sits on an appointed panel or committee keeps what that place asks for."""
        # sudo: the place may be at another bureau; only the refusal leaves here.
        panels, members = self.env["skill.cert.panel"].sudo(), self.env["skill.cert.committee.member"].sudo()
        panels.search([("member_ids.expert_id", "in", self.ids)])._check_composition()
        members.search([("expert_id", "in", self.ids), ("committee_id.state", "=", "appointed")])._check_role()
