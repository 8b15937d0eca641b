"""What cannot be is refused or told as the policy says, and no amount is rounded on any road (issue 15, no. 10)."""

import io
from datetime import date, timedelta

from openpyxl import Workbook

from odoo.addons.wz_skill_cert import clock
from odoo.addons.wz_skill_cert.models.rules.plausibility import FACTS
from odoo.addons.wz_skill_cert.sheets.sheet_reader import Cell, Unreadable, read_amount
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, patent_number, resident_id
from .test_completeness import JudgementCase

TAGS = ("standard", "post_install", "-at_install")
REFUSED = tuple(fact.key for fact in FACTS if fact.verdict == "refused")
BIRTH = date(1985, 5, 20)


def years_ago(years, days=0):
    today = clock.today()
    return today.replace(year=today.year - years, day=min(today.day, 28)) - timedelta(days=days)


class PlausibleCase(JudgementCase):
    def _prepare(self):
        super()._prepare()
        # A database that was installed before the rows has them by the upgrade.
        self.policy._add_missing_facts()

    def _aged(self, years, days=0, **values):
        born = years_ago(years, days)
        return {"birth_date": born, "id_number": resident_id(born), **values}

    def _line(self, **values):
        return {"history_ids": [Command.create({"date_start": "2005-07-01", "description": "示例", **values})]}

    def _honour(self, **values):
        return {"achievement_ids": [Command.create(self._achievement_vals(self.nominator, "honour", **values))]}

    @property
    def wrong(self):
        """Return {fact: values of a draft in which this one cannot be}."""
        tomorrow = clock.today() + timedelta(days=1)
        young = {"career_start": False, "occupation_start": False, **self._line(date_start=clock.today())}
        return {
            "age_low": self._aged(13, 1, **young),
            "age_high": self._aged(76, 1, career_start="1990-07-01"),
            "age_retired": self._aged(60, 1),
            "career_before_birth": {"career_start": "1985-05-19"},
            "career_too_young": {"career_start": "2001-05-19", **self._line(date_start="2005-07-01")},
            "career_in_future": {"career_start": "2031-07-01", "occupation_start": False},
            "occupation_before_career": {"occupation_start": "2005-06-30"},
            "paper_before_birth": {"title_name": "示例", "title_date": "1985-05-19"},
            "paper_in_future": {"held_level": "中级工（四级）", "held_on": "2050-01-01"},
            "history_in_future": self._line(date_end=tomorrow),
            "history_before_career": self._line(date_start="2005-06-30"),
            "history_ended": self._line(date_end=clock.today() - timedelta(days=1)),
            "qualified_too_young": {"held_on": "2001-05-19"},
            "patent_dates": {
                "achievement_ids": [
                    Command.create(
                        self._achievement_vals(self.nominator, "patent", number=patent_number(7), date="2020-01-01")
                    )
                ]
            },
        }

    def _found(self, draft):
        """Return the facts that are found, whatever their weight."""
        return {fact.key for fact in FACTS if getattr(draft, f"_judge_{fact.key}")(fact.boundary)[2]}


@tagged(*TAGS)
class TestFacts(PlausibleCase):
    def test_each_fact_is_found_and_refused_or_told_by_default(self):
        self.assertEqual(set(self.wrong), {fact.key for fact in FACTS})
        for fact, values in self.wrong.items():
            with self.subTest(fact=fact):
                draft = self._draft(**values)
                self.assertIn(fact, self._found(draft))
                row = self.policy.plausibility_ids.filtered(lambda row, key=fact: row.fact == key)
                _part, _field, sentence = getattr(draft, f"_judge_{fact}")(row.boundary)
                told = draft._submission_defects() if fact in REFUSED else draft._submission_warnings()
                self.assertIn(sentence, told)
                self.assertIn(sentence, draft.warning_text or "" if fact not in REFUSED else sentence)
                draft.unlink()

    def test_what_is_told_is_submitted_and_the_officer_reads_it(self):
        case = self._submitted(**self.wrong["history_ended"])
        self.assertIn("The work history ends", case.warning_text)
        self.assertFalse(case.with_user(self.nominator).warning_text)

    def test_a_fact_is_judged_as_the_policy_says_while_it_is_in_force(self):
        rows = self.policy.plausibility_ids.with_user(self.manager)
        row = rows.filtered(lambda row: row.fact == "occupation_before_career")
        draft = self._draft(**self.wrong["occupation_before_career"])
        sentence = draft._judge_occupation_before_career(0)[2]
        for verdict, errors, warnings in (("refused", 1, 0), ("warned", 0, 1), ("off", 0, 0)):
            with self.subTest(verdict=verdict):
                row.verdict = verdict
                self.env.invalidate_all()
                self.assertEqual(draft._submission_defects().count(sentence), errors)
                self.assertEqual(draft._submission_warnings().count(sentence), warnings)
        draft.action_submit()
        self.assertEqual(draft.state, "submitted")

    def test_the_boundaries_are_the_policys(self):
        for fact, values, right, beyond in (
            ("age_low", self._aged(40, 1), 40, 41),
            ("age_high", self._aged(40, 1), 41, 40),
            ("career_too_young", {"career_start": "2005-07-01"}, 20, 21),
        ):
            with self.subTest(fact=fact):
                row = self.policy.plausibility_ids.filtered(lambda row, key=fact: row.fact == key)
                draft = self._draft(**values)
                for boundary, wrong in ((right, False), (beyond, True)):
                    row.with_user(self.manager).boundary = boundary
                    sentence = getattr(draft, f"_judge_{fact}")(boundary)[2]
                    self.assertEqual(bool(sentence), wrong)
                    self.assertEqual(sentence in draft._submission_defects(), wrong)
                draft.unlink()

    def test_on_the_boundary_it_is_right(self):
        for values in (
            self._aged(16, 0, career_start=False, occupation_start=False, **self._line(date_start=clock.today())),
            {"career_start": "2001-05-20"},
            {"occupation_start": "2005-07-01"},
            {"held_on": clock.today()},
            self._line(date_end=clock.today()),
        ):
            with self.subTest(values=values):
                draft = self._draft(**values)
                self.assertFalse(self._found(draft) & {*REFUSED})
                draft.unlink()

    def test_only_the_manager_sets_them_and_only_what_can_be(self):
        row = self.policy.plausibility_ids[:1]
        for user in (self.nominator, self.county_officer, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                row.with_user(user).verdict = "off"
        for boundary in (0, -1, 121):
            with self.subTest(boundary=boundary), self.assertRaises(ValidationError):
                row.with_user(self.manager).boundary = boundary

    def test_each_policy_has_its_rows_and_a_new_version_keeps_the_managers(self):
        self.assertEqual(set(self.policy.plausibility_ids.mapped("fact")), {fact.key for fact in FACTS})
        self.policy.plausibility_ids[:1].verdict = "off"
        version = self.policy.copy()
        self.assertEqual(version.plausibility_ids.mapped("verdict"), self.policy.plausibility_ids.mapped("verdict"))
        new = self.policy.create({"name": "示例", "code": "示例〔2099〕1号"})
        self.assertEqual(len(new.plausibility_ids), len(FACTS))

    def test_a_deleted_row_reads_as_the_default(self):
        self.policy.plausibility_ids.unlink()
        draft = self._draft(**self.wrong["career_in_future"])
        with self.assert_refused("a day to come"):
            draft.action_submit()

    def test_numbers_below_zero_are_refused(self):
        draft = self._draft()
        for name in (
            "stated_career_years",
            "stated_benefit",
            "employer_assets",
            "employer_sales",
            "employer_headcount",
        ):
            with self.subTest(field=name), self.assert_refused("Cannot be negative", error=ValidationError):
                draft.write({name: -1})


@tagged(*TAGS)
class TestAmounts(SkillCertCase):
    FINE = (29.995, 29.999999, "29.995", 0.001, float("nan"), float("inf"))

    def _breakthrough(self, amount):
        return Command.create(self._achievement_vals(self.nominator, "breakthrough", annual_benefit=amount))

    def test_no_amount_is_rounded_on_any_road(self):
        draft = self._draft()
        applications, line = draft.browse(), draft.achievement_ids[:1]
        unit = self.env["skill.cert.unit.wizard"].with_user(self.nominator)
        criterion = self.policy.copy().condition_ids.criterion_ids[:1]
        roads = {
            "create": lambda amount: applications.create(self._application_vals(stated_benefit=amount)),
            "write": lambda amount: draft.write({"stated_benefit": amount}),
            "line": lambda amount: draft.write({"achievement_ids": [self._breakthrough(amount)]}),
            "line's write": lambda amount: line.write({"annual_benefit": amount}),
            "through the case": lambda amount: draft.write(
                {"achievement_ids": [Command.update(line.id, {"annual_benefit": amount})]}
            ),
            "default": lambda amount: applications.with_context(default_stated_benefit=amount).create(
                self._application_vals()
            ),
            "dialogue": lambda amount: unit.create({"assets": amount}),
            "unit": lambda amount: self.enterprise.write({"enterprise_assets": amount}),
            "policy": lambda amount: criterion.write({"min_benefit": amount}),
            "superuser": lambda amount: draft.sudo().write({"employer_sales": amount}),
            "many at once": lambda amount: applications._copy_rows(None, [{"stated_benefit": amount}]),
        }
        for road, take in roads.items():
            for amount in self.FINE:
                with self.subTest(road=road, amount=amount), self.assert_refused("2 decimals", error=ValidationError):
                    take(amount)

    def test_the_import_of_a_list_refuses_it(self):
        applications = self.env["skill.cert.application"].with_user(self.nominator)
        for amount, taken in (("29.995", False), ("29.99", True)):
            with self.subTest(amount=amount):
                answer = applications.load(["applicant_name", "stated_benefit"], [["张示例", amount]])
                self.assertEqual(bool(answer["ids"]), taken, answer)

    def test_what_a_computer_makes_of_two_decimals_is_taken(self):
        draft = self._draft()
        for amount in (29.99, 0.1 + 0.2, 1e11 + 0.01, 30, "30.5", False, 0):
            with self.subTest(amount=amount):
                draft.write({"stated_benefit": amount})

    def test_a_form_says_so_at_once(self):
        answer = (
            self.env["skill.cert.application"]
            .with_user(self.nominator)
            .onchange({"stated_benefit": 29.995}, ["stated_benefit"], {"stated_benefit": {}})
        )
        self.assertIn("Amounts are not rounded", answer["warning"]["message"])

    def test_a_cell_is_not_rounded_whatever_its_unit(self):
        for typed in (29.995, "29.995", "29.995万元", "299950元", "0.29995万", "29.9999999999"):
            with self.subTest(typed=typed), self.assertRaises(Unreadable):
                read_amount(Cell(typed))
        for typed, amount in ((29.99, 29.99), ("299900元", 29.99), ("0.0030亿", 30), (0.1 + 0.2, 0.3), ("30.00", 30)):
            with self.subTest(typed=typed):
                self.assertEqual(read_amount(Cell(typed)), amount)

    def test_a_workbook_with_such_an_amount_marks_the_cell(self):
        book = Workbook()
        book.active.append(["姓名", "身份证号", "申报职业（工种）", "申报等级", "创经济效益金额（万元）"])
        book.active.append(["张示例", resident_id(), self.electrician.name, "高级工", 29.995])
        stream = io.BytesIO()
        book.save(stream)
        imports = self.env["skill.cert.sheet.import"]
        [person] = imports._people_in(stream.getvalue())
        self.assertIn("四舍五入", person.problems["stated_benefit"])
        self.assertNotIn("stated_benefit", person.values)
