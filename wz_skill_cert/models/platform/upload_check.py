"""Every file that is kept with a record of the addon is one of four kinds, judged by its content on every road."""

import base64
import hashlib

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.lru import LRU

from ... import upload_kinds
from .settings import upload_limit

ALL_KINDS = tuple(upload_kinds.MIMETYPES)
KIND_OF_MIMETYPE = {mimetype: kind for kind, mimetype in upload_kinds.MIMETYPES.items()}
CONTENT_FIELDS = {"raw", "datas", "db_datas"}
JUDGED_FIELDS = CONTENT_FIELDS | {"type", "url", "name", "mimetype", "public", "res_model", "res_id", "res_field"}
# {digest of the content and limit: kind} of files that were accepted; what is refused is judged anew each time.
ACCEPTED = LRU(8192)


class AttachmentOwner(models.AbstractModel):
    _inherit = "skill.cert.attachment.owner"

    @api.model
    def _accepted_uploads(self, field):
        """Return the kinds of file that may be kept in ``field``, or beside the record if it is False."""
        return upload_kinds.IMAGES if field else ALL_KINDS


class Attachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _judge_new(self, vals):
        """Refuse a file for a record of the addon unless it is a PDF, JPEG, PNG or OFD that is safe."""
        model = vals.get("res_model", self.env.context.get("default_res_model"))
        if self._accepted_kinds(model, vals.get("res_field")):
            self._judge_before_storing(vals)

    def _judge_change(self, vals):
        # sudo: only to see whose the files are.
        if CONTENT_FIELDS & set(vals) and any(file._own_accepted_kinds() for file in self.sudo()):
            self._judge_before_storing(vals)

    def _judge_changed(self, vals):
        if JUDGED_FIELDS & set(vals):
            self._check_uploads()

    @api.model
    def _accepted_kinds(self, model, field):
        """Return the kinds of file that a record of ``model`` accepts; nothing if the addon does not care."""
        owner = self.env.get(model) if model else None
        if owner is None:
            return ()
        if isinstance(owner, self.env.registry["skill.cert.attachment.owner"]):
            return owner._accepted_uploads(field)
        return ALL_KINDS if owner._original_module == "wz_skill_cert" and not field else ()

    def _own_accepted_kinds(self):
        return self._accepted_kinds(self.res_model, self.res_field)

    def _judge_before_storing(self, vals):
        """Refuse bad content before Odoo unpacks a picture in order to make it smaller."""
        content = vals.get("raw") or base64.b64decode(vals.get("datas") or b"")
        if content:
            self._kind_of(content.encode() if isinstance(content, str) else content)

    def _check_uploads(self):
        # sudo: whoever writes a file need not read it; only its kind leaves here.
        for file in self.sudo():
            if accepted := file._own_accepted_kinds():
                file._check_upload(accepted)

    def _check_upload(self, accepted):
        if self.type != "binary" or self.url:
            raise UserError(self.env._("Please upload the file itself instead of a link to it."))
        if self.public:
            raise UserError(self.env._("%s: a file of a case is never public.", self.name))
        kind = self._kind_of_accepted_copy() or self._kind_of(self.raw or b"")
        if kind not in accepted:
            raise UserError(self.env._("Please choose a picture for this: a JPEG or PNG file."))
        self._name_by_content(kind)

    def _name_by_content(self, kind):
        """Serve a file as what it is: neither a name nor a type that the client sent may say otherwise."""
        fixed = {}
        if self.mimetype != upload_kinds.MIMETYPES[kind]:
            fixed["mimetype"] = upload_kinds.MIMETYPES[kind]
        if not self.res_field and not self.name.lower().endswith(upload_kinds.EXTENSIONS[kind]):
            fixed["name"] = self.name + upload_kinds.EXTENSIONS[kind][0]
        if fixed:
            # Judged once more, and then nothing is left to fix.
            self.write(fixed)

    def _kind_of_accepted_copy(self):
        """Return the kind if another record of the addon already keeps the same bytes: a copy is not judged twice."""
        if not self.store_fname or self.mimetype not in KIND_OF_MIMETYPE:
            return None
        owners = self.env.registry.descendants(["skill.cert.attachment.owner"], "_inherit")
        domain = [
            ("id", "!=", self.id),
            ("store_fname", "=", self.store_fname),
            ("mimetype", "=", self.mimetype),
            ("res_model", "in", list(owners)),
        ]
        return KIND_OF_MIMETYPE[self.mimetype] if self.search_count(domain, limit=1) else None

    @api.model
    def _kind_of(self, content):
        """Return the kind of ``content`` (bytes). Raises UserError with a sentence that says what to do instead."""
        limit = upload_limit(self.env)
        key = hashlib.sha256(content).digest(), limit
        if key not in ACCEPTED:
            try:
                ACCEPTED[key] = upload_kinds.kind_of(content, limit * 2**20)
            except upload_kinds.Refused as refusal:
                raise UserError(self._upload_refusal(refusal.code, limit)) from refusal
        return ACCEPTED[key]

    @api.model
    def _upload_refusal(self, reason, limit):
        """Return the sentence for a reason of ``upload_kinds``; ``limit`` in MB."""
        again = self.env._("Please print it to a new PDF and upload that.")
        sentences = {
            "empty": self.env._("The file is empty. Please choose it again."),
            "too_large": self.env._(
                "The file is larger than %s MB. Please scan it with a lower resolution or split it.", limit
            ),
            "kind": self.env._(
                "Only PDF, JPEG, PNG and OFD files are accepted. Please save the document as a PDF first."
            ),
            "two_files": self.env._(
                "The file contains a second file or a web page. Please save it anew as PDF or JPEG."
            ),
            "image_damaged": self.env._("The picture is damaged. Please save it anew as JPEG or PNG."),
            "image_pixels": self.env._(
                "The picture has more than %s million pixels. Please make it smaller.",
                upload_kinds.MAX_PIXELS // 10**6,
            ),
            "pdf_start": self.env._("The PDF does not begin as a PDF does.") + " " + again,
            "pdf_end": self.env._("Something else follows the end of the PDF.") + " " + again,
            "pdf_damaged": self.env._("The PDF is damaged.") + " " + again,
            "pdf_heavy": self.env._("The PDF unpacks to far more than it shows.") + " " + again,
            "pdf_pages": self.env._("The PDF has more than %s pages. Please split it.", upload_kinds.MAX_PAGES),
            "pdf_password": self.env._("The PDF is protected by a password. Please save it as a PDF without password."),
            "pdf_script": self.env._("The PDF acts by itself when it is opened (a script).") + " " + again,
            "pdf_form": self.env._("The PDF is a form that only some programs can show.") + " " + again,
            "pdf_media": self.env._("The PDF contains a film, sound or model.") + " " + again,
            "pdf_program": self.env._("The PDF contains or starts a program.") + " " + again,
            "ofd_damaged": self.env._("The OFD file is damaged. Please export it anew, or save it as a PDF."),
            "ofd_heavy": self.env._("The OFD file unpacks to far more than it shows. Please save it as a PDF."),
            "ofd_password": self.env._(
                "The OFD file is protected by a password. Please save it as a PDF without password."
            ),
            "ofd_program": self.env._("The OFD file contains a program. Please save it as a PDF."),
        }
        return sentences[reason]
