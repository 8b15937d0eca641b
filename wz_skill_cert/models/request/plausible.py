"""Whether the facts of a case can be: each fact of ``FACTS`` (models/rules/plausibility.py) is judged here, by one method.

Form, desk, sheet and submission ask by ``_require_plausible``, a row of REQUIREMENTS.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ... import clock, formats, workflow
from ..platform.enumeration import enumerate_names, field_labels
from .completeness import Requirement

# Numbers that are no number of anything below zero.
COUNTED = (
    "stated_career_years", "stated_benefit", "employer_assets", "employer_sales", "employer_headcount",
)  # fmt: skip


class Application(models.Model):
    _inherit = "skill.cert.application"

    warning_text = fields.Text(
        "To be aware of", compute="_compute_warning_text", help="What the bureau may ask about; it prevents nothing."
    )

    @api.constrains(*COUNTED)
    def _check_counted(self):
        for application in self:
            if below := [name for name in COUNTED if application[name] < 0]:
                raise ValidationError(self.env._("Cannot be negative: %s.", field_labels(self, below)))

    @api.depends("completeness", "user_is_officer")
    @api.depends_context("uid", "lang")
    def _compute_warning_text(self):
        for application in self:
            concerned = application.user_may_edit or application.user_is_officer
            warnings = application._submission_warnings() if concerned else ()
            application.warning_text = "\n".join(warnings) or False

    def _require_plausible(self):
        """Return what of FACTS cannot be, or is to be looked at, as the policy judges it."""
        judged = self.policy_id._judged_facts()
        found = [(verdict, getattr(self, f"_judge_{fact}")(boundary)) for fact, (verdict, boundary) in judged.items()]
        return [
            Requirement(part, field, defect, warning=verdict == "warned")
            for verdict, (part, field, defect) in found
            if defect
        ]

    def _facts_day(self):
        """Return the day of which the facts are told: of the submission, or today's while the case is being written."""
        return clock.today() if workflow.row(self.state).open else clock.day_of(self.submitted_on) or clock.today()

    def _age_on(self, day):
        """Return the age on ``day``; None where one is missing or it lies before birth."""
        age = clock.years_between(self.birth_date, day)
        return age if age is not None and day >= self.birth_date else None

    # ------------------------------------------------------------------ the person

    def _judge_age_low(self, boundary):
        age = clock.years_between(self.birth_date, self._facts_day())
        defect = age is not None and age < boundary
        return (
            "person",
            "birth_date",
            defect and self.env._("By the date of birth the applicant is younger than %s years.", boundary),
        )

    def _judge_age_high(self, boundary):
        age = self._age_on(self._facts_day())
        return (
            "person",
            "birth_date",
            (age or 0) >= boundary
            and self.env._(
                "By the date of birth the applicant is %(age)s years old: too old for an employee (%(boundary)s or older).",
                age=age,
                boundary=boundary,
            ),
        )

    def _judge_age_retired(self, boundary):
        age = self._age_on(self._facts_day())
        return (
            "person",
            "birth_date",
            (age or 0) >= boundary
            and self.env._("The applicant is %s years old: please make sure that the person is still employed.", age),
        )

    # ------------------------------------------------------------------ work

    def _judge_career_before_birth(self, _boundary):
        return self._judge_starts(lambda day: self.birth_date and day < self.birth_date, self.env._("before birth"))

    def _judge_career_in_future(self, _boundary):
        today = self._facts_day()
        return self._judge_starts(lambda day: day > today, self.env._("a day to come"))

    def _judge_starts(self, cannot_be, why):
        """Return the judgement of the two days on which work began, of those that ``cannot_be``, with the word ``why``."""
        found = [name for name in ("career_start", "occupation_start") if self[name] and cannot_be(self[name])]
        return (
            "person",
            (found or ["career_start"])[0],
            found and self.env._("%(fields)s: %(why)s.", fields=field_labels(self, found), why=why),
        )

    def _judge_career_too_young(self, boundary):
        age = self._age_on(self.career_start) if self.career_start else None
        return (
            "person",
            "career_start",
            age is not None
            and age < boundary
            and self.env._(
                "In work since %(day)s, at the age of %(age)s: nobody works below %(boundary)s.",
                day=self.career_start,
                age=age,
                boundary=boundary,
            ),
        )

    def _judge_occupation_before_career(self, _boundary):
        earlier = self.career_start and self.occupation_start and self.occupation_start < self.career_start
        return (
            "person",
            "occupation_start",
            earlier
            and self.env._(
                "In this occupation since %(occupation)s, but in work only since %(career)s.",
                occupation=self.occupation_start,
                career=self.career_start,
            ),
        )

    # ------------------------------------------------------------------ papers and lines

    def _dated(self, *kinds):
        """Return [(part, field, name, day)] of the days that the case states, of the ``kinds`` paper, line and line_end."""
        papers = [
            ("person", "held_on", self.held_level or field_labels(self, ["held_level"]), self.held_on),
            ("person", "title_date", self.title_name or field_labels(self, ["title_name"]), self.title_date),
            *(("achievements", "achievement_ids", found.name, found.date) for found in self.achievement_ids),
        ]
        lines = {
            name: [
                (part, field, line.description, line[name])
                for part, field in (("history", "history_ids"), ("history", "contribution_ids"))
                for line in self[field]
            ]
            for name in ("date_start", "date_end")
        }
        rows = {"paper": papers, "line": lines["date_start"], "line_end": lines["date_end"]}
        return [row for kind in kinds for row in rows[kind] if row[3]]

    def _judge_dated(self, found, sentence):
        """Return the judgement of ``found`` (rows of ``_dated``): where the first is, and ``sentence`` with their names."""
        if not found:
            return "person", "held_on", False
        names = enumerate_names(self.env, [f"{name or ''} ({day})" for _part, _field, name, day in found])
        return *found[0][:2], f"{sentence} {names}"

    def _judge_paper_before_birth(self, _boundary):
        born = self.birth_date
        found = [row for row in self._dated("paper", "line") if born and row[3] < born]
        return self._judge_dated(found, self.env._("Dated before the applicant's birth:"))

    def _judge_paper_in_future(self, _boundary):
        found = [row for row in self._dated("paper") if row[3] > self._facts_day()]
        return self._judge_dated(found, self.env._("Dated on a day to come:"))

    def _judge_history_in_future(self, _boundary):
        found = [row for row in self._dated("line", "line_end") if row[3] > self._facts_day()]
        return self._judge_dated(found, self.env._("Work of a day to come:"))

    def _judge_history_before_career(self, _boundary):
        found = [row for row in self._dated("line") if row[1] == "history_ids"]
        found = [row for row in found if self.career_start and row[3] < self.career_start]
        return self._judge_dated(found, self.env._("The work history begins before being in work:"))

    def _judge_history_ended(self, _boundary):
        ends = self.history_ids.mapped(lambda line: line.date_end or self._facts_day())
        ended = bool(ends) and max(ends) < self._facts_day()
        return (
            "history",
            "history_ids",
            ended
            and self.env._(
                "The work history ends on %s: please make sure that the person is still employed.", max(ends)
            ),
        )

    def _judge_qualified_too_young(self, boundary):
        found = [row for row in self._dated("paper") if row[0] == "person"]
        ages = [(row, self._age_on(row[3])) for row in found]
        young = [row for row, age in ages if age is not None and age < boundary]
        return self._judge_dated(young, self.env._("Held before the age of %s:", boundary))

    def _judge_patent_dates(self, _boundary):
        found = self.achievement_ids.filtered(lambda found: found.kind == "patent" and self._is_patent_early(found))
        return (
            "achievements",
            "achievement_ids",
            found
            and self.env._(
                "Please compare with the paper: the number is of a later year than the patent can be: %s.",
                enumerate_names(self.env, found.mapped("name")),
            ),
        )

    def _is_patent_early(self, patent):
        year = formats.patent_year(patent.number)
        return bool(year) and year > (patent.date or self._facts_day()).year
