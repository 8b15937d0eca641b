"""附件1–3: forms kept as they were, and printing of many."""

from . import (
    kept_form,
    print_job,
)
