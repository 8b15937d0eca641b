from odoo.http import request

HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    # The pages are one file each: their own style, a form to themselves, and nothing else, whatever slips into them.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # The address of a certificate is its secret.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class PublicPage:
    """What the pages without a login share: so many answers a minute, nothing kept by browsers or search engines, nothing loaded."""

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
        return self._closed(page)

    def _closed(self, answer):
        """Return ``answer`` with the headers that close it against other sites."""
        answer.headers.update(HEADERS)
        return answer
