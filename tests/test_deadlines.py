"""Each step has a day by which it is due, fixed when it begins; who is late, and with whom, is known."""

from datetime import date, timedelta
from unittest.mock import patch

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SkillCertCase, resident_id


def on(day):
    """Return the context in which ``day`` is today in China."""
    return patch.object(clock, "today", lambda: day)


@tagged("standard", "post_install", "-at_install")
class TestWorkingDays(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.days = self.env["skill.cert.policy"]._working_day_after

    def test_the_day_itself_does_not_count(self):
        self.assertEqual(self.days(date(2099, 3, 2), 1), date(2099, 3, 3))  # Monday, Tuesday

    def test_a_weekend_is_no_working_day(self):
        self.assertEqual(self.days(date(2099, 3, 6), 1), date(2099, 3, 9))  # Friday, Monday
        for day in (7, 8):  # Saturday, Sunday
            self.assertEqual(self.days(date(2099, 3, day), 1), date(2099, 3, 9))
        self.assertEqual(self.days(date(2099, 3, 6), 5), date(2099, 3, 13))

    def test_the_days_run_over_the_turn_of_the_year(self):
        self.assertEqual(self.days(date(2098, 12, 31), 2), date(2099, 1, 2))  # Wednesday, Friday

    def test_a_public_holiday_in_the_calendar_is_no_working_day(self):
        calendar = self.env.ref("base.main_company").resource_calendar_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "元旦",
                "calendar_id": calendar.id,
                "company_id": calendar.company_id.id,
                "date_from": "2098-12-31 16:00:00",
                "date_to": "2099-01-02 12:00:00",
            }
        )
        calendar.tz = "Asia/Shanghai"
        self.assertEqual(self.days(date(2098, 12, 31), 1), date(2099, 1, 5))

    def test_a_calendar_in_another_zone_or_none_changes_no_day(self):
        company = self.env.ref("base.main_company")
        for zone in ("America/New_York", "Europe/Brussels", "Pacific/Auckland", "Asia/Shanghai"):
            company.resource_calendar_id.tz = zone
            self.assertEqual(self.days(date(2099, 3, 6), 1), date(2099, 3, 9), zone)
        company.resource_calendar_id = False
        self.assertEqual(self.days(date(2099, 3, 6), 1), date(2099, 3, 9))


@tagged("standard", "post_install", "-at_install")
class TestDeadlines(SkillCertCase):
    def _days(self, number):
        return self.env["skill.cert.policy"]._working_day_after(clock.today(), number)

    def test_every_state_says_with_whom_it_is_and_until_when(self):
        self.campaign.date_close = clock.today() + timedelta(days=300)
        case = self._draft()
        found = [(case.state, case.waiting_for, case.due_on)]

        def note():
            found.append((case.state, case.sudo().waiting_for, case.sudo().due_on))

        case.action_submit()
        note()
        officer = case.with_user(self.county_officer)
        officer.action_return("请补充。")
        note()
        self._settle(case)
        case.action_submit()
        officer.action_accept()
        note()
        self._start_assessment(officer)
        note()
        self._assess(officer)
        note()
        officer.action_conclude_assessment()
        note()
        session = self._session(officer)
        session.action_open()
        note()
        self._vote(session, 7)
        session.action_close()
        note()
        officer.action_certify()
        note()
        self.assertEqual(
            found,
            [
                ("draft", "nominator", self.campaign.date_close),
                ("submitted", "officer", self._days(5)),
                ("returned", "nominator", self._days(10)),
                ("accepted", "officer", self._days(10)),
                ("assessment", "experts", self._days(20)),
                ("assessment", "officer", self._days(20)),
                ("qualified", "officer", self._days(20)),
                ("review", "committee", self._days(5)),
                ("passed", "officer", self._days(10)),
                ("certified", False, False),
            ],
        )

    def test_a_case_that_has_ended_waits_for_nobody(self):
        withdrawn, revoked = (
            self._submitted(),
            self._submitted(self.other_nominator, id_number=resident_id(sequence=903)),
        )
        withdrawn.with_user(self.nominator).action_withdraw()
        revoked.action_revoke("弄虚作假")
        for case in (withdrawn, revoked):
            self.assertEqual((case.sudo().waiting_for, case.sudo().due_on, case.sudo().is_late), (False, False, False))

    def test_since_when_is_noted_at_every_step(self):
        case = self._submitted()
        self.env.cr.execute("UPDATE skill_cert_step SET at = '2020-01-01' WHERE application_id = %s", [case.id])
        self.env.invalidate_all()
        case.action_accept()
        self.assertEqual(clock.day_of(case.waiting_since), clock.today())

    def test_the_last_day_is_not_late_and_the_next_is(self):
        case = self._submitted()
        late = self.env["skill.cert.application"].with_user(self.county_officer)
        for day, expected, days in ((0, False, 0), (1, True, 1), (30, True, 30)):
            with on(case.due_on + timedelta(days=day)):
                case.invalidate_recordset(["is_late"])
                self.assertEqual((case.is_late, case.days_late), (expected, days))
                self.assertEqual(case in late.search([("is_late", "=", True)]), expected)
                self.assertEqual(case in late.search([("is_late", "=", False)]), not expected)

    def test_a_later_change_of_the_policy_changes_no_case_under_way(self):
        case = self._submitted()
        due = case.due_on
        self.policy.with_user(self.manager).days_to_accept = 1
        self.assertEqual(case.due_on, due)
        self.assertEqual(
            self._submitted(self.other_nominator, id_number=resident_id(sequence=903)).sudo().due_on, self._days(1)
        )

    def test_the_days_may_change_in_a_policy_in_force_and_its_rules_may_not(self):
        policy = self.policy.with_user(self.manager)
        policy.days_to_accept = 7
        with self.assert_refused("in force"):
            policy.write({"days_to_accept": 7, "publicity_days": 1})
        with self.assertRaises(AccessError):
            self.policy.with_user(self.county_officer).days_to_accept = 9

    def test_no_days_mean_no_deadline(self):
        self.policy.days_to_accept = 0
        case = self._submitted()
        self.assertEqual((case.waiting_for, case.due_on, case.is_late), ("officer", False, False))
        self.assertIn(case, case.search([("is_late", "=", False)]))

    def test_the_campaigns_last_day_bounds_the_nominator_and_follows_the_campaign(self):
        self.policy.correct_after_close = False
        self.campaign.date_close = clock.today() + timedelta(days=2)
        case = self._submitted()
        self.assertEqual(case.due_on, self._days(5))
        case.action_return("请补充。")
        self.assertEqual(case.due_on, self.campaign.date_close)
        self.campaign.date_close = clock.today() + timedelta(days=300)
        self.assertEqual(case.due_on, self._days(10))

    def test_an_expert_in_conflict_is_not_waited_for(self):
        case = self._accepted()
        self._start_assessment(case, self._panel(self.county, 4))
        *done, last = case.sudo().review_id.assessment_ids
        self._assess_by(done)
        self.assertEqual(case.waiting_for, "experts")
        conflict = {"application_id": case.id, "kind": "kin", "expert_id": last.expert_id.id}
        self.env["skill.cert.conflict"].with_user(self.county_officer).create(conflict)
        self.assertEqual(case.waiting_for, "officer")

    def _assess_by(self, assessments):
        for assessment in assessments:
            assessment.application_id.achievement_ids.verified = "verified"
            assessment.state = "submitted"

    def test_nobody_writes_the_days(self):
        case = self._submitted()
        for name in ("waiting_since", "waiting_for", "term_on", "due_on"):
            for user in (self.nominator, self.county_officer, self.city_officer):
                with self.assertRaises(AccessError):
                    case.with_user(user).write({name: False})

    def test_cases_are_grouped_by_when_they_are_due(self):
        case = self._submitted()
        applications = self.env["skill.cert.application"].with_user(self.county_officer)
        wednesday = date(2099, 3, 4)
        expected = {
            wednesday - timedelta(days=1): "1_late",
            wednesday: "2_today",
            wednesday + timedelta(days=4): "3_week",
            wednesday + timedelta(days=5): "4_later",
            False: False,
        }
        for due, band in expected.items():
            case.sudo().term_on = due
            with on(wednesday):
                case.invalidate_recordset(["due_band"])
                self.assertEqual(case.due_band, band)
                groups = applications._read_group([("id", "=", case.id)], ["due_band"], ["id:recordset"])
                self.assertEqual(groups, [(band, case)])
                self.assertEqual(applications.search([("id", "=", case.id), ("due_band", "=", band)]), case)
                for other in set(expected.values()) - {band}:
                    self.assertFalse(applications.search([("id", "=", case.id), ("due_band", "=", other)]))
