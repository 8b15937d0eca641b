"""Whoever asks for a new password learns nothing about who has a login here: experts are known to nobody outside."""

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase

PAGE = "/web/reset_password"


@tagged("standard", "post_install", "-at_install")
class TestForgottenPassword(SkillCertCase, HttpCase):
    def _prepare(self):
        super()._prepare()
        self.env["ir.config_parameter"].set_param("auth_signup.reset_password", "True")
        self.expert = self._expert(self.county).user_id
        self.expert.email = "expert@test.invalid"
        self.env.flush_all()

    def _ask(self, login):
        sent = {"login": login, "csrf_token": Request.csrf_token(self)}
        with mute_logger("odoo.addons.auth_signup.controllers.main"):
            page = self.url_open(PAGE, data=sent)
        self.assertEqual(page.status_code, 200)
        return page.text.replace(login, "#")

    def test_a_login_that_is_there_and_one_that_is_not_are_answered_alike(self):
        self.authenticate(None, None)
        known, unknown = (self._words(self._ask(login)) for login in (self.expert.login, "nobody@test.invalid"))
        self.assertEqual(known, unknown)
        self.assertTrue(known)

    def _words(self, page):
        """Return what the page says in its box: no token, and no time."""
        return [part.split("<")[0].strip() for part in page.split('class="alert')[1:] for part in [part.split(">")[1]]]

    def test_who_asks_gets_the_e_mail(self):
        self.authenticate(None, None)
        self.assertFalse(self.expert.partner_id.signup_type)
        self._ask(self.expert.login)
        self.assertEqual(self.expert.partner_id.signup_type, "reset")

    def test_an_enterprises_own_database_answers_as_odoo_does(self):
        outsiders = self.env.ref("wz_skill_cert.group_external")
        for group in ("wz_skill_cert.group_nominator", "wz_skill_cert.group_expert"):
            self.env.ref(group)._remove_group(outsiders)
        with self.assertRaisesRegex(Exception, "account|帐户"):
            self.env["res.users"].reset_password("nobody@test.invalid")

    def test_an_address_in_the_link_leads_to_no_login(self):
        self.authenticate(None, None)
        for page in (PAGE, "/web/signup"):
            for email in (self.expert.email, "nobody@test.invalid"):
                with mute_logger("odoo.http"):
                    answer = self.url_open(f"{page}?signup_email={email}", allow_redirects=False)
                self.assertNotIn(self.expert.login, answer.headers.get("Location", ""))
