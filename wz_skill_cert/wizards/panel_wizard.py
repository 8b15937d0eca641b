from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PanelWizard(models.TransientModel):
    """Gives applications to a panel of the bureau that handles them."""

    _name = "skill.cert.panel.wizard"
    _description = "Assign a panel"

    application_ids = fields.Many2many("skill.cert.application", required=True)
    bureau_id = fields.Many2one("skill.cert.bureau", compute="_compute_bureau_id")
    panel_id = fields.Many2one("skill.cert.panel", domain="[('bureau_id', '=', bureau_id)]")
    panel_state = fields.Selection(related="panel_id.state")

    @api.depends("application_ids")
    def _compute_bureau_id(self):
        for wizard in self:
            bureaus = wizard.application_ids.handling_bureau_id
            # Of several no panel can take all: the applications say so.
            wizard.bureau_id = bureaus if len(bureaus) == 1 else False

    def action_assign(self):
        """Assign the panel; the applications check who may and whether they wait for one."""
        self.ensure_one()
        if not self.panel_id:
            raise UserError(self.env._("Please choose a panel, or compose a new one."))
        self.panel_id.application_ids |= self.application_ids
        return {"type": "ir.actions.act_window_close"}

    def action_assign_and_start(self):
        """Assign the panel and hand the cases to it."""
        self.action_assign()
        self.application_ids.action_start_assessment()
        return {"type": "ir.actions.act_window_close"}

    def action_compose(self):
        """Open a new panel that is to take these applications."""
        self.ensure_one()
        policies, occupations = self.application_ids.policy_id, self.application_ids.occupation_id
        return {
            "type": "ir.actions.act_window",
            "res_model": "skill.cert.panel",
            "views": [(False, "form")],
            "context": {
                "default_application_ids": [Command.set(self.application_ids.ids)],
                "default_bureau_id": self.bureau_id.id,
                "default_policy_id": policies.id if len(policies) == 1 else False,
                "default_name": "、".join(occupations.mapped("name")),
            },
        }
