from odoo import http
from odoo.http import request


class VerifyController(http.Controller):
    @http.route("/skill-cert/verify/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False)
    def verify(self, token):
        """Show whether a certificate is in force: name and ID number masked, nothing else about the case."""
        # sudo: the public may read exactly the one certificate whose unguessable token it has.
        certificate = request.env["skill.cert.certificate"].sudo().search([("token", "=", token)], limit=1)
        page = request.render("wz_skill_cert.verify_page", {"certificate": certificate, "lang": request.env.lang})
        page.status_code = 200 if certificate else 404
        page.headers["Cache-Control"] = "no-store"
        page.headers["X-Robots-Tag"] = "noindex"
        return page
