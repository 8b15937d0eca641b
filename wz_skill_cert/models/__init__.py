# The rooms, in the order in which a case walks through them: each names only what stands before it.
from . import (
    platform,
    rules,
    parties,
    ledger,
    request,
    assessment,
    review,
    course,
    outcome,
    procedure,
    papers,
    keeping,
    desks,
)
