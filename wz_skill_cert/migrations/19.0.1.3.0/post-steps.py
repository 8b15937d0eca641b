from openupgradelib import openupgrade

# What is known of cases from before their steps were kept: when they were submitted and decided, when the rounds of
# their bureaus began, and when a certificate was issued. The rest of their course stays open.
KNOWN = """
    INSERT INTO skill_cert_step (application_id, state, at, bureau_id)
    SELECT application_id, state, at, bureau_id FROM (
        SELECT id, 'submitted', submitted_on, bureau_id, 1
          FROM skill_cert_application WHERE submitted_on IS NOT NULL
        UNION ALL
        -- Both are steps of the bureau of the place: it accepts, and it recommends.
        SELECT application_id, CASE WHEN before IS NULL THEN 'accepted' ELSE 'recommended' END,
               date_trunc('second', began), bureau_id, 2
          FROM (SELECT r.application_id, r.create_date AS began, a.bureau_id,
                       lag(r.outcome) OVER (PARTITION BY r.application_id ORDER BY r.id) AS before
                  FROM skill_cert_review r
                  JOIN skill_cert_application a ON a.id = r.application_id
                 WHERE r.outcome != 'returned') round
         WHERE before IS NULL OR before = 'recommended'
        UNION ALL
        SELECT id, CASE WHEN state = 'rejected' THEN 'rejected' ELSE 'passed' END, decided_on, handling_bureau_id, 3
          FROM skill_cert_application
         WHERE decided_on IS NOT NULL AND state IN ('passed', 'certified', 'rejected', 'revoked')
        UNION ALL
        -- A certificate has a day and no time: not before the decision of that day.
        SELECT c.application_id, 'certified', greatest(c.issued_on::timestamp, a.decided_on), c.bureau_id, 4
          FROM skill_cert_certificate c
          JOIN skill_cert_application a ON a.id = c.application_id
         WHERE c.id IN (SELECT min(id) FROM skill_cert_certificate GROUP BY application_id)
    ) known(application_id, state, at, bureau_id, place)
    WHERE at IS NOT NULL AND NOT EXISTS (SELECT FROM skill_cert_step s WHERE s.application_id = known.application_id)
    ORDER BY at, place, application_id
"""


@openupgrade.migrate()
def migrate(env, version):
    openupgrade.logged_query(env.cr, KNOWN)
