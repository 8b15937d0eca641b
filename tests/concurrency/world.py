"""A committed world on a database of its own, and requests to it as the web server makes them."""

import random
import threading
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.modules.registry import Registry
from odoo.service.model import execute_cr
from odoo.tests.common import get_db_name

from ..common import SkillCertCase

CHOICES = ("agree", "against", "abstain")
MEMBERS = 15


class Factories(SkillCertCase):
    """The factories of the other tests, without their transaction: what is made here is committed."""

    committee_of_fifteen = None

    @classmethod
    def in_environment(cls, env):
        """Return the factories, with the people whom the first call has made."""
        cls.env = env
        if not cls.committee_of_fifteen:
            cls._make_world()
            cls.committee_of_fifteen = cls()._committee(cls.county, experts=10, hr=4)
        for name, value in vars(cls).copy().items():
            if isinstance(value, models.BaseModel):
                setattr(cls, name, value.with_env(cls.env(user=value.env.uid, context=value.env.context)))
        return cls()


@contextmanager
def cursor():
    """Yield an environment of the superuser in a transaction that is committed at the end."""
    with Registry(get_db_name()).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def request(uid, model, method, ids, *args):
    """Call a public method as the web server does for a logged-in user, with its retries; return what it answers.

    The user is looked up first, as the server does: so the transaction has its snapshot before the method starts.
    """
    with Registry(get_db_name()).cursor() as cr:
        api.Environment(cr, uid, {}).user.has_group("base.group_user")
        return execute_cr(cr, uid, model, method, [ids, *args], {})


def outcome(*call):
    """Return True, or the error that a user would be shown."""
    try:
        return bool(request(*call)) or True
    except Exception as error:  # what kind of error it is, is the question
        return error


class Meeting:
    """An open session of fifteen, by ids that every process and thread may use."""

    def __init__(self, session):
        self.id = session.id
        self.motions = session.motion_ids.ids
        self.officer = session.bureau_id.user_ids[:1].id
        # {user: seat}
        self.members = {seat.user_id.id: seat.id for seat in session.seat_ids if seat.present}

    def paper(self, draw=random):
        return {motion: draw.choice(CHOICES) for motion in self.motions}

    def cast(self, user, paper):
        return outcome(user, "skill.cert.session", "cast", [self.id], paper)

    def close(self):
        return outcome(self.officer, "skill.cert.session", "action_close", [self.id])


def meetings(number, motions):
    """Return ``number`` open sessions of one committee of fifteen, each with ``motions`` motions, committed.

    Their announced end has come: the officer may close at any moment.
    """
    with cursor() as env:
        world = Factories.in_environment(env)
        committee = world.committee_of_fifteen
        sessions = [world._session(world._waiting_for_vote(motions), committee) for _number in range(number)]
        for session in sessions:
            session.action_open()
            world._end(session)
        made = [Meeting(session.sudo()) for session in sessions]
    # What the caches hold is outdated by the new users: told now, and not by the first vote.
    Registry(get_db_name()).signal_changes()
    return made


def at_once(calls):
    """Run the calls in threads that start together; return their results in order."""
    start = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(place, delay, call):
        start.wait()
        time.sleep(delay)
        results[place] = call()

    threads = [threading.Thread(target=run, args=(place, *call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def rows(query, *parameters):
    """Return the rows of a query, as a new transaction sees them."""
    with cursor() as env:
        env.cr.execute(query, parameters)
        return env.cr.fetchall()


def broken_rules():
    with cursor() as env:
        return env["skill.cert.invariant.check"]._find()


def state_of(meeting):
    return rows("SELECT state FROM skill_cert_session WHERE id = %s", meeting.id)[0][0]


def voted_seats(meeting):
    return {
        seat for (seat,) in rows("SELECT id FROM skill_cert_session_seat WHERE session_id = %s AND voted", meeting.id)
    }


def filled(meeting):
    """Return the filled ballots of each motion: a whole paper adds one to each."""
    return [
        number
        for (number,) in rows(
            """SELECT count(b.choice) FROM skill_cert_motion m LEFT JOIN skill_cert_ballot b ON b.motion_id = m.id
                WHERE m.session_id = %s GROUP BY m.id""",
            meeting.id,
        )
    ]
