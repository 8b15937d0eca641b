from odoo import fields, models


class ReasonWizard(models.TransientModel):
    """Asks for the reason that a return or a revocation must give."""

    _name = "skill.cert.reason.wizard"
    _description = "Reason for a decision"

    application_ids = fields.Many2many("skill.cert.application", required=True)
    action = fields.Selection(
        [("return", "Return to the nominator"), ("revoke", "Revoke the qualification")], required=True, readonly=True
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Carry out the action with the reason; the application checks who may."""
        self.ensure_one()
        actions = {"return": self.application_ids.action_return, "revoke": self.application_ids.action_revoke}
        actions[self.action](self.reason)
        return {"type": "ir.actions.act_window_close"}
