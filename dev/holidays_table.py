"""Writes the State Council's yearly schedule of holidays and working weekends (放假安排) as a table, on standard output.

From the package chinesecalendar, which follows each year's announcement and refuses a year that was not announced.
"""

import csv
import importlib.metadata
import sys
from datetime import date, timedelta

from chinese_calendar import constants, get_holiday_detail, is_workday

FIRST_YEAR = 2020
SOURCE = f"chinesecalendar {importlib.metadata.version('chinesecalendar')}"


def last_year():
    """Return the last year that the package knows as a whole."""
    return max(day.year for day in constants.holidays)


def announced(year):
    """Yield (date, kind, name) of each day of ``year`` that the announcement names."""
    day = date(year, 1, 1)
    while day.year == year:
        name = get_holiday_detail(day)[1]
        if name:
            yield day, "work" if is_workday(day) else "off", constants.Holiday(name).chinese
        day += timedelta(days=1)


def periods(year):
    """Return [[first day, last day, kind, name]], days in a row of one holiday being one period."""
    rows = []
    for day, kind, name in announced(year):
        if rows and rows[-1][1:] == [day - timedelta(days=1), kind, name]:
            rows[-1][1] = day
        else:
            rows.append([day, day, kind, name])
    return rows


if __name__ == "__main__":
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["first_day", "last_day", "kind", "name", "source"])
    for year in range(FIRST_YEAR, last_year() + 1):
        table.writerows([*row, SOURCE] for row in periods(year))
