from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..workflow import follow
from .panel import CONFLICTS
from .selections import CHOICES
from .wording import enumerate_names

# What a committee decides at one meeting, and one paper holds.
AGENDA_LIMIT = 500


def read_choices(choices):
    """Return {motion id: choice} with whole keys and known choices, or None where ``choices`` is no such thing."""
    known = {key for key, _label in CHOICES}
    try:
        paper = {int(motion): choice for motion, choice in choices.items()}
        valid = len(paper) == len(choices) and set(paper.values()) <= known
    except (AttributeError, TypeError, ValueError, OverflowError):
        return None
    return paper if valid else None


class Session(models.Model):
    """A meeting of a review committee (评审会): roll call, motions, secret vote, sealed result."""

    _name = "skill.cert.session"
    _description = "Review session"
    _inherit = ["mail.thread", "skill.cert.guarded"]
    _order = "date desc, id desc"

    name = fields.Char(required=True)
    committee_id = fields.Many2one(
        "skill.cert.committee", required=True, ondelete="restrict", index=True, domain=[("state", "=", "appointed")]
    )
    bureau_id = fields.Many2one(related="committee_id.bureau_id", store=True, index=True)
    policy_id = fields.Many2one(related="committee_id.policy_id", store=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    place = fields.Char()
    state = fields.Selection(
        [("draft", "In preparation"), ("open", "Voting"), ("closed", "Closed")],
        required=True,
        default="draft",
        guarded=True,
        copy=False,
        readonly=True,
        tracking=True,
    )
    voting = fields.Selection(
        [("electronic", "In the system"), ("paper", "On paper")],
        "Way of voting",
        required=True,
        default="electronic",
        help="On paper: two officers count independently and type the figures; they must agree before the closing.",
    )
    seat_ids = fields.One2many("skill.cert.session.seat", "session_id", "Seats")
    motion_ids = fields.One2many("skill.cert.motion", "session_id", "Motions")
    seated_count = fields.Integer("Seated", compute="_compute_turnout", compute_sudo=True)
    voted_count = fields.Integer(
        "Voted",
        compute="_compute_turnout",
        compute_sudo=True,
        help="How many have voted. What they voted stays unknown.",
    )
    user_can_cast = fields.Boolean(compute="_compute_user_can_cast", compute_sudo=True)
    warning = fields.Char(guarded=True, copy=False, readonly=True)
    opened_on = fields.Datetime("Opened on", guarded=True, copy=False, readonly=True)
    closed_on = fields.Datetime("Closed on", guarded=True, copy=False, readonly=True)
    seal = fields.Char(
        "Seal (SHA-256)",
        guarded=True,
        copy=False,
        readonly=True,
        help="SHA-256 of the sorted list “motion:choice”, one per line. Anyone who has the ballots can recount it.",
    )
    # They name every applicant, also to whom a member is recused.
    minutes = fields.Text(guarded=True, copy=False, readonly=True, groups="wz_skill_cert.group_county_officer")

    @api.depends("seat_ids.present", "seat_ids.voted")
    def _compute_turnout(self):
        for session in self:
            seats = session.seat_ids.filtered("present")
            session.seated_count = len(seats)
            session.voted_count = len(seats.filtered("voted"))

    @api.depends("state", "voting", "seat_ids.voted")
    @api.depends_context("uid")
    def _compute_user_can_cast(self):
        for session in self:
            seat = session.seat_ids.filtered(lambda seat: seat.present and seat.user_id == self.env.user)
            voting = session.state == "open" and session.voting == "electronic"
            session.user_can_cast = voting and bool(seat) and not seat.voted

    @api.model_create_multi
    def create(self, vals_list):
        """Create with a seat for each member of the committee; the roll call decides who is seated."""
        sessions = super().create(vals_list)
        for session in sessions.filtered(lambda session: not session.seat_ids):
            session.seat_ids = [
                fields.Command.create({"member_id": member.id}) for member in session.committee_id.member_ids
            ]
        return sessions

    def write(self, vals):
        """Write; once voting has begun, only its conduct (by the procedure) changes a session."""
        self._refuse_guarded(set(vals))
        if not self.env.su and set(vals) & {"committee_id", "seat_ids", "motion_ids", "date", "place", "voting"}:
            self._check_in_preparation()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_preparation(self):
        self._check_in_preparation()

    def _check_in_preparation(self):
        if any(session.state != "draft" for session in self):
            raise UserError(self.env._("Voting has begun: the session can no longer be changed."))

    def _check_officer(self):
        """Raise unless the user is an officer of the session's bureau."""
        for session in self:
            session.check_access("write")
            # sudo: who the officers are is not readable by everyone; only the refusal leaves here.
            if self.env.user not in session.sudo().bureau_id.user_ids:
                raise AccessError(self.env._("Only an officer of %s conducts this session.", session.bureau_id.name))

    def _check_agenda(self):
        """Raise where an agenda is longer than one meeting can decide."""
        counts = self.env["skill.cert.motion"]._read_group(
            [("session_id", "in", self.ids)], ["session_id"], ["__count"]
        )
        for session, count in counts:
            if count > AGENDA_LIMIT:
                raise ValidationError(
                    self.env._(
                        "The agenda of %(session)s has %(count)s motions; one session takes at most %(limit)s.",
                        session=session.name,
                        count=count,
                        limit=AGENDA_LIMIT,
                    )
                )

    # ------------------------------------------------------------------ preparation

    def action_all_present(self):
        """Mark every member present; the roll call then unticks who is absent."""
        self._check_in_preparation()
        self.seat_ids.present = True

    def action_fill_agenda(self):
        """Put the applications of the bureau that wait for a vote on the agenda, oldest first, at most 500 in all.

        :return: a notice that says how many were put on it and how many remain for a later session.
        """
        self._check_in_preparation()
        added = remaining = 0
        for session in self:
            waiting = session._waiting()
            taken = waiting[: max(AGENDA_LIMIT - len(session.motion_ids), 0)]
            session.motion_ids = [fields.Command.create({"application_id": application.id}) for application in taken]
            added, remaining = added + len(taken), remaining + len(waiting) - len(taken)
        return self._agenda_notice(added, remaining)

    def _waiting(self):
        """Return the bureau's applications that wait for a vote and are on no agenda, oldest first."""
        placed = self.env["skill.cert.motion"]._search([("state", "in", ("pending", "open"))])
        return self.env["skill.cert.application"].search(
            [
                ("state", "=", "qualified"),
                ("handling_bureau_id", "=", self.bureau_id.id),
                ("review_id.purpose", "=", "certify"),
                ("review_id.motion_ids", "not in", placed),
                ("id", "not in", self.motion_ids.application_id.ids),
            ],
            order="submitted_on, id",
        )

    def _agenda_notice(self, added, remaining):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if remaining else "success",
                "message": self.env._(
                    "%(added)s applications were put on the agenda; %(remaining)s remain for a later session.",
                    added=added,
                    remaining=remaining,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_declare(self):
        """Declare, as a member, that one has no conflict of interest but those declared: the papers open.

        Raises AccessError without a seat, UserError once the vote is open.
        """
        for session in self:
            session.check_access("read")
            session._own_seat()._declare()

    def action_record_declarations(self):
        """Record at the roll call that all who are present declared orally."""
        self._check_officer()
        self.seat_ids.filtered("present").action_record_declaration()

    def _own_seat(self):
        """Return the user's seat in the session in preparation, as superuser. Raises where there is none."""
        self.ensure_one()
        self._check_in_preparation()
        # sudo: a member reads the own seat, not those of others; only the own one leaves here.
        seat = self.sudo().seat_ids.filtered(lambda seat: seat.user_id == self.env.user)
        if not seat:
            raise AccessError(self.env._("You have no seat in this session."))
        return seat

    def action_open(self):
        """Open the vote: composition checked on those seated and per motion, ballots issued.

        Raises UserError where those present are no committee, or no motion can be voted on.
        """
        self._wait_for_turn()
        self._check_officer()
        self._check_in_preparation()
        for session in self:
            session._check_seats()
            # sudo: recusals and base are guarded; this is the step that sets them.
            session.motion_ids.sudo()._settle()
            votable = session.motion_ids.filtered(lambda motion: motion.state == "pending")
            if not votable:
                raise UserError(
                    self.env._(
                        "No motion can be voted on: %s", session._put_off_text() or self.env._("the agenda is empty.")
                    )
                )
            session._open(votable)

    def _open(self, motions):
        case = self.sudo()  # sudo: state and ballots are guarded; action_open has checked officer and composition
        case.write({"state": "open", "opened_on": fields.Datetime.now(), "warning": self._quorum_warning()})
        motions.with_env(case.env).state = "open"
        case.env["skill.cert.ballot"]._issue(motions)
        motions.application_id._move("review")
        follow(self, "open", motions)

    def _check_seats(self):
        if self.committee_id.state != "appointed":
            raise UserError(self.env._("The committee %s is not appointed yet.", self.committee_id.name))
        seats = self.seat_ids.filtered("present")
        if defect := self.policy_id._committee_defect(*seats._figures()):
            raise UserError(self.env._("Those present are no committee: %s", defect))
        if silent := seats.filtered(lambda seat: not seat.declared):
            names = enumerate_names(self.env, silent.expert_id.mapped("name"))
            raise UserError(self.env._("These members have not declared their conflicts of interest yet: %s.", names))

    def _quorum_warning(self):
        """Return a warning where few of the appointed are seated. An option [X]: it refuses nothing."""
        seated, appointed = self.seated_count, len(self.committee_id.member_ids)
        if not self.policy_id._lacks_quorum(seated, appointed):
            return False
        return self.env._(
            "Only %(seated)s of %(appointed)s appointed members are seated.", seated=seated, appointed=appointed
        )

    def _put_off_text(self):
        put_off = self.motion_ids.filtered(lambda motion: motion.state == "put_off")
        return "\n".join(f"{motion.application_id.display_name}: {motion.put_off_reason}" for motion in put_off)

    # ------------------------------------------------------------------ the vote

    def cast(self, choices):
        """Cast the current user's whole paper, once.

        :param choices: {motion id: ``agree`` | ``against`` | ``abstain``}, exactly the open
            motions from which the user is not recused. JSON's string keys are accepted.
        :return: True, and no receipt: nobody can be made to prove a vote.
        Raises UserError on a malformed paper (refused whole, the vote stays unused) and
        where the vote is closed or used; AccessError without a seat.
        """
        self.ensure_one()
        self._wait_for_turn()
        self.check_access("read")
        seat = self._lock_own_seat()
        paper = self._read_paper(seat, choices)
        # sudo: nobody may touch ballots or seats; seat and paper have just been checked.
        seat = seat.sudo()
        seat.env["skill.cert.ballot"]._fill(paper)
        seat._mark_voted()
        return True

    def _wait_for_turn(self):
        """Wait until no other opening, vote or closing is under way, and then look at the database anew.

        A request has its snapshot of the database before it gets here. A vote committed since then would collide with
        this one, Odoo would start the request anew after seconds, and the last of fifteen would be shown an error of
        the database. LOCK TABLE is the one statement that can wait before a snapshot is taken. It lets everybody read,
        and ends with the transaction, however that ends. A transaction that has already written something keeps its
        snapshot and relies on Odoo's retries.
        """
        self.env.flush_all()
        if self.env.execute_query(SQL("SELECT pg_current_xact_id_if_assigned() IS NULL"))[0][0]:
            self.env.cr.rollback()
        self.env.cr.execute(SQL("LOCK TABLE skill_cert_ballot IN SHARE ROW EXCLUSIVE MODE"))

    def _lock_own_seat(self):
        """Return the user's seat, locked until the end of the transaction, or refuse.

        The session is share-locked, so that closing waits for this vote. Two requests of one
        member meet on the seat: the second fails on the row's new version and, retried by
        Odoo, finds the vote used. Conflicts found since the opening are recorded: sealing compares ballots and voters.
        """
        self.env.flush_all()
        self.env.execute_query(SQL("SELECT id FROM skill_cert_session WHERE id = %s FOR SHARE", self.id))
        rows = self.env.execute_query(
            SQL(
                "SELECT id, voted FROM skill_cert_session_seat WHERE session_id = %s AND user_id = %s AND present FOR UPDATE",
                self.id,
                self.env.uid,
            )
        )
        self.invalidate_recordset(["state"])
        if not rows:
            raise AccessError(self.env._("You have no seat in this session."))
        if self.state != "open":
            raise UserError(self.env._("The vote is not open."))
        if self.voting != "electronic":
            raise UserError(self.env._("This session votes on paper."))
        if rows[0][1]:
            raise UserError(self.env._("You have already voted in this session. Your vote has been counted."))
        seat = self.env["skill.cert.session.seat"].browse(rows[0][0])
        self._recuse_late(seat)
        return seat

    def _recuse_late(self, seat):
        """Recuse the seat where a conflict was found while the vote is open: the case leaves the member's paper.

        The number of ballots stays as it was issued; the one not cast counts as abstention, as any other.
        """
        # sudo: recusals are guarded and hidden from members; the predicate decides them.
        if late := self._listed_motions(seat).with_env(self.sudo().env)._in_conflict(seat):
            late.recused_seat_ids = [fields.Command.link(seat.id)]

    def _paper_motions(self, seat):
        """Return the motions on the seat's paper: those listed, less those with a conflict found after the opening."""
        motions = self._listed_motions(seat)
        return motions - motions._in_conflict(seat)

    def _listed_motions(self, seat):
        """Return the open motions from which the seat is not recused."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id FROM skill_cert_motion m
                    WHERE m.session_id = %s AND m.state = 'open' AND NOT EXISTS (
                          SELECT FROM skill_cert_motion_recused_seat_rel r WHERE r.motion_id = m.id AND r.seat_id = %s)""",
                self.id,
                seat.id,
            )
        )
        # sudo: a member reads the motions of the session, but not from which others are recused.
        return self.env["skill.cert.motion"].sudo().browse(motion for (motion,) in rows)

    def _read_paper(self, seat, choices):
        """Return {motion id: choice} where ``choices`` is exactly the seat's paper; raise otherwise."""
        expected, paper = self._paper_motions(seat).ids, read_choices(choices)
        if paper is None or set(paper) != set(expected):
            # No number: it would count the motions from which the member is recused, or not.
            raise UserError(
                self.env._(
                    "The paper is incomplete or wrong: it needs one choice for each of its motions. Your vote is unused."
                )
            )
        return paper

    def action_close(self):
        """Close the vote: ballots never cast count as abstention, the result is sealed and frozen."""
        self._wait_for_turn()
        self._check_officer()
        for session in self:
            session._lock_open()
            session.sudo()._seal()  # sudo: tallies are guarded; officer and state are checked
            voted = session.motion_ids.filtered(lambda motion: motion.state == "voted")
            passed = voted.filtered("passed")
            passed._conclude("passed")
            (voted - passed)._conclude("rejected")

    def _lock_open(self):
        """Lock the session against votes under way and check that it is open."""
        self.env.flush_all()
        self.env.execute_query(SQL("SELECT id FROM skill_cert_session WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset(["state"])
        if self.state != "open":
            raise UserError(self.env._("The vote of %s is not open.", self.name))

    def _seal(self):
        ballots = self.env["skill.cert.ballot"]
        motions = self.motion_ids.filtered(lambda motion: motion.state == "open")
        self._complete_ballots(motions)
        ballots._rewrite(motions)
        motions._freeze(ballots._tally(motions))
        self.write(
            {
                "state": "closed",
                "closed_on": fields.Datetime.now(),
                "seal": ballots._digest(motions),
            }
        )
        self.minutes = self._minutes_text()
        follow(self, "seal")

    def _complete_ballots(self, motions):
        """See that every ballot is filled: as counted on paper, or by the members' votes, those never cast as abstention [R]."""
        ballots = self.env["skill.cert.ballot"]
        if self.voting == "paper":
            ballots._fill_counted(self._agreed_figures())
            return
        ballots._check_filled(motions)
        ballots._abstain_unused(motions)

    def _minutes_text(self):
        members, experts, _chairs = self.seat_ids.filtered("present")._figures()
        lines = [
            self.env._(
                "%(name)s, %(members)s members seated, of whom %(experts)s experts.",
                name=self.name,
                members=members,
                experts=experts,
            ),
            self.warning,
            dict(self._fields["voting"]._description_selection(self.env))[self.voting],
            *(
                f"{motion.application_id.display_name}: {motion._conclusion()}"
                for motion in self.motion_ids
                if motion.state == "voted"
            ),
            self._put_off_text(),
            self.env._("Seal of the ballots (SHA-256): %s", self.seal),
            self._counted_by_text(),
        ]
        return "\n".join(line for line in lines if line)


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
    user_id = fields.Many2one(related="expert_id.user_id", store=True, index=True)
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
    voted = fields.Boolean(guarded=True, readonly=True, copy=False)

    _once = models.Constraint("UNIQUE (session_id, member_id)", "A member has one seat in a session.")

    @api.depends("expert_id")
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
        seats.session_id._check_in_preparation()
        return seats

    def write(self, vals):
        """Write; only while the session is in preparation, or by the vote itself."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            self.session_id._check_in_preparation()
            if "session_id" in vals:
                raise AccessError(self.env._("A seat stays with its session."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_preparation(self):
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
        return self.filtered(lambda seat: seat.expert_id in experts)

    def _mark_voted(self):
        self.env.execute_query(
            SQL("UPDATE skill_cert_session_seat SET voted = TRUE WHERE id = %s RETURNING id", self.id)
        )
        self.invalidate_recordset(["voted"])


class Motion(models.Model):
    """The question put to the committee about one applicant, and its tally."""

    _name = "skill.cert.motion"
    _description = "Motion"
    _inherit = ["skill.cert.guarded"]
    _order = "session_id, sequence, id"

    session_id = fields.Many2one("skill.cert.session", required=True, ondelete="restrict", index=True)
    bureau_id = fields.Many2one(related="session_id.bureau_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    application_id = fields.Many2one("skill.cert.application", required=True, ondelete="restrict", index=True)
    # Not precomputed: the round would take the record that is not yet saved for its last motion.
    review_id = fields.Many2one(
        "skill.cert.review",
        "Round",
        compute="_compute_review_id",
        store=True,
        ondelete="restrict",
        index=True,
    )
    level = fields.Selection(related="application_id.level")
    occupation_id = fields.Many2one(related="application_id.occupation_id")
    employer_name = fields.Char(related="application_id.employer_name")
    state = fields.Selection(
        [("pending", "Pending"), ("open", "Voting"), ("put_off", "Put off"), ("voted", "Voted")],
        required=True,
        default="pending",
        guarded=True,
        readonly=True,
    )
    put_off_reason = fields.Char(guarded=True, readonly=True)
    recused_seat_ids = fields.Many2many(
        "skill.cert.session.seat",
        "skill_cert_motion_recused_seat_rel",
        "motion_id",
        "seat_id",
        string="Recused",
        guarded=True,
        readonly=True,
        groups="wz_skill_cert.group_county_officer",
    )
    base = fields.Integer(
        "Members seated",
        guarded=True,
        readonly=True,
        help="评审组人数: members seated for this applicant; abstentions count.",
    )
    agree = fields.Integer(guarded=True, readonly=True)
    against = fields.Integer(guarded=True, readonly=True)
    abstain = fields.Integer(guarded=True, readonly=True)
    passed = fields.Boolean(guarded=True, readonly=True)

    _once = models.Constraint("UNIQUE (session_id, application_id)", "An applicant is on a session's agenda once.")
    _one_agenda = models.UniqueIndex(
        "(application_id) WHERE state IN ('pending', 'open')", "This applicant is on the agenda of another session."
    )
    _adds_up = models.Constraint(
        "CHECK (state != 'voted' OR agree + against + abstain = base)",
        "The votes do not add up to the number of seated members.",
    )

    @api.depends("application_id")
    def _compute_review_id(self):
        for motion in self:
            motion.review_id = motion.review_id or motion.application_id.review_id

    @api.depends("application_id")
    def _compute_display_name(self):
        for motion in self:
            # sudo: before declaring a member does not read the case; number and name are what the agenda tells.
            motion.display_name = motion.sudo().application_id.display_name

    @api.model_create_multi
    def create(self, vals_list):
        """Create; only qualified applications of the bureau's own round, while the session is in preparation."""
        self._check_on_no_agenda([vals.get("application_id") for vals in vals_list])
        motions = super().create(vals_list)
        motions.session_id._check_in_preparation()
        motions.session_id._check_agenda()
        for motion in motions:
            motion._check_votable()
        # sudo: guarded; whoever has declared has not declared about those who come on the agenda now.
        motions.session_id.seat_ids.filtered("declared").sudo().write({"declared": False, "declared_orally": False})
        return motions

    def write(self, vals):
        """Write; only while the session is in preparation, or by the procedure."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            self.session_id._check_in_preparation()
            if {"application_id", "session_id"} & set(vals):
                raise AccessError(self.env._("A motion stays with its applicant and session."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_preparation(self):
        self.session_id._check_in_preparation()

    @api.model
    def _check_on_no_agenda(self, application_ids):
        """Say in words what the unique index refuses, of cases that the user reads."""
        cases = self.env["skill.cert.application"].browse(filter(None, application_ids)).exists()
        cases.check_access("read")
        # sudo: the agenda may be another bureau's; only the refusal leaves here.
        taken = self.sudo().search([("application_id", "in", cases.ids), ("state", "in", ("pending", "open"))])
        if taken:
            raise UserError(
                self.env._("%s is on the agenda of another session.", taken[:1].application_id.display_name)
            )

    def action_declare_conflict(self, kind, note=None):
        """Declare, as a member and before the vote, a conflict of interest with this applicant: ``kin`` or ``other``.

        The case is then gone for the member, who is not seated for it.
        """
        if kind not in CONFLICTS:
            raise UserError(self.env._("Please say which conflict of interest it is."))
        for motion in self:
            motion.check_access("read")
            seat = motion.session_id._own_seat()
            seat.env["skill.cert.conflict"].create(
                {
                    "expert_id": seat.expert_id.id,
                    "application_id": motion.application_id.id,
                    "kind": kind,
                    "note": note,
                }
            )

    def action_put_off(self, reason):
        """Put these motions off to a later session, with ``reason`` (required), while the session is in preparation."""
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why the motion is put off."))
        self.session_id._check_officer()
        self.session_id._check_in_preparation()
        self.sudo()._put_off(reason)  # sudo: guarded; the officer and the session's state have just been checked

    def _put_off(self, reason):
        self.write({"state": "put_off", "put_off_reason": reason})

    def _drop(self, reason):
        """Put off what was to be voted on and no longer is."""
        self.filtered(lambda motion: motion.state == "pending")._put_off(reason)

    def _check_votable(self):
        application = self.application_id
        if application.state != "qualified" or self.review_id.purpose != "certify":
            raise ValidationError(self.env._("%s does not wait for a vote.", application.display_name))
        if self.review_id.bureau_id != self.session_id.bureau_id:
            raise ValidationError(self.env._("%s is in the round of another bureau.", application.display_name))

    def _settle(self):
        """Put off whoever no longer waits for a vote, and settle the recusals of the others."""
        pending = self.filtered(lambda motion: motion.state == "pending")
        gone = pending.filtered(lambda motion: motion.application_id.state != "qualified")
        gone._drop(self.env._("No longer waits for a vote."))
        (pending - gone)._settle_recusals()

    def _settle_recusals(self):
        """Set who is recused and how many remain; put off what is left without a valid committee [R]."""
        seats = self.session_id.seat_ids.filtered("present")
        conflicts = seats.expert_id._conflicts(self.application_id)
        # Most have nobody recused: one write for all of them.
        for recused, motions in self.grouped(lambda motion: seats._of(conflicts[motion.application_id])).items():
            figures = (seats - recused)._figures()
            defect = self.session_id.policy_id._committee_defect(*figures)
            motions.write(
                {
                    "recused_seat_ids": [fields.Command.set(recused.ids)],
                    "base": figures[0],
                    "state": "put_off" if defect else "pending",
                    "put_off_reason": self.env._("After recusal: %s", defect) if defect else False,
                }
            )

    def _freeze(self, tally):
        """Write the counted votes and whether they pass (notice, part 4, 资格确认)."""
        for motion in self:
            counts = {choice: tally.get((motion.id, choice), 0) for choice, _label in CHOICES}
            passed = motion.session_id.policy_id._passes(counts["agree"], motion.base)
            motion.write({**counts, "passed": passed, "state": "voted"})

    def _conclude(self, target):
        """Carry the committee's vote into the applications and their rounds."""
        # An application revoked while the vote was open keeps that state.
        motions = self.filtered(lambda motion: motion.application_id.state == "review")
        motions.application_id._move(target)
        # sudo: the outcome is guarded; _move has just checked the step.
        motions.sudo().review_id._end(target)

    def _conclusion(self):
        """Return the result as a sentence."""
        self.ensure_one()
        result = self.env._("passed") if self.passed else self.env._("not passed")
        return self.env._(
            "%(result)s: %(agree)s agree, %(against)s against, %(abstain)s abstain, of %(base)s",
            result=result,
            agree=self.agree,
            against=self.against,
            abstain=self.abstain,
            base=self.base,
        )
