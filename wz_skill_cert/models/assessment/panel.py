from odoo import api, fields, models
from odoo.exceptions import UserError

from ..platform.enumeration import enumerate_names
from .appointed_body import Check
from .assessment import OPEN_ASSESSMENTS


class Panel(models.Model):
    """An expert panel (专家考评组): 3 to 7 experts of the occupation, for some applications."""

    _name = "skill.cert.panel"
    _description = "Expert panel"
    _inherit = ["skill.cert.expert.place", "skill.cert.appointed.body"]
    _expert_field = "leader_id"
    _order = "id desc"

    member_ids = fields.One2many("skill.cert.panel.member", "panel_id", "Members", copy=True)
    leader_id = fields.Many2one("skill.cert.expert", ondelete="restrict", tracking=True)
    review_ids = fields.One2many("skill.cert.review", "panel_id", "Rounds")
    application_ids = fields.Many2many(
        "skill.cert.application",
        string="Applications",
        compute="_compute_application_ids",
        inverse="_inverse_application_ids",
    )
    member_expert_ids = fields.Many2many("skill.cert.expert", string="Experts", compute="_compute_member_expert_ids")
    assessment_ids = fields.One2many(
        "skill.cert.assessment", "panel_id", "Assessments", groups="wz_skill_cert.group_county_officer"
    )

    @api.depends("review_ids.application_id")
    def _compute_application_ids(self):
        for panel in self:
            panel.application_ids = panel.review_ids.application_id

    def _inverse_application_ids(self):
        for panel in self:
            assigned = panel.review_ids.application_id
            (assigned - panel.application_ids)._assign_panel(panel.browse())
            (panel.application_ids - assigned)._assign_panel(panel)

    @api.depends("member_ids.expert_id", "leader_id", "policy_id")
    def _compute_composition(self):
        return super()._compute_composition()

    @api.depends("member_ids.expert_id", "leader_id", "policy_id", "application_ids")
    def _compute_checklist(self):
        return super()._compute_checklist()

    def _checks(self, members):
        """Return the Checks of a panel (notice, part 4, 专家考评 组建): size, who counts as expert, logins, leader."""
        experts, policy = members.expert_id, self.policy_id
        outsiders = experts.filtered(lambda expert: not expert.is_expert)
        without = experts.filtered(lambda expert: not expert.user_id)
        no_expert = self.env._("%s is no expert within the notice's meaning.", outsiders[:1].name)
        no_login = self.env._("%s has no login and could not assess.", without[:1].name)
        return [
            self._size_check(len(experts), policy.panel_min, policy.panel_max, policy._panel_defect(len(experts))),
            self._all_check(self.env._("Experts"), experts, outsiders, no_expert),
            self._all_check(self.env._("Logins"), experts, without, no_login),
            self._leader_check(experts),
        ]

    def _leader_check(self, experts):
        if self.leader_id and self.leader_id in experts:
            return Check(self.env._("Leader"), self.leader_id.name)
        defect = self.env._("Please choose the leader among the members.")
        return Check(self.env._("Leader"), self.env._("None among the members"), defect)

    def _advice(self):
        """Return who knows which occupation, who is left out of which case, and how much each has to do."""
        applications = self.application_ids._origin
        advice = [self._occupation_check(applications.occupation_id)] if applications else []
        if applications:
            members = self.member_ids.expert_id
            advice.append(
                self._conflict_check(applications, lambda out: self.policy_id._panel_defect(len(members) - len(out)))
            )
        return [*advice, self._load_check()]

    def _occupation_check(self, occupations):
        """Return the Check of the notice's 相关职业: members who know the cases' occupations; it refuses nothing."""
        experts = self.member_ids.expert_id
        known = experts.filtered(lambda expert: expert.occupation_ids & occupations)
        missing = occupations - experts.occupation_ids
        found = self.env._(
            "%(number)s of %(members)s know the occupations of the cases", number=len(known), members=len(experts)
        )
        if missing:
            names = enumerate_names(self.env, missing.mapped("name"))
            found = self.env._("%(found)s; nobody knows %(names)s", found=found, names=names)
        return Check(self.env._("Occupations"), found, note=bool(missing) or len(known) < len(experts))

    @api.constrains("leader_id")
    def _check_leader(self):
        self._check_composition()

    def action_open_results(self):
        """Open the list of who has qualified and who has not, as the panel found."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_panel_result")
        return {**action, "domain": [("panel_id", "in", self.ids)]}

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        if self.review_ids:
            raise UserError(self.env._("A panel with applications cannot be deleted."))

    @api.depends("member_ids.expert_id")
    def _compute_member_expert_ids(self):
        for panel in self:
            panel.member_expert_ids = panel.member_ids.expert_id


class PanelMember(models.Model):
    """An expert's place on a panel."""

    _name = "skill.cert.panel.member"
    _description = "Panel member"
    _inherit = ["skill.cert.expert.place"]
    _place_of = "panel_id"
    _order = "panel_id, id"

    panel_id = fields.Many2one("skill.cert.panel", required=True, ondelete="cascade", index=True)
    expert_id = fields.Many2one(
        "skill.cert.expert",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("is_expert", "=", True), ("available_today", "=", True)],
    )
    qualification = fields.Selection(related="expert_id.qualification")

    _once = models.Constraint("UNIQUE (panel_id, expert_id)", "An expert sits on a panel once.")

    def write(self, vals):
        """Write; once the panel is appointed, a member is replaced by removing it and adding another."""
        if "expert_id" in vals and any(
            member.panel_id.state == "appointed" and member.expert_id.id != vals["expert_id"] for member in self
        ):
            raise UserError(self.env._("A member of an appointed panel is not exchanged. Add the other, then remove."))
        return super().write(vals)

    def unlink(self):
        """Remove; whoever leaves the panel is released from what is not submitted yet."""
        left = self._assessments().filtered(lambda assessment: assessment.state in OPEN_ASSESSMENTS)
        result = super().unlink()
        left._release()
        return result

    def _assessments(self):
        """Return the members' assessments in their panels' rounds."""
        places = {(member.panel_id, member.expert_id) for member in self}
        # sudo: assessments are the experts' own; who may remove a member has the panel in hand.
        assessments = self.panel_id.review_ids.sudo().assessment_ids
        return assessments.filtered(lambda a: (a.panel_id, a.expert_id) in places)

    @api.constrains("panel_id", "expert_id")
    def _check_panel(self):
        self.panel_id._check_composition()

    @api.ondelete(at_uninstall=False)
    def _unlink_only_while_composing(self):
        for panel in self.panel_id.filtered(lambda panel: panel.state == "appointed"):
            if defect := panel._defect(panel.member_ids - self):
                raise UserError(defect)
