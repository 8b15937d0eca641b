from openupgradelib import openupgrade

from odoo.addons.wz_skill_cert.workflow import states
from odoo.tools import SQL

TABLES = {
    "skill_cert_application": "id",
    "skill_cert_achievement": "application_id",
    "skill_cert_material": "application_id",
    "skill_cert_application_history": "application_id",
    "skill_cert_application_contribution": "application_id",
}


@openupgrade.migrate()
def migrate(env, version):
    # Who changed a submitted case last, and when, named experts to the nominator. What the unit itself did last is not
    # known any more: its creator, and the submission.
    for table, column in TABLES.items():
        env.cr.execute(
            SQL(
                """UPDATE %s t SET write_uid = t.create_uid, write_date = COALESCE(a.submitted_on, t.create_date)
                     FROM skill_cert_application a WHERE a.id = t.%s AND a.state != ALL(%s)""",
                SQL.identifier(table),
                SQL.identifier(column),
                list(states("open")),
            )
        )
