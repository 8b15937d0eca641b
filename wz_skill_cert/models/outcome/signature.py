import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ... import clock, signing
from ...workflow import OFFICER, require
from .certificate import REISSUES

# What a certificate says of its holder, by which a correction shows.
OF_PERSON = ("holder_name", "id_number_masked", "sex", "birth_date", "education")
# What becomes of a certificate after its issue. Whatever else it holds is as it was signed.
LATER = {"state", "revoked_on", "revocation_reason", "replaced_by_id", "replaced_on", "employee_skill_id"}


class Certificate(models.Model):
    """The signature under a certificate, and the certificate that takes another's place.

    Each fact that is signed is a column of the certificate: no record that it names can change what it says.
    """

    _inherit = "skill.cert.certificate"

    state = fields.Selection(selection_add=[("replaced", "Replaced")], ondelete={"replaced": "cascade"})
    issuer = fields.Char(
        "Issuing authority", guarded=True, readonly=True, help="As the bureau was called on the day of issue."
    )
    bureau_code = fields.Char(
        "Division code of the bureau", guarded=True, readonly=True, copy=False, help="As it was on the day of issue."
    )
    signing_key_id = fields.Many2one(
        "skill.cert.signing.key", guarded=True, readonly=True, copy=False, ondelete="restrict"
    )
    key_name = fields.Char("Key that signed", guarded=True, readonly=True, copy=False)
    # Detached: over the canonical text of the facts, which the paper carries as a file.
    signature = fields.Char("Signature (Base64)", guarded=True, readonly=True, copy=False)
    # Empty in what was signed before there was a second one.
    signed_format = fields.Char("Format of the signed text", guarded=True, readonly=True, copy=False)
    is_unaltered = fields.Boolean("Content unaltered", compute="_compute_is_unaltered", compute_sudo=True)
    replaced_by_id = fields.Many2one("skill.cert.certificate", guarded=True, readonly=True, ondelete="restrict")
    replaced_on = fields.Date(guarded=True, readonly=True)
    erased_on = fields.Date("Holder's data erased on", guarded=True, copy=False, readonly=True)

    @api.depends(lambda self: sorted(self._signed_fields()))
    def _compute_is_unaltered(self):
        for certificate in self:
            certificate.is_unaltered = certificate._is_genuine()

    @api.model
    def _signed_fields(self):
        """Return the names of what is fixed with the signature."""
        guarded = (name for name, field in self._fields.items() if getattr(field, "guarded", False))
        return {name for name in guarded if name not in LATER}

    def write(self, vals):
        """Write; what was signed never changes, whoever asks. The erasure takes the signature away before it signs anew."""
        self._refuse_guarded(set(vals))
        if self._signed_fields() & set(vals) and any(self.mapped("signature")):
            raise UserError(self.env._("What a certificate says was signed, and never changes."))
        return super().write(vals)

    def _sign(self):
        """Sign, at the issue already: an unsigned certificate never leaves the transaction."""
        for certificate in self:
            key = certificate.bureau_id._signing_key()
            certificate.write(
                {
                    "bureau_code": certificate.bureau_id.code,
                    "signing_key_id": key.id,
                    "key_name": key.name,
                    "signed_format": signing.FORMAT,
                }
            )
            certificate.signature = base64.b64encode(key._sign(certificate._signed_content())).decode()

    def _is_genuine(self):
        return bool(
            self.signature and self.signing_key_id._is_genuine(self._signed_content(), base64.b64decode(self.signature))
        )

    @api.model
    def _unconfirmed(self):
        """Return the certificates that do not verify by what they say: nobody can rely on them."""
        # All of them are judged: that is what is asked.
        return self.search([("number", "!=", False)]).filtered(lambda certificate: not certificate._is_genuine())

    def _store_signed_facts(self):
        """Fill in what was signed before it was stored, from today's records. Return those of which the signature says otherwise.

        They stay so, and the daily check names them: what was signed can be found out (the code that the bureau had, an
        altered column), but not by a program.
        """
        for certificate in self:
            self.env.cr.execute(
                SQL(
                    "UPDATE skill_cert_certificate SET bureau_code = %s, key_name = %s WHERE id = %s",
                    certificate.bureau_id.code,
                    certificate.signing_key_id.name,
                    certificate.id,
                )
            )
        self.invalidate_recordset(["bureau_code", "key_name"])
        return self.filtered(lambda certificate: not certificate._is_genuine())

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
            "bureau_code": self.bureau_code or "",
            "key": self.key_name or "",
            "token": self.token,
            # Named only where it is so: what was signed before stays as it was signed.
            **({"serial": self.serial, "reissued_as": self.reissued_as} if self.serial else {}),
            **({"erased_on": str(self.erased_on)} if self.erased_on else {}),
        }

    def _signs_day_of_birth(self):
        return (self.signed_format or signing.FORMAT_1) == signing.FORMAT_1

    def _signed_birth(self):
        if self._signs_day_of_birth():
            return {"birth_date": str(self.birth_date or "")}
        return {"birth_year": str(self.birth_date.year) if self.birth_date else ""}

    def action_replace(self, reason, reissued_as="lost"):
        """Issue a paper in the place of this one, with ``reason``; return the new certificate.

        The number stays; the paper has a serial of its own and says 补发 (``lost``) or 换发 (``damaged``, ``corrected``) beside the
        date. A lost or damaged one says the same as before, a corrected one what the application says since its correction.
        Raises UserError unless this one is valid, and for ``corrected`` where nothing was; AccessError for others than an
        officer of the bureau that issued it.
        """
        self.check_access("read")
        require(self, "replace")
        self.ensure_one()
        self.application_id._check_party(OFFICER)
        self._check_replaceable(reason, reissued_as)
        # sudo: certificates are written by the procedure alone; officer and state are checked above.
        old = self.sudo()
        old.write({"state": "replaced", "replaced_on": clock.today()})
        # An application has one valid certificate at a time, and the ORM would write this one later.
        old.flush_recordset()
        old.replaced_by_id = old.create([old._prepare_reissue(reissued_as)])
        old.message_post(
            body=self.env._("Replaced by %(number)s: %(reason)s", number=old.replaced_by_id.serial, reason=reason)
        )
        return old.replaced_by_id.with_env(self.env)

    def _check_replaceable(self, reason, reissued_as):
        if self.state != "valid":
            raise UserError(self.env._("Only a valid certificate can be replaced."))
        if not (reason or "").strip() or reissued_as not in dict(REISSUES):
            raise UserError(self.env._("Please give the reason for the replacement."))
        if reissued_as == "corrected" and not self._corrected_facts():
            raise UserError(
                self.env._(
                    "The application says the same as the certificate: a new one would repeat the mistake. Correct the data on record first."
                )
            )

    def _corrected_facts(self):
        """Return {fact: right value} of what the application says otherwise since its correction."""
        # sudo: facts of the certificate's own case, for its officer.
        certificate = self.sudo()
        facts = certificate._facts_of(certificate.application_id)
        return {name: facts[name] for name in OF_PERSON if facts[name] != certificate[name]}

    def _prepare_reissue(self, reissued_as):
        kept = {name: self[name] for name in (*OF_PERSON, "number", "kind", "level", "occupation_name", "issuer")}
        return {
            **kept,
            **(self._corrected_facts() if reissued_as == "corrected" else {}),
            "application_id": self.application_id.id,
            "bureau_id": self.bureau_id.id,
            "issue": self.issue + 1,
            "serial": self.bureau_id._next_reissue_serial(clock.today()),
            "reissued_as": reissued_as,
        }
