import re

from odoo import http
from odoo.http import request

from .public_page import PublicPage

KEY_NAME = re.compile(r"[0-9a-f]{16}")


class KeyController(PublicPage, http.Controller):
    # No session is kept for visitors: each would leave a file.
    @http.route(
        "/skill-cert/key/<string:name>.pem",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        save_session=False,
    )
    def public_key(self, name):
        """Send the public half of a signing key, with which anybody checks a certificate offline; 404 for no such key.

        Above it stands whose key it is and whether it still signs; programs skip what precedes a key (RFC 7468). As often a
        minute as the verification page (Settings).
        """
        return self._limited(lambda: self._key_file(name))

    def _key_file(self, name):
        # sudo: the public half is for everyone, and whose it is; nothing else of the record leaves here.
        keys = request.env["skill.cert.signing.key"].sudo()
        key = keys.search([("name", "=", name)]) if KEY_NAME.fullmatch(name) else keys
        if not key:
            return self._closed(
                request.make_response("查无此密钥 / No such key\n", self._kind("text/plain"), status=404)
            )
        return self._closed(request.make_response(key._public_file(), self._kind("application/x-pem-file")))

    def _kind(self, kind):
        return [("Content-Type", f"{kind}; charset=utf-8")]
