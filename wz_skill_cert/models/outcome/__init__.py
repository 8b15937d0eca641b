"""四（四）发证: certificates, their numbers and signatures, the award."""

from . import (
    certificate_number,
    certificate,
    signature,
    award,
    correction,
)
