from odoo import fields, models


class ReasonWizard(models.TransientModel):
    """Asks for the reason that a return, a revocation or a motion put off must give."""

    _name = "skill.cert.reason.wizard"
    _description = "Reason for a decision"

    application_ids = fields.Many2many("skill.cert.application")
    motion_ids = fields.Many2many("skill.cert.motion")
    action = fields.Selection(
        [
            ("return", "Return to the nominator"),
            ("revoke", "Revoke the qualification"),
            ("put_off", "Put off to a later session"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Carry out the action with the reason; the applications or motions check who may."""
        self.ensure_one()
        actions = {
            "return": self.application_ids.action_return,
            "revoke": self.application_ids.action_revoke,
            "put_off": self.motion_ids.action_put_off,
        }
        actions[self.action](self.reason)
        return {"type": "ir.actions.act_window_close"}
