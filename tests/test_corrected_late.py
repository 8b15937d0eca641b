"""What was returned comes back within its days to correct, also after the campaign's last day (issue 15, no. 7)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.addons.wz_skill_cert import clock
from odoo.tests import tagged

from .common import SkillCertCase, resident_id

TAGS = ("standard", "post_install", "-at_install")


@tagged(*TAGS)
class TestCorrectedLate(SkillCertCase):
    def setUp(self):
        super().setUp()
        self.today = clock.today()

    def _on(self, day):
        """Let today be ``day``."""
        self.startPatcher(patch.object(clock, "today", lambda: day))
        self.env.invalidate_all()

    def _returned_at_the_end(self, **values):
        """Return a case that is returned on the campaign's last day."""
        case = self._submitted(**values)
        self.campaign.date_close = self.today
        case.action_return("请补正。")
        return self._settle(case)

    def _after(self, days):
        self._on(self.today + timedelta(days=days))

    def test_it_comes_back_until_its_due_day_and_not_later(self):
        case = self._returned_at_the_end()
        last = case.sudo().term_on
        self.assertGreater(last, self.campaign.date_close)
        self.assertEqual(case.due_on, last)
        self._on(last + timedelta(days=1))
        with self.assert_refused("closed on", str(last)):
            case.action_submit()
        self._on(last)
        self.assertEqual(case.missing_count, 0, "form and desk say the same")
        case.action_submit()
        self.assertEqual(case.state, "submitted")

    def test_also_where_the_bureau_returns_it_after_the_end(self):
        case = self._submitted()
        self.campaign.date_close = self.today
        self._after(3)
        case.action_return("请补正。")
        case = self._settle(case)
        self.assertEqual(case.due_on, case.sudo().term_on)
        case.action_submit()
        self.assertEqual(case.state, "submitted")

    def test_before_the_end_it_is_only_late(self):
        case = self._submitted()
        case.action_return("请补正。")
        case = self._settle(case)
        self.assertLess(case.due_on, self.campaign.date_close)
        self._on(self.campaign.date_close)
        self.assertTrue(case.is_late)
        case.action_submit()
        self.assertEqual(case.state, "submitted")

    def test_where_the_policy_says_otherwise_the_end_is_the_end(self):
        case = self._returned_at_the_end()
        self.policy.with_user(self.manager).correct_after_close = False
        self.assertEqual(case.due_on, self.campaign.date_close)
        self._after(1)
        with self.assert_refused("closed on"):
            case.action_submit()

    def test_without_a_number_of_days_it_comes_back_whenever(self):
        self.policy.with_user(self.manager).days_to_correct = 0
        case = self._returned_at_the_end()
        self.assertFalse(case.due_on)
        self._after(400)
        case.action_submit()
        self.assertEqual(case.state, "submitted")

    def test_a_draft_ends_with_the_campaign(self):
        draft = self._draft()
        self.campaign.date_close = self.today
        self.assertEqual(draft.due_on, self.today)
        self._after(1)
        with self.assert_refused("closed on"):
            draft.action_submit()

    def test_it_is_not_nominated_anew_while_it_may_come_back(self):
        case = self._returned_at_the_end()
        self._after(1)
        self.assertIn("is not ended yet", case._copy_defect())
        self._on(case.sudo().term_on + timedelta(days=1))
        self.assertFalse(case._copy_defect())

    def test_it_is_reminded_of_by_its_own_day_and_not_by_the_campaigns(self):
        case = self._returned_at_the_end()
        notifications = self.env["skill.cert.notification"]
        self.assertFalse(notifications._closing(self.today, self.today))
        [(_case, users, day)] = case.sudo()._due_with()
        self.assertEqual((users, day), (self.nominator, case.due_on))
        self._draft(id_number=resident_id(sequence=903))
        self.assertTrue(notifications._closing(self.today, self.today), "of a draft it is")

    def test_form_desk_and_notice_say_the_day(self):
        case = self._returned_at_the_end()
        desk = self.env["skill.cert.desk"].with_user(self.nominator).overview()
        [row] = [row for row in desk["returned"] if row["id"] == case.id]
        self.assertEqual(row["due"], str(case.due_on))
        paper = case.sudo().paper_ids.filtered(lambda paper: paper.form == "return_notice")
        self.assertIn(f"{case.due_on.year}年{case.due_on.month}月{case.due_on.day}日", paper.page.replace(" ", ""))
        arch = self.env["skill.cert.application"].with_user(self.nominator).get_view(view_type="form")["arch"]
        self.assertIn("to come back until", arch)
