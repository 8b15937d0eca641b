"""Eligibility of 100,000 employees with 300,000 achievements, against hand-written floors.

Run by `make bench` inside a transaction that is rolled back. Each line is a ratio, or a count,
measured in one run on one database.
"""

import time

from figures import figure, size

EMPLOYEES = size("EMPLOYEES", 100_000, tiny=200)
PER_EMPLOYEE = 3

SEED = """
    WITH numbers AS (SELECT generate_series(1, %(employees)s) AS n),
    resources AS (
        INSERT INTO resource_resource (name, company_id, resource_type, tz, time_efficiency, active)
        SELECT 'bench ' || n, %(company)s, 'user', 'Asia/Shanghai', 100, TRUE FROM numbers RETURNING id
    )
    INSERT INTO hr_employee (name, resource_id, company_id, active, occupation_id)
    SELECT 'bench', id, %(company)s, TRUE, %(occupation)s FROM resources
"""

# Every type in turn, with values on both sides of each threshold.
ACHIEVEMENTS = """
    INSERT INTO hr_employee_achievement
        (employee_id, company_id, type_id, kind, name, scope, grade, title_rank, role, annual_benefit,
         granted, related, identity)
    SELECT e.id, e.company_id, t.id, t.kind, 'bench', (1 + k %% 4)::text, (k %% 5)::text, (1 + k %% 4)::text,
           (ARRAY['participant', 'main_participant', 'main_contributor'])[1 + k %% 3], k %% 80,
           k %% 7 > 0, k %% 11 > 0, 'bench' || k
      FROM (SELECT id, company_id, row_number() OVER () AS r FROM hr_employee WHERE name = 'bench') e
     CROSS JOIN generate_series(1, %(per)s) AS s(i)
     CROSS JOIN LATERAL (SELECT (e.r * 31 + s.i * 17)::int AS k) x
      JOIN (SELECT id, kind, row_number() OVER (ORDER BY id) - 1 AS r,
                   count(*) OVER () AS total FROM skill_cert_achievement_type) t ON t.r = x.k %% t.total
"""

# The notice's conditions typed in by hand, without a table of rules: what the same answer costs at least.
FLOOR = """
    UPDATE hr_employee e SET eligible_level = r.level
      FROM hr_employee every LEFT JOIN (
        SELECT employee_id, CASE
            WHEN bool_or(kind = 'honour' AND scope >= '2')
              OR count(DISTINCT identity) FILTER (WHERE kind = 'award' AND scope >= '3' AND grade <= '4' AND role = 'main_contributor') >= 1
              OR count(DISTINCT identity) FILTER (WHERE kind = 'award' AND scope >= '2' AND grade <= '3' AND role = 'main_contributor') >= 2
              OR count(DISTINCT identity) FILTER (WHERE kind = 'patent' AND granted AND role = 'main_contributor') >= 2
              OR bool_or(kind = 'talent' AND related)
              OR bool_or(kind = 'title' AND title_rank >= '2' AND related)
              OR bool_or(kind = 'breakthrough' AND annual_benefit >= 50 AND role IN ('main_participant', 'main_contributor')
                         AND EXISTS (SELECT FROM hr_employee_achievement_evidence_rel v WHERE v.achievement_id = a.id))
                THEN 'technician'
            WHEN bool_or(kind = 'honour' AND scope >= '1')
              OR count(DISTINCT identity) FILTER (WHERE kind = 'award' AND scope >= '2' AND grade <= '3' AND role = 'main_contributor') >= 1
              OR count(DISTINCT identity) FILTER (WHERE kind = 'award' AND scope >= '1' AND grade <= '3' AND role = 'main_contributor') >= 2
              OR count(DISTINCT identity) FILTER (WHERE kind = 'patent' AND granted AND role = 'main_contributor') >= 1
              OR bool_or(kind = 'title' AND title_rank >= '1' AND related)
              OR bool_or(kind = 'breakthrough' AND annual_benefit >= 30 AND role IN ('main_participant', 'main_contributor')
                         AND EXISTS (SELECT FROM hr_employee_achievement_evidence_rel v WHERE v.achievement_id = a.id))
                THEN 'senior_worker' END AS level
          FROM hr_employee_achievement a GROUP BY employee_id
      ) r ON r.employee_id = every.id
     WHERE e.id = every.id AND e.eligible_level IS DISTINCT FROM r.level
"""


def seconds(work):
    """Return the wall time of ``work()``, its effect undone: each run finds the same table."""
    env.cr.execute("SAVEPOINT bench")
    start = time.perf_counter()
    work()
    elapsed = time.perf_counter() - start
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")
    env.invalidate_all(flush=False)
    return elapsed


def median(work, runs=3):
    return sorted(seconds(work) for _run in range(runs))[runs // 2]


def seed():
    occupation = env.ref("wz_skill_cert.occupation_6_31_01_03").id
    env.cr.execute(SEED, {"employees": EMPLOYEES, "company": env.company.id, "occupation": occupation})
    env.cr.execute(ACHIEVEMENTS, {"per": PER_EMPLOYEE})
    env.cr.execute("ANALYZE hr_employee")
    env.cr.execute("ANALYZE hr_employee_achievement")


def levels():
    env.flush_all()
    env.cr.execute("SELECT eligible_level, count(*) FROM hr_employee WHERE name = 'bench' GROUP BY 1 ORDER BY 1")
    return env.cr.fetchall()


def same_answer(*works):
    """Check that the floor and the statement agree before their times are compared."""
    answers = []
    for work in works:
        env.cr.execute("SAVEPOINT answer")
        work()
        answers.append(levels())
        env.cr.execute("ROLLBACK TO SAVEPOINT answer")
    assert answers[0] == answers[1], answers
    print("levels reached:", answers[0])


def main():
    seed()
    policy = env["skill.cert.policy"]
    floor, ours = (lambda: env.cr.execute(FLOOR)), policy._refresh_eligible_levels
    same_answer(floor, ours)
    floor_seconds, our_seconds = median(floor), median(ours)
    figure(
        "full recomputation ÷ hand-written floor",
        our_seconds / floor_seconds,
        at_most=2,
        note=f"{our_seconds:.2f} s ÷ {floor_seconds:.2f} s, {EMPLOYEES:,} employees",
    )
    one = env["hr.employee"].search([("name", "=", "bench")], limit=1)
    rules = policy._in_force()
    elapsed = median(lambda: rules._explain(rules._evaluate(one)[one.id]), runs=9)
    figure("one explanation", elapsed * 1000, "ms", at_most=50)


main()
env.cr.rollback()
