"""Printing of 附件1, six pages each, by the background job: speed, processes, memory, and stock Odoo's way.

Run by `make bench` inside a transaction that is rolled back. Each line is a ratio, or a rate, measured in one run.
Rates are per second of processor time, of all processes that take part, so that a busy machine lies as little as
possible; "wall" is the time on the clock, and says something on free cores only.
"""

import gc
import io
import os
import random
import re
import resource
import shutil
import sys
import time

from figures import figure, size
from pypdf import PdfReader

from odoo.addons.wz_skill_cert.reports import press
from odoo.fields import Command

FORMS = size("FORMS", 64, tiny=4)
KEPT = FORMS // 2
STOCK = max(1, FORMS // 8)
# Wherever it lies.
print_job = sys.modules[env["skill.cert.print.job"]._advance.__module__]
COMMON = (
    "本人自参加工作以来一直从事电气设备的安装调试与维修热爱本职遵守业道德刻苦钻研技解决了多项生产难题完成数控车床改造等目提高产品合格率"
    "降低能耗带徒二十余人其中取得资证书次被评为先进获用户好并编写操规程推广新艺"
)
TICKS = os.sysconf("SC_CLK_TCK")
random.seed(2020)


def prose(length):
    return "".join(random.choices(COMMON, k=length))


def line(year, **values):
    return Command.create({"date_start": f"{year}-07-01", "witness": "李示例", "description": prose(24), **values})


def seed():
    county, city = env.ref("wz_skill_cert.bureau_330302"), env.ref("wz_skill_cert.bureau_330300")
    unit = env["res.partner"].create(
        {
            "name": "温州示例电器有限公司（虚构）",
            "is_company": True,
            "skill_cert_unit": "enterprise",
            "skill_cert_bureau_id": county.id,
        }
    )
    user = env.ref("base.user_admin")
    user.group_ids = [Command.link(env.ref("wz_skill_cert.group_nominator").id)]
    unit.nominator_user_ids = [Command.link(user.id)]
    campaign = env["skill.cert.campaign"].create(
        {"name": "bench", "date_open": "2026-01-01", "date_close": "2099-12-31", "bureau_id": city.id,
         "policy_id": env.ref("wz_skill_cert.policy_wenzhou_2020_86").id}
    )  # fmt: skip
    return env["skill.cert.application"].with_user(user).create(
        [
            {
                "nominator_id": unit.id, "campaign_id": campaign.id, "level": "technician",
                "occupation_id": env.ref("wz_skill_cert.occupation_6_31_01_03").id,
                "applicant_name": f"示例{number}", "sex": "1", "birth_date": "1985-05-20", "education": "college",
                "phone": "13800000901", "career_start": "2005-07-01",
                "summary": prose(800), "mentoring": prose(200), "recommendation": prose(100),
                "history_ids": [line(2005 + year) for year in range(6)],
                "contribution_ids": [line(2010 + year, unit="温州示例电器有限公司", result=prose(12)) for year in range(6)],
            }
            for number in range(FORMS)
        ]
    )  # fmt: skip


def own_cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def child_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def worker_cpu(worker):
    with open(f"/proc/{worker.process.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_mb(pid):
    """Return the most memory that the process ever held, in MB, shared pages (the fonts) included."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(row.split()[1]) // 1024 for row in status if row.startswith("VmHWM"))


def job_of(applications):
    jobs = applications.env["skill.cert.print.job"]
    return jobs._start(applications, ["application_form"], "1", "pdf").with_user(env.user).sudo()


def printed(applications, processes):
    """Print with so many processes; return (wall, processor time, peaks of the processes in MB)."""
    with press.Pool(processes) as pool:
        # The steady state: all processes are there and have read fonts and stylesheet.
        job_of(applications[: processes * print_job.GROUP])._advance(pool)
        job = job_of(applications)
        before = own_cpu() + sum(map(worker_cpu, pool.workers))
        start = time.perf_counter()
        while job.state in print_job.UNFINISHED:
            job._advance(pool)
        wall = time.perf_counter() - start
        cpu = own_cpu() + sum(map(worker_cpu, pool.workers)) - before
        peaks = [peak_mb(worker.process.pid) for worker in pool.workers]
    assert (job.state, job.failures) == ("done", False), (job.state, job.reason, job.failures)
    return wall, cpu, peaks


def kept(applications):
    """Submit the applications past the guards and make their kept forms, as the scheduled action does."""
    applications.sudo().write({"state": "submitted", "submitted_on": "2026-11-24"})
    papers = env["skill.cert.paper"].sudo()
    papers._freeze(applications.sudo(), "submitted", ("application_form",), "submitted_on")._render()
    return applications


def layout_alone(bodies):
    """Return the processor time of the engine's layout of one form, which nothing around it can shorten."""
    desk = press.Press()
    desk._layout(bodies[0])
    gc.disable()
    start = own_cpu()
    for body in bodies:
        desk._layout(body)
    cpu = own_cpu() - start
    gc.enable()
    return cpu / len(bodies)


def as_stock_expects(html, application):
    """Return the same page as Odoo's layouts give it to `_prepare_html`: the page numbers as a footer of their own."""
    style, body = (
        re.search(r"<style>.*?</style>", html, re.DOTALL)[0],
        re.search(r"<body>(.*)</body>", html, re.DOTALL)[1],
    )
    footer = '<div class="footer">第 <span class="page"/> 页 共 <span class="topage"/> 页</div>'
    article = (
        f'<div class="article" data-oe-model="{application._name}" data-oe-id="{application.id}">{style}{body}</div>'
    )
    return f"<html><body><main>{footer}{article}</main></body></html>"


def stock(applications):
    """Return (wall, processor time) a form by Odoo's own way, one by one: several at once Debian's program refuses."""
    report = env.ref("wz_skill_cert.report_application_form")
    before, start = own_cpu() + child_cpu(), time.perf_counter()
    for application in applications:
        html = report._render_qweb_html(report, application.ids)[0].decode()
        bodies, _ids, header, footer, paper = report._prepare_html(
            as_stock_expects(html, application), report_model=report.model
        )
        # Without a report it is Odoo's own method that answers.
        pdf = report._run_wkhtmltopdf(bodies, header=header, footer=footer, specific_paperformat_args=paper)
        assert len(PdfReader(io.BytesIO(pdf)).pages) >= 6
    wall, cpu = time.perf_counter() - start, own_cpu() + child_cpu() - before
    return wall / len(applications), cpu / len(applications)


def main():
    applications = seed()
    env.flush_all()
    own_before = peak_mb(os.getpid())
    wall_one, cpu_one, peaks_one = printed(applications, 1)
    wall_two, cpu_two, peaks_two = printed(applications, 2)
    own_growth = peak_mb(os.getpid()) - own_before
    bodies = [
        env["ir.actions.report"]._render_qweb_html("wz_skill_cert.report_application_form", one.ids)[0].decode()
        for one in applications[:8]
    ]
    floor = layout_alone(bodies)
    rate = FORMS / cpu_one
    figure(
        "forms a second and core",
        rate,
        at_least=8,
        note=f"the engine's layout alone allows {1 / floor:.1f} ({floor:.3f} of {cpu_one / FORMS:.3f} s a form)",
    )
    figure(
        "forms by two processes ÷ by one, on the clock",
        wall_one / wall_two,
        at_least=1.8,
        note=f"needs two free cores: load {os.getloadavg()[0]:.1f} on {os.cpu_count()}; "
        f"{2 * cpu_one / cpu_two:.2f} by processor time",
    )
    figure(
        "peak memory of a printing process",
        max(peaks_one + peaks_two),
        "MB",
        at_most=400,
        note=f"two and what Odoo's own process grew by: {sum(peaks_two)} + {own_growth} MB, the fonts counted twice",
    )
    wall_kept, cpu_kept, _peaks = printed(kept(applications[:KEPT]), 1)
    figure(
        "kept forms (made before) a second and core",
        KEPT / cpu_kept,
        note=f"by processor time; {KEPT / wall_kept:.1f} on the clock",
    )
    if not shutil.which("wkhtmltopdf"):
        print("stock path: left out, wkhtmltopdf is not installed (apt-get install wkhtmltopdf)")
        return
    wall_stock, cpu_stock = stock(applications[KEPT : KEPT + STOCK])
    figure(
        "stock _run_wkhtmltopdf ÷ ours, on the clock with two processes",
        wall_stock / (wall_two / FORMS),
        at_least=3,
        note=f"{cpu_stock / (cpu_one / FORMS):.1f} by processor time ({cpu_stock:.2f} ÷ {cpu_one / FORMS:.2f} s a form); "
        f"kept forms {wall_stock / (wall_kept / KEPT):.1f} and {cpu_stock / (cpu_kept / KEPT):.1f}",
    )


main()
env.cr.rollback()
