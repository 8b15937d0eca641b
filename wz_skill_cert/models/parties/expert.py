from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ... import clock, formats
from ...workflow import require
from ..rules.policy import EXPERT_QUALIFICATIONS

# What experts write on their own record, and nothing else: no rule depends on the phone, and the
# dates can only take the expert out of a draw.
SELF_FIELDS = {"phone", "unavailable_from", "unavailable_to"}
# An expert confirms the own record once a year [X].
CONFIRMED_FOR = timedelta(days=365)


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
        default=lambda self: self.env["res.users"]._only_own_bureau(),
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

    # ------------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        """Create; a name without a person (an import, mostly) enters the person, too, unless the pool knows it."""
        self._check_lengths(vals_list)
        for vals in vals_list:
            if vals.get("name") and not vals.get("partner_id"):
                vals["partner_id"] = self._enter_person(vals).id
        experts = super().create(vals_list)
        experts._trace_logins({})
        return experts

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
        # sudo: whose login it was is for the trail; whoever writes it need not read users.
        before = {expert: expert.user_id for expert in self.sudo()} if "user_id" in vals else {}
        losing = self.filtered(lambda expert: expert.user_id and expert.user_id.id != vals["user_id"]) if before else []
        if losing:
            require(losing, "change_login")
        result = super().write(vals)
        if before:
            self._trace_logins(before)
        return result

    def _trace_logins(self, before):
        """Leave an entry for each of these whose login is another than ``before`` ({expert: user})."""
        nobody = self.env["res.users"]
        # sudo: as in write.
        changes = [(expert, before.get(expert, nobody), expert.user_id) for expert in self.sudo()]
        entries = [
            (expert, {"from": old.login or "–", "to": new.login or "–"}) for expert, old, new in changes if old != new
        ]
        self.env["skill.cert.trail"]._record_each("login", entries)

    @api.constrains("phone")
    def _check_phone(self):
        if any(expert.phone and not formats.is_mobile(expert.phone) for expert in self):
            raise ValidationError(self.env._("The mobile phone number has 11 digits and starts with 13 to 19."))

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
