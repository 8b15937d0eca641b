from . import (
    certificate,
    signature,
    award,
)
