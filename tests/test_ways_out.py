"""What an officer did by mistake, or could not know, has a way out; what cannot be carried out is not begun."""

from unittest.mock import patch

from lxml import etree

from odoo import models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase
from .test_acceptance import AcceptanceCase

FINAL = {
    "action_accept", "action_accept_each", "action_certify", "action_certify_each", "action_close", "action_conclude",
    "action_conclude_assessment", "action_open", "action_recommend", "action_withdraw",
}  # fmt: skip


@tagged("standard", "post_install", "-at_install")
class TestAskedAgain(AcceptanceCase):
    def _declined(self, ground="time", expert=1):
        own = self._of(self.experts[expert])
        own.action_decline(ground, "本周出差")
        return own.with_user(self.county_officer)

    def _trail(self):
        self.env.flush_all()
        return self.env["skill.cert.trail"].sudo().search([("event", "=", "asked_again")])

    def test_a_member_removed_by_mistake_is_asked_again_when_back(self):
        removed = self._of(self.experts[3])
        panel = self.panel.with_user(self.county_officer)
        panel.member_ids = [Command.delete(panel.member_ids.filtered(lambda m: m.expert_id == self.experts[3]).id)]
        self.assertEqual(removed.state, "released")
        panel.member_ids = [Command.create({"expert_id": self.experts[3].id})]
        self.case.action_invite_members()
        self.assertEqual(removed.state, "invited")
        self.assertTrue(removed.sudo().activity_ids)
        removed.action_accept()
        self.assertEqual(removed.state, "draft")
        self.assertEqual(self._trail()[:1].detail, {"state": "released"})

    def test_who_had_no_time_is_asked_again_and_answers_anew(self):
        declined = self._declined()
        with self.assert_refused("Every member of the panel has been asked"):
            self.case.action_invite_members()  # nobody who declined is asked in passing
        declined.action_ask_again()
        own = self._of(self.experts[1])
        self.assertEqual(
            (own.state, own.decline_ground, own.decline_note, own.answered_on), ("invited", False, False, False)
        )
        own.action_accept()
        self.assertIn(own.user_id, self.case.sudo().expert_user_ids)
        self.assertEqual(self._trail()[:1].detail, {"state": "declined"})

    def test_who_declared_a_conflict_is_not_asked_again(self):
        declined = self._declined("kin")
        with self.assert_refused("lack of time"):
            declined.action_ask_again()

    def test_nor_who_has_got_one_since(self):
        declined = self._declined()
        self.env["skill.cert.conflict"].create(
            {"expert_id": self.experts[1].id, "application_id": self.case.id, "kind": "other"}
        )
        with self.assert_refused("no member of the panel, or has a conflict"):
            declined.action_ask_again()

    def test_nor_who_has_left_the_panel(self):
        declined = self._declined()
        panel = self.panel.with_user(self.county_officer)
        panel.member_ids = [Command.delete(panel.member_ids.filtered(lambda m: m.expert_id == self.experts[1]).id)]
        with self.assert_refused("no member of the panel"):
            declined.action_ask_again()

    def test_nor_whoever_has_not_declined(self):
        self._accept(self.experts[2])
        for expert in self.experts[2:4]:
            with self.assert_refused("lack of time"):
                self._of(expert).with_user(self.county_officer).action_ask_again()

    def test_only_the_officer_of_the_case_asks_again(self):
        declined = self._declined()
        other = self._officer(self.other_county, "county")
        for user in (self.nominator, self.experts[1].user_id, self.experts[2].user_id, other, self.manager):
            with self.assertRaises(UserError, msg=user.login):
                declined.with_user(user).action_ask_again()
        self.assertEqual(declined.sudo().state, "declined")

    def test_who_is_asked_again_answers_with_the_login_of_today(self):
        declined = self._declined()
        login = self._user("group_expert")
        self.experts[1].sudo().user_id = login
        declined.action_ask_again()
        self.assertEqual(declined.sudo().user_id, login)
        declined.with_user(login).action_accept()


@tagged("standard", "post_install", "-at_install")
class TestNotBegunInVain(SkillCertCase):
    def test_a_vote_on_paper_opens_only_where_two_officers_may_count_it(self):
        session = self._session(self._waiting_for_vote(1))
        session.voting = "paper"
        self.assertEqual(len(self.county.user_ids), 1)
        with self.assert_refused("Two officers count"):
            session.action_open()
        second = self._officer(self.county, "county")
        second.active = False
        with self.assert_refused("Two officers count"):
            session.action_open()
        second.active = True
        session.action_open()
        self.assertEqual(session.state, "open")

    def test_an_officer_who_may_not_count_is_none_of_the_two(self):
        second = self._officer(self.county, "county")
        cases = self._waiting_for_vote(1)
        session = self._session(cases)
        session.voting = "paper"
        cases.with_user(second).action_step_aside("示例亲属关系")
        with self.assert_refused("Two officers count"):
            session.action_open()
        session.voting = "electronic"
        session.action_open()

    def test_an_archived_campaign_takes_nothing(self):
        draft, other = self._draft(), self.campaign.copy({"active": False})
        self.campaign.active = False
        with self.assert_refused("has been archived"):
            draft.action_submit()
        self.assertIn("has been archived", str(draft.with_context(lang="en_US").completeness))
        for road in (
            lambda: self.env["skill.cert.submission"].with_user(self.nominator).create(
                {"nominator_id": self.enterprise.id, "campaign_id": self.campaign.id, "bureau_id": self.county.id}
            ),
            lambda: draft.write({"campaign_id": other.id}),
            lambda: self._draft(campaign_id=self.campaign.id),
        ):  # fmt: skip
            with self.assertRaises(UserError):
                road()
        self.assertNotEqual(self.env["skill.cert.campaign"]._current(), self.campaign)
        self.assertFalse(self.campaign.is_open)

    def test_what_is_at_the_bureau_goes_on_when_its_campaign_is_archived(self):
        case = self._submitted()
        self.campaign.active = False
        case.action_accept()
        self.assertEqual(case.state, "accepted")

    def test_what_cannot_be_taken_back_asks_first(self):
        asked = set()
        for model, kind in (("application", "form"), ("application", "list"), ("panel", "form"), ("session", "form")):
            views = self.env[f"skill.cert.{model}"].with_user(self.county_officer).get_views([(False, kind)])["views"]
            for button in etree.fromstring(views[kind]["arch"]).iter("button"):
                # Kept papers have a button of that name, too, which opens their file.
                if button.get("name") not in FINAL or button.get("icon") == "fa-file-pdf-o":
                    continue
                asked.add(button.get("name"))
                if button.get("name") != "action_accept" or not button.get("invisible").endswith("or unseen_count"):
                    self.assertTrue(button.get("confirm"), etree.tostring(button))
        self.assertEqual(asked, FINAL)

    def test_of_two_who_press_at_once_the_second_reads_a_sentence(self):
        case = self._submitted().with_context(lang="zh_CN")

        def taken(*_args, **_kwargs):
            raise LockError("Cannot grab a lock on records")

        with patch.object(models.BaseModel, "lock_for_update", taken), self.assertRaises(LockError) as refusal:
            case.action_accept()
        self.assertEqual(str(refusal.exception), "另一人正在同时办理此项，请稍候几秒再试。")
