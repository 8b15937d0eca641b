from . import (
    bureau,
    expert,
    signing_key,
    res_partner,
    membership,
    outsiders,
    forgotten_password,
    outsider_mail,
    own_numbers,
)
