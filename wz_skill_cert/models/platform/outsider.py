"""Who is from outside: the one question that all rules and refusals for outsiders ask."""

from odoo import models

from ...workflow import OUTSIDER, STAFF


class Users(models.Model):
    _inherit = "res.users"

    def _is_outsider(self):
        """Tell whether this user is a nominator or expert from outside. Groups alone decide: rule domains are cached by them."""
        self.ensure_one()
        return self.has_group(OUTSIDER) and not any(self.has_group(group) for group in STAFF)
