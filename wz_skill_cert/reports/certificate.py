import base64
import functools
import io

import qrcode
import qrcode.image.svg
from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import file_open

from ..workflow import require
from . import engine, wording
from .forms import WORDING, photo_uri

# What the certificate itself calls the levels, as the notice's part 4 does.
LEVELS = {"senior_worker": "高级工（三级）", "technician": "技师（二级）"}
# Beside the date of issue.
REISSUED = {"lost": "补发", "damaged": "换发", "corrected": "换发（更正）"}
KINDS = {"qualification": "职业资格证书", "skill_level": "职业技能等级证书"}


@functools.cache
def certificate_stylesheet():
    """Return the certificate's stylesheet, to be inlined: the engine fetches nothing."""
    with file_open("wz_skill_cert/static/src/forms/certificate.css") as css:
        return Markup(css.read().replace("CHINESE-FAMILIES", engine.quoted_families()))


def data_uri(kind, content):
    """Return ``content`` (bytes) as a data URI."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def qr_uri(text):
    """Return a QR code of ``text`` as a data URI, drawn in lines and not in pixels."""
    # M: a quarter of it may be soiled; without a frame, which the layout gives.
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    stream = io.BytesIO()
    code.make_image(image_factory=qrcode.image.svg.SvgPathImage).save(stream)
    return data_uri("image/svg+xml", stream.getvalue())


class CertificatePaper(models.AbstractModel):
    """The certificate as a file (电子证书): what is signed, in print, with the signed text and the signature attached."""

    _name = "report.wz_skill_cert.certificate_paper"
    _description = "Certificate"
    _inherit = ["skill.cert.form"]
    _paper_model = "skill.cert.certificate"

    @api.model
    def _printable(self, docids):
        """Return the certificates. Raises AccessError, and UserError for one that is no longer in force."""
        certificates = self.env[self._paper_model].browse(docids or [])
        certificates.check_access("read")
        require(certificates, "print")
        if not self.env.su:
            self._check_in_force(certificates)
            # One a day for whoever prints it.
            self.env["skill.cert.trail"]._record_access("printed", certificates, form=self._form_name())
        return certificates

    @api.model
    def _kept_as(self):
        return "certificate"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the values of the template. Raises as ``_printable``, and UserError where the QR code would lead nowhere."""
        certificates = self._printable(docids)
        certificates._check_public_address()
        return {
            **self._marks(data, certificates),
            "docs": certificates,
            "stylesheet": certificate_stylesheet(),
            "wording": WORDING,
            "level": LEVELS.get,
            "kind": KINDS.get,
            "day": wording.day,
            "reissue": REISSUED.get,
            "photo": self._photo,
            "qr_uri": qr_uri,
            "files": self._files,
        }

    def _check_in_force(self, certificates):
        # Printed, a revoked certificate would look like any other.
        if ended := certificates.filtered(lambda certificate: certificate.state != "valid"):
            raise UserError(
                self.env._("%s is no longer in force and cannot be printed.", ", ".join(ended.mapped("number")))
            )

    @api.model
    def _photo(self, certificate):
        """Return the applicant's photo as a data URI, or None for whoever may not see it."""
        application = certificate.application_id.with_context(bin_size=False)
        if not application._has_field_access(application._fields["photo"], "read"):
            return None
        return photo_uri(application.photo)

    @api.model
    def _files(self, certificate):
        """Return [(name, data URI)] of what a third party needs to check the certificate offline."""
        # sudo: public keys are public.
        key = certificate.signing_key_id.sudo()
        return [
            ("certificate.json", data_uri("application/json", certificate._signed_content())),
            ("certificate.sig", data_uri("application/octet-stream", base64.b64decode(certificate.signature))),
            (f"{certificate.key_name}.pem", data_uri("application/x-pem-file", key.public_key.encode())),
        ]
