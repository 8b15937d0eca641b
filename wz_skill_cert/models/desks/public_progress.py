"""How far a case is, for the applicant who has its number and the last characters of the own ID number, and no login.

Whoever guesses learns nothing: neither which of the two was wrong, nor whether there is such a number at all, and after
a few failures not even whether a further guess was right.
"""

import logging
import re

import psycopg2

from odoo import api, models
from odoo.tools import SQL, consteq

from ... import clock, formats, workflow
from ..platform.counter import network_of

_logger = logging.getLogger(__name__)

# A day in China. Of the 11,000 endings of an ID number, so many are tried against one case.
FAILURES_PER_NUMBER = 5
# Many people may share one address; somebody who walks through the numbers has one, too.
FAILURES_PER_NETWORK = 100
# As for the visits: numbers and addresses are counted in so many places, so that the table cannot grow beyond them.
PLACES = 2**20
NUMBER = re.compile(r"[0-9A-Z-]{1,40}")
DIGITS = re.compile(r"[0-9]{3}[0-9X]")
# What no application is called, and what no ID number ends in.
NO_NUMBER, NO_DIGITS = "-", "----"

COUNT = """
    INSERT INTO skill_cert_check AS tried (place, day, failures)
    SELECT place, (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date, 1 FROM unnest(%s) AS place ORDER BY place
    ON CONFLICT (place) DO UPDATE SET
        day = excluded.day,
        failures = CASE WHEN tried.day = excluded.day THEN least(tried.failures, 1000000) + 1 ELSE 1 END
    RETURNING place, failures
"""
FORGIVE = "UPDATE skill_cert_check SET failures = failures - 1 WHERE place = ANY(%s) AND failures > 0"


class CaseCheck(models.AbstractModel):
    _name = "skill.cert.case.check"
    _description = "Progress page for applicants"
    _inherit = ["skill.cert.counter"]

    def init(self):
        """Create the table of failures: unlogged, since those of a day need not outlive a crash."""
        self.env.cr.execute(
            SQL(
                "CREATE UNLOGGED TABLE IF NOT EXISTS skill_cert_check"
                " (place int PRIMARY KEY, day date NOT NULL, failures int NOT NULL)"
            )
        )

    @api.model
    def _answer(self, number, digits, address):
        """Return ('found', {status, since}), ('unknown', None) or ('locked', None).

        Each try is counted before anything is looked at, so that those who guess at once gain nothing; a right one is
        forgiven. A number that does not exist is counted and looked for like any other.
        """
        number, digits = formats.normalise(number), formats.normalise(digits)
        number = number if NUMBER.fullmatch(number) else NO_NUMBER
        places = self._places_of(number, address)
        if not self._count_try(places):
            return "locked", None
        case = self._case_called(number)
        if not self._ends_in(case, digits):
            return "unknown", None
        self._forgive(places)
        return "found", {"status": workflow.row(case.state).public, "since": clock.day_of(case.waiting_since)}

    @api.model
    def _case_called(self, number):
        # sudo: the public learns the state of the one case whose number and holder's ending it has, and nothing else.
        cases = self.env["skill.cert.application"].sudo()
        domain = [("name", "=", number), ("state", "in", workflow.states("told"))]
        return cases.search_fetch(domain, ["id_number", "state", "waiting_since"], limit=1)

    @api.model
    def _ends_in(self, case, digits):
        """Tell whether the case's ID number ends in ``digits``; takes the same time for every answer."""
        expected = (case.id_number or "")[-4:] or NO_DIGITS
        given = digits if DIGITS.fullmatch(digits) else NO_DIGITS[::-1] + "-"
        return consteq(expected.encode(), given.encode())

    # ------------------------------------------------------------------ failures

    @api.model
    def _count_try(self, places):
        """Count a try in both places and tell whether it is still within the limits."""
        try:
            counts = self._execute(COUNT, list(places.values()), fetch=True)
        except psycopg2.Error:
            # Without a count, nobody guesses.
            _logger.warning("A try on the progress page could not be counted", exc_info=True)
            return False
        return counts[places["number"]] <= FAILURES_PER_NUMBER and counts[places["network"]] <= FAILURES_PER_NETWORK

    @api.model
    def _forgive(self, places):
        self._execute(FORGIVE, list(places.values()))

    @api.model
    def _execute(self, statement, places, fetch=False):
        with self._counting() as cr:
            cr.execute(statement, [places])
            return dict(cr.fetchall()) if fetch else {}

    @api.model
    def _places_of(self, number, address):
        """Return the two rows in which a try is counted; neither number nor address is kept."""
        # One half of the places for each, so that the two are never the same row.
        return {
            kind: offset + self._place_among(PLACES // 2, kind, value)
            for kind, value, offset in (("number", number, 0), ("network", network_of(address), PLACES // 2))
        }
