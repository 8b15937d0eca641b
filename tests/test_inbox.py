"""The officer's desk: what is due when, what is late and with whom; and who learns of it."""

from datetime import timedelta

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SkillCertCase, resident_id


@tagged("standard", "post_install", "-at_install")
class TestInbox(SkillCertCase):
    def _late(self, case):
        case.sudo().term_on = clock.today() - timedelta(days=3)
        return case

    def _seen(self, user, action="action_application_late"):
        domain = self.env["ir.actions.act_window"]._for_xml_id(f"wz_skill_cert.{action}")["domain"]
        context = {"uid": user.id}
        domain = eval(domain, context) if isinstance(domain, str) else domain  # noqa: S307
        return self.env["skill.cert.application"].with_user(user).search(domain)

    def test_an_officer_sees_what_is_late_at_the_own_bureau_and_the_city_all_of_it(self):
        here = self._late(self._submitted())
        there = self._late(self._submitted(self.other_nominator, id_number=resident_id(sequence=903)))
        on_time = self._submitted(id_number=resident_id(sequence=905))
        self.assertEqual(self._seen(self.county_officer), here)
        self.assertEqual(self._seen(self.other_officer), there)
        self.assertEqual(self._seen(self.city_officer), here | there)
        self.assertNotIn(on_time, self._seen(self.city_officer))

    def test_the_list_says_in_whose_hands_a_case_is(self):
        case = self._submitted()
        self.assertEqual(case.waiting_with, self.county.name)
        case.action_accept()
        self.assertEqual(case.waiting_with, f"{self.county.name} · {self.county_officer.name}")
        case.action_return("请补充。")
        self.assertEqual(case.waiting_with, self.enterprise.name)

    def test_of_the_experts_only_those_who_still_owe_are_named(self):
        self.county_officer.lang = "en_US"
        case = self._accepted()
        experts = self._experts(self.county, 4)
        self._start_assessment(case, self._panel(self.county, experts=experts))
        done = case.sudo().review_id.assessment_ids[0]
        done.application_id.achievement_ids.verified = "verified"
        done.state = "submitted"
        conflict = {"application_id": case.id, "kind": "kin", "expert_id": experts[3].id}
        self.env["skill.cert.conflict"].with_user(self.county_officer).create(conflict)
        owing = experts - done.expert_id - experts[3]
        self.assertEqual(case.waiting_with, ", ".join(owing.mapped("name")))

    def test_a_county_does_not_learn_whom_the_city_has_asked(self):
        case = self._qualified(level="technician")
        case.action_recommend()
        self._start_assessment(case.with_user(self.city_officer))
        names = case.sudo().review_id.assessment_ids.expert_id.mapped("name")
        self.env.invalidate_all()
        seen = case.with_user(self.county_officer).waiting_with
        self.assertEqual(seen, self.city.name)
        self.env.invalidate_all()
        for name in names:
            self.assertNotIn(name, seen)
            self.assertIn(name, case.with_user(self.city_officer).waiting_with)

    def test_nominators_and_experts_learn_no_names(self):
        case = self._accepted()
        self._start_assessment(case)
        for user in (self.nominator, case.sudo().review_id.assessment_ids[0].user_id):
            with self.assertRaises(AccessError):
                case.with_user(user).read(["waiting_with"])

    def test_a_strangers_late_list_is_empty(self):
        self._late(self._submitted())
        self.assertFalse(self._seen(self.other_nominator))
        with self.assertRaises(AccessError):
            self._seen(self.manager)

    def test_the_inbox_holds_each_case_of_the_bureau_that_waits_once_by_its_day(self):
        first, second = self._submitted(), self._submitted(id_number=resident_id(sequence=905))
        second.sudo().term_on = clock.today()
        inbox = self._seen(self.county_officer, "action_application_inbox")
        self.assertEqual(inbox.sorted("due_on"), second | first)
        groups = (
            self.env["skill.cert.application"]
            .with_user(self.county_officer)
            .web_read_group([("id", "in", inbox.ids)], ["due_band"], ["__count"])["groups"]
        )
        self.assertEqual(next((group["due_band"], group["__count"]) for group in groups), ("2_today", 1))
