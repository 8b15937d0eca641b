from . import (
    occupation,
    achievement_type,
    policy,
    material_template,
    reason,
)
