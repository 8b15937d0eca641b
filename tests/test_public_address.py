"""Where QR codes lead is a setting of its own: strangers can reach it, or somebody has said why they need not."""

import json

from odoo.addons.wz_skill_cert.models.parties.public_address import PUBLIC_ADDRESS, is_public, public_address
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SkillCertCase

PUBLIC = (
    "https://rsj.wenzhou.gov.cn", "http://zs.example.com", "https://zs.example.com:8443/cert", "https://8.8.8.8", "https://温州.中国",
    "https://[2606:4700::1]",
)  # fmt: skip
INNER = (
    "", "localhost", "https://localhost", "http://localhost:8069", "http://127.0.0.1:8069", "http://127.1", "http://2130706433",
    "http://0x7f000001", "https://10.0.0.7", "https://192.168.1.20", "https://172.16.3.4", "http://169.254.10.10", "http://0.0.0.0",
    "http://[::1]:8069", "http://[fe80::1]", "http://[fd00::1]", "https://intranet", "https://server.local", "https://odoo.lan",
    "https://erp.corp.internal", "https://a.localhost", "https://zs.test", "https://test.invalid", "ftp://zs.example.com",
    "https://user@zs.example.com", "https://", "javascript:alert(1)", "https://zs.example.com?x", "https://zs example.com", "https://.com",
    "https://[::1", "https://zs.example.com:x",
)  # fmt: skip


@tagged("standard", "post_install", "-at_install")
class TestPublicAddress(SkillCertCase):
    def _set(self, address, reason=""):
        self.env["skill.cert.public.address"]._set(address, reason)

    def _force(self, address):
        """Set it as an administrator may, past the dialogue."""
        self.env["ir.config_parameter"].sudo().set_param(PUBLIC_ADDRESS, address)

    def _passed(self):
        application = self._waiting_for_vote(1)
        self._decide(application)
        return application

    def _traced(self, event):
        self.env.flush_all()
        entry = self.env["skill.cert.trail"].sudo().search([("event", "=", event)], limit=1)
        return entry.detail if isinstance(entry.detail, dict) else json.loads(entry.detail or "{}")

    def test_what_strangers_reach_is_told_from_what_they_do_not(self):
        for address in PUBLIC:
            with self.subTest(address=address):
                self.assertTrue(is_public(address))
        for address in INNER:
            with self.subTest(address=address):
                self.assertFalse(is_public(address))

    def test_no_certificate_is_issued_or_replaced_while_the_address_leads_nowhere(self):
        application = self._passed()
        certificate = self._passed().action_certify()
        for address in INNER:
            self._force(address)
            for step in (application.action_certify, lambda: certificate.action_replace("遗失")):
                with self.subTest(address=address), self.assertRaises(UserError):
                    step()
        self.assertEqual((application.state, certificate.state), ("passed", "valid"))
        self._set("https://zs.example.com")
        self.assertTrue(application.action_certify())

    def test_with_a_reason_it_is_issued_and_the_entry_says_why(self):
        application = self._passed()
        with self.assertRaises(UserError):
            self._set("http://192.168.1.20")
        self._set("http://192.168.1.20", "局域网试运行")
        self.assertEqual(self._traced("address")["reason"], "局域网试运行")
        application.action_certify()
        self.assertEqual(
            self._traced("certificate_issued"), {"address": "http://192.168.1.20", "reason": "局域网试运行"}
        )

    def test_a_login_from_elsewhere_changes_nothing(self):
        certificate = self._passed().action_certify()
        before = certificate.verify_url
        self.assertTrue(before.startswith("https://zs.example.com/skill-cert/verify/"))
        self.env["ir.config_parameter"].sudo().set_param("web.base.url", "http://192.168.1.20:8069")
        self.env.invalidate_all()
        self.assertEqual(certificate.verify_url, before)
        self.assertTrue(self._passed().action_certify().verify_url.startswith("https://zs.example.com/"))

    def test_the_manager_sets_it_in_the_first_steps_and_nobody_else_does(self):
        self._force("")
        steps = self.env["skill.cert.getting.started"]
        bureaus = self.env["skill.cert.bureau"].search([])
        bureaus.action_make_signing_keys()
        count, total = steps.sudo()._numbers()
        self.assertEqual(count, total - 1)
        values = {"address": "https://zs.example.com/", "reason": False}
        for user in (self.county_officer, self.nominator, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.env["skill.cert.address.wizard"].with_user(user).create(values)
        wizard = self.env["skill.cert.address.wizard"].with_user(self.manager)
        wizard.create(values).action_save()
        self.assertEqual(public_address(self.env), "https://zs.example.com")
        self.assertEqual(steps.sudo()._numbers(), (total, total))
        self.assertEqual(self._traced("address")["to"], "https://zs.example.com")
        self.assertTrue(wizard.create({"address": "http://localhost"}).needs_reason)
        with self.assertRaises(UserError):
            wizard.create({"address": "http://localhost"}).action_save()

    def test_an_administrator_sets_it_in_the_settings_and_leaves_an_entry(self):
        settings = self.env["res.config.settings"].sudo()
        self.assertEqual(settings.create({}).skill_cert_public_address, "https://zs.example.com")
        settings.create({"skill_cert_public_address": "https://cert.example.com"}).execute()
        self.assertEqual(self._traced("address")["from"], "https://zs.example.com")
        with self.assertRaises(UserError):
            settings.create({"skill_cert_public_address": "http://10.1.1.1"}).execute()
        self.assertEqual(public_address(self.env), "https://cert.example.com")
