"""The day by which deadlines and papers count: in China, whatever time zone a client claims. Pure functions, no Odoo."""

from datetime import datetime
from zoneinfo import ZoneInfo

UTC, CHINA = ZoneInfo("UTC"), ZoneInfo("Asia/Shanghai")


def today():
    """Return today's date in China. Odoo's ``context_today`` would take the zone from the client."""
    return datetime.now(CHINA).date()


def day_of(moment):
    """Return the calendar day in China of a date or of a naive datetime in UTC, or None."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=UTC).astimezone(CHINA).date()
    return moment or None


def years_between(start, end):
    """Return the completed years from ``start`` to ``end``, or None where one is missing."""
    first, last = day_of(start), day_of(end)
    if not first or not last:
        return None
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
