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
