from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ... import formats

UNIT_GROUPS = "wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer,wz_skill_cert.group_manager"
# What says to which bureau a unit's cases go and whose staff it nominates: the office's to say (属地).
SAID_BY_OFFICE = ("skill_cert_unit", "skill_cert_bureau_id", "association_ids", "association_member_ids")


class Partner(models.Model):
    """Units that nominate: enterprises and industry associations (notice, part 4, 组织申报 推荐)."""

    _inherit = "res.partner"

    skill_cert_unit = fields.Selection(
        [("enterprise", "Enterprise"), ("association", "Industry association")], "Nominating unit", groups=UNIT_GROUPS
    )
    skill_cert_bureau_id = fields.Many2one(
        "skill.cert.bureau", "Bureau of the place", ondelete="restrict", groups=UNIT_GROUPS
    )
    nominator_user_ids = fields.Many2many(
        "res.users",
        "skill_cert_nominator_user_rel",
        "partner_id",
        "user_id",
        string="Nominating users",
        groups="wz_skill_cert.group_manager,wz_skill_cert.group_county_officer,base.group_erp_manager",
        help="These users nominate for the unit and see its applications.",
    )
    # For record rules: asked anew in every request, so that a right works and ends at once.
    user_nominates = fields.Boolean(
        "I nominate for it",
        compute="_compute_user_nominates",
        search="_search_user_nominates",
        compute_sudo=True,
        groups=UNIT_GROUPS,
    )
    association_ids = fields.Many2many(
        "res.partner",
        "skill_cert_association_member_rel",
        "member_id",
        "association_id",
        string="Member of",
        domain=[("skill_cert_unit", "=", "association")],
        groups=UNIT_GROUPS,
    )
    association_member_ids = fields.Many2many(
        "res.partner",
        "skill_cert_association_member_rel",
        "association_id",
        "member_id",
        string="Member enterprises",
        groups=UNIT_GROUPS,
    )
    skill_cert_contact = fields.Char("Contact person", groups=UNIT_GROUPS)
    enterprise_assets = fields.Float("Assets (10,000 yuan)", digits=(16, 2), groups=UNIT_GROUPS)
    enterprise_sales = fields.Float("Annual sales (10,000 yuan)", digits=(16, 2), groups=UNIT_GROUPS)
    enterprise_headcount = fields.Integer("Headcount", groups=UNIT_GROUPS)

    @api.constrains("company_registry", "skill_cert_unit")
    def _check_unit_code(self):
        # sudo: the unit's kind is hidden from ordinary users, the rule holds for all.
        for partner in self.sudo().filtered(lambda partner: partner.skill_cert_unit and partner.company_registry):
            if not formats.is_unit_code(partner.company_registry):
                raise ValidationError(
                    self.env._(
                        "%s is no unified social credit code: it has 18 characters and a check character.",
                        partner.company_registry,
                    )
                )

    @api.depends("nominator_user_ids")
    @api.depends_context("uid")
    def _compute_user_nominates(self):
        own = self.env["res.users"]._own_numbers("nominated_unit_numbers")
        for partner in self:
            partner.user_nominates = partner._origin.id in own

    def _search_user_nominates(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        return Domain("id", "in", self.env["res.users"]._own_numbers("nominated_unit_numbers"))

    def _refuse_said_by_nominators(self, vals_list):
        """Raise AccessError where a nominator enters what only the office says of units, be it by a default."""
        user = self.env.user
        office = ("wz_skill_cert.group_manager", "base.group_erp_manager")
        if self.env.su or not user.has_group("wz_skill_cert.group_nominator") or any(map(user.has_group, office)):
            return
        if any(self._says_what_the_office_says(vals) for vals in vals_list):
            raise AccessError(
                self.env._("Which bureau and which associations a unit belongs to is entered by the manager.")
            )

    def _says_what_the_office_says(self, vals):
        if self:
            return bool(vals.keys() & set(SAID_BY_OFFICE))
        # A form that creates a contact sends the empty fields, too.
        said = {**{name: self.env.context.get(f"default_{name}") for name in SAID_BY_OFFICE}, **vals}
        return any(said[name] for name in SAID_BY_OFFICE)

    def _skill_cert_address(self):
        """Return the address on one line, from the largest part to the smallest, as it is written in Chinese."""
        parts = (self.state_id.name, self.city, self.street, self.street2)
        return "".join(part for part in parts if part)


class Users(models.Model):
    _inherit = "res.users"

    nominator_unit_ids = fields.Many2many(
        "res.partner",
        "skill_cert_nominator_user_rel",
        "user_id",
        "partner_id",
        string="Nominates for",
        groups="base.group_erp_manager,wz_skill_cert.group_manager",
    )
    skill_cert_bureau_ids = fields.Many2many(
        "skill.cert.bureau",
        "skill_cert_bureau_user_rel",
        "user_id",
        "bureau_id",
        string="Officer of",
        groups="base.group_erp_manager,wz_skill_cert.group_manager",
    )

    @api.model
    def _own_units(self):
        """Return the units for which the current user nominates, with the user's own rights."""
        # sudo: a user reads neither other users' units nor the link; these are the user's own.
        return self.env.user.sudo().nominator_unit_ids.with_env(self.env)

    @api.model
    def _only_own_unit(self):
        """Return the unit for which the current user nominates; of several none: the person is asked which."""
        units = self._own_units()
        return units if len(units) == 1 else units.browse()

    @api.model
    def _only_own_bureau(self):
        """Return the bureau for which the current user acts; of several none: the person is asked which."""
        # sudo: as above, the user's own bureaus.
        bureaus = self.env.user.sudo().skill_cert_bureau_ids.with_env(self.env)
        return bureaus if len(bureaus) == 1 else bureaus.browse()
