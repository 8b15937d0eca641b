from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # When rounds from before ended, as far as it is known. The scheduled action then closes those whose term is over.
    openupgrade.logged_query(
        env.cr,
        """
        UPDATE skill_cert_review r SET ended_on = COALESCE(a.decided_on, r.write_date)::date
          FROM skill_cert_application a
         WHERE a.id = r.application_id AND r.ended_on IS NULL AND r.outcome NOT IN ('pending', 'qualified')
        """,
    )
