"""The annual report: every number is what an independent count says, and every table adds up to the same total."""

import base64
import io
from datetime import date

import openpyxl

from odoo.addons.wz_skill_cert.reports import annual_xlsx as annual
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import SkillCertCase, resident_id

SHEETS = ["按县（市、区）", "按职业（工种）", "按认定条件", "按年龄", "按性别", "按文化程度", "按推荐单位"]
STATES = ("certified", "passed", "rejected", "withdrawn", "revoked", "terminated", "submitted", "review", "returned")


@tagged("standard", "post_install", "-at_install")
class AnnualReportCase(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.year = 2098
        association = cls._association(cls.enterprise)
        cls.association_user = cls._nominator(association)

    def _prepare(self):
        super()._prepare()
        self.cases = self.env["skill.cert.application"].union(
            *(self._case_of(number, state) for number, state in enumerate(STATES))
        )
        self.env.flush_all()

    def _case_of(self, number, state):
        birth = date(1962 + 5 * number, 3, 1)
        user = (self.nominator, self.other_nominator)[number % 2]
        kinds = ("title", "honour", "patent")
        case = self._draft(
            user,
            id_number=resident_id(birth, 901 + number),
            birth_date=birth,
            sex=str(1 if (901 + number) % 2 else 2),
            education=("bachelor", "college", "vocational")[number % 3],
            achievement_ids=[Command.create(self._achievement_vals(user, kinds[number % 3], **self._numbered(number)))],
        )
        case.action_submit()
        case = case.sudo()
        case.state = state
        if number % 4 == 3:
            case.level = "technician"
        return case

    def _numbered(self, number):
        return {} if number % 3 != 2 else {"number": f"ZL20991{number:07d}.{self._check(number)}"}

    def _check(self, number):
        digits = f"20991{number:07d}"
        weights = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]
        return "0123456789X"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]

    def _report(self, user=None, **values):
        reports = self.env["skill.cert.annual.report"].with_user(user or self.city_officer)
        return reports.create({"bureau_id": self.city.id, "year": 2098, **values})

    def _book(self, report):
        report.action_export()
        return openpyxl.load_workbook(io.BytesIO(base64.b64decode(report.content)))

    def _rows_of(self, page):
        """Return {label: [figures]} of a sheet, the last row being the total."""
        rows = {}
        for row in page.iter_rows(min_row=annual.FIRST_ROW + 1, values_only=True):
            rows[row[0]] = list(row[1:])
            if row[0] == "合计":
                break
        return rows

    def _counted(self, column, *joins):
        """Count anew, from the tables themselves: {value: {(level, outcome): number}}."""
        outcome = SQL(
            """CASE WHEN a.state IN ('certified', 'passed', 'rejected', 'withdrawn', 'revoked', 'terminated') THEN a.state::text
                    ELSE 'under_way' END"""
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT %s, a.level, %s, count(*) FROM skill_cert_application a
                   JOIN skill_cert_campaign c ON c.id = a.campaign_id JOIN res_partner p ON p.id = a.nominator_id %s
                   WHERE c.year = 2098 AND a.submitted_on IS NOT NULL GROUP BY 1, 2, 3""",
                SQL(column),
                outcome,
                SQL(" ").join(SQL(join) for join in joins),
            )
        )
        counted = {}
        for value, level, name, number in rows:
            counted.setdefault(value, {})[level, name] = number
        return counted

    def _expected_row(self, numbers):
        figures = []
        for level in ("senior_worker", "technician"):
            names = ("certified", "passed", "rejected", "withdrawn", "revoked", "terminated", "under_way")
            block = [numbers.get((level, name), 0) for name in names]
            figures += [*block, sum(block)]
        return [*figures, sum(numbers.values())]


class TestFigures(AnnualReportCase):
    def test_each_number_is_what_an_independent_count_says(self):
        book = self._book(self._report())
        self.assertEqual(book.sheetnames, SHEETS)
        for name, column, joins in (
            ("按县（市、区）", "b.name", ("JOIN skill_cert_bureau b ON b.id = a.bureau_id",)),
            ("按职业（工种）", "o.name || ' ' || o.code", ("JOIN skill_cert_occupation o ON o.id = a.occupation_id",)),
            ("按性别", "CASE a.sex WHEN '1' THEN '男' ELSE '女' END", ()),
            ("按文化程度", "CASE a.education WHEN 'bachelor' THEN '本科' WHEN 'college' THEN '专科' ELSE '中专/职高/技校' END", ()),
            ("按推荐单位", "CASE p.skill_cert_unit WHEN 'enterprise' THEN '企业' ELSE '行业协会' END", ()),
            (
                "按认定条件",
                "CASE WHEN k.level = 'technician' THEN '技师' ELSE '高级工' END || '第' || k.number || '项条件'",
                ("LEFT JOIN skill_cert_condition k ON k.id = a.condition_id",),
            ),
            (
                "按年龄",
                """CASE WHEN age <= 25 THEN '25岁及以下' WHEN age <= 35 THEN '26—35岁' WHEN age <= 45 THEN '36—45岁'
                        WHEN age <= 55 THEN '46—55岁' ELSE '56岁及以上' END""",
                ("""CROSS JOIN LATERAL (SELECT extract(year FROM age(
                        (a.submitted_on AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date, a.birth_date)) AS age) years""",),
            ),
        ):  # fmt: skip
            with self.subTest(name):
                written, counted = self._rows_of(book[name]), self._counted(column, *joins)
                self.assertTrue(counted)
                for label, numbers in counted.items():
                    self.assertEqual(written[label], self._expected_row(numbers), label)
                empty = [row for label, row in written.items() if label not in counted and label != "合计"]
                self.assertFalse(any(figure for row in empty for figure in row))

    def test_every_table_adds_up_to_the_number_of_applications(self):
        book = self._book(self._report())
        for page in book:
            rows = self._rows_of(page)
            total = rows.pop("合计")
            self.assertEqual(total, [sum(column) for column in zip(*rows.values(), strict=True)], page.title)
            self.assertEqual(total[-1], len(self.cases))
            for row in (*rows.values(), total):
                self.assertEqual(sum(row[:7]), row[7])
                self.assertEqual(sum(row[8:15]), row[15])
                self.assertEqual(row[7] + row[15], row[16])

    def test_what_was_not_filled_in_has_a_row_of_its_own(self):
        self.cases[0].education = False
        rows = self._rows_of(self._book(self._report())["按文化程度"])
        self.assertEqual(rows["未填写"][-1], 1)
        self.assertEqual(rows["合计"][-1], len(self.cases))

    def test_a_county_without_applications_is_there_with_nought(self):
        rows = self._rows_of(self._book(self._report())["按县（市、区）"])
        self.assertEqual(rows["龙港市人力资源和社会保障局"][-1], 0)

    def test_one_campaign_or_the_whole_year(self):
        other = self.campaign.copy({"name": "2098 second"})
        self.cases[0].campaign_id = other
        self.assertEqual(self._total(self._report()), len(self.cases))
        self.assertEqual(self._total(self._report(campaign_id=other.id)), 1)
        self.assertEqual(self._total(self._report(year=2097)), 0)

    def _total(self, report):
        return self._rows_of(self._book(report)["按性别"])["合计"][-1]

    def test_two_policies_keep_their_conditions_apart(self):
        policy = self.policy.copy()
        self.cases[0].condition_id = policy.condition_ids[:1]
        rows = self._rows_of(self._book(self._report())["按认定条件"])
        self.assertEqual(sum(1 for label in rows if policy.code in label), len(policy.condition_ids))
        self.assertEqual(rows["合计"][-1], len(self.cases))


class TestWhoReports(AnnualReportCase):
    def test_a_county_reports_its_own_cases(self):
        report = self._report(self.county_officer, bureau_id=self.county.id)
        rows = self._rows_of(self._book(report)["按县（市、区）"])
        self.assertEqual(set(rows), {self.county.name, "合计"})
        self.assertEqual(rows["合计"][-1], len(self.cases.filtered(lambda case: case.bureau_id == self.county)))

    def test_a_heading_never_says_more_than_the_figures_hold(self):
        for user, bureau in (
            (self.county_officer, self.city),
            (self.county_officer, self.other_county),
            (self._officer(self.city, "county"), self.city),
        ):
            with self.assertRaises(AccessError):
                self._report(user, bureau_id=bureau.id).action_export()

    def test_the_city_reports_one_county_too(self):
        rows = self._rows_of(self._book(self._report(bureau_id=self.other_county.id))["按县（市、区）"])
        self.assertEqual(set(rows), {self.other_county.name, "合计"})

    def test_a_campaign_of_another_city_is_refused(self):
        city = self.env["skill.cert.bureau"].create({"name": "示例市", "code": "999900", "level": "city"})
        campaign = self.campaign.copy({"bureau_id": city.id})
        with self.assert_refused("another city"):
            self._report(campaign_id=campaign.id).action_export()

    def test_nobody_else_reports_and_nobody_reads_anothers_report(self):
        for user in (self.nominator, self.manager, self.plain_user, self._expert(self.county).user_id):
            with self.assertRaises(AccessError):
                self._report(user)
        report = self._report()
        report.action_export()
        with self.assertRaises(AccessError):
            report.with_user(self.county_officer).read(["content"])

    def test_the_default_is_what_the_officer_reads_whole(self):
        reports = self.env["skill.cert.annual.report"]
        self.assertEqual(reports.with_user(self.city_officer).create({}).bureau_id, self.city)
        self.assertEqual(reports.with_user(self.county_officer).create({}).bureau_id, self.county)


class TestPaper(AnnualReportCase):
    def test_every_sheet_prints_on_a4_landscape_with_title_date_and_notes(self):
        book = self._book(self._report())
        for page in book:
            self.assertEqual((page.page_setup.orientation, int(page.page_setup.paperSize)), ("landscape", 9))
            self.assertTrue(page.sheet_properties.pageSetUpPr.fitToPage)
            self.assertEqual(page.page_setup.fitToHeight, 0)
            self.assertEqual(page.print_title_rows, "$3:$4")
            self.assertEqual(page["A1"].value, f"2098年度高技能人才直接认定统计表（{page.title}）")
            texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value]
            self.assertTrue(any(text.startswith("统计日期") for text in texts))
            self.assertTrue(any(text.startswith("统计口径") for text in texts))

    def test_what_somebody_typed_is_text_and_never_a_formula(self):
        for hostile in ("=1+1", "@SUM(A1)", "+1", "-1", "{=1+1}", '=HYPERLINK("http://x")'):
            self.electrician.name = hostile
            self.county.name = hostile
            self.campaign.name = hostile
            book = self._book(self._report(campaign_id=self.campaign.id))
            cells = [
                cell for page in book for row in page.iter_rows() for cell in row if hostile in str(cell.value or "")
            ]
            self.assertGreaterEqual(len(cells), 9)
            self.assertEqual({cell.data_type for cell in cells}, {"s"})
            self.assertFalse(any(cell.hyperlink for cell in cells))

    def test_no_person_is_in_it(self):
        report = self._report()
        book = self._book(report)
        texts = " ".join(str(cell.value) for page in book for row in page.iter_rows() for cell in row)
        for case in self.cases:
            self.assertNotIn(case.applicant_name, texts)
            self.assertNotIn(case.id_number, texts)
        self.assertEqual(report.file_name, "年度统计表-2098.xlsx")

    def test_a_report_of_nothing_has_noughts(self):
        rows = self._rows_of(self._book(self._report(year=2001))["按职业（工种）"])
        self.assertEqual(rows, {"合计": [0] * annual.LAST})
