from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import clock, workflow
from .selections import CERTIFICATE_KINDS

# Notice, part 4, 专家考评 组建: who may sit on a panel. The other two sit only on committees.
EXPERT_QUALIFICATIONS = ("senior_engineer", "senior_technician", "senior_instructor", "senior_lecturer")
# Options beside the notice that concern the next submission alone.
ASKED_AT_SUBMISSION = ("plausibility_ids", "refuse_held", "correct_after_close")


class Policy(models.Model):
    """A notice as data: its conditions and the numbers of its procedure.

    Shares are fractions and compared in integers, so that "at least two thirds" has no
    rounding. Where the notice is silent the field's help says which reading is the default.
    """

    _name = "skill.cert.policy"
    _description = "Policy"
    _inherit = ["skill.cert.guarded"]
    _order = "date_from desc, id desc"

    name = fields.Char(required=True)
    code = fields.Char("Document number", required=True)
    authority = fields.Char()
    date_from = fields.Date("In force from")
    date_to = fields.Date("In force until")
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("draft", "Draft"), ("active", "In force"), ("retired", "Retired")],
        required=True,
        default="draft",
        guarded=True,
        copy=False,
        readonly=True,
        help="Rules change in a draft only. What has judged a submitted application stays as it was.",
    )
    condition_ids = fields.One2many("skill.cert.condition", "policy_id", "Conditions", copy=True)
    material_template_ids = fields.One2many("skill.cert.material.template", "policy_id", "Materials", copy=True)

    panel_min = fields.Integer("Experts on a panel, at least", default=3, required=True)
    panel_max = fields.Integer("Experts on a panel, at most", default=7, required=True)
    qualify_share_numerator = fields.Integer(default=1, required=True)
    qualify_share_denominator = fields.Integer(
        default=2,
        required=True,
        help="Share of the panel that must find an applicant qualified. The notice is silent; "
        "the default follows its vote: half or more.",
    )
    committee_min = fields.Integer("Committee members, at least", default=7, required=True)
    committee_max = fields.Integer("Committee members, at most", default=15, required=True)
    expert_share_numerator = fields.Integer(default=2, required=True)
    expert_share_denominator = fields.Integer(default=3, required=True)
    pass_share_numerator = fields.Integer(default=1, required=True)
    pass_share_denominator = fields.Integer(default=2, required=True)
    quorum_numerator = fields.Integer(default=2, required=True)
    quorum_denominator = fields.Integer(
        default=3,
        required=True,
        help="Seated members over appointed members below which a session is warned. Not in the notice.",
    )
    # [R] The notice is silent: a vote that ends with few papers would show whose they were, and decide by silence.
    turnout_numerator = fields.Integer(default=2, required=True)
    turnout_denominator = fields.Integer(
        default=3,
        required=True,
        help="Share of the members seated for an applicant who must have voted when the vote ends before all have; never "
        "fewer than the smallest committee. Below it the applicant is put off to a later session.",
    )
    publicity_days = fields.Integer(
        "Publicity, working days",
        default=0,
        help="Working days between the decision and the certificate. Not in the notice: 0 means none.",
    )
    certificate_kind = fields.Selection(CERTIFICATE_KINDS, required=True, default="qualification")

    _code_unique = models.Constraint("UNIQUE (code)", "There is already a policy with this document number.")
    _panel_ordered = models.Constraint(
        "CHECK (0 < panel_min AND panel_min <= panel_max)",
        "A panel's smallest size must be positive and not above its largest.",
    )
    _committee_ordered = models.Constraint(
        "CHECK (0 < committee_min AND committee_min <= committee_max)",
        "A committee's smallest size must be positive and not above its largest.",
    )
    _shares_are_fractions = models.Constraint(
        """CHECK (0 <= expert_share_numerator AND expert_share_numerator <= expert_share_denominator
            AND 0 < pass_share_numerator AND pass_share_numerator <= pass_share_denominator
            AND 0 < qualify_share_numerator AND qualify_share_numerator <= qualify_share_denominator
            AND 0 <= quorum_numerator AND quorum_numerator <= quorum_denominator
            AND 0 <= turnout_numerator AND turnout_numerator <= turnout_denominator
            AND 0 < expert_share_denominator AND 0 < quorum_denominator AND 0 < turnout_denominator)""",
        "A share is a fraction between 0 and 1 with a positive denominator.",
    )
    _publicity_positive = models.Constraint("CHECK (publicity_days >= 0)", "The publicity period cannot be negative.")
    consent_required = fields.Boolean(
        "Member's consent required",
        help="An association may report a member's staff only while the member's consent is in force. Not in the notice: "
        "otherwise a missing consent is a warning.",
    )
    require_originals = fields.Boolean(
        "Originals before acceptance",
        help="An application is accepted only when the original of each attached paper is ticked. Without it the "
        "officer is reminded. Not in the notice.",
    )
    # [X] The notice asks for the sealed form on paper and is silent about a scan.
    stamped_scan_required = fields.Boolean(
        "Scan of the stamped form required",
        help="An application cannot be submitted before the printed, signed and stamped form has been scanned and uploaded."
        " Not in the notice.",
    )

    # [X] The notice is silent.
    refuse_held = fields.Boolean(
        "Refuse what is already held",
        default=True,
        help="Nobody is submitted for an occupation and level that a certificate of this office in force already says, nor for "
        "a lower level of that occupation.",
    )
    # [X] The notice is silent: who returns on the last day would otherwise end the case.
    correct_after_close = fields.Boolean(
        "Corrected after the campaign's end",
        default=True,
        help="What was returned comes back within its days to correct, also after the campaign's last day.",
    )

    @api.model
    def _in_force(self, day=None):
        """Return the policy in force on ``day`` (default: today), the newest where several are; may be empty."""
        day = day or clock.today()
        return self.search(
            [
                ("state", "=", "active"),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ],
            limit=1,
        )

    def copy_data(self, default=None):
        """Copy as a new version to be worked on: the document number is unique."""
        return [
            {**vals, "code": self.env._("%s (new version)", policy.code)}
            for policy, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def write(self, vals):
        """Write; once in force, only its last day, whether it is shown, and what changes no case under way."""
        self._refuse_guarded(set(vals))
        if not self.env.su and set(vals) - self._fields_in_force():
            self._check_draft()
        return super().write(vals)

    @api.model
    def _fields_in_force(self):
        """Return the names of the fields that may change while a policy is in force.

        Each case keeps the days it was given, and what was submitted is not asked again.
        """
        return {"date_to", "active", *ASKED_AT_SUBMISSION} | {state.days for state in workflow.STATES if state.days}

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self._check_draft()

    def _check_draft(self):
        """Raise unless these policies' rules may change."""
        if not self.env.su and any(policy.state != "draft" for policy in self):
            raise UserError(self.env._("This policy is in force. Copy it and change the new version."))

    def action_activate(self):
        """Put a draft into force. Raises UserError where a level has no condition."""
        self.check_access("write")
        self._check_draft()
        for policy in self:
            if not policy.condition_ids:
                raise UserError(self.env._("A policy without conditions lets nobody qualify. Add conditions first."))
        self._enter("active")

    def action_retire(self):
        """Take a policy out of force; running cases keep it."""
        self.check_access("write")
        self._enter("retired")

    def action_reset_draft(self):
        """Open the rules again, which only a policy that has judged no submitted application allows."""
        self.check_access("write")
        workflow.require(self, "reset")
        self._enter("draft")

    def _enter(self, state):
        """Set the state that an action has just checked; what is in force has changed for every employee."""
        self.sudo().state = state  # sudo: guarded; only reached from the actions above
        workflow.follow(self, "enter")

    def _passes(self, agree, base):
        """Tell whether ``agree`` of ``base`` seated members pass (notice, part 4, 资格确认 票决: 50% included)."""
        return base > 0 and agree * self.pass_share_denominator >= base * self.pass_share_numerator

    def _qualifies(self, favourable, members):
        """Tell whether ``favourable`` of a panel's ``members`` let an applicant through (notice, part 4, 专家考评 名单)."""
        return members > 0 and favourable * self.qualify_share_denominator >= members * self.qualify_share_numerator

    def _panel_defect(self, members):
        """Return why ``members`` experts are no panel (notice, part 4, 专家考评 组建: 3 to 7), or False."""
        if self.panel_min <= members <= self.panel_max:
            return False
        return self.env._(
            "An expert panel has %(least)s to %(most)s experts; this one has %(members)s.",
            least=self.panel_min,
            most=self.panel_max,
            members=members,
        )

    def _committee_defect(self, members, experts, chairs):
        """Return why these seats are no review committee, or False: the first of ``_committee_defects``."""
        return next(filter(None, self._committee_defects(members, experts, chairs).values()), False)

    def _committee_defects(self, members, experts, chairs):
        """Return {``size``, ``experts``, ``chair``: why these seats are no review committee, or False}.

        Notice, part 4, 综合评审 组建: 7 to 15 members, experts at least two thirds, the bureau's
        leader in charge presides.
        """
        needed = self._experts_needed(members)
        return {
            "size": not self.committee_min <= members <= self.committee_max
            and self.env._(
                "A review committee has %(least)s to %(most)s members; this one has %(members)s.",
                least=self.committee_min,
                most=self.committee_max,
                members=members,
            ),
            "experts": experts < needed
            and self.env._(
                "Of %(members)s members at least %(needed)s must be experts; there are %(experts)s.",
                members=members,
                needed=needed,
                experts=experts,
            ),
            "chair": chairs != 1 and self.env._("A review committee has exactly one chair; this one has %s.", chairs),
        }

    def _experts_needed(self, members):
        """Return how many of ``members`` must be experts. ``3 * experts >= 2 * members``: 5 of 7, 6 of 9, 10 of 15."""
        if not self:
            return 0
        return -(-members * self.expert_share_numerator // self.expert_share_denominator)

    def _lacks_quorum(self, seated, appointed):
        """Tell whether fewer members are seated than the quorum asks for. A warning, never a refusal."""
        return seated * self.quorum_denominator < appointed * self.quorum_numerator

    def _votes_needed(self, base):
        """Return how many of ``base`` seated members must have voted where the vote ends before all have [R]."""
        return max(self.committee_min, -(-base * self.turnout_numerator // self.turnout_denominator))

    @api.model
    def _working_day_after(self, day, days):
        """Return the ``days``-th working day after the date ``day``: see ``skill.cert.holiday``."""
        return self.env["skill.cert.holiday"]._working_day_after(day, days)
