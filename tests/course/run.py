"""Takes cases through the whole procedure, the addon's classes being registered in another order each time.

python -m tests.course.run SEED… -- ODOO'S ARGUMENTS

Prints as JSON, for each seed, what the cases leave in the database. 0 is the order in which the files import each other, -1 the
other way round, any other number an order that is drawn with it; a model only comes after what it extends. Nothing is committed.
"""

import importlib
import json
import multiprocessing
import random
import re
import sys

from passlib.context import CryptContext

from odoo import SUPERUSER_ID, api, models, sql_db
from odoo.fields import Command
from odoo.modules.module import initialize_sys_path
from odoo.modules.registry import Registry
from odoo.orm.models import MetaModel
from odoo.tools import SQL, config

ADDON = "wz_skill_cert"
# What Odoo itself writes beside the records, and the tables that are not a model's own.
ODOOS = ("mail_message", "mail_activity", "mail_tracking_value", "ir_attachment", "ir_cron_trigger")
# Drawn anew each time: ballots, so that nobody can tell whose they are, and keys.
DRAWN = {"skill_cert_ballot": ("id", "token"), "skill_cert_signing_key": ("name", "public_key", "private_key")}
# Made of the time, of such a key, or of both (the words in a picture: the colour of an avatar is the time's). And in whose
# name Odoo wrote last: it computes what is pending in the order of the fields, for whoever comes next.
MADE_ANEW = {
    "access_token", "checksum", "file_size", "hash", "index_content", "key_name", "message_id", "sha256", "signature",
    "store_fname", "token", "write_uid",
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?")
# As a certificate's page names the key that signed it, and the file that it carries of that.
KEY = re.compile(r"\b[0-9a-f]{16}(?=\.pem|</span>)")
# As papers write the minute: 11月29日 09:10.
MINUTE = re.compile(r"(?<=日 )\d\d:\d\d")
LONG = re.compile(r"[0-9a-f]{32,}|[0-9A-Za-z+/_-]{60,}=*")


def main():
    split = sys.argv.index("--")
    seeds = [int(seed) for seed in sys.argv[1:split]]
    config.parse_config(sys.argv[split + 1 :], setup_logging=False)
    initialize_sys_path()
    clock = importlib.import_module(f"odoo.addons.{ADDON}").clock
    # All on one day, and each with the numbers that the first one was given.
    day, numbers = clock.today(), sequences()
    clock.today = lambda: day
    # A process for each: a registry shares the fields with the one before.
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        left = pool.starmap(course, [(seed, numbers) for seed in seeds], chunksize=1)
    json.dump(left, sys.stdout)


def sequences():
    """Return [(name, last number)] of the database's sequences, and leave no connection that a process would inherit."""
    with sql_db.db_connect(config["db_name"][0]).cursor() as cr:
        cr.execute("SELECT schemaname || '.' || sequencename, COALESCE(last_value, start_value) FROM pg_sequences")
        numbers = cr.fetchall()
    sql_db.close_all()
    return numbers


def course(seed, numbers):
    """Return {table: rows} of what the cases leave where the classes are registered in the order of ``seed``."""
    if seed:
        definitions = MetaModel._module_to_models__[ADDON]
        choose = random.Random(seed).choice if seed > 0 else lambda ready: ready[-1]
        definitions[:] = reordered(definitions, choose)
    registry = Registry(config["db_name"][0])
    with registry.cursor() as cr:
        try:
            for name, number in numbers:
                cr.execute("SELECT setval(%s, %s)", (name, number))
            env = api.Environment(cr, SUPERUSER_ID, {})
            before = {table: highest(cr, table) for table in tables(env)}
            walk(env)
            env.flush_all()
            return {table: rows(cr, table, last) for table, last in before.items()}
        finally:
            cr.rollback()


def reordered(definitions, choose):
    """Return the classes as ``choose`` picks them, each after those that define its model and the model's parents."""
    origin = {cls._name: cls for cls in definitions if cls._name not in cls._inherit}
    waiting, result = list(definitions), []
    while waiting:
        known = set(result)
        ready = [cls for cls in waiting if all(origin.get(name, cls) in known | {cls} for name in cls._inherit)]
        chosen = choose(ready)
        waiting.remove(chosen)
        result.append(chosen)
    return result


# ------------------------------------------------------------------ the cases


def walk(env):
    # These import the addon, which is not known before the arguments are.
    from odoo.addons.base.models.res_users import ResUsersPatchedInTest

    from ..common import SkillCertCase, resident_id

    # As in Odoo's own tests: nobody logs in, and each password takes a quarter of a second.
    ResUsersPatchedInTest._crypt_context = lambda users: CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=1)

    class World(SkillCertCase):
        pass

    World.env = env
    World._make_world()
    # What is done from here on is tracked as in daily work.
    for name, value in vars(World).copy().items():
        if isinstance(value, models.BaseModel):
            setattr(World, name, value.with_env(env(user=value.env.uid)))
    World.env = env
    world = World()
    world.policy.publicity_days = 0
    skilled_worker(world)
    technician(world, resident_id(sequence=903))
    under_way(world, resident_id)


def skilled_worker(world):
    """Corrected, assessed by those who did not decline, voted on twice, certified, and revoked in the end."""
    case = world._draft()
    case.action_submit()
    officer = case.with_user(world.county_officer)
    officer.action_return("请补充材料。")
    world._settle(case)
    case.action_submit()
    officer.material_ids[:1].original_seen = True
    officer.action_accept()
    officer.write({"assess_on": "2099-01-01 01:00:00", "assess_place": "示例实训中心"})
    world._start_assessment(officer, world._panel(world.county, 4), accept=False)
    assessment = officer.sudo().review_id.assessment_ids[0]
    assessment.with_user(assessment.user_id).action_decline("time", "出差")
    world._accept_assignments(officer)
    world._assess(officer)
    officer.action_conclude_assessment()
    decide(world, officer)
    objection = world.env["skill.cert.objection"].with_user(world.county_officer)
    objection = objection.create({"application_id": case.id, "ground": "票数有疑问。", "objector_name": "示例异议人"})
    objection.action_uphold("revote", "程序有瑕疵。")
    decide(world, officer)
    officer.action_certify()
    officer.action_revoke("材料不实。")


def technician(world, number):
    """Reported on a summary sheet, recommended by the county, decided by the city."""
    case = world._draft(level="technician", id_number=number, applicant_name="李示例")
    sheet = world.env["skill.cert.submission"].with_user(world.nominator).create({"campaign_id": world.campaign.id})
    sheet.application_ids = [Command.link(case.id)]
    sheet.action_check()
    sheet.action_submit()
    county, city = case.with_user(world.county_officer), case.with_user(world.city_officer)
    county.action_accept()
    world._qualify(county)
    county.action_recommend()
    world._qualify(city)
    decide(world, city)
    city.action_certify()


def under_way(world, resident_id):
    """Left where each has a task: newly submitted, accepted, and with one expert who declined and others yet to answer."""
    world._submitted(id_number=resident_id(sequence=907), applicant_name="赵示例")
    world._accepted(id_number=resident_id(sequence=909), applicant_name="钱示例")
    case = world._accepted(id_number=resident_id(sequence=905), applicant_name="王示例")
    world._start_assessment(case, world._panel(world.county, 4), accept=False)
    assessment = case.sudo().review_id.assessment_ids[0]
    assessment.with_user(assessment.user_id).action_decline("kin", "表兄弟")


def decide(world, case):
    world.env.flush_all()
    world._decide(case)
    world.env.flush_all()


# ------------------------------------------------------------------ what they leave


def tables(env):
    own = {model._table for name, model in env.items() if name.startswith("skill.cert.") and model._auto}
    return sorted(own | set(ODOOS))


def highest(cr, table):
    cr.execute(SQL("SELECT COALESCE(max(id), 0) FROM %s", SQL.identifier(table)))
    return cr.fetchone()[0]


def rows(cr, table, last):
    """Return the new rows of ``table`` without what differs from run to run whatever the order."""
    cr.execute(SQL("SELECT to_jsonb(t) FROM %s t WHERE id > %s ORDER BY id", SQL.identifier(table), last))
    hidden, kept = DRAWN.get(table, ()), [row for [row] in cr.fetchall() if not is_portrait(table, row)]
    found = [{name: plain(name, value) for name, value in row.items() if name not in hidden} for row in kept]
    return sorted(found, key=str) if hidden else found


def is_portrait(table, row):
    """Tell whether it is a user's picture, which Odoo draws in sizes of no certain order."""
    return table == "ir_attachment" and row["res_model"] == "res.partner"


def plain(name, value):
    if isinstance(value, dict):
        return {key: plain(key, one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(name, one) for one in value]
    if value and name in MADE_ANEW:
        return "made anew"
    if not isinstance(value, str):
        return value
    return KEY.sub("…", LONG.sub("…", MINUTE.sub("then", MOMENT.sub("then", value))))


if __name__ == "__main__":
    main()
