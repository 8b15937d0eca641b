"""A new state is one row of the table, and its steps: nothing else has to know of it, and no other file lists states."""

import ast
import re
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.addons.wz_skill_cert import clock, workflow
from odoo.addons.wz_skill_cert.workflow import NOMINATOR, OFFICER, HandOver, Keeps, Public, State, Transition
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import SkillCertCase, resident_id
from .notification_common import NotificationCase

ADDON = Path(workflow.__file__).parent
SUSPENDED = State(
    "suspended",
    "Suspended",
    OFFICER,
    "days_to_accept",
    "待核实",
    Public(1, "核实中", "人社部门正在核实材料。", "Suspended", "The bureau looks into the papers."),
    HandOver(OFFICER, NOMINATOR, "accepted"),
    Keeps("returned", ("material_list",)),
    tone="warning",
    main_path=True,
    checkable=True,
    reasoned=True,
    on_bar=True,
)


class MadeUpStateCase(NotificationCase):
    """The table with one row more, and what an upgrade makes of it: the fields that offer its labels."""

    def setUp(self):
        super().setUp()
        self.nominator.lang = self.county_officer.lang = "en_US"
        before = workflow.labels()
        place = [state.key for state in workflow.STATES].index("accepted")
        rows = (*workflow.STATES[:place], SUSPENDED, *workflow.STATES[place:])
        self.startPatcher(patch.object(workflow, "STATES", rows))
        steps = (
            Transition(("submitted",), "suspended", OFFICER),
            Transition(("suspended",), "accepted", OFFICER),
        )
        self.startPatcher(patch.object(workflow, "TRANSITIONS", (*workflow.TRANSITIONS, *steps)))
        self._offer_labels([field for field in self._selections() if field.selection == before])
        self.case = self._submitted(level="technician", id_number=resident_id(sequence=951))
        self._told()

    def _selections(self):
        models = self.env.registry.values()
        return [field for model in models for field in model._fields.values() if field.type == "selection"]

    def _offer_labels(self, fields):
        self.assertIn(("skill.cert.application", "state"), [(field.model_name, field.name) for field in fields])
        for field in fields:
            self.startPatcher(patch.object(field, "selection", workflow.labels()))
            self.startPatcher(patch.object(field, "_selection", dict(workflow.labels())))
            self.env.cr.execute(
                """INSERT INTO ir_model_fields_selection (field_id, value, name, sequence)
                   SELECT id, %s, jsonb_build_object('en_US', %s), 2 FROM ir_model_fields WHERE model = %s AND name = %s""",
                (SUSPENDED.key, SUSPENDED.label, field.model_name, field.name),
            )
        self.env.registry.clear_all_caches()
        self.addCleanup(self.env.registry.clear_all_caches)

    def _suspend(self):
        self.case.with_user(self.county_officer)._move("suspended", reason="请补充说明。")
        return self.case

    def _found(self, domain, user=None):
        return self.env["skill.cert.application"].with_user(user or self.county_officer).search(domain)


@tagged("standard", "post_install", "-at_install")
class TestMadeUpState(MadeUpStateCase):
    def test_the_case_comes_there_and_away_by_its_steps_alone(self):
        draft, accepted = self._draft(), self._accepted(id_number=resident_id(sequence=953))
        for case, user in ((draft, self.nominator), (accepted, self.county_officer)):
            with self.assert_refused("cannot become “Suspended”"):
                case.with_user(user)._move("suspended")
        self._suspend()
        self.assertEqual(self.case.state, "suspended")
        with self.assert_refused("in state “Suspended”"):
            self.case.action_return("补充")
        self.case.action_accept()
        self.assertEqual(self.case.state, "accepted")

    def test_only_its_party_takes_the_step(self):
        self.assertEqual(
            self.case.user_steps, ["returned", "accepted", "submitted", "terminated", "revoked", "suspended"]
        )
        self.assertEqual(self._suspend().user_steps, ["accepted"])
        self.assertFalse(self.case.with_user(self.nominator).user_steps)

    def test_it_has_its_days_its_turn_and_whoever_has_the_case(self):
        self._suspend()
        last_day = self.env["skill.cert.policy"]._working_day_after(clock.today(), self.policy.days_to_accept)
        self.assertEqual((self.case.sudo().term_on, self.case.due_on), (last_day, last_day))
        self.assertEqual((self.case.waiting_for, self.case.waiting_with), (OFFICER, self.county.name))

    def test_it_leaves_a_task_and_news_with_those_whom_its_row_names(self):
        self._suspend()
        task = self.case.sudo().activity_ids
        self.assertEqual((task.user_id, task.summary), (self.county_officer, "Suspended"))
        self.assertEqual(task.date_deadline, self.case.due_on)
        self.assertEqual(self._told(), {self.nominator: ["accepted"]})
        self.case.action_accept()
        self.assertNotIn("Suspended", self.case.sudo().activity_ids.mapped("summary"))

    def test_the_course_of_the_case_shows_it_and_goes_on_where_it_was_left(self):
        timeline = self._suspend().with_user(self.nominator).timeline
        self.assertEqual(
            {name: timeline["now"][name] for name in ("holder", "next")},
            {"holder": self.county.name, "next": "Accepted"},
        )
        steps = [(step["state"], step["kind"]) for step in timeline["steps"]]
        self.assertEqual(steps[:3], [("draft", "done"), ("submitted", "done"), ("suspended", "current")])
        self.assertEqual([state for state, _kind in steps[3:]], list(workflow.COUNTY_ROUND[1:]))
        self.assertEqual(timeline["steps"][2]["label"], "Suspended")

    def test_the_public_page_answers_with_its_words(self):
        self._suspend()
        kind, answer = self.env["skill.cert.case.check"]._answer(
            self.case.name, self.case.sudo().id_number[-4:], "203.0.113.77"
        )
        self.assertEqual((kind, answer["status"]), ("found", SUSPENDED.public))

    def test_the_nominators_desk_counts_it_as_at_the_bureau(self):
        self._suspend()
        seen = self.env["skill.cert.desk"].with_user(self.nominator).overview()
        self.assertEqual(seen["states"], {"suspended": 1})
        self.assertIn({"state": "suspended", "name": "Suspended"}, seen["waiting"])
        self.assertNotIn("suspended", (*seen["open_states"], *seen["decided_states"]))

    def test_the_members_progress_counts_it_as_at_the_bureau(self):
        association = self._association(self.enterprise)
        secretary = self._nominator(association)
        case = self._submitted(secretary, employer_id=self.enterprise.id)
        case._move("suspended", reason="请补充说明。")
        membership = self.env["skill.cert.membership"].with_user(secretary).search([])
        counts = ("draft_count", "returned_count", "waiting_count", "certified_count", "ended_count")
        self.assertEqual([membership[name] for name in counts], [0, 0, 1, 0, 0])

    def test_it_is_on_the_officers_desk_and_in_the_daily_overview(self):
        self._suspend().sudo().term_on = clock.today() - timedelta(days=3)
        self.env.flush_all()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_application_inbox")
        self.assertEqual(
            self._found(safe_eval(action["domain"], {"uid": self.county_officer.id})), self.case, "in the inbox"
        )
        rows = self.env["skill.cert.notification.mail"]._overview_of(self.county_officer)
        [late] = [row for row in rows if row["key"] == "late"]
        self.assertEqual((late["count"], late["steps"]), (1, [["待核实", 1]]))

    def test_a_board_has_its_column_in_the_order_of_the_table(self):
        cases = self.env["skill.cert.application"]
        shown = cases._expand_states([], Domain.TRUE)
        self.assertEqual(shown[:4], ["draft", "submitted", "suspended", "accepted"])
        self._suspend()
        columns = dict(cases.with_user(self.county_officer)._read_group([], ["state"], ["__count"]))
        self.assertEqual(columns, {"suspended": 1})
        narrowed = cases._expand_states(["suspended"], Domain("state", "=", "suspended"))
        self.assertEqual(narrowed, ["suspended"])

    def test_its_flags_are_those_of_the_row_and_are_searched_for(self):
        self._suspend()
        names = ("is_on_desk", "is_checkable", "is_reasoned")
        others = ("is_open", "is_new", "awaits_panel", "is_planned", "is_published", "is_dropped")
        for name in (*names, *others):
            with self.subTest(flag=name):
                self.assertEqual(self.case[name], name in names)
                self.assertEqual(self._found([(name, "=", name in names)]), self.case)
                self.assertFalse(self._found([(name, "=", name not in names)]))
        self.assertEqual(self.case.state_tone, "warning", "as on a summary sheet")

    def test_the_bar_of_states_shows_it(self):
        arch = self.env["skill.cert.application"].get_view(view_type="form")["arch"]
        self.assertRegex(arch, r'statusbar_visible="[^"]*submitted,suspended,accepted')

    def test_what_its_row_opens_is_open_and_all_else_is_closed(self):
        self._suspend()
        self.case.material_ids[0].original_seen = True
        for step in (
            lambda: self.case.with_user(self.nominator).write({"summary": "新"}),
            lambda: self.case.with_user(self.nominator).action_upload_scan("eA=="),
            lambda: self.case.write({"assess_place": "示例"}),
            self.case.achievement_ids.action_verify,
        ):
            with self.assert_refused():
                step()

    def test_the_statistics_count_it_as_under_way(self):
        self._suspend()
        self.env.flush_all()
        row = self.env["skill.cert.statistics"].search([("campaign_id", "=", self.campaign.id)])
        self.assertEqual((row.state, row.outcome), ("suspended", "6_under_way"))

    def test_its_forms_are_kept_and_bound_in_the_dossier(self):
        self._suspend()
        kept = self.case.sudo().paper_ids.sorted("id")
        self.assertEqual(kept.mapped("form"), ["application_form", "material_list", "material_list"])
        self.assertTrue(kept[-1].frozen_on)
        self.assertEqual(
            self.case._counted_at("material_list")[0], "submitted", "the form that counts is the one reported"
        )
        entries = self.env["report.wz_skill_cert.dossier"].with_user(self.county_officer)._forms(self.case)
        self.assertEqual(len(entries), 3)

    def test_the_persons_place_is_taken(self):
        self._suspend()
        taken = self._found(self.case._taken_domain(self.campaign))
        self.assertEqual(taken, self.case)
        twin = self._draft(level="technician", id_number=resident_id(sequence=951))
        self.assertTrue(twin.own_place_defect)

    def test_while_a_case_is_there_nothing_is_erased(self):
        self._suspend()
        self.campaign.write({"date_open": "2000-01-01", "date_close": clock.today() - relativedelta(years=6)})
        data_officer = self._user("group_data_officer")
        with self.assert_refused("1 cases are not decided yet"):
            self.env["skill.cert.erasure"].with_user(data_officer).create({"campaign_id": self.campaign.id})

    def test_no_rule_is_broken_by_it(self):
        self._suspend()
        self.assertEqual(self.env["skill.cert.invariant.check"]._find(), {})

    def test_from_there_on_the_case_goes_its_way_to_the_end(self):
        case = self._submitted(id_number=resident_id(sequence=955))
        case._move("suspended", reason="请补充说明。")
        case.action_accept()
        self._qualify(case)
        self._decide(case)
        case.action_certify()
        states = case.sudo().step_ids.mapped("state")
        self.assertEqual(states, ["submitted", "suspended", *workflow.ONE_ROUND[1:]])
        self.assertEqual(self.env["skill.cert.invariant.check"]._find(), {})


# ------------------------------------------------------------------ no other file lists states

LISTED = re.compile(r"""[\[(]\s*(['"]\w+['"](?:\s*,\s*['"]\w+['"])+),?\s*[\])]""")
OPERAND = re.compile(r"""(\w+)['"]?[\s,]*['"]?(?:not )?in['"]?[\s,]*$""", re.IGNORECASE)
# The round has outcomes of its own, which are called as the states that follow from them.
OTHER_FIELDS = {"outcome"}
# Others have states that are called the same.
OTHERS = {
    ("models/assessment/assessment.py", ("draft", "submitted")): "of an assessment",
    ("views/assessment_views.xml", ("draft", "submitted")): "of an assessment",
    ("static/src/evidence_viewer/case_form.js", ("draft", "submitted")): "of an assessment",
}


def listed_in_python(source):
    """Yield each literal list of texts: in a tuple, list, set, the keys of a dict, or a query's IN (…)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Tuple, ast.List, ast.Set, ast.Dict)):
            elements = node.keys if isinstance(node, ast.Dict) else node.elts
            if all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in elements):
                yield tuple(one.value for one in elements)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from listed_in_text(node.value)


def listed_in_text(text):
    for found in LISTED.finditer(text):
        operand = OPERAND.search(text, max(0, found.start() - 60), found.start())
        if not operand or operand[1] not in OTHER_FIELDS:
            yield tuple(re.findall(r"\w+", found[1]))


def lists_of_states(root):
    """Yield (file, states) for each list of two or more texts that are all states of the application."""
    known = {state.key for state in workflow.STATES}
    for path in sorted(root.rglob("*")):
        where = path.relative_to(root)
        if where.parts[0] == "migrations" or "tests" in where.parts or where.name == "workflow.py":
            continue
        if path.suffix in (".py", ".xml", ".js"):
            source = path.read_text(encoding="utf-8")
            for texts in listed_in_python(source) if path.suffix == ".py" else listed_in_text(source):
                if len(texts) > 1 and set(texts) <= known:
                    yield where.as_posix(), texts


@tagged("standard", "post_install", "-at_install")
class TestOneTable(SkillCertCase):
    def test_no_program_view_or_script_lists_states_of_the_application(self):
        self.assertEqual(set(lists_of_states(ADDON)), set(OTHERS))

    def test_a_list_is_found_however_it_is_written(self):
        for source in (
            "x = state in ('draft', 'returned')",
            'x = {"draft", "returned"}',
            'x = ["draft",\n "returned"]',
            "x = {'draft': 1, 'returned': 2}.get(state)",
            "x = SQL(\"SELECT 1 FROM t a WHERE a.state NOT IN ('draft', 'returned')\")",
        ):
            with self.subTest(source):
                self.assertIn(("draft", "returned"), listed_in_python(source))
        for source in (
            """invisible="state not in ('draft', 'returned')\"""",
            """domain="[('state', 'in', ['draft', 'returned'])]\"""",
            """["draft", "returned"].includes(record.data.state)""",
            """number('draft', 'returned')""",
            """domain="[('application_id.state', 'not in', ('draft', 'returned'))]\"""",
        ):
            with self.subTest(source):
                self.assertEqual(list(listed_in_text(source)), [("draft", "returned")])
        self.assertEqual(list(listed_in_text("outcome in ('rejected', 'revoked')")), [])
