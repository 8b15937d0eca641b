"""Where a case stands: deadlines, hand-over, tasks, e-mails, reminders, steps."""

from . import (
    deadline,
    handover,
    notification,
    reminder,
    overview,
    step,
)
