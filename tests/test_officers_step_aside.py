"""回避: an officer decides nothing about a case in which an expert in the same place would be left out."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase

CONFLICT = "has a conflict of interest"


@tagged("standard", "post_install", "-at_install")
class TestOfficers(SkillCertCase):
    def setUp(self):
        super().setUp()
        self.association = self._association(self.enterprise)
        self.case = self._submitted()
        self.officer, self.other = self.county_officer, self._officer(self.county, "county")
        self.own = self.case.with_user(self.officer)

    def _ties(self):
        """Yield (name, tie, untie) of each fact by which an officer is in conflict with the case."""
        user, partner, case = self.officer, self.officer.partner_id, self.case.sudo()
        expert = self.env["skill.cert.expert"]
        before = {"name": user.name, "contact": case.contact_name, "witness": case.history_ids.witness}

        def employ(company):
            return lambda: self._employee("职工示例", user_id=user.id, company_id=company.id)

        company = self.env["res.company"].create({"name": "示例厂（虚构）", "partner_id": self.enterprise.id})
        yield (
            "contact of the unit",
            lambda: partner.write({"parent_id": self.enterprise.id}),
            lambda: partner.write({"parent_id": False}),
        )
        department = self.env["res.partner"].create({"name": "示例车间", "parent_id": self.enterprise.id})
        yield (
            "contact of a department of the unit",
            lambda: partner.write({"parent_id": department.id}),
            lambda: partner.write({"parent_id": False}),
        )
        yield (
            "staff of the unit",
            employ(company),
            lambda: self.env["hr.employee"].search([("user_id", "=", user.id)]).unlink(),
        )
        yield (
            "witness",
            lambda: case.history_ids.write({"witness": f"（{user.name}）"}),
            lambda: case.history_ids.write({"witness": before["witness"]}),
        )
        yield (
            "applicant",
            lambda: user.write({"name": case.applicant_name}),
            lambda: user.write({"name": before["name"]}),
        )
        yield (
            "contact",
            lambda: case.write({"contact_name": user.name}),
            lambda: case.write({"contact_name": before["contact"]}),
        )
        yield (
            "employer in the pool",
            lambda: expert.create({"partner_id": partner.id, "user_id": user.id, "qualification": "senior_engineer",
                                   "bureau_id": self.county.id, "employer_id": self.enterprise.id}),
            lambda: expert.search([("user_id", "=", user.id)]).unlink(),
        )  # fmt: skip
        archived = {"user_id": user.id, "active": False}
        yield (
            "staff that has left the unit",
            lambda: self._employee("职工示例", company_id=company.id, **archived),
            lambda: (
                self.env["hr.employee"].with_context(active_test=False).search([("user_id", "=", user.id)]).unlink()
            ),
        )
        yield (
            "employer in the pool, which the expert has left",
            lambda: expert.create({"partner_id": partner.id, "qualification": "senior_engineer", **archived,
                                   "bureau_id": self.county.id, "employer_id": self.enterprise.id}),
            lambda: expert.with_context(active_test=False).search([("user_id", "=", user.id)]).unlink(),
        )  # fmt: skip

    def test_each_tie_by_which_an_expert_is_left_out_leaves_out_an_officer(self):
        for name, tie, untie in self._ties():
            with self.subTest(tie=name):
                self.assertFalse(self.own._officer_conflict())
                tie()
                with self.assert_refused(CONFLICT, "Another officer", error=AccessError):
                    self.own.action_accept()
                untie()
        self.assertFalse(self.own._officer_conflict())
        self.own.action_accept()

    def test_whoever_nominates_for_the_unit_of_another_bureau_decides_nothing_of_it(self):
        self.env.flush_all()
        # A unit of the other county; at the city its case is handled by the city's officer, who nominates for it.
        self.other_enterprise.nominator_user_ids = [Command.link(self.city_officer.id)]
        self.assertEqual(
            self.city_officer._conflict_reasons(self._case_of_the_other_unit()), {self.foreign: {"officer"}}
        )

    def _case_of_the_other_unit(self):
        self.foreign = self._waiting_for_vote(1, self.other_county)
        self.foreign.sudo().write({"nominator_id": self.other_enterprise.id, "employer_id": self.other_enterprise.id})
        return self.foreign

    def test_no_step_of_an_officer_is_taken_in_conflict(self):
        """Each step is refused to the one who stepped aside and taken by a colleague."""
        for name, step in self._steps():
            with self.subTest(step=name), self.assertRaises(UserError) as caught:
                step(self.own)
            if CONFLICT not in str(caught.exception):
                self.fail(f"{name}: {caught.exception}")

    def _steps(self):
        self.own.action_step_aside("表兄弟", "kin")
        yield "accept", lambda case: case.action_accept()
        yield "return", lambda case: case.action_return("示例")
        yield "revoke", lambda case: case.action_revoke("示例")
        yield "verify", lambda case: case.achievement_ids.action_verify()
        yield "refuse", lambda case: case.achievement_ids[0].action_refuse("示例")
        yield "tick", lambda case: case.material_ids[0].write({"original_seen": True})
        yield "plan", lambda case: case.write({"assess_place": "示例"})
        yield "take", lambda case: case.write({"officer_id": self.officer.id})
        case = self.case.with_user(self.other)
        case.action_accept()
        panel = self._panel(self.county)
        yield "panel", lambda case: panel.with_user(self.officer).write({"application_ids": [Command.link(case.id)]})
        panel.with_user(self.other).application_ids = [Command.link(case.id)]
        yield "start", lambda case: case.action_start_assessment()
        case.action_start_assessment()
        self._accept_assignments(case)
        yield "invite", lambda case: case.action_invite_members()
        self._assess(case)
        yield "conclude", lambda case: case.action_conclude_assessment()
        yield "panel's results", lambda case: panel.with_user(self.officer).action_conclude()
        case.action_conclude_assessment()
        session = self._session(self._waiting_for_vote(1)).with_user(self.other)
        session.motion_ids = [Command.create({"application_id": case.id})]
        session.action_record_declarations()
        yield "put off", lambda case: session.motion_ids.with_user(self.officer).action_put_off("示例")
        yield "open", lambda case: session.with_user(self.officer).action_open()
        session.action_open()
        self._vote(session, 7)
        yield "close", lambda case: session.with_user(self.officer).action_close()
        session.action_close()
        yield "certify", lambda case: case.action_certify()
        case.action_certify()
        self.assertEqual(case.state, "certified", "the colleague takes every step")

    def test_an_officer_steps_aside_for_good_and_for_nobody_else(self):
        self.own.officer_id = self.officer
        for note, kind in (("", "kin"), ("  ", "kin"), ("示例", "time")):
            with self.assert_refused("Please say which"):
                self.own.action_step_aside(note, kind)
        self.own.action_step_aside("表兄弟")
        [conflict] = self.case.sudo().conflict_ids
        self.assertEqual((conflict.user_id, conflict.kind, conflict.note), (self.officer, "kin", "表兄弟"))
        self.assertFalse(self.case.sudo().officer_id)
        for step in (
            lambda: conflict.with_user(self.officer).write({"user_id": self.other.id}),
            lambda: conflict.with_user(self.officer).unlink(),
            lambda: self.env["skill.cert.conflict"].with_user(self.officer).create(
                {"application_id": self.case.id, "user_id": self.other.id, "kind": "kin"}
            ),
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                step()
        for user in (self.nominator, self.other_officer, self.manager, self._expert(self.county).user_id):
            with self.assertRaises(AccessError):
                self.case.with_user(user).action_step_aside("示例")
        self.assertTrue(
            self.env["skill.cert.trail"].sudo().search([("event", "=", "conflict"), ("res_id", "=", conflict.id)])
        )

    def test_the_refusal_says_which_conflict_it_is_and_no_other(self):
        self.own.action_step_aside("表兄弟")
        with self.assertRaises(AccessError) as caught:
            self.own.action_accept()
        labels = self.env["skill.cert.expert"]._conflict_labels()
        self.assertEqual([reason for reason in labels if labels[reason] in str(caught.exception)], ["kin"])

    def test_who_steps_aside_leaves_the_colleague_in_charge(self):
        self.own.officer_id = self.other
        self.own.action_step_aside("表兄弟")
        self.assertEqual(self.case.sudo().officer_id, self.other)

    def test_a_conflict_is_that_of_one_user(self):
        with self.assertRaises(ValueError):
            (self.officer | self.other)._conflict_reasons(self.case)

    def test_as_many_queries_for_forty_cases_as_for_two(self):
        cases, used = self._waiting_for_vote(40).sudo(), []
        for some in (cases[:2], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.officer._conflict_reasons(some)
            used.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*used)

    def test_the_officer_in_charge_is_one_of_the_bureau_that_handles_the_case(self):
        for user in (self.other_officer, self.city_officer, self.nominator, self.manager):
            with self.subTest(user=user.name), self.assert_refused("only an officer of", error=ValidationError):
                self.own.officer_id = user
        self.own.officer_id = self.other
        self.assertEqual(self.case.sudo().officer_id, self.other)


@tagged("standard", "post_install", "-at_install")
class TestSeparateDuties(SkillCertCase):
    """On whatever road groups are given: users, groups, implied groups, archived users that come back."""

    PAIRS = (
        ("group_manager", "group_county_officer"),
        ("group_manager", "group_city_officer"),
        ("group_manager", "group_expert"),
    )

    def _group(self, name):
        return self.env.ref(f"wz_skill_cert.{name}")

    def _roads(self, one, other):
        """Yield the roads on which a user who has ``one`` is given ``other``."""
        yield lambda: self._user(one, other)
        yield lambda: self._user(one).write({"group_ids": [Command.link(self._group(other).id)]})
        yield lambda: self._group(other).write({"user_ids": [Command.link(self._user(one).id)]})
        yield lambda: self._by_implication(one, other)
        yield lambda: self._implied_later(one, other)

    def _by_implication(self, one, other):
        both = self.env["res.groups"].create({"name": "示例", "implied_ids": [Command.link(self._group(other).id)]})
        self._user(one).group_ids = [Command.link(both.id)]

    def _implied_later(self, one, other):
        both = self.env["res.groups"].create({"name": "示例"})
        self._user(one).group_ids = [Command.link(both.id)]
        both.implied_ids = [Command.link(self._group(other).id)]

    def test_a_manager_is_no_officer_and_no_expert_on_any_road(self):
        for pair in self.PAIRS:
            for one, other in (pair, pair[::-1]):
                for number, road in enumerate(self._roads(one, other)):
                    with (
                        self.subTest(one=one, other=other, road=number),
                        self.assert_refused("at once", error=ValidationError),
                    ):
                        road()

    def test_what_does_not_exclude_each_other_is_given(self):
        for names in (
            ("group_expert", "group_county_officer"),
            ("group_nominator", "group_expert"),
            ("group_manager", "group_data_officer"),
        ):
            self.assertTrue(self._user(*names))

    def test_nobody_nominates_to_the_own_bureau(self):
        officer, nominator = self.county_officer, self.nominator
        foreign = self._unit("温州示例丙有限公司（虚构）", bureau=self.other_county)
        foreign.nominator_user_ids = [Command.link(officer.id)]
        roads = (
            lambda: self.enterprise.write({"nominator_user_ids": [Command.link(officer.id)]}),
            lambda: officer.write({"nominator_unit_ids": [Command.link(self.enterprise.id)]}),
            lambda: self.county.write({"user_ids": [Command.link(nominator.id)]}),
            lambda: nominator.write({"skill_cert_bureau_ids": [Command.link(self.county.id)]}),
            lambda: foreign.write({"skill_cert_bureau_id": self.county.id}),
        )
        for number, road in enumerate(roads):
            with self.subTest(road=number), self.assert_refused("reports to it", error=ValidationError):
                road()

    def test_whoever_had_both_comes_back_with_neither(self):
        both = self._user("group_manager")
        both.active = False
        both.group_ids = [Command.link(self._group("group_county_officer").id)]
        with self.assert_refused("at once", error=ValidationError):
            both.active = True
