"""The two roads on which the web client sends files, so that a refusal arrives there as its sentence."""

import json

from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.addons.web.controllers.binary import Binary
from odoo.exceptions import UserError
from odoo.http import request, route


def refusal_of(model, files):
    """Return why one of ``files`` may not be kept with a record of ``model``, or False. Nothing is stored yet."""
    attachments = request.env["ir.attachment"]
    if not attachments._accepted_kinds(model, False):
        return False
    try:
        for file in files:
            attachments._kind_of(file.read())
            file.seek(0)
    except UserError as refusal:
        return str(refusal)
    return False


class Uploads(Binary):
    @route()
    def upload_attachment(self, model, id, ufile, callback=None):
        """Upload as Odoo does; a file that the addon refuses comes back with the reason."""
        if refusal := refusal_of(model, request.httprequest.files.getlist("ufile")):
            return json.dumps([{"error": refusal}])
        return super().upload_attachment(model, id, ufile, callback)


class MailUploads(AttachmentController):
    @route()
    def mail_attachment_upload(self, ufile, thread_id, thread_model, is_pending=False, **kwargs):
        """Upload to a conversation as Odoo does; a file that the addon refuses comes back with the reason."""
        if refusal := refusal_of(thread_model, [ufile]):
            return request.make_json_response({"error": refusal})
        return super().mail_attachment_upload(ufile, thread_id, thread_model, is_pending, **kwargs)
