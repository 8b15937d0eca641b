import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import clock, signing
from ...workflow import OFFICER, require


class Certificate(models.Model):
    """The signature under a certificate, and the certificate that takes another's place."""

    _inherit = "skill.cert.certificate"

    state = fields.Selection(selection_add=[("replaced", "Replaced")], ondelete={"replaced": "cascade"})
    issuer = fields.Char(
        "Issuing authority", guarded=True, readonly=True, help="As the bureau was called on the day of issue."
    )
    signing_key_id = fields.Many2one("skill.cert.signing.key", guarded=True, readonly=True, ondelete="restrict")
    # Detached: over the canonical text of the facts, which the paper carries as a file.
    signature = fields.Char("Signature (Base64)", guarded=True, readonly=True, copy=False)
    # Empty in what was signed before there was a second one.
    signed_format = fields.Char("Format of the signed text", guarded=True, readonly=True, copy=False)
    is_unaltered = fields.Boolean("Content unaltered", compute="_compute_is_unaltered", compute_sudo=True)
    replaced_by_id = fields.Many2one("skill.cert.certificate", guarded=True, readonly=True, ondelete="restrict")
    replaced_on = fields.Date(guarded=True, readonly=True)
    erased_on = fields.Date("Holder's data erased on", guarded=True, copy=False, readonly=True)

    @api.depends("signature", "signing_key_id", "signed_format")
    def _compute_is_unaltered(self):
        for certificate in self:
            certificate.is_unaltered = certificate._is_genuine()

    def _sign(self):
        """Sign, at the issue already: an unsigned certificate never leaves the transaction."""
        for certificate in self:
            certificate.signing_key_id = certificate.bureau_id._signing_key()
            certificate.signed_format = signing.FORMAT
            signature = certificate.signing_key_id._sign(certificate._signed_content())
            certificate.signature = base64.b64encode(signature).decode()

    def _is_genuine(self):
        return bool(
            self.signature and self.signing_key_id._is_genuine(self._signed_content(), base64.b64decode(self.signature))
        )

    def _signed_content(self):
        """Return the bytes that are signed: what the paper says, the address of its page included."""
        return signing.canonical(self._signed_facts(), self.signed_format or signing.FORMAT_1)

    def _signed_facts(self):
        self.ensure_one()
        return {
            "number": self.number,
            "kind": self.kind,
            "holder_name": self.holder_name,
            "id_number_masked": self.id_number_masked or "",
            "sex": self.sex or "",
            **self._signed_birth(),
            "education": self.education or "",
            "occupation": self.occupation_name,
            "level": self.level,
            "issued_on": str(self.issued_on),
            "issuer": self.issuer or "",
            "bureau_code": self.bureau_id.code,
            # sudo: whoever prints or checks the certificate is told which key signed it; the name is public.
            "key": self.signing_key_id.sudo().name,
            "token": self.token,
            # Named only where it is so: what was signed before stays as it was signed.
            **({"erased_on": str(self.erased_on)} if self.erased_on else {}),
        }

    def _signs_day_of_birth(self):
        return (self.signed_format or signing.FORMAT_1) == signing.FORMAT_1

    def _signed_birth(self):
        if self._signs_day_of_birth():
            return {"birth_date": str(self.birth_date or "")}
        return {"birth_year": str(self.birth_date.year) if self.birth_date else ""}

    def action_replace(self, reason):
        """Issue a certificate in the place of this one (lost or with a mistake), with ``reason``; return the new one.

        The facts are taken from the application anew. Raises UserError unless this one is valid, AccessError for
        others than an officer of the bureau that issued it.
        """
        self.check_access("read")
        require(self, "replace")
        self.ensure_one()
        self.application_id._check_party(OFFICER)
        if self.state != "valid":
            raise UserError(self.env._("Only a valid certificate can be replaced."))
        if not (reason or "").strip():
            raise UserError(self.env._("Please give the reason for the replacement."))
        # sudo: certificates are written by the procedure alone; officer and state are checked above.
        old = self.sudo()
        old.write({"state": "replaced", "replaced_on": clock.today()})
        # An application has one valid certificate at a time, and the ORM would write this one later.
        old.flush_recordset()
        old.replaced_by_id = old.create([old.application_id._prepare_certificate()])
        old.message_post(
            body=self.env._("Replaced by %(number)s: %(reason)s", number=old.replaced_by_id.number, reason=reason)
        )
        return old.replaced_by_id.with_env(self.env)
