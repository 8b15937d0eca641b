from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AppointedBody(models.AbstractModel):
    """What panels and committees share: composed in peace, then appointed, and from then on always valid."""

    _name = "skill.cert.appointed.body"
    _description = "Appointed body"
    _inherit = ["mail.thread", "skill.cert.guarded"]

    name = fields.Char(required=True)
    bureau_id = fields.Many2one(
        "skill.cert.bureau",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env.user.skill_cert_bureau_ids[:1],
    )
    policy_id = fields.Many2one(
        "skill.cert.policy",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["skill.cert.policy"]._in_force(),
    )
    state = fields.Selection(
        [("draft", "Being composed"), ("appointed", "Appointed")],
        required=True,
        default="draft",
        guarded=True,
        copy=False,
        readonly=True,
        tracking=True,
    )
    composition = fields.Char(compute="_compute_composition", help="What is still wrong with the composition.")

    def _compute_composition(self):
        for body in self:
            body.composition = body._defect()

    def _defect(self):
        """Hook: return what is wrong with the composition as a sentence, or False."""
        raise NotImplementedError

    @api.constrains("state", "policy_id")
    def _check_composition(self):
        for body in self.filtered(lambda body: body.state == "appointed"):
            if defect := body._defect():
                raise ValidationError(defect)

    def write(self, vals):
        """Write; once appointed, a body stays with its bureau and with the policy whose numbers it follows."""
        appointed = any(body.state == "appointed" for body in self)
        if appointed and not self.env.su and {"bureau_id", "policy_id"} & set(vals):
            raise UserError(self.env._("Once appointed, bureau and policy are fixed. Compose a new one instead."))
        return super().write(vals)

    def action_appoint(self):
        """Appoint (notice, part 4). Raises ValidationError saying what is wrong with the composition."""
        for body in self:
            body.check_access("write")
        self.sudo().write({"state": "appointed"})  # sudo: guarded; the constraint checks the composition
