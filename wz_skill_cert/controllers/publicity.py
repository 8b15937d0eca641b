from odoo import http
from odoo.http import request

from .public_page import PublicPage


class PublicityController(PublicPage, http.Controller):
    # No session is kept for visitors: each would leave a file.
    @http.route(
        "/skill-cert/publicity/<string:code>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
        save_session=False,
    )
    def publicity(self, code):
        """Show what the bureau with the division code ``code`` makes public today: 404 where there is nothing.

        As often a minute as the verification page (Settings).
        """
        return self._limited(lambda: self._publicity_page(code), publicity=True)

    def _publicity_page(self, code):
        publications = request.env["skill.cert.publication"]._on_page(code)
        values = {"publications": publications}
        return self._page("wz_skill_cert.publicity_page", values, 200 if publications else 404)
