from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .selections import PURPOSES
from .wording import field_labels

SCORES = ("score_conduct", "score_ability", "score_training", "score_results")
# What has been decided about a round is never decided again: a new round is appended.
OPEN_OUTCOMES = ("pending", "qualified")


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

    def _defect(self, members=None):
        """Return what is wrong with the composition (default: of all members), or False."""
        experts = (self.member_ids if members is None else members).expert_id
        if defect := self.policy_id._panel_defect(len(experts)):
            return defect
        if outsiders := experts.filtered(lambda expert: not expert.is_expert):
            return self.env._("%s is no expert within the notice's meaning.", outsiders[0].name)
        if without := experts.filtered(lambda expert: not expert.user_id):
            return self.env._("%s has no login and could not assess.", without[0].name)
        if self.leader_id not in experts:
            return self.env._("Please choose the leader among the members.")
        return False

    @api.constrains("leader_id")
    def _check_leader(self):
        self._check_composition()

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
        domain=[("is_expert", "=", True), ("available", "=", True)],
    )
    qualification = fields.Selection(related="expert_id.qualification")

    _once = models.Constraint("UNIQUE (panel_id, expert_id)", "An expert sits on a panel once.")

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

    @api.depends("motion_ids")
    def _compute_motion_id(self):
        for review in self:
            review.motion_id = review.motion_ids.sorted("id")[-1:]

    @api.depends("application_id", "purpose")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for review in self:
            review.display_name = f"{review.application_id.display_name} · {purposes.get(review.purpose, '')}"

    def _experts(self):
        """Return everyone who assesses or may vote in these rounds, conflicts not yet removed."""
        return self.assessment_ids.expert_id | self.motion_ids.session_id.seat_ids.expert_id

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

    def _open_assessments(self):
        self.env["skill.cert.assessment"].create(
            [
                {"review_id": review.id, "expert_id": expert.id}
                for review in self
                for expert in review._panel_without_conflicts()
            ]
        )

    def _assessment_result(self):
        """Return (``qualified`` or ``rejected``, reason) as the panel found. Raises while one is outstanding."""
        self.ensure_one()
        outstanding = self.assessment_ids.filtered(lambda assessment: assessment.state != "submitted")
        if outstanding or not self.assessment_ids:
            raise UserError(
                self.env._(
                    "%(application)s: %(count)s assessments are outstanding.",
                    application=self.application_id.display_name,
                    count=len(outstanding),
                )
            )
        if not self.application_id.is_eligible:
            return "rejected", self.env._(
                "After the verification no condition is met.\n%s", self.application_id.eligibility
            )
        members = len(self.assessment_ids)
        favourable = len(self.assessment_ids.filtered(lambda assessment: assessment.verdict == "qualified"))
        if self.application_id.policy_id._qualifies(favourable, members):
            return "qualified", False
        return "rejected", self.env._(
            "%(favourable)s of %(members)s experts found the applicant qualified.",
            favourable=favourable,
            members=members,
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
    user_id = fields.Many2one(related="expert_id.user_id", store=True, index=True)
    state = fields.Selection(
        [("draft", "To do"), ("submitted", "Submitted")], required=True, default="draft", guarded=True
    )
    materials = fields.Selection(
        [("complete", "True and complete"), ("incomplete", "Incomplete"), ("false", "Doubtful")],
        help="Qualification, results, ability, truth and completeness of the papers.",
    )
    method = fields.Selection([("practical", "On-site skills test"), ("interview", "Interview")])
    place = fields.Char()
    held_on = fields.Datetime("Held on")
    score_conduct = fields.Integer("Ethics and conduct (思想品德)", help="0 to 100.")
    score_ability = fields.Integer("Working ability (工作能力)", help="0 to 100.")
    score_training = fields.Integer("Training (培训提高)", help="0 to 100.")
    score_results = fields.Integer("Results at work (工作业绩)", help="0 to 100.")
    opinion = fields.Text()
    verdict = fields.Selection([("qualified", "Qualified for review"), ("unqualified", "Not qualified")])

    _once = models.Constraint("UNIQUE (review_id, expert_id)", "An expert assesses a round once.")
    _scores_in_range = models.Constraint(
        f"CHECK ({' AND '.join(f'{score} BETWEEN 0 AND 100' for score in SCORES)})", "A score lies between 0 and 100."
    )

    @api.depends("application_id", "expert_id")
    def _compute_display_name(self):
        for assessment in self:
            assessment.display_name = assessment.application_id.display_name

    def write(self, vals):
        """Write; only by the expert and only until the assessment is submitted."""
        if not self.env.su:
            self._check_own_draft()
        return super().write(vals)

    def action_submit(self):
        """Submit one's own assessment: complete, and final. Raises UserError naming what is missing."""
        self._check_own_draft()
        for assessment in self:
            if missing := [name for name in ("materials", "method", "verdict", "opinion") if not assessment[name]]:
                labels = field_labels(self, missing)
                raise UserError(self.env._("Please fill in %s.", labels))
        self.sudo().write({"state": "submitted"})  # sudo: guarded; the check above allows only the expert

    def _check_own_draft(self):
        for assessment in self:
            if assessment.user_id != self.env.user:
                raise AccessError(self.env._("Only the expert writes the assessment."))
            if assessment.state != "draft" or assessment.application_id.state != "assessment":
                raise UserError(self.env._("This assessment has been submitted and is final."))
