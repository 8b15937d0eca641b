from odoo.http import request

from ..models.platform.neutralized import is_neutralized

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

# Above each page of a copy, whatever it says.
TEST_NOTICE = (
    '<p role="alert" style="margin:0 auto 16px;max-width:520px;padding:12px;border-radius:10px;background:#b3261e;color:#fff;'
    'text-align:center;font-size:20px;font-weight:700">测试　无效<br/><small style="color:#fff">Test copy: nothing on this page'
    " is valid</small></p>"
)


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
        neutralized = is_neutralized(request.env)
        page = request.render(template, {**values, "neutralized": neutralized})
        page.status_code = status
        if neutralized:
            page.flatten()
            page.set_data(page.get_data().replace(b"<body>", b"<body>" + TEST_NOTICE.encode(), 1))
        return self._closed(page)

    def _closed(self, answer):
        """Return ``answer`` with the headers that close it against other sites."""
        answer.headers.update(HEADERS)
        return answer
