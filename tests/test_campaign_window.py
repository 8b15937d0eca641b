"""A campaign's window is that of China's calendar, its announcement is for its units, and each city keeps its own."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SkillCertCase


@tagged("standard", "post_install", "-at_install")
class TestWindow(SkillCertCase):
    def _on(self, day):
        return patch.object(clock, "today", lambda: day)

    def test_the_first_and_the_last_day_are_days_of_the_window(self):
        opens, closes = date(2026, 3, 2), date(2026, 3, 31)
        self.campaign.write({"date_open": opens, "date_close": closes})
        for day, window, refused in (
            (opens - timedelta(days=1), "upcoming", "opens on"),
            (opens, "open", False),
            (closes, "open", False),
            (closes + timedelta(days=1), "closed", "closed on"),
        ):
            self.campaign.invalidate_recordset()
            with self.subTest(day), self._on(day):
                self.assertEqual((self.campaign.window, self.campaign.is_open), (window, window == "open"))
                self.assertEqual(bool(self.campaign._window_defect()), bool(refused))
                if refused:
                    with self.assert_refused(refused):
                        self._draft().action_submit()

    def test_on_the_last_day_one_submits(self):
        self.campaign.write({"date_open": clock.today(), "date_close": clock.today()})
        draft = self._draft()
        draft.action_submit()
        self.assertEqual(draft.state, "submitted")

    def test_the_day_begins_at_midnight_in_china(self):
        for moment, day in (("2026-03-31 15:59:59", date(2026, 3, 31)), ("2026-03-31 16:00:00", date(2026, 4, 1))):
            self.assertEqual(
                clock.day_of(self.env["skill.cert.application"]._fields["submitted_on"].to_datetime(moment)), day
            )

    def test_a_campaign_of_another_city_takes_no_application(self):
        city = self.env["skill.cert.bureau"].create({"name": "示例市", "code": "999900", "level": "city"})
        draft = self._draft(campaign_id=self.campaign.copy({"bureau_id": city.id, "date_open": clock.today()}).id)
        with self.assert_refused("another city"):
            draft.action_submit()


@tagged("standard", "post_install", "-at_install")
class TestWhoKeepsCampaigns(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_city = cls.env["skill.cert.bureau"].create({"name": "示例市", "code": "999900", "level": "city"})
        cls.other_campaign = cls.campaign.copy({"bureau_id": cls.other_city.id})

    def _vals(self, bureau):
        return {"name": "示例", "date_close": "2099-12-31", "bureau_id": bureau.id, "policy_id": self.policy.id}

    def test_an_officer_of_the_city_opens_and_extends_the_own_citys_campaigns(self):
        own = self.env["skill.cert.campaign"].with_user(self.city_officer).create(self._vals(self.city))
        own.date_close = "2099-11-30"
        self.assertEqual(str(own.date_close), "2099-11-30")

    def test_and_none_of_another_city(self):
        campaigns = self.env["skill.cert.campaign"].with_user(self.city_officer)
        with self.assertRaises(AccessError):
            campaigns.create(self._vals(self.other_city))
        with self.assertRaises(AccessError):
            self.other_campaign.with_user(self.city_officer).date_close = "2099-11-30"
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.city_officer).bureau_id = self.other_city

    def test_a_manager_keeps_all(self):
        self.other_campaign.with_user(self.manager).name = "示例二"

    def test_county_officers_and_units_read_it_and_change_nothing(self):
        for user in (self.county_officer, self.nominator, self.plain_user):
            own = self.campaign.with_user(user)
            self.assertTrue(own.read(["name", "announcement", "window"]))
            for change in (lambda own=own: own.write({"date_close": "2099-12-31"}), own.action_draft_announcement):
                with self.assertRaises(AccessError):
                    change()

    def test_the_usual_announcement_says_what_the_campaign_says(self):
        own = self.campaign.with_user(self.city_officer)
        own.write({"date_open": "2026-03-02", "date_close": "2026-03-31"})
        own.action_draft_announcement()
        for words in (own.name, self.policy.code, "2026年3月2日至2026年3月31日", self.city.name, "附件1"):
            self.assertIn(words, own.announcement)
        self.assertIn(own.announcement, self.campaign.with_user(self.nominator).announcement)

    def test_an_announcement_that_is_there_is_not_overwritten(self):
        self.campaign.announcement = "<p>已发布</p>"
        with self.assert_refused("already has an announcement"):
            self.campaign.with_user(self.city_officer).action_draft_announcement()
        self.campaign.announcement = "<p><br></p>"
        self.campaign.with_user(self.city_officer).action_draft_announcement()

    def test_names_in_an_announcement_are_text(self):
        self.campaign.name = "<script>alert(1)</script>"
        self.campaign.action_draft_announcement()
        self.assertNotIn("<script", self.campaign.announcement)
