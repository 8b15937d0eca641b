"""Terms are whole civil days in China, and count by the State Council's schedule of holidays and working weekends."""

from datetime import date, timedelta
from unittest.mock import patch

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as some
from psycopg2 import IntegrityError

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SkillCertCase

KNOWN = (date(2020, 1, 1), date(2026, 12, 31))


def on(day):
    """Return the context in which ``day`` is today in China."""
    return patch.object(clock, "today", lambda: day)


def working_days(first, last):
    day = first
    while day <= last:
        if chinese_calendar.is_workday(day):
            yield day
        day += timedelta(days=1)


@tagged("standard", "post_install", "-at_install")
class TestSchedule(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.holidays = self.env["skill.cert.holiday"]

    def _after(self, day, days):
        return self.holidays._working_day_after(day, days)

    def test_the_spring_festival_of_2026_as_the_state_council_announced_it(self):
        self.assertEqual(self._after(date(2026, 2, 12), 2), date(2026, 2, 14))  # a Saturday on which offices work
        self.assertEqual(self._after(date(2026, 2, 12), 3), date(2026, 2, 24))
        self.assertEqual(self._after(date(2026, 2, 12), 5), date(2026, 2, 26))

    def test_every_day_of_the_years_announced_is_what_the_package_says(self):
        first, last = KNOWN
        expected = list(working_days(first + timedelta(days=1), last))
        day, found = first, []
        while (day := self._after(day, 1)) <= last:
            found.append(day)
        self.assertEqual(found, expected)

    def test_n_days_are_n_working_days_on(self):
        @settings(max_examples=60, deadline=None)
        @given(some.dates(*KNOWN).filter(lambda day: day < date(2026, 6, 1)), some.integers(1, 60))
        def check(day, days):
            expected = list(working_days(day + timedelta(days=1), KNOWN[1]))[days - 1]
            self.assertEqual(self._after(day, days), expected)

        check()

    def test_a_term_of_no_days_ends_on_its_day(self):
        self.assertEqual(self._after(date(2026, 2, 15), 0), date(2026, 2, 15))

    def test_a_closure_in_the_companys_calendar_is_whole_days_whatever_its_zone(self):
        company = self.env.ref("base.main_company")
        leave = self.env["resource.calendar.leaves"].create(
            {"name": "示例停工", "calendar_id": company.resource_calendar_id.id, "company_id": company.id}
            # Entered in China for Wednesday and Thursday.
            | {"date_from": "2099-03-03 16:00:00", "date_to": "2099-03-05 15:59:59"}
        )
        for zone in ("UTC", "America/New_York", "Asia/Shanghai"):
            company.resource_calendar_id.tz = zone
            self.assertEqual(self._after(date(2099, 3, 3), 1), date(2099, 3, 6), zone)
        leave.write({"date_from": "2099-03-04 00:00:00", "date_to": "2099-03-05 23:59:59"})  # entered in UTC
        self.assertEqual(self._after(date(2099, 3, 3), 1), date(2099, 3, 6))

    def test_the_schedule_stands_above_a_closure(self):
        company = self.env.ref("base.main_company")
        self.env["resource.calendar.leaves"].create(
            {"name": "示例停工", "calendar_id": False, "company_id": company.id}
            | {"date_from": "2026-02-13 16:00:00", "date_to": "2026-02-14 15:59:59"}
        )
        self.assertEqual(self._after(date(2026, 2, 13), 1), date(2026, 2, 14))

    def test_somebodys_leave_closes_no_office(self):
        company = self.env.ref("base.main_company")
        person = self.env["resource.resource"].create(
            {"name": "示例人", "calendar_id": company.resource_calendar_id.id}
        )
        self.env["resource.calendar.leaves"].create(
            {"name": "休假", "resource_id": person.id, "company_id": company.id}
            | {"date_from": "2099-03-03 16:00:00", "date_to": "2099-03-05 15:59:59"}
        )
        self.assertEqual(self._after(date(2099, 3, 3), 1), date(2099, 3, 4))


@tagged("standard", "post_install", "-at_install")
class TestKeepingTheSchedule(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.holidays = self.env["skill.cert.holiday"]

    def _row(self, first_day, last_day=None, **vals):
        row = {"name": "示例节", "first_day": first_day, "kind": "off", **vals}
        return row | ({"last_day": last_day} if last_day else {})

    def test_a_manager_enters_a_year_and_nobody_else_does(self):
        row = self._row("2099-10-01", "2099-10-07")
        for user in (self.county_officer, self.city_officer, self.nominator, self.plain_user):
            with self.assertRaises(AccessError, msg=user.login):
                self.holidays.with_user(user).create(row)
        self.holidays.with_user(self.manager).create(row)
        self.assertEqual(self.holidays._working_day_after(date(2099, 9, 30), 1), date(2099, 10, 8))

    def test_a_single_day_needs_no_last_day(self):
        self.assertEqual(self.holidays.create(self._row("2099-10-01")).last_day, date(2099, 10, 1))

    def test_a_day_is_told_once(self):
        self.holidays.create(self._row("2099-10-01", "2099-10-07"))
        for first, last in (("2099-10-07", "2099-10-07"), ("2099-09-29", "2099-10-01"), ("2099-09-01", "2099-09-30")):
            if first == "2099-09-01":
                self.holidays.create(self._row(first, last))
                continue
            with self.assertRaises(ValidationError, msg=first):
                self.holidays.create(self._row(first, last, kind="work"))

    def test_a_wrong_year_is_refused(self):
        for last in ("2099-09-30", "2099-11-01", "2100-10-07"):
            with self.assertRaises(IntegrityError, msg=last), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.holidays.create(self._row("2099-10-01", last))
                self.env.flush_all()

    def test_what_a_manager_corrected_stays_and_a_year_that_is_missing_comes(self):
        corrected = self.holidays.search([("first_day", "=", "2026-10-10")])
        corrected.first_day = corrected.last_day = date(2026, 10, 11)
        self.holidays.search([("first_day", ">=", "2025-01-01"), ("first_day", "<", "2026-01-01")]).unlink()
        again = self.holidays._take_over()
        self.assertEqual({row.first_day.year for row in again}, {2025})
        self.assertFalse(self.holidays._take_over())
        self.assertEqual(self.holidays._working_day_after(date(2026, 10, 10), 1), date(2026, 10, 11))

    def test_from_november_on_a_missing_year_is_told(self):
        policy = self.policy.with_context(lang="en_US")
        for day, year in (
            (date(2026, 10, 31), False), (date(2026, 11, 1), 2027), (date(2027, 1, 1), 2027), (date(2025, 12, 1), False),
        ):  # fmt: skip
            with on(day):
                policy.invalidate_recordset()
                self.assertEqual(self.holidays._missing_year(), year, day)
                self.assertEqual(bool(policy.schedule_warning), bool(year), day)

    def test_new_years_day_alone_is_no_schedule(self):
        self.holidays.create(self._row("2027-01-01", "2027-01-03"))
        with on(date(2026, 12, 1)):
            self.assertEqual(self.holidays._missing_year(), 2027)
            self.holidays.create(self._row("2027-10-01", "2027-10-07"))
            self.assertFalse(self.holidays._missing_year())

    def test_the_managers_are_reminded_once(self):
        with on(date(2026, 11, 1)):
            for _day in range(2):
                self.env["skill.cert.notification"]._remind_all()
        told = self.env["skill.cert.notification"].search([("notice", "=", "holidays")])
        self.assertIn(self.manager, told.user_id)
        self.assertEqual(len(told), len(told.user_id))
        self.assertNotIn(self.city_officer, told.user_id)

    def test_a_term_that_would_end_on_a_day_off_ends_after_it_and_none_becomes_shorter(self):
        with on(date(2099, 9, 25)):
            case = self._draft()
            case.sudo().term_on = date(2099, 9, 30)
            holiday = self.holidays.create(self._row("2099-10-01", "2099-10-07"))
            self.assertEqual(case.term_on, date(2099, 9, 30))
            holiday.first_day = date(2099, 9, 30)
            self.assertEqual(case.term_on, date(2099, 10, 8))
            holiday.last_day = date(2099, 10, 5)
            self.assertEqual(case.term_on, date(2099, 10, 8))
            holiday.last_day = date(2099, 10, 8)
            self.assertEqual(case.term_on, date(2099, 10, 9))
