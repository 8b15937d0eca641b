"""附件2 from the uploaded workbook to drafts, against Odoo's own ``load()`` of the same rows.

Run by `make bench` inside a transaction that is rolled back. BENCH_ROWS=10000 for the size that an upload may have.
The workbook's way includes reading the file, checking all rows and keeping them until confirmation; ``load()`` is given
rows that have been read already.
"""

import base64
import io
import sys
import time
from datetime import date, timedelta

import xlsxwriter
from figures import figure, size

from odoo.addons.wz_skill_cert.reports import summary
from odoo.fields import Command

ROWS = size("ROWS", 2000, tiny=30)
# Wherever it lies.
sheet_import = sys.modules[env["skill.cert.sheet.import"]._tick.__module__]
LOAD_FIELDS = [
    "applicant_name", "id_number", "sex", "birth_date", "education", "occupation_id", "level", "employer_id", "job",
    "stated_career_years", "stated_benefit", "employer_assets", "employer_sales", "employer_headcount", "phone",
    "submission_id/.id", "campaign_id/.id", "nominator_id/.id",
]  # fmt: skip
# Whose values differ between two runs by nature: the hour, and which of two equal sheets.
OWN = {"id", "create_date", "write_date", "create_uid", "write_uid", "submission_id", "access_token", "access_warning"}
MOMENTS = {"waiting_since"}


def resident_id(birth, sequence):
    """Return an invented number of area 330300, as in tests/common.py."""
    body = f"330300{birth:%Y%m%d}{sequence:03d}"
    return body + "10X98765432"[sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body)) % 11]


def nominator():
    """Return (unit, its nominator): an enterprise of Lucheng and a user who nominates for it."""
    groups = [env.ref(name).id for name in ("base.group_user", "wz_skill_cert.group_nominator")]
    users = env["res.users"].with_context(no_reset_password=True)
    user = users.create({"name": "bench", "login": "bench", "group_ids": [Command.set(groups)]})
    unit = env["res.partner"].create(
        {
            "name": "温州示例电器有限公司（虚构）",
            "is_company": True,
            "skill_cert_unit": "enterprise",
            "skill_cert_bureau_id": env.ref("wz_skill_cert.bureau_330302").id,
            "nominator_user_ids": [Command.link(user.id)],
        }
    )
    return unit, user


def people(unit):
    """Return the rows of the sheet: sixteen values each, in the order of the paper."""
    rows = []
    for number in range(ROWS):
        birth = date(1965, 1, 1) + timedelta(days=number % 9_000)
        identity = resident_id(birth, 901 + number // 9_000)
        sex = "男" if int(identity[16]) % 2 else "女"
        rows.append([
            number + 1, f"示例{number}", identity, sex, birth, "本科", "电工", "高级（三级）", unit.name, "维修电工",
            20, 35.5, 5000, 8000.5, 320, "13800000901",
        ])  # fmt: skip
    return rows


def workbook(rows):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(0, 0, [column.heading for column in summary.COLUMNS])
    for number, row in enumerate(rows, 1):
        page.write_row(number, 0, row[:4])
        page.write_datetime(number, 4, row[4], day)
        page.write_row(number, 5, row[5:])
    book.close()
    return base64.b64encode(stream.getvalue())


def sheet_of(user, unit, campaign):
    values = {"nominator_id": unit.id, "campaign_id": campaign.id, "bureau_id": unit.skill_cert_bureau_id.id}
    return env["skill.cert.submission"].with_user(user).create(values)


def load_rows(rows, sheet):
    ends = [str(sheet.id), str(sheet.campaign_id.id), str(sheet.nominator_id.id)]
    sexes = {"男": "Male", "女": "Female"}
    return [
        [row[1], row[2], sexes[row[3]], str(row[4]), "Bachelor", "电工", "Senior worker (level 3)", row[8], row[9]]
        + [str(value) for value in row[10:]] + ends
        for row in rows
    ]  # fmt: skip


def by_load(rows, sheet):
    result = sheet.env["skill.cert.application"].load(LOAD_FIELDS, load_rows(rows, sheet))
    assert len(result["ids"] or ()) == len(rows), result["messages"][:3]
    env.flush_all()


def by_workbook(data, sheet, marks):
    upload = sheet.env["skill.cert.sheet.import"].create({"submission_id": sheet.id, "file": data})
    upload.action_check()
    assert (upload.good_count, upload.bad_count) == (ROWS, 0), upload.message
    marks.append(time.perf_counter())
    upload.action_confirm()
    assert upload.state == "done", upload.message
    env.flush_all()


def drafts(sheet):
    """Return the stored values of the sheet's drafts and their checklists, without what differs by nature."""
    env.invalidate_all()
    applications = env["skill.cert.application"].search([("submission_id", "=", sheet.id)], order="id")
    names = [name for name, field in applications._fields.items() if field.store and field.column_type]
    values = applications.read([name for name in names if name not in OWN], load=None)
    values = [{name: bool(row[name]) if name in MOMENTS else row[name] for name in row} for row in values]
    lists = [application.material_ids.mapped("name") for application in applications]
    followers = [application.message_follower_ids.partner_id.ids for application in applications]
    return [{k: v for k, v in row.items() if k != "id"} for row in values], lists, followers


def differences(made, expected):
    """Yield what the drafts differ in, for whoever has to find out why."""
    for ours, theirs in zip(made, expected, strict=True):
        for own, other in zip(ours, theirs, strict=True):
            if isinstance(own, dict):
                own, other = ({k: v for k, v in one.items() if own[k] != other[k]} for one in (own, other))
            if own != other:
                yield own, other


def timed(work):
    """Return (seconds, what it made), its effect undone."""
    env.flush_all()
    env.cr.execute("SAVEPOINT bench")
    start = time.perf_counter()
    sheet = work()
    elapsed = time.perf_counter() - start
    made = drafts(sheet)
    env.cr.execute("ROLLBACK TO SAVEPOINT bench")
    env.invalidate_all(flush=False)
    return elapsed, made


def main():
    # All in one transaction, so that it can be undone: no job in the background, no counter beside it.
    sheet_import.DIRECT_BYTES = sheet_import.DIRECT_ROWS = 10**9
    sheet_import.DIRECT_SECONDS = sheet_import.SECONDS
    sheet_import.SheetImport._tick = lambda self, done, total=0: None
    unit, user = nominator()
    campaign = env["skill.cert.campaign"].create(
        {"name": "bench", "date_close": "2099-12-31", "policy_id": env.ref("wz_skill_cert.policy_wenzhou_2020_86").id}
    )
    sheet, rows, marks = sheet_of(user, unit, campaign), people(unit), []
    data = workbook(rows)
    start = time.perf_counter()
    ours, made = timed(lambda: by_workbook(data, sheet, marks) or sheet)
    confirm = ours - (marks[0] - start)
    theirs, expected = timed(lambda: by_load(rows, sheet) or sheet)
    assert made == expected, list(differences(made, expected))[:3]
    print(f"{ROWS} rows, drafts equal in every stored field, checklist and follower")
    figure(
        "load() ÷ workbook, all of it", theirs / ours, at_least=3, note=f"{theirs:.2f} s ÷ {ours:.2f} s, {ROWS:,} rows"
    )
    figure("load() ÷ confirmed import alone", theirs / confirm, note=f"{theirs:.2f} s ÷ {confirm:.2f} s")


main()
env.cr.rollback()
