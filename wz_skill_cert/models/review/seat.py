from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL


class Seat(models.Model):
    """A member's seat in a session: it knows that the member has voted, and nothing of what."""

    _name = "skill.cert.session.seat"
    _description = "Seat"
    _inherit = ["skill.cert.guarded"]
    _order = "session_id, role, id"
    # No write_date and write_uid: when somebody voted is nobody's business.
    _log_access = False

    session_id = fields.Many2one("skill.cert.session", required=True, ondelete="cascade", index=True)
    member_id = fields.Many2one("skill.cert.committee.member", required=True, ondelete="restrict")
    expert_id = fields.Many2one(related="member_id.expert_id", store=True, index=True)
    # The login of that moment. It follows the person while the meeting is prepared, and nobody from the opening on.
    user_id = fields.Many2one("res.users", compute="_compute_user_id", store=True, index=True, ondelete="restrict")
    role = fields.Selection(related="member_id.role", store=True)
    present = fields.Boolean(help="Seated at the roll call. Absent members are not counted.")
    declared = fields.Boolean(
        "Conflicts declared",
        guarded=True,
        readonly=True,
        copy=False,
        help="The member has declared which conflicts of interest there are, before any evidence is shown.",
    )
    declared_orally = fields.Boolean(
        guarded=True, readonly=True, copy=False, help="Declared at the meeting and recorded by the officer."
    )
    # For no user while the vote is open: whoever closes it must not know who is missing. The own vote: user_has_voted.
    voted = fields.Boolean(guarded=True, readonly=True, copy=False, groups=NO_ACCESS)
    took_part = fields.Boolean(
        "Took part", compute="_compute_took_part", compute_sudo=True, help="Known once the vote is closed."
    )
    # For the invariants: the login that cast in it. For no user: it also tells who has voted.
    voter_id = fields.Many2one(
        "res.users", guarded=True, readonly=True, copy=False, groups=NO_ACCESS, ondelete="restrict"
    )

    _once = models.Constraint("UNIQUE (session_id, member_id)", "A member has one seat in a session.")

    @api.depends("expert_id.user_id")
    def _compute_user_id(self):
        for seat in self:
            in_preparation = seat.session_id.state == "draft"
            seat.user_id = seat.expert_id.user_id if in_preparation else seat.user_id

    @api.depends("voted", "session_id.state")
    def _compute_took_part(self):
        for seat in self:
            seat.took_part = seat.voted and seat.session_id.state == "closed"

    @api.depends("expert_id.name")
    def _compute_display_name(self):
        for seat in self:
            seat.display_name = seat.expert_id.name

    @api.constrains("session_id", "member_id")
    def _check_member(self):
        for seat in self:
            if seat.member_id.committee_id != seat.session_id.committee_id:
                raise ValidationError(self.env._("Only members of the committee have a seat in its session."))

    @api.model_create_multi
    def create(self, vals_list):
        """Create; only while the session is in preparation."""
        seats = super().create(vals_list)
        seats.session_id._check_conductor()
        seats.session_id._check_in_preparation()
        return seats

    def write(self, vals):
        """Write; only while the session is in preparation, or by the vote itself."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            self.session_id._check_conductor()
            self.session_id._check_in_preparation()
            if "session_id" in vals:
                raise AccessError(self.env._("A seat stays with its session."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_preparation(self):
        self.session_id._check_conductor()
        self.session_id._check_in_preparation()

    def action_record_declaration(self):
        """Record at the roll call, as the session's officer, that these members declared orally."""
        self.session_id._check_officer()
        self.session_id._check_in_preparation()
        # sudo: guarded; the officer and the session's state have just been checked.
        self.filtered(lambda seat: not seat.declared).sudo()._declare(orally=True)

    def _declare(self, orally=False):
        self.write({"declared": True, "declared_orally": orally})

    def _figures(self):
        """Return (members, experts, chairs), as the policy's composition rule takes them."""
        return self.member_id._figures()

    def _of(self, experts):
        # Of hundreds of motions, most have nobody recused.
        return self.filtered(lambda seat: seat.expert_id in experts) if experts else self.browse()

    def _mark_voted(self):
        self.env.execute_query(
            SQL(
                "UPDATE skill_cert_session_seat SET voted = TRUE, voter_id = %s WHERE id = %s RETURNING id",
                self.env.uid,
                self.id,
            )
        )
        self.invalidate_recordset(["voted", "voter_id"])
