from . import (
    occupation,
    policy,
    eligibility,
    campaign,
    reason,
)
