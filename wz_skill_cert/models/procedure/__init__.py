from . import (
    procedure,
    each,
)
