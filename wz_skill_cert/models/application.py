from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from .. import formats
from .selections import EDUCATIONS, LEVELS, SEXES

NOMINATOR, OFFICER = "nominator", "officer"
PARTY_GROUPS = {
    NOMINATOR: "wz_skill_cert.group_nominator",
    OFFICER: "wz_skill_cert.group_county_officer",
}


class Transition(NamedTuple):
    """One row of the procedure: from which states, to which, by which party, under which guard."""

    sources: tuple
    target: str
    party: str
    guard: str | None = None


# The procedure of the notice's part 4, whole. Nothing else changes a state: buttons, RPC
# and import all end in _move(). "officer" is an officer of the bureau that handles the
# current round: the bureau of the place, and for a recommended 技师 the city.
TRANSITIONS = (
    # 组织申报
    Transition(("draft", "returned"), "submitted", NOMINATOR, "_guard_submit"),
    Transition(("draft", "submitted", "returned", "accepted"), "withdrawn", NOMINATOR),
    Transition(("submitted", "accepted"), "returned", OFFICER, "_guard_reason"),
    Transition(("submitted",), "accepted", OFFICER),
    # 专家考评
    Transition(("accepted", "recommended"), "assessment", OFFICER, "_guard_panel"),
    Transition(("assessment",), "qualified", OFFICER, "_guard_assessed"),
    Transition(("assessment",), "rejected", OFFICER, "_guard_assessed"),
    Transition(("qualified",), "recommended", OFFICER, "_guard_recommend"),
    # 综合评审
    Transition(("qualified",), "review", OFFICER, "_guard_review"),
    Transition(("review",), "passed", OFFICER, "_guard_voted"),
    Transition(("review",), "rejected", OFFICER, "_guard_voted"),
    # 资格确认
    Transition(("passed",), "certified", OFFICER, "_guard_certify"),
    # 弄虚作假, notice, part 5 (二): at any time after submission
    Transition(
        ("submitted", "returned", "accepted", "assessment", "qualified", "recommended", "review", "passed", "certified"),
        "revoked", OFFICER, "_guard_reason",
    ),
)

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("returned", "Returned"),
    ("accepted", "Accepted"),
    ("assessment", "In assessment"),
    ("qualified", "Qualified for review"),
    ("recommended", "Recommended to the city"),
    ("review", "In review"),
    ("passed", "Passed"),
    ("certified", "Certified"),
    ("rejected", "Rejected"),
    ("withdrawn", "Withdrawn"),
    ("revoked", "Revoked"),
]
# Content belongs to the nominator in these states and is a frozen snapshot in all others.
OPEN_STATES = ("draft", "returned")
# While the bureau and its panel check the papers.
VERIFIABLE_STATES = ("submitted", "accepted", "assessment", "recommended")
# Fields that are not content: who handles the case, and what mail.thread keeps.
CASE_FIELDS = {"officer_id"}
CASE_PREFIXES = ("message_", "activity_", "my_activity_", "website_message_")

# What 附件1 cannot be submitted without.
REQUIRED_FIELDS = (
    "campaign_id", "bureau_id", "occupation_id", "level", "applicant_name", "id_number", "sex", "birth_date",
    "education", "phone", "career_start", "summary", "recommendation",
)


class Application(models.Model):
    """One person's application for direct recognition (附件1), from draft to certificate.

    It holds a copy of all that it states: later changes of the employee, the unit or the
    ledger change nothing that was submitted.
    """

    _name = "skill.cert.application"
    _description = "Application"
    _inherit = ["mail.thread", "mail.activity.mixin", "skill.cert.guarded"]
    _order = "id desc"
    _rec_names_search = ["name", "applicant_name"]
    # Nominators follow a frozen case and may still answer in its chatter.
    _mail_post_access = "read"

    name = fields.Char("Number", guarded=True, copy=False, readonly=True, index="trigram", help="Given at the first submission.")
    state = fields.Selection(STATES, required=True, default="draft", guarded=True, copy=False, readonly=True, index=True, tracking=True)
    level = fields.Selection(LEVELS, "Level applied for", required=True, default="senior_worker", tracking=True)
    campaign_id = fields.Many2one(
        "skill.cert.campaign", ondelete="restrict", index=True, default=lambda self: self.env["skill.cert.campaign"]._current()
    )
    policy_id = fields.Many2one(related="campaign_id.policy_id", store=True)
    submission_id = fields.Many2one("skill.cert.submission", "Summary sheet", ondelete="set null", index=True, copy=False)
    occupation_id = fields.Many2one(
        "skill.cert.occupation", "Occupation applied for", ondelete="restrict", index=True, domain=[("in_scope", "=", True)]
    )

    # parties
    nominator_id = fields.Many2one(
        "res.partner", "Nominator", required=True, ondelete="restrict", index=True, tracking=True,
        default=lambda self: self.env.user.nominator_unit_ids[:1],
        help="The enterprise or industry association that recommends the applicant.",
    )
    employer_id = fields.Many2one(
        "res.partner", "Employer", ondelete="restrict", index=True,
        compute="_compute_employer_id", store=True, readonly=False, precompute=True,
    )
    bureau_id = fields.Many2one(
        "skill.cert.bureau", "Bureau of the place", ondelete="restrict", index=True, tracking=True,
        compute="_compute_bureau_id", store=True, readonly=False, precompute=True,
    )
    city_id = fields.Many2one(related="bureau_id.city_id", store=True, index=True)
    handling_bureau_id = fields.Many2one(
        "skill.cert.bureau", "Now handled by", compute="_compute_handling_bureau_id", store=True, index=True
    )
    officer_id = fields.Many2one(
        "res.users", "Officer in charge", index=True, copy=False, tracking=True,
        groups="wz_skill_cert.group_county_officer",
    )
    user_is_nominator = fields.Boolean(compute="_compute_user_parties")
    user_is_officer = fields.Boolean(compute="_compute_user_parties")

    # the person, 附件1 page 3
    employee_id = fields.Many2one("hr.employee", ondelete="set null", index="btree_not_null", copy=False, groups="hr.group_hr_user")
    applicant_name = fields.Char("Name", tracking=True)
    id_number = fields.Char(
        "ID number", size=18, copy=False,
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )
    id_number_masked = fields.Char("ID number (masked)", compute="_compute_id_number_masked", store=True)
    sex = fields.Selection(SEXES, compute="_compute_from_id_number", store=True, readonly=False, precompute=True)
    birth_date = fields.Date("Date of birth", compute="_compute_from_id_number", store=True, readonly=False, precompute=True)
    education = fields.Selection(EDUCATIONS)
    phone = fields.Char(
        "Mobile phone", groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer"
    )
    photo = fields.Image(
        "Photo (2 inch)", max_width=826, max_height=1158, copy=False,
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )
    career_start = fields.Date("In work since")
    current_occupation = fields.Char("Present occupation")
    occupation_start = fields.Date("In this occupation since")
    occupation_years = fields.Integer("Years in the occupation", compute="_compute_occupation_years")
    job = fields.Char("Present post")
    held_level = fields.Char("Vocational qualification held")
    held_issuer = fields.Char("Issued by")
    held_on = fields.Date("Issued on")
    title_name = fields.Char("Professional title held")
    title_date = fields.Date("Appointed on")
    technical_specialty = fields.Char()
    summary = fields.Text("Personal summary", help="Professional ethics, skills in production and results at work.")
    mentoring = fields.Text("Apprentices and training")

    # the employer as it was then, 附件2
    employer_name = fields.Char(compute="_compute_employer_facts", store=True, readonly=False, precompute=True)
    employer_address = fields.Char(compute="_compute_employer_facts", store=True, readonly=False, precompute=True)
    employer_assets = fields.Float("Assets (10,000 yuan)", digits=(16, 2), compute="_compute_employer_facts", store=True, readonly=False, precompute=True)
    employer_sales = fields.Float("Annual sales (10,000 yuan)", digits=(16, 2), compute="_compute_employer_facts", store=True, readonly=False, precompute=True)
    employer_headcount = fields.Integer("Employees", compute="_compute_employer_facts", store=True, readonly=False, precompute=True)
    contact_name = fields.Char("Contact")
    contact_phone = fields.Char()
    recommendation = fields.Text("Recommendation of the unit")
    annual_benefit = fields.Float("Benefit created (10,000 yuan)", digits=(16, 2), compute="_compute_annual_benefit", store=True)

    achievement_ids = fields.One2many("skill.cert.achievement", "application_id", "Achievements", copy=True)
    material_ids = fields.One2many("skill.cert.material", "application_id", "Materials")
    history_ids = fields.One2many("skill.cert.application.history", "application_id", "Work history", copy=True)
    contribution_ids = fields.One2many("skill.cert.application.contribution", "application_id", "Contributions", copy=True)

    # eligibility
    is_eligible = fields.Boolean("Meets a condition", compute="_compute_eligibility")
    eligibility = fields.Text(compute="_compute_eligibility")

    # the case
    submitted_on = fields.Datetime(guarded=True, copy=False, readonly=True)
    decided_on = fields.Datetime("Decided on", guarded=True, copy=False, readonly=True)
    reason = fields.Text(
        "Reason", guarded=True, copy=False, readonly=True, tracking=True,
        help="Why it was returned, rejected or revoked.",
    )
    rejected_at = fields.Selection(
        [("assessment", "Assessment"), ("review", "Review")], "Rejected at", guarded=True, copy=False, readonly=True
    )
    review_ids = fields.One2many(
        "skill.cert.review", "application_id", "Rounds", copy=False, groups="wz_skill_cert.group_county_officer"
    )
    review_id = fields.Many2one("skill.cert.review", "Current round", compute="_compute_review_id", store=True, groups="wz_skill_cert.group_county_officer")
    conflict_ids = fields.One2many(
        "skill.cert.conflict", "application_id", "Conflicts of interest", groups="wz_skill_cert.group_county_officer"
    )
    # Who is named here may read the case as an expert. Stored, so that the record rule is one
    # indexed lookup; whoever has a conflict of interest is not in it, on any channel.
    expert_user_ids = fields.Many2many(
        "res.users", "skill_cert_application_expert_user_rel", "application_id", "user_id", string="Experts on the case",
        compute="_compute_expert_user_ids", store=True, groups="wz_skill_cert.group_county_officer",
    )
    # The result as the form prints it; empty before the decision.
    vote_base = fields.Integer("Members", compute="_compute_vote", compute_sudo=True)
    vote_agree = fields.Integer("Agree", compute="_compute_vote", compute_sudo=True)
    vote_against = fields.Integer("Against", compute="_compute_vote", compute_sudo=True)
    vote_abstain = fields.Integer("Abstain", compute="_compute_vote", compute_sudo=True)
    vote_conclusion = fields.Char("Conclusion", compute="_compute_vote", compute_sudo=True)
    certificate_ids = fields.One2many("skill.cert.certificate", "application_id", "Certificates")
    certificate_id = fields.Many2one("skill.cert.certificate", compute="_compute_certificate_id")

    # One person, occupation and level once in a campaign; a withdrawn one frees the place.
    _once_a_campaign = models.UniqueIndex(
        "(campaign_id, id_number, occupation_id, level) WHERE state NOT IN ('draft', 'withdrawn')",
        "This person already has an application for this occupation and level in this campaign.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("nominator_id")
    def _compute_employer_id(self):
        for application in self:
            if application.nominator_id.skill_cert_unit == "association":
                application.employer_id = application.employer_id
            else:
                application.employer_id = application.nominator_id

    @api.depends("employer_id")
    def _compute_bureau_id(self):
        for application in self:
            application.bureau_id = application.employer_id.skill_cert_bureau_id

    @api.depends("employer_id")
    def _compute_employer_facts(self):
        for application in self:
            employer = application.employer_id
            application.employer_name = employer.name
            application.employer_address = employer._skill_cert_address() if employer else False
            application.employer_assets = employer.enterprise_assets
            application.employer_sales = employer.enterprise_sales
            application.employer_headcount = employer.enterprise_headcount

    @api.depends("bureau_id", "review_id.bureau_id")
    def _compute_handling_bureau_id(self):
        for application in self:
            application.handling_bureau_id = application.review_id.bureau_id or application.bureau_id

    @api.depends("review_ids")
    def _compute_review_id(self):
        for application in self:
            application.review_id = application.review_ids.sorted("id")[-1:]

    @api.depends(
        "employer_id", "nominator_id", "conflict_ids.expert_id", "review_ids.assessment_ids.expert_id.user_id",
        "review_ids.motion_ids.session_id.seat_ids.expert_id.user_id",
    )
    def _compute_expert_user_ids(self):
        conflicts = self.review_ids._experts()._conflicts(self)
        for application in self:
            application.expert_user_ids = (application.review_ids._experts() - conflicts[application]).user_id

    @api.depends("review_id.motion_id.state")
    def _compute_vote(self):
        for application in self:
            motion = application.review_id.motion_id
            voted = motion if motion.state == "voted" else motion.browse()
            application.vote_base = voted.base
            application.vote_agree = voted.agree
            application.vote_against = voted.against
            application.vote_abstain = voted.abstain
            application.vote_conclusion = voted._conclusion() if voted else False

    @api.depends("certificate_ids")
    def _compute_certificate_id(self):
        for application in self:
            application.certificate_id = application.certificate_ids[:1]

    @api.depends("nominator_id", "handling_bureau_id")
    @api.depends_context("uid")
    def _compute_user_parties(self):
        for application in self:
            application.user_is_nominator = application._is_party(NOMINATOR)
            application.user_is_officer = application._is_party(OFFICER)

    @api.depends("id_number")
    def _compute_id_number_masked(self):
        for application in self:
            application.id_number_masked = formats.mask(application.id_number)

    @api.depends("id_number")
    def _compute_from_id_number(self):
        """Fill in what the number says; a date or sex that is already there is checked, not replaced."""
        for application in self:
            readable = formats.has_valid_check_digit(application.id_number or "")
            number = application.id_number if readable else ""
            application.birth_date = application.birth_date or (formats.birth_date_of(number) if number else False)
            application.sex = application.sex or (formats.sex_of(number) if number else False)

    @api.depends("occupation_start", "submitted_on")
    def _compute_occupation_years(self):
        for application in self:
            start, end = application.occupation_start, application.submitted_on or fields.Datetime.now()
            application.occupation_years = fields.Date.to_date(end).year - start.year - (
                (end.month, end.day) < (start.month, start.day)
            ) if start else 0

    @api.depends("achievement_ids.annual_benefit")
    def _compute_annual_benefit(self):
        for application in self:
            application.annual_benefit = max(application.achievement_ids.mapped("annual_benefit"), default=0)

    @api.depends(
        "level", "policy_id", "achievement_ids.identity", "achievement_ids.type_id", "achievement_ids.scope", "achievement_ids.grade",
        "achievement_ids.title_rank", "achievement_ids.role", "achievement_ids.annual_benefit", "achievement_ids.granted",
        "achievement_ids.related", "achievement_ids.verified", "achievement_ids.evidence_ids",
    )
    def _compute_eligibility(self):
        self.is_eligible = False
        self.eligibility = False
        for policy, applications in self.grouped("policy_id").items():
            verdicts = policy._evaluate(applications._origin) if policy else {}
            for application in applications:
                verdict = verdicts.get(application._origin.id, {}).get(application.level)
                application.is_eligible = bool(verdict and verdict.met)
                application.eligibility = policy._explain({application.level: verdict}) if verdict else False

    @api.depends("name", "applicant_name", "state")
    def _compute_display_name(self):
        for application in self:
            parts = [application.name or self.env._("Draft"), application.applicant_name]
            application.display_name = " ".join(part for part in parts if part)

    # ------------------------------------------------------------------ onchange and constraints

    @api.onchange("id_number")
    def _onchange_id_number(self):
        number = formats.normalise(self.id_number)
        self.id_number = number or False
        if formats.has_valid_check_digit(number):
            self.birth_date = formats.birth_date_of(number)
            self.sex = formats.sex_of(number)

    @api.constrains("id_number", "birth_date", "sex")
    def _check_id_number(self):
        # sudo: the number is hidden from some groups, the rule holds for all.
        for application in self.sudo().filtered("id_number"):
            if defect := application._id_number_defect():
                raise ValidationError(defect)

    def _id_number_defect(self):
        """Return what is wrong with the ID number (GB 11643) or contradicts it, or False.

        The sentences do not repeat the number: an error text may end in a log.
        """
        if not formats.has_valid_check_digit(self.id_number):
            return self.env._("The ID number is wrong: it needs 18 characters and the right check digit. Please compare it with the card.")
        birth_date = formats.birth_date_of(self.id_number)
        if not birth_date:
            return self.env._("The ID number contains no valid date of birth. Please compare it with the card.")
        if self.birth_date and self.birth_date != birth_date:
            return self.env._("The date of birth contradicts the ID number, which says %s.", birth_date)
        if self.sex and self.sex != formats.sex_of(self.id_number):
            return self.env._("The sex contradicts the ID number. Please correct one of them.")
        return False

    @api.constrains("phone")
    def _check_phone(self):
        # sudo: the phone is hidden from some groups, the rule holds for all.
        for application in self.sudo().filtered("phone"):
            if not formats.is_mobile(application.phone):
                raise ValidationError(self.env._("The mobile phone number has 11 digits and starts with 13 to 19."))

    @api.constrains("employer_id", "nominator_id")
    def _check_employer(self):
        for application in self:
            # sudo: membership of the association is not readable by everyone who may write here.
            nominator, employer = application.sudo().nominator_id, application.sudo().employer_id
            if employer and employer != nominator and nominator not in employer.association_ids:
                raise ValidationError(self.env._(
                    "%(employer)s is not a member of %(nominator)s. A unit nominates its own staff, an association those of its members.",
                    employer=employer.name, nominator=nominator.name,
                ))

    # ------------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts with the policy's checklist. The ID number is stored half-width and upper-case."""
        for vals in vals_list:
            self._normalise_vals(vals)
        applications = super().create(vals_list)
        applications._add_missing_materials()
        return applications

    def write(self, vals):
        """Write; content is refused once the application is submitted."""
        self._normalise_vals(vals)
        if not self.env.su:
            if any(self._is_content(name) for name in vals):
                self._check_content_open()
            if CASE_FIELDS & set(vals):
                self._check_party(OFFICER)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unnumbered_drafts(self):
        if any(application.state != "draft" or application.name for application in self):
            raise UserError(self.env._("Only a draft that was never submitted can be deleted. Withdraw the application instead."))

    @api.model
    def _normalise_vals(self, vals):
        if vals.get("id_number"):
            vals["id_number"] = formats.normalise(vals["id_number"])

    @api.model
    def _is_content(self, name):
        return name not in CASE_FIELDS and not name.startswith(CASE_PREFIXES)

    def _check_content_open(self):
        """Raise where these applications' content is a snapshot or belongs to another unit."""
        for application in self:
            if application.state not in OPEN_STATES:
                raise UserError(self.env._(
                    "%s has been submitted: its content is fixed. Ask the bureau to return it if it must be corrected.",
                    application.display_name,
                ))
            application._check_party(NOMINATOR)

    def _add_missing_materials(self):
        """Add the rows of the policy's checklist (附件3) that the application does not have yet."""
        for application in self:
            templates = application.policy_id.material_template_ids - application.material_ids.template_id
            application.material_ids = [Command.create(application._material_vals(template)) for template in templates]

    def _material_vals(self, template):
        return {"template_id": template.id, "sequence": template.sequence, "name": template.name, "remark": template.remark}

    def _achievement_model(self):
        return self.env["skill.cert.achievement"]

    # ------------------------------------------------------------------ the one way to a state

    def _move(self, target, **vals):
        """Move to ``target`` along TRANSITIONS, or raise: the only place where a state changes."""
        # The rows are locked first: of two officers who press at once, the second is told.
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        for application in self:
            transition = application._transition_to(target)
            application._check_party(transition.party)
            if transition.guard:
                getattr(application, transition.guard)(target, vals)
        # sudo: the state is guarded; party and guard of the step have just been checked.
        self.sudo().write({**vals, "state": target})

    def _transition_to(self, target):
        for transition in TRANSITIONS:
            if self.state in transition.sources and transition.target == target:
                return transition
        states = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(self.env._(
            "%(application)s is in state “%(state)s” and cannot become “%(target)s”.",
            application=self.display_name, state=states[self.state], target=states[target],
        ))

    def _is_party(self, party):
        """Tell whether the user is ``nominator`` of the unit or ``officer`` of the bureau that handles the case."""
        self.ensure_one()
        if not self.env.user.has_group(PARTY_GROUPS[party]):
            return False
        # sudo: who acts for a unit or bureau is not readable by outsiders; only yes or no leaves here.
        case = self.sudo()
        users = case.nominator_id.nominator_user_ids if party == NOMINATOR else case.handling_bureau_id.user_ids
        return self.env.user in users

    def _check_party(self, party):
        for application in self:
            application.check_access("read")
            if not application._is_party(party):
                raise AccessError(application._party_refusal(party))

    def _check_verifier(self):
        """Raise unless the user handles the case or assesses it now."""
        self.ensure_one()
        if self.state not in VERIFIABLE_STATES:
            raise UserError(self.env._("%s: achievements are verified between submission and review.", self.display_name))
        # sudo: an expert does not read the round; only yes or no leaves here.
        assessing = self.sudo().review_id.assessment_ids.filtered(lambda a: a.state == "draft").expert_id.user_id
        if self.env.user not in assessing:
            self._check_party(OFFICER)

    def _party_refusal(self, party):
        if party == NOMINATOR:
            return self.env._("%s: only its nominator may do this.", self.display_name)
        return self.env._(
            "%(application)s: only an officer of %(bureau)s may do this now.",
            application=self.display_name, bureau=self.sudo().handling_bureau_id.name,  # sudo: a bureau's name is public
        )

    # ------------------------------------------------------------------ guards

    def _guard_submit(self, target, vals):
        """Notice, part 4, 组织申报: complete, in scope, in time and with a condition met, or say all that is wrong."""
        defects = self._submission_defects()
        if defects:
            heading = self.env._("%s cannot be submitted yet:", self.display_name)
            raise UserError("\n".join([heading, *(f"• {defect}" for defect in defects)]))
        vals["submitted_on"] = fields.Datetime.now()
        if not self.name:
            vals["name"] = self._next_number()

    def _submission_defects(self):
        """Return every sentence that says what still prevents the submission, all at once."""
        defects = [
            self.env._("Please fill in %s.", ", ".join(labels)) if (labels := self._missing_labels()) else False,
            self._id_number_defect() if self.id_number else False,
            self.campaign_id._window_defect() if self.campaign_id else False,
            self._occupation_defect(),
            self._duplicate_defect(),
            self._eligibility_defect(),
            *self._material_defects(),
        ]
        return [defect for defect in defects if defect]

    def _missing_labels(self):
        missing = [name for name in REQUIRED_FIELDS if not self[name]]
        if not self.history_ids:
            missing.append("history_ids")
        return [self._fields[name]._description_string(self.env) for name in missing]

    def _occupation_defect(self):
        occupation = self.occupation_id
        return occupation._out_of_scope_reason() if occupation and not occupation.in_scope else False

    def _duplicate_defect(self):
        # sudo: the same person may be in another unit's application, which the user cannot
        # see; the sentence says that it exists and not whose it is.
        twin = self.sudo().search_count([
            ("id", "!=", self.id), ("campaign_id", "=", self.campaign_id.id), ("id_number", "=", self.id_number),
            ("occupation_id", "=", self.occupation_id.id), ("level", "=", self.level), ("state", "not in", ("draft", "withdrawn")),
        ], limit=1)
        return self.id_number and twin and self.env._(
            "This person already has an application for this occupation and level in this campaign."
        )

    def _eligibility_defect(self):
        if not self.policy_id or self.is_eligible:
            return False
        return self.env._("No condition of the level is met.\n%s", self.eligibility)

    def _material_defects(self):
        materials = self.material_ids.filtered(lambda material: material.required and not material.attachment_ids)
        achievements = self.achievement_ids.filtered(lambda achievement: not achievement.evidence_ids)
        return [
            *(self.env._("Missing material: %s.", material.name) for material in materials),
            *(self.env._("Missing evidence for the achievement: %s.", achievement.name) for achievement in achievements),
        ]

    def _next_number(self):
        # sudo: nominators may not read sequences; only the next number leaves here.
        serial = self.env["ir.sequence"].sudo().next_by_code("skill.cert.application")
        return f"{self.bureau_id.code}-{self.campaign_id.year}-{serial}"

    def _guard_reason(self, target, vals):
        if not (vals.get("reason") or "").strip():
            raise UserError(self.env._("Please give the reason: the nominator will read it."))

    def _guard_panel(self, target, vals):
        """Notice, part 4, 专家考评: an appointed panel of 3 to 7 without those in conflict."""
        self.review_id._check_panel()

    def _guard_assessed(self, target, vals):
        """The panel's own assessments decide; the officer only records them."""
        verdict, reason = self.review_id._assessment_result()
        if verdict != target:
            raise UserError(self.env._("%s: the panel decided otherwise.", self.display_name))
        if target == "rejected":
            vals.update(reason=reason, rejected_at="assessment", decided_on=fields.Datetime.now())

    def _guard_recommend(self, target, vals):
        if self.review_id.purpose != "recommend":
            raise UserError(self.env._("%s is decided by this bureau's own review committee.", self.display_name))

    def _guard_review(self, target, vals):
        """Notice, part 4, 资格确认: a county only recommends 技师; the city votes."""
        if self.review_id.purpose != "certify":
            raise UserError(self.env._("%s is to be recommended to the city, whose committee votes.", self.display_name))
        if self.review_id.motion_id.session_id.state != "open":
            raise UserError(self.env._("%s is on the agenda of no open session.", self.display_name))

    def _guard_voted(self, target, vals):
        motion = self.review_id.motion_id
        if motion.state != "voted" or motion.passed != (target == "passed"):
            raise UserError(self.env._("%s: the committee's vote says otherwise.", self.display_name))
        vals["decided_on"] = fields.Datetime.now()
        if target == "rejected":
            vals.update(reason=motion._conclusion(), rejected_at="review")

    def _guard_certify(self, target, vals):
        """Notice, parts 3 and 4: the county certifies 高级工, the city 技师; after the publicity period."""
        if self.review_id.outcome != "passed":
            raise UserError(self.env._("%s has no passed vote.", self.display_name))
        if self.level == "technician" and self.handling_bureau_id.level != "city":
            raise UserError(self.env._("Only the city certifies technicians."))
        if (until := self._publicity_until()) and fields.Datetime.now() < until:
            raise UserError(self.env._("%(application)s is in publicity until %(day)s.", application=self.display_name, day=until.date()))

    def _publicity_until(self):
        """Return the end of the publicity period (working days of the company calendar), or False where none is set."""
        days = self.policy_id.publicity_days
        # plan_days counts the day itself as the first.
        return days and self.env.company.resource_calendar_id.plan_days(days + 1, self.decided_on, compute_leaves=True)

    # ------------------------------------------------------------------ actions

    def action_submit(self):
        """Submit (组织申报). Raises UserError with all that is missing, AccessError for others than the nominator."""
        self._move("submitted", reason=False)

    def action_withdraw(self):
        """Withdraw before the assessment has begun; the person may then be nominated anew."""
        self._move("withdrawn")

    def action_return(self, reason):
        """Return to the nominator for correction, with ``reason`` (required)."""
        self._move("returned", reason=reason)
        # sudo: the round that had begun ends; officers do not write rounds themselves.
        self.sudo().review_ids._end("returned")

    def action_accept(self):
        """Accept the papers (组织申报) and open the first round at the bureau of the place."""
        self._move("accepted")
        for application in self:
            application._open_round(application.bureau_id)

    def action_start_assessment(self):
        """Hand the case to the panel of its current round (专家考评)."""
        self._move("assessment")
        # sudo: assessments are the experts' own; the officer has only started them.
        self.sudo().review_id._open_assessments()

    def action_conclude_assessment(self):
        """Fix the panel's result: qualified for the review, or rejected with the reason."""
        for application in self:
            verdict, _reason = application.review_id._assessment_result()
            application._move(verdict)
            application.sudo().review_id._end(verdict)  # sudo: outcome is guarded, _move has checked

    def action_recommend(self):
        """Recommend a 技师 to the city, whose own round begins (资格确认)."""
        for application in self:
            city = application.bureau_id.city_id
            application._move("recommended")
            application.sudo().review_id._end("recommended")  # sudo: outcome is guarded, _move has checked
            application._open_round(city)

    def action_certify(self):
        """Issue the certificate (资格确认) and return it."""
        self._move("certified")
        # sudo: certificates are only written here, after the guard.
        return self.sudo().env["skill.cert.certificate"].create([
            application._prepare_certificate() for application in self
        ])

    def action_revoke(self, reason):
        """Cancel the qualification for fraud (notice, part 5), with ``reason``; a certificate falls with it."""
        self._move("revoked", reason=reason)
        case = self.sudo()  # sudo: certificate and round follow the state that _move has just set
        case.certificate_ids._revoke(reason)
        case.review_id._end("revoked")

    def action_ask_reason(self):
        """Open the dialogue that asks for a reason; ``reason_for`` in the context names the action."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_reason_wizard")
        return {**action, "context": {
            "default_application_ids": self.ids, "default_action": self.env.context.get("reason_for"),
        }}

    def _open_round(self, bureau):
        """Append a round at ``bureau``: it certifies, unless the level is 技师 and the bureau a county."""
        purpose = "recommend" if self.level == "technician" and bureau.level == "county" else "certify"
        # sudo: rounds are append-only and written by the procedure alone.
        return self.env["skill.cert.review"].sudo().create({
            "application_id": self.id, "bureau_id": bureau.id, "purpose": purpose,
        })

    def _prepare_certificate(self):
        return {
            "application_id": self.id,
            "bureau_id": self.handling_bureau_id.id,
            "number": self.handling_bureau_id._next_certificate_number(self.level, fields.Date.context_today(self)),
        }


class ApplicationAchievement(models.Model):
    """An achievement as the application claims it, and what the officers and experts found."""

    _name = "skill.cert.achievement"
    _description = "Claimed achievement"
    _inherit = ["skill.cert.achievement.mixin", "skill.cert.application.part"]
    _owner_field = "application_id"
    _evidence_table = "skill_cert_achievement_evidence_rel"

    source_id = fields.Many2one("hr.employee.achievement", ondelete="set null", copy=False, groups="hr.group_hr_user")
    evidence_ids = fields.Many2many(
        "ir.attachment", "skill_cert_achievement_evidence_rel", "achievement_id", "attachment_id", string="Evidence"
    )
    verified = fields.Selection(
        [("claimed", "Claimed"), ("verified", "Verified"), ("refused", "Refused")],
        "Verification", required=True, default="claimed", guarded=True, copy=False, readonly=True,
    )
    verified_by_id = fields.Many2one("res.users", guarded=True, copy=False, readonly=True, groups="wz_skill_cert.group_county_officer")
    refusal_reason = fields.Char(guarded=True, copy=False, readonly=True)

    def action_verify(self):
        """Record that the achievement is proven. For officers of the case and experts in its assessment."""
        self._set_verdict("verified", False)

    def action_refuse(self, reason):
        """Record that the achievement is not proven, with ``reason``: it no longer counts for eligibility."""
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why the achievement is refused."))
        self._set_verdict("refused", reason)

    def _set_verdict(self, verdict, reason):
        for achievement in self:
            achievement.application_id._check_verifier()
        # sudo: the verdict is guarded; the verifier has just been checked.
        self.sudo().write({"verified": verdict, "refusal_reason": reason, "verified_by_id": self.env.uid})

    def _counted_sql(self, alias):
        """A refused achievement counts for nothing."""
        return SQL("%s.verified != 'refused'", SQL.identifier(alias))

    def _check_attachments_open(self):
        self._check_application_open()


class History(models.Model):
    """A row of 主要工作简历, from the first job on."""

    _name = "skill.cert.application.history"
    _description = "Work history line"
    _inherit = ["skill.cert.application.part"]
    _order = "application_id, date_start, id"

    date_start = fields.Date("From", required=True)
    date_end = fields.Date("To", help="Empty: until now.")
    description = fields.Char("Unit and occupation", required=True)
    witness = fields.Char()

    _dates_ordered = models.Constraint("CHECK (date_end IS NULL OR date_start <= date_end)", "A line of the history ends before it begins.")


class Contribution(models.Model):
    """A row of 承担过关键技术岗位及在生产中技术革新…的情况."""

    _name = "skill.cert.application.contribution"
    _description = "Contribution"
    _inherit = ["skill.cert.application.part"]
    _order = "application_id, date_start, id"

    date_start = fields.Date("From", required=True)
    date_end = fields.Date("To", help="Empty: until now.")
    unit = fields.Char(required=True)
    description = fields.Char("Project and main content", required=True)
    result = fields.Char()
    witness = fields.Char()

    _dates_ordered = models.Constraint("CHECK (date_end IS NULL OR date_start <= date_end)", "A contribution ends before it begins.")
