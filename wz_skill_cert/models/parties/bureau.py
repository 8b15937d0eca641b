from odoo import api, fields, models
from odoo.fields import Domain


class Bureau(models.Model):
    """A county's bureau of human resources, or the city's appraisal centre (notice, part 3, 属地)."""

    _name = "skill.cert.bureau"
    _description = "Bureau"
    _order = "code"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True)
    code = fields.Char("Division code", required=True, size=6, help="GB/T 2260, six digits.")
    level = fields.Selection(
        [("county", "County"), ("city", "City")], "Kind of bureau", required=True, default="county"
    )
    parent_id = fields.Many2one(
        "skill.cert.bureau", "City bureau", domain=[("level", "=", "city")], ondelete="restrict"
    )
    city_id = fields.Many2one(
        "skill.cert.bureau",
        compute="_compute_city_id",
        store=True,
        index=True,
        recursive=True,
        help="The city bureau above this one; a city bureau itself.",
    )
    issuer = fields.Char(
        "Name on certificates",
        compute="_compute_issuer",
        store=True,
        readonly=False,
        help="The authority printed as the issuer.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "skill_cert_bureau_user_rel",
        "bureau_id",
        "user_id",
        string="Officers",
        groups="wz_skill_cert.group_county_officer,wz_skill_cert.group_manager,base.group_erp_manager",
        help="Only these users act for the bureau and see its applications.",
    )
    # For record rules: asked anew in every request, so that a right works and ends at once.
    user_acts = fields.Boolean(
        "I act for it", compute="_compute_user_rights", search="_search_user_acts", compute_sudo=True
    )
    user_oversees = fields.Boolean(
        "I oversee it", compute="_compute_user_rights", search="_search_user_oversees", compute_sudo=True
    )
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE (code)", "There is already a bureau with this division code.")
    _code_digits = models.Constraint("CHECK (code ~ '^[0-9]{6}$')", "A division code has six digits.")
    _county_has_city = models.Constraint(
        "CHECK (level = 'city' OR parent_id IS NOT NULL)", "A county bureau needs the city bureau above it."
    )

    @api.depends("level", "parent_id.city_id")
    def _compute_city_id(self):
        for bureau in self:
            bureau.city_id = bureau if bureau.level == "city" else bureau.parent_id

    @api.depends("user_ids", "city_id.user_ids")
    @api.depends_context("uid")
    def _compute_user_rights(self):
        own = self.env["res.users"]._own_numbers("acted_bureau_numbers")
        overseen = self.env["res.users"]._own_numbers("overseen_bureau_numbers")
        for bureau in self:
            bureau.user_acts = bureau._origin.id in own
            bureau.user_oversees = bureau._origin.id in overseen

    def _search_user_acts(self, operator, value):
        own = self.env["res.users"]._own_numbers("acted_bureau_numbers")
        return Domain("id", "in", own) if operator == "in" and True in value else NotImplemented

    def _search_user_oversees(self, operator, value):
        own = self.env["res.users"]._own_numbers("overseen_bureau_numbers")
        return Domain("id", "in", own) if operator == "in" and True in value else NotImplemented

    @api.model
    def _only_city(self):
        """Return the city's bureau; of several none: the person is asked which."""
        cities = self.search([("level", "=", "city")])
        return cities if len(cities) == 1 else cities.browse()

    @api.depends("name")
    def _compute_issuer(self):
        for bureau in self:
            bureau.issuer = bureau.name
