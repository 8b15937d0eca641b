from . import (
    achievement,
    hr_employee,
    prospect,
)
