from . import (
    achievement,
    eligibility,
    hr_employee,
    prospect,
)
