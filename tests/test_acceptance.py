"""Notice, part 4, 专家考评: an expert says first whether there is a conflict of interest; only then the case opens."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id

FACTS = ("id_number_masked", "technical_specialty", "occupation_years", "summary", "eligibility", "achievement_ids")
CASE_MODELS = ("application", "achievement", "material", "application.history", "application.contribution")


class AcceptanceCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.experts = self._experts(self.county, 4)
        self.panel = self._panel(self.county, experts=self.experts)
        self.case = self._accepted(technical_specialty="低压电器")
        self._start_assessment(self.case, self.panel, accept=False)
        self.env.flush_all()

    def _of(self, expert, case=None):
        """Return the expert's assessment, in the expert's own environment, as a new request would find it."""
        self.env.flush_all()
        self.env.invalidate_all()
        found = (case or self.case).sudo().review_id.assessment_ids.filtered(lambda a: a.expert_id == expert)
        return found.with_user(expert.user_id)

    def _visible(self, expert):
        """Return how many records of each model about cases the expert meets."""
        self.env.flush_all()
        self.env.invalidate_all()
        models = (*CASE_MODELS, "assessment")
        return {name: self.env[f"skill.cert.{name}"].with_user(expert.user_id).search_count([]) for name in models}

    def _accept(self, *experts):
        for expert in experts:
            self._of(expert).action_accept()


@tagged("standard", "post_install", "-at_install")
class TestInvitation(AcceptanceCase):
    def test_an_invited_expert_sees_what_one_needs_to_know_a_conflict_and_nothing_else(self):
        own = self._of(self.experts[0])
        self.assertEqual(own.state, "invited")
        shown = (own.applicant_name, own.employer_name, own.occupation_id, own.level)
        self.assertEqual(shown, ("张示例", self.enterprise.name, self.electrician, "senior_worker"))
        values = own.web_read({name: {} for name in FACTS})[0]
        self.assertFalse(any(values[name] for name in FACTS), values)
        counts = self._visible(self.experts[0])
        self.assertEqual(counts, {**dict.fromkeys(CASE_MODELS, 0), "assessment": 1})
        with self.assertRaises(AccessError):
            self.case.with_user(self.experts[0].user_id).read(["summary"])

    def test_nor_by_searching_for_it(self):
        own = self._of(self.experts[0])
        for domain in (
            [("application_id.summary", "ilike", "爱岗")],
            [("application_id.achievement_ids.name", "ilike", "工程师")],
        ):
            with self.subTest(domain=domain):
                self.assertFalse(own.search(domain))

    def test_no_expert_learns_the_day_of_birth_which_beside_the_masked_number_leaves_two(self):
        self._accept(self.experts[0])
        case = self.case.with_user(self.experts[0].user_id)
        self.assertEqual((case.read(["birth_year"])[0]["birth_year"], case.id_number_masked[:3]), (1985, "330"))
        for ask in (
            lambda: case.read(["birth_date"]),
            lambda: case.search([("birth_date", "=", "1985-05-20")]),
            lambda: case.search([], order="birth_date"),
            lambda: self._of(self.experts[0]).search([("application_id.birth_date", "=", "1985-05-20")]),
        ):
            with self.assertRaises(AccessError):
                ask()

    def test_the_case_opens_with_the_acceptance(self):
        self._accept(self.experts[0])
        own = self._of(self.experts[0])
        self.assertEqual((own.state, own.summary, own.technical_specialty), ("draft", "爱岗敬业。", "低压电器"))
        self.assertTrue(own.achievement_ids)
        self.assertTrue(own.sudo().answered_on)
        counts = self._visible(self.experts[0])
        self.assertTrue(all(counts[name] for name in ("application", "achievement", "application.history")), counts)
        self.assertFalse(self._visible(self.experts[1])["application"], "the others have not accepted")

    def test_nothing_is_written_before_the_acceptance(self):
        own = self._of(self.experts[0])
        achievements = self.case.sudo().achievement_ids.with_user(own.env.user)
        for step in (lambda: own.write({"opinion": "好"}), own.action_submit, achievements.action_verify):
            with self.assertRaises(UserError):
                step()

    def test_only_the_expert_answers_and_once(self):
        own = self._of(self.experts[0])
        for user in (self.experts[1].user_id, self.county_officer, self.city_officer, self.manager, self.nominator):
            for step in ("action_accept", "action_decline"):
                with self.subTest(user=user.name, step=step), self.assertRaises(AccessError):
                    getattr(own.with_user(user), step)()
        own.action_accept()
        with self.assert_refused("already accepted"):
            own.action_accept()
        with self.assertRaises(AccessError):
            own.write({"state": "submitted"})

    def test_a_refused_acceptance_after_the_case_has_ended(self):
        self.case.action_revoke("弄虚作假。")
        own = self._of(self.experts[0])
        self.assertEqual(own.state, "released")
        with self.assert_refused("has ended"):
            own.action_accept()


@tagged("standard", "post_install", "-at_install")
class TestDeclining(AcceptanceCase):
    def test_whoever_declares_a_conflict_loses_the_case_by_every_road_and_the_officer_knows_why(self):
        for ground, expert, accepted in (("kin", self.experts[0], False), ("other", self.experts[1], True)):
            if accepted:
                self._accept(expert)
            with self.subTest(ground=ground):
                self._of(expert).action_decline(ground, "示例说明")
                self.assertEqual(set(self._visible(expert).values()), {0})
                conflict = self.env["skill.cert.conflict"].search([("expert_id", "=", expert.id)])
                self.assertRecordValues(
                    conflict, [{"application_id": self.case.id, "kind": ground, "note": "示例说明"}]
                )
                with self.assertRaises(AccessError):
                    self._of(expert).read(["display_name"])
                seen = self._of(expert).with_user(self.county_officer)
                self.assertEqual((seen.state, seen.decline_ground), ("declined", ground))

    def test_whoever_has_no_time_is_no_longer_asked_and_in_no_conflict(self):
        expert = self.experts[0]
        self._of(expert).action_decline("time")
        self.assertEqual(set(self._visible(expert).values()), {0})
        self.assertFalse(self.env["skill.cert.conflict"].search([("expert_id", "=", expert.id)]))

    def test_declining_needs_a_ground(self):
        own = self._of(self.experts[0])
        for ground in (None, "", "because"):
            with self.assert_refused("say why you decline"):
                own.action_decline(ground)
        own.decline_ground = "time"
        own.action_decline()
        self.assertEqual(own.sudo().state, "declined")

    def test_the_officer_is_told_without_a_name_that_the_nominator_would_read(self):
        expert = self.experts[0]
        self.county_officer.lang = "en_US"
        self._of(expert).action_decline("time")
        activity = self.case.sudo().activity_ids
        self.assertEqual(activity.user_id, self.county_officer)
        self.assertIn("declined", activity.summary)
        self.assertNotIn(expert.name, activity.summary)
        self.assertNotEqual(activity.create_uid, expert.user_id)
        self.assertNotEqual(self.case.sudo().write_uid, expert.user_id)

    def test_a_replacement_is_added_invited_and_counted(self):
        self._of(self.experts[0]).action_decline("kin")
        self._of(self.experts[1]).action_decline("time")
        self._accept(*self.experts[2:])
        self._assess(self.case)
        with self.assert_refused("without those who declined", "this one has 2"):
            self.case.action_conclude_assessment()
        with self.assert_refused("Every member of the panel has been asked"):
            self.case.action_invite_members()
        new = self._expert(self.county)
        self.panel.member_ids = [Command.create({"expert_id": new.id})]
        self.case.action_invite_members()
        with self.assert_refused("1 assessments are outstanding"):
            self.case.action_conclude_assessment()
        self._accept(new)
        self._assess(self.case)
        self.case.action_conclude_assessment()
        self.assertEqual(self.case.state, "qualified")
        self.assertRecordValues(
            self.case.sudo().review_id, [{"outcome": "qualified", "assessor_count": 3, "favourable_count": 3}]
        )

    def test_a_silent_member_is_released_by_leaving_the_panel(self):
        silent = self.experts[3]
        self._accept(*self.experts[:3])
        self._assess(self.case)
        with self.assert_refused("1 assessments are outstanding"):
            self.case.action_conclude_assessment()
        self.panel.member_ids.filtered(lambda member: member.expert_id == silent).unlink()
        self.assertEqual(set(self._visible(silent).values()), {0})
        self.assertEqual(self._of(silent).sudo().state, "released")
        self.case.action_conclude_assessment()
        self.assertEqual(self.case.state, "qualified")

    def test_leaving_the_panel_takes_back_no_submitted_assessment(self):
        self._accept(*self.experts)
        self._assess(self.case)
        self.panel.member_ids[-1].unlink()
        states = self.case.sudo().review_id.assessment_ids.mapped("state")
        self.assertEqual(states, ["submitted"] * 4)

    def test_a_member_of_an_appointed_panel_is_not_exchanged(self):
        with self.assert_refused("not exchanged"):
            self.panel.member_ids[-1].expert_id = self._expert(self.county)

    def test_nobody_but_the_handling_officer_invites(self):
        for user in (self.other_officer, self.city_officer, self.nominator, self.experts[0].user_id, self.manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.case.with_user(user).action_invite_members()

    def test_a_conflict_found_after_the_submission_takes_the_assessment_out_of_the_count(self):
        self._accept(*self.experts)
        self._assess(self.case)
        late = self.experts[:2]
        for expert in late:
            self.env["skill.cert.conflict"].create({"expert_id": expert.id, "application_id": self.case.id})
        with self.assert_refused("without those who declined", "this one has 2"):
            self.case.action_conclude_assessment()
        self.env["skill.cert.conflict"].search([("expert_id", "=", late[0].id)]).unlink()
        self.case.action_conclude_assessment()
        self.assertEqual(self.case.sudo().review_id.assessor_count, 3)


@tagged("standard", "post_install", "-at_install")
class TestFindings(AcceptanceCase):
    GOOD = {
        "materials": "complete", "method": "interview", "place": "示例考核室", "held_on": "2099-01-01", "verdict": "qualified",
        "score_conduct": 90, "score_ability": 80, "score_training": 70, "score_results": 60, "opinion": "属实。",
    }  # fmt: skip

    def _prepare(self):
        super()._prepare()
        self._accept(*self.experts)
        self.own = self._of(self.experts[0])

    def test_each_part_of_the_assessment_is_needed_for_the_submission(self):
        self.own.achievement_ids.action_verify()
        for name in self.GOOD:
            self.own.write({**self.GOOD, name: False})
            with self.subTest(missing=name), self.assert_refused(self.own._fields[name].string):
                self.own.action_submit()
        self.own.write(self.GOOD)
        self.own.action_submit()
        self.assertEqual(self.own.state, "submitted")

    def test_each_achievement_is_verified_or_refused_before_the_submission(self):
        self.own.write(self.GOOD)
        with self.assert_refused("verify or refuse each achievement", "工程师"):
            self.own.action_submit()
        with self.assert_refused("say why"):
            self.own.achievement_ids.action_refuse(" ")
        self.own.achievement_ids.action_refuse("证书号查无此证")
        self.own.action_submit()
        self.assertEqual(self.own.achievement_ids.refusal_reason, "证书号查无此证")

    def test_a_refused_achievement_judges_eligibility_anew_at_once(self):
        self.assertTrue(self.case.is_eligible)
        self.own.achievement_ids.action_refuse("证书不实")
        self.assertFalse(self.case.is_eligible)
        self.own.achievement_ids.action_verify()
        self.assertTrue(self.case.is_eligible)

    def test_the_panels_conclusion_fixes_who_is_qualified(self):
        other = self._accepted(applicant_name="李示例", id_number=resident_id(sequence=903))
        waiting = self._accepted(applicant_name="王示例", id_number=resident_id(sequence=905))
        self._start_assessment(other | waiting, self.panel)
        self._assess(self.case)
        self._assess(other, "unqualified")
        action = self.panel.action_conclude()
        self.assertEqual(
            [application.state for application in (self.case, other, waiting)], ["qualified", "rejected", "assessment"]
        )
        listed = self.env["skill.cert.review"].with_user(self.county_officer).search(action["domain"])
        self.assertEqual(
            {(review.application_id.applicant_name, review.outcome, review.favourable_count) for review in listed},
            {("张示例", "qualified", 4), ("李示例", "rejected", 0), ("王示例", "pending", 0)},
        )
        with self.assert_refused("No case"):
            self.panel.action_conclude()
        for user in (self.other_officer, self.city_officer, self.experts[0].user_id):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.panel.with_user(user).action_conclude()


@tagged("standard", "post_install", "-at_install")
class TestTwoRounds(SkillCertCase):
    def test_the_city_reads_the_countys_assessment_and_recommendation(self):
        technician = self._qualified(level="technician")
        technician.action_recommend()
        review = technician.with_user(self.city_officer).review_ids[0]
        self.assertEqual((review.outcome, review.bureau_id, review.favourable_count), ("recommended", self.county, 3))
        assessment = review.assessment_ids[0]
        self.assertEqual(
            (assessment.score_ability, assessment.opinion, assessment.verdict), (88, "属实。", "qualified")
        )
        self.assertTrue(assessment.expert_id.name)

    def test_a_county_touches_nothing_of_the_citys_round(self):
        technician = self._qualified(level="technician")
        technician.action_recommend()
        self._start_assessment(technician, accept=False)
        county = technician.with_user(self.county_officer)
        city_panel = technician.sudo().review_id.panel_id.with_user(self.county_officer)
        assessments = technician.sudo().review_id.assessment_ids.with_user(self.county_officer)
        self._refused(
            county.action_invite_members, county.action_conclude_assessment, city_panel.action_conclude,
            city_panel.member_ids.unlink, assessments[0].action_accept, lambda: assessments.write({"opinion": "改"}),
        )  # fmt: skip
        self.assertFalse(
            self.env["skill.cert.assessment"].with_user(self.county_officer).search([("id", "in", assessments.ids)])
        )
        self._accept_assignments(technician)
        self._assess(technician)
        technician.with_user(self.city_officer).action_conclude_assessment()
        session = self._session(technician)
        own = session.with_user(self.county_officer)
        self._refused(
            own.action_all_present, own.action_record_declarations, own.action_fill_agenda, own.action_open,
            lambda: own.motion_ids.action_put_off("改"), lambda: own.write({"voting": "paper"}),
            lambda: session.seat_ids.with_user(self.county_officer).action_record_declaration(),
        )  # fmt: skip
        session.voting = "paper"
        second = self._officer(self.city, "city")
        session.action_open()
        self._refused(own.action_count, own.action_discard_counts, own.action_close)
        self._count(session, 7, second)
        session.action_close()
        self.assertEqual(technician.sudo().state, "passed")
        self._refused(
            lambda: self.env["skill.cert.objection"].with_user(self.county_officer).create(
                {"application_id": technician.id, "ground": "示例"}
            ),
            county.action_certify,
            lambda: county.action_revoke("改"),
        )  # fmt: skip

    def _count(self, session, agree, second):
        for user in (self.city_officer, second):
            session.with_user(user).action_count()
            count = session.sudo().count_ids.filtered(lambda count, user=user: count.officer_id == user).with_user(user)
            count.line_ids.agree = agree
            count.action_complete()

    def _refused(self, *steps):
        for number, step in enumerate(steps):
            with self.subTest(step=number), self.assertRaises(UserError):
                step()
