from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..assessment.appointed_body import Check

ROLES = [("chair", "Chair"), ("expert", "Expert"), ("hr", "Head of human resources")]
# Which qualification each role asks for (notice, part 4, 综合评审 组建).
QUALIFIED_FOR = {"chair": ("bureau_leader",), "hr": ("hr_head",)}


class Committee(models.Model):
    """A review committee (直接认定评审委员会): 7 to 15 members, at least two thirds experts."""

    _name = "skill.cert.committee"
    _description = "Review committee"
    _inherit = ["skill.cert.appointed.body"]
    _order = "id desc"

    member_ids = fields.One2many("skill.cert.committee.member", "committee_id", "Members", copy=True)
    session_ids = fields.One2many("skill.cert.session", "committee_id", "Sessions")
    active = fields.Boolean(default=True)

    @api.depends("member_ids.role", "member_ids.expert_id", "policy_id")
    def _compute_composition(self):
        return super()._compute_composition()

    @api.depends("member_ids.role", "member_ids.expert_id", "policy_id", "bureau_id")
    def _compute_checklist(self):
        return super()._compute_checklist()

    def _checks(self, members):
        """Return the Checks of a committee (notice, part 4, 综合评审 组建): size, experts, chair, roles, logins."""
        figures = members._figures()
        without = members.expert_id.filtered(lambda expert: not expert.user_id)
        no_login = self.env._("%s has no login and could not vote.", without[:1].name)
        return [
            *self._figure_checks(*figures, self.policy_id._committee_defects(*figures)),
            self._role_check(members),
            self._all_check(self.env._("Logins"), members, without, no_login),
        ]

    def _figure_checks(self, members, experts, chairs, defects):
        policy = self.policy_id
        return [
            self._size_check(members, policy.committee_min, policy.committee_max, defects["size"]),
            Check(
                self.env._("Experts"),
                self.env._(
                    "%(number)s of %(members)s, required %(least)s",
                    number=experts,
                    members=members,
                    least=policy._experts_needed(members),
                ),
                defects["experts"],
            ),
            Check(self.env._("Chair"), self.env._("%s, required exactly one", chairs), defects["chair"]),
        ]

    def _role_check(self, members):
        misfits = [defect for member in members if (defect := member._role_defect())]
        found = misfits[0] if misfits else self.env._("Every qualification fits its role")
        return Check(self.env._("Roles"), found, misfits and misfits[0])

    def _advice(self):
        """Return who is left out of which case that waits for a vote, and how much each has to do."""
        waiting = self.env["skill.cert.application"].search(
            [
                ("state", "=", "qualified"),
                ("handling_bureau_id", "=", self.bureau_id._origin.id),
                ("review_id.purpose", "=", "certify"),
            ]
        )
        return [*([self._conflict_check(waiting, self._recusal_defect)] if waiting else []), self._load_check()]

    def _recusal_defect(self, left_out):
        """Return why the members without ``left_out`` could not vote on a case, or False."""
        seated = self.member_ids.filtered(lambda member: member.expert_id._origin not in left_out)
        return self.policy_id._committee_defect(*seated._figures())


class CommitteeMember(models.Model):
    """A person's place on a committee, and in which role."""

    _name = "skill.cert.committee.member"
    _description = "Committee member"
    _inherit = ["skill.cert.expert.place"]
    _place_of = "committee_id"
    _order = "committee_id, role, id"

    committee_id = fields.Many2one("skill.cert.committee", required=True, ondelete="cascade", index=True)
    expert_id = fields.Many2one("skill.cert.expert", "Person", required=True, ondelete="restrict", index=True)
    role = fields.Selection(ROLES, required=True, default="expert")

    _once = models.Constraint("UNIQUE (committee_id, expert_id)", "A person sits on a committee once.")
    qualification = fields.Selection(related="expert_id.qualification")
    employer_id = fields.Many2one(related="expert_id.employer_id")

    @api.depends("expert_id")
    def _compute_display_name(self):
        for member in self:
            member.display_name = member.expert_id.name

    def _figures(self):
        """Return (members, experts, chairs), as the policy's composition rule takes them."""
        roles = self.mapped("role")
        return len(roles), roles.count("expert"), roles.count("chair")

    def write(self, vals):
        """Write; whoever had a seat in a vote keeps person and role, or the record of that vote would change."""
        changed = {name for name in ("role", "expert_id") if name in vals}
        if any(
            self._fields[name].convert_to_write(member[name], member) != vals[name]
            for member in self
            for name in changed
        ):
            self._check_without_vote()
        return super().write(vals)

    def _check_without_vote(self):
        # sudo: seats may be hidden from the user; only the refusal leaves here.
        seats = self.env["skill.cert.session.seat"].sudo()
        if seats.search_count([("member_id", "in", self.ids), ("session_id.state", "!=", "draft")], limit=1):
            raise UserError(self.env._("This member had a seat in a vote. Compose a new committee instead."))

    @api.constrains("role", "expert_id", "committee_id")
    def _check_role(self):
        for member in self:
            if defect := member._role_defect():
                raise ValidationError(defect)
        self.committee_id._check_composition()

    def _role_defect(self):
        """Return why the person cannot sit in this role (notice, part 4, 综合评审 组建), or False."""
        expert, asked = self.expert_id, QUALIFIED_FOR.get(self.role)
        if not expert or (expert.qualification in asked if asked else expert.is_expert):
            return False
        roles = dict(self._fields["role"]._description_selection(self.env))
        return self.env._(
            "%(person)s cannot sit as “%(role)s”: the qualification says otherwise.",
            person=expert.name,
            role=roles.get(self.role, ""),
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_while_valid(self):
        for committee in self.committee_id.filtered(lambda committee: committee.state == "appointed"):
            remaining = committee.member_ids - self
            if defect := committee.policy_id._committee_defect(*remaining._figures()):
                raise UserError(defect)
