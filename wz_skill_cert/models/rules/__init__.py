"""二、四（一）: the notice as data: policy, conditions, criteria, occupations, materials, reasons."""

from . import (
    holiday,
    occupation,
    achievement_type,
    policy,
    criterion,
    material_template,
    plausibility,
    reason,
)
