import re

from odoo import http
from odoo.fields import Domain
from odoo.http import request

# What secrets.token_urlsafe() makes; anything else need not be looked for.
TOKEN = re.compile(r"[A-Za-z0-9_-]+")


class VerifyController(http.Controller):
    @http.route("/skill-cert/verify/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False)
    def verify(self, token):
        """Show whether a certificate is in force: name and ID number masked, nothing else about the case."""
        domain = Domain("token", "=", token) if TOKEN.fullmatch(token) else Domain.FALSE
        # sudo: the public may read exactly the one certificate whose unguessable token it has.
        certificate = request.env["skill.cert.certificate"].sudo().search(domain, limit=1)
        page = request.render("wz_skill_cert.verify_page", {"certificate": certificate, "lang": request.env.lang})
        page.status_code = 200 if certificate else 404
        page.headers["Cache-Control"] = "no-store"
        page.headers["X-Robots-Tag"] = "noindex"
        return page
