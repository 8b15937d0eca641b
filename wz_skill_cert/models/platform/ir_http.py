import re

from werkzeug.exceptions import NotFound

from odoo import models
from odoo.http import request

# In an address, these are an attack or a mistake. Odoo itself would answer them with a server error: the database
# refuses to look for a NUL, a redirection cannot hold the end of a line.
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _match(cls, path_info):
        """Find the route of an address; one with control characters has none."""
        if CONTROL.search(path_info):
            raise NotFound
        return super()._match(path_info)

    @classmethod
    def _serve_fallback(cls):
        """Look for an attachment at an unknown address; none is at one with control characters."""
        return None if CONTROL.search(request.httprequest.path) else super()._serve_fallback()

    @classmethod
    def _post_dispatch(cls, response):
        """Send; of what people from outside are answered their browser keeps no copy, to show when the right to it has ended.

        Odoo lets it keep pictures and files for a year. What is for everybody (scripts, styles) is kept.
        """
        result = super()._post_dispatch(response)
        user = request.env["res.users"].browse(request.session.uid or request.env.uid)
        if user and not response.cache_control.public and user._is_outsider():
            response.headers["Cache-Control"] = "no-store"
        return result
