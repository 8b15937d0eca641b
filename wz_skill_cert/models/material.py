from odoo import api, fields, models


class MaterialTemplate(models.Model):
    """A row of the notice's 附件3, as the policy asks for it."""

    _name = "skill.cert.material.template"
    _description = "Material on the checklist"
    _inherit = ["skill.cert.policy.part"]
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one("skill.cert.policy", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Material", required=True)
    remark = fields.Char()
    personal = fields.Boolean("Personal paper", help="Shows the ID number: experts do not receive it.")
    required = fields.Boolean("File required", help="An application cannot be submitted without a file for this row.")


class Material(models.Model):
    """A row of an application's 附件3: the file, the copies counted and whether the original was seen."""

    _name = "skill.cert.material"
    _description = "Material"
    _inherit = ["skill.cert.application.part", "skill.cert.attachment.owner"]
    _order = "application_id, sequence, id"

    sequence = fields.Integer(default=10)
    template_id = fields.Many2one("skill.cert.material.template", ondelete="restrict")
    name = fields.Char("Material", required=True)
    remark = fields.Char()
    required = fields.Boolean(related="template_id.required")
    personal = fields.Boolean(related="template_id.personal", store=True)
    copies = fields.Integer()
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "skill_cert_material_attachment_rel",
        "material_id",
        "attachment_id",
        string="Files",
        copy=False,
    )
    original_seen = fields.Boolean(
        "Original seen",
        after_submission=True,
        copy=False,
        help="The officer has compared the copy with the original.",
    )
    officer_remark = fields.Char("Remark of the officer", after_submission=True, copy=False)

    _copies_positive = models.Constraint("CHECK (copies >= 0)", "The number of copies cannot be negative.")

    @api.model_create_multi
    def create(self, vals_list):
        """Create, and make the files belong to the material."""
        materials = super().create(vals_list)
        materials._claim_attachments("attachment_ids")
        return materials

    def write(self, vals):
        """Write, and make new files belong to the material."""
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._claim_attachments("attachment_ids")
        return result

    def _check_attachments_open(self):
        self._check_application_open()
