#!/usr/bin/env bash
# holidays 0.109 (PyPI), country CN, crossed with chinesecalendar 1.11.0 (PyPI): which days are working days in China.
#
# Behaviour: for the years whose schedule the State Council has announced, both say the same of every day, moved days and working
# weekends included. For a year that is not announced yet, chinesecalendar raises NotImplementedError; holidays answers
# is_working_day() all the same, from the statutory days alone: no weekend is a working day, no day is moved, and nothing in the
# answer tells it from one that was announced.
#
# Why it surprises: since working weekends are in its data for past years, one takes a False for "this Saturday is free" to be
# known. A term of N working days that reaches into the next year is then computed wrongly in silence, until an upgrade of the
# package changes the answer for a date that has not moved.
#
# Seen on 2026-11-28: «2020 to 2026: 2557 days, 0 differ, 46 working weekend days»; «2027: chinesecalendar refuses; holidays
# answers for 365 days, 0 working weekend days».
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109 chinesecalendar==1.11.0
"$work/venv/bin/python" - <<'PYTHON'
import sys
from datetime import date, timedelta

import chinese_calendar
import holidays


def days_of(first, last):
    day = date(first, 1, 1)
    while day.year <= last:
        yield day
        day += timedelta(days=1)


china = holidays.country_holidays("CN")
announced = list(days_of(2020, 2026))
differing = [day for day in announced if china.is_working_day(day) != chinese_calendar.is_workday(day)]
moved = [day for day in announced if day.weekday() > 4 and china.is_working_day(day)]
print(f"2020 to 2026: {len(announced)} days, {len(differing)} differ, {len(moved)} working weekend days")

next_year = list(days_of(2027, 2027))
try:
    chinese_calendar.is_workday(next_year[0])
    refused = False
except NotImplementedError:
    refused = True
guessed = [day for day in next_year if day.weekday() > 4 and china.is_working_day(day)]
print(
    f"2027: chinesecalendar {'refuses' if refused else 'answers'}; holidays answers for {len(next_year)} days,"
    f" {len(guessed)} working weekend days"
)
if differing or not moved or not refused or guessed:
    sys.exit("The behaviour has changed: the packages differ otherwise now about announced or unannounced years.")
PYTHON
