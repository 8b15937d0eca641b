import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import clock, formats
from ...workflow import follow, require
from ..parties.public_address import public_address
from ..request.earlier_cases import Earlier
from ..rules.selections import CERTIFICATE_KINDS, EDUCATIONS, LEVELS, SEXES

# Why another paper takes the place of one: 补发 of a lost one; 换发 of a damaged one, or of one with a mistake (更正).
REISSUES = [("lost", "Lost"), ("damaged", "Damaged"), ("corrected", "Corrected data")]


class Certificate(models.Model):
    """The certificate that follows a passed vote (notice, part 4, 资格确认 发证). Only the procedure writes it."""

    _name = "skill.cert.certificate"
    _description = "Certificate"
    _inherit = ["mail.thread", "skill.cert.guarded"]
    _order = "issued_on desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "holder_name"]

    number = fields.Char(required=True, guarded=True, readonly=True, copy=False, index=True)
    application_id = fields.Many2one(
        "skill.cert.application", required=True, guarded=True, readonly=True, ondelete="restrict", index=True
    )
    bureau_id = fields.Many2one(
        "skill.cert.bureau", "Issued by", required=True, guarded=True, readonly=True, ondelete="restrict", index=True
    )
    city_id = fields.Many2one(related="bureau_id.city_id", store=True, index=True)
    kind = fields.Selection(CERTIFICATE_KINDS, guarded=True, readonly=True, required=True)
    holder_name = fields.Char("Holder", guarded=True, readonly=True, required=True)
    id_number_masked = fields.Char("ID number (masked)", guarded=True, readonly=True)
    sex = fields.Selection(SEXES, guarded=True, readonly=True)
    birth_date = fields.Date(guarded=True, readonly=True)
    education = fields.Selection(EDUCATIONS, guarded=True, readonly=True)
    level = fields.Selection(LEVELS, guarded=True, readonly=True, required=True)
    occupation_name = fields.Char("Occupation", guarded=True, readonly=True, required=True)
    state = fields.Selection(
        [("valid", "Valid"), ("revoked", "Revoked")],
        required=True,
        default="valid",
        guarded=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    issued_on = fields.Date(guarded=True, readonly=True, required=True, default=lambda self: clock.today())
    revoked_on = fields.Date(guarded=True, readonly=True)
    revocation_reason = fields.Text(
        guarded=True, readonly=True, groups="wz_skill_cert.group_county_officer,wz_skill_cert.group_nominator"
    )
    # 192 bits: a page per certificate that cannot be found by trying.
    token = fields.Char(
        required=True, guarded=True, readonly=True, copy=False, default=lambda self: secrets.token_urlsafe(24)
    )
    verify_url = fields.Char("Public page", compute="_compute_verify_url")

    # 补发, 换发: the number stays, the paper gets a serial of its own.
    issue = fields.Integer("Which issue", default=1, guarded=True, readonly=True, required=True)
    serial = fields.Char("Serial of the reissue", guarded=True, readonly=True, copy=False)
    reissued_as = fields.Selection(REISSUES, guarded=True, readonly=True, copy=False)

    _number_unique = models.Constraint("UNIQUE (number, issue)", "This certificate number is already in use.")
    _serial_unique = models.Constraint("UNIQUE (serial)", "This serial is already in use.")
    _token_unique = models.Constraint("UNIQUE (token)", "This token is already in use.")
    _one_valid = models.UniqueIndex(
        "(application_id) WHERE state = 'valid'", "This application already has a valid certificate."
    )
    holder_name_masked = fields.Char("Holder (masked)", compute="_compute_public_facts")
    id_number_public = fields.Char("ID number (as published)", compute="_compute_public_facts")

    @api.depends("token")
    def _compute_verify_url(self):
        for certificate in self:
            # Without an address it is one of this server's own, for who is logged in here.
            certificate.verify_url = f"{public_address(self.env)}/skill-cert/verify/{certificate.token}"

    @api.model_create_multi
    def create(self, vals_list):
        """Issue to an application, whose facts are copied: the paper does not change with its source.

        Raises UserError where the QR code would lead nowhere.
        """
        require(self, "issue")
        for vals in vals_list:
            application = self.env["skill.cert.application"].browse(vals.get("application_id"))
            vals.update({**self._facts_of(application), **vals} if self.env.su else {})
        certificates = super().create(vals_list)
        follow(certificates, "issue")
        return certificates

    def _check_public_address(self):
        if defect := self.env["skill.cert.public.address"]._defect():
            raise UserError(defect)

    @api.model
    def _facts_of(self, application):
        return {
            "kind": application.policy_id.certificate_kind,
            "holder_name": application.applicant_name,
            "id_number_masked": application.id_number_masked,
            "sex": application.sex,
            "birth_date": application.birth_date,
            "education": application.education,
            "level": application.level,
            "occupation_name": application.occupation_name,
            "issuer": application.handling_bureau_id.issuer,
        }

    @api.ondelete(at_uninstall=False)
    def _never_unlink(self):
        raise UserError(self.env._("A certificate is never deleted. Revoke the qualification instead."))

    def _revoke(self, reason):
        """Mark as revoked, and those that were replaced with it; only called by the application's revocation."""
        valid = self.filtered(lambda certificate: certificate.state == "valid")
        replaced = self.filtered(lambda certificate: certificate.state == "replaced")
        for certificates in (replaced, valid):
            certificates.write({"state": "revoked", "revoked_on": clock.today(), "revocation_reason": reason})
        follow(self, "revoke", valid)

    def action_open_public_page(self):
        """Open the public verification page."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.verify_url, "target": "new"}

    @api.depends("holder_name", "id_number_masked")
    def _compute_public_facts(self):
        for certificate in self:
            certificate.holder_name_masked = formats.mask_name(certificate.holder_name)
            certificate.id_number_public = formats.mask_end(certificate.id_number_masked)


class Application(models.Model):
    _inherit = "skill.cert.application"
    certificate_ids = fields.One2many("skill.cert.certificate", "application_id", "Certificates")
    certificate_id = fields.Many2one("skill.cert.certificate", compute="_compute_certificate_id")
    certificate_state = fields.Selection(
        lambda self: self.env["skill.cert.certificate"]._fields["state"]._description_selection(self.env),
        "State of the certificate",
        compute="_compute_certificate_state",
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )

    def _in_force_certificate(self):
        """Return the certificate of this application that is in force. Raises UserError where there is none."""
        certificate = self.certificate_ids.filtered(lambda certificate: certificate.state == "valid")
        if not certificate:
            raise UserError(self.env._("It has no certificate in force."))
        return certificate

    @api.depends("certificate_ids")
    def _compute_certificate_id(self):
        for application in self:
            # The latest: one that has just been issued stands last in what is in memory, and first in the database's order.
            application.certificate_id = application.certificate_ids.sorted(lambda one: (one.issued_on, one.id))[-1:]

    def _prepare_certificate(self):
        return {
            "application_id": self.id,
            "bureau_id": self.handling_bureau_id.id,
            "number": self.handling_bureau_id._next_certificate_number(self.level, clock.today()),
        }

    @api.depends("certificate_ids.state")
    def _compute_certificate_state(self):
        for application in self:
            application.certificate_state = application.certificate_id.state

    def action_open_certificate(self):
        """Open the certificate of this application."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "skill.cert.certificate",
            "views": [(False, "form")],
            "res_id": self.certificate_id.id,
        }

    def action_print_certificate(self):
        """Print the certificate, with the user's own rights to it. Raises as the certificate itself: one that is not in force is not."""
        self.ensure_one()
        return self.env.ref("wz_skill_cert.report_certificate").report_action(self.certificate_id)

    def _earlier_certificates(self):
        """Return the rows of certificates of erased cases: of their number the masked one alone is left."""
        if not self.id_number_masked:
            return []
        domain = [("id_number_masked", "=", self.id_number_masked), ("application_id.id_number", "=", False)]
        certificates = self.env["skill.cert.certificate"].search(domain, order="issued_on desc")
        labels = {
            name: dict(certificates._fields[name]._description_selection(self.env)) for name in ("level", "state")
        }
        return [
            Earlier(
                certificate.number,
                certificate.holder_name,
                certificate.occupation_name,
                labels["level"][certificate.level],
                labels["state"][certificate.state],
                certificate.bureau_id.name,
                certificate.issued_on.year,
                masked=True,
            )
            for certificate in certificates
        ]
