from . import (
    certificate_number,
    certificate,
    signature,
    award,
)
