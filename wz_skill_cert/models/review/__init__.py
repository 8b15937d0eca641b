"""四（三）综合评审、（四）票决: committees, draw, sessions, ballots, publicity, objections."""

from . import (
    committee,
    draw,
    session,
    seat,
    motion,
    vote_round,
    ballot,
    paper_count,
    objection,
    publication,
    case_experts,
    expert_seats,
)
