from odoo.http import request


class PublicPage:
    """What the pages without a login share: so many answers a minute, nothing kept by browsers or search engines."""

    def _limited(self, answer, **subject):
        """Return ``answer()``, or the page that says how long to wait."""
        wait = request.env["skill.cert.visit"]._seconds_to_wait(request.httprequest.remote_addr)
        return self._busy_page(wait, **subject) if wait else answer()

    def _busy_page(self, seconds, **subject):
        page = self._page("wz_skill_cert.verify_busy_page", {"seconds": seconds, **subject}, 429)
        page.headers["Retry-After"] = str(seconds)
        return page

    def _page(self, template, values, status):
        page = request.render(template, values)
        page.status_code = status
        page.headers["Cache-Control"] = "no-store"
        page.headers["X-Robots-Tag"] = "noindex"
        return page
