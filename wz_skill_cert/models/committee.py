from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

ROLES = [("chair", "Chair"), ("expert", "Expert"), ("hr", "Head of human resources")]
# Which qualification each role asks for (notice, part 4, 综合评审).
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

    def _defect(self):
        """Return what is wrong with the composition, or False."""
        members = self.member_ids
        without = members.expert_id.filtered(lambda expert: not expert.user_id)
        return (
            self.policy_id._committee_defect(*members._figures())
            or (without and self.env._("%s has no login and could not vote.", without[0].name))
            or False
        )


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
            expert = member.expert_id
            fits = (
                expert.qualification in QUALIFIED_FOR[member.role] if member.role in QUALIFIED_FOR else expert.is_expert
            )
            if not fits:
                roles = dict(self._fields["role"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot sit as “%(role)s”: the qualification says otherwise.",
                        person=expert.name,
                        role=roles[member.role],
                    )
                )
        self.committee_id._check_composition()

    @api.ondelete(at_uninstall=False)
    def _unlink_only_while_valid(self):
        for committee in self.committee_id.filtered(lambda committee: committee.state == "appointed"):
            remaining = committee.member_ids - self
            if defect := committee.policy_id._committee_defect(*remaining._figures()):
                raise UserError(defect)
