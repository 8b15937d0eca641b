"""Deadlines, meetings and campaigns: whoever has to do something is reminded once and in time; the desk in figures."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.wz_skill_cert import clock
from odoo.addons.wz_skill_cert.models.course.overview import DESK
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import resident_id
from .notification_common import NotificationCase


class ReminderCase(NotificationCase):
    def _prepare(self):
        super()._prepare()
        self.campaign.date_close = clock.today() + timedelta(days=200)
        self.campaign.date_open = clock.today() - timedelta(days=30)
        self._know_the_schedule()

    def _know_the_schedule(self):
        """Enter this year's and the next one's, or from November on managers were reminded of it."""
        holidays = self.env["skill.cert.holiday"]
        for year in (clock.today().year, clock.today().year + 1):
            if not holidays._knows(year):
                holidays.create({"name": "国庆节", "first_day": f"{year}-10-01", "last_day": f"{year}-10-07"})

    def _on(self, day):
        """Return the context in which it is ``day`` in China."""
        return patch.object(clock, "today", lambda: day)

    def _reminded(self, day):
        """Return {user: kinds} of what the daily action of ``day`` puts into the outbox."""
        with self._on(day):
            self.env.flush_all()
            self.outbox._remind_all()
        return self._told()


@tagged("standard", "post_install", "-at_install")
class TestDeadlines(ReminderCase):
    def test_the_officer_is_reminded_three_days_before_and_on_the_day_late_once_each(self):
        application = self._submitted()
        self._told()
        due = application.due_on
        days = {
            due - timedelta(days=4): {},
            due - timedelta(days=3): {self.county_officer: ["due"]},
            due - timedelta(days=2): {},
            due: {},
            due + timedelta(days=1): {self.county_officer: ["late"]},
            due + timedelta(days=2): {},
        }
        for day, told in days.items():
            with self.subTest(day=day - due):
                self.assertEqual(self._reminded(day), told)

    def test_a_day_on_which_the_action_did_not_run_loses_no_reminder(self):
        application = self._submitted()
        self._told()
        self.assertEqual(self._reminded(application.due_on), {self.county_officer: ["due"]})

    def test_how_many_days_before_is_a_setting(self):
        application = self._submitted()
        self._told()
        self.env["ir.config_parameter"].set_param("wz_skill_cert.remind_days", "1")
        self.assertEqual(self._reminded(application.due_on - timedelta(days=2)), {})
        self.assertEqual(self._reminded(application.due_on - timedelta(days=1)), {self.county_officer: ["due"]})
        with self.assertRaises(ValidationError):
            self.env["res.config.settings"].create({"skill_cert_remind_days": 0})

    def test_a_returned_case_reminds_its_unit_and_no_other_and_no_officer(self):
        application = self._submitted()
        application.action_return("补充")
        self._told()
        self.assertEqual(self._reminded(application.due_on), {self.nominator: ["due"]})

    def test_of_a_case_in_assessment_the_experts_are_reminded_who_have_not_submitted(self):
        application = self._accepted()
        experts = self._experts(self.county, 4)
        self._start_assessment(application, self._panel(self.county, experts=experts))
        submitted, recused, *others = application.sudo().review_id.assessment_ids
        submitted.sudo().state = "submitted"
        self.env["skill.cert.conflict"].create({"expert_id": recused.expert_id.id, "application_id": application.id})
        self._told()
        due = application.due_on
        waiting = {assessment.user_id: ["due"] for assessment in others}
        self.assertEqual(self._reminded(due), waiting, "neither who has submitted nor who was left out, nor the unit")
        self.assertEqual(
            self._reminded(due + timedelta(days=1)), {assessment.user_id: ["late"] for assessment in others}
        )

    def test_a_new_deadline_is_a_new_reminder(self):
        application = self._submitted()
        self._told()
        first = application.due_on
        self.assertTrue(self._reminded(first))
        application.sudo().term_on = first + timedelta(days=10)
        self.assertEqual(self._reminded(first + timedelta(days=10)), {self.county_officer: ["due"]})

    def test_what_has_ended_reminds_nobody(self):
        application = self._submitted()
        due = application.due_on
        application.with_user(self.nominator).action_withdraw()
        self._told()
        self.assertFalse(self._reminded(due + timedelta(days=1)))

    def test_whoever_looks_twice_tells_nobody_twice(self):
        application = self._submitted()
        with self._on(application.due_on):
            self.outbox._remind_all()
            before = self.outbox.search_count([])
            self.outbox._remind_all()
        self.assertEqual(self.outbox.search_count([]), before)


@tagged("standard", "post_install", "-at_install")
class TestCampaigns(ReminderCase):
    def _other_units(self):
        self.env["res.partner"].search(
            [("nominator_user_ids", "!=", False), ("id", "not in", (self.enterprise | self.other_enterprise).ids)]
        ).nominator_user_ids = False

    def test_before_the_end_units_with_drafts_are_reminded_and_those_without_are_not(self):
        self._draft()
        self._submitted(self.other_nominator).with_user(self.other_nominator).action_withdraw()
        self._told()
        close = self.campaign.date_close
        self.assertEqual(self._reminded(close - timedelta(days=4)), {})
        self.assertEqual(self._reminded(close - timedelta(days=3)), {self.nominator: ["closing"]})
        self.assertEqual(self._reminded(close), {}, "once")
        self.assertEqual(self._reminded(close + timedelta(days=1)).get(self.nominator), None, "closed")

    def test_a_returned_case_that_falls_due_with_the_campaign_is_one_reminder(self):
        application = self._submitted()
        application.action_return("补充")
        self.campaign.date_close = application.due_on
        self._told()
        self.assertEqual(self._reminded(application.due_on), {self.nominator: ["due"]})

    def test_a_campaign_that_opens_is_told_to_each_nominator_of_the_city_once(self):
        self._other_units()
        self.other_nominator.skill_cert_announcements = False
        member_of_two = self._unit("温州示例二厂（虚构）")
        member_of_two.nominator_user_ids = self.nominator
        opens = self.campaign.date_open = clock.today() + timedelta(days=1)
        self.assertEqual(self._reminded(opens - timedelta(days=1)), {}, "not before it opens")
        self.assertEqual(self._reminded(opens), {self.nominator: ["campaign"]}, "one each, none who opted out")
        self.assertEqual(self._reminded(opens + timedelta(days=1)), {})

    def test_a_campaign_of_another_city_is_no_news(self):
        self._other_units()
        city = self.env["skill.cert.bureau"].create({"name": "示例市", "code": "339900", "level": "city"})
        self.campaign.bureau_id = city
        self.campaign.date_open = clock.today()
        self.assertEqual(self._reminded(clock.today()), {})

    def test_an_old_campaign_is_no_news(self):
        self._other_units()
        self.campaign.date_open = clock.today() - timedelta(days=7)
        self.assertEqual(self._reminded(clock.today()), {})


@tagged("standard", "post_install", "-at_install")
class TestSessions(ReminderCase):
    def _meeting(self, day):
        session = self._session(self._waiting_for_vote(1))
        session.date = datetime.combine(day, datetime.min.time()) + timedelta(hours=1)
        return session.sudo()

    def test_on_the_day_before_the_members_are_reminded_who_have_not_declared(self):
        day = clock.today() + timedelta(days=5)
        session = self._meeting(day)
        seats = session.seat_ids
        seats[:3].declared = False
        self._told()
        self.assertEqual(self._reminded(day - timedelta(days=2)), {})
        self.assertEqual(
            self._reminded(day - timedelta(days=1)), {user: ["session_soon"] for user in seats[:3].user_id}
        )
        self.assertEqual(self._reminded(day - timedelta(days=1)), {})
        self.assertEqual(self._reminded(day), {})

    def test_the_day_is_that_of_china(self):
        day = clock.today() + timedelta(days=5)
        session = self._meeting(day)
        session.seat_ids.declared = False
        # Half past midnight in China is still the day before in UTC.
        session.date = datetime.combine(day - timedelta(days=1), datetime.min.time()) + timedelta(hours=16, minutes=30)
        self._told()
        self.assertTrue(self._reminded(day - timedelta(days=1)))

    def test_while_a_vote_is_open_over_night_who_has_not_voted_is_reminded_once(self):
        session = self._meeting(clock.today())
        session.with_user(self.county_officer).action_open()
        self.env.flush_all()
        voted, absent, *others = session.seat_ids
        motion = session.motion_ids
        session.with_user(voted.user_id).cast({motion.id: "agree"})
        self.env.cr.execute("UPDATE skill_cert_session_seat SET present = false WHERE id = %s", [absent.id])
        self.env.invalidate_all()
        self._told()
        tomorrow = clock.today() + timedelta(days=1)
        self.assertEqual(self._reminded(clock.today()), {}, "it was opened today")
        self.assertEqual(self._reminded(tomorrow), {seat.user_id: ["session_vote"] for seat in others})
        self.assertEqual(self._reminded(tomorrow + timedelta(days=1)), {})


@tagged("standard", "post_install", "-at_install")
class TestOverview(ReminderCase):
    def _overview(self, user=None):
        self.env.flush_all()
        rows = self.env["skill.cert.notification.mail"]._overview_of(user or self.county_officer)
        return {row["key"]: row["count"] for row in rows}

    def _mails(self, user=None):
        partner = (user or self.county_officer).partner_id
        return self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])

    def _cases(self):
        """Two new ones of which one is late, one with the unit, and one of another county."""
        first = self._submitted()
        self._submitted(id_number=resident_id(sequence=903))
        returned = self._submitted(id_number=resident_id(sequence=905))
        returned.action_return("补充")
        self._submitted(self.other_nominator, id_number=resident_id(sequence=907))
        first.sudo().term_on = clock.today() - timedelta(days=1)
        self._told()

    def test_the_figures_are_what_the_lists_behind_them_find(self):
        self.assertEqual(self._overview(), {})
        self._cases()
        figures = self._overview()
        self.assertEqual((figures["new"], figures["late"], figures["with_others"]), (2, 1, 1))
        for key in DESK:
            action = self.env["ir.actions.act_window"]._for_xml_id(f"wz_skill_cert.action_desk_{key}")
            domain = self.env["skill.cert.notification.mail"]._desk_domain(self.county_officer, key)
            self.assertEqual(str(domain), str(action["domain"]).replace('"', "'"))
            cases = self.env["skill.cert.application"].with_user(self.county_officer)
            self.assertEqual(figures[key], cases.search_count(domain), key)

    def test_an_officer_gets_one_a_day_with_links_and_without_names(self):
        self._cases()
        self.outbox._send_daily(self.county_officer)
        mail = self._mails()
        self.assertEqual(len(mail), 1)
        self.assertIn("每日汇总", mail.subject)
        self.assertIn("action-wz_skill_cert.action_desk_late", mail.body_html)
        for secret in ("张示例", "13800000901", self.nominator.name):
            self.assertNotIn(secret, mail.subject + mail.body_html)
        self.outbox._send_daily(self.county_officer)
        self.assertEqual(len(self._mails()), 1)

    def test_where_there_is_nothing_nothing_is_sent(self):
        self.outbox._send_daily(self.county_officer)
        self.assertFalse(self._mails())

    def test_what_only_others_have_is_no_reason_for_an_e_mail(self):
        self._submitted().action_return("补充")
        self._told()
        self.assertEqual(self._overview(), {})

    def test_nobody_but_officers_gets_an_overview(self):
        self._cases()
        for user in (self.nominator, self.manager):
            self.outbox._send_daily(user)
            self.assertFalse(self._mails(user))

    def test_weekly_is_on_mondays_and_never_is_never(self):
        self._cases()
        monday = clock.today() + timedelta(days=7 - clock.today().weekday())
        self.county_officer.skill_cert_overview = "weekly"
        for day, number in ((monday + timedelta(days=1), 0), (monday, 1)):
            with self._on(day):
                self.outbox._send_daily(self.county_officer)
            self.assertEqual(len(self._mails()), number)
        self.county_officer.skill_cert_overview = "never"
        with self._on(monday + timedelta(days=7)):
            self.outbox._send_daily(self.county_officer)
        self.assertEqual(len(self._mails()), 1)

    def test_the_daily_action_reminds_and_sends_to_all(self):
        self._cases()
        with self.enter_registry_test_mode():
            self.env.ref("wz_skill_cert.cron_notification_daily").method_direct_trigger()
        self.assertTrue(self.outbox.search([("notice", "=", "late"), ("user_id", "=", self.county_officer.id)]))
        self.assertEqual(len(self._mails()), 1)
