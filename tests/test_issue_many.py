"""Certificates issued together: each for itself, with the reason where one is refused; and printed together."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SkillCertCase, resident_id


@tagged("standard", "post_install", "-at_install")
class TestIssueMany(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.county_officer.lang = "en_US"
        self.cases = self._waiting_for_vote(3)
        for number, case in enumerate(self.cases.sudo(), 1):
            case.name = f"330302-2099-{number}"
        self._decide(self.cases)

    def _issue(self, cases, user=None):
        action = cases.with_user(user or self.county_officer).action_certify_each()
        return self.env[action["res_model"]].with_user(user or self.county_officer).browse(action["res_id"])

    def test_whoever_may_have_one_gets_it_and_of_the_others_it_says_why_not(self):
        objection = {"application_id": self.cases[1].id, "ground": "x"}
        self.env["skill.cert.objection"].with_user(self.county_officer).create(objection)
        waiting = self._accepted()
        result = self._issue(self.cases | waiting)
        self.assertEqual((result.issued_count, result.refused_count), (2, 2))
        self.assertEqual(result.line_ids.certificate_id, (self.cases[0] | self.cases[2]).certificate_ids)
        reasons = {line.application_id: line.reason for line in result.line_ids if line.reason}
        self.assertIn("1 objections are not resolved", reasons[self.cases[1]])
        self.assertIn("cannot become", reasons[waiting])
        self.assertEqual(self.cases.mapped("state"), ["certified", "passed", "certified"])

    def test_a_refusal_leaves_no_hole_in_the_numbers(self):
        self.policy.publicity_days = 0
        first = self._issue(self.cases[0] | self._accepted())
        second = self._issue(self.cases[1])
        numbers = [int(result.line_ids.certificate_id.number[-5:]) for result in (first, second)]
        self.assertEqual(numbers[1] - numbers[0], 1)

    def test_twice_issues_once(self):
        self._issue(self.cases)
        result = self._issue(self.cases)
        self.assertEqual((result.issued_count, result.refused_count), (0, 3))
        self.assertEqual(len(self.cases.certificate_ids), 3)

    def test_others_issue_nothing(self):
        for user in (self.other_officer, self.nominator):
            try:
                result = self._issue(self.cases, user)
            except AccessError:
                continue
            self.assertFalse(result.issued_count)
        self.assertFalse(self.cases.sudo().certificate_ids)
        self.assertEqual(set(self.cases.sudo().mapped("state")), {"passed"})

    def test_the_result_is_read_by_its_officer_alone(self):
        result = self._issue(self.cases)
        for user in (self.city_officer, self.other_officer, self.nominator):
            with self.assertRaises(AccessError):
                result.with_user(user).read(["line_ids"])

    def test_they_are_printed_together(self):
        result = self._issue(self.cases)
        self.assertEqual(result.action_print()["url"].split("/")[1], "skill-cert")
        job = self.env["skill.cert.print.job"].with_user(self.county_officer).search([], limit=1)
        self.assertEqual((job.state, job.done, job.failures), ("done", 3, False))
        self.assertTrue(job._result().raw.startswith(b"%PDF"))

    def test_one_without_a_certificate_is_named_and_stops_no_other(self):
        self._issue(self.cases[0])
        wizard = self.env["skill.cert.print.wizard"].with_user(self.county_officer)
        wizard.create(
            {"application_ids": self.cases[:2].ids, "application_form": False, "certificate": True}
        ).action_print()
        job = self.env["skill.cert.print.job"].with_user(self.county_officer).search([], limit=1)
        self.assertEqual(job.state, "done")
        self.assertIn("330302-2099-2: It has no certificate in force.", job.failures)
        self.assertNotIn(resident_id(), job.failures)
