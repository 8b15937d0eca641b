import re

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

KEY_NAME = re.compile(r"[0-9a-f]{16}")


class KeyController(http.Controller):
    @http.route("/skill-cert/key/<string:name>.pem", type="http", auth="public", methods=["GET"], sitemap=False)
    def public_key(self, name):
        """Send the public half of a signing key, with which anybody checks a certificate offline; 404 for no such key."""
        # sudo: the public half is for everyone; nothing else of the record leaves here.
        keys = request.env["skill.cert.signing.key"].sudo()
        key = keys.search([("name", "=", name)]) if KEY_NAME.fullmatch(name) else keys
        if not key:
            raise NotFound
        return request.make_response(key.public_key, [("Content-Type", "application/x-pem-file")])
