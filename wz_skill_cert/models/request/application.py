from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ... import clock, formats, workflow
from ...workflow import NOMINATOR, OFFICER, PARTY_GROUPS, ask
from ..ledger.achievement import JUDGED_BY
from ..rules.selections import EDUCATIONS, LEVELS, SEXES

# The columns of its own table at which the record rules of this model begin.
RULED_BY = ("nominator_id", "reported_bureau_id")
# Fields that are not content: who handles the case, and what mail.thread keeps.
CASE_FIELDS = {"officer_id", "assess_on", "assess_place"}
CASE_PREFIXES = ("message_", "activity_", "my_activity_", "website_message_")


class Application(models.Model):
    """One person's application for direct recognition (附件1), from draft to certificate.

    It holds a copy of all that it states: later changes of the employee, the unit or the
    ledger change nothing that was submitted.
    """

    _name = "skill.cert.application"
    _description = "Application"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "skill.cert.guarded",
        "skill.cert.last.change",
        "skill.cert.attachment.owner",
    ]
    _case_column = "id"
    _order = "id desc"
    _rec_names_search = ["name", "applicant_name"]
    _owns_files_of_fields_only = True
    # Writing access, which nominators keep after the submission and experts never have, decides
    # who posts and follows: the nominator would read the experts' names.
    _mail_post_access = "write"

    name = fields.Char(
        "Number", guarded=True, copy=False, readonly=True, index="trigram", help="Given at the first submission."
    )
    state = fields.Selection(
        workflow.labels(),
        required=True,
        group_expand="_expand_states",
        default="draft",
        guarded=True,
        copy=False,
        readonly=True,
        index=True,
        tracking=True,
    )
    level = fields.Selection(LEVELS, "Level applied for", required=True, default="senior_worker", tracking=True)
    campaign_id = fields.Many2one(
        "skill.cert.campaign",
        ondelete="restrict",
        index=True,
        default=lambda self: self.env["skill.cert.campaign"]._current(),
    )
    policy_id = fields.Many2one(related="campaign_id.policy_id", store=True, guarded=True)
    submission_id = fields.Many2one(
        "skill.cert.submission", "Summary sheet", ondelete="set null", index=True, copy=False
    )
    occupation_id = fields.Many2one(
        "skill.cert.occupation",
        "Occupation applied for",
        ondelete="restrict",
        index=True,
        domain=[("in_scope", "=", True)],
    )

    # As they were called when the case was last submitted. The records may be corrected and renamed, what was submitted is not.
    occupation_name = fields.Char(
        "Occupation as stated", compute="_compute_occupation_name", store=True, precompute=True
    )
    occupation_code = fields.Char(
        "Code of the occupation", compute="_compute_occupation_name", store=True, precompute=True
    )
    bureau_name = fields.Char("Bureau as stated", compute="_compute_bureau_name", store=True)
    nominator_name = fields.Char("Nominator as stated", compute="_compute_nominator_name", store=True, precompute=True)

    # parties
    nominator_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env["res.users"]._only_own_unit(),
        help="The enterprise or industry association that recommends the applicant.",
    )
    employer_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        index=True,
        compute="_compute_employer_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    bureau_id = fields.Many2one(
        "skill.cert.bureau",
        "Bureau of the place",
        ondelete="restrict",
        index=True,
        tracking=True,
        compute="_compute_bureau_id",
        store=True,
        guarded=True,
        help="The bureau of the employer's place. From the submission on, another one only by a handing over.",
    )
    # Empty where it was submitted before this was kept.
    place_bureau_id = fields.Many2one(
        "skill.cert.bureau",
        "Employer's bureau at the submission",
        ondelete="restrict",
        guarded=True,
        copy=False,
        readonly=True,
    )
    transferred_from_id = fields.Many2one(
        "skill.cert.bureau", "Handed over by", ondelete="restrict", guarded=True, copy=False, readonly=True
    )
    city_id = fields.Many2one(related="bureau_id.city_id", string="City bureau", store=True, index=True, guarded=True)
    # Whose officers read the case, and with them those of the city. Stored, so that their record rules are one indexed
    # lookup among all cases of all years.
    reported_bureau_id = fields.Many2one(
        "skill.cert.bureau",
        "Reported to",
        compute="_compute_reported_bureau_id",
        store=True,
        guarded=True,
        help="The bureau of the place, from the first submission on.",
    )
    handling_bureau_id = fields.Many2one(
        "skill.cert.bureau",
        "Now handled by",
        compute="_compute_handling_bureau_id",
        store=True,
        index=True,
        guarded=True,
    )
    officer_id = fields.Many2one(
        "res.users",
        "Officer in charge",
        index=True,
        copy=False,
        tracking=True,
        groups="wz_skill_cert.group_county_officer",
    )
    user_is_nominator = fields.Boolean(compute="_compute_user_parties")
    user_is_officer = fields.Boolean(compute="_compute_user_parties")

    # the person, 附件1 page 3
    employee_id = fields.Many2one(
        "hr.employee", ondelete="set null", index="btree_not_null", copy=False, groups="hr.group_hr_user"
    )
    applicant_name = fields.Char("Applicant", tracking=True, limit=100)
    id_number = fields.Char(
        "ID number",
        copy=False,
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
        limit=40,
    )
    id_number_masked = fields.Char("ID number (masked)", compute="_compute_id_number_masked", store=True, guarded=True)
    sex = fields.Selection(SEXES, compute="_compute_from_id_number", store=True, readonly=False, precompute=True)
    # Beside the masked number, the day leaves two numbers: it is for those who may see the number.
    birth_date = fields.Date(
        "Date of birth",
        compute="_compute_from_id_number",
        store=True,
        readonly=False,
        precompute=True,
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )
    birth_year = fields.Integer("Year of birth", compute="_compute_birth_year", compute_sudo=True)
    education = fields.Selection(EDUCATIONS)
    phone = fields.Char(
        "Mobile phone", groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer", limit=40
    )
    photo = fields.Image(
        "Photo (2 inch)",
        max_width=826,
        max_height=1158,
        copy=False,
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )
    career_start = fields.Date("In work since")
    current_occupation = fields.Char("Present occupation", limit=100)
    occupation_start = fields.Date("In this occupation since")
    occupation_years = fields.Integer("Years in the occupation", compute="_compute_occupation_years")
    job = fields.Char("Present post")
    held_level = fields.Char("Vocational qualification held", limit=100)
    held_issuer = fields.Char("Issued by", limit=100)
    held_on = fields.Date("Issued on")
    title_name = fields.Char("Professional title held", limit=100)
    title_date = fields.Date("Appointed on")
    technical_specialty = fields.Char("Technical specialty", limit=500)
    summary = fields.Text(
        "Personal summary", help="Professional ethics, skills in production and results at work.", limit=8_000
    )
    mentoring = fields.Text("Apprentices and training", limit=8_000)

    # the employer as it was then, 附件2
    employer_name = fields.Char(compute="_compute_employer_facts", store=True, readonly=False, precompute=True)
    employer_address = fields.Char(compute="_compute_employer_facts", store=True, readonly=False, precompute=True)
    employer_assets = fields.Float(
        "Assets (10,000 yuan)",
        digits=(16, 2),
        compute="_compute_employer_facts",
        store=True,
        readonly=False,
        precompute=True,
    )
    employer_sales = fields.Float(
        "Annual sales (10,000 yuan)",
        digits=(16, 2),
        compute="_compute_employer_facts",
        store=True,
        readonly=False,
        precompute=True,
    )
    employer_headcount = fields.Integer(
        "Headcount", compute="_compute_employer_facts", store=True, readonly=False, precompute=True
    )
    contact_name = fields.Char("Contact", limit=100)
    contact_phone = fields.Char("Contact phone", limit=100)
    recommendation = fields.Text("Recommendation of the unit", limit=8_000)
    # The sheet gives a number of years and an amount, 附件1 asks for the day and the achievement. Neither is made up
    # from the number: it is printed until the fact is entered, and proves nothing.
    stated_career_years = fields.Integer(
        "Years in work (as stated)", help="From an imported summary sheet; shown until “In work since” is filled in."
    )
    stated_benefit = fields.Float(
        "Benefit (as stated, 10,000 yuan)",
        digits=(16, 2),
        help="From an imported summary sheet; shown until an achievement gives the amount. It meets no condition.",
    )
    annual_benefit = fields.Float(
        "Benefit created (10,000 yuan)",
        digits=(16, 2),
        compute="_compute_annual_benefit",
        store=True,
        guarded=True,
    )

    achievement_ids = fields.One2many("skill.cert.achievement", "application_id", "Achievements", copy=True)
    material_ids = fields.One2many("skill.cert.material", "application_id", "Materials")
    history_ids = fields.One2many("skill.cert.application.history", "application_id", "Work history", copy=True)
    contribution_ids = fields.One2many(
        "skill.cert.application.contribution", "application_id", "Contributions", copy=True
    )

    # eligibility
    is_eligible = fields.Boolean("Meets a condition", compute="_compute_eligibility")
    eligibility = fields.Text(compute="_compute_eligibility")
    first_condition_id = fields.Many2one("skill.cert.condition", "First condition met", compute="_compute_eligibility")

    # the case
    submitted_on = fields.Datetime("Submitted on", guarded=True, copy=False, readonly=True)
    decided_on = fields.Datetime("Decided on", guarded=True, copy=False, readonly=True)
    reason = fields.Text(
        guarded=True,
        copy=False,
        readonly=True,
        tracking=True,
        help="Why it was returned, rejected or revoked.",
    )
    rejected_at = fields.Selection(
        [("assessment", "Assessment"), ("review", "Review")], "Rejected at", guarded=True, copy=False, readonly=True
    )
    review_ids = fields.One2many(
        "skill.cert.review", "application_id", "Rounds", copy=False, groups="wz_skill_cert.group_county_officer"
    )
    review_id = fields.Many2one(
        "skill.cert.review",
        "Current round",
        compute="_compute_review_id",
        store=True,
        guarded=True,
        groups="wz_skill_cert.group_county_officer",
    )

    # One person, occupation and level once in a campaign; a withdrawn one frees the place.
    _once_a_campaign = models.UniqueIndex(
        f"(campaign_id, id_number, occupation_id, level) WHERE state IN {workflow.states('placed')}",
        "This person already has an application for this occupation and level in this campaign.",
    )

    # The first page of a unit's or bureau's own cases, newest first, and their count, without reading all of them.
    _by_nominator = models.Index("(nominator_id, id DESC)")
    _by_reported_bureau = models.Index("(reported_bureau_id, id DESC)")
    user_may_edit = fields.Boolean(compute="_compute_user_may_edit")
    nominator_choice_ids = fields.Many2many("res.partner", compute="_compute_nominator_choice_ids")
    employer_choice_ids = fields.Many2many("res.partner", compute="_compute_employer_choice_ids")
    round_purpose = fields.Selection(related="review_id.purpose", groups="wz_skill_cert.group_county_officer")
    user_may_verify = fields.Boolean(compute="_compute_user_may_verify")

    # ------------------------------------------------------------------ computes

    @api.depends("nominator_id")
    def _compute_employer_id(self):
        for application in self:
            if application.nominator_id.skill_cert_unit == "association":
                application.employer_id = application.employer_id
            else:
                application.employer_id = application.nominator_id

    # Without the records' own names among what they depend on: another record brings its name, a correction of it does not.
    @api.depends("occupation_id")
    def _compute_occupation_name(self):
        for application in self:
            occupation = application.occupation_id
            application.occupation_name, application.occupation_code = occupation.name, occupation.code

    @api.depends("bureau_id")
    def _compute_bureau_name(self):
        for application in self:
            application.bureau_name = application.bureau_id.name

    @api.depends("nominator_id")
    def _compute_nominator_name(self):
        for application in self:
            application.nominator_name = application.nominator_id.name

    def _names_of_today(self):
        """Return what the submission states of the records that it names."""
        return {
            "occupation_name": self.occupation_id.name,
            "occupation_code": self.occupation_id.code,
            "bureau_name": self.bureau_id.name,
            "nominator_name": self.nominator_id.name,
        }

    @api.depends("employer_id")
    def _compute_employer_facts(self):
        for application in self:
            employer = application.employer_id
            application.employer_name = employer.name
            application.employer_address = employer._skill_cert_address() if employer else False
            application.employer_assets = employer.enterprise_assets
            application.employer_sales = employer.enterprise_sales
            application.employer_headcount = employer.enterprise_headcount

    @api.depends("bureau_id", "submitted_on")
    def _compute_reported_bureau_id(self):
        for application in self:
            application.reported_bureau_id = application.bureau_id if application.submitted_on else False

    @api.depends("review_ids")
    def _compute_review_id(self):
        for application in self:
            application.review_id = application.review_ids.sorted("id")[-1:]

    @api.depends("nominator_id", "employer_id", "handling_bureau_id")
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

    @api.depends("birth_date")
    def _compute_birth_year(self):
        for application in self:
            application.birth_year = application.birth_date and application.birth_date.year

    @api.depends("occupation_start", "submitted_on")
    def _compute_occupation_years(self):
        for application in self:
            until = application.submitted_on or clock.today()
            application.occupation_years = clock.years_between(application.occupation_start, until)

    @api.depends("achievement_ids.annual_benefit", "stated_benefit")
    def _compute_annual_benefit(self):
        for application in self:
            claimed = max(application.achievement_ids.mapped("annual_benefit"), default=0)
            application.annual_benefit = claimed or application.stated_benefit

    @api.depends(
        "level",
        "policy_id",
        "achievement_ids.verified",
        *JUDGED_BY,
    )
    def _compute_eligibility(self):
        self.is_eligible = False
        self.eligibility = False
        self.first_condition_id = False
        # A form that is being filled in is judged by what stands in it, saved or not.
        for (policy, _saved), applications in self.grouped(
            lambda application: (application.policy_id._origin, bool(application.id))
        ).items():
            verdicts = policy._evaluate(applications) if policy else {}
            for application in applications:
                verdict = verdicts.get(application.id, {}).get(application.level)
                application.is_eligible = bool(verdict and verdict.met)
                application.first_condition_id = verdict.met[:1] if verdict else False
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
            return self.env._(
                "The ID number is wrong: it needs 18 characters and the right check digit. Please compare it with the card."
            )
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
            if defect := application._phone_defect():
                raise ValidationError(defect)

    def _phone_defect(self):
        if not self.phone or formats.is_mobile(self.phone):
            return False
        return self.env._("The mobile phone number has 11 digits and starts with 13 to 19.")

    @api.constrains("officer_id")
    def _check_officer_id(self):
        for application in self.sudo().filtered("officer_id"):  # sudo: who the officers are is hidden from nominators
            if application.officer_id not in application.handling_bureau_id.user_ids:
                raise ValidationError(application._party_refusal(OFFICER))

    @api.constrains("campaign_id")
    def _check_campaign(self):
        self.campaign_id._check_takes()

    @api.constrains("employer_id", "nominator_id")
    def _check_employer(self):
        # Notice, part 4, 组织申报 推荐
        for application in self:
            if defect := application._nomination_defect():
                raise ValidationError(defect)

    @api.constrains("employer_id")
    def _check_place_kept(self):
        """A case that was returned stays with its bureau: an employer of another place is another case (part 3, 属地)."""
        for application in self.filtered("place_bureau_id"):
            place = application.place_bureau_id
            if application.employer_id.skill_cert_bureau_id != place:
                raise ValidationError(
                    self.env._(
                        "%(application)s was submitted to %(bureau)s; this employer belongs to another bureau. Withdraw it and"
                        " nominate the person anew, or ask the bureau to hand it over.",
                        application=application.display_name,
                        bureau=place.name,
                    )
                )

    def _nomination_defect(self):
        """Return why the unit does not nominate the employer's staff today, or False: asked at each step, not only once."""
        # sudo: membership of the association is not readable by everyone who may write here.
        nominator, employer = self.sudo().nominator_id, self.sudo().employer_id
        for unit in nominator | employer:
            if not unit.active:
                return self.env._("%s is archived and nominates nobody.", unit.name)
        if employer and employer != nominator and nominator not in employer.association_ids:
            return self.env._(
                "%(employer)s is not a member of %(nominator)s. A unit nominates its own staff, an association those of its members.",
                employer=employer.name,
                nominator=nominator.name,
            )
        return False

    @api.constrains("submission_id", "nominator_id", "campaign_id", "employer_id")
    def _check_submission(self):
        # Not the bureau, which follows an employer that moves: then the sheet is seen to (_take_drafts_along).
        # What was handed over stays on the sheet with which it was reported.
        for application in self.filtered(
            lambda application: application.submission_id and not application.submitted_on
        ):
            sheet = application.submission_id
            if any(application[name] != sheet[name] for name in ("nominator_id", "campaign_id", "bureau_id")):
                raise ValidationError(
                    self.env._(
                        "%s does not belong on this sheet: unit, campaign and bureau must be the same.",
                        application.display_name,
                    )
                )

    # ------------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts with the policy's checklist. The ID number is stored half-width and upper-case."""
        for vals in vals_list:
            self._normalise_vals(vals)
        applications = super().create(vals_list)
        if not self.env.su:
            applications.submission_id._check_draft()
            # Also by a default. sudo: officer_id is not a nominator's to read; only a refusal leaves here.
            planned = applications.sudo().filtered(lambda application: any(application[name] for name in CASE_FIELDS))
            planned.with_env(self.env)._check_party(OFFICER)
        applications._add_missing_materials()
        workflow.follow(applications, "create")
        return applications

    def _read_group_groupby(self, alias, groupby_spec, query):
        workflow.require(self, "group", groupby_spec)
        if computed := workflow.COMPUTED_GROUPS.get((self._name, groupby_spec)):
            return getattr(self, computed)(alias, query)
        return super()._read_group_groupby(alias, groupby_spec, query)

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        """Search; a page comes with what the record rules judge again when it is read, or it would be fetched twice."""
        names = field_names if field_names is None else [*field_names, *RULED_BY]
        return super().search_fetch(domain, names, offset=offset, limit=limit, order=order)

    def write(self, vals):
        """Write; content is refused once the application is submitted."""
        self._refuse_guarded(set(vals))
        self._normalise_vals(vals)
        if not self.env.su:
            self._check_writable(vals)
        result = super().write(vals)
        if "campaign_id" in vals:
            # Another campaign may ask for other papers.
            self._add_missing_materials()
        elif "material_ids" in vals:
            # A row that needs a file stays, whoever deletes it.
            self._add_missing_materials(only_required=True)
        return result

    def _check_writable(self, vals):
        if any(self._is_content(name) for name in vals):
            self._check_content_open()
            self._check_new_place(vals)
        if CASE_FIELDS & set(vals):
            self._check_party(OFFICER)
            workflow.require(self, "plan", vals)
        if "submission_id" in vals:
            # Neither onto a sheet that has been reported nor off it.
            (self.submission_id | self.submission_id.browse(vals["submission_id"] or ()))._check_draft()

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unnumbered_drafts(self):
        if any(application.state != "draft" or application.name for application in self):
            raise UserError(
                self.env._("Only a draft that was never submitted can be deleted. Withdraw the application instead.")
            )

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
            if application.state not in workflow.states("open"):
                raise UserError(
                    self.env._(
                        "%s has been submitted: its content is fixed. Ask the bureau to return it if it must be corrected.",
                        application.display_name,
                    )
                )
            application._check_party(NOMINATOR)

    def _check_attachments_open(self):
        self._check_content_open()

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Follow; not with reading access alone, or the nominator would see which experts follow."""
        self.check_access("write")
        return super().message_subscribe(partner_ids, subtype_ids)

    def _add_missing_materials(self, only_required=False):
        """Add the rows of the policy's checklist (附件3) that the applications do not have yet: in one go for all."""
        self.env["skill.cert.material"].create(
            [
                application._material_vals(template)
                for application in self
                for template in application.policy_id.material_template_ids - application.material_ids.template_id
                if template.required or not only_required
            ]
        )

    def _material_vals(self, template):
        return {
            "application_id": self.id,
            "template_id": template.id,
            "sequence": template.sequence,
            "name": template.name,
            "remark": template.remark,
        }

    def _achievement_model(self):
        return self.env["skill.cert.achievement"]

    # ------------------------------------------------------------------ the one way to a state

    def _move(self, target, **vals):
        """Move to ``target`` along TRANSITIONS, or raise: the only place where a state changes.

        What else a step brings with it stands in CONSEQUENCES; each is told the ``target`` and {id: state before}.
        """
        # Nobody locks what is not theirs, or learns from the lock that it exists.
        self.check_access("read")
        # The rows are locked first: of two officers who press at once, the second is told.
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        for party, applications in self.grouped(lambda application: application._transition_to(target).party).items():
            applications._check_party(party)
        before = {application.id: application.state for application in self}
        workflow.follow(self, "leave", target)
        self._take_step(target, vals)
        workflow.follow(self, "move", target, before)

    def _take_step(self, target, vals):
        steps = {application: application._checked_step(target, vals) for application in self}
        for jointly, applications in self.grouped(
            lambda application: application._transition_to(target).jointly
        ).items():
            if jointly:
                getattr(applications, jointly)()
        # Hundreds take the same step when a session opens or closes: one write for those with the same values.
        for step, applications in self.grouped(lambda application: tuple(steps[application].items())).items():
            # sudo: the state is guarded; party and guard of the step have just been checked.
            applications.sudo().write({**dict(step), "state": target})

    def _checked_step(self, target, vals):
        """Return the values of the step after its guard has agreed, which may add to them."""
        guard, step = self._transition_to(target).guard, dict(vals)
        if guard:
            getattr(self, guard)(target, step)
        return step

    def _guard_reason(self, target, vals):
        if not (vals.get("reason") or "").strip():
            raise UserError(self.env._("Please give the reason: the nominator will read it."))

    def _transition_to(self, target):
        for transition in workflow.TRANSITIONS:
            if self.state in transition.sources and transition.target == target:
                return transition
        return self._refuse_step(target)

    def _refuse_step(self, target):
        states = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(application)s is in state “%(state)s” and cannot become “%(target)s”.",
                application=self.display_name,
                state=states[self.state],
                target=states[target],
            )
        )

    def _is_party(self, party):
        """Tell whether the user is ``nominator`` of the unit or ``officer`` of the bureau that handles the case, as of now."""
        self.ensure_one()
        if not self.env.user.has_group(PARTY_GROUPS[party]):
            return False
        # sudo: who acts for a unit or bureau is not readable by outsiders; only yes or no leaves here.
        application = self.sudo()
        if party == OFFICER:
            return self.env.user in application.handling_bureau_id.user_ids
        return self.env.user in application.nominator_id.nominator_user_ids and not self._nomination_defect()

    def _check_party(self, party):
        self.check_access("read")
        for application in self:
            if not application._is_party(party):
                raise AccessError(application._party_refusal(party))
        if party == OFFICER:
            workflow.require(self, "officiate")

    def _party_refusal(self, party):
        if party == NOMINATOR:
            refusal = self.env._("%s: only its nominator may do this.", self.display_name)
            # sudo: the user's own right; whoever is not the nominator is not told why the nominator may not either.
            nominates = self.env.user in self.sudo().nominator_id.nominator_user_ids
            return (nominates and self._nomination_defect()) or refusal
        return self.env._(
            "%(application)s: only an officer of %(bureau)s may do this now.",
            application=self.display_name,
            bureau=self.sudo().handling_bureau_id.name,  # sudo: a bureau's name is public
        )

    @api.depends("state", "user_is_nominator")
    @api.depends_context("uid")
    def _compute_user_may_edit(self):
        for application in self:
            application.user_may_edit = workflow.row(application.state).open and application.user_is_nominator

    @api.depends_context("uid")
    def _compute_nominator_choice_ids(self):
        self.nominator_choice_ids = self.env["res.users"]._own_units()

    @api.depends("nominator_id")
    def _compute_employer_choice_ids(self):
        for application in self:
            nominator = application.nominator_id
            # sudo: the members of one's own association.
            members = nominator.sudo().association_member_ids.with_env(self.env)
            application.employer_choice_ids = nominator | members

    def action_leave_sheet(self):
        """Take the application off its sheet, which must be a draft."""
        self.write({"submission_id": False})

    def action_check_materials(self):
        """Open the checklist on its own: the officer ticks what was seen while the application stays closed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_material_check")
        return {**action, "domain": [("application_id", "=", self.id)], "context": {}}

    @api.depends("state", "handling_bureau_id")
    @api.depends_context("uid")
    def _compute_user_may_verify(self):
        for application in self:
            application.user_may_verify = workflow.row(application.state).verifiable and application._is_verifier()

    def _is_verifier(self):
        """Tell whether the user handles the case or assesses it now: the one who verifies or refuses achievements."""
        return any(ask(self, "verifies"))

    def _check_verifier(self):
        """Raise unless the user handles the case or assesses it now, and it is a case whose achievements are judged."""
        self.ensure_one()
        if not workflow.row(self.state).verifiable:
            raise UserError(
                self.env._("%s: achievements are verified between submission and review.", self.display_name)
            )
        if not self._is_verifier():
            self._check_party(OFFICER)
