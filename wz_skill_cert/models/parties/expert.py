from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ... import clock, formats

# Notice, part 4, 专家考评: who may sit on a panel. The other two sit only on committees.
EXPERT_QUALIFICATIONS = ("senior_engineer", "senior_technician", "senior_instructor", "senior_lecturer")
# What experts write on their own record, and nothing else: no rule depends on the phone, and the
# dates can only take the expert out of a draw.
SELF_FIELDS = {"phone", "unavailable_from", "unavailable_to"}
# An expert confirms the own record once a year [X].
CONFIRMED_FOR = timedelta(days=365)
# Work that the expert still owes.
OPEN_ASSESSMENTS = ("invited", "draft")


class Expert(models.Model):
    """A person of the pool from which panels and committees are made."""

    _name = "skill.cert.expert"
    _description = "Expert"
    _inherit = ["mail.thread", "skill.cert.guarded"]
    _order = "name, id"

    partner_id = fields.Many2one("res.partner", "Person", required=True, ondelete="restrict", index=True)
    # A copy: a user may change the own name, and a witness of that name would no longer be recognised.
    name = fields.Char("Full name", compute="_compute_name", store=True, readonly=False, precompute=True, tracking=True)
    code = fields.Char("Pool code", compute="_compute_code", help="Stays with the expert; a draw is replayed with it.")
    user_id = fields.Many2one(
        "res.users", "Login", ondelete="restrict", index=True, help="Needed to assess and to vote."
    )
    qualification = fields.Selection(
        [
            ("senior_engineer", "Senior engineer"),
            ("senior_technician", "Senior technician"),
            ("senior_instructor", "Senior practice instructor"),
            ("senior_lecturer", "Senior lecturer"),
            ("hr_head", "Head of an enterprise's human resources"),
            ("bureau_leader", "Bureau leader in charge"),
        ],
        required=True,
        tracking=True,
    )
    occupation_ids = fields.Many2many(
        "skill.cert.occupation", "skill_cert_expert_occupation_rel", "expert_id", "occupation_id", string="Occupations"
    )
    employer_id = fields.Many2one("res.partner", ondelete="restrict", domain=[("is_company", "=", True)], tracking=True)
    bureau_id = fields.Many2one(
        "skill.cert.bureau",
        "Pool of",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env.user.skill_cert_bureau_ids[:1],
    )
    phone = fields.Char("Mobile phone")
    is_expert = fields.Boolean("Counts as expert", compute="_compute_is_expert", store=True)
    available = fields.Boolean(default=True, help="Off: the bureau does not call on this person.")
    unavailable_from = fields.Date("Not available from")
    unavailable_to = fields.Date("Not available until", help="The last day; empty: until further notice.")
    available_today = fields.Boolean(
        "Available today", compute="_compute_available_today", search="_search_available_today"
    )
    confirmed_on = fields.Date("Confirmed on", guarded=True, copy=False, readonly=True)
    confirmation_due = fields.Boolean(
        "Confirmation due",
        compute="_compute_confirmation_due",
        search="_search_confirmation_due",
        help="The person has not confirmed the own record for a year.",
    )
    user_is_self = fields.Boolean(compute="_compute_user_is_self")
    active = fields.Boolean(default=True)

    assessment_ids = fields.One2many(
        "skill.cert.assessment", "expert_id", "Assessments", groups="wz_skill_cert.group_county_officer"
    )
    seat_ids = fields.One2many(
        "skill.cert.session.seat", "expert_id", "Seats", groups="wz_skill_cert.group_county_officer"
    )
    # For officers only: a count that is higher than what one sees would tell that there is a case one may not see.
    open_count = fields.Integer(
        "Assessments open", compute="_compute_load", store=True, groups="wz_skill_cert.group_county_officer"
    )
    assessment_count = fields.Integer(
        "Assessments so far", compute="_compute_load", store=True, groups="wz_skill_cert.group_county_officer"
    )
    seat_count = fields.Integer(
        "Sessions so far", compute="_compute_seat_count", store=True, groups="wz_skill_cert.group_county_officer"
    )

    _person_once = models.Constraint("UNIQUE (partner_id, bureau_id)", "This person is already in the bureau's pool.")
    _login_once = models.UniqueIndex(
        "(user_id) WHERE user_id IS NOT NULL", "This login already belongs to another expert."
    )
    _days_ordered = models.Constraint(
        "CHECK (unavailable_to IS NULL OR unavailable_from IS NULL OR unavailable_from <= unavailable_to)",
        "The last day of the absence lies before its first.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("partner_id")
    def _compute_name(self):
        for expert in self:
            expert.name = expert.partner_id.name

    def _compute_code(self):
        for expert in self:
            expert.code = f"E{expert.id or 0:06d}"

    @api.depends("qualification")
    def _compute_is_expert(self):
        for expert in self:
            expert.is_expert = expert.qualification in EXPERT_QUALIFICATIONS

    @api.depends("available", "unavailable_from", "unavailable_to")
    def _compute_available_today(self):
        available = self.filtered_domain(self._available_domain())
        for expert in self:
            expert.available_today = expert in available

    def _search_available_today(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain(self._available_domain())
        return domain if True in value else ~domain

    def _available_domain(self):
        """Called upon, and not within an absence: either end of it may be open."""
        today = clock.today()
        return [
            ("available", "=", True),
            "|", "|",
            "&", ("unavailable_from", "=", False), ("unavailable_to", "=", False),
            ("unavailable_from", ">", today),
            ("unavailable_to", "<", today),
        ]  # fmt: skip

    @api.depends("confirmed_on")
    def _compute_confirmation_due(self):
        since = clock.today() - CONFIRMED_FOR
        for expert in self:
            expert.confirmation_due = not expert.confirmed_on or expert.confirmed_on < since

    def _search_confirmation_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = Domain("confirmed_on", "=", False) | Domain("confirmed_on", "<", clock.today() - CONFIRMED_FOR)
        return due if True in value else ~due

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_user_is_self(self):
        for expert in self:
            expert.user_is_self = expert.user_id == self.env.user

    @api.depends("assessment_ids.state", "assessment_ids.review_id.outcome")
    def _compute_load(self):
        """Count in one query for any number of experts; a decided round leaves nothing open."""
        rows = self.env["skill.cert.assessment"]._read_group(
            [("expert_id", "in", self.ids)], ["expert_id", "state", "review_id.outcome"], ["__count"]
        )
        for expert in self:
            own = [(state, outcome, number) for who, state, outcome, number in rows if who.id == expert._origin.id]
            expert.assessment_count = sum(number for state, _outcome, number in own)
            expert.open_count = sum(
                number for state, outcome, number in own if state in OPEN_ASSESSMENTS and outcome == "pending"
            )

    @api.depends("seat_ids")
    def _compute_seat_count(self):
        rows = self.env["skill.cert.session.seat"]._read_group(
            [("expert_id", "in", self.ids)], ["expert_id"], ["__count"]
        )
        numbers = {expert.id: number for expert, number in rows}
        for expert in self:
            expert.seat_count = numbers.get(expert._origin.id, 0)

    # ------------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        """Create; a name without a person (an import, mostly) enters the person, too, unless the pool knows it."""
        for vals in vals_list:
            if vals.get("name") and not vals.get("partner_id"):
                vals["partner_id"] = self._enter_person(vals).id
        return super().create(vals_list)

    def _enter_person(self, vals):
        self.check_access("create")
        # sudo: of people outside the pools, an officer enters these only; the record's own rule follows in create().
        experts = self.sudo().with_context(active_test=False)
        bureau = vals.get("bureau_id") or self.default_get(["bureau_id"]).get("bureau_id")
        same = [("name", "=", vals["name"]), ("bureau_id", "=", bureau), ("employer_id", "=", vals.get("employer_id"))]
        if experts.search_count(same, limit=1):
            raise UserError(self.env._("%s of this employer is already in the pool.", vals["name"]))
        return experts.env["res.partner"].create({"name": vals["name"]})

    def write(self, vals):
        """Write; on their own record people write nothing but SELF_FIELDS, officers included. Raises AccessError."""
        self._refuse_guarded(set(vals))
        if not self.env.su and set(vals) - SELF_FIELDS and self.env.user in self.sudo().user_id:  # sudo: yes or no
            raise AccessError(
                self.env._(
                    "Of your own record you change the phone and the days of absence. The bureau changes the rest."
                )
            )
        return super().write(vals)

    @api.constrains("phone")
    def _check_phone(self):
        if any(expert.phone and not formats.is_mobile(expert.phone) for expert in self):
            raise ValidationError(self.env._("The mobile phone number has 11 digits and starts with 13 to 19."))

    @api.constrains("qualification", "user_id")
    def _check_places(self):
        """Whoever sits on an appointed panel or committee keeps what that place asks for."""
        # sudo: the place may be at another bureau; only the refusal leaves here.
        panels, members = self.env["skill.cert.panel"].sudo(), self.env["skill.cert.committee.member"].sudo()
        panels.search([("member_ids.expert_id", "in", self.ids)])._check_composition()
        members.search([("expert_id", "in", self.ids), ("committee_id.state", "=", "appointed")])._check_role()

    # ------------------------------------------------------------------ actions

    def action_confirm(self):
        """Confirm the own record for a year. Raises AccessError for anybody else's."""
        self.check_access("read")
        if any(expert.user_id != self.env.user for expert in self):
            raise AccessError(self.env._("Everyone confirms the own record only."))
        self.sudo().confirmed_on = clock.today()  # sudo: guarded; it is the user's own, as just checked

    @api.model
    def action_my_record(self):
        """Open the user's own record of the pool. Raises UserError where there is none."""
        expert = self.search([("user_id", "=", self.env.uid)], limit=1)
        if not expert:
            raise UserError(self.env._("You are in no pool of experts yet. Please ask the bureau."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My record"),
            "res_model": self._name,
            "views": [(False, "form")],
            "res_id": expert.id,
        }

    @api.model
    def get_import_templates(self):
        """Offer a sheet with the headings that the import knows."""
        return [
            {
                "label": self.env._("Import template for experts"),
                "template": "/wz_skill_cert/static/import/experts.csv",
            }
        ]


class ExpertPlace(models.AbstractModel):
    """A line that names an expert: only one whom the user sees, or the line would tell the name of any other.

    Constraints run as superuser and would not notice.
    """

    _name = "skill.cert.expert.place"
    _description = "Place of an expert"
    _inherit = ["skill.cert.discreet"]
    _place_of = None
    _expert_field = "expert_id"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; only with experts of the pools that the user sees."""
        self._check_pools(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Write; a member stays with the panel or committee: a move would leave that one without checking it."""
        self._check_pools([vals])
        if self._place_of in vals and any(place[self._place_of].id != vals[self._place_of] for place in self):
            raise UserError(self.env._("A member stays where it is. Remove it there and add a new one here."))
        return super().write(vals)

    def _check_pools(self, vals_list):
        default = self.env.context.get(f"default_{self._expert_field}")
        experts = {vals.get(self._expert_field, default) for vals in vals_list} - {None, False}
        self.env["skill.cert.expert"].browse(experts).check_access("read")
