from odoo import api, fields, models


class RefusalWizard(models.TransientModel):
    """Asks why an achievement is refused."""

    _name = "skill.cert.refusal.wizard"
    _description = "Reason for refusing an achievement"

    achievement_id = fields.Many2one("skill.cert.achievement", required=True, ondelete="cascade")
    reason = fields.Char(required=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Create; a dialogue shows the title of what it is about: only of what the user reads anyway."""
        wizards = super().create(vals_list)
        wizards.achievement_id.check_access("read")
        return wizards

    def write(self, vals):
        """Write; see ``create``."""
        result = super().write(vals)
        self.achievement_id.check_access("read")
        return result

    def action_confirm(self):
        """Refuse the achievement; it checks who may."""
        self.ensure_one()
        self.achievement_id.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
