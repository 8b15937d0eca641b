"""The ledger filled from a sheet: Chinese headings, a refusal per row, one evaluation for all of it."""

import csv
import io
from unittest.mock import patch

from odoo.tests import tagged

from .common import patent_number
from .test_prospects import ProspectCase


@tagged("standard", "post_install", "-at_install")
class TestLedgerImport(ProspectCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr.lang = "zh_CN"
        cls.ledger = cls.env["hr.employee.achievement"].with_user(cls.hr).with_context(lang="zh_CN")
        cls.fields = ["employee_id", "type_id", "name", "scope", "grade", "role", "number", "annual_benefit"]

    def _load(self, *rows):
        return self.ledger.load(self.fields, [list(row) for row in rows])

    def _refusal(self, *row):
        result = self._load(row)
        self.assertFalse(result["ids"])
        return result["messages"][0]["message"]

    def test_headings_in_chinese_are_recognised(self):
        labels = self.ledger.fields_get(self.fields, ["string"])
        headings = [labels[name]["string"] for name in self.fields]
        sheet = io.StringIO()
        csv.writer(sheet).writerows([headings, ["示例901", "劳动模范", "市劳动模范", "市级", "", "", "", ""]])
        employee = self._staff_member(sequence=901)
        record = (
            self.env["base_import.import"]
            .with_user(self.hr)
            .with_context(lang="zh_CN")
            .create({"res_model": self.ledger._name, "file": sheet.getvalue().encode(), "file_type": "text/csv"})
        )
        options = {
            "quoting": '"',
            "separator": ",",
            "has_headers": True,
            "encoding": "utf-8",
            "date_format": "",
            "datetime_format": "",
        }
        preview = record.parse_preview(options)
        matches = [preview["matches"].get(index) for index in range(len(headings))]
        self.assertEqual(matches, [[name] for name in self.fields])
        result = record.execute_import(self.fields, headings, options)
        self.assertFalse(result["messages"])
        self.assertEqual(employee.achievement_ids.scope, "2")
        self.assertEqual(employee.eligible_level, "technician")
        self.assertTrue(all("\u4e00" <= heading[0] <= "\u9fff" for heading in headings), headings)

    def test_each_bad_row_is_refused_with_its_reason_and_no_row_is_half_imported(self):
        self._staff_member(sequence=901)
        good = ("示例901", "劳动模范", "市劳动模范", "市级", "", "", "", "")
        self.assertIn("不存在的类型", self._refusal("示例901", "不存在的类型", "x", "市级", "", "", "", ""))
        self.assertIn("级别", self._refusal("示例901", "劳动模范", "x", "", "", "", "", ""))
        wrong = patent_number(1)[:-1] + ("0" if patent_number(1)[-1] != "0" else "1")
        self.assertIn(wrong, self._refusal("示例901", "发明专利", "x", "", "", "主要完成者", wrong, ""))
        breakthrough = self.env.ref("wz_skill_cert.achievement_type_breakthrough").with_context(lang="zh_CN").name
        self.assertIn("不能", self._refusal("示例901", breakthrough, "x", "", "", "主要参与者", "", "-1"))
        result = self._load(good, ("示例901", "劳动模范", "x", "", "", "", "", ""))
        self.assertFalse(result["ids"])
        # Odoo tells first what refused the batch, without its row, then each row's own reason.
        self.assertEqual(result["messages"][-1]["rows"]["from"], 1)
        self.assertFalse([message for message in result["messages"] if "市劳动模范" in message["message"]])
        self.assertFalse(self.ledger.search([("employee_id.name", "=", "示例901")]))

    def test_a_thousand_rows_are_evaluated_once(self):
        employees = [self._staff_member(sequence=sequence) for sequence in range(901, 911)]
        rows = [
            (employee.name, "劳动模范", f"第{number}项", "县级", "", "", "", "")
            for number in range(100)
            for employee in employees
        ]
        policy_class = type(self.env["skill.cert.policy"])
        with patch.object(
            policy_class, "_eligible_levels", autospec=True, side_effect=policy_class._eligible_levels
        ) as evaluated:
            result = self._load(*rows)
            self.env.flush_all()
        self.assertEqual(len(result["ids"]), 1000)
        self.assertEqual(evaluated.call_count, 1)
        self.assertEqual({employee.eligible_level for employee in employees}, {"senior_worker"})


@tagged("standard", "post_install", "-at_install")
class TestQueryBudgets(ProspectCase):
    # The statement alone: its rows carry the rules that word it.
    EXPLANATION = 1

    def _count(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before

    def test_an_explanation_costs_the_same_queries_for_any_number_of_employees_and_achievements(self):
        one = self._staff_member({"kind": "title"}, sequence=901)
        many = one
        for sequence in range(903, 921, 2):
            many += self._staff_member(*[{"kind": "honour", "name": str(n)} for n in range(10)], sequence=sequence)
        self.policy._explain(self.policy._evaluate(one)[one.id])
        for employees in (one, many):
            with self.subTest(len(employees)):
                used = self._count(
                    lambda employees=employees: [
                        self.policy._explain(verdict) for verdict in self.policy._evaluate(employees).values()
                    ]
                )
                self.assertLessEqual(used, self.EXPLANATION)

    def test_opening_the_employee_form_costs_at_most_five_queries_more(self):
        employee = self._staff_member({"kind": "title"}).with_user(self.hr)
        plain = {"name": {}, "job_title": {}}
        ours = {
            "occupation_id": {"fields": {"display_name": {}}},
            "career_start": {},
            "eligible_level": {},
            "application_count": {},
            "eligibility_distance": {},
            "achievement_ids": {"fields": {"type_id": {"fields": {"display_name": {}}}, "name": {}, "scope": {}}},
        }
        employee.web_read({**plain, **ours})
        base = self._count(lambda: employee.web_read(plain))
        full = self._count(lambda: employee.web_read({**plain, **ours}))
        self.assertLessEqual(full - base, 5)
