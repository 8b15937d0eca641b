"""First page of 80 applications with their count, as each role sees it, among 20,000 and 200,000.

Run by `make bench` on a database of its own, whose tables are as autovacuum leaves them. Each line is a ratio measured in one run on one database:
a role's time ÷ the superuser's, and the time among 200,000 ÷ the time among 20,000. Time is that of the processor, of
Odoo and of the database's process together, so that what else the machine does weighs little; the roles take turns, and
the median of the turns counts. An exact count grows with what is counted, for the superuser, too; the web client counts
to 10,000.
"""

import statistics
import time
from pathlib import Path

from figures import figure, size

from odoo.fields import Command
from odoo.sql_db import db_connect

FEW, MANY = size("FEW", 20_000, tiny=200), size("MANY", 200_000, tiny=400)
ENTERPRISES, ASSOCIATIONS, EXPERTS = size("ENTERPRISES", 300, tiny=20), 5, size("EXPERTS", 1000, tiny=10)
RUNS = size("RUNS", 41, tiny=3)

# What the list shows.
COLUMNS = {
    "name": {},
    "applicant_name": {},
    "level": {},
    "state": {},
    "occupation_id": {"fields": {"display_name": {}}},
    "employer_name": {},
    "bureau_id": {"fields": {"display_name": {}}},
    "campaign_id": {"fields": {"display_name": {}}},
    "submitted_on": {},
}

# Enterprises and counties differ in size: enterprise n of 300 has a share that shrinks with n, and each county its own
# enterprises. One in twenty is nominated by an association, one in twenty is still a draft.
SEED = """
    INSERT INTO skill_cert_application
        (state, level, campaign_id, policy_id, occupation_id, nominator_id, employer_id, employer_name, bureau_id,
         city_id, reported_bureau_id, handling_bureau_id, applicant_name, id_number_masked, submitted_on, name,
         create_uid, write_uid, create_date, write_date)
    SELECT CASE WHEN n %% 20 = 3 THEN 'draft'
                ELSE (ARRAY['submitted', 'accepted', 'assessment', 'review', 'certified', 'certified', 'rejected'])[1 + n %% 7]
           END,
           CASE WHEN n %% 3 = 0 THEN 'technician' ELSE 'senior_worker' END, %(campaign)s, %(policy)s, %(occupation)s,
           CASE WHEN n %% 20 = 7 THEN (%(associations)s)[1 + n / 20 %% %(association_count)s] ELSE unit.id END,
           unit.id, unit.name, unit.skill_cert_bureau_id, %(city)s,
           CASE WHEN n %% 20 != 3 THEN unit.skill_cert_bureau_id END, unit.skill_cert_bureau_id,
           '示例' || n, '330***********' || lpad((n %% 10000)::text, 4, '0'),
           CASE WHEN n %% 20 != 3 THEN now() - n * interval '1 minute' END, CASE WHEN n %% 20 != 3 THEN 'BENCH' || n END,
           1, 1, now(), now()
      FROM generate_series(%(first)s, %(last)s) AS n
      JOIN (SELECT id, name, skill_cert_bureau_id, row_number() OVER (ORDER BY id) - 1 AS r
              FROM res_partner WHERE id = ANY(%(enterprises)s)) unit
        ON unit.r = floor(%(enterprise_count)s * power(((n * 7919::bigint) %% 10007) / 10007.0, 2))
"""

# A panel of five on two cases of three.
SEED_EXPERTS = """
    INSERT INTO skill_cert_application_expert_user_rel (application_id, user_id)
    SELECT DISTINCT a.id, (%(experts)s)[1 + (a.id / 40 * 5 + k) %% %(expert_count)s]
      FROM skill_cert_application a CROSS JOIN generate_series(0, 4) AS k
     WHERE a.state IN ('assessment', 'review', 'certified', 'rejected') ON CONFLICT DO NOTHING
"""


def user(login, *groups):
    xmlids = ("base.group_user", *(f"wz_skill_cert.{group}" for group in groups))
    return env["res.users"].create(
        {"name": login, "login": f"bench-{login}", "group_ids": [Command.set([env.ref(name).id for name in xmlids])]}
    )


def others_like(user, number):
    """Return the ids of users who only fill the table: copies of ``user``'s row, whatever columns it has."""
    env.flush_all()
    env.cr.execute(
        """INSERT INTO res_users
           SELECT (jsonb_populate_record(row, jsonb_build_object(
                      'id', nextval(pg_get_serial_sequence('res_users', 'id')), 'login', row.login || '-' || n))).*
             FROM res_users AS row CROSS JOIN generate_series(1, %s) AS n
            WHERE row.id = %s RETURNING id""",
        (number, user.id),
    )
    return [row[0] for row in env.cr.fetchall()]


def units(kind, number, bureaus):
    values = [
        {"name": f"温州示例{kind}{n}（虚构）", "is_company": True, "skill_cert_unit": kind, "skill_cert_bureau_id": bureaus[n % len(bureaus)].id}
        for n in range(number)
    ]  # fmt: skip
    created = env["res.partner"].create(values)
    # The first unit has its own user; the others share a few, since a user takes longest to create.
    created[0].nominator_user_ids = [Command.link(user(kind, "group_nominator").id)]
    others = [user(f"{kind}-{n}", "group_nominator") for n in range(10)]
    for n, unit in enumerate(created[1:]):
        unit.nominator_user_ids = [Command.link(others[n % len(others)].id)]
    return created


def prepare():
    """Create units, users and a campaign; return the parameters of SEED and the users by role."""
    bureaus, city = env["skill.cert.bureau"].search([("level", "=", "county")]), env.ref("wz_skill_cert.bureau_330300")
    enterprises, associations = (
        units("enterprise", ENTERPRISES, bureaus | city),
        units("association", ASSOCIATIONS, bureaus),
    )
    expert = user("expert", "group_expert")
    experts = [expert.id, *others_like(expert, EXPERTS - 1)]
    county, city_officer = user("county", "group_county_officer"), user("city", "group_city_officer")
    enterprises[0].skill_cert_bureau_id.user_ids = [Command.link(county.id)]
    city.user_ids = [Command.link(city_officer.id)]
    policy = env.ref("wz_skill_cert.policy_wenzhou_2020_86")
    campaign = env["skill.cert.campaign"].create(
        {
            "name": "bench",
            "date_open": "2099-01-01",
            "date_close": "2099-12-31",
            "bureau_id": city.id,
            "policy_id": policy.id,
        }
    )
    parameters = {
        "campaign": campaign.id, "policy": policy.id, "city": city.id,
        "occupation": env.ref("wz_skill_cert.occupation_6_31_01_03").id,
        "enterprises": enterprises.ids, "enterprise_count": ENTERPRISES,
        "associations": associations.ids, "association_count": ASSOCIATIONS,
        "experts": experts, "expert_count": EXPERTS,
    }  # fmt: skip
    roles = {
        "nominator": enterprises[0].nominator_user_ids,
        "association": associations[0].nominator_user_ids,
        "expert": expert,
        "county officer": county,
        "city officer": city_officer,
    }
    return parameters, roles


def seed(parameters, first, last):
    env.flush_all()
    env.cr.execute(SEED, {**parameters, "first": first, "last": last})
    env.cr.execute(SEED_EXPERTS, parameters)
    env.cr.commit()
    vacuum()


def vacuum():
    """Leave the tables as autovacuum does within minutes: rows that all may see are counted in the index alone."""
    with db_connect(env.cr.dbname).cursor() as cr:
        cr._cnx.autocommit = True
        for _attempt in range(30):
            cr.execute("VACUUM ANALYZE skill_cert_application, skill_cert_application_expert_user_rel")
            cr.execute("SELECT relallvisible >= 0.95 * relpages FROM pg_class WHERE relname = 'skill_cert_application'")
            if cr.fetchone()[0]:
                break
            # Whatever still reads an older state of the database keeps rows from being marked.
            time.sleep(1)


def first_page(applications, limit=None):
    """Return the page as the list shows it; the count up to ``limit``, as the web client asks, or exact."""
    return applications.web_search_read([], COLUMNS, limit=80, count_limit=limit)["length"]


def processor_time(backend):
    """Return the seconds that Odoo and its process of the database, number ``backend``, have spent on a processor."""
    return time.process_time() + int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9


def measure(roles, limit):
    """Return {role: (milliseconds, found)}, each turn on an empty cache."""
    applications = env["skill.cert.application"]
    models = {"superuser": applications.sudo(), **{role: applications.with_user(who) for role, who in roles.items()}}
    times, found = {role: [] for role in models}, {}
    env.cr.execute("SELECT pg_backend_pid()")
    [backend] = env.cr.fetchone()
    for _run in range(RUNS):
        for role, model in models.items():
            env.invalidate_all()
            start = processor_time(backend)
            found[role] = first_page(model, limit)
            times[role].append(processor_time(backend) - start)
    return {role: (statistics.median(spent) * 1000, found[role]) for role, spent in times.items()}


def show(title, few, many, most_ratio=None, most_growth=None):
    floor = many["superuser"][0]
    for role, (elapsed, found) in many.items():
        spent = f"{elapsed:.1f} ms, {found:,} found"
        if role != "superuser":
            figure(f"{title}: {role} ÷ superuser", elapsed / floor, at_most=most_ratio, note=spent)
        figure(f"{title}: {role} ÷ the same among {FEW:,}", elapsed / few[role][0], at_most=most_growth, note=spent)


def main():
    parameters, roles = prepare()
    seed(parameters, 1, FEW)
    few = {limit: measure(roles, limit) for limit in (None, 10_001)}
    seed(parameters, FEW + 1, MANY)
    many = {limit: measure(roles, limit) for limit in (None, 10_001)}
    show(f"first page among {MANY:,}, exact count", few[None], many[None], most_ratio=1.5)
    show(f"first page among {MANY:,}, counting to 10,000", few[10_001], many[10_001], most_growth=2)


main()
