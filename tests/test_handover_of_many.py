"""What many applications need after one meeting is one task of the officer, and gone when it is done."""

from odoo.tests import tagged

from .common import SkillCertCase


@tagged("standard", "post_install", "-at_install")
class TestHandoverOfMany(SkillCertCase):
    def test_those_who_passed_together_are_one_task_until_the_last_certificate(self):
        applications = self._waiting_for_vote(3)
        session = self._decide(applications).sudo()
        task = session.activity_ids
        self.assertEqual(task.user_id, self.county_officer)
        self.assertNotRegex(task.summary, r"\d", "a recused member sees the session and must not learn the result")
        self.assertFalse(applications.sudo().activity_ids)
        applications[:2].action_certify()
        self.assertTrue(session.activity_ids, "one still waits")
        applications[2].action_revoke("示例")
        self.assertFalse(session.activity_ids)

    def test_whoever_passes_alone_is_a_task_of_the_case(self):
        application = self._waiting_for_vote(1)
        session = self._decide(application).sudo()
        self.assertFalse(session.activity_ids)
        self.assertEqual(application.sudo().activity_ids.user_id, self.county_officer)
