"""Who voted what? All that the database, its messages and the server's log keep, against fifteen members.

Before the sealing the attack finds every voter, which shows that it works; after it, nobody. Real commits: each paper is
a transaction of its own, as in a meeting.
"""

import logging
import random

from odoo.tools import SQL

from . import world

# With so many motions two members hardly ever hand in the same paper.
MOTIONS = 12
ORDERS = ("id", "token", "ctid", "xmin::text::bigint, ctid")
TEXTS = (
    "mail_message",
    "mail_mail",
    "mail_tracking_value",
    "mail_notification",
    "mail_activity",
    "bus_bus",
    "ir_logging",
)


class Log(logging.Handler):
    """Keeps every line that the server would write, also those that only debugging shows of the addon."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())

    def __enter__(self):
        self.logger = logging.getLogger("odoo.addons.wz_skill_cert")
        self.root, self.level = logging.getLogger(), self.logger.level
        self.logger.setLevel(logging.DEBUG)
        self.root.addHandler(self)
        return self

    def __exit__(self, *_exc_info):
        self.root.removeHandler(self)
        self.logger.setLevel(self.level)


def query(sql, *parameters):
    with world.cursor() as env:
        env.cr.execute(SQL(sql, *parameters))
        return env.cr.fetchall()


class Attack:
    """What an attacker with the whole database at hand knows: who voted when (by watching), and all that is stored."""

    def __init__(self, meeting, papers):
        self.meeting = meeting
        self.papers = papers  # {seat: paper} in the order of voting: only to see who is right
        self.seats = query(
            "SELECT id, xmin::text FROM skill_cert_session_seat WHERE session_id = %s AND voted ORDER BY xmin::text::bigint",
            meeting.id,
        )

    def ballots(self, order):
        return query(
            "SELECT motion_id, choice, xmin::text FROM skill_cert_ballot WHERE motion_id = ANY(%s) ORDER BY %s",
            self.meeting.motions,
            SQL(order),
        )

    def by_transaction(self):
        """Return how many seats were written by the transaction that wrote exactly their paper."""
        found = {}
        for motion, choice, xmin in self.ballots("id"):
            found.setdefault(xmin, {}).setdefault(motion, []).append(choice)
        return sum(found.get(xmin) == {m: [c] for m, c in self.papers[seat].items()} for seat, xmin in self.seats)

    def by_order(self, order):
        """Return how many seats, in the order of voting, fit the ballots of every motion in ``order``."""
        columns = {}
        for motion, choice, _xmin in self.ballots(order):
            columns.setdefault(motion, []).append(choice)
        return sum(
            all(columns[motion][place] == choice for motion, choice in self.papers[seat].items())
            for place, seat in enumerate(self.papers)
        )

    def tables_of_the_votes(self):
        """Return all tables with a row that a casting transaction wrote."""
        xmins = [int(xmin) for _seat, xmin in self.seats]
        tables = query("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        return {
            table
            for (table,) in tables
            if query("SELECT 1 FROM %s WHERE xmin::text::bigint = ANY(%s) LIMIT 1", SQL.identifier(table), xmins)
        }


def counts():
    return {table: query("SELECT count(*) FROM %s", SQL.identifier(table)) for table in TEXTS}


def sequences():
    return dict(query("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"))


def dated_between(start, end):
    """Return the tables with a row created or written in that time."""
    columns = query(
        """SELECT table_name, column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND data_type LIKE 'timestamp%%'
              AND table_name IN (SELECT relname FROM pg_class WHERE relkind = 'r')"""
    )
    return {
        (table, column)
        for table, column in columns
        if query(
            "SELECT 1 FROM %s WHERE %s BETWEEN %s AND %s LIMIT 1",
            SQL.identifier(table), SQL.identifier(column), start, end,
        )
    }  # fmt: skip


def clock():
    return query("SELECT clock_timestamp() AT TIME ZONE 'UTC'")[0][0]


def vote(meeting):
    """Let all vote, in an order that is not that of the seats; return {seat: paper} in the order of voting."""
    draw = random.Random(86)
    users = list(meeting.members)
    draw.shuffle(users)
    papers = {}
    for user in users:
        papers[meeting.members[user]] = paper = meeting.paper(draw)
        assert meeting.cast(user, paper) is True
    return papers


def test_sealing_leaves_nothing_that_links_a_member_to_a_paper():
    meeting = world.meetings(1, MOTIONS)[0]
    before, numbers, start = counts(), sequences(), clock()
    with Log() as log:
        papers = vote(meeting)
    end = clock()

    # Nothing else was written, numbered, dated or told by a vote.
    assert counts() == before
    assert sequences() == numbers, "a sequence tells the order of the votes"
    assert not dated_between(start, end), "a row tells the time of a vote"
    assert not [line for line in log.lines if any(choice in line for choice in world.CHOICES)]

    # The control: on the unsealed form the attack finds every voter.
    attack = Attack(meeting, papers)
    assert len({str(paper) for paper in papers.values()}) == world.MEMBERS
    assert attack.by_transaction() == world.MEMBERS
    assert attack.by_order("xmin::text::bigint") == world.MEMBERS
    assert attack.tables_of_the_votes() == {"skill_cert_session_seat", "skill_cert_ballot"}
    assert attack.by_order("id") == attack.by_order("token") == 0
    with world.cursor() as env:
        env.cr.execute("ANALYZE skill_cert_ballot")
    tokens = tokens_of(meeting)

    assert meeting.close() is True
    sealed = Attack(meeting, papers)
    assert sealed.by_transaction() == 0
    assert {order: sealed.by_order(order) for order in ORDERS} == dict.fromkeys(ORDERS, 0)
    assert sealed.tables_of_the_votes() == {"skill_cert_session_seat"}
    assert len({xmin for *_row, xmin in sealed.ballots("id")}) == 1, "one transaction wrote all ballots"
    assert not tokens & tokens_of(meeting), "the statistics of the planner keep tokens that no longer exist"
    assert not texts_that_name(meeting), "a message names a member"
    assert world.broken_rules() == {}


def tokens_of(meeting):
    return {
        token for (token,) in query("SELECT token FROM skill_cert_ballot WHERE motion_id = ANY(%s)", meeting.motions)
    }


def texts_that_name(meeting):
    """Return the messages about the session, its motions or its applications that contain a member's name."""
    names = [name for (name,) in query(
        "SELECT p.name FROM res_users u JOIN res_partner p ON p.id = u.partner_id WHERE u.id = ANY(%s)", list(meeting.members)
    )]  # fmt: skip
    bodies = query("SELECT body FROM mail_message WHERE model IN ('skill.cert.session', 'skill.cert.application')")
    return [body for (body,) in bodies if any(f"{name}<" in f"{body}<" for name in names)]
