"""三、四（一）: who takes part: bureaus, units and their members, experts, people from outside."""

from . import (
    bureau,
    expert,
    signing_key,
    public_address,
    res_partner,
    merging,
    membership,
    outsiders,
    forgotten_password,
    outsider_mail,
    own_numbers,
    separate_duties,
    rights,
)
