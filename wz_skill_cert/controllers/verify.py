import re

from odoo import http
from odoo.fields import Domain
from odoo.http import request

# What secrets.token_urlsafe() makes; anything else need not be looked for.
TOKEN = re.compile(r"[A-Za-z0-9_-]+")


class VerifyController(http.Controller):
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
        wait = request.env["skill.cert.visit"]._seconds_to_wait(request.httprequest.remote_addr)
        return self._busy_page(wait) if wait else self._certificate_page(token)

    def _certificate_page(self, token):
        domain = Domain("token", "=", token) if TOKEN.fullmatch(token) else Domain.FALSE
        # sudo: the public may read exactly the one certificate whose unguessable token it has.
        certificate = request.env["skill.cert.certificate"].sudo().search(domain, limit=1)
        values = {"certificate": certificate, "lang": request.env.lang}
        return self._page("wz_skill_cert.verify_page", values, 200 if certificate else 404)

    def _busy_page(self, seconds):
        page = self._page("wz_skill_cert.verify_busy_page", {"seconds": seconds}, 429)
        page.headers["Retry-After"] = str(seconds)
        return page

    def _page(self, template, values, status):
        page = request.render(template, values)
        page.status_code = status
        page.headers["Cache-Control"] = "no-store"
        page.headers["X-Robots-Tag"] = "noindex"
        return page
