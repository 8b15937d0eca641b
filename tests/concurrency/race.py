"""Fifteen members cast and the officer closes at once: no vote is lost or doubled, and every loser is told why.

Real connections and commits, through Odoo's own retries, as the web server does. Run by dev/test-concurrency.
"""

import logging
import random
from collections import Counter

from odoo.exceptions import UserError

from . import world

RUNS = 100
MOTIONS = 2
# Two thirds of fifteen: with fewer votes nothing is counted.
NEEDED = 10
# Members who press the button twice: the two requests of one member race as well.
TWICE = 5
NOT_OPEN, VOTED = "The vote is not open.", "You have already voted in this session. Your vote has been counted."


class Retries(logging.Handler):
    """Counts how often Odoo started a request anew because of a conflict in the database."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.messages = []

    def emit(self, record):
        if "tries" in record.getMessage():
            self.messages.append(record.getMessage())

    def __enter__(self):
        self.logger = logging.getLogger("odoo.service.model")
        self.level = self.logger.level
        self.logger.setLevel(logging.INFO)
        self.logger.addHandler(self)
        return self

    def __exit__(self, *_exc_info):
        self.logger.removeHandler(self)
        self.logger.setLevel(self.level)


def tally(meeting):
    return {
        # A motion that was put off has no figures.
        motion: Counter(agree=agree or 0, against=against or 0, abstain=abstain or 0)
        for motion, agree, against, abstain in world.rows(
            "SELECT id, agree, against, abstain FROM skill_cert_motion WHERE session_id = %s", meeting.id
        )
    }


def run(meeting, draw):
    """Let everybody act within the time that a dozen votes need; return who was counted, and with which paper."""
    papers = {user: meeting.paper(draw) for user in meeting.members}
    users = [*papers, *draw.sample(list(papers), TWICE)]
    calls = [(draw.uniform(0, 0.1), lambda user=user: meeting.cast(user, papers[user])) for user in users]
    results = world.at_once([*calls, (draw.uniform(0, 0.2), meeting.close)])
    *votes, closing = results
    assert closing is True, f"the officer was refused: {closing!r}"
    counted = [user for user, answer in zip(users, votes, strict=True) if answer is True]
    check_refusals([answer for answer in votes if answer is not True])
    return counted, papers


def check_refusals(errors):
    for error in errors:
        assert isinstance(error, UserError), repr(error)
        assert str(error) in (NOT_OPEN, VOTED), str(error)


def check_result(meeting, counted, papers):
    """What the sealed ballots say is what the counted members were told that they had voted, one paper each."""
    assert len(set(counted)) == len(counted), "a member was told twice that the vote counts"
    assert world.voted_seats(meeting) == {meeting.members[user] for user in counted}
    assert world.state_of(meeting) == "closed"
    if len(counted) < NEEDED:
        assert world.filled(meeting) == [0] * MOTIONS, "what was cast is destroyed"
        assert not any(any(counts.values()) for counts in tally(meeting).values()), "nothing is revealed"
        return
    absent = world.MEMBERS - len(counted)
    for motion, counts in tally(meeting).items():
        expected = Counter(papers[user][motion] for user in counted)
        expected["abstain"] += absent
        assert +counts == +expected, (motion, counts, expected)


def test_nothing_is_lost_or_doubled_when_all_vote_and_the_officer_closes_at_once():
    draw = random.Random(86)
    voters = Counter()
    with Retries() as retries:
        for meeting in world.meetings(RUNS, MOTIONS):
            counted, papers = run(meeting, draw)
            check_result(meeting, counted, papers)
            voters[len(counted)] += 1
    assert world.broken_rules() == {}
    # The race must be one: sometimes the officer is faster than some of the members.
    assert len(voters) > 3, voters
    assert min(voters) < world.MEMBERS, voters
    assert not retries.messages, f"{len(retries.messages)} requests met a conflict: {retries.messages[:3]}"
