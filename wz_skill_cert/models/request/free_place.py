"""Whether any unit has a case of the same person: told at the submission alone, with a trace, and about so many people a day.

The form, the desk and the sheet speak of the own units' cases (``_require_place``). Whoever could ask there about all others would
learn unseen whether a stranger has applied, and for what, and would find the number that a list shows masked.
"""

from itertools import islice

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ... import workflow
from ..rules.selections import levels_from

# About so many people a user is told in a day (in China): more than a unit's sheet has doubles, and far fewer than the
# thousands of numbers that fit a masked one.
PEOPLE_A_DAY = 100
PLACE_FIELDS = ("campaign_id", "id_number", "occupation_id", "level")
EVENT = "place_asked"
# The trail keeps which question it was and not about whom.
QUESTIONS = 2**31
# Any number that nothing else in the database locks; the second half of the key is the user.
LOCK = 0x5C3E8

ASKED = """
    SELECT DISTINCT (detail->>'place')::int FROM skill_cert_trail
     WHERE user_id = %(user)s AND event = %(event)s
       AND at >= date_trunc('day', clock_timestamp() AT TIME ZONE 'Asia/Shanghai')
                 AT TIME ZONE 'Asia/Shanghai' AT TIME ZONE 'UTC'
"""


class Application(models.Model):
    _inherit = "skill.cert.application"

    def _guard_free_places(self):
        """Notice, part 4: one person, occupation and level once in a campaign, whichever unit nominates.

        Asked for all that are submitted at once, when nothing else is missing: who is refused for something else has learnt
        nothing, and who is not refused has submitted.
        """
        if taken := self._ask_places({application: application._campaign_place() for application in self}):
            raise UserError(self._refusal_to_submit({application: [why] for application, why in taken.items()}))

    def _check_new_place(self, vals):
        """Ask likewise where what was returned is corrected: it keeps its place, so that the index would answer."""
        placed = self.filtered(lambda application: workflow.row(application.state).placed)
        places = {application: application._campaign_place(vals) for application in placed}
        moved = {application: place for application, place in places.items() if place != application._campaign_place()}
        if moved and (taken := self._ask_places(moved, submits=False)):
            raise UserError(next(iter(taken.values())))

    def _taken_sentence(self):
        return self.env._("This person already has an application for this occupation and level in this campaign.")

    def _held_sentence(self):
        return self.env._(
            "This person holds a certificate of this office for this occupation at this level or a higher one."
        )

    def _campaign_place(self, vals=None):
        """Return what one person may have once, in the order of PLACE_FIELDS: as it is, or as ``vals`` would make it."""
        now = {name: self[name].id if self._fields[name].relational else self[name] for name in PLACE_FIELDS}
        return tuple({**now, **(vals or {})}[name] for name in PLACE_FIELDS)

    # ------------------------------------------------------------------ the question

    @api.model
    def _ask_places(self, places, submits=True):
        """Return {case: sentence} of those among ``places`` ({case: place}) whose place is taken, or whose level is held.

        A question counts where the answer is all that comes of it: it was yes, or the step ``submits`` nothing. What is
        submitted stands before the bureau under the unit's name. Raises UserError beyond PEOPLE_A_DAY.
        """
        keys = {application: self._question_of(place) for application, place in places.items()}
        with self.env["skill.cert.counter"]._counting() as cr:
            asked = self._asked_today(cr)
        if set(keys.values()) - asked and len(asked) >= PEOPLE_A_DAY:
            raise UserError(self._limit_sentence())
        taken = self._taken_places(places)
        if not taken and submits:
            return taken
        told = self._trace_questions(keys)
        answered = {application: why for application, why in taken.items() if keys[application] in told}
        if taken and not answered:
            raise UserError(self._limit_sentence())
        return answered

    def _limit_sentence(self):
        return self.env._(
            "Today too many applications of yours met others of the same person. Please try again tomorrow, or ask the bureau."
        )

    @api.model
    def _taken_places(self, places):
        campaigns, numbers, *_rest = zip(*places.values(), strict=True)
        domain = Domain("campaign_id", "in", campaigns) & Domain("id_number", "in", numbers)
        # sudo: another unit's case, which the user cannot see; it is told that there is one, and not whose.
        held = self.sudo().search_fetch(domain & Domain("state", "in", workflow.states("placed")), PLACE_FIELDS)
        holders = held.grouped(lambda application: application._campaign_place())
        taken = [
            application for application, place in places.items() if holders.get(place, held.browse()) - application
        ]
        return {**self._held_places(places), **dict.fromkeys(taken, self._taken_sentence())}

    @api.model
    def _held_places(self, places):
        """Return {case: sentence} of those whose person holds the level, or a higher one of the occupation [X]."""
        asked = {application: place for application, place in places.items() if application.policy_id.refuse_held}
        numbers = [number for _campaign, number, _occupation, _level in asked.values()]
        domain = Domain("id_number", "in", numbers) & Domain("state", "in", workflow.states("holds"))
        # sudo: as in _taken_places.
        cases = self.sudo()
        held = cases.search_fetch(domain, PLACE_FIELDS) if asked else cases.browse()
        by_number = held.grouped("id_number")
        return {
            application: self._held_sentence()
            for application, (_campaign, number, occupation, level) in asked.items()
            if any(
                one.occupation_id.id == occupation and one.level in levels_from(level)
                for one in by_number.get(number, held.browse()) - application
            )
        }

    @api.model
    def _question_of(self, place):
        return self.env["skill.cert.counter"]._place_among(QUESTIONS, "place", *map(str, place))

    @api.model
    def _asked_today(self, cr):
        cr.execute(SQL(ASKED, user=self.env.uid, event=EVENT))
        return {key for (key,) in cr.fetchall()}

    @api.model
    def _trace_questions(self, keys):
        """Leave an entry for each new question of ``keys`` ({case: question}), and return those that may be answered.

        In a transaction of its own, which outlives the refusal. Those who ask at once queue.
        """
        with self.env["skill.cert.counter"]._counting() as cr:
            cr.execute(SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK, self.env.uid))
            asked = self._asked_today(cr)
            new = {key: application for application, key in keys.items() if key not in asked}
            within = dict(islice(new.items(), max(0, PEOPLE_A_DAY - len(asked))))
            entries = [(application, {"place": key}) for key, application in within.items()]
            self.env["skill.cert.trail"]._record_each(EVENT, entries, cr=cr)
        return asked | within.keys()
