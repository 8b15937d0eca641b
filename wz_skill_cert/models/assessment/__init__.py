from . import (
    appointed_body,
    panel,
    assessment,
    panel_round,
    schedule,
    conflict,
    case_experts,
)
