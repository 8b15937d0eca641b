"""What experts, nominators and officers may not learn, whatever the road. The table itself is in ``matrix.py``."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id
from .matrix import EXPECTED  # noqa: F401 (looked for here by older branches)
from .matrix_records import IsolationCase


@tagged("standard", "post_install", "-at_install")
class TestPersonalData(IsolationCase):
    """The ID number, the phone and the photo are not for experts, by no road."""

    SECRET = ("id_number", "phone", "photo")

    def _prepare(self):
        super()._prepare()
        self._may_export(self.experts[0].user_id)
        self.seen = self.case.with_user(self.experts[0].user_id)

    def test_an_expert_sees_the_masked_number_only(self):
        number = self.case.sudo().id_number
        self.assertEqual(self.seen.id_number_masked, number[:3] + "*" * 11 + number[-4:])
        self.assertEqual(self.seen.applicant_name, "张示例")

    def test_an_expert_cannot_guess_them_digit_by_digit(self):
        for name, start in (("id_number", "330300"), ("phone", "138")):
            for operator, value in (
                ("=like", f"{start}%"),
                ("ilike", start),
                ("in", [f"{start}00000901"]),
                (">", start),
            ):
                with self.subTest(field=name, operator=operator), self.assertRaises(AccessError):
                    self.seen.search_count([(name, operator, value)])

    def test_an_expert_cannot_read_or_export_them(self):
        for name in self.SECRET:
            roads = {
                "read": lambda name=name: self.seen.read([name]),
                "attribute": lambda name=name: self.seen[name],
                "web_read": lambda name=name: self.seen.web_read({name: {}}),
                "search_read": lambda name=name: self.seen.search_read([], [name]),
                "mapped": lambda name=name: self.seen.mapped(name),
                "export": lambda name=name: self.seen.export_data([name]),
                "domain": lambda name=name: self.seen.search([(name, "!=", False)]),
                "count": lambda name=name: self.seen.search_count([(name, "!=", False)]),
                "group": lambda name=name: self.seen.formatted_read_group([], [name], ["__count"]),
                "order": lambda name=name: self.seen.search([], order=f"{name} desc"),
                "filter": lambda name=name: self.seen.filtered_domain([(name, "!=", False)]),
                "through a line": lambda name=name: self.seen.achievement_ids.search([(f"application_id.{name}", "!=", False)]),
                "through the assessment": lambda name=name: self.env["skill.cert.assessment"]
                .with_user(self.seen.env.user).search([(f"application_id.{name}", "!=", False)]),
            }  # fmt: skip
            for road, step in roads.items():
                with self.subTest(field=name, road=road), self.assertRaises(UserError):
                    step()
                self.env.invalidate_all()

    def test_fields_get_does_not_even_name_them(self):
        self.assertFalse(set(self.SECRET) & set(self.seen.fields_get()))

    def test_the_nominator_and_the_bureau_see_them(self):
        for user in (self.nominator, self.county_officer, self.city_officer):
            self.assertEqual(self.case.with_user(user).id_number, resident_id())

    def test_the_error_about_a_number_does_not_repeat_it(self):
        with self.assertRaises(UserError) as caught:
            self._draft(id_number=resident_id(sequence=903)[:-1] + "A")
        self.assertNotIn(resident_id(sequence=903)[:-1], str(caught.exception))


@tagged("standard", "post_install", "-at_install")
class TestExpertNames(IsolationCase):
    """Nominators learn the result and the reason, and never who sat on the panel or voted."""

    INSIDE = ("review_ids", "review_id", "conflict_ids", "expert_user_ids", "officer_id")

    def test_no_field_of_the_application_leads_a_nominator_to_an_expert(self):
        own = self.case.with_user(self.nominator)
        name = self.experts[0].name
        self._may_export(self.nominator)
        self.env.flush_all()
        for field in self.INSIDE:
            roads = {
                "read": lambda field=field: own.read([field]),
                "domain": lambda field=field: own.search([(field, "!=", False)]),
                "name": lambda field=field: own.search([(f"{field}.display_name", "ilike", name)]),
                "export": lambda field=field: own.export_data([f"{field}/id"]),
                "group": lambda field=field: own.formatted_read_group([], [field], ["__count"]),
            }
            for road, step in roads.items():
                with self.subTest(field=field, road=road), self.assertRaises(UserError):
                    step()
                self.env.invalidate_all()

    def test_nobody_groups_by_users_who_are_none_of_their_business(self):
        self.env.flush_all()
        for model, field in (
            ("skill.cert.bureau", "user_ids"),
            ("res.partner", "nominator_user_ids"),
            ("skill.cert.application", "employer_id.nominator_user_ids"),
            ("res.users", "skill_cert_bureau_ids"),
        ):
            for user in (self.nominator, self.experts[0].user_id):
                with self.subTest(model=model, user=user.name), self.assertRaises(AccessError):
                    self.env[model].with_user(user).formatted_read_group([], [field], ["__count"])

    def test_no_model_of_the_panel_or_the_vote_answers_a_nominator(self):
        for name in (
            "panel",
            "panel.member",
            "review",
            "assessment",
            "expert",
            "conflict",
            "session",
            "motion",
            "session.seat",
            "committee",
        ):
            with self.subTest(model=name), self.assertRaises(AccessError):
                self.env[f"skill.cert.{name}"].with_user(self.nominator).search_count([])

    def test_no_readable_field_of_the_decided_case_names_an_expert(self):
        achievement = self.case.achievement_ids
        achievement.with_user(self.experts[0].user_id).action_verify()
        self._decided()
        people = self.experts | self.meeting.sudo().seat_ids.expert_id
        names = set(people.mapped("name")) | set(people.user_id.mapped("login"))
        self.env.invalidate_all()
        application = self.case.with_user(self.nominator)
        own = [
            application,
            *(
                line
                for name in ("achievement_ids", "material_ids", "history_ids", "certificate_ids")
                for line in application[name]
            ),
        ]
        for record in own:
            text = str(record.read(list(record.fields_get())))
            for name in names:
                self.assertNotIn(name, text, f"{record._name} names {name}")

    def test_the_chatter_and_its_followers_name_no_expert(self):
        expert = self.experts[0].user_id
        seen = self.case.with_user(expert)
        with self.assertRaises(AccessError):
            seen.message_post(body="我是专家。")
        with self.assertRaises(AccessError):
            self.env["mail.message"].with_user(expert).create(
                {"model": seen._name, "res_id": seen.id, "body": "我是专家。", "message_type": "comment"}
            )
        try:
            seen.message_subscribe(expert.partner_id.ids)
        except AccessError:
            self.env.invalidate_all()
        self._decided()
        partners = self.experts.partner_id | self.meeting.sudo().seat_ids.expert_id.partner_id
        followers = self.env["mail.followers"].search([("res_model", "=", seen._name), ("res_id", "=", seen.id)])
        self.assertFalse(followers.partner_id & partners)
        messages = self.env["mail.message"].search([("model", "=", seen._name), ("res_id", "=", seen.id)])
        self.assertFalse(messages.author_id & partners)
        activities = self.env["mail.activity"].search([("res_model", "=", seen._name), ("res_id", "=", seen.id)])
        self.assertFalse(activities.user_id.partner_id & partners)

    def test_a_nominator_and_an_officer_may_write_in_the_chatter(self):
        for user in (self.nominator, self.county_officer):
            self.assertTrue(self.case.with_user(user).message_post(body="请查收。"))

    def test_the_result_is_seen_only_after_the_decision(self):
        self._assess(self.case)
        self.case.action_conclude_assessment()
        own = self.case.with_user(self.nominator)
        session = self._session(self.case)
        session.action_open()
        self._vote(session, 4, 3)
        self.env.invalidate_all()
        self.assertEqual((own.vote_agree, own.vote_base, own.vote_conclusion), (0, 0, False))
        session.action_close()
        self.assertEqual((own.vote_agree, own.vote_against, own.vote_base), (4, 3, 7))


@tagged("standard", "post_install", "-at_install")
class TestConflicts(IsolationCase):
    def test_whoever_declares_a_conflict_loses_the_case_at_once(self):
        user = self.experts[0].user_id
        seen = self.case.with_user(user)
        self.assertTrue(seen.has_access("read"))
        self.env["skill.cert.conflict"].with_user(user).create(
            {"expert_id": self.experts[0].id, "application_id": self.case.id}
        )
        for record in (
            seen,
            self.case.sudo().achievement_ids.with_user(user),
            self.case.sudo().material_ids.with_user(user),
        ):
            self.assertFalse(record.has_access("read"), record._name)
            self.assertFalse(record.search_count([]), record._name)

    def test_a_declaration_is_no_question_about_the_cases_of_others(self):
        expert = self._expert(self.county)
        conflicts = self.env["skill.cert.conflict"].with_user(expert.user_id)
        values = {"expert_id": expert.id, "application_id": self.case.id}
        for create in (
            lambda: conflicts.create(values),
            lambda: conflicts.with_context(default_application_id=self.case.id).create({"expert_id": expert.id}),
        ):
            with self.assertRaises(AccessError):
                create()
        self.assertFalse(conflicts.search([]))

    def test_an_officer_draws_on_the_own_pool_and_the_citys_and_learns_no_other_names(self):
        foreign, of_city = self._expert(self.other_county), self._expert(self.city)
        members = self.env["skill.cert.panel.member"].with_user(self.county_officer)
        draft = self.panel.with_user(self.county_officer).copy({"name": "示例", "member_ids": [], "leader_id": False})
        with self.assertRaises(AccessError):
            members.create({"panel_id": draft.id, "expert_id": foreign.id})
        committee = self._committee(self.county, appoint=False)
        with self.assert_refused(error=AccessError) as caught:
            committee.write({"member_ids": [Command.create({"expert_id": foreign.id, "role": "hr"})]})
        self.assertNotIn(foreign.name, str(caught.exception))
        with self.assertRaises(AccessError):
            self.env["skill.cert.conflict"].with_user(self.county_officer).create(
                {"expert_id": foreign.id, "application_id": self.case.id}
            )
        self.assertTrue(members.create({"panel_id": draft.id, "expert_id": of_city.id}))

    def test_a_declared_conflict_is_not_moved_to_a_case_of_another_county(self):
        foreign = self._submitted(self.other_nominator, id_number=resident_id(sequence=907))
        conflict = self.env["skill.cert.conflict"].search([("expert_id", "=", self.recused.id)])
        with self.assertRaises(UserError):
            conflict.with_user(self.county_officer).write({"application_id": foreign.id})
        self.assertEqual(conflict.application_id, self.case.sudo())

    def test_nobody_declares_for_another(self):
        with self.assertRaises(AccessError):
            self.env["skill.cert.conflict"].with_user(self.experts[0].user_id).create(
                {"expert_id": self.experts[1].id, "application_id": self.case.id}
            )

    def test_an_expert_of_the_same_employer_never_sees_the_case(self):
        expert = self._expert(self.county, employer=self.enterprise)
        panel = self._panel(self.county, experts=expert | self._experts(self.county, 3))
        other = self._accepted(applicant_name="李示例", id_number=resident_id(sequence=903))
        self._start_assessment(other, panel)
        self.assertFalse(other.with_user(expert.user_id).has_access("read"))

    def test_another_expert_cannot_write_an_assessment(self):
        assessments = self.case.sudo().review_id.assessment_ids
        first, second = assessments[:2]
        with self.assertRaises(AccessError):
            first.with_user(second.user_id).write({"verdict": "unqualified"})
        with self.assertRaises(AccessError):
            first.with_user(second.user_id).action_submit()
        self._assess(self.case)
        with self.assert_refused("final"):
            first.with_user(first.user_id).write({"verdict": "unqualified"})

    def test_a_verdict_on_an_achievement_is_for_those_who_check_it(self):
        achievement = self.case.sudo().achievement_ids
        outsiders = (
            self.nominator, self.other_officer, self.city_officer, self.manager, self.recused.user_id,
            self._expert(self.county).user_id,
        )  # fmt: skip
        for user in outsiders:
            for step in ("action_verify", lambda own: own.action_refuse("假的")):
                own = achievement.with_user(user)
                with self.subTest(user=user.name), self.assertRaises(AccessError):
                    getattr(own, step)() if isinstance(step, str) else step(own)
        self.assertEqual(achievement.verified, "claimed")


@tagged("standard", "post_install", "-at_install")
class TestRounds(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.application = self._qualified(level="technician")
        self.application.action_recommend()

    def test_a_county_cannot_act_in_the_citys_round(self):
        county = self.application.with_user(self.county_officer)
        self.assertTrue(county.has_access("read"))
        steps = {
            "start": county.action_start_assessment,
            "revoke": lambda: county.action_revoke("假的"),
            "return": lambda: county.action_return("补充"),
            "panel": lambda: county._assign_panel(self.env["skill.cert.panel"]),
            "officer": lambda: county.write({"officer_id": self.county_officer.id}),
            "verdict": lambda: county.achievement_ids.action_refuse("假的"),
        }
        self._refused(steps, "recommended")
        self._qualify(self.application.with_user(self.city_officer))
        steps = {
            "conclude": county.action_conclude_assessment,
            "recommend": county.action_recommend,
            "certify": county.action_certify,
            "session": lambda: self._session(self.application, self._committee(self.county)),
        }
        session = self._session(self.application.with_user(self.city_officer))
        own = session.with_user(self.county_officer)
        steps |= {"open": own.action_open, "close": own.action_close, "write": lambda: own.write({"place": "示例"})}
        self._refused(steps, "qualified")

    def _refused(self, steps, state):
        for name, step in steps.items():
            with self.subTest(step=name), self.assertRaises(UserError):
                step()
            self.assertEqual(self.application.sudo().state, state)

    def test_the_city_cannot_act_in_a_countys_round(self):
        city = self._submitted(applicant_name="李示例", id_number=resident_id(sequence=903)).with_user(
            self.city_officer
        )
        self.assertTrue(city.has_access("read"))
        for step in (city.action_accept, lambda: city.action_return("补充"), lambda: city.action_revoke("假的")):
            with self.assertRaises(AccessError):
                step()
        self.assertEqual(city.state, "submitted")

    def test_the_county_sees_its_own_round_and_not_the_citys(self):
        reviews = self.env["skill.cert.review"].with_user(self.county_officer)
        self.assertEqual(reviews.search([("application_id", "=", self.application.id)]).bureau_id, self.county)
        seen = reviews.with_user(self.city_officer).search([("application_id", "=", self.application.id)])
        self.assertEqual(seen.bureau_id, self.county | self.city)
