from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...workflow import OFFICER, follow
from ..platform.enumeration import enumerate_names, field_labels

# Notice, part 1, 四个方面
SCORES = ("score_conduct", "score_ability", "score_training", "score_results")
# What an assessment cannot be submitted without: a score of 0 is one that was not given.
REQUIRED = ("materials", "method", "place", "held_on", *SCORES, "verdict", "opinion")
# What an expert still has to answer or to write.
OPEN_ASSESSMENTS = ("invited", "draft")
# Who has accepted the assignment and therefore reads the case.
ACCEPTED_ASSESSMENTS = ("draft", "submitted")
# An expert declines for a conflict of interest, or because there is no time.
GROUNDS = [("kin", "Kin"), ("other", "Other conflict of interest"), ("time", "No time")]
CONFLICTS = ("kin", "other")

# What an assessment shows of the application once the expert has accepted.
CASE_FACTS = (
    "id_number_masked",
    "technical_specialty",
    "occupation_years",
    "summary",
    "eligibility",
    "user_may_verify",
    "achievement_ids",
)


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
    # The login that was asked: an assessment follows nobody else who has the expert's login later.
    user_id = fields.Many2one("res.users", compute="_compute_user_id", store=True, index=True, ondelete="restrict")
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
    # Notice, part 4, 专家考评 考核
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
    level = fields.Selection(related="application_id.level")
    occupation_id = fields.Many2one(related="application_id.occupation_id")
    occupation_name = fields.Char(related="application_id.occupation_name", string="Occupation")
    applicant_name = fields.Char(related="application_id.applicant_name")
    employer_name = fields.Char(related="application_id.employer_name")
    # The case itself opens with the acceptance: until then, and where the right to it is lost, these are empty.
    id_number_masked = fields.Char("ID number (masked)", compute="_compute_case_facts")
    technical_specialty = fields.Char(compute="_compute_case_facts")
    occupation_years = fields.Integer("Years in the occupation", compute="_compute_case_facts")
    summary = fields.Text("Personal summary", compute="_compute_case_facts")
    eligibility = fields.Text(compute="_compute_case_facts")
    user_may_verify = fields.Boolean(compute="_compute_case_facts")
    achievement_ids = fields.Many2many("skill.cert.achievement", string="Achievements", compute="_compute_case_facts")
    user_may_edit = fields.Boolean(compute="_compute_user_may_edit")
    user_may_answer = fields.Boolean(compute="_compute_user_may_edit")
    missing = fields.Char("Still missing", compute="_compute_missing", help="What the submission will ask for.")

    @api.depends("expert_id")
    def _compute_user_id(self):
        for assessment in self:
            assessment.user_id = assessment.user_id or assessment.expert_id.user_id

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
        follow(own, "decline")

    def action_ask_again(self):
        """Ask, as the officer of the case, whoever declined for lack of time once more. The first answer stays in the trail.

        Raises UserError for others: who declared a conflict of interest is not asked again (回避).
        """
        for assessment in self:
            assessment.application_id._check_party(OFFICER)
            # sudo: assessments are the experts' own; the officer only invites, and party and state are checked.
            assessment.sudo()._check_may_be_asked_again()
        self.sudo()._ask_again()  # sudo: as above

    def _check_may_be_asked_again(self):
        if self.application_id.state != "assessment" or self.review_id.outcome != "pending":
            raise UserError(self.env._("The assessment of this case has ended."))
        if self.state != "declined" or self.decline_ground in CONFLICTS:
            raise UserError(self.env._("Only who declined for lack of time is asked again."))
        if self.expert_id not in self.review_id._panel_without_conflicts():
            raise UserError(
                self.env._("%s is no member of the panel, or has a conflict of interest.", self.expert_id.name)
            )

    def _ask_again(self):
        """Ask anew; the login is the expert's of today, as for whoever is asked for the first time."""
        for assessment in self:
            before = assessment.state
            assessment.write(
                {
                    "state": "invited",
                    "user_id": assessment.expert_id.user_id.id,
                    **dict.fromkeys(("answered_on", "decline_ground", "decline_note"), False),
                }
            )
            follow(assessment, "ask_again", before)

    def _release(self):
        """End what was not submitted: the member has left the panel, or the case has ended."""
        self.filtered(lambda assessment: assessment.state in OPEN_ASSESSMENTS).write({"state": "released"})

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
        follow(self, "submit")

    def _check_achievements(self):
        """Notice, part 4, 专家考评 审核: the results are checked one by one; each is found proven or refused."""
        claimed = self.application_id.achievement_ids.filtered(lambda achievement: achievement.verified == "claimed")
        if claimed:
            raise UserError(
                self.env._(
                    "Please verify or refuse each achievement first: %s.",
                    enumerate_names(self.env, claimed.mapped("name")),
                )
            )

    def _check_own(self):
        # sudo: the own record in the pool, which may have been archived since.
        if any(assessment.user_id != self.env.user or not assessment.sudo().expert_id.active for assessment in self):
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

    @api.depends("state", *REQUIRED, "application_id.achievement_ids.verified")
    @api.depends_context("uid", "lang")
    def _compute_missing(self):
        for assessment in self:
            missing = assessment._missing_labels() if assessment.state == "draft" else []
            assessment.missing = enumerate_names(self.env, missing) if missing else False

    def _missing_labels(self):
        labels = [self._fields[name]._description_string(self.env) for name in REQUIRED if not self[name]]
        claimed = self.achievement_ids.filtered(lambda achievement: achievement.verified == "claimed")
        return [*labels, *([self.env._("a verdict on %s achievements", len(claimed))] if claimed else [])]

    @api.depends("state", "application_id.achievement_ids.verified")
    @api.depends_context("uid")
    def _compute_case_facts(self):
        for assessment in self:
            application = assessment.application_id._filtered_access("read")
            for name in CASE_FACTS:
                assessment[name] = application[name]

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_user_may_edit(self):
        for assessment in self:
            own = assessment.user_id == self.env.user
            assessment.user_may_edit = own and assessment.state == "draft"
            assessment.user_may_answer = own and assessment.state == "invited"

    def action_open_application(self):
        """Open the whole application."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "skill.cert.application",
            "views": [(False, "form")],
            "res_id": self.application_id.id,
        }
