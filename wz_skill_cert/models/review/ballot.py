import hashlib

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..rules.selections import CHOICES


class Ballot(models.Model):
    """One anonymous answer to one motion. It knows what, and nothing that leads to who.

    No user, time, paper or order: ids are drawn in shuffled order at opening, a vote fills
    one blank per motion picked at random, and sealing rewrites all of them in one
    transaction, since rows of one transaction share ``xmin`` and would name a paper.
    """

    _name = "skill.cert.ballot"
    _description = "Ballot"
    _log_access = False
    _order = "token"

    motion_id = fields.Many2one("skill.cert.motion", required=True, ondelete="restrict", index=True, readonly=True)
    token = fields.Char(required=True, readonly=True)
    choice = fields.Selection(CHOICES, readonly=True)

    _token_unique = models.Constraint("UNIQUE (token)", "Two ballots have the same token.")

    def init(self):
        """Leave each page room for the filled versions of its blanks: filling one then changes no index."""
        self.env.cr.execute(SQL("ALTER TABLE skill_cert_ballot SET (fillfactor = 45)"))
        return super().init()

    def _issue(self, motions):
        """Create as many blanks per motion as it has seated members, in shuffled order."""
        self.env.flush_all()
        # gen_random_uuid() draws from the system's strong random source, random() does not.
        self.env.execute_query(
            SQL(
                """INSERT INTO skill_cert_ballot (motion_id, token)
               SELECT m.id, gen_random_uuid() FROM skill_cert_motion m, generate_series(1, m.base)
                WHERE m.id = ANY(%s) ORDER BY gen_random_uuid() RETURNING 1""",
                motions.ids,
            )
        )

    def _fill(self, paper):
        """Fill one blank per motion, picked at random. No other vote fills any now: see ``session._wait_for_turn``."""
        filled = self.env.execute_query(
            SQL(
                """WITH picked AS (
                   SELECT DISTINCT ON (b.motion_id) b.id, p.choice
                     FROM unnest(%s::integer[], %s::varchar[]) AS p(motion_id, choice)
                     JOIN skill_cert_ballot b ON b.motion_id = p.motion_id AND b.choice IS NULL
                    ORDER BY b.motion_id, gen_random_uuid())
               UPDATE skill_cert_ballot b SET choice = picked.choice FROM picked WHERE b.id = picked.id RETURNING 1""",
                list(paper),
                list(paper.values()),
            )
        )
        if len(filled) != len(paper):
            raise UserError(self.env._("Your vote could not be recorded. It is unused: please try again."))

    def _check_filled(self, motions):
        """Raise unless each motion has exactly one filled ballot per voted seat that was not recused."""
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id FROM skill_cert_motion m
                WHERE m.id = ANY(%s)
                  AND (SELECT count(*) FROM skill_cert_ballot WHERE motion_id = m.id AND choice IS NOT NULL)
                   != (SELECT count(*) FROM skill_cert_session_seat s
                        WHERE s.session_id = m.session_id AND s.present AND s.voted
                          AND NOT EXISTS (SELECT FROM skill_cert_motion_recused_seat_rel r
                                           WHERE r.motion_id = m.id AND r.seat_id = s.id))""",
                motions.ids,
            )
        )
        if rows:
            raise UserError(
                self.env._(
                    "Ballots and voters do not agree: the session cannot be sealed. Please call the administrator."
                )
            )

    def _filled(self, motions):
        """Return {motion id: number of filled ballots}."""
        query = "SELECT motion_id, count(choice) FROM skill_cert_ballot WHERE motion_id = ANY(%s) GROUP BY motion_id"
        return dict(self.env.execute_query(SQL(query, motions.ids)))

    def _destroy(self, motions):
        """Delete the ballots of a vote that is not counted."""
        self.env.execute_query(SQL("DELETE FROM skill_cert_ballot WHERE motion_id = ANY(%s) RETURNING 1", motions.ids))
        self.invalidate_model()

    def _abstain_unused(self, motions):
        """Count ballots never cast as abstention [R]."""
        self.env.execute_query(
            SQL(
                "UPDATE skill_cert_ballot SET choice = 'abstain' WHERE motion_id = ANY(%s) AND choice IS NULL RETURNING 1",
                motions.ids,
            )
        )

    def _rewrite(self, motions):
        """Replace the ballots by copies with new ids, tokens and one xmin, in random order."""
        self.env.execute_query(
            SQL(
                """WITH old AS (DELETE FROM skill_cert_ballot WHERE motion_id = ANY(%s) RETURNING motion_id, choice)
               INSERT INTO skill_cert_ballot (motion_id, token, choice)
               SELECT motion_id, gen_random_uuid(), choice FROM old ORDER BY gen_random_uuid() RETURNING 1""",
                motions.ids,
            )
        )
        self.invalidate_model()

    def _tally(self, motions):
        """Return {(motion id, choice): number}."""
        return {
            (motion, choice): count
            for motion, choice, count in self.env.execute_query(
                SQL(
                    "SELECT motion_id, choice, count(*) FROM skill_cert_ballot WHERE motion_id = ANY(%s) GROUP BY motion_id, choice",
                    motions.ids,
                )
            )
        }

    def _digest(self, motions):
        """Return the SHA-256 of the sorted lines ``motion:choice``."""
        rows = self.env.execute_query(
            SQL("SELECT motion_id, choice FROM skill_cert_ballot WHERE motion_id = ANY(%s)", motions.ids)
        )
        lines = sorted(f"{motion}:{choice}" for motion, choice in rows)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
