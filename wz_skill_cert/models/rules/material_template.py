"""The checklist (附件3) as a policy asks for it."""

from odoo import fields, models


class MaterialTemplate(models.Model):
    """A row of 附件3 (notice, part 2, 材料), as the policy asks for it."""

    _name = "skill.cert.material.template"
    _description = "Material on the checklist"
    _inherit = ["skill.cert.policy.part"]
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one("skill.cert.policy", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Material", required=True, limit=500)
    remark = fields.Char()
    personal = fields.Boolean("Personal paper", help="Shows the ID number: experts do not receive it.")
    required = fields.Boolean("File required", help="An application cannot be submitted without a file for this row.")
