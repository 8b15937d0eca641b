from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # An applicant is on one agenda at a time from now on, by a unique index. Of several that wait, the vote that
    # is open stays, or else the latest: the others are put off, as an officer would do.
    openupgrade.logged_query(
        env.cr,
        """
        UPDATE skill_cert_motion m SET state = 'put_off', put_off_reason = '已列入另一次评审会'
         WHERE m.state = 'pending'
           AND EXISTS (SELECT FROM skill_cert_motion o
                        WHERE o.application_id = m.application_id AND o.id != m.id
                          AND (o.state = 'open' OR (o.state = 'pending' AND o.id > m.id)))
        """,
    )
