from . import (
    deadline,
    handover,
    notification,
    reminder,
    overview,
    step,
)
