import re
import secrets

from odoo import http
from odoo.http import request
from odoo.tools import consteq, hmac

from .public_page import PublicPage

PAGE = "/skill-cert/check"
COOKIE = "skill_cert_check"
NONCE = re.compile(r"[A-Za-z0-9_-]{22}")
STATUS = {"unknown": 404, "locked": 429, "busy": 429, "expired": 400}


class CheckController(PublicPage, http.Controller):
    # No session is kept for visitors: each would leave a file. So the protection against forged requests is our own: the
    # form carries what only this server can make of the cookie, which no other site sends along (SameSite).
    @http.route(
        PAGE, type="http", auth="public", methods=["GET", "POST"], sitemap=False, save_session=False, csrf=False
    )
    def check(self, **_ignored):
        """Tell an applicant how far the case is: state, since when, what comes next, and nothing else.

        Asked for by application number and the last four characters of the ID number, in the body of a POST only:
        addresses end in histories and logs.
        """
        return self._limited(self._answered if request.httprequest.method == "POST" else self._form)

    def _form(self):
        return self._check_page("form")

    def _busy_page(self, seconds):
        page = self._check_page("busy", seconds=seconds)
        page.headers["Retry-After"] = str(seconds)
        return page

    def _answered(self):
        form = request.httprequest.form
        if not self._is_own_form(form.get("token", "")):
            return self._check_page("expired")
        kind, answer = request.env["skill.cert.case.check"]._answer(
            form.get("number", ""), form.get("digits", ""), request.httprequest.remote_addr
        )
        return self._check_page(kind, answer=answer)

    def _is_own_form(self, token):
        nonce = request.httprequest.cookies.get(COOKIE, "")
        return bool(NONCE.fullmatch(nonce)) and consteq(
            self._token_of(nonce).encode(), token.encode("utf-8", "replace")
        )

    def _token_of(self, nonce):
        # sudo: the secret stays here.
        return hmac(request.env(su=True), "skill-cert-check", nonce)

    def _check_page(self, kind, answer=None, seconds=0):
        nonce = request.httprequest.cookies.get(COOKIE, "")
        nonce = nonce if NONCE.fullmatch(nonce) else secrets.token_urlsafe(16)
        values = {
            "kind": kind,
            "answer": answer,
            "seconds": seconds,
            "token": self._token_of(nonce),
            "action": PAGE,
            "lang": request.env.lang,
        }
        page = self._page("wz_skill_cert.check_page", values, STATUS.get(kind, 200))
        secure = request.httprequest.scheme == "https"
        # For the browser's session: expires=None, as Odoo's default is a year.
        page.set_cookie(COOKIE, nonce, expires=None, path=PAGE, httponly=True, samesite="Strict", secure=secure)
        return page
