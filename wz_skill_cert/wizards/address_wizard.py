from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.parties.public_address import address_reason, is_public, public_address


class AddressWizard(models.TransientModel):
    """Asks the manager for the address of the public pages. The rules are those of ``skill.cert.public.address``."""

    _name = "skill.cert.address.wizard"
    _description = "Address of the public pages"

    address = fields.Char(default=lambda self: public_address(self.env))
    reason = fields.Char(
        "Why strangers need not reach it",
        default=lambda self: address_reason(self.env),
        help="Kept, and in the audit trail.",
    )
    needs_reason = fields.Boolean(compute="_compute_needs_reason")

    @api.depends("address")
    def _compute_needs_reason(self):
        for wizard in self:
            wizard.needs_reason = bool(wizard.address) and not is_public((wizard.address or "").strip())

    def action_save(self):
        """Save the address. For managers; raises AccessError for others, UserError for what is no address."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("wz_skill_cert.group_manager"):
            raise AccessError(self.env._("Only a manager sets up the bureaus."))
        self.env["skill.cert.public.address"]._set(self.address, self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class Bureau(models.Model):
    _inherit = "skill.cert.bureau"

    @api.model
    def action_ask_address(self, *_ids):
        """Open the dialogue that asks for the address of the public pages."""
        return self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_address_wizard")
