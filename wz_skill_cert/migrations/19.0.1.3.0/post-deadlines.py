from openupgradelib import openupgrade

from odoo.addons.wz_skill_cert import clock


@openupgrade.migrate()
def migrate(env, version):
    # Since when a case has been in its state, as its own history says it; where that is silent, since its submission.
    openupgrade.logged_query(
        env.cr,
        """
        UPDATE skill_cert_application a SET waiting_since = COALESCE(
            (SELECT max(m.date) FROM mail_message m
               JOIN mail_tracking_value v ON v.mail_message_id = m.id
               JOIN ir_model_fields f ON f.id = v.field_id AND f.name = 'state'
              WHERE m.model = 'skill.cert.application' AND m.res_id = a.id),
            a.decided_on, a.submitted_on, a.create_date, a.waiting_since)
        """,
    )
    # The days count from the upgrade: nobody is late by a deadline that was not set.
    cases = env["skill.cert.application"].with_context(active_test=False).search([])
    cases.invalidate_recordset(["waiting_since"])
    cases._begin_terms(clock.today())
