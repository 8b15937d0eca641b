"""What stays and what goes: statistics, invariants, entries in the trail, erasure."""

from . import (
    statistics,
    invariants,
    recorded,
    erasure,
    kept_files,
    personal_data,
)
