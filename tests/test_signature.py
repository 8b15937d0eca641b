"""A certificate is checked by anybody: signed, printed with what a third party needs, replaced and revoked visibly."""

import base64
import io
import json
import subprocess
import tempfile
from datetime import date, timedelta
from pathlib import Path

from pypdf import PdfReader

from odoo.addons.wz_skill_cert import signing
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase, resident_id


class CertificateCase(SkillCertCase):
    def _tamper(self, **values):
        """Write past the program, as whoever holds the database may."""
        self.env.flush_all()
        for column, value in values.items():
            self.env.cr.execute(
                f"UPDATE skill_cert_certificate SET {column} = %s WHERE id = %s", (value, self.certificate.id)
            )
        self.env.invalidate_all()

    def _prepare(self):
        super()._prepare()
        self.application = self._accepted()
        self._qualify(self.application)
        self._decide(self.application)
        self.certificate = self.application.action_certify()

    def _paper(self, user=None):
        # As a request of its own: nothing has been read yet, by whomever.
        self.env.flush_all()
        self.env.invalidate_all()
        reports = self.env["ir.actions.report"].with_user(user or self.county_officer)
        reports = reports.with_context(force_report_rendering=True)
        return reports._render_qweb_pdf("wz_skill_cert.report_certificate", self.certificate.ids)[0]

    def _files(self, pdf):
        """Return {name: bytes} of what is attached to a PDF."""
        return {name: content[0] for name, content in PdfReader(io.BytesIO(pdf)).attachments.items()}


@tagged("standard", "post_install", "-at_install")
class TestSignature(CertificateCase):
    def test_a_certificate_is_signed_by_its_bureau_when_it_is_issued(self):
        self.assertTrue(self.certificate.is_unaltered)
        self.assertEqual(self.certificate.signing_key_id.bureau_id, self.county)
        self.assertEqual(len(base64.b64decode(self.certificate.signature)), 64)

    def test_whoever_changes_a_fact_in_the_database_breaks_the_signature(self):
        for column, value in (
            ("holder_name", "李示例"), ("level", "technician"), ("number", "2099330300000001"), ("issued_on", "2001-01-01"),
            ("occupation_name", "焊工"), ("issuer", "温州示例局（虚构）"), ("token", "x" * 32), ("signature", "AAAA"),
            ("signature", None),
        ):  # fmt: skip
            with self.subTest(column=column), self.env.cr.savepoint() as savepoint:
                self._tamper(**{column: value})
                self.assertFalse(self.certificate.is_unaltered)
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertTrue(self.certificate.is_unaltered)

    def test_the_bureaus_new_name_changes_no_certificate(self):
        issuer = self.certificate.issuer
        self.county.issuer = "温州示例新局（虚构）"
        self.assertEqual(self.certificate.issuer, issuer)
        self.assertTrue(self.certificate.is_unaltered)

    def test_a_new_key_leaves_the_old_signature_valid_and_the_old_key_unable_to_sign(self):
        old = self.certificate.signing_key_id
        self.county.with_user(self.manager).action_rotate_signing_key()
        self.assertEqual(old.state, "retired")
        self.assertFalse(old.sudo().private_key)
        self.assertTrue(self.certificate.is_unaltered)
        new = self.certificate.action_replace("遗失")
        self.assertNotEqual(new.signing_key_id, old)
        self.assertTrue(new.is_unaltered)

    def test_only_the_manager_rotates_and_nobody_reads_the_private_key(self):
        keys = self.certificate.sudo().signing_key_id
        for user in (self.nominator, self.county_officer, self.city_officer, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.county.with_user(user).action_rotate_signing_key()
        admin = self.env.ref("base.user_admin")
        for user in (self.nominator, self.county_officer, self.manager, admin):
            own = keys.with_user(user)
            for look in (
                lambda own=own: own.read(["private_key"]),
                lambda own=own: own.private_key,
                lambda own=own: own.search([("private_key", "like", "MC%")]),
                lambda own=own: own.write({"private_key": "x"}),
                lambda own=own: own.export_data(["private_key"]),
            ):
                with self.subTest(user=user.name), self.assertRaises(UserError):
                    look()
                self.env.invalidate_all()

    def test_keys_and_signatures_are_written_by_the_procedure_only(self):
        certificate = self.certificate
        for values in ({"signature": "AAAA"}, {"signing_key_id": False}, {"issuer": "x"}, {"state": "replaced"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                certificate.write(values)
        with self.assertRaises(UserError):
            certificate.signing_key_id.sudo().unlink()

    def test_the_signed_text_is_what_the_guide_says(self):
        facts = json.loads(self.certificate._signed_content())
        self.assertEqual(facts["format"], signing.FORMAT)
        self.assertEqual(facts["number"], self.certificate.number)
        self.assertEqual(facts["holder_name"], "张示例")
        self.assertNotIn(resident_id(), str(facts))
        again = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        self.assertEqual(again, self.certificate._signed_content())

    def test_what_is_signed_does_not_leave_two_id_numbers(self):
        facts = json.loads(self.certificate._signed_content())
        self.assertNotIn("birth_date", facts)
        # As an insider would look for it: the area is known, and all that the paper says.
        days = [date(int(facts["birth_year"]), 1, 1) + timedelta(days=number) for number in range(365)]
        serial = int(resident_id()[14:17])
        numbers = {resident_id(day, serial) for day in days}
        ending = facts["id_number_masked"][-4:]
        self.assertGreater(len([number for number in numbers if number.endswith(ending)]), 25)

    def test_what_was_signed_with_the_day_of_birth_stays_as_it_was_signed(self):
        certificate = self.certificate.sudo()
        self._tamper(signed_format=None)
        self.assertFalse(certificate.is_unaltered)
        self._tamper(signature=None)
        certificate.signature = base64.b64encode(
            certificate.signing_key_id._sign(certificate._signed_content())
        ).decode()
        self.assertTrue(certificate.is_unaltered)
        facts = json.loads(certificate._signed_content())
        self.assertEqual((facts["format"], facts["birth_date"]), (signing.FORMAT_1, "1985-05-20"))
        self.env.flush_all()
        self._tamper(signed_format=signing.FORMAT)
        self.assertFalse(self.certificate.is_unaltered)


@tagged("standard", "post_install", "-at_install")
class TestPaper(CertificateCase):
    def test_a_third_party_checks_the_file_offline_with_openssl_alone(self):
        files = self._files(self._paper())
        key = next(name for name in files if name.endswith(".pem"))
        self.assertEqual(self._openssl(files, key), 0)
        files["certificate.json"] = files["certificate.json"].replace("张示例".encode(), "李示例".encode())
        self.assertNotEqual(self._openssl(files, key), 0)

    def _openssl(self, files, key):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                (Path(folder) / name).write_bytes(content)
            command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin",
                       "-in", "certificate.json", "-sigfile", "certificate.sig"]  # fmt: skip
            return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode

    def test_the_paper_says_what_is_signed_and_no_full_number(self):
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(self._paper(self.nominator))).pages)
        text = "".join(text.split())
        for fact in ("职业资格证书", "张示例", "高级工（三级）", self.certificate.number, self.certificate.issuer):
            self.assertIn(fact, text)
        self.assertIn(self.application.id_number_masked, text)
        self.assertNotIn(resident_id(), text)
        self.assertIn("出生年份1985年", text)
        self.assertNotIn("5月20日", text)

    def test_one_page_whatever_the_names_are_long(self):
        self._tamper(holder_name="示" * 15, occupation_name="业" * 40, issuer="局" * 40)
        self.assertEqual(len(PdfReader(io.BytesIO(self._paper())).pages), 1)

    def test_what_is_no_longer_in_force_is_not_printed(self):
        self.certificate.action_replace("遗失")
        with self.assert_refused("no longer in force"):
            self._paper()
        self.certificate = self.application.certificate_id
        self._paper()
        self.application.action_revoke("材料不实")
        with self.assert_refused("no longer in force"):
            self._paper()

    def test_another_unit_prints_nothing(self):
        for user in (self.other_nominator, self.other_officer, self.manager, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._paper(user)


@tagged("standard", "post_install", "-at_install")
class TestReplacement(CertificateCase):
    def test_a_replacement_takes_the_place_of_the_old_one(self):
        new = self.certificate.action_replace("遗失")
        self.assertEqual((self.certificate.state, new.state), ("replaced", "valid"))
        self.assertEqual(self.certificate.replaced_by_id, new)
        self.assertEqual(new.number, self.certificate.number)
        self.assertNotEqual((new.serial, new.token), (self.certificate.serial, self.certificate.token))
        self.assertEqual(self.application.certificate_id, new)

    def test_replacing_asks_for_a_reason_and_a_valid_certificate(self):
        with self.assert_refused("reason"):
            self.certificate.action_replace("  ")
        self.certificate.action_replace("遗失")
        with self.assert_refused("Only a valid certificate"):
            self.certificate.action_replace("遗失")

    def test_only_an_officer_of_the_bureau_that_issued_it_replaces(self):
        for user in (self.nominator, self.other_officer, self.city_officer, self.manager, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                self.certificate.with_user(user).action_replace("遗失")
        self.assertEqual(self.certificate.state, "valid")

    def test_a_revocation_takes_the_replaced_one_with_it(self):
        new = self.certificate.action_replace("遗失")
        self.application.action_revoke("材料不实")
        self.assertEqual((self.certificate.state, new.state), ("revoked", "revoked"))

    def test_the_dialogue_replaces_and_opens_the_new_one(self):
        wizard = self.env["skill.cert.replacement.wizard"].with_user(self.county_officer)
        action = wizard.create({"certificate_id": self.certificate.id, "reason": "遗失"}).action_confirm()
        self.assertEqual(action["res_id"], self.application.certificate_id.id)


@tagged("standard", "post_install", "-at_install")
class TestPages(CertificateCase, HttpCase):
    def _prepare(self):
        super()._prepare()
        self.env.flush_all()

    def test_the_page_names_its_checks(self):
        text = self.url_open(f"/skill-cert/verify/{self.certificate.token}").text
        for check in ("证书有效", "未被改动", "现行有效", self.certificate.issuer):
            self.assertIn(check, text)

    def test_an_altered_certificate_is_not_confirmed(self):
        self.env.cr.execute("UPDATE skill_cert_certificate SET holder_name = '李示例'")
        self.env.invalidate_all()
        text = self.url_open(f"/skill-cert/verify/{self.certificate.token}").text
        self.assertNotIn("证书有效", text)
        self.assertIn("内容与电子签名不一致", text)

    def test_a_replaced_certificate_says_so_and_does_not_lead_to_the_new_one(self):
        new = self.certificate.action_replace("遗失")
        self.env.flush_all()
        text = self.url_open(f"/skill-cert/verify/{self.certificate.token}").text
        self.assertIn("证书已换发", text)
        self.assertNotIn(new.serial, text)
        self.assertNotIn(new.token, text)

    def test_public_keys_are_public_and_nothing_else_is(self):
        key = self.certificate.signing_key_id
        answer = self.url_open(f"/skill-cert/key/{key.name}.pem")
        said, _begin, body = answer.text.partition("-----BEGIN")
        self.assertEqual("-----BEGIN" + body, key.public_key)
        for fact in (self.certificate.issuer, key.name, "起使用"):
            self.assertIn(fact, said)
        self.assertTrue(signing.Ed25519.is_genuine(answer.text, self._content(), self._signature()))
        for name in ("0" * 16, "x", str(key.id), "..%2Fverify"):
            with self.subTest(name=name), mute_logger("odoo.http"):
                self.assertEqual(self.url_open(f"/skill-cert/key/{name}.pem").status_code, 404)

    def _content(self):
        return self.certificate._signed_content()

    def _signature(self):
        return base64.b64decode(self.certificate.signature)

    def test_the_key_page_says_of_a_retired_key_that_it_signs_no_more_and_openssl_reads_it(self):
        key = self.certificate.signing_key_id
        self.county.with_user(self.manager).action_rotate_signing_key()
        self.env.flush_all()
        answer = self.url_open(f"/skill-cert/key/{key.name}.pem")
        self.assertIn("现已停用", answer.text)
        command = ["openssl", "pkey", "-pubin", "-noout"]
        self.assertEqual(subprocess.run(command, input=answer.content, check=False).returncode, 0)


@tagged("standard", "post_install", "-at_install")
class TestAward(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.employee = self._employee()
        applications = self._waiting_for_vote(1)
        applications.sudo().employee_id = self.employee
        self._decide(applications)
        self.application = applications
        self.certificate = applications.action_certify()

    def test_the_award_is_among_the_employees_certifications(self):
        award = self.employee.employee_skill_ids
        self.assertEqual(award.skill_id.name, self.certificate.occupation_name)
        self.assertEqual(award.skill_level_id, self.env.ref("wz_skill_cert.skill_level_senior_worker"))
        self.assertTrue(award.is_certification)
        self.assertEqual(award.valid_from, self.certificate.issued_on)

    def test_a_replacement_is_no_second_award(self):
        self.certificate.action_replace("遗失")
        self.assertEqual(len(self.employee.employee_skill_ids), 1)

    def test_a_revocation_takes_it_away(self):
        self.application.action_revoke("材料不实")
        self.assertFalse(self.employee.employee_skill_ids)
