"""How far a case is, for the applicant who has its number and the last characters of the own ID number, and no login.

Whoever guesses learns nothing: neither which of the two was wrong, nor whether there is such a number at all, and after
a few failures not even whether a further guess was right.
"""

import logging
import re

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, consteq

from ... import clock, formats, workflow
from ...workflow import NOMINATOR, OFFICER
from ..platform.counter import network_of

_logger = logging.getLogger(__name__)

# A day in China. So many against one case from one network: whoever types wrongly, or guesses, locks the own network out.
FAILURES_PER_PAIR = 5
# So many against one case from all networks together: for the 11,000 endings of an ID number three years, and for the thousand
# that are left to who knows day of birth and place, a hundred days.
FAILURES_PER_NUMBER = 10
# Many people may share one address; somebody who walks through the numbers has one, too.
FAILURES_PER_NETWORK = 100
# Where strangers from several networks have locked a case, its unit or bureau opens the page again, so often a day.
REOPENINGS = 3
# As for the visits: all of it is counted in so many places, a quarter for each kind, so that the table cannot grow beyond them.
PLACES = 2**20
KINDS = ("pair", "number", "network", "reopened")
LIMITS = {
    "pair": FAILURES_PER_PAIR,
    "number": FAILURES_PER_NUMBER,
    "network": FAILURES_PER_NETWORK,
    "reopened": REOPENINGS,
}
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
TODAY = """
    SELECT place, failures FROM skill_cert_check
     WHERE place = ANY(%s) AND day = (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date
"""


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
        application = self._case_called(number)
        if not self._ends_in(application, digits):
            return "unknown", None
        self._forgive(places)
        return "found", {
            "status": workflow.row(application.state).public,
            "since": clock.day_of(application.waiting_since),
        }

    @api.model
    def _case_called(self, number):
        # sudo: the public learns the state of the one case whose number and holder's ending it has, and nothing else.
        applications = self.env["skill.cert.application"].sudo()
        domain = [("name", "=", number), ("state", "in", workflow.states("told"))]
        return applications.search_fetch(domain, ["id_number", "state", "waiting_since"], limit=1)

    @api.model
    def _ends_in(self, application, digits):
        """Tell whether the case's ID number ends in ``digits``; takes the same time for every answer."""
        expected = (application.id_number or "")[-4:] or NO_DIGITS
        given = digits if DIGITS.fullmatch(digits) else NO_DIGITS[::-1] + "-"
        return consteq(expected.encode(), given.encode())

    # ------------------------------------------------------------------ failures

    @api.model
    def _count_try(self, places):
        """Count a try in its places and tell whether it is still within the limits."""
        own = {kind: places[kind] for kind in ("pair", "network")}
        # What the own network is refused does not count against the number, or one stranger would lock everybody out.
        return self._is_within(own) and self._is_within({"number": places["number"]})

    @api.model
    def _is_within(self, places):
        try:
            counts = self._execute(COUNT, list(places.values()))
        except psycopg2.Error:
            # Without a count, nobody guesses.
            _logger.warning("A try on the progress page could not be counted", exc_info=True)
            return False
        return all(counts[place] <= LIMITS[kind] for kind, place in places.items())

    @api.model
    def _forgive(self, places):
        self._execute(FORGIVE, list(places.values()), fetch=False)

    @api.model
    def _execute(self, statement, places, fetch=True):
        with self._counting() as cr:
            cr.execute(statement, [places])
            return dict(cr.fetchall()) if fetch else {}

    @api.model
    def _places_of(self, number, address):
        """Return the rows in which a try is counted; neither number nor address is kept.

        Those of a number are others after each time that it was opened again, whether there is such a number or not.
        """
        network, times = network_of(address), self._reopened_today(number)
        return {
            "pair": self._place("pair", number, network, times),
            "number": self._place("number", number, times),
            "network": self._place("network", network),
        }

    @api.model
    def _place(self, kind, *values):
        # A quarter of the places for each, so that two kinds are never the same row.
        quarter = PLACES // len(KINDS)
        return KINDS.index(kind) * quarter + self._place_among(quarter, kind, *map(str, values))

    # ------------------------------------------------------------------ the way out

    @api.model
    def _reopened_today(self, number):
        place = self._place("reopened", number)
        try:
            return min(self._execute(TODAY, [place]).get(place, 0), REOPENINGS)
        except psycopg2.Error:
            # The count of the try, which comes next, says so in the log and refuses.
            return 0

    @api.model
    def _reopen(self, number):
        """Begin to count anew against ``number``, and tell whether that was within the limit of a day."""
        return self._is_within({"reopened": self._place("reopened", number)})


class Application(models.Model):
    _inherit = "skill.cert.application"

    def action_reopen_progress_page(self):
        """Let the applicant ask again whose progress page strangers have locked for today.

        For the unit and the bureau, a few times a day: each time, as many guesses are possible as in a day. Raises AccessError
        for others, UserError beyond that and for a case that the page does not tell.
        """
        self.ensure_one()
        self.check_access("read")
        if not self._is_party(NOMINATOR):
            self._check_party(OFFICER)
        if not workflow.row(self.state).told:
            raise UserError(self.env._("%s is on no progress page yet.", self.display_name))
        if not self.env["skill.cert.case.check"]._reopen(self.name):
            raise UserError(self.env._("The page of this case was opened again often enough today."))
        self.env["skill.cert.trail"]._record("page_reopened", self)
