"""Where a case stands: its steps with their times, who has it, and what comes next; no person, no vote."""

import json

from odoo.addons.wz_skill_cert import workflow
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SkillCertCase


class TimelineCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.nominator.lang = self.county_officer.lang = self.city_officer.lang = "en_US"

    def _course(self, application, user=None):
        application.invalidate_recordset()
        return application.with_user(user or self.nominator).timeline

    def _states(self, course, *kinds):
        return [step["state"] for step in course["steps"] if step["kind"] in kinds]


@tagged("standard", "post_install", "-at_install")
class TestTimeline(TimelineCase):
    def test_it_tells_what_was_who_has_it_and_what_comes_next(self):
        application = self._submitted()
        course = self._course(application)
        self.assertEqual(self._states(course, "done", "current"), ["draft", "submitted"])
        self.assertEqual(
            self._states(course, "ahead"), ["accepted", "assessment", "qualified", "review", "passed", "certified"]
        )
        self.assertEqual(
            course["now"], {"holder": self.county.name, "since": course["steps"][1]["at"], "next": "Accepted"}
        )
        self.assertTrue(all(step["at"] for step in course["steps"][:2]))

    def test_each_step_of_a_whole_case_is_kept_in_its_order(self):
        application = self._qualified()
        self._decide(application)
        application.action_certify()
        steps = application.sudo().step_ids
        walked = ["submitted", "accepted", "assessment", "qualified", "review", "passed", "certified"]
        self.assertEqual(steps.mapped("state"), walked)
        self.assertEqual(steps.bureau_id, self.county)
        self.assertEqual(steps.mapped("at"), sorted(steps.mapped("at")))
        course = self._course(application)
        self.assertEqual((course["now"]["holder"], course["now"]["next"]), (False, False))
        self.assertEqual(self._states(course, "current", "ahead"), ["certified"])

    def test_a_technician_of_a_county_has_the_round_of_the_city_ahead(self):
        application = self._submitted(level="technician")
        city_round = ["recommended", "assessment", "qualified", "review", "passed", "certified"]
        county_round = ["accepted", "assessment", "qualified"]
        self.assertEqual(self._states(self._course(application), "ahead"), county_round + city_round)
        application.action_accept()
        self._qualify(application)
        application.action_recommend()
        course = self._course(application)
        self.assertEqual(self._states(course, "ahead"), city_round[1:])
        self.assertEqual(course["now"]["holder"], self.city.name)
        self._start_assessment(application)
        self.assertEqual(self._states(self._course(application), "ahead"), city_round[2:])

    def test_returned_and_ended_cases_say_so(self):
        application = self._submitted()
        application.action_return("补充")
        course = self._course(application)
        self.assertEqual((course["now"]["holder"], course["now"]["next"]), (self.enterprise.name, "Submitted"))
        application = self._settle(application)
        application.action_submit()
        self.assertEqual(self._states(self._course(application), "ahead")[0], "accepted")
        application.action_withdraw()
        course = self._course(application)
        self.assertEqual(
            self._states(course, "done", "current"), ["draft", "submitted", "returned", "submitted", "withdrawn"]
        )
        self.assertEqual((self._states(course, "ahead"), course["now"]["holder"]), ([], False))

    def test_it_names_no_person_and_no_vote_to_the_nominator(self):
        application = self._accepted()
        self._start_assessment(application)
        experts = application.sudo().review_id.panel_id.member_ids.expert_id
        self._assess(application)
        application.action_conclude_assessment()
        session = self._session(application)
        session.action_open()
        self._vote(session, 7)
        people = experts | session.sudo().seat_ids.expert_id
        names = {*people.mapped("name"), *(user.name for user in (self.county_officer, self.city_officer))}
        told = json.dumps(self._course(application), ensure_ascii=False)
        self.assertFalse([name for name in names if name in told])
        self.assertEqual(self._states(self._course(application), "current"), ["review"])
        for word in ("agree", "base", "7"):
            self.assertNotIn(word, json.dumps([step["label"] for step in self._course(application)["steps"]]))

    def test_whoever_reads_the_case_reads_its_steps_and_nobody_else(self):
        application = self._submitted()
        for user in (self.nominator, self.county_officer, self.city_officer):
            self.assertEqual(application.with_user(user).step_ids.mapped("state"), ["submitted"])
        steps = self.env["skill.cert.step"]
        for user in (self.other_nominator, self.other_officer):
            self.assertFalse(steps.with_user(user).search([("application_id", "=", application.id)]))
        for user in (self.manager, self.plain_user):
            with self.assertRaises(AccessError):
                steps.with_user(user).search([])

    def test_a_step_that_was_taken_is_never_changed(self):
        step = self._submitted().sudo().step_ids
        for forge in (lambda: step.write({"at": "2001-01-01"}), step.unlink):
            with self.assert_refused("is never changed"):
                forge()
        with self.assertRaises(AccessError):
            step.with_user(self.nominator).write({"state": "certified"})

    def test_who_took_a_step_is_not_kept(self):
        self.assertNotIn("create_uid", self.env["skill.cert.step"]._fields)

    def test_a_state_from_before_steps_were_kept_is_shown_without_a_time(self):
        application = self._submitted()
        for state in dict(workflow.labels()):
            with self.subTest(state=state):
                application.sudo().state = state
                course = self._course(application)
                current = [step for step in course["steps"] if step["kind"] == "current"]
                self.assertEqual([step["state"] for step in current], [state])


@tagged("standard", "post_install", "-at_install")
class TestCertificateAtTheEnd(TimelineCase):
    def test_the_nominator_sees_number_and_state_and_prints_what_is_in_force(self):
        application = self._qualified()
        self._decide(application)
        application.action_certify()
        own = application.with_user(self.nominator)
        self.assertTrue(own.certificate_id.number)
        self.assertEqual(own.certificate_state, "valid")
        action = own.action_print_certificate()
        self.assertEqual(action["report_name"], "wz_skill_cert.certificate_paper")
        application.action_revoke("弄虚作假")
        self.assertEqual(own.certificate_state, "revoked")
