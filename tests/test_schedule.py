"""Dates of assessments and sessions: the officer plans, the panel and the unit see their own, nobody else's."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SkillCertCase, resident_id

MOMENT = fields.Datetime.to_datetime("2099-03-02 01:00:00")


@tagged("standard", "post_install", "-at_install")
class TestSchedule(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.county_officer.lang = "en_US"
        self.case = self._accepted()

    def _plan(self, cases, **values):
        wizard = self.env["skill.cert.schedule.wizard"].with_user(self.county_officer)
        values = {"assess_on": MOMENT, "assess_place": "示例实训中心", **values}
        wizard.create({"application_ids": cases.ids, **values}).action_plan()

    def test_cases_are_planned_one_after_the_other(self):
        second = self._accepted(id_number=resident_id(sequence=903))
        self._plan(self.case | second, minutes=45)
        self.assertEqual((self.case | second).mapped("assess_on"), [MOMENT, MOMENT + timedelta(minutes=45)])
        self._plan(self.case | second, minutes=0)
        self.assertEqual((self.case | second).mapped("assess_on"), [MOMENT, MOMENT])

    def test_the_officer_drags_it_in_the_calendar_and_the_unit_only_sees_it(self):
        self.case.write({"assess_on": MOMENT})
        self.assertEqual(self.case.with_user(self.nominator).assess_on, MOMENT)
        for user in (self.nominator, self.city_officer, self.other_officer, self.manager):
            with self.assertRaises(AccessError):
                self.case.with_user(user).write({"assess_on": False})

    def test_a_unit_sets_no_date_in_a_draft_nor_by_a_default(self):
        drafts = self.env["skill.cert.application"].with_user(self.nominator)
        for values, context in (({"assess_on": MOMENT}, {}), ({}, {"default_assess_place": "x"})):
            with self.assertRaises(AccessError):
                drafts.with_context(**context).create(self._application_vals(**values))
        draft = self._draft()
        with self.assertRaises(AccessError):
            draft.assess_place = "x"

    def test_nothing_is_planned_before_the_acceptance_or_after_the_result(self):
        submitted = self._submitted(id_number=resident_id(sequence=903))
        self._qualify(self.case)
        for case in (submitted, self.case):
            with self.assert_refused("no assessment to be planned"):
                case.write({"assess_on": MOMENT})

    def test_a_round_at_the_city_is_planned_anew(self):
        case = self._accepted(level="technician", id_number=resident_id(sequence=903))
        self._plan(case)
        self._qualify(case)
        case.action_recommend()
        self.assertFalse(case.assess_on)
        case.with_user(self.city_officer).write({"assess_on": MOMENT})
        with self.assertRaises(AccessError):
            case.write({"assess_on": MOMENT})

    def test_an_expert_sees_the_own_dates_and_begins_with_them(self):
        other = self._accepted(id_number=resident_id(sequence=903))
        self._plan(self.case | other)
        self._start_assessment(self.case, accept=False)
        self._start_assessment(other)
        own = self.case.sudo().review_id.assessment_ids[0]
        seen = self.env["skill.cert.assessment"].with_user(own.user_id).search([("assess_on", "!=", False)])
        self.assertEqual(seen, own)
        self.assertEqual(seen.read(["assess_on", "assess_place"])[0]["assess_place"], "示例实训中心")
        with self.assertRaises(AccessError):
            seen.write({"assess_on": False})
        seen.action_accept()
        self.assertEqual((seen.held_on, seen.place), (MOMENT, "示例实训中心"))

    def test_a_member_sees_the_own_sessions_only(self):
        first = self._session(self._waiting_for_vote(1))
        second = self._session(self._waiting_for_vote(1))
        member = first.sudo().seat_ids[0].user_id
        self.assertEqual(self.env["skill.cert.session"].with_user(member).search([("date", "!=", False)]), first)
        with self.assertRaises(AccessError):
            first.with_user(member).write({"date": MOMENT})
        second.date = MOMENT
        self.assertEqual(second.date, MOMENT)
