from . import (
    statistics,
    invariants,
    recorded,
    erasure,
    personal_data,
)
