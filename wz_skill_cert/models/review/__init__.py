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
