from openupgradelib import openupgrade


def _keep_readers(env):
    # Whoever had a seat could read the cases: nobody is asked to declare again for what is already under way.
    env["skill.cert.session.seat"].search([]).write({"declared": True})
    application = env["skill.cert.application"]
    cases = application.with_context(active_test=False).search([])
    for name in ("invited_user_ids", "expert_user_ids"):
        env.add_to_compute(application._fields[name], cases)
    env["skill.cert.review"].search([])._compute_motion_id()
    env.flush_all()


def _freeze_conclusions(env):
    # The figures of a panel's conclusion are kept on the round now, and no longer counted each time.
    openupgrade.logged_query(
        env.cr,
        """
        UPDATE skill_cert_review r
           SET concluded_on = s.at, assessor_count = s.assessors, favourable_count = s.favourable
          FROM (SELECT review_id, max(write_date) AS at, count(*) AS assessors,
                       count(*) FILTER (WHERE verdict = 'qualified') AS favourable
                  FROM skill_cert_assessment WHERE state = 'submitted' GROUP BY review_id) s
         WHERE s.review_id = r.id AND r.concluded_on IS NULL
           AND r.outcome NOT IN ('pending', 'returned', 'withdrawn')
        """,
    )
    openupgrade.logged_query(
        env.cr,
        """
        UPDATE skill_cert_assessment a SET state = 'released'
          FROM skill_cert_review r JOIN skill_cert_application p ON p.id = r.application_id
         WHERE a.review_id = r.id AND a.state = 'draft' AND p.state = 'revoked'
        """,
    )


@openupgrade.migrate()
def migrate(env, version):
    _freeze_conclusions(env)
    env.invalidate_all()
    _keep_readers(env)
