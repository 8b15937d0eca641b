"""Objections between the decision and the certificate, and what a finding of fraud (弄虚作假, part 5) brings down."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id

WHO = ("示例举报人", "13900000977")


class ObjectionCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.case = self._qualified()
        self.session = self._decide(self.case)

    def _object(self, case=None, user=None, **values):
        case = case or self.case
        objections = self.env["skill.cert.objection"].with_user(user or self._handler(case))
        return objections.create(
            {
                "application_id": case.id,
                "ground": "职称证书有疑问。",
                "objector_name": WHO[0],
                "objector_contact": WHO[1],
                **values,
            }
        )


@tagged("standard", "post_install", "-at_install")
class TestObjections(ObjectionCase):
    def test_an_open_objection_stops_the_certificate_until_it_is_dismissed(self):
        objection = self._object()
        with self.assert_refused("1 objections are not resolved"):
            self.case.action_certify()
        objection.action_dismiss("经查，职称证书属实。")
        self.assertRecordValues(
            objection,
            [{"state": "dismissed", "finding": "经查，职称证书属实。", "resolved_by_id": self.county_officer.id}],
        )
        self.assertTrue(self.case.action_certify())

    def test_two_open_objections_are_both_to_be_resolved(self):
        first, _second = self._object(), self._object()
        first.action_dismiss("属实。")
        with self.assert_refused("1 objections are not resolved"):
            self.case.action_certify()

    def test_the_publicity_period_runs_from_the_decision_whatever_is_objected(self):
        self.policy.publicity_days = 5
        self._object().action_dismiss("属实。")
        with self.assert_refused("is in publicity until"):
            self.case.action_certify()

    def test_an_objection_is_recorded_only_after_the_decision(self):
        for case in (
            self._accepted(id_number=resident_id(sequence=903)),
            self._qualified(id_number=resident_id(sequence=905)),
        ):
            with self.subTest(state=case.state), self.assert_refused("after the committee's decision"):
                self._object(case)

    def test_only_the_handling_officers_record_read_and_resolve(self):
        objection = self._object()
        users = (
            self.other_officer, self.city_officer, self.nominator, self.manager, self.plain_user,
            self.session.sudo().seat_ids[1].user_id,
        )  # fmt: skip
        for user in users:
            own = objection.with_user(user)
            for name, step in {
                "create": lambda user=user: self._object(user=user),
                "read": lambda own=own: own.read(["ground"]),
                "dismiss": lambda own=own: own.action_dismiss("无"),
                "uphold": lambda own=own: own.action_uphold("fraud", "无"),
            }.items():
                with self.subTest(user=user.name, step=name), self.assertRaises(AccessError):
                    step()
            self.assertFalse(self._count(own))
        self.assertEqual(objection.state, "open")

    def _count(self, own):
        try:
            return own.search_count([])
        except AccessError:
            return 0

    def test_a_resolution_says_what_was_found_and_is_final(self):
        objection = self._object()
        for step in (objection.action_dismiss, lambda: objection.action_uphold("revote", " ")):
            with self.assert_refused("say what the bureau found"):
                step()
        with self.assert_refused("choose the consequence"):
            objection.action_uphold(finding="属实。")
        objection.action_dismiss("属实。")
        for step in (
            lambda: objection.action_dismiss("再次"),
            lambda: objection.action_uphold("fraud", "再次"),
            lambda: objection.write({"finding": "改"}),
            lambda: objection.write({"ground": "改"}),
        ):
            with self.assert_refused("has been resolved"):
                step()
        with self.assertRaises(UserError):
            objection.unlink()

    def test_an_objection_stays_with_its_application(self):
        objection = self._object()
        with self.assertRaises(AccessError):
            objection.application_id = self._qualified(id_number=resident_id(sequence=903))

    def test_the_evidence_belongs_to_the_objection(self):
        objection = self._object(evidence_ids=[Command.set(self._file(self.county_officer, "举报.pdf").ids)])
        self.assertEqual(
            (objection.evidence_ids.res_model, objection.evidence_ids.res_id), (objection._name, objection.id)
        )
        for user in (self.nominator, self.city_officer, self.other_officer):
            with self.assertRaises(AccessError):
                objection.evidence_ids.with_user(user).read(["raw"])
        objection.action_dismiss("属实。")
        with self.assert_refused("has been resolved"):
            objection.evidence_ids.unlink()

    def test_the_nominator_learns_that_there_is_an_objection_and_not_by_whom(self):
        objection = self._object()
        own = self.case.with_user(self.nominator)
        self.assertEqual(own.open_objection_count, 1)
        self.assertIn("objection", " ".join(str(message.body) for message in own.message_ids))
        with self.assertRaises(AccessError):
            own.read(["objection_ids"])
        with self.assertRaises(AccessError):
            own.search([("objection_ids.objector_name", "ilike", "示例")])
        objection.action_uphold("revote", "经查，应当重新表决。")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(own.open_objection_count, 0)
        self.assertFalse(self._places_that_name(objection))

    def _places_that_name(self, objection):
        """Return the tables other than the objection's own in which the objector, contact or ground is written."""
        secrets = (*WHO, "职称证书有疑问")
        found = set()
        for table in (
            "mail_message",
            "mail_activity",
            "mail_tracking_value",
            "mail_mail",
            "bus_bus",
            "ir_logging",
            "skill_cert_application",
        ):
            for secret in secrets:
                self.env.cr.execute(f"SELECT 1 FROM {table} t WHERE t::text LIKE %s", [f"%{secret}%"])
                found |= {table} if self.env.cr.rowcount else set()
        return found


@tagged("standard", "post_install", "-at_install")
class TestVoteAnew(ObjectionCase):
    def test_an_upheld_objection_leads_to_a_new_vote_in_a_round_of_its_own(self):
        old, motion = self.case.sudo().review_id, self.session.motion_ids
        before = self._facts(motion), self._facts(self.session), self._facts(old)["outcome"]
        objection = self._object()
        objection.action_uphold("revote", "有一名委员应当回避。")
        self.assertEqual((self.case.state, self.case.decided_on), ("qualified", False))
        rounds = self.case.sudo().review_ids
        self.assertEqual(rounds.mapped("outcome"), ["passed", "qualified"])
        self.assertEqual((rounds[1].objection_id, rounds[1].panel_id), (objection, old.panel_id))
        self.assertEqual((self._facts(motion), self._facts(self.session), self._facts(old)["outcome"]), before)
        self.assertEqual(self.case.vote_base, 0, "the form prints no vote that was set aside")
        with self.assertRaises(UserError):
            self.case.action_certify()
        session = self._decide(self.case, agree=3, against=4)
        self.assertEqual((self.case.state, self.case.vote_agree), ("rejected", 3))
        self.assertEqual(rounds[1].motion_id, session.motion_ids)
        self.assertEqual(len(self.case.sudo().review_ids.motion_ids), 2)

    def test_a_second_vote_may_pass_and_is_certified(self):
        self._object().action_uphold("revote", "重新表决。")
        self._decide(self.case)
        self.assertTrue(self.case.action_certify())

    def test_nobody_votes_anew_without_an_upheld_objection(self):
        with self.assert_refused("no objection was upheld"):
            self.case._move("qualified")
        self._object().action_dismiss("属实。")
        with self.assert_refused("no objection was upheld"):
            self.case._move("qualified")
        self._object().action_uphold("revote", "重新表决。")
        self._decide(self.case)
        with self.assert_refused("no objection was upheld"):
            self.case._move("qualified")

    def test_a_certified_case_is_not_voted_on_anew(self):
        self.case.action_certify()
        objection = self._object()
        with self.assert_refused("cannot become"):
            objection.action_uphold("revote", "重新表决。")
        objection.invalidate_recordset()
        self.assertEqual((objection.state, self.case.state), ("open", "certified"))


@tagged("standard", "post_install", "-at_install")
class TestFraud(ObjectionCase):
    def test_fraud_brings_down_whatever_rests_on_it_in_one_step(self):
        certificate = self.case.action_certify()
        other, fraud = self._object(), self._object()
        self.case.sudo().activity_schedule("mail.mail_activity_data_todo", user_id=self.county_officer.id)
        fraud.action_uphold("fraud", "职称证书系伪造。")
        self.assertEqual((self.case.state, self.case.reason), ("revoked", "职称证书系伪造。"))
        self.assertEqual((certificate.state, certificate.revocation_reason), ("revoked", "职称证书系伪造。"))
        self.assertEqual((fraud.state, fraud.remedy, other.state), ("upheld", "fraud", "overtaken"))
        self.assertFalse(self.case.sudo().activity_ids)
        self.assertEqual(self.case.sudo().review_ids.mapped("outcome"), ["passed"], "what was decided is not rewritten")

    def test_all_or_nothing(self):
        certificate = self.case.action_certify()
        fraud = self._object()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            fraud.action_uphold("fraud", "伪造。")
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual((self.case.state, certificate.state, fraud.state), ("certified", "valid", "open"))

    def test_other_applications_of_the_person_are_flagged_to_those_who_handle_them_and_accuse_nobody(self):
        technician = self._accepted(level="technician")
        stranger = self._accepted(id_number=resident_id(sequence=903), applicant_name="李示例")
        technician.sudo().activity_ids.unlink()
        self.case.action_revoke("伪造。")
        self.env.invalidate_all()
        self.assertTrue(technician.fraud_found)
        self.assertFalse(stranger.fraud_found)
        self.assertFalse(self.case.fraud_found)
        self.assertEqual(technician.sudo().activity_ids.user_id, self.county_officer)
        self.assertNotIn("raud", technician.sudo().activity_ids.summary)
        self.assertNotIn("other", technician.sudo().activity_ids.summary)
        self.assertEqual(technician.state, "accepted", "each case is decided on its own")
        with self.assertRaises(AccessError):
            technician.with_user(self.nominator).read(["fraud_found"])

    def test_two_people_of_whom_nothing_is_held_any_more_are_not_taken_for_one(self):
        other = self._accepted(id_number=resident_id(sequence=903), applicant_name="李示例")
        other.sudo().activity_ids.unlink()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE skill_cert_application SET id_number = NULL WHERE id = ANY(%s)", [(self.case | other).ids]
        )
        self.env.invalidate_all()
        self.case.action_revoke("伪造。")
        self.assertFalse(other.sudo().activity_ids)

    def test_a_revoked_case_leaves_the_agenda_and_its_experts(self):
        case = self._accepted(id_number=resident_id(sequence=903))
        self._start_assessment(case)
        case.action_revoke("伪造。")
        self.assertEqual(set(case.sudo().review_id.assessment_ids.mapped("state")), {"released"})
        waiting = self._waiting_for_vote(2)
        session = self._session(waiting)
        waiting[0].action_revoke("伪造。")
        session.action_open()
        motions = session.motion_ids
        self.assertEqual(motions.mapped("state"), ["put_off", "open"])
        self.assertIn("revoked", motions[0].put_off_reason)
