from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

# Field of the dialogue: field of the unit.
FIGURES = {
    "contact": "skill_cert_contact",
    "phone": "phone",
    "city": "city",
    "street": "street",
    "assets": "enterprise_assets",
    "sales": "enterprise_sales",
    "headcount": "enterprise_headcount",
}


class UnitWizard(models.TransientModel):
    """Lets nominators keep the address and figures of their own unit, which 附件1 and 附件2 print, and nothing else of it."""

    _name = "skill.cert.unit.wizard"
    _description = "Data of the own unit"

    unit_id = fields.Many2one("res.partner", required=True, default=lambda self: self.env["res.users"]._only_own_unit())
    unit_choice_ids = fields.Many2many("res.partner", compute="_compute_unit_choice_ids")
    is_association = fields.Boolean(compute="_compute_unit_choice_ids")
    contact = fields.Char("Contact person", compute="_compute_figures", store=True, readonly=False)
    phone = fields.Char("Phone of the unit", compute="_compute_figures", store=True, readonly=False)
    email = fields.Char("E-mail of the unit", compute="_compute_figures", store=True, readonly=False)
    email_is_login = fields.Boolean(compute="_compute_unit_choice_ids")
    city = fields.Char("City or county", compute="_compute_figures", store=True, readonly=False)
    street = fields.Char("Street and number", compute="_compute_figures", store=True, readonly=False)
    assets = fields.Float(
        "Assets (10,000 yuan)", digits=(16, 2), compute="_compute_figures", store=True, readonly=False
    )
    sales = fields.Float(
        "Annual sales (10,000 yuan)", digits=(16, 2), compute="_compute_figures", store=True, readonly=False
    )
    headcount = fields.Integer(compute="_compute_figures", store=True, readonly=False)

    @api.depends("unit_id")
    @api.depends_context("uid")
    def _compute_unit_choice_ids(self):
        for wizard in self:
            unit = wizard._own_unit()
            wizard.unit_choice_ids = self.env["res.users"]._own_units()
            wizard.is_association = unit.skill_cert_unit == "association"
            wizard.email_is_login = wizard._email_is_login(unit)

    @api.depends("unit_id")
    def _compute_figures(self):
        for wizard in self:
            unit = wizard._own_unit()
            wizard.email = unit.email
            for name, source in FIGURES.items():
                wizard[name] = unit[source]

    def _own_unit(self):
        """Return the chosen unit with the rights of the system if the user nominates for it, else nothing."""
        own = self.env["res.users"]._own_units()
        # sudo: nominators do not write partners; only what FIGURES names is read and written, of their own unit.
        return (self.unit_id & own).sudo()

    @api.model
    def _email_is_login(self, unit):
        # A new address on somebody's login could be used to take it over.
        return bool(unit.with_context(active_test=False).user_ids)

    @api.constrains("assets", "sales", "headcount")
    def _check_not_negative(self):
        if any(min(wizard.assets, wizard.sales, wizard.headcount) < 0 for wizard in self):
            raise ValidationError(self.env._("Figures of a unit cannot be negative."))

    def action_save(self):
        """Write the data to the unit. Raises AccessError where the user does not nominate for it.

        Drafts take what they print from here when they are made; what was submitted stays as it was.
        """
        self.ensure_one()
        unit = self._own_unit()
        if not unit:
            raise AccessError(self.env._("You keep the data of your own unit only."))
        vals = {source: self[name] for name, source in FIGURES.items()}
        if not self._email_is_login(unit):
            vals["email"] = self.email
        unit.write(vals)
        unit._message_log(
            body=self.env._("Data of the unit brought up to date."), author_id=self.env.user.partner_id.id
        )
        return self._saved()

    def _saved(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The data of the unit is up to date."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
