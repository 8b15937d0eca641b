"""Notice, part 4, 资格确认, and part 5: the certificate's number, its public page, its end."""

from psycopg2 import IntegrityError

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase, resident_id


class CertificateCase(SkillCertCase):
    def _certified(self, applications=None):
        """Return the certificates of applications that have just passed their vote."""
        applications = applications or self._waiting_for_vote(1)
        self._decide(applications)
        return applications.action_certify()


@tagged("standard", "post_install", "-at_install")
class TestNumber(CertificateCase):
    def test_the_sixteen_digits_say_year_place_body_and_level(self):
        number, year = self._certified().number, f"{clock.today():%y}"
        self.assertRegex(number, rf"^{year}330300023\d{{5}}$")
        self.assertEqual(len(number), 16)
        technician = self.county._next_certificate_number("technician", clock.today())
        self.assertRegex(technician, rf"^{year}330300022\d{{5}}$")

    def test_numbers_count_up_without_a_gap(self):
        certificates = self._certified(self._waiting_for_vote(3))
        serials = sorted(int(number[-5:]) for number in certificates.mapped("number"))
        self.assertEqual(serials, list(range(serials[0], serials[0] + 3)))
        self.assertEqual(int(self._certified().number[-5:]), serials[-1] + 1)

    def test_a_refused_step_uses_no_number(self):
        first = int(self._certified().number[-5:])
        applications = self._waiting_for_vote(2)
        self._decide(applications[0])
        with self.assertRaises(UserError):
            applications.action_certify()
        self.assertEqual(applications.mapped("state"), ["passed", "qualified"])
        self.assertEqual(int(applications[0].action_certify().number[-5:]), first + 1)

    def test_each_bureau_counts_for_itself_and_has_its_own_pattern(self):
        pattern = "{year}-{province}{city}-{level}-{serial}"
        self.city.write({"certificate_pattern": pattern})
        certificate = self._certified(self._waiting_for_vote(1, self.city))
        self.assertRegex(certificate.number, rf"^{clock.today():%y}-3303-3-00001$")
        self.assertEqual(certificate.bureau_id, self.city)

    def test_a_clerk_writes_the_parts_in_chinese_and_sees_an_example_at_once(self):
        self.city.write(
            {"certificate_pattern": "{年份}{省}{市}{机关类别}{机关序号}{等级}{流水号}", "body_serial": "007"}
        )
        self.assertEqual(self.city.certificate_example, f"{clock.today():%y}33030007300001")
        self.assertEqual(self._certified(self._waiting_for_vote(1, self.city)).number, self.city.certificate_example)

    def test_a_pattern_without_serial_or_with_an_unknown_part_is_refused(self):
        for pattern, words in (
            ("{year}{level}", "needs at least the level"),
            ("{流水号}", "needs at least the level"),
            ("{year}{level}{serial}{birth}", "Unknown part in the certificate number: birth"),
        ):
            with self.subTest(pattern=pattern), self.assert_refused(words, error=ValidationError):
                self.county.certificate_pattern = pattern

    def test_a_number_and_a_token_exist_once(self):
        first, second = self._certified(), self._certified()
        self.assertNotEqual(first.token, second.token)
        self.assertGreaterEqual(len(first.token), 32)
        for name in ("number", "token"):
            with self.subTest(name=name), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.env.cr.execute(
                    f"UPDATE skill_cert_certificate SET {name} = %s WHERE id = %s", (first[name], second.id)
                )

    def test_an_application_has_one_valid_certificate(self):
        certificate = self._certified()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            certificate.sudo().copy({"number": "1", "token": "1"})
            self.env.flush_all()

    def test_no_second_certificate_by_pressing_again(self):
        certificate = self._certified()
        with self.assert_refused("cannot become"):
            certificate.application_id.with_user(self.county_officer).action_certify()

    def test_the_certificate_keeps_the_facts_of_its_day(self):
        certificate = self._certified()
        name, occupation = certificate.holder_name, certificate.occupation_name
        certificate.application_id.sudo().applicant_name = "别人"
        self.electrician.name = "别的"
        self.assertEqual((certificate.holder_name, certificate.occupation_name), (name, occupation))

    def test_the_kind_follows_the_policy(self):
        self.policy.certificate_kind = "skill_level"
        self.assertEqual(self._certified().kind, "skill_level")

    def test_a_certificate_is_never_deleted(self):
        with self.assert_refused("never deleted"):
            self._certified().sudo().unlink()


@tagged("standard", "post_install", "-at_install")
class TestRevocation(CertificateCase):
    def test_fraud_ends_the_qualification_and_the_certificate_with_the_reason(self):
        certificate = self._certified()
        application = certificate.application_id.with_user(self.county_officer)
        application.action_revoke("证书系伪造")
        self.assertEqual((application.state, application.reason), ("revoked", "证书系伪造"))
        self.assertEqual((certificate.state, certificate.revocation_reason), ("revoked", "证书系伪造"))
        self.assertEqual(certificate.revoked_on, clock.today())
        self.assertEqual(application.sudo().review_id.outcome, "passed", "what was voted stays voted")

    def test_fraud_found_earlier_leaves_no_certificate(self):
        application = self._accepted()
        application.action_revoke("材料不实")
        self.assertEqual((application.state, application.sudo().review_id.outcome), ("revoked", "revoked"))
        self.assertFalse(application.sudo().certificate_ids)
        for step in (application.action_start_assessment, lambda: application.action_return("补充")):
            with self.assertRaises(UserError):
                step()

    def test_only_the_bureau_that_certified_revokes(self):
        application = self._certified().application_id
        for user in (self.nominator, self.other_officer, self.city_officer, self.manager, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                application.with_user(user).action_revoke("假的")
        self.assertEqual(application.sudo().certificate_id.state, "valid")

    def test_the_dialogue_passes_the_reason_on_and_asks_for_one(self):
        application = self._certified().application_id
        wizard = self.env["skill.cert.reason.wizard"].with_user(self.county_officer)
        values = {"application_ids": application.ids, "action": "revoke"}
        with self.assert_refused("Please give the reason"):
            wizard.create({**values, "reason": " "}).action_confirm()
        wizard.create({**values, "reason": "材料不实"}).action_confirm()
        self.assertEqual((application.state, application.reason), ("revoked", "材料不实"))


@tagged("standard", "post_install", "-at_install")
class TestPublicPage(CertificateCase, HttpCase):
    def _prepare(self):
        super()._prepare()
        self.application = self._accepted()
        self._qualify(self.application)
        self.certificate = self._certified(self.application)
        self.env.flush_all()

    def _page(self, token):
        return self.url_open(f"/skill-cert/verify/{token}")

    def _assert_nothing_unmasked(self, text):
        case = self.application.sudo()
        secrets = (
            case.applicant_name, case.id_number, case.phone, case.employer_name, case.name, str(case.birth_date),
            self.county_officer.name, self.certificate.sudo().revocation_reason, resident_id()[6:14],
        )  # fmt: skip
        for secret in filter(None, secrets):
            self.assertNotIn(secret, text)

    def test_a_valid_certificate_is_shown_masked(self):
        answer = self._page(self.certificate.token)
        self.assertEqual(answer.status_code, 200)
        self.assertIn(self.certificate.number, answer.text)
        self.assertIn("证书有效", answer.text)
        self.assertIn("张**", answer.text)
        self.assertIn("330***************", answer.text)
        self.assertNotIn(resident_id()[-4:], answer.text)
        self._assert_nothing_unmasked(answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertIn("noindex", answer.headers["X-Robots-Tag"])

    def test_a_revoked_certificate_says_so_and_not_why(self):
        self.application.action_revoke("材料不实")
        self.env.flush_all()
        answer = self._page(self.certificate.token)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("证书已撤销", answer.text)
        self.assertNotIn("证书有效", answer.text)
        self._assert_nothing_unmasked(answer.text)

    def test_unknown_tokens_are_not_found_and_say_nothing(self):
        tokens = (
            "unknown", self.certificate.number, str(self.certificate.id), self.certificate.token[:-1], "%25", "_" * 32,
            self.certificate.token.swapcase(), "false", "%E4%BA%BA", "x" * 2000, "%27%20OR%201=1--", "a%00b",
        )  # fmt: skip
        for token in tokens:
            with self.subTest(token=token[:40]), mute_logger("odoo.http"):
                answer = self._page(token)
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn(self.certificate.number, answer.text)
                self._assert_nothing_unmasked(answer.text)

    def test_the_page_is_read_only(self):
        with mute_logger("odoo.http"):
            answer = self.url_open(f"/skill-cert/verify/{self.certificate.token}", data={"state": "valid"})
        self.assertEqual(answer.status_code, 405)

    def test_the_address_on_the_certificate_leads_to_the_page(self):
        self.assertTrue(self.certificate.verify_url.endswith(f"/skill-cert/verify/{self.certificate.token}"))
