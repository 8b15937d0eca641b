"""四（二）专家考评: panels, assessments, conflicts of interest, the calendar."""

from . import (
    expert_place,
    appointed_body,
    panel,
    assessment,
    panel_round,
    schedule,
    conflict,
    expert_load,
)
