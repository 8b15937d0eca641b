from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # A vote that is open while the rule comes has the usual day from now on: nobody is put off by an end that was not told.
    openupgrade.logged_query(
        env.cr,
        """UPDATE skill_cert_session SET ends_on = now() AT TIME ZONE 'UTC' + interval '1 day'
            WHERE state = 'open' AND ends_on IS NULL""",
    )
