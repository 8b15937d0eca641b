"""The scan of the stamped form: the nominator's until the papers are accepted, and for those who handle the case alone."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import PROOF, SkillCertCase, pdf

OTHER = pdf("zweite")
SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def encoded(content):
    return base64.b64encode(content).decode()


class ScanCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.nominator.lang = self.county_officer.lang = "en_US"

    def _scanned(self, application, content=PROOF):
        application.with_user(self.nominator).action_upload_scan(encoded(content))
        return application

    def _entries(self, application, event="scan"):
        return self.env["skill.cert.trail"].search([("res_id", "=", application.id), ("event", "=", event)], order="id")


@tagged("standard", "post_install", "-at_install")
class TestStampedScan(ScanCase):
    def test_it_is_taken_until_the_papers_are_accepted_and_then_no_more(self):
        application = self._draft()
        for state in dict(application._fields["state"].selection):
            with self.subTest(state=state):
                application.sudo().write({"state": state, "stamped_scan_on": False, "stamped_scan": False})
                if state in ("draft", "submitted", "returned"):
                    self._scanned(application)
                    self.assertTrue(application.stamped_scan_on)
                    application.action_remove_scan()
                else:
                    with self.assert_refused("until the bureau accepts it"):
                        self._scanned(application)
                    with self.assert_refused("until the bureau accepts it"):
                        application.action_remove_scan()
                self.assertFalse(application.stamped_scan_on)

    def test_a_new_one_takes_the_place_and_the_trail_keeps_the_hash_of_each(self):
        application = self._scanned(self._scanned(self._draft()), OTHER)
        self.assertEqual(base64.b64decode(application.with_context(bin_size=False).stamped_scan), OTHER)
        hashes = [entry.detail["sha256"] for entry in self._entries(application)]
        self.assertEqual(len(set(hashes)), 2)
        kept = self.env["ir.attachment"].search(
            [("res_model", "=", application._name), ("res_id", "=", application.id), ("res_field", "=", "stamped_scan")]
        )
        self.assertEqual(len(kept), 1)

    def test_what_the_upload_check_refuses_is_not_kept(self):
        application = self._draft()
        for content in (SCRIPT, b"MZ" * 400, b"%PDF-broken", b""):
            with self.assertRaises(UserError):
                application.action_upload_scan(encoded(content))
        for nonsense in (False, "***", 7, "ÄÖ"):
            with self.assertRaises(UserError):
                application.action_upload_scan(nonsense)
        self.assertFalse(application.stamped_scan_on)

    def test_nobody_but_the_nominator_uploads_or_removes_it(self):
        application = self._scanned(self._submitted())
        for user in (self.other_nominator, self.county_officer, self.other_officer, self.plain_user):
            with self.assertRaises(AccessError):
                application.with_user(user).action_upload_scan(encoded(OTHER))
            with self.assertRaises(AccessError):
                application.with_user(user).action_remove_scan()

    def test_it_is_written_on_no_other_road(self):
        application = self._draft()
        for vals in ({"stamped_scan": encoded(PROOF)}, {"stamped_scan_on": "2099-01-01"}):
            with self.assert_refused("set by the procedure only", error=AccessError):
                application.write(vals)
        self._scanned(application)
        file = self.env["ir.attachment"].search([("res_field", "=", "stamped_scan"), ("res_id", "=", application.id)])
        planted = {"name": "x", "raw": OTHER, "res_model": application._name, "res_id": application.id}
        roads = (
            lambda own: own.write({"raw": OTHER}),
            lambda own: own.unlink(),
            lambda own: own.create({**planted, "res_field": "stamped_scan"}),
        )
        for road in roads:
            with self.assertRaises(AccessError):
                road(file.with_user(self.nominator))

    def test_the_officer_reads_it_with_a_trace_and_an_expert_does_not(self):
        application = self._accepted_with_scan()
        self._start_assessment(application)
        officer = application.with_user(self.county_officer)
        self.assertEqual(base64.b64decode(officer.read(["stamped_scan"])[0]["stamped_scan"]), PROOF)
        self.assertEqual(self._entries(application, "file_opened").mapped("user_id"), self.county_officer)
        expert = application.sudo().review_id.assessment_ids[0].user_id
        with self.assertRaises(AccessError):
            application.with_user(expert).read(["stamped_scan"])
        file = self.env["ir.attachment"].search([("res_field", "=", "stamped_scan"), ("res_id", "=", application.id)])
        with self.assertRaises(AccessError):
            file.with_user(expert).read(["raw"])

    def _accepted_with_scan(self):
        application = self._scanned(self._submitted()).with_user(self.county_officer)
        application.action_accept()
        return application

    def test_a_policy_may_require_it_and_by_default_none_does(self):
        self.assertFalse(self.policy.stamped_scan_required)
        self.policy.stamped_scan_required = True
        application = self._draft()
        missing = [part["missing"] for part in application.completeness["parts"] if part["part"] == "check"]
        self.assertEqual(missing[0][0]["field"], "stamped_scan")
        with self.assert_refused("the scan of the printed, signed and stamped form"):
            application.action_submit()
        self._scanned(application).action_submit()
        self.assertEqual(application.state, "submitted")


@tagged("standard", "post_install", "-at_install")
class TestScanIsServed(HttpCase, ScanCase):
    def test_to_those_who_handle_the_case_and_to_nobody_else(self):
        application = self._scanned(self._submitted())
        address = f"/web/content/{application._name}/{application.id}/stamped_scan"
        expected = {self.county_officer: 200, self.nominator: 200, self.other_nominator: 404, self.other_officer: 404}
        for user, status in expected.items():
            user.password = user.login
            self.authenticate(user.login, user.login)
            with self.subTest(user=user.name):
                answer = self.url_open(address)
                self.assertEqual(answer.status_code, status)
                self.assertEqual(answer.content == PROOF, status == 200)
        self.assertIn(self.county_officer, self._entries(application, "file_opened").mapped("user_id"))
