"""回避: an officer decides nothing about a case in which an expert in the same place would be left out."""

import inspect
import random
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.addons.wz_skill_cert import clock
from odoo.addons.wz_skill_cert.models.keeping.invariants import INVARIANTS
from odoo.addons.wz_skill_cert.models.parties.separate_duties import HOLD_BOTH
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import SkillCertCase
from .test_every_method import ARGUMENTS, LOOKED, NOISE, WRITES
from .test_rights_at_the_step import StepCase

# What an officer writes without a step, of each model.
WRITTEN = {
    "skill.cert.application": [{"assess_place": "示例"}, {"officer_id": False}],
    "skill.cert.material": [{"original_seen": True}, {"officer_remark": "示例"}],
    "skill.cert.panel": [{"application_ids": []}],
    "skill.cert.session": [{"place": "别处"}, {"ends_on": "2099-12-31"}, {"motion_ids": [Command.clear()]}],
    "skill.cert.session.seat": [{"present": False}],
    "skill.cert.objection": [{"ground": "别的"}],
}
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

    def test_who_holds_both_is_found_by_sql_as_by_following_every_implication(self):
        """Two hundred made-up sets of users, groups and implications, written past Odoo's models, which would refuse some."""
        chance, names = random.Random(14), ("group_manager", "group_expert", "group_nominator")
        groups = self.env["res.groups"].union(*map(self._group, names))
        groups |= groups.create([{"name": f"示例{number}"} for number in range(4)])
        users = self._users(5)
        self.env.flush_all()
        for _round in range(200):
            held = {(user, group) for user in users.ids for group in groups.ids if chance.random() < 0.15}
            implied = {(a, b) for a in groups.ids[3:] for b in groups.ids if a != b and chance.random() < 0.15}
            self._compare(users, held, implied, chance.sample(groups.ids, 2))

    def _compare(self, users, held, implied, given):
        [(one, others)] = self.env["res.groups"]._exclusive()
        [invariant] = [invariant for invariant in INVARIANTS if invariant.name == "separate_groups"]
        with self.env.cr.savepoint(flush=False) as savepoint:
            for table, rows in (
                ("res_groups_users_rel (uid, gid)", held),
                ("res_groups_implied_rel (gid, hid)", implied),
            ):
                if rows:
                    self.env.cr.execute_values(f"INSERT INTO {table} VALUES %s", [*rows])
            refused = self.env.execute_query(SQL(HOLD_BOTH, given=given, one=one.ids, others=others.ids))
            reported = self.env.execute_query(invariant.offenders)
            savepoint.rollback()
        both = {
            user: reached
            for user, reached in self._reached(held, implied).items()
            if reached & {*one.ids} and reached & {*others.ids}
        }
        self.assertEqual({uid for [uid] in reported} & {*users.ids}, {*both}, (held, implied))
        # What is given and brings neither of the two is refused to nobody.
        decisive = {
            group for group in given if {*one.ids, *others.ids} & self._reached({(group, group)}, implied)[group]
        }
        expected = {user for user, reached in both.items() if reached & decisive}
        self.assertEqual({uid for [uid] in refused} & {*users.ids}, expected, (held, implied, given))

    def _reached(self, held, implied):
        """Return {user: the groups that the user has, directly or by others}."""
        holding = {}
        for user, group in held:
            reached, new = set(), {group}
            while new:
                reached |= new
                new = {b for a, b in implied if a in reached} - reached
            holding.setdefault(user, set()).update(reached)
        return holding


@tagged("standard", "post_install", "-at_install")
class TestEveryStepInConflict(StepCase):
    """All that an officer can do with whatever hangs on a case, found by looking: a colleague may, and nobody in conflict."""

    takes_long = True
    # What is no step in the case: a conflict is declared, and a dialogue is opened.
    NO_STEP = ("action_step_aside",)

    def setUp(self):
        super().setUp()
        self.policy.publicity_days = 5
        self.other = self._officer(self.county, "county")
        self.case = self._submitted()
        self.case.action_step_aside("表兄弟", "kin")
        self.case = self.case.with_user(self.other)
        self.written = written = set()
        execute, transient = Cursor.execute, {model._table for model in self.env.registry.values() if model._transient}

        def note(cursor, query, *args, **kwargs):
            tables = WRITES.findall(query.code if isinstance(query, SQL) else str(query))
            written.update({*tables} - NOISE - LOOKED - transient)
            return execute(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", note)

    # ------------------------------------------------------------------ what hangs on a case, from submission to certificate

    def _stages(self):
        """Yield (stage, the records that hang on the case), while a colleague leads it on."""
        case = self.case
        yield "submitted", [case, case.achievement_ids, case.material_ids]
        case.action_accept()
        panel = self._panel(self.county).with_user(self.other)
        yield (
            "accepted",
            [case, case.material_ids, self._dialogue("schedule", application_ids=case.ids, assess_on="2099-01-01")],
        )
        yield "panel chosen", [self._dialogue("panel", application_ids=case.ids, panel_id=panel.id)]
        panel.application_ids = [Command.link(case.id)]
        yield "panel", [case, panel, panel.member_ids]
        case.action_start_assessment()
        self._accept_assignments(case)
        yield "assessment", [case, panel, panel.member_ids, case.achievement_ids]
        self._assess(case)
        yield "assessed", [case, panel]
        case.action_conclude_assessment()
        yield "qualified", [case]
        yield from self._vote_stages(case)

    def _vote_stages(self, case):
        session = self._session(self._waiting_for_vote(1)).with_user(self.other)
        session.motion_ids = [Command.create({"application_id": case.id})]
        motion = session.motion_ids.filtered(lambda motion: motion.application_id == case)
        yield "agenda", [session, motion, session.seat_ids]
        session.action_record_declarations()
        yield "declared", [session, motion, session.seat_ids]
        session.action_open()
        yield "vote", [session, motion, session.seat_ids]
        self._vote(session, 7)
        yield "voted", [session]
        session.action_close()
        yield from self._paper_stages()
        yield "passed", [case, session, self._dialogue("publication", session_id=session.id, contact="示例")]
        publication = session._publish(clock.today(), "示例", True)
        objections = self.env["skill.cert.objection"].with_user(self.other)
        objection = objections.create({"application_id": case.id, "ground": "示例", "objector_name": "示例"})
        yield "objection", [case, objection, publication]
        objection.action_dismiss("示例")
        self._end_publicity()
        yield "published", [case, session, publication]
        certificate = case.action_certify().with_user(self.other)
        yield (
            "certified",
            [case, certificate, self._dialogue("replacement", certificate_id=certificate.id, reason="示例")],
        )

    def _paper_stages(self):
        """A vote on paper about another case, whose two counts an officer began who is found to be in conflict then."""
        session = self._session(case := self._waiting_for_vote(1)).with_user(self.other)
        session.voting = "paper"
        session.action_open()
        for officer in (self.county_officer, self.other):
            session.with_user(officer).action_count()
        case.with_user(self.county_officer).action_step_aside("表兄弟", "kin")
        mine, theirs = (
            session.sudo().count_ids.filtered(lambda count, o=o: count.officer_id == o)
            for o in (self.county_officer, self.other)
        )
        yield "count", [session, theirs.line_ids.with_user(self.other)]
        for name, arguments in (("action_complete", []), ("write", [{"line_ids": []}]), ("write", [{"scan_ids": []}])):
            refusal, _written = self._brought_about(mine.with_user(self.county_officer), name, arguments)
            self.assertIn(CONFLICT, str(refusal))

    def _dialogue(self, name, application_ids=None, **values):
        if application_ids:
            values["application_ids"] = [Command.set(application_ids)]
        return self.env[f"skill.cert.{name}.wizard"].with_user(self.other).create(values)

    def _end_publicity(self):
        self.env.flush_all()
        day = clock.today() - timedelta(days=1)
        self.env.cr.execute("UPDATE skill_cert_publication SET first_day = %s, last_day = %s", [day, day])
        self.env.cr.execute("UPDATE skill_cert_application SET publicity_ends_on = %s WHERE publication_id > 0", [day])
        self.env.invalidate_all()

    # ------------------------------------------------------------------ what can be done with it

    def _calls(self, records):
        """Yield (method, arguments): the public steps, and what can be written or deleted without one."""
        for name in self._actions(records._name):
            if name not in self.NO_STEP:
                yield name, self._arguments(records, name)
        for values in WRITTEN.get(records._name, ()):
            yield "write", [values]
        yield "unlink", []

    def _arguments(self, model, name):
        parameters = list(inspect.signature(getattr(type(model), name)).parameters.values())[1:]
        return [ARGUMENTS[parameter.name] for parameter in parameters if parameter.default is parameter.empty]

    def _brought_about(self, records, name, arguments):
        """Return (refusal, the tables written); nothing of it stays."""
        self.env.flush_all()
        self.written.clear()
        try:
            with mute_logger("odoo.sql_db"):
                refusal = self._refusal(records, name, *arguments)
        except IntegrityError as error:
            refusal = error
        return refusal, {*self.written}

    def test_whatever_an_officer_may_do_with_a_case_is_not_done_in_conflict(self):
        steps, wrong = 0, []
        for stage, groups in self._stages():
            for records in groups:
                mine, theirs = records[:1].with_user(self.county_officer), records[:1].with_user(self.other)
                if records._transient:
                    mine = mine.create(theirs.copy_data()[0])
                for name, arguments in self._calls(records):
                    refusal, written = self._brought_about(theirs, name, arguments)
                    if refusal or not written:
                        continue
                    steps += 1
                    refusal, written = self._brought_about(mine, name, arguments)
                    if (not refusal and written) or (refusal and CONFLICT not in str(refusal)):
                        wrong.append(f"{stage}: {mine._name}.{name}{arguments}: {refusal} {written}")
        self.assertFalse(wrong, "\n" + "\n".join(wrong))
        self.assertGreater(steps, 40)


@tagged("standard", "post_install", "-at_install")
class TestTasksOfOfficers(SkillCertCase):
    """Nobody is asked to take a step that 回避 forbids: another officer is, or the manager to enter one."""

    def setUp(self):
        super().setUp()
        self.officer, self.other = self.county_officer, self._officer(self.county, "county")

    def _tasks(self, record):
        return record.sudo().activity_ids

    def _tied(self, *officers):
        """Make these officers witnesses of the draft that is returned."""
        names = "、".join(officer.name for officer in officers)
        draft = self._draft()
        draft.history_ids.witness = names
        return draft

    def test_a_case_is_handed_to_an_officer_without_conflict(self):
        draft = self._tied(self.officer)
        draft.action_submit()
        self.assertEqual(self._tasks(draft).user_id, self.other)
        told = self.env["skill.cert.notification"].search([("res_id", "=", draft.id), ("notice", "=", "submitted")])
        self.assertEqual(told.user_id, self.other)
        self.assertEqual(draft.sudo()._due_with()[0][1], self.other, "reminders, too")

    def test_whoever_steps_aside_hands_the_own_tasks_to_a_colleague(self):
        case = self._submitted()
        [before] = self._tasks(case)
        summary = before.summary
        self.assertEqual(before.user_id, self.officer)
        case.with_user(self.officer).action_step_aside("表兄弟", "kin")
        [after] = self._tasks(case)
        self.assertEqual((after.user_id, after.summary), (self.other, summary))
        self.assertFalse(self._tasks(self.county), "a colleague is left")

    def test_where_no_officer_is_left_the_manager_is_told_to_enter_one_and_of_no_case(self):
        draft = self._tied(self.officer, self.other)
        draft.action_submit()
        self.assertFalse(self._tasks(draft))
        [task] = self._tasks(self.county)
        self.assertIn(self.env.ref("wz_skill_cert.group_manager"), task.user_id.all_group_ids)
        self.assertFalse({draft.name, draft.applicant_name} & {*task.summary.split()})
        own = task.with_user(task.user_id)
        self.assertTrue(own.summary, "the manager reads it")
        self.assertFalse(task.with_user(self.nominator).search([("id", "=", task.id)]))

    def test_the_last_officer_who_steps_aside_leaves_a_task_to_the_manager(self):
        case = self._submitted()
        for officer in (self.officer, self.other):
            case.with_user(officer).action_step_aside("表兄弟", "kin")
        self.assertFalse(self._tasks(case))
        self.assertEqual(len(self._tasks(self.county)), 1)

    def test_as_many_queries_for_forty_cases_as_for_two(self):
        cases, used = self._waiting_for_vote(40).sudo(), []
        for some in (cases[:2], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._officers_without_conflict()
            used.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*used)
