"""二: achievements of employees, and which level they reach."""

from . import (
    achievement,
    eligibility,
    hr_employee,
    prospect,
)
