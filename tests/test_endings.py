"""A case ends as cases do: withdrawn until the vote opens, terminated with a ground; the city sends back what it cannot take."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SkillCertCase, resident_id


@tagged("standard", "post_install", "-at_install")
class TestWithdrawal(SkillCertCase):
    def test_the_unit_withdraws_in_every_state_before_the_vote(self):
        for begin in (self._submitted, self._accepted, self._in_assessment, self._qualified):
            case = begin()
            with self.subTest(state=case.state):
                case.with_user(self.nominator).action_withdraw()
                self.assertEqual(case.sudo().state, "withdrawn")
                self.assertFalse(set(case.sudo().review_ids.mapped("outcome")) & {"pending", "qualified"})
                # The place is free: the person may be nominated anew.
                self.assertTrue(self._draft())
                self.env["skill.cert.application"].search([("state", "=", "draft")]).unlink()

    def _in_assessment(self):
        case = self._accepted()
        self._start_assessment(case, accept=False)
        return case

    def test_whoever_was_asked_to_assess_is_released(self):
        case = self._in_assessment()
        assessment = case.sudo().review_id.assessment_ids[0]
        case.with_user(self.nominator).action_withdraw()
        self.assertEqual(set(case.sudo().review_id.assessment_ids.mapped("state")), {"released"})
        self.assertFalse(assessment.activity_ids)
        with self.assertRaises(UserError):
            assessment.with_user(assessment.user_id).action_accept()

    def test_a_motion_on_the_agenda_is_put_off_and_the_others_are_voted_on(self):
        cases = self._waiting_for_vote(2)
        session = self._session(cases)
        cases[0].with_user(self.nominator).action_withdraw()
        motions = session.motion_ids
        self.assertEqual(motions.filtered(lambda m: m.application_id == cases[0]).state, "put_off")
        session.action_open()
        self.assertEqual(motions.filtered(lambda m: m.application_id == cases[1]).state, "open")

    def test_not_any_more_once_the_vote_is_open(self):
        case = self._waiting_for_vote(1)
        session = self._session(case)
        session.action_open()
        with self.assert_refused("cannot become"):
            case.with_user(self.nominator).action_withdraw()
        self.assertEqual(case.state, "review")

    def test_the_bureau_withdraws_nothing(self):
        case = self._qualified()
        with self.assertRaises(AccessError):
            case.with_user(self.county_officer).action_withdraw()


@tagged("standard", "post_install", "-at_install")
class TestTermination(SkillCertCase):
    REASON = "示例：申请人已离职"

    def _terminate(self, case, ground="left", reason=REASON, user=None):
        case.with_user(user or self.county_officer).action_terminate(ground, reason)

    def test_the_officer_ends_a_case_with_ground_and_reason_and_the_unit_reads_both(self):
        for begin in (self._submitted, self._accepted, self._qualified, self._passed):
            case = begin()
            with self.subTest(state=case.state):
                self._terminate(case, "died", "示例")
                own = case.with_user(self.nominator)
                self.assertEqual((own.state, own.termination_ground, own.reason), ("terminated", "died", "示例"))
                told = self.env["skill.cert.notification"].search(
                    [("notice", "=", "terminated"), ("res_id", "=", case.id)]
                )
                self.assertEqual(told.user_id, self.enterprise.nominator_user_ids)
                step = case.sudo().step_ids.sorted("id")[-1]
                self.assertEqual((step.state, step.reason), ("terminated", "示例"))
                self.assertFalse(case.sudo().activity_ids)

    def _passed(self):
        case = self._qualified()
        self._decide(case)
        return case

    def test_ground_and_reason_are_required(self):
        case = self._submitted()
        for ground, reason in ((None, "示例"), ("fraud", "示例"), ("left", ""), ("left", "  "), ("left", None)):
            with self.subTest(ground=ground, reason=reason), self.assertRaises(UserError):
                self._terminate(case, ground, reason)
        self.assertEqual(case.state, "submitted")

    def test_neither_a_draft_nor_what_is_certified_or_ended_is_terminated(self):
        certified = self._passed()
        certified.action_certify()
        draft = self._draft(**self._other_person())
        for case in (certified, draft.with_user(self.county_officer).sudo(), certified):
            with self.assertRaises(UserError):
                self._terminate(case)
        self.assertEqual(certified.sudo().certificate_ids.state, "valid")

    def _other_person(self):
        return {"applicant_name": "李示例", "id_number": resident_id(sequence=903)}

    def test_only_the_officers_who_have_the_case(self):
        case = self._submitted()
        other = self._officer(self.other_county, "county")
        for user in (self.nominator, other, self.city_officer, self.manager):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self._terminate(case, user=user)

    def test_an_open_vote_goes_on_and_decides_nothing_about_it(self):
        cases = self._waiting_for_vote(2)
        session = self._session(cases)
        session.action_open()
        self._terminate(cases[0])
        for seat in session.sudo().seat_ids:
            paper = {motion.id: "agree" for motion in session.sudo().motion_ids}
            session.with_user(seat.user_id).cast(paper)
        session.action_close()
        self.assertEqual(cases.mapped("state"), ["terminated", "passed"])
        self.assertFalse(self.env["skill.cert.invariant.check"].sudo()._find())

    def test_through_the_dialogue(self):
        case = self._submitted()
        action = case.with_context(reason_for="terminate").action_ask_reason()
        wizard = self.env["skill.cert.reason.wizard"].with_user(self.county_officer).with_context(**action["context"])
        wizard.create({"ground": "gave_up", "reason": "示例"}).action_confirm()
        self.assertEqual((case.state, case.termination_ground), ("terminated", "gave_up"))


@tagged("standard", "post_install", "-at_install")
class TestSentBack(SkillCertCase):
    def _recommended(self):
        case = self._qualified(level="technician")
        case.with_user(self.county_officer).action_recommend()
        return case.with_user(self.city_officer)

    def test_the_city_sends_a_recommended_case_back_and_the_county_recommends_again(self):
        case = self._recommended()
        case.action_send_back("示例：佐证材料需补充")
        own = case.with_user(self.county_officer)
        self.assertEqual(
            (own.state, own.handling_bureau_id, own.round_purpose), ("qualified", self.county, "recommend")
        )
        self.assertEqual(own.sent_back_reason, "示例：佐证材料需补充")
        self.assertEqual(
            own.sudo().review_ids.sorted("id").mapped("outcome"), ["recommended", "sent_back", "qualified"]
        )
        told = self.env["skill.cert.notification"].search([("notice", "=", "sent_back"), ("res_id", "=", case.id)])
        self.assertEqual(told.user_id, self.county_officer)
        self.assertEqual(own.sudo().activity_ids.user_id, self.county_officer)
        own.action_recommend()
        self.assertEqual((own.sudo().state, own.sudo().handling_bureau_id), ("recommended", self.city))
        self.assertFalse(own.sudo().sent_back_reason)

    def test_with_a_reason_by_the_city_and_only_before_it_has_begun(self):
        case = self._recommended()
        with self.assert_refused("Please give the reason"):
            case.action_send_back(" ")
        for user in (self.county_officer, self.nominator, self.manager):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                case.with_user(user).action_send_back("示例")
        self._start_assessment(case)
        with self.assert_refused("cannot become"):
            case.action_send_back("示例")

    def test_what_is_in_assessment_or_in_a_vote_is_not_sent_back_by_that_road(self):
        for case in (self._accepted(), self._waiting_for_vote(1)):
            with self.assertRaises(UserError):
                case.with_user(self.county_officer).action_send_back("示例")

    def test_the_county_may_terminate_what_came_back(self):
        case = self._recommended()
        case.action_send_back("示例")
        case.with_user(self.county_officer).action_terminate("gave_up", "示例")
        self.assertEqual(case.sudo().state, "terminated")

    def test_the_unit_does_not_learn_of_it(self):
        case = self._recommended()
        case.action_send_back("示例")
        own = case.with_user(self.nominator)
        self.assertFalse(own.reason)
        with self.assertRaises(AccessError):
            own.read(["sent_back_reason"])
        self.assertFalse(
            self.env["skill.cert.notification"].search(
                [
                    ("res_id", "=", case.id),
                    ("user_id", "in", self.enterprise.nominator_user_ids.ids),
                    ("notice", "=", "sent_back"),
                ]
            )
        )
