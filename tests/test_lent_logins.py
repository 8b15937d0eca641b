"""Nobody acts in another's place: a seat and an assessment belong to the login of their moment, whoever has which later."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase


@tagged("standard", "post_install", "-at_install")
class TestLentLogins(SkillCertCase):
    def setUp(self):
        super().setUp()
        self.case = self._accepted()
        self._start_assessment(self.case, accept=False)
        self.assessment = self.case.sudo().review_ids.assessment_ids[0]
        self.session = self._session(self._waiting_for_vote(1))
        self.seat = self.session.sudo().seat_ids.filtered("present")[1]
        self.colleague = self._user("group_expert")

    def _lend(self, expert, user=None, lender=None):
        expert.with_user(lender or self.county_officer).user_id = user or self.colleague
        self.env.flush_all()

    def _entries(self, expert):
        return self.env["skill.cert.trail"].sudo().search([("event", "=", "login"), ("res_id", "=", expert.id)])

    def _broken(self):
        return self.env["skill.cert.invariant.check"].sudo()._find()

    # ------------------------------------------------------------------ frozen

    def test_a_login_stays_while_its_expert_holds_a_seat(self):
        expert, before = self.seat.expert_id, self.seat.user_id
        for step in (lambda: None, self.session.action_open):
            step()
            for user in (self.colleague, self.city_officer, self.env["res.users"]):
                with (
                    self.subTest(state=self.session.state, user=user.name),
                    self.assert_refused("keeps this login", self.session.name),
                ):
                    expert.with_user(self.county_officer).user_id = user
        self.assertEqual((expert.user_id, self.seat.user_id), (before, before))

    def test_a_login_stays_while_its_expert_has_an_assessment_to_answer_or_to_write(self):
        expert, number = self.assessment.expert_id, self.case.sudo().name
        for state in ("invited", "draft"):
            self.assertEqual(self.assessment.state, state)
            with self.subTest(state=state), self.assert_refused("keeps this login", number):
                self._lend(expert)
            if state == "invited":
                self.assessment.with_user(self.assessment.user_id).action_accept()
        self.assertEqual(self._entries(expert).mapped("detail_text"), [f"– → {self.assessment.user_id.login}"])

    def test_not_even_the_superuser_and_no_road_from_outside_lends_it(self):
        expert = self.seat.expert_id
        with self.assert_refused("keeps this login"):
            expert.sudo().write({"user_id": self.colleague.id})
        member = self.seat.member_id.with_user(self.county_officer)
        committee = member.committee_id
        lines = [Command.update(member.id, {"expert_id": expert.id, "user_id": self.colleague.id})]
        with self.assertRaises(ValueError):
            committee.write({"member_ids": lines})
        self.assertNotEqual(expert.user_id, self.colleague)

    def test_a_refusal_names_no_meeting_of_another_bureau(self):
        session = self._session(self._waiting_for_vote(1, self.city))
        session.sudo().name = "市级评审会示例"
        seat = session.sudo().seat_ids[1]
        seat.expert_id.sudo().bureau_id = self.county
        with self.assert_refused("another bureau") as refused:
            self._lend(seat.expert_id)
        self.assertNotIn("市级评审会示例", str(refused.exception))

    def test_whoever_had_no_login_gets_one_and_the_seat_in_preparation_follows(self):
        committee = self._committee(self.county)
        expert = committee.sudo().member_ids[1].expert_id
        committee.sudo().state = "draft"
        expert.sudo().user_id = False
        session = self._session(self._waiting_for_vote(1), committee)
        seat = session.sudo().seat_ids.filtered(lambda seat: seat.expert_id == expert)
        self.assertFalse(seat.user_id)
        self._lend(expert)
        self.assertEqual(seat.user_id, self.colleague)

    # ------------------------------------------------------------------ kept

    def test_seat_and_assessment_keep_the_login_of_their_moment(self):
        self._accept_assignments(self.case)
        self._assess(self.case)
        assessor, member = self.assessment.user_id, self.seat.user_id
        self.session.action_open()
        self._vote(self.session, 7)
        self.session.action_close()
        for place in (self.assessment, self.seat):
            expert, before = place.expert_id, place.user_id
            self._lend(expert, self._user("group_expert"))
            self.assertEqual(place.user_id, before)
            entry = self._entries(expert).sorted("id")[-1]
            self.assertEqual(entry.detail_text, f"{before.login} → {expert.user_id.login}")
            self.assertEqual(entry.user_id, self.county_officer)
            # Whatever makes Odoo compute the places anew.
            place.modified(["expert_id"])
            self.env.flush_all()
            self.assertEqual(place.user_id, before)
        self.assertIn(assessor, self.case.sudo().expert_user_ids)
        self.assertIn(member, self.session.motion_ids.application_id.sudo().expert_user_ids)
        with self.assertRaises(AccessError):
            self.case.with_user(self.assessment.expert_id.user_id).read(["name"])
        self.assertFalse(self._broken())

    # ------------------------------------------------------------------ found

    def _set(self, table, record, **values):
        self.env.flush_all()
        for column, value in values.items():
            self.env.cr.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, record.id])
        self.env.invalidate_all()

    def test_a_login_lent_behind_the_systems_back_is_found(self):
        self.session.action_open()
        self.assertFalse(self._broken())
        for place, model in ((self.seat, "skill.cert.session.seat"), (self.assessment, "skill.cert.assessment")):
            before = place.expert_id.user_id
            self._set("skill_cert_expert", place.expert_id, user_id=self.colleague.id)
            [(name, found)] = self._broken().items()
            self.assertEqual(
                (name, found["model"], found["ids"]), (f"login_of_{model.rpartition('.')[2]}", model, place.ids)
            )
            self._set("skill_cert_expert", place.expert_id, user_id=before.id)
        self.assertFalse(self._broken())

    def test_a_vote_of_another_login_than_the_seats_is_found_for_ever(self):
        self.session.action_open()
        before = self.seat.user_id
        self._set("skill_cert_session_seat", self.seat, user_id=self.colleague.id)
        self.session.with_user(self.colleague).cast({self.session.motion_ids.id: "agree"})
        self._set("skill_cert_session_seat", self.seat, user_id=before.id)
        self.assertIn("cast_by_its_login", self._broken())

    def test_nobody_reads_who_has_cast(self):
        self.session.action_open()
        self._vote(self.session, 7)
        for user in (self.county_officer, self.city_officer, self.manager, self.seat.user_id):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.seat.with_user(user).read(["voter_id"])
            with self.assertRaises(AccessError):
                self.seat.with_user(user).search([("voter_id", "!=", False)])
