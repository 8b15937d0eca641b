"""Users for the tests, made once in a database: in most tests they cost more than what is tested.

They sleep: archived, so that no search, no mail and no list meets them. A test wakes whom it needs, within its own
transaction, which is rolled back. Whoever needs more people than there are gets new ones.
"""

from itertools import count
from unittest.mock import patch

from passlib.context import CryptContext

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name
from odoo.tools import SQL

CONTEXT = {"tracking_disable": True, "no_reset_password": True}
# {groups of the addon: how many sleep}
SLEEPERS = {
    (): 4,
    ("group_expert",): 40,
    ("group_nominator",): 8,
    ("group_county_officer",): 4,
    ("group_city_officer",): 2,
    ("group_manager",): 2,
    ("group_data_officer",): 2,
}
NUMBERS = count(1)


def _role(groups):
    """Return the beginning of the logins of the users with ``groups``."""
    return "-".join(groups).replace("group_", "") or "plain"


def _values(env, groups, login):
    """Return what makes a user as ``new_test_user`` does, whose password is the login."""
    names = ("base.group_user", *(f"wz_skill_cert.{group}" for group in groups))
    return {
        "name": login.partition("@")[0],
        "login": login,
        "password": login,
        "email": login,
        "group_ids": [Command.set([env.ref(name).id for name in names])],
    }


def settle():
    """Put the sleepers into the database of this process, unless they are there."""
    quick = patch(
        "odoo.addons.base.models.res_users.ResUsersPatchedInTest._crypt_context",
        lambda users: CryptContext(["pbkdf2_sha512", "plaintext"], pbkdf2_sha512__rounds=1),
    )
    registry = Registry(get_db_name())
    with quick, registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, CONTEXT)
        if _sleeping(env, (), 1) or "skill.cert.application" not in env:
            return
        users = env["res.users"].create(
            [
                _values(env, groups, f"{_role(groups)}-{number:02d}@test.invalid")
                for groups, people in SLEEPERS.items()
                for number in range(1, people + 1)
            ]
        )
        env.flush_all()
        _set_active(env, users, False)
    registry.clear_all_caches()


def _sleeping(env, groups, number):
    """Return up to ``number`` users who sleep: whom a test archives, keeps an active contact."""
    query = SQL(
        """SELECT u.id FROM res_users u JOIN res_partner p ON p.id = u.partner_id
            WHERE NOT u.active AND NOT p.active AND u.login LIKE %s ORDER BY u.id LIMIT %s""",
        f"{_role(groups)}-__@test.invalid",
        number,
    )
    return env["res.users"].browse(row[0] for row in env.execute_query(query))


def _set_active(env, users, active):
    """Change the two flags and nothing else: what a user is was computed while active."""
    partners = users.with_context(active_test=False).partner_id
    for records in (users, partners):
        table = SQL.identifier(records._table)
        env.execute_query(SQL("UPDATE %s SET active = %s WHERE id IN %s RETURNING id", table, active, records._ids))
        records.invalidate_recordset(["active"], flush=False)
    env["res.groups"].invalidate_model(["user_ids", "all_user_ids"], flush=False)


def wake(env, groups, number):
    """Return ``number`` users with ``groups`` of the addon, whose password is the login."""
    users = _sleeping(env, groups, number)
    if users:
        _set_active(env, users, True)
    missing = [f"{_role(groups)}-new{next(NUMBERS)}@test.invalid" for _missing in range(number - len(users))]
    return users + env["res.users"].create([_values(env, groups, login) for login in missing])
