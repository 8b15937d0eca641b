from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..workflow import follow
from .appointed_body import Check
from .selections import PURPOSES
from .wording import enumerate_names, field_labels

SCORES = ("score_conduct", "score_ability", "score_training", "score_results")
# What an assessment cannot be submitted without: a score of 0 is one that was not given.
REQUIRED = ("materials", "method", "place", "held_on", *SCORES, "verdict", "opinion")
# What has been decided about a round is never decided again: a new round is appended.
OPEN_OUTCOMES = ("pending", "qualified")
# What an expert still has to answer or to write.
OPEN_ASSESSMENTS = ("invited", "draft")
# Who has accepted the assignment and therefore reads the case.
ACCEPTED_ASSESSMENTS = ("draft", "submitted")
# An expert declines for a conflict of interest, or because there is no time.
GROUNDS = [("kin", "Kin"), ("other", "Other conflict of interest"), ("time", "No time")]
CONFLICTS = ("kin", "other")


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
        """Return the Checks of a panel (notice, part 4, 专家考评): size, who counts as expert, logins, leader."""
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
        cases = self.application_ids._origin
        advice = [self._occupation_check(cases.occupation_id)] if cases else []
        if cases:
            members = self.member_ids.expert_id
            advice.append(
                self._conflict_check(cases, lambda out: self.policy_id._panel_defect(len(members) - len(out)))
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

    def action_conclude(self):
        """Record the result of every case that all experts have assessed, and show the panel's list.

        Notice, part 4, 专家考评 3: the panel fixes who goes to the review. Cases with an assessment
        outstanding are left as they are; raises UserError where there is no other.
        """
        for panel in self:
            panel.check_access("write")
            ready = panel.review_ids.filtered(lambda review: review._is_assessed())
            if not ready:
                raise UserError(self.env._("No case of %s has all its assessments yet.", panel.name))
            ready.application_id.action_conclude_assessment()
        return self.action_open_results()

    def action_open_results(self):
        """Open the list of who has qualified and who has not, as the panel found."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_panel_result")
        return {**action, "domain": [("panel_id", "in", self.ids)]}

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        if self.review_ids:
            raise UserError(self.env._("A panel with applications cannot be deleted."))


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


class Review(models.Model):
    """One round of a case at one bureau: its panel, its motion, its outcome. Append-only."""

    _name = "skill.cert.review"
    _description = "Round"
    _inherit = ["skill.cert.guarded"]
    _order = "id"

    application_id = fields.Many2one(
        "skill.cert.application", required=True, ondelete="cascade", index=True, guarded=True
    )
    bureau_id = fields.Many2one("skill.cert.bureau", required=True, ondelete="restrict", index=True, guarded=True)
    purpose = fields.Selection(PURPOSES, required=True, guarded=True)
    panel_id = fields.Many2one("skill.cert.panel", ondelete="restrict", index=True, guarded=True)
    assessment_ids = fields.One2many("skill.cert.assessment", "review_id", "Assessments")
    motion_ids = fields.One2many("skill.cert.motion", "review_id", "Motions")
    motion_id = fields.Many2one("skill.cert.motion", "Last motion", compute="_compute_motion_id", store=True)
    session_id = fields.Many2one(related="motion_id.session_id", store=True, index="btree_not_null")
    outcome = fields.Selection(
        [
            ("pending", "Pending"),
            ("qualified", "Qualified"),
            ("recommended", "Recommended"),
            ("passed", "Passed"),
            ("rejected", "Rejected"),
            ("returned", "Returned"),
            ("withdrawn", "Withdrawn"),
            ("revoked", "Revoked"),
        ],
        required=True,
        default="pending",
        guarded=True,
    )
    objection_ids = fields.One2many("skill.cert.objection", "review_id", "Objections")
    concluded_on = fields.Datetime("Assessed on", guarded=True, readonly=True)
    assessor_count = fields.Integer(
        "Experts counted", guarded=True, readonly=True, help="Experts whose assessment counted: accepted and submitted."
    )
    favourable_count = fields.Integer("For the review", guarded=True, readonly=True)
    objection_id = fields.Many2one(
        "skill.cert.objection",
        "After objection",
        ondelete="restrict",
        index="btree_not_null",
        guarded=True,
        readonly=True,
        help="The objection that was upheld, so that the committee votes anew in this round.",
    )

    @api.depends("motion_ids.state")
    def _compute_motion_id(self):
        """The motion that was or is voted on; before that the latest, which may have been put off."""
        for review in self:
            motions = review.motion_ids.sorted("id")
            review.motion_id = (motions.filtered(lambda m: m.state in ("open", "voted")) or motions)[-1:]

    @api.depends("application_id", "purpose")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for review in self:
            review.display_name = f"{review.application_id.display_name} · {purposes.get(review.purpose, '')}"

    def _invited(self):
        """Return who is asked to assess or to vote in these rounds: they learn the name. Conflicts not yet removed."""
        asked = self.assessment_ids.filtered(lambda assessment: assessment._is_live())
        return asked.expert_id | self.motion_ids.session_id.seat_ids.expert_id

    def _experts(self):
        """Return who has accepted to assess, or has declared before the vote: they read the case."""
        accepted = self.assessment_ids.filtered(lambda assessment: assessment.state in ACCEPTED_ASSESSMENTS)
        return accepted.expert_id | self.motion_ids.session_id.seat_ids.filtered("declared").expert_id

    def _end(self, outcome):
        """Record the outcome of rounds that are still open; a decided round keeps its outcome."""
        self.filtered(lambda review: review.outcome in OPEN_OUTCOMES).write({"outcome": outcome})

    def _panel_without_conflicts(self):
        experts = self.panel_id.member_ids.expert_id
        return experts - experts._conflicts(self.application_id)[self.application_id]

    def _check_panel(self):
        """Raise unless an appointed panel of the round's bureau remains one without those in conflict."""
        if not self.panel_id:
            raise UserError(self.env._("%s has no expert panel yet.", self.application_id.display_name))
        if self.panel_id.state != "appointed":
            raise UserError(self.env._("The panel %s is not appointed yet.", self.panel_id.name))
        experts = self._panel_without_conflicts()
        if defect := self.panel_id.policy_id._panel_defect(len(experts)):
            raise UserError(self.env._("Without those who have a conflict of interest: %s", defect))

    def _invite(self):
        """Ask every member of the panel who is not yet asked and has no conflict; return the new assessments."""
        return self.env["skill.cert.assessment"].create(
            [
                {"review_id": review.id, "expert_id": expert.id}
                for review in self
                for expert in review._panel_without_conflicts() - review.assessment_ids.expert_id
            ]
        )

    def _conflicting(self):
        """Return the experts of this round's assessments who now have a conflict of interest."""
        return self.assessment_ids.expert_id._conflicts(self.application_id)[self.application_id]

    def _counted(self):
        """Return the assessments that count: accepted, submitted, and without a conflict that came up since."""
        conflicting = self._conflicting()
        return self.assessment_ids.filtered(lambda a: a.state == "submitted" and a.expert_id not in conflicting)

    def _outstanding(self):
        conflicting = self._conflicting()
        return self.assessment_ids.filtered(lambda a: a.state in OPEN_ASSESSMENTS and a.expert_id not in conflicting)

    def _is_assessed(self):
        """Tell whether the case is in assessment, nobody has still to answer or to submit, and enough have."""
        if self.application_id.state != "assessment" or self._outstanding():
            return False
        return not self.panel_id.policy_id._panel_defect(len(self._counted()))

    def _check_assessed(self):
        """Raise while an answer or an assessment is outstanding, or those who count are no panel."""
        outstanding, counted = self._outstanding(), self._counted()
        if outstanding or not self.assessment_ids:
            raise UserError(
                self.env._(
                    "%(application)s: %(count)s assessments are outstanding.",
                    application=self.application_id.display_name,
                    count=len(outstanding),
                )
            )
        if defect := self.panel_id.policy_id._panel_defect(len(counted)):
            raise UserError(
                self.env._(
                    "%(application)s: without those who declined or have a conflict of interest: %(defect)s Add a member and invite.",
                    application=self.application_id.display_name,
                    defect=defect,
                )
            )

    def _favourable(self):
        return self._counted().filtered(lambda assessment: assessment.verdict == "qualified")

    def _assessment_result(self):
        """Return (``qualified`` or ``rejected``, reason) as the panel found. Raises while one is outstanding."""
        self.ensure_one()
        self._check_assessed()
        if not self.application_id.is_eligible:
            return "rejected", self.env._(
                "After the verification no condition is met.\n%s", self.application_id.eligibility
            )
        members, favourable = len(self._counted()), len(self._favourable())
        if self.application_id.policy_id._qualifies(favourable, members):
            return "qualified", False
        return "rejected", self.env._(
            "%(favourable)s of %(members)s experts found the applicant qualified.",
            favourable=favourable,
            members=members,
        )

    def _conclude(self, verdict):
        """Freeze what the panel found, and how many of how many."""
        self.write(
            {
                "concluded_on": fields.Datetime.now(),
                "assessor_count": len(self._counted()),
                "favourable_count": len(self._favourable()),
            }
        )
        self._end(verdict)


class Assessment(models.Model):
    """What one expert of the panel found about one applicant, under the notice's four headings."""

    _name = "skill.cert.assessment"
    _description = "Assessment"
    _inherit = ["skill.cert.guarded"]
    _order = "review_id, id"

    review_id = fields.Many2one("skill.cert.review", required=True, ondelete="cascade", index=True, guarded=True)
    application_id = fields.Many2one(related="review_id.application_id", store=True, index=True)
    bureau_id = fields.Many2one(related="review_id.bureau_id", store=True, index=True)
    panel_id = fields.Many2one(related="review_id.panel_id", store=True)
    expert_id = fields.Many2one("skill.cert.expert", required=True, ondelete="restrict", index=True, guarded=True)
    user_id = fields.Many2one(related="expert_id.user_id", store=True, index=True)
    state = fields.Selection(
        [
            ("invited", "Invited"),
            ("draft", "To do"),
            ("submitted", "Submitted"),
            ("declined", "Declined"),
            ("released", "Released"),
        ],
        required=True,
        default="invited",
        guarded=True,
        index=True,
    )
    answered_on = fields.Datetime("Answered on", guarded=True, readonly=True)
    decline_ground = fields.Selection(GROUNDS, "Why you decline")
    decline_note = fields.Char("Remark")
    materials = fields.Selection(
        [("complete", "True and complete"), ("incomplete", "Incomplete"), ("false", "Doubtful")],
        help="Qualification, results, ability, truth and completeness of the papers.",
    )
    method = fields.Selection([("practical", "On-site skills test"), ("interview", "Interview")])
    place = fields.Char()
    held_on = fields.Datetime("Held on")
    score_conduct = fields.Integer("Ethics and conduct (思想品德)", help="1 to 100.")
    score_ability = fields.Integer("Working ability (工作能力)", help="1 to 100.")
    score_training = fields.Integer("Training (培训提高)", help="1 to 100.")
    score_results = fields.Integer("Results at work (工作业绩)", help="1 to 100.")
    opinion = fields.Text()
    verdict = fields.Selection([("qualified", "Qualified for review"), ("unqualified", "Not qualified")])

    _once = models.Constraint("UNIQUE (review_id, expert_id)", "An expert assesses a round once.")
    _scores_in_range = models.Constraint(
        f"CHECK ({' AND '.join(f'{score} BETWEEN 0 AND 100' for score in SCORES)})", "A score lies between 0 and 100."
    )

    @api.depends("application_id", "expert_id")
    def _compute_display_name(self):
        for assessment in self:
            # sudo: an invited expert does not read the case yet; number and name are what the invitation tells.
            assessment.display_name = assessment.sudo().application_id.display_name

    def write(self, vals):
        """Write; only by the expert: the findings after acceptance and until the submission, or why to decline."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            self._check_own()
            answer = set(vals) <= {"decline_ground", "decline_note"}
            self._check_state(OPEN_ASSESSMENTS if answer else ("draft",))
        result = super().write(vals)
        if "state" in vals:
            follow(self, "change_state")
        return result

    # ------------------------------------------------------------------ the assignment

    def action_accept(self):
        """Accept the assignment and declare that there is no conflict of interest: the case opens.

        Raises AccessError for others than the expert, UserError where the invitation is already answered.
        """
        self._check_own()
        self._check_state(("invited",))
        # sudo: guarded; only the invited expert comes here.
        self.sudo().write({"state": "draft", "answered_on": fields.Datetime.now()})
        self.sudo()._fill_in_schedule()  # sudo: as above

    def action_decline(self, ground=None, note=None):
        """Decline the assignment: for kinship or another conflict of interest, or because there is no time.

        :param ground: ``kin``, ``other`` or ``time``; without it, what the form says.
        A conflict is recorded; the case is then gone for the expert. The officer is told.
        """
        self._check_own()
        self._check_state(OPEN_ASSESSMENTS)
        for assessment in self:
            assessment._decline(ground or assessment.decline_ground, note or assessment.decline_note)

    def _decline(self, ground, note):
        if ground not in dict(GROUNDS):
            raise UserError(self.env._("Please say why you decline."))
        answer = {"decline_ground": ground, "decline_note": note, "answered_on": fields.Datetime.now()}
        # sudo: an invited expert may read neither the case nor the conflicts; both are the expert's own.
        own = self.sudo()
        if ground in CONFLICTS:
            own.env["skill.cert.conflict"].create(
                {
                    "expert_id": own.expert_id.id,
                    "application_id": own.application_id.id,
                    "kind": ground,
                    "note": note,
                }
            )
        own.write({**answer, "state": "declined"})
        own._tell_officer()

    def _release(self):
        """End what was not submitted: the member has left the panel, or the case has ended."""
        self.filtered(lambda assessment: assessment.state in OPEN_ASSESSMENTS).write({"state": "released"})

    def _tell_officer(self):
        """Leave a task with the officer, in nobody's name: the nominator may read who made it."""
        self.application_id.with_user(SUPERUSER_ID)._hand_over("declined")

    def _is_live(self):
        return self.state not in ("declined", "released")

    # ------------------------------------------------------------------ the findings

    def action_submit(self):
        """Submit one's own assessment: complete, and final. Raises UserError naming what is missing."""
        self._check_own()
        self._check_state(("draft",))
        for assessment in self:
            if missing := [name for name in REQUIRED if not assessment[name]]:
                labels = field_labels(self, missing)
                raise UserError(self.env._("Please fill in %s.", labels))
            assessment._check_achievements()
        self.sudo().write({"state": "submitted"})  # sudo: guarded; the check above allows only the expert
        self.env["skill.cert.trail"]._record_each("assessment", [(one, {"verdict": one.verdict}) for one in self])

    def _check_achievements(self):
        """Notice, part 4, 专家考评 1: the results are checked one by one; each is found proven or refused."""
        claimed = self.application_id.achievement_ids.filtered(lambda achievement: achievement.verified == "claimed")
        if claimed:
            raise UserError(
                self.env._(
                    "Please verify or refuse each achievement first: %s.",
                    enumerate_names(self.env, claimed.mapped("name")),
                )
            )

    def _check_own(self):
        if any(assessment.user_id != self.env.user for assessment in self):
            raise AccessError(self.env._("Only the expert writes the assessment."))

    def _check_state(self, states):
        for assessment in self:
            # sudo: an invited expert does not read the case; only the refusal leaves here.
            if assessment.sudo().application_id.state != "assessment":
                raise UserError(self.env._("The assessment of this case has ended."))
            if assessment.state not in states:
                raise UserError(assessment._refusal())

    def _refusal(self):
        return {
            "invited": self.env._("Please accept the assignment first."),
            "draft": self.env._("You have already accepted this assignment."),
            "submitted": self.env._("This assessment has been submitted and is final."),
            "declined": self.env._("You have declined this assignment."),
            "released": self.env._("You have been released from this assignment."),
        }[self.state]
