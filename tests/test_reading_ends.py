"""Experts read a case for a term after their round, and then no more; what a policy counts keeps its kind."""

from datetime import timedelta

from odoo.addons.wz_skill_cert import clock
from odoo.tests import tagged

from .common import SkillCertCase, resident_id


@tagged("standard", "post_install", "-at_install")
class TestReadingEnds(SkillCertCase):
    def setUp(self):
        super().setUp()
        self.case = self._qualified()
        self.session = self._decide(self.case)
        self.round = self.case.sudo().review_ids
        self.users = self.round.assessment_ids.user_id | self.session.sudo().seat_ids.user_id
        self.env["ir.config_parameter"].set_param("wz_skill_cert.reading_days", 30)

    def _days_ago(self, days, rounds=None):
        (rounds or self.round).ended_on = clock.today() - timedelta(days=days)
        with self.enter_registry_test_mode():
            self.env.ref("wz_skill_cert.cron_reading").method_direct_trigger()
        self.env.invalidate_all()

    def _readers(self):
        return self.users.filtered(lambda user: self.case.with_user(user).has_access("read"))

    def test_until_the_last_day_all_of_the_round_read_and_then_nobody(self):
        self.assertEqual(self.round.ended_on, clock.today())
        self._days_ago(30)
        self.assertEqual(self._readers(), self.users)
        self._days_ago(31)
        self.assertFalse(self._readers())
        achievements = self.case.sudo().achievement_ids
        self.assertFalse(any(achievements.with_user(user).has_access("read") for user in self.users))
        self.assertTrue(self.case.with_user(self.county_officer).has_access("read"))

    def test_a_round_under_way_ends_no_reading(self):
        other = self._qualified(applicant_name="李示例", id_number=resident_id(sequence=911))
        rounds = other.sudo().review_ids
        self.assertFalse(rounds.ended_on)
        self._days_ago(31)
        user = rounds.assessment_ids.user_id[0]
        self.assertTrue(other.with_user(user).has_access("read"))


@tagged("standard", "post_install", "-at_install")
class TestKindOfType(SkillCertCase):
    def test_a_type_counted_by_a_policy_in_force_or_retired_keeps_its_kind(self):
        counted = self.env.ref("wz_skill_cert.achievement_type_title").with_user(self.manager)
        with self.assert_refused("its kind is fixed"):
            counted.kind = "talent"
        self.policy.action_retire()
        with self.assert_refused("its kind is fixed"):
            counted.kind = "talent"
        counted.write({"kind": counted.kind, "name": "职称"})
        new = counted.create({"name": "示例", "kind": "title"})
        new.kind = "talent"
        self.assertEqual(new.kind, "talent")
