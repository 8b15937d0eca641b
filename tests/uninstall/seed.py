"""Uses the addon: a record of each model, a case in every state, and what is kept outside of records. Run by `odoo shell`."""

import os
import sys
from unittest.mock import patch

from passlib.context import CryptContext

sys.path.insert(0, os.environ["TESTS_ROOT"])
from odoo.fields import Command
from odoo.tests import TransactionCase

from tests.matrix_records import MatrixCase


def weak_hash(_users):
    """Nobody logs in: sixty passwords need not be hashed as well as they can be."""
    return CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=1)


def world():
    """Return the world of the tests, made without their transaction."""
    MatrixCase.env = env
    MatrixCase._make_world()
    case = MatrixCase()
    with patch.object(TransactionCase, "setUp"):
        case.setUp()
    return case


def keep_outside_of_records(case):
    """Leave traces where an uninstallation might overlook them."""
    case.case.sudo().activity_schedule("wz_skill_cert.activity_next_step", user_id=case.county_officer.id)
    case.case.sudo().message_post(body="示例")
    level = env.ref("wz_skill_cert.skill_level_technician")
    award = {"skill_type_id": level.skill_type_id.id, "skill_id": level.skill_type_id.skill_ids[0].id}
    award |= {"skill_level_id": level.id, "valid_from": "2026-01-01"}
    case._employee(employee_skill_ids=[Command.create(award)])
    env["ir.filters"].create({"name": "示例", "model_id": "skill.cert.application", "domain": "[]"})
    env["skill.cert.visit"]._seconds_to_wait("192.0.2.1")
    env["res.config.settings"].create({"skill_cert_trail_months": 72}).execute()


with patch.object(env.registry["res.users"], "_crypt_context", weak_hash):
    case = world()
    rows = case._records()
keep_outside_of_records(case)
env.flush_all()
env.cr.commit()
env["skill.cert.trail"]._chain()
env.cr.commit()
counts = {
    name: env[name].sudo().search_count([])
    for name in ("skill.cert.application", "skill.cert.certificate", "skill.cert.trail")
}
assert all(counts.values()), counts
assert env["ir.config_parameter"].get_param("auth_signup.invitation_scope") == "b2b", "the addon closes the sign-up"
print(f"uninstall: {len(rows)} kinds of records made; {counts}")
