"""Fifteen members vote on 500 motions: against the same writes in raw SQL, and against OCA's tier validation.

Run by `make bench` inside a transaction that is rolled back. Each line is measured in one run on one database: wall
time, and the CPU time of this process and of its PostgreSQL backend, which other programs on the machine do not stretch.
"""

import os
import random
import sys
import time
from unittest.mock import patch

from figures import figure, size

sys.path.insert(0, os.environ["BENCH_ROOT"])
from tests.common import SkillCertCase

MEMBERS, MOTIONS, APPROVALS = 15, size("MOTIONS", 500, tiny=6), size("APPROVALS", 100, tiny=3)
CHOICES = ("agree", "against", "abstain")

# What a paper writes at least: one blank of each motion, known beforehand, and the seat.
FLOOR = """
    UPDATE skill_cert_ballot b SET choice = p.choice FROM unnest(%s::integer[], %s::varchar[]) AS p(id, choice) WHERE b.id = p.id;
    UPDATE skill_cert_session_seat SET voted = TRUE WHERE id = %s
"""
BLANKS = """
    SELECT DISTINCT ON (motion_id) id FROM skill_cert_ballot
     WHERE motion_id = ANY(%s) AND choice IS NULL ORDER BY motion_id, gen_random_uuid()
"""


def cpu_seconds():
    """Return the CPU time of this process and, where it runs on this machine, of its database backend."""
    try:
        with open(f"/proc/{env.cr._cnx.info.backend_pid}/schedstat") as stat:
            backend = int(stat.read().split()[0]) / 1e9
    except OSError:
        backend = 0
    return time.process_time() + backend


class Clock:
    """Wall and CPU seconds of a block."""

    def __enter__(self):
        self.wall, self.cpu = time.perf_counter(), cpu_seconds()
        return self

    def __exit__(self, *_exc_info):
        self.wall, self.cpu = time.perf_counter() - self.wall, cpu_seconds() - self.cpu


def median(values):
    return sorted(values)[len(values) // 2]


def committee_of_fifteen():
    SkillCertCase.env = env
    SkillCertCase._make_world()
    world = SkillCertCase()
    committee = world._committee(world.county, experts=10, hr=4)
    return world, world._session(world._waiting_for_vote(MOTIONS), committee)


def as_client(session, user):
    """The session as a request of ``user`` has it: own rights, empty cache, no context that saves work."""
    env.flush_all()
    env.invalidate_all()
    return session.with_env(env(user=user.id, context={"lang": "zh_CN"}, su=False))


def paper_for(session):
    return {str(motion): random.choice(CHOICES) for motion in session.motion_ids.ids}


def floor_clock(session, seat):
    """Return the time of the same writes in raw SQL, its effect undone."""
    env.cr.execute("SAVEPOINT bench")
    env.cr.execute(BLANKS, [session.motion_ids.ids])
    blanks = [ballot for (ballot,) in env.cr.fetchall()]
    with Clock() as clock:
        env.cr.execute(FLOOR, [blanks, [random.choice(CHOICES) for _ballot in blanks], seat.id])
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")
    return clock


def cast_all(session):
    """Return (our clocks, those of the floor), paper by paper in turn."""
    clocks, floors = [], []
    for seat in session.seat_ids:
        floors.append(floor_clock(session, seat))
        paper, own = paper_for(session), as_client(session, seat.user_id)
        with Clock() as clock:
            own.cast(paper)
            env.flush_all()
        clocks.append(clock)
    return clocks, floors


def tier_clocks():
    """Return two clocks of base_tier_validation approving ``APPROVALS`` records: in one request, and one request each.

    Its ``validate_tier`` takes one record, so that in use each approval is a request of its own, which finds empty caches
    as our papers do. In one request it is as fast as it can be.
    """
    definition = {
        "model_id": env["ir.model"]._get_id("bench.approval"),
        "review_type": "individual",
        "reviewer_id": env.ref("base.user_admin").id,
    }
    env["tier.definition"].create(definition)
    return [
        approve(definition["reviewer_id"], done)
        for done in (env.cr.flush, lambda: (env.cr.flush(), env.invalidate_all()))
    ]


def approve(user, after_each):
    records = env["bench.approval"].with_user(user).create([{} for _record in range(APPROVALS)])
    records.request_validation()
    env.flush_all()
    env.invalidate_all()
    with Clock() as clock:
        for record in records:
            record.validate_tier()
            after_each()
    assert set(records.mapped("validation_status")) == {"validated"}
    return clock


def step(name, session, officer, method):
    own = as_client(session, officer)
    queries = env.cr.sql_log_count
    with Clock() as clock:
        getattr(own, method)()
        env.cr.flush()  # with what a commit does: messages of tracked fields
    note = f"{clock.cpu:.2f} s of CPU, {env.cr.sql_log_count - queries} queries"
    figure(f"{name} {MOTIONS} motions", clock.wall, "s", at_most=1, note=note)


def main():
    world, session = committee_of_fifteen()
    officer = world.county_officer
    step("opening", session, officer, "action_open")
    session = session.sudo()
    clocks, floors = cast_all(session)
    for kind in ("wall", "cpu"):
        ours, floor = (median([getattr(clock, kind) for clock in some]) for some in (clocks, floors))
        figure(
            f"a paper ÷ the same writes in raw SQL, {kind}",
            ours / floor,
            at_most=5,
            note=f"{ours * 1000:.0f} ms ÷ {floor * 1000:.0f} ms",
        )
    step("sealing", session, officer, "action_close")
    states = session.motion_ids.application_id.mapped("state")
    assert set(states) <= {"passed", "rejected"}, set(states)
    in_one, in_many = tier_clocks()
    for tiers, kind in ((in_many, "wall"), (in_many, "cpu"), (in_one, "wall"), (in_one, "cpu")):
        our_rate = MEMBERS * MOTIONS / sum(getattr(clock, kind) for clock in clocks)
        tier_rate = APPROVALS / getattr(tiers, kind)
        requests = "all in one request" if tiers is in_one else "a request each"
        figure(
            f"approvals a second ÷ those of base_tier_validation, {requests}, {kind}",
            our_rate / tier_rate,
            at_least=20,
            note=f"{our_rate:.0f} ÷ {tier_rate:.0f}",
        )


with patch.object(env.cr, "commit", lambda: None):
    main()
env.cr.rollback()
