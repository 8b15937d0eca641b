from . import (
    bureau,
    expert,
    signing_key,
    res_partner,
    membership,
    outsiders,
)
