from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ...workflow import follow, require
from ..platform.enumeration import enumerate_names
from ..rules.selections import CHOICES

# What a committee decides at one meeting, and one paper holds.
AGENDA_LIMIT = 500
# How long a vote lasts at most where nobody has said anything else.
USUAL_DURATION = timedelta(days=1)


PROGRESS = [
    ("few", "Not enough votes yet"),
    ("enough", "Enough votes to count when the vote ends"),
    ("all", "All have voted"),
]


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
        "Voted", compute="_compute_turnout", compute_sudo=True, help="How many have voted, once the vote is closed."
    )
    # Steps, and no number: who watches the number and the room learns who has voted, and who is missing.
    progress = fields.Selection(PROGRESS, "Turnout", compute="_compute_progress", compute_sudo=True)
    may_close = fields.Boolean(compute="_compute_progress", compute_sudo=True)
    user_can_cast = fields.Boolean(compute="_compute_user_can_cast", compute_sudo=True)
    warning = fields.Char(guarded=True, copy=False, readonly=True)
    ends_on = fields.Datetime(
        "Vote ends on",
        copy=False,
        tracking=True,
        help="The vote is closed as soon as all have voted, or from then on if enough have. Without it: a day after the "
        "opening. While the vote is open it can be put later, and after it has come not any more.",
    )
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
    user_has_voted = fields.Boolean(compute="_compute_user_seat", compute_sudo=True)
    user_must_declare = fields.Boolean(compute="_compute_user_seat", compute_sudo=True)
    user_has_declared = fields.Boolean(compute="_compute_user_seat", compute_sudo=True)

    @api.depends("seat_ids.present", "seat_ids.voted", "state")
    def _compute_turnout(self):
        for session in self:
            seats = session.seat_ids.filtered("present")
            session.seated_count = len(seats)
            session.voted_count = len(seats.filtered("voted")) if session.state == "closed" else 0

    @api.depends("state", "voting", "ends_on", "seat_ids.voted", "motion_ids.state")
    def _compute_progress(self):
        for session in self:
            voting = session.state == "open"
            electronic, saved = voting and session.voting == "electronic", session._origin
            session.progress = saved._progress() if electronic else False
            session.may_close = saved._may_end() if electronic else voting

    def _progress(self):
        if not self._votes_missing():
            return "all"
        motions = self.motion_ids.filtered(lambda motion: motion.state == "open")
        return "few" if motions._short_of_votes() else "enough"

    def _may_end(self):
        return not self._votes_missing() or (self.ends_on and self.ends_on <= fields.Datetime.now())

    def _votes_missing(self):
        """Tell whether somebody who is present and has a motion to vote on has not voted."""
        self.env.flush_all()
        query = SQL(
            """SELECT EXISTS (
                   SELECT FROM skill_cert_session_seat s JOIN skill_cert_motion m ON m.session_id = s.session_id
                    WHERE s.session_id = %s AND s.present AND s.voted IS NOT TRUE AND m.state = 'open'
                      AND NOT EXISTS (SELECT FROM skill_cert_motion_recused_seat_rel r
                                       WHERE r.motion_id = m.id AND r.seat_id = s.id)
                      AND NOT EXISTS (SELECT FROM skill_cert_application_recused_expert_rel c
                                       WHERE c.application_id = m.application_id AND c.expert_id = s.expert_id))""",
            self.id,
        )
        return self.env.execute_query(query)[0][0]

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
        self._check_conductor()
        if not self.env.su and set(vals) & {"committee_id", "seat_ids", "motion_ids", "date", "place", "voting"}:
            self._check_in_preparation()
        if "ends_on" not in vals:
            return super().write(vals)
        before = {session: session.ends_on for session in self}
        result = super().write(vals)
        for session in self.filtered(lambda session: session.state != "draft" and before[session] != session.ends_on):
            session._put_end_later(before[session])
        return result

    def _put_end_later(self, before):
        """Trace that the announced end is later than ``before``. Raises UserError where it is earlier or had come."""
        had_come = before and before <= fields.Datetime.now()
        if self.state == "closed" or had_come or not self.ends_on or (before and self.ends_on < before):
            raise UserError(self.env._("While the vote is open its end can be put later, until it has come."))
        self.env["skill.cert.trail"]._record("vote_prolonged", self, **{"from": str(before), "to": str(self.ends_on)})

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_preparation(self):
        self._check_conductor()
        self._check_in_preparation()

    def _check_in_preparation(self):
        if any(session.state != "draft" for session in self):
            raise UserError(self.env._("Voting has begun: the session can no longer be changed."))

    def _check_officer(self):
        """Raise unless the user is an officer of the session's bureau, without a conflict with any case on the agenda."""
        self._check_of_bureau()
        self._check_conductor()

    def _check_of_bureau(self):
        """Raise unless the user is an officer of the session's bureau; a step of the cases asks for conflicts itself."""
        for session in self:
            session.check_access("write")
            # sudo: who the officers are is not readable by everyone; only the refusal leaves here.
            if self.env.user not in session.sudo().bureau_id.user_ids:
                raise AccessError(self.env._("Only an officer of %s conducts this session.", session.bureau_id.name))

    def _check_conductor(self):
        """Raise where the user prepares or conducts a session with a case on its agenda in which the user has a conflict (回避)."""
        if not self.env.su:
            self.motion_ids.application_id._check_officer_without_conflict()

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

        Those with which the user has a conflict of interest are left to a colleague.

        :return: a notice that says how many were put on it and how many remain for a later session.
        """
        self._check_in_preparation()
        added = remaining = 0
        for session in self:
            waiting = session._waiting()
            waiting -= waiting.browse().union(*waiting._officer_conflict())
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
                ("has_paper_request", "=", False),
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
        return self._seat_of_user()

    def _seat_of_user(self, present=False):
        """Return the user's seat, of those who are ``present`` if so asked, as superuser. Raises AccessError without one."""
        # sudo: a member reads the own seat, not those of others; only the own one leaves here.
        seat = self.sudo().seat_ids.filtered(lambda seat: seat.user_id == self.env.user)
        if not seat or (present and not seat.present):
            self._refuse_without_seat()
        return seat

    def _refuse_without_seat(self):
        raise AccessError(self.env._("You have no seat in this session."))

    def action_open(self):
        """Open the vote: composition checked on those seated and per motion, ballots issued.

        Raises UserError where those present are no committee, or no motion can be voted on.
        """
        self._wait_for_turn()
        self._check_of_bureau()
        self._check_in_preparation()
        for session in self:
            session._check_seats()
            require(session, "open")
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
        session = self.sudo()  # sudo: state and ballots are guarded; action_open has checked officer and composition
        now = fields.Datetime.now()
        session.write({"ends_on": self.ends_on or now + USUAL_DURATION})
        session.write({"state": "open", "opened_on": now, "warning": self._quorum_warning()})
        motions.with_env(session.env).state = "open"
        session.env["skill.cert.ballot"]._issue(motions)
        motions.application_id._move("review")
        follow(self, "open", motions)

    def _check_seats(self):
        if self.voting == "electronic" and self.ends_on and self.ends_on <= fields.Datetime.now():
            raise UserError(self.env._("The end of the vote lies in the past. Please announce another one."))
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
            self._refuse_without_seat()
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
        """Close the vote when all have voted, or from its announced end on: the result is sealed and frozen.

        Where enough have voted, ballots never cast count as abstention; otherwise the motion is put off, uncounted.
        Raises UserError before that, AccessError for others than the bureau's officers.
        """
        self._wait_for_turn()
        self._check_of_bureau()
        for session in self:
            session._lock_open()
            session._check_may_close()
            voting = session.motion_ids.filtered(lambda motion: motion.state == "open")
            session.sudo()._seal()  # sudo: tallies are guarded; officer, state and time are checked
            voted = voting.filtered(lambda motion: motion.state == "voted")
            passed = voted.filtered("passed")
            passed._conclude("passed")
            (voted - passed)._conclude("rejected")
            (voting - voted)._return_to_wait()

    def _check_may_close(self):
        # sudo: who has voted is known to nobody; only the refusal leaves here.
        if self.voting == "electronic" and not self.sudo()._may_end():
            raise UserError(
                self.env._(
                    "%s can be closed when all members have voted, or when its announced end has come.", self.name
                )
            )

    def _lock_open(self):
        """Lock the session against votes under way and check that it is open."""
        self.env.flush_all()
        self.env.execute_query(SQL("SELECT id FROM skill_cert_session WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset(["state"])
        if self.state != "open":
            raise UserError(self.env._("The vote of %s is not open.", self.name))

    def _seal(self):
        ballots = self.env["skill.cert.ballot"]
        motions = self._complete_ballots(self.motion_ids.filtered(lambda motion: motion.state == "open"))
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
        """See that every ballot is filled, and return the motions that count; the others are put off.

        As counted on paper, or by the members' votes: those never cast as abstention [R], where enough were.
        """
        ballots = self.env["skill.cert.ballot"]
        if self.voting == "paper":
            ballots._fill_counted(self._agreed_figures())
            return motions
        ballots._check_filled(motions)
        short = motions._short_of_votes()
        short._put_off_unvoted()
        ballots._abstain_unused(motions - short)
        return motions - short

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

    @api.depends("state", "seat_ids.voted", "seat_ids.declared")
    @api.depends_context("uid")
    def _compute_user_seat(self):
        for session in self:
            seat = session.seat_ids.filtered(lambda seat: seat.user_id == self.env.user)
            session.user_has_voted = seat.voted
            session.user_has_declared = seat.declared
            session.user_must_declare = session.state == "draft" and bool(seat) and not seat.declared

    def turnout(self):
        """Return {progress, may_close, state} for those who read the session: how far the vote is, and no number."""
        self.ensure_one()
        self.check_access("read")
        return {"progress": self.progress, "may_close": self.may_close, "state": self.state}

    def ballot_paper(self):
        """Return what the ballot paper prints for the current user: exactly the motions that ``cast`` expects.

        :return: {name, voted, open, motions: [{id, applicant, occupation, level, employer}]}
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: a member reads the session's own motions, less those from which the seat is recused.
        session = self.sudo()
        seat = self._seat_of_user(present=True)
        motions = session._paper_motions(seat)
        levels = dict(session.env["skill.cert.application"]._fields["level"]._description_selection(self.env))
        return {
            "name": session.name,
            "open": session.state == "open" and session.voting == "electronic",
            "voted": seat.voted,
            "motions": [
                {
                    "id": motion.id,
                    "applicant": motion.application_id.applicant_name,
                    "occupation": motion.application_id.occupation_name,
                    "level": levels[motion.level],
                    "employer": motion.employer_name,
                }
                for motion in motions
            ],
        }
