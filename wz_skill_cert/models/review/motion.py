from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.orm.models import NO_ACCESS
from odoo.tools import SQL

from ..assessment.assessment import CONFLICTS
from ..rules.selections import CHOICES


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
    occupation_name = fields.Char(related="application_id.occupation_name", string="Occupation")
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
        # For no user: who is recused while the vote is open has just voted. Who is in conflict, ``recusals`` says.
        groups=NO_ACCESS,
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
    recusals = fields.Text(
        "Recused, and why",
        compute="_compute_recusals",
        compute_sudo=True,
        groups="wz_skill_cert.group_county_officer",
    )

    _once = models.Constraint("UNIQUE (session_id, application_id)", "An applicant is on a session's agenda once.")
    _one_agenda = models.UniqueIndex(
        "(application_id) WHERE state IN ('pending', 'open')", "This applicant is on the agenda of another session."
    )
    _adds_up = models.Constraint(
        "CHECK (state != 'voted' OR agree + against + abstain = base)",
        "The votes do not add up to the number of seated members.",
    )
    user_may_declare = fields.Boolean(related="session_id.user_must_declare")

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
        motions.session_id._check_conductor()
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
            self.session_id._check_conductor()
            self.session_id._check_in_preparation()
            if {"application_id", "session_id"} & set(vals):
                raise AccessError(self.env._("A motion stays with its applicant and session."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_preparation(self):
        self.session_id._check_conductor()
        self.session_id._check_in_preparation()

    @api.model
    def _check_on_no_agenda(self, application_ids):
        """Say in words what the unique index refuses, of cases that the user reads."""
        applications = self.env["skill.cert.application"].browse(filter(None, application_ids)).exists()
        applications.check_access("read")
        # sudo: the agenda may be another bureau's; only the refusal leaves here.
        taken = self.sudo().search([("application_id", "in", applications.ids), ("state", "in", ("pending", "open"))])
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
        application._check_no_papers_asked()
        if self.review_id.bureau_id != self.session_id.bureau_id:
            raise ValidationError(self.env._("%s is in the round of another bureau.", application.display_name))

    def _settle(self):
        """Put off whoever no longer waits for a vote, and settle the recusals of the others."""
        pending = self.filtered(lambda motion: motion.state == "pending")
        gone = pending.filtered(lambda motion: motion.application_id.state != "qualified")
        gone._drop(self.env._("No longer waits for a vote."))
        asked = (pending - gone).filtered(lambda motion: motion.application_id._paper_request())
        asked._drop(self.env._("Further papers are asked for."))
        (pending - gone - asked)._settle_recusals()

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
        """Write the counted votes and whether they pass (notice, part 4, 资格确认 票决)."""
        # Hundreds have the same counts: one write for all of those.
        for (session, base, counts), motions in self.grouped(
            lambda motion: (
                motion.session_id,
                motion.base,
                tuple(tally.get((motion.id, key), 0) for key, _label in CHOICES),
            )
        ).items():
            named = dict(zip(dict(CHOICES), counts, strict=True))
            motions.write({**named, "passed": session.policy_id._passes(named["agree"], base), "state": "voted"})

    def _short_of_votes(self):
        """Return the open motions for which fewer members have voted than must have."""
        policy = self.session_id.policy_id
        filled = self.env["skill.cert.ballot"]._filled(self)
        return self.filtered(lambda motion: filled.get(motion.id, 0) < policy._votes_needed(motion.base))

    def _put_off_unvoted(self):
        """Put these open motions off: too few have voted. What was cast is destroyed and was never counted."""
        self.env["skill.cert.ballot"]._destroy(self)
        for motion in self:
            # Not how many have: with a vote or two, the number and what is heard in the room would name them.
            needed = motion.session_id.policy_id._votes_needed(motion.base)
            motion._put_off(self.env._("Fewer than the %s votes needed were cast before the vote ended.", needed))

    def _return_to_wait(self):
        """Let the cases of these motions wait for a later session."""
        self.filtered(lambda motion: motion.application_id.state == "review").application_id._move("qualified")

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

    @api.depends("application_id.recused_expert_ids", "session_id.seat_ids.expert_id")
    @api.depends_context("lang")
    def _compute_recusals(self):
        reasons = self.session_id.seat_ids.expert_id._conflict_reasons(self.application_id)
        for motion in self:
            members = motion.session_id.seat_ids.expert_id
            motion.recusals = members._conflict_text(reasons[motion.application_id])

    def _in_conflict(self, seat):
        # In SQL, past the rules: who is left out is for officers; the expert learns only what the paper leaves out.
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id FROM skill_cert_motion m
                     JOIN skill_cert_application_recused_expert_rel r ON r.application_id = m.application_id
                     JOIN skill_cert_session_seat s ON s.expert_id = r.expert_id
                    WHERE m.id = ANY(%s) AND s.id = %s""",
                self.ids,
                seat.id,
            )
        )
        return self.browse(motion for (motion,) in rows)

    def action_declare_kin(self):
        """Declare kinship with the applicant: spouse, direct line, collateral within three generations, near in-laws."""
        return self._declare_and_go_on("kin")

    def action_declare_other(self):
        """Declare another conflict of interest with the applicant."""
        return self._declare_and_go_on("other")

    def _declare_and_go_on(self, kind):
        # The motion is gone for the member: the page is read anew.
        self.action_declare_conflict(kind)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_ask_put_off(self):
        """Open the dialogue that asks why these motions are put off."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_reason_wizard")
        return {**action, "context": {"default_motion_ids": self.ids, "default_action": "put_off"}}


class Application(models.Model):
    _inherit = "skill.cert.application"

    # The result as the form prints it; empty before the decision.
    vote_base = fields.Integer("Members seated", compute="_compute_vote", compute_sudo=True)
    vote_agree = fields.Integer("Agree", compute="_compute_vote", compute_sudo=True)
    vote_against = fields.Integer("Against", compute="_compute_vote", compute_sudo=True)
    vote_abstain = fields.Integer("Abstain", compute="_compute_vote", compute_sudo=True)
    vote_passed = fields.Boolean("Vote passed", compute="_compute_vote", compute_sudo=True)
    vote_conclusion = fields.Char("Conclusion", compute="_compute_vote", compute_sudo=True)

    @api.depends("review_id.motion_id.state")
    @api.depends_context("lang")
    def _compute_vote(self):
        for application in self:
            motion = application.review_id.motion_id
            voted = motion if motion.state == "voted" else motion.browse()
            application.vote_base = voted.base
            application.vote_agree = voted.agree
            application.vote_against = voted.against
            application.vote_abstain = voted.abstain
            application.vote_passed = voted.passed
            application.vote_conclusion = voted._conclusion() if voted else False
