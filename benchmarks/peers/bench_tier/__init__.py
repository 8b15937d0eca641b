from odoo import fields, models


class Approval(models.Model):
    """The least that can be approved: a state, with the chatter in which the validation leaves its notes."""

    _name = "bench.approval"
    _description = "Approval"
    _inherit = ["mail.thread", "tier.validation"]
    _tier_validation_manual_config = True

    state = fields.Selection([("draft", "Draft"), ("confirmed", "Confirmed")], default="draft")
    company_id = fields.Many2one("res.company")
