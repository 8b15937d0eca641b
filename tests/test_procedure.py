"""Notice, part 4: the whole way from nomination to certificate, and what stops it."""

from odoo.tests import tagged

from .common import SkillCertCase, resident_id


@tagged("standard", "post_install", "-at_install")
class TestWholeProcedure(SkillCertCase):
    def test_senior_worker_is_certified_by_the_county(self):
        application = self._qualified()
        self._decide(application, agree=4, against=3)
        certificate = application.action_certify()
        self.assertEqual(application.state, "certified")
        self.assertEqual(certificate.bureau_id, self.county)
        self.assertRegex(certificate.number, r"^\d{16}$")
        self.assertEqual(certificate.number[10], "3")

    def test_technician_of_a_county_passes_two_rounds_and_is_certified_by_the_city(self):
        application = self._qualified(level="technician")
        application.action_recommend()
        self.assertEqual(application.state, "recommended")
        at_city = application.with_user(self.city_officer)
        self._qualify(at_city)
        self._decide(at_city)
        certificate = at_city.action_certify()
        self.assertEqual(certificate.bureau_id, self.city)
        self.assertEqual(application.sudo().review_ids.mapped("purpose"), ["recommend", "certify"])
        self.assertEqual(application.sudo().review_ids.mapped("outcome"), ["recommended", "passed"])

    def test_technician_at_the_city_itself_has_the_city_round_only(self):
        self.enterprise.skill_cert_bureau_id = self.city
        application = self._qualified(level="technician")
        self._decide(application)
        application.action_certify()
        self.assertEqual(application.sudo().review_ids.mapped("purpose"), ["certify"])

    def test_three_of_seven_do_not_pass(self):
        application = self._qualified()
        self._decide(application, agree=3, against=4)
        self.assertEqual(application.state, "rejected")
        self.assertEqual(application.rejected_at, "review")
        self.assertIn("3", application.reason)

    def test_round_finds_its_vote_whatever_was_read_before(self):
        application = self._qualified()
        self.assertFalse(application.sudo().review_id.motion_ids)
        session = self._decide(application)
        self.assertEqual(application.sudo().review_id.motion_id, session.motion_ids)

    def test_two_counties_issue_different_numbers(self):
        applications = [self._qualified(), self._qualified(self.other_nominator, id_number=resident_id(sequence=903))]
        for application in applications:
            self._decide(application)
        numbers = {application.action_certify().number for application in applications}
        self.assertEqual(len(numbers), 2)

    def test_a_corrected_case_comes_back_without_the_reason_of_its_return(self):
        application = self._submitted()
        application.action_return("缺少原件（虚构）")
        self.assertEqual(application.reason, "缺少原件（虚构）")
        self._settle(application).action_submit()
        self.assertFalse(application.reason)

    def test_who_accepts_a_case_is_in_charge_of_it_unless_a_colleague_is(self):
        application, other = self._submitted(), self._submitted(id_number=resident_id(sequence=903))
        colleague = self._officer(self.county, "county")
        other.officer_id = colleague
        (application | other).action_accept()
        self.assertEqual((application.officer_id, other.officer_id), (self.county_officer, colleague))

    def test_a_submission_keeps_the_condition_that_it_met(self):
        application = self._submitted()
        self.assertTrue(application.condition_id)
        self.assertEqual(application.condition_id, application.first_condition_id)

    def test_a_round_ends_with_the_withdrawal_the_return_or_the_revocation_of_its_case(self):
        withdrawn, returned, revoked = (
            self._accepted(id_number=resident_id(sequence=number)) for number in (901, 903, 905)
        )
        withdrawn.with_user(self.nominator).action_withdraw()
        returned.action_return("缺少原件（虚构）")
        revoked.action_revoke("伪造（虚构）")
        cases = (withdrawn, returned, revoked)
        outcomes = [application.sudo().review_ids.mapped("outcome") for application in cases]
        self.assertEqual(outcomes, [["withdrawn"], ["returned"], ["revoked"]])
