"""The officer ticks originals and counts copies: who, when and of what is recorded, and falls where the paper changes."""

from datetime import date

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SkillCertCase, pdf, resident_id

OTHER = pdf("另一份材料（虚构）")


class CheckCase(SkillCertCase):
    def _second(self):
        """Return values of a second person of the same unit."""
        birth = date(1986, 6, 21)
        return {"applicant_name": "李示例", "id_number": resident_id(birth, 903), "birth_date": birth}

    def _id_card(self, application, user):
        return application.material_ids.filtered("attachment_ids")[:1].with_user(user)


@tagged("standard", "post_install", "-at_install")
class TestPaperCheck(CheckCase):
    def test_the_server_records_who_ticked_and_when(self):
        card = self._id_card(self._submitted(), self.county_officer)
        before = fields.Datetime.now()
        card.write({"original_seen": True, "copies_counted": 2})
        self.assertEqual(card.checked_by_id, self.county_officer)
        self.assertGreaterEqual(card.checked_on, before)
        card.write({"original_seen": False, "copies_counted": 0})
        self.assertFalse(card.checked_by_id or card.checked_on, "nothing is left of a tick that was taken back")

    def test_nobody_but_an_officer_of_the_handling_bureau_ticks(self):
        application = self._submitted()
        for user in (self.nominator, self.city_officer, self.other_officer, self.manager, self.plain_user):
            for vals in ({"original_seen": True}, {"copies_counted": 1}, {"officer_remark": "示例"}):
                with self.subTest(user=user.name, vals=vals), self.assertRaises(AccessError):
                    self._id_card(application, user).write(vals)

    def test_who_and_when_cannot_be_given(self):
        card = self._id_card(self._submitted(), self.county_officer)
        for vals in ({"checked_by_id": self.other_officer.id}, {"checked_on": "2099-01-01"}, {"checked_content": "0"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                card.write({"original_seen": True, **vals})
        self.assertFalse(card.original_seen)

    def test_a_nominator_cannot_enter_a_row_as_checked(self):
        draft = self._draft()
        rows = self.env["skill.cert.material"].with_user(self.nominator)
        for name, value in (("original_seen", True), ("copies_counted", 1), ("officer_remark", "已核")):
            vals = {"name": "示例", "application_id": draft.id}
            with self.subTest(name=name), self.assertRaises(AccessError):
                rows.create({**vals, name: value})
            with self.subTest(name=name, road="default"), self.assertRaises(AccessError):
                rows.with_context(**{f"default_{name}": value}).create(vals)
            with self.subTest(name=name, road="parent"), self.assertRaises(AccessError):
                draft.material_ids = [Command.create({"name": "示例", name: value})]

    def test_ticks_are_fixed_once_the_assessment_has_begun(self):
        application = self._accepted()
        card = self._id_card(application, self.county_officer)
        card.original_seen = True
        self._start_assessment(application)
        with self.assert_refused(application.display_name):
            card.original_seen = False

    def test_the_city_ticks_anew_what_a_county_recommends(self):
        title = [Command.create(self._achievement_vals(self.nominator, title_rank="2"))]
        application = self._qualified(level="technician", achievement_ids=title)
        application.action_recommend()
        card = self._id_card(application, self.city_officer)
        card.original_seen = True
        self.assertEqual(card.checked_by_id, self.city_officer)
        with self.assertRaises(AccessError):
            card.with_user(self.county_officer).original_seen = False

    def test_copies_are_not_negative(self):
        card = self._id_card(self._submitted(), self.county_officer)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            card.copies_counted = -1

    def test_a_tick_falls_when_the_file_was_exchanged_on_any_road(self):
        roads = {
            "link": lambda card: card.write({"attachment_ids": [Command.set(self._other_file().ids)]}),
            "content": lambda card: card.attachment_ids.write({"raw": OTHER}),
            "name": lambda card: card.application_id.write(
                {"material_ids": [Command.update(card.id, {"attachment_ids": [Command.link(self._other_file().id)]})]}
            ),
        }
        for road, exchange in roads.items():
            with self.subTest(road=road), self.cr.savepoint() as savepoint:
                application = self._returned()
                exchange(self._id_card(application, self.nominator))
                application.action_submit()
                card = self._id_card(application, self.county_officer)
                self.assertFalse(card.original_seen or card.checked_by_id or card.copies_counted)
                savepoint.rollback()

    def test_a_tick_stays_where_nothing_changed(self):
        application = self._returned()
        application.summary = "已补充。"
        application.action_submit()
        self.assertTrue(self._id_card(application, self.county_officer).original_seen)
        self.assertEqual(application.achievement_ids.verified, "verified")

    def test_a_verdict_falls_when_the_achievement_was_changed(self):
        for vals in ({"title_rank": "3"}, {"evidence_ids": "other"}):
            with self.subTest(vals=vals), self.cr.savepoint() as savepoint:
                application = self._returned()
                if "evidence_ids" in vals:
                    vals = {"evidence_ids": [Command.set(self._other_file().ids)]}
                application.achievement_ids.write(vals)
                application.action_submit()
                self.assertEqual(application.achievement_ids.verified, "claimed")
                self.assertFalse(application.sudo().achievement_ids.verified_by_id)
                savepoint.rollback()

    def _returned(self):
        """Return a case that was ticked and verified and then returned, in the nominator's environment."""
        application = self._submitted()
        self._id_card(application, self.county_officer).write({"original_seen": True, "copies_counted": 1})
        application.achievement_ids.action_verify()
        application.action_return("缺公章")
        return self._settle(application)

    def _other_file(self):
        return self.env["ir.attachment"].with_user(self.nominator).create({"name": "other.pdf", "raw": OTHER})


@tagged("standard", "post_install", "-at_install")
class TestOriginalsBeforeAcceptance(CheckCase):
    def test_by_default_the_officer_is_only_reminded(self):
        application = self._submitted()
        self.assertEqual(application.unseen_count, 1)
        application.action_accept()
        self.assertEqual(application.state, "accepted")

    def test_where_the_policy_asks_for_them_nothing_is_accepted_without_the_originals(self):
        self.policy.sudo().require_originals = True
        application = self._submitted()
        card = self._id_card(application, self.county_officer)
        with self.assert_refused(card.name):
            application.action_accept()
        card.original_seen = True
        self.assertEqual(application.unseen_count, 0)
        application.action_accept()
        self.assertEqual(application.state, "accepted")

    def test_rows_without_a_copy_have_no_original_to_see(self):
        application = self._submitted()
        self.assertGreater(len(application.material_ids), 1)
        self.assertEqual(application._unseen_materials(), application.material_ids.filtered("attachment_ids"))


@tagged("standard", "post_install", "-at_install")
class TestManyAtOnce(CheckCase):
    def _prepare(self):
        super()._prepare()
        self.county_officer.lang = "en_US"
        self.first = self._submitted()
        self.second = self._submitted(**self._second())

    def test_those_that_can_be_accepted_are_and_the_others_say_why_not(self):
        self.second.action_return("缺公章")
        result = (self.first + self.second).action_accept_each()["params"]
        self.assertEqual((self.first.state, self.second.state), ("accepted", "returned"))
        self.assertEqual([row["id"] for row in result["done"]], self.first.ids)
        self.assertEqual([row["id"] for row in result["refused"]], self.second.ids)
        self.assertIn("Returned", result["refused"][0]["why"])
        self.assertEqual(len(self.first.sudo().review_ids), 1, "a first try that failed leaves no round behind")
        self.assertIn("1 originals", result["done"][0]["why"])

    def test_all_are_accepted_and_nothing_is_to_be_said(self):
        both = self.first + self.second
        both.material_ids.filtered("attachment_ids").original_seen = True
        result = both.action_accept_each()
        self.assertEqual(set(both.mapped("state")), {"accepted"})
        self.assertEqual((result["tag"], result["params"]["count"]), ("wz_skill_cert.step_done", 2))

    def test_a_case_of_another_bureau_is_neither_accepted_nor_named(self):
        birth = date(1987, 7, 22)
        person = {"applicant_name": "王示例", "id_number": resident_id(birth, 905), "birth_date": birth}
        foreign = self._submitted(self.other_nominator, **person).with_user(self.county_officer)
        with self.assertRaises(AccessError) as caught:
            (self.first + foreign).action_accept_each()
        self.assertNotIn(foreign.sudo().name, str(caught.exception))
        self.assertEqual((self.first.state, foreign.sudo().state), ("submitted", "submitted"))

    def test_who_reads_without_handling_accepts_none(self):
        result = (self.first + self.second).with_user(self.city_officer).action_accept_each()["params"]
        self.assertFalse(result["done"])
        self.assertEqual((self.first.state, self.second.state), ("submitted", "submitted"))

    def test_many_are_returned_with_one_reason(self):
        wizard = self._wizard(self.first + self.second, reason="请补公章")
        self.assertEqual(wizard.action_confirm()["tag"], "wz_skill_cert.step_done")
        for application in (self.first, self.second):
            self.assertEqual((application.state, application.reason), ("returned", "请补公章"))

    def test_of_many_those_that_cannot_be_returned_say_why(self):
        self.first.action_return("先前")
        result = self._wizard(self.first + self.second, reason="请补公章").action_confirm()["params"]
        self.assertEqual([row["id"] for row in result["refused"]], self.first.ids)
        self.assertEqual((self.first.reason, self.second.reason), ("先前", "请补公章"))

    def _wizard(self, applications, **values):
        wizards = self.env["skill.cert.reason.wizard"].with_user(self.county_officer)
        return wizards.create({"application_ids": applications.ids, "action": "return", **values})


@tagged("standard", "post_install", "-at_install")
class TestStandardReasons(CheckCase):
    def _prepare(self):
        super()._prepare()
        self.seal = self.env.ref("wz_skill_cert.reason_return_seal")
        self.photo = self.env.ref("wz_skill_cert.reason_return_photo")

    def _wizards(self):
        return self.env["skill.cert.reason.wizard"].with_user(self.county_officer)

    def test_what_is_chosen_becomes_the_reason(self):
        application = self._submitted()
        wizard = self._wizards().create(
            {
                "application_ids": application.ids,
                "action": "return",
                "standard_reason_ids": (self.seal + self.photo).ids,
            }
        )
        wizard.action_confirm()
        self.assertEqual(application.reason, f"{self.seal.name}\n{self.photo.name}")

    def test_what_was_typed_stays_when_another_reason_is_chosen_or_dropped(self):
        offered = self.seal + self.photo
        text = f"第3页看不清。\n{self.seal.name}"
        self.assertEqual(offered._rewrite(text, offered), f"{text}\n{self.photo.name}")
        self.assertEqual(self.photo._rewrite(text, offered), f"第3页看不清。\n{self.photo.name}")
        self.assertEqual(offered.browse()._rewrite(text, offered), "第3页看不清。")

    def test_the_text_is_what_counts_in_the_end(self):
        application = self._submitted()
        wizard = self._wizards().create(
            {"application_ids": application.ids, "action": "return", "standard_reason_ids": self.seal.ids}
        )
        wizard.reason = "另有原因"
        wizard.action_confirm()
        self.assertEqual(application.reason, "另有原因")

    def test_without_a_reason_nothing_is_returned(self):
        application = self._submitted()
        with self.assert_refused("give the reason"):
            self._wizards().create({"application_ids": application.ids, "action": "return"}).action_confirm()
        self.assertEqual(application.state, "submitted")

    def test_officers_choose_and_managers_word(self):
        vals = {"name": "示例理由", "kind": "return"}
        reasons = self.env["skill.cert.reason"]
        self.assertTrue(reasons.with_user(self.manager).create(vals))
        self.assertTrue(reasons.with_user(self.county_officer).search([]))
        for user in (self.county_officer, self.city_officer, self.nominator):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                reasons.with_user(user).create(vals)
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.seal.with_user(user).name = "别的"

    def test_each_decision_finds_a_worded_reason(self):
        for kind in ("return", "reject", "revoke"):
            self.assertTrue(self.env["skill.cert.reason"].search([("kind", "=", kind)]), kind)


@tagged("standard", "post_install", "-at_install")
class TestWhatIsMissing(CheckCase):
    def test_an_expert_is_told_what_the_submission_will_ask_for(self):
        application = self._accepted()
        self._start_assessment(application)
        assessment = application.sudo().review_id.assessment_ids[0]
        assessment.user_id.lang = "en_US"
        own = assessment.with_user(assessment.user_id).with_context(lang="en_US")
        self.assertIn("Opinion", own.missing)
        self.assertIn("a verdict on 1 achievements", own.missing)
        with self.assertRaises(UserError):
            own.action_submit()
        self._assess(application)
        self.assertFalse(own.missing)
