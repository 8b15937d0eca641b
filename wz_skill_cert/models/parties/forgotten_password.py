"""Who asks for a new password learns nothing about who has a login: experts are known to nobody outside."""

import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class Users(models.Model):
    _inherit = "res.users"

    def reset_password(self, login):
        """Send the instructions. In a bureau's database the answer is the same for an address that nobody has."""
        if not self.env["res.groups"]._are_outsiders_shut_out():
            return super().reset_password(login)
        if len(self._with_account(login)) != 1:
            return None
        try:
            return super().reset_password(login)
        except UserError:
            # The mail server does not answer: said aloud, it would tell that there is somebody to write to.
            _logger.warning("The instructions for a new password could not be sent", exc_info=True)
            return None

    def _with_account(self, login):
        return self.search(self._get_login_domain(login)) or self.search(self._get_email_domain(login))
