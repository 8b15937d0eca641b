"""更正: what was stated wrongly is put right on record; a lost certificate keeps its number, a wrong one is issued anew."""

from unittest.mock import patch

from odoo.addons.wz_skill_cert.models.papers import kept_form
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id

RIGHT = "章示例"


class CorrectionCase(SkillCertCase):
    def _ask(self, case, user=None, **vals):
        user = user or self.nominator
        correction = (
            self.env["skill.cert.correction"]
            .with_user(user)
            .create({"application_id": case.id, "ground": "录入错误（示例）", "new_name": RIGHT, **vals})
        )
        correction.proof_ids = [Command.set(self._file(user, "proof.pdf").ids)]
        return correction

    def _certified(self):
        case = self._qualified()
        self._decide(case)
        certificate = case.action_certify()
        return case, certificate


@tagged("standard", "post_install", "-at_install")
class TestCorrection(CorrectionCase):
    def test_the_unit_asks_and_the_officer_allows_and_both_values_stay_on_record(self):
        case = self._submitted()
        correction = self._ask(case)
        self.assertEqual((correction.state, correction.asked_by_id), ("asked", self.nominator))
        correction.with_user(self.county_officer).action_allow("户口簿已核对（示例）")
        self.assertEqual(case.applicant_name, RIGHT)
        self.assertEqual(correction.line_ids.mapped("fact"), ["applicant_name"])
        self.assertEqual((correction.line_ids.old_value, correction.line_ids.new_value), ("张示例", RIGHT))
        decided = correction.sudo()
        self.assertEqual((decided.state, decided.decided_by_id), ("allowed", self.county_officer))
        self.env.flush_all()
        entry = self.env["skill.cert.trail"].sudo().search([("event", "=", "corrected")])[:1]
        self.assertEqual(entry.detail, {"state": "allowed", "facts": ["applicant_name"]})

    def test_sex_and_day_of_birth_follow_a_right_id_number(self):
        case = self._submitted()
        number = resident_id(sequence=904)
        correction = self._ask(case, new_name=False, new_id_number=number)
        correction.with_user(self.county_officer).action_allow()
        self.assertEqual((case.id_number, case.sex), (number, "2"))
        self.assertEqual(set(correction.line_ids.mapped("fact")), {"id_number", "sex"})

    def test_a_number_without_its_check_digit_corrects_nothing(self):
        case = self._submitted()
        wrong = resident_id(sequence=904)[:-1] + ("1" if resident_id(sequence=904)[-1] != "1" else "2")
        correction = self._ask(case, new_name=False, new_id_number=wrong)
        with self.assertRaises(UserError):
            correction.with_user(self.county_officer).action_allow()
        self.assertEqual(case.id_number, resident_id())

    def test_nothing_is_corrected_without_a_proof_or_where_nothing_differs(self):
        case = self._submitted()
        correction = self._ask(case)
        correction.proof_ids = [Command.clear()]
        with self.assert_refused("proof first"):
            correction.with_user(self.county_officer).action_allow()
        with self.assert_refused("nothing differs"):
            self._ask(case, new_name="张示例")

    def test_only_the_officers_who_have_the_case_decide_and_a_decision_is_fixed(self):
        case = self._submitted()
        correction = self._ask(case)
        other = self._officer(self.other_county, "county")
        for user in (self.nominator, self.other_nominator, other, self.city_officer, self.manager):
            for step in ("action_allow", "action_refuse"):
                with self.subTest(user=user.login, step=step), self.assertRaises(UserError):
                    getattr(correction.with_user(user), step)("示例")
        own = correction.with_user(self.county_officer)
        with self.assert_refused("what the bureau found"):
            own.action_refuse()
        own.action_refuse("证据不足（示例）")
        self.assertEqual((case.applicant_name, correction.finding), ("张示例", "证据不足（示例）"))
        for step in (own.action_allow, lambda: own.write({"ground": "x"}), correction.unlink):
            with self.assertRaises(UserError):
                step()

    def test_the_unit_does_not_write_what_the_bureau_found(self):
        case = self._submitted()
        with self.assertRaises(AccessError):
            self._ask(case, finding="已同意")
        correction = self._ask(case)
        with self.assertRaises(AccessError):
            correction.finding = "已同意"

    def test_it_is_asked_from_the_submission_on_and_by_no_stranger(self):
        with self.assert_refused("from the submission on"):
            self._ask(self._draft())
        case = self._submitted()
        for user in (self.other_nominator, self._officer(self.other_county, "county")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._ask(case, user)
        self.assertTrue(self._ask(case, self.county_officer))

    def test_an_ended_case_is_corrected_no_more(self):
        case = self._submitted()
        case.with_user(self.nominator).action_withdraw()
        with self.assert_refused("from the submission on"):
            self._ask(case)

    def test_forms_printed_later_say_so_and_those_kept_before_stay(self):
        case = self._submitted()
        papers = case.sudo().paper_ids
        before = papers.filtered(lambda paper: paper.form == "application_form")
        words = before.words_sha256
        self._ask(case).with_user(self.county_officer).action_allow()
        latest = self.env["skill.cert.paper"].sudo()._for(case.sudo(), "application_form")
        self.assertEqual(latest.moment, "corrected")
        self.assertIn(f"姓名由“张示例”更正为“{RIGHT}”", latest.page)
        self.assertEqual(before.words_sha256, words)
        self.assertNotIn(RIGHT, before.page)

    def test_a_form_that_still_waits_for_its_words_says_what_was_submitted(self):
        with patch.object(kept_form, "AT_ONCE", 0):
            case = self._submitted()
            before = case.sudo().paper_ids.filtered(lambda paper: paper.form == "application_form")
            self.assertFalse(before.frozen_on)
            self._ask(case).with_user(self.county_officer).action_allow()
        before._word()
        self.assertIn("张示例", before.page)
        self.assertNotIn(RIGHT, before.page)

    def test_the_officers_and_then_the_unit_are_told(self):
        case = self._submitted()
        correction = self._ask(case)
        told = self.env["skill.cert.notification"].search(
            [("notice", "=", "correction_asked"), ("res_id", "=", case.id)]
        )
        self.assertEqual(told.user_id, self.county_officer)
        correction.with_user(self.county_officer).action_allow()
        told = self.env["skill.cert.notification"].search(
            [("notice", "=", "correction_decided"), ("res_id", "=", case.id)]
        )
        self.assertEqual(told.user_id, self.enterprise.nominator_user_ids)


@tagged("standard", "post_install", "-at_install")
class TestReissue(CorrectionCase):
    def test_a_lost_certificate_keeps_its_number_and_says_when_and_why_again(self):
        _case, certificate = self._certified()
        again = certificate.action_replace("遗失（示例）", "lost")
        self.assertEqual((again.number, again.issue, again.reissued_as), (certificate.number, 2, "lost"))
        self.assertRegex(again.serial, r"^330302\d{4}000001$")
        self.assertEqual((certificate.state, certificate.replaced_by_id), ("replaced", again))
        self.assertTrue(again.is_unaltered)
        self.assertTrue(certificate.is_unaltered)
        page = (
            self.env["ir.actions.report"]._render_qweb_html("wz_skill_cert.report_certificate", again.ids)[0].decode()
        )
        self.assertIn("补发", page)
        self.assertIn(again.serial, page)

    def test_each_reissue_has_a_serial_of_its_own(self):
        _case, certificate = self._certified()
        second = certificate.action_replace("遗失（示例）", "lost")
        third = second.action_replace("污损（示例）", "damaged")
        self.assertEqual(len({second.serial, third.serial}), 2)
        self.assertEqual({certificate.number, second.number, third.number}, {certificate.number})

    def test_a_mistake_is_corrected_on_record_and_then_on_the_certificate(self):
        case, certificate = self._certified()
        with self.assert_refused("repeat the mistake"):
            certificate.action_replace("姓名有误（示例）", "corrected")
        self._ask(case, self.county_officer).action_allow()
        self.assertEqual(certificate.holder_name, "张示例")
        self.assertTrue(certificate.is_outdated)
        again = certificate.action_replace("姓名有误（示例）", "corrected")
        self.assertEqual((again.holder_name, again.number), (RIGHT, certificate.number))
        self.assertFalse(again.is_outdated)
        self.assertTrue(again.is_unaltered)
        page = (
            self.env["ir.actions.report"]._render_qweb_html("wz_skill_cert.report_certificate", again.ids)[0].decode()
        )
        self.assertIn("换发（更正）", page)

    def test_a_lost_one_says_what_the_lost_one_said(self):
        case, certificate = self._certified()
        self._ask(case, self.county_officer).action_allow()
        self.assertEqual(certificate.action_replace("遗失（示例）", "lost").holder_name, "张示例")

    def test_a_revoked_case_revokes_every_issue(self):
        case, certificate = self._certified()
        again = certificate.action_replace("遗失（示例）", "lost")
        case.action_revoke("弄虚作假（示例）")
        self.assertEqual(set((certificate | again).mapped("state")), {"revoked"})
