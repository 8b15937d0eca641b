from odoo import api, fields, models
from odoo.fields import Domain

from ... import clock


class Occupation(models.Model):
    """A row of the national qualification catalogue (notice, part 4, 组织申报 范围).

    Only occupations that the HR bureaus organise, and that are not under the
    province-wide unified examination, may be applied for. The catalogue lost most of
    its rows during 2020, so the scope is data with dates and not code.
    """

    _name = "skill.cert.occupation"
    _description = "Occupation"
    _order = "code, name"
    _rec_names_search = ["name", "code", "name_2022"]

    name = fields.Char(required=True)
    code = fields.Char("Occupation code", index=True)
    category = fields.Char()
    in_catalogue = fields.Boolean("In the national catalogue", default=True)
    qualification_type = fields.Selection([("access", "Access"), ("level", "Level assessment")])
    implementing_body = fields.Char()
    hrss_run = fields.Selection(
        [("yes", "Yes"), ("likely", "Likely, to be confirmed"), ("no", "No")],
        "Organised by the HR bureaus",
        required=True,
        default="no",
    )
    province_unified = fields.Boolean("Province-wide unified examination")
    valid_from = fields.Date(help="Empty: always was.")
    valid_to = fields.Date(help="Last day on which it may be applied for. Empty: no end.")
    code_2022 = fields.Char("Code of 2022")
    name_2022 = fields.Char("Name of 2022")
    source_note = fields.Char("Source")
    active = fields.Boolean(default=True)
    in_scope = fields.Boolean("May be applied for", compute="_compute_in_scope", search="_search_in_scope")

    _dates_ordered = models.Constraint(
        "CHECK (valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)",
        "The last day of validity lies before the first.",
    )

    @api.model
    def _scope_domain(self, day=None):
        """Return the domain of what may be applied for on ``day`` (default: today)."""
        day = day or clock.today()
        return Domain(
            [
                ("active", "=", True),
                ("in_catalogue", "=", True),
                ("hrss_run", "in", ("yes", "likely")),
                ("province_unified", "=", False),
                "|",
                ("valid_from", "=", False),
                ("valid_from", "<=", day),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", day),
            ]
        )

    @api.model
    def _in_scope_sql(self):
        """Return the ids of what may be applied for today, as a subselect."""
        # sudo: the catalogue is public, and so is the answer whether a row is in scope.
        return self.sudo().with_context(active_test=False)._search(self._scope_domain()).subselect()

    @api.depends("active", "in_catalogue", "hrss_run", "province_unified", "valid_from", "valid_to")
    def _compute_in_scope(self):
        in_scope = self.filtered_domain(self._scope_domain())
        for occupation in self:
            occupation.in_scope = occupation in in_scope

    def _search_in_scope(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._scope_domain() if True in value else ~self._scope_domain()

    @api.depends("name", "code")
    def _compute_display_name(self):
        for occupation in self:
            occupation.display_name = f"{occupation.name} {occupation.code}" if occupation.code else occupation.name

    def _out_of_scope_reason(self):
        """Return the sentence that says why this occupation may not be applied for."""
        self.ensure_one()
        if self.province_unified:
            return self.env._("%s is under the province-wide unified examination.", self.name)
        if not self.in_catalogue:
            return self.env._("%s is not in the national qualification catalogue.", self.name)
        if self.hrss_run == "no":
            return self.env._("%s is not organised by the HR bureaus of the city.", self.name)
        return self.env._("%s is outside its dates of validity in the catalogue.", self.name)
