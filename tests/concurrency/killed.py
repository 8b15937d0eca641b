"""The server process is killed in the middle of a vote or of the closing: it happened whole or not at all.

Each process dies by its own hand before the n-th statement, and once after the last one but before the commit, so that
every gap between two statements is met.
"""

import os
import signal
import time

from odoo import sql_db
from odoo.exceptions import UserError

from . import world

KILLS = 20
MOTIONS = 2
ENOUGH = 10


def in_child(call, statements):
    """Run ``call`` in a process that kills itself before statement number ``statements``; return the signal or 0."""
    sql_db.close_all()  # a connection serves one process
    child = os.fork()
    if not child:
        die_before(statements)
        call()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def die_before(number):
    """Kill this process when that statement, or a commit once all are done, is about to be sent."""
    done = [0]

    def counted(method):
        def step(*args, **kwargs):
            if done[0] >= number:
                os.kill(os.getpid(), signal.SIGKILL)
            done[0] += 1
            return method(*args, **kwargs)

        return step

    sql_db.Cursor.execute = counted(sql_db.Cursor.execute)
    sql_db.Cursor.commit = counted(sql_db.Cursor.commit)


def statements_of(call):
    """Return how many statements ``call`` sends until it commits."""
    sent, at_commit = [0], []
    execute, commit = sql_db.Cursor.execute, sql_db.Cursor.commit

    def counted_execute(*args, **kwargs):
        sent[0] += 1
        return execute(*args, **kwargs)

    def counted_commit(cursor):
        at_commit.append(sent[0])
        return commit(cursor)

    sql_db.Cursor.execute, sql_db.Cursor.commit = counted_execute, counted_commit
    try:
        assert call() is True
    finally:
        sql_db.Cursor.execute, sql_db.Cursor.commit = execute, commit
    return at_commit[0]


def wait_until_gone():
    """Wait until PostgreSQL has noticed that the dead process left its transaction, and undone it."""
    query = """SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid != pg_backend_pid() AND state != 'idle'
                  AND backend_type = 'client backend'"""
    deadline = time.monotonic() + 10
    while world.rows(query)[0][0]:
        assert time.monotonic() < deadline, "the transaction of the killed process is still there"
        time.sleep(0.02)


def have_enough_vote(meeting):
    """Have as many vote as must for the closing to count; return who."""
    users = list(meeting.members)[:ENOUGH]
    for user in users:
        assert meeting.cast(user, meeting.paper()) is True
    return users


def points(call, more):
    """Return where to kill: spread evenly over the statements of ``call``, from before the first to before the commit.

    And ``more`` in the middle: a process whose caches are warmer than those of ``call`` sends fewer statements, so that the
    last points may lie behind its commit.
    """
    last = statements_of(call)
    places = [round(place * last / (KILLS - 1)) for place in range(KILLS)]
    return [*places, *range(last // 3, last // 3 + more)]


def test_a_vote_killed_half_way_counts_once_or_not_at_all():
    """Notice, part 4, 资格确认."""
    first, *meetings = world.meetings(3, MOTIONS)
    warm, measured, *_others = first.members
    assert first.cast(warm, first.paper()) is True
    voters = [(meeting, user) for meeting in meetings for user in meeting.members]
    killed = 0
    for point, (meeting, user) in zip(points(lambda: first.cast(measured, first.paper()), 10), voters, strict=False):
        paper, before = meeting.paper(), world.filled(meeting)[0]
        in_child(lambda: meeting.cast(user, paper), point)  # noqa: B023 called at once
        wait_until_gone()
        counted = meeting.members[user] in world.voted_seats(meeting)
        assert set(world.filled(meeting)) == {before + counted}, f"half a vote at {point}"
        assert world.broken_rules() == {}, point
        again = meeting.cast(user, paper)
        assert "You have already voted" in str(again) if counted else again is True, again
        assert set(world.filled(meeting)) == {before + 1}
        killed += not counted
    assert killed >= KILLS


def test_a_vote_killed_right_after_the_commit_has_counted():
    meeting = world.meetings(1, MOTIONS)[0]
    warm, first, second = list(meeting.members)[:3]
    assert meeting.cast(warm, meeting.paper()) is True
    sent = statements_of(lambda: meeting.cast(first, meeting.paper()))
    assert in_child(lambda: meeting.cast(second, meeting.paper()), sent + 1) in (0, signal.SIGKILL)
    wait_until_gone()
    assert meeting.members[second] in world.voted_seats(meeting)
    assert set(world.filled(meeting)) == {3}
    again = meeting.cast(second, meeting.paper())
    assert isinstance(again, UserError), again
    assert "You have already voted" in str(again)


def test_a_closing_killed_half_way_leaves_the_vote_open_or_sealed():
    warm, counted, *meetings = world.meetings(KILLS + 7, MOTIONS)
    for meeting in (warm, counted):
        have_enough_vote(meeting)
    assert warm.close() is True
    killed = 0
    for point, meeting in zip(points(counted.close, 5), meetings, strict=True):
        users = have_enough_vote(meeting)
        in_child(meeting.close, point)
        wait_until_gone()
        closed = world.state_of(meeting) == "closed"
        assert world.voted_seats(meeting) == {meeting.members[user] for user in users}
        assert set(world.filled(meeting)) == {world.MEMBERS if closed else len(users)}, f"half a sealing at {point}"
        assert world.broken_rules() == {}, point
        again = meeting.close()
        assert "is not open" in str(again) if closed else again is True, again
        assert world.state_of(meeting) == "closed"
        killed += not closed
    assert killed >= KILLS
    assert world.broken_rules() == {}
