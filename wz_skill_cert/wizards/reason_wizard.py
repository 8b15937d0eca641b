from odoo import api, fields, models


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
            ("step_aside", "Step aside because of a conflict of interest"),
        ],
        required=True,
        readonly=True,
    )
    standard_reason_ids = fields.Many2many("skill.cert.reason", string="Standard reasons")
    reason = fields.Text(required=True, compute="_compute_reason", store=True, readonly=False, precompute=True)

    @api.depends("standard_reason_ids")
    def _compute_reason(self):
        offered = self.env["skill.cert.reason"].search([("kind", "in", self.mapped("action"))])
        for wizard in self:
            wizard.reason = wizard.standard_reason_ids._origin._rewrite(wizard.reason, offered) or False

    def action_confirm(self):
        """Carry out the action with the reason; the applications or motions check who may.

        Several applications are returned one by one: a dialogue then says which were not, and why.
        """
        self.ensure_one()
        if self.action == "return" and len(self.application_ids) > 1:
            return self.application_ids.action_return_each(self.reason)
        actions = {
            "return": self.application_ids.action_return,
            "revoke": self.application_ids.action_revoke,
            "put_off": self.motion_ids.action_put_off,
            "step_aside": self.application_ids.action_step_aside,
        }
        actions[self.action](self.reason)
        return {"type": "ir.actions.act_window_close"}
