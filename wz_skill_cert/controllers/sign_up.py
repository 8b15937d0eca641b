from odoo.addons.auth_signup.controllers.main import AuthSignupHome
from odoo.http import request


class SignUp(AuthSignupHome):
    def get_auth_signup_qcontext(self):
        """Return the values of the pages; an address in the link leads to nobody's login in a bureau's database."""
        values = super().get_auth_signup_qcontext()
        # sudo: only yes or no is asked.
        if request.env["res.groups"].sudo()._are_outsiders_shut_out():
            values.pop("signup_email", None)
        return values
