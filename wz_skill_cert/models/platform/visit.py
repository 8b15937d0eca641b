"""How often the public page is asked for: one limit for an address, another in all, whichever process answers."""

import logging
import math

import psycopg2

from odoo import api, models
from odoo.tools import SQL

from .counter import network_of
from .settings import verify_limits

_logger = logging.getLogger(__name__)

# Addresses are counted in so many places and the sum of all in one more: the table cannot grow beyond them.
PLACES = 2**16
IN_ALL = -1
# When more is asked in all than is answered, an address that has asked no more than this share is still answered.
QUIET_SHARE = 10

# Counted by the database's clock, which all processes share. What was refused in one minute does not weigh on the
# next: whoever waits as told is answered.
COUNT = """
    WITH now AS (SELECT floor(epoch / 60)::int AS minute, epoch / 60 - floor(epoch / 60) AS elapsed
                   FROM (SELECT extract(epoch FROM clock_timestamp())::float8 AS epoch) clock)
    INSERT INTO skill_cert_visit AS visit (place, minute, hits, before)
    SELECT %(place)s, minute, 1, 0 FROM now
    ON CONFLICT (place) DO UPDATE SET
        minute = excluded.minute,
        hits = CASE WHEN visit.minute = excluded.minute THEN visit.hits + 1 ELSE 1 END,
        before = CASE excluded.minute - visit.minute
                     WHEN 0 THEN visit.before WHEN 1 THEN least(visit.hits, %(limit)s) ELSE 0 END
    RETURNING hits, before, (SELECT elapsed FROM now)
"""


def seconds_to_wait(hits, before, elapsed, limit):
    """Return after how many seconds one more request is within ``limit`` a minute; 0 if this one is.

    The last 60 seconds are estimated: ``hits`` of this minute, and of those in the minute ``before`` the share that
    the part of this minute that has ``elapsed`` (0 to 1) has not pushed out yet.
    """
    if hits + before * (1 - elapsed) <= limit:
        return 0
    # The next request counts, too: in this minute there may be room for it, or else early in the next one.
    room = limit - hits - 1
    if room >= 0:
        return math.ceil(60 * (1 - elapsed - room / before))
    kept = min(hits, limit)
    # A hair more: to the second, the rounding of floats could refuse once more whoever has waited as told.
    return math.ceil(60 * (1 - elapsed) + 60 * (1 - (limit - 1) / kept) + 1e-6)


class Visit(models.AbstractModel):
    _name = "skill.cert.visit"
    _description = "Visits of the public page"
    _inherit = ["skill.cert.counter"]

    def init(self):
        """Create the table: unlogged, since the counts of a minute need not outlive a crash."""
        self.env.cr.execute(
            SQL(
                "CREATE UNLOGGED TABLE IF NOT EXISTS skill_cert_visit"
                " (place int PRIMARY KEY, minute int NOT NULL, hits int NOT NULL, before int NOT NULL)"
            )
        )

    @api.model
    def _seconds_to_wait(self, address):
        """Count a request from ``address`` and return how many seconds its client has to wait, 0 to be answered.

        What one client is refused does not count in all, so that nobody uses up what others are due.
        """
        try:
            return self._count_visit(self._place_of(address), *verify_limits(self.env))
        except psycopg2.Error:
            # A count that fails must not take the page down with it.
            _logger.warning("The visits of the public page could not be counted", exc_info=True)
            return 0

    @api.model
    def _count_visit(self, place, limit, limit_in_all):
        with self._counting() as cr:
            cr.execute(COUNT, {"place": place, "limit": limit})
            hits, before, elapsed = cr.fetchone()
            if wait := seconds_to_wait(hits, before, elapsed, limit):
                return wait
            cr.execute(COUNT, {"place": IN_ALL, "limit": limit_in_all})
            wait = seconds_to_wait(*cr.fetchone(), limit_in_all)
        return wait if hits + before > max(1, limit // QUIET_SHARE) else 0

    @api.model
    def _place_of(self, address):
        """Return the row in which a client is counted."""
        return self._place_among(PLACES, network_of(address))
