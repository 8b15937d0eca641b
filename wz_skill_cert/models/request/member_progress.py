"""How far the applications are that an association made for the staff of a member."""

from collections import Counter

from odoo import api, fields, models

from ... import workflow
from ..parties.membership import ASSOCIATION


def _counted():
    """Return {field: states} of what the members' progress counts, in the order of the procedure."""
    return {
        "draft_count": ("draft",),
        "returned_count": ("returned",),
        "waiting_count": workflow.states("at_bureau"),
        "certified_count": ("certified",),
        "ended_count": tuple(state for state in workflow.states("ended") if state != "certified"),
    }


class Membership(models.Model):
    _inherit = "skill.cert.membership"

    draft_count = fields.Integer("Drafts", compute="_compute_progress")
    returned_count = fields.Integer("Returned for correction", compute="_compute_progress")
    waiting_count = fields.Integer("At the bureau", compute="_compute_progress")
    certified_count = fields.Integer("Certificates issued", compute="_compute_progress")
    ended_count = fields.Integer("Ended without certificate", compute="_compute_progress")

    @api.depends("association_id", "member_id")
    @api.depends_context("uid")
    def _compute_progress(self):
        counts, counted = self._state_counts(), _counted()
        for membership in self:
            of_member = counts.get((membership.association_id.id, membership.member_id.id), Counter())
            for name, states in counted.items():
                membership[name] = sum(of_member[state] for state in states)

    def _state_counts(self):
        """Return {(association, member): Counter of states} of the applications that the user may read.

        Of the campaign that is open, or else of the latest one.
        """
        campaigns = self.env["skill.cert.campaign"]
        campaign = campaigns._current() or campaigns.search([], limit=1)
        groups = self.env["skill.cert.application"]._read_group(
            [
                ("nominator_id", "in", self.association_id.ids),
                ("employer_id", "in", self.member_id.ids),
                ("campaign_id", "=", campaign.id),
            ],
            ["nominator_id", "employer_id", "state"],
            ["__count"],
        )
        counts = {}
        for association, member, state, count in groups:
            counts.setdefault((association.id, member.id), Counter())[state] = count
        return counts

    def action_nominate(self):
        """Open a new application for somebody who works for this member."""
        self.ensure_one()
        self._check_side(ASSOCIATION)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Nominate"),
            "res_model": "skill.cert.application",
            "views": [(False, "form")],
            "context": {"default_nominator_id": self.association_id.id, "default_employer_id": self.member_id.id},
        }

    def action_open_applications(self):
        """Open the association's applications for the staff of this member."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_application_nominator")
        domain = [("nominator_id", "=", self.association_id.id), ("employer_id", "=", self.member_id.id)]
        return {**action, "domain": domain, "context": {"search_default_group_state": 1}}

    def _reminder_campaign(self):
        """Return the campaign of which a reminder speaks; may be empty."""
        return self.env["skill.cert.campaign"]._current()
