from odoo import api, fields, models

from ..models.outcome.certificate import REISSUES


class ReplacementWizard(models.TransientModel):
    """Asks why a certificate is replaced. The rules are those of the certificate's action_replace()."""

    _name = "skill.cert.replacement.wizard"
    _description = "Replace a certificate"

    certificate_id = fields.Many2one("skill.cert.certificate", required=True, ondelete="cascade")
    reissued_as = fields.Selection(
        REISSUES,
        "Because it is",
        required=True,
        compute="_compute_reissued_as",
        store=True,
        readonly=False,
        precompute=True,
    )
    reason = fields.Text(required=True)

    @api.depends("certificate_id")
    def _compute_reissued_as(self):
        for wizard in self:
            wizard.reissued_as = "corrected" if wizard.certificate_id.is_outdated else "lost"

    def action_confirm(self):
        """Replace the certificate and open the new one."""
        self.ensure_one()
        certificate = self.certificate_id.action_replace(self.reason, self.reissued_as)
        return {
            "type": "ir.actions.act_window",
            "res_model": certificate._name,
            "views": [(False, "form")],
            "res_id": certificate.id,
        }


class Certificate(models.Model):
    _inherit = "skill.cert.certificate"

    def action_ask_replacement(self):
        """Open the dialogue that asks why the certificate is replaced."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_replacement_wizard")
        return {**action, "context": {"default_certificate_id": self.id}}
