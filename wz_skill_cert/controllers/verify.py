import re

from odoo import http
from odoo.fields import Domain
from odoo.http import request

from .public_page import PublicPage

# What secrets.token_urlsafe() makes; anything else need not be looked for.
TOKEN = re.compile(r"[A-Za-z0-9_-]+")


class VerifyController(PublicPage, http.Controller):
    # No session is kept for visitors: each would leave a file.
    @http.route(
        "/skill-cert/verify/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        save_session=False,
    )
    def verify(self, token):
        """Show whether a certificate is in force: name and ID number masked, nothing else about the case.

        Answered so often a minute and no more (Settings); behind a proxy, Odoo's ``proxy_mode`` tells the addresses
        apart.
        """
        return self._limited(lambda: self._certificate_page(token))

    def _certificate_page(self, token):
        domain = Domain("token", "=", token) if TOKEN.fullmatch(token) else Domain.FALSE
        # sudo: the public may read exactly the one certificate whose unguessable token it has.
        certificate = request.env["skill.cert.certificate"].sudo().search(domain, limit=1)
        values = {"certificate": certificate, "lang": request.env.lang}
        return self._page("wz_skill_cert.verify_page", values, 200 if certificate else 404)
