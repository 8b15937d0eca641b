import csv
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import file_open

from ... import clock
from ...workflow import follow

# The State Council announces a year's schedule in October or November of the year before.
ANNOUNCED_IN = 11
NOON = time(12, tzinfo=clock.CHINA)
OFF, WORK = "off", "work"
KINDS = [(OFF, "Days off"), (WORK, "Working days")]
# Longer than the longest holiday there was: a wrong year, rather.
LONGEST = 31


class Holiday(models.Model):
    """A row of the State Council's yearly schedule (节假日安排): days off, or days of a weekend on which offices work (调休).

    Shipped for the years that were announced; a manager corrects them and enters new ones. Terms count by them.
    """

    _name = "skill.cert.holiday"
    _description = "Holidays and working weekends"
    _order = "first_day desc"

    name = fields.Char("Holiday", required=True)
    kind = fields.Selection(KINDS, required=True, default=OFF)
    first_day = fields.Date(required=True, index=True)
    last_day = fields.Date(required=True, compute="_compute_last_day", precompute=True, store=True, readonly=False)
    days = fields.Integer(compute="_compute_days")
    source = fields.Char(help="The announcement, or the package and version from which it was taken.")

    _in_order = models.Constraint(
        f"CHECK (last_day BETWEEN first_day AND first_day + {LONGEST - 1})",
        f"The last day lies before the first, or more than {LONGEST} days on.",
    )

    @api.depends("first_day")
    def _compute_last_day(self):
        for holiday in self:
            if not holiday.last_day or (holiday.first_day and holiday.last_day < holiday.first_day):
                holiday.last_day = holiday.first_day

    @api.depends("first_day", "last_day")
    def _compute_days(self):
        for holiday in self:
            known = holiday.first_day and holiday.last_day
            holiday.days = (holiday.last_day - holiday.first_day).days + 1 if known else 0

    @api.constrains("first_day", "last_day")
    def _check_told_once(self):
        """Refuse a day that two rows name: each may say otherwise of it."""
        first, last = min(self.mapped("first_day")), max(self.mapped("last_day"))
        rows = self.search([("first_day", "<=", last), ("last_day", ">=", first)], order="first_day")
        for earlier, later in pairwise(rows):
            if later.first_day <= earlier.last_day:
                raise ValidationError(
                    self.env._(
                        "%(day)s is named twice: by %(earlier)s and by %(later)s.",
                        day=later.first_day,
                        earlier=earlier.name,
                        later=later.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create; a term that is under way and would end on a day off ends after it."""
        holidays = super().create(vals_list)
        follow(holidays, "announce")
        return holidays

    def write(self, vals):
        """Write; see ``create``."""
        result = super().write(vals)
        follow(self, "announce")
        return result

    def _dates(self):
        """Return {date: kind} of all days of these rows."""
        return {row.first_day + timedelta(days=number): row.kind for row in self for number in range(row.days)}

    # ------------------------------------------------------------------ terms

    @api.model
    def _working_day_after(self, day, days):
        """Return the ``days``-th working day after the date ``day``, which itself does not count (民法典 art. 201).

        A day is a whole civil day in China. It is a working day, or is none, as the schedule says; of other days, Monday
        to Friday are, but for closures of the office itself, which Odoo keeps with the main company's calendar.
        """
        if days <= 0:
            return day
        # sudo: the schedule is public, and closures are no secret; only a date leaves here.
        book = self.sudo()
        schedule = book.search([("last_day", ">", day)])._dates()
        closed = dict.fromkeys(book._closures(day), OFF)
        while days > 0:
            day += timedelta(days=1)
            days -= self._is_working(day, schedule.get(day) or closed.get(day))
        return day

    @api.model
    def _is_working(self, day, kind):
        return kind == WORK or (not kind and day.weekday() < 5)

    @api.model
    def _closures(self, day):
        """Yield the days after the date ``day`` on which the main company's offices are closed at noon in China."""
        company = self.env.ref("base.main_company")
        leaves = self.env["resource.calendar.leaves"].search(
            [
                ("resource_id", "=", False),
                ("company_id", "=", company.id),
                ("calendar_id", "in", [False, company.resource_calendar_id.id]),
                ("date_to", ">", datetime.combine(day, time())),
            ]
        )
        for leave in leaves:
            yield from _days_at_noon(max(leave.date_from, datetime.combine(day, time())), leave.date_to)

    # ------------------------------------------------------------------ which years are known

    @api.model
    def _missing_year(self):
        """Return the year whose schedule should have been announced by now and is not known here, or False."""
        today = clock.today()
        years = (today.year, today.year + 1) if today.month >= ANNOUNCED_IN else (today.year,)
        return next((year for year in years if not self._knows(year)), False)

    @api.model
    def _knows(self, year):
        # What is off in January may stand in the announcement for the year before.
        later = [("first_day", ">=", date(year, 2, 1)), ("last_day", "<=", date(year, 12, 31)), ("kind", "=", OFF)]
        return bool(self.sudo().search_count(later, limit=1))  # sudo: the schedule is public

    @api.model
    def _missing_sentence(self):
        """Return what is to be said while a schedule is missing, or False."""
        year = self._missing_year()
        return year and self.env._(
            "The holidays and working weekends of %s are not entered yet. Terms count Monday to Friday there.", year
        )

    @api.model
    def _take_over(self):
        """Enter the shipped schedule of each year of which nothing is known here: what a manager has corrected stays."""
        with file_open("wz_skill_cert/data/holidays.csv") as table:
            rows = list(csv.DictReader(table))
        known = {year for year in {row["first_day"][:4] for row in rows} if self._knows(int(year))}
        return self.create([row for row in rows if row["first_day"][:4] not in known])


def _days_at_noon(begin, end):
    """Yield the civil days in China whose noon lies between two naive moments in UTC."""
    day = clock.day_of(begin)
    while (noon := datetime.combine(day, NOON).astimezone(clock.UTC).replace(tzinfo=None)) <= end:
        if noon >= begin:
            yield day
        day += timedelta(days=1)
