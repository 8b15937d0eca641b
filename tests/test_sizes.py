"""No text is longer than was told, no file holds the house up, and neither does a case that cannot be printed."""

import importlib.util
import io
import os
import random
import resource
import subprocess
import threading
import time
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path
from unittest.mock import patch

import openpyxl
from PIL import Image

from odoo.addons.wz_skill_cert import bounded, upload_kinds
from odoo.addons.wz_skill_cert.models.platform.text_limits import LIMITS
from odoo.addons.wz_skill_cert.reports import press
from odoo.addons.wz_skill_cert.workflow import OUR_MODELS
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, HttpCase, tagged
from odoo.tools import mute_logger

from .common import PROOF, SkillCertCase, resident_id
from .test_uploads import OFD_ROOT, archive

ROOT = Path(__file__).parent.parent
MEGABYTE = 10**6
# Made by the addon of what has a limit, in records that nobody else writes.
WRITTEN_BY_US = {
    ("skill.cert.print.job", "failures"),
    ("skill.cert.print.job", "reason"),
    ("skill.cert.issue.result.line", "reason"),
    ("skill.cert.sheet.row", "problem_text"),
}
WORD = "wordwithoutend"


@tagged("standard", "post_install", "-at_install")
class TestTexts(SkillCertCase):
    def _limited(self):
        """Yield (model, field, limit) of every text of the addon that somebody may type."""
        for name in self.env.registry:
            model = self.env[name]
            if not model._abstract:
                for field, limit in model._text_limits().items():
                    yield model, model._fields[field], limit

    def test_every_text_that_somebody_may_type_has_a_limit(self):
        limited = {(model._name, field.name) for model, field, _limit in self._limited()}
        typed = {
            (name, field.name)
            for name, model in self.env.registry.items()
            if name.startswith(OUR_MODELS) and not model._abstract
            for field in model._fields.values()
            if field.type in LIMITS and field.store and not self._is_made(field)
        }
        self.assertEqual(typed - limited, WRITTEN_BY_US)
        self.assertIn(("res.partner", "skill_cert_contact"), limited)
        self.assertGreater(len(limited), 60)

    def _is_made(self, field):
        return getattr(field, "guarded", False) or field.related or (field.compute and field.readonly)

    def test_every_text_takes_its_limit_and_refuses_one_more_and_a_megabyte(self):
        self.case = self._application()
        for model, field, limit in self._limited():
            model._check_lengths([{field.name: "字" * limit}])
            for size in (limit + 1, MEGABYTE):
                for road in (self._by_create, self._by_write, self._by_flush):
                    with (
                        self.subTest(model=model._name, field=field.name, size=size, road=road.__name__),
                        self.assertRaises(UserError) as refused,
                    ):
                        road(model.sudo(), field, "字" * size)
                    # Or what asks for more than a length: a file, a case, or that nobody writes there at all.
                    if isinstance(refused.exception, ValidationError):
                        self.assertRegex(str(refused.exception), rf"{limit} characters; these are \d+")

    def _by_create(self, model, field, text):
        asked_first = {"skill.cert.objection": {"application_id": self.case.id}, "hr.employee": {"name": "示例"}}
        model.create({field.name: text, **asked_first.get(model._name, {})})

    def _by_write(self, model, field, text):
        # No record is needed: refused before anything is looked at.
        model.browse().write({field.name: text})

    def _by_flush(self, model, field, text):
        # Where a computed text ends.
        column = text if field.size else field.convert_to_column(text, model)
        model.browse()._write_multi([{field.name: column}])

    def test_the_line_of_a_case_is_measured_on_the_way_through_its_case(self):
        for line in ({"witness": "证" * 101}, {"description": "工" * 1_001}):
            with self.assertRaises(ValidationError):
                values = {"date_start": "2005-07-01", "description": "电工", **line}
                self._application(history_ids=[Command.create(values)])

    def test_what_is_copied_from_a_unit_is_measured_at_the_case(self):
        nominator = self._nominator(self._unit("温" * 201))
        with self.assertRaisesRegex(ValidationError, "200 characters; these are 201"):
            self._application(nominator)

    def test_a_longer_text_of_earlier_days_stays_and_is_printed(self):
        application = self._application()
        self.env.cr.execute(
            "UPDATE skill_cert_application SET summary = %s WHERE id = %s", ("旧" * 12_000, application.id)
        )
        application.invalidate_recordset()
        application.job = "维修电工"
        application.flush_recordset()
        page = (
            self.env["ir.actions.report"]
            .with_user(self.nominator)
            ._render_qweb_html("wz_skill_cert.report_application_form", application.ids)[0]
        )
        self.assertIn("旧" * 12_000, page.decode())

    def test_a_form_says_that_a_text_is_too_long_and_keeps_it(self):
        applications = self.env["skill.cert.application"].with_user(self.nominator)
        told = applications.onchange({"summary": "总" * 8_001}, ["summary"], {"summary": {}})
        self.assertIn("8000 characters; these are 8001", told["warning"]["message"])
        self.assertNotIn("warning", applications.onchange({"summary": "总" * 8_000}, ["summary"], {"summary": {}}))

    def test_the_form_tells_the_limit(self):
        described = self.env["skill.cert.application"].fields_get(["summary", "applicant_name"])
        self.assertEqual(described["applicant_name"]["size"], 100)
        self.assertIn("8000", described["summary"]["help"])

    def _application(self, user=None, **values):
        user = user or self.nominator
        return self.env["skill.cert.application"].with_user(user).create(self._application_vals(user, **values))


SIXTEEN = "ABCDEFGHIJKLMNOP"


def workbook(page, **parts):
    """Return a workbook whose one sheet has ``page`` for its rows, and in which ``parts`` are put or replaced."""
    book, stream = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(book)
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    replaced = {"xl/worksheets/sheet1.xml": sheet % page, **parts}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, zipfile.ZipFile(book) as source:
        for name in {*source.namelist(), *replaced}:
            archive.writestr(name, replaced.get(name) or source.read(name))
    return stream.getvalue()


def cells(number, text, columns="A"):
    """Return ``number`` rows with ``text`` in each of ``columns``, below the heading that makes them a table of people."""
    cell = '<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>'
    heading = [
        cell % (column, 1, word)
        for column, word in zip("ABCD", ("姓名", "身份证号", "申报职业", "申报等级"), strict=True)
    ]
    rows = [
        f'<row r="{row}">{"".join(cell % (column, row, text) for column in columns)}</row>'
        for row in range(2, number + 2)
    ]
    return ('<row r="1">' + "".join(heading) + "</row>" + "".join(rows)).encode()


# What grows, for each kind of upload: harmless all, and read in one pass or refused.
GROWING = {
    "rows": lambda n: workbook(cells(min(n // 100, 10_000), "示例", SIXTEEN)),
    "one cell": lambda n: workbook(cells(1, "(" * n)),
    "blanks in a name": lambda n: workbook(cells(1, "示" + " " * n + "例")),
    "an open tag": lambda n: workbook(b"<row " * n),
    "a closing tag": lambda n: workbook(b"</sheetData" + b" " * n),
    "a declaration": lambda n: workbook(b"", **{"xl/a.xml": b"<?xml encoding" * (n // 14) + b"?><a/>"}),
    "merged": lambda n: workbook(b"", **{"xl/a.xml": b"<a>" + b'<mergeCell ref="A1"/>' * (n // 20) + b"</a>"}),
    "depth": lambda n: workbook(b"", **{"xl/a.xml": b"<a>" * n + b"</a>" * n}),
    "attributes": lambda n: workbook(
        b"", **{"xl/a.xml": b"<a " + b"".join(b'a%d="" ' % i for i in range(n // 10)) + b"/>"}
    ),
    "strings": lambda n: workbook(
        b"", **{"xl/sharedStrings.xml": b"<sst>" + b"<si><t>a</t></si>" * (n // 18) + b"</sst>"}
    ),
    "parts": lambda n: workbook(b"", **{f"xl/{i}.xml": b"<a/>" for i in range(n // 200)}),
}
FILES = {
    "pdf": lambda n: PROOF.replace(b"%%EOF", b"%" + b" " * n + b"\n%%EOF"),
    "jpeg": lambda n: noise("JPEG", n),
    "png": lambda n: noise("PNG", n),
    "ofd": lambda n: archive({"OFD.xml": OFD_ROOT, **{f"Doc_0/{i}.xml": b"<a/>" for i in range(min(n // 200, 4_000))}}),
}
SIZES = (1_000, 30_000, 1_000_000)


def noise(kind, number):
    content = io.BytesIO()
    side = max(8, int((number / 3) ** 0.5))
    Image.frombytes("RGB", (side, side), random.Random(1).randbytes(3 * side * side)).save(content, kind)
    return content.getvalue()


@tagged("standard", "post_install", "-at_install")
class TestFiles(BaseCase):
    """What is read is read within its seconds, in another process; seconds of work, as the machine may be busy."""

    def _seconds(self, work):
        before = sum(resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        work()
        return (
            sum(resource.getrusage(who).ru_utime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) - before
        )

    def _read(self, content):
        with suppress(bounded.Refused):
            bounded.run("sheets.sheet_file:judge", content, max_bytes=2**24)
            bounded.run("sheets.sheet_reader:people_in", content, max_bytes=2**24, seconds=3)

    def _judge(self, content):
        with suppress(bounded.Refused):
            upload_kinds.kind_of(content, 2**24)

    def test_no_kind_of_upload_takes_more_than_its_seconds_however_it_grows(self):
        for kinds, take in ((GROWING, self._read), (FILES, self._judge)):
            for kind, grown in kinds.items():
                for size in SIZES:
                    with self.subTest(kind=kind, size=size):
                        content = grown(size)
                        self.assertLess(self._seconds(lambda c=content, t=take: t(c)), 5)

    def test_the_process_of_a_file_is_ended_by_time_and_by_memory_with_a_refusal(self):
        with self.assertRaisesRegex(bounded.Refused, "heavy"):
            bounded.run(
                "sheets.sheet_reader:people_in", workbook(cells(10_000, "示例", SIXTEEN)), max_bytes=2**24, seconds=1
            )
        with patch.object(bounded, "MEMORY", 60_000_000), self.assertRaisesRegex(bounded.Refused, "heavy"):
            bounded.run("sheets.sheet_reader:people_in", workbook(cells(10_000, "示例", SIXTEEN)), max_bytes=2**24)

    def test_whoever_waits_may_have_it_stopped(self):
        class Stop(Exception):
            pass

        with self.assertRaises(Stop), patch.object(bounded, "POLL", 0.01):
            bounded.run(
                "sheets.sheet_reader:people_in",
                workbook(cells(10_000, "示例", SIXTEEN)),
                waiting=self._raise(Stop),
                max_bytes=2**24,
            )

    def _raise(self, kind):
        def raising():
            raise kind

        return raising

    def test_the_process_is_told_no_password(self):
        with (
            patch.dict(os.environ, {"PGPASSWORD": "secret-of-the-test"}),
            patch.object(subprocess, "Popen", side_effect=subprocess.Popen) as started,
        ):
            self._judge(PROOF)
        self.assertNotIn("secret-of-the-test", started.call_args.kwargs["env"].values())


@tagged("standard", "post_install", "-at_install")
class TestPatterns(BaseCase):
    """dev/check_patterns.py, by which `make lint` keeps the addon's patterns linear."""

    def setUp(self):
        super().setUp()
        spec = importlib.util.spec_from_file_location("check_patterns", ROOT / "dev" / "check_patterns.py")
        self.check = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.check)

    def _slow(self, pattern, anchored=False):
        return list(self.check.Judge(pattern, 0, anchored).problems())

    def test_what_goes_back_over_what_it_has_read_is_found(self):
        for pattern in (
            rb"<row(?=[\s/>])[^>]*>",
            r"\s+$",
            r"(a+)+b",
            r"\(.*?\)",
            r"a*(?:b?)a*c",
            rb"<\?xml[^>]*encoding\s*=",
        ):
            self.assertTrue(self._slow(pattern), pattern)
        self.assertTrue(self._slow(r"\d+\d+x", anchored=True))

    def test_what_reads_once_is_let_through(self):
        for pattern in (r"\s+", r"\([^()]*\)", r"[a-z]{1,20}b", r"\.(exe|com)\s*$"):
            self.assertEqual(self._slow(pattern), [], pattern)
        self.assertEqual(self._slow(r"(\d+(?:\.\d+)?)(万元|元)?", anchored=True), [])


def longest_application(case):
    """Return a draft whose texts are all as long as they may be, of words that nowhere break."""
    applications = case.env["skill.cert.application"].with_user(case.nominator)
    limits = applications._text_limits()
    texts = ("summary", "mentoring", "recommendation", "technical_specialty", "held_level", "title_name")
    line = {"date_start": "2005-07-01", "description": "w" * 1_000, "witness": "w" * 100}
    more = {"unit": "w" * 200, "result": "w" * 1_000}
    return applications.create(
        case._application_vals(
            **{name: "w" * limits[name] for name in texts},
            history_ids=[Command.create(line)],
            contribution_ids=[Command.create({**line, **more})],
        )
    )


@tagged("standard", "post_install", "-at_install")
class TestAnotherVisitor(SkillCertCase, HttpCase):
    """The house goes on answering while somebody's file is read, and somebody's form is typeset."""

    def test_a_page_comes_within_a_second_while_a_heavy_file_is_read(self):
        content = workbook(cells(10_000, "示例", SIXTEEN))
        self._assert_answered_while(self._read, content)

    def test_a_page_comes_within_a_second_while_the_longest_form_is_typeset(self):
        self._assert_answered_while(press.LIVE.printed, [[self._longest_form()]])

    def _longest_form(self):
        application = longest_application(self)
        reports = self.env["ir.actions.report"].with_user(self.nominator)
        return reports._render_qweb_html("wz_skill_cert.report_application_form", application.ids)[0].decode()

    def _assert_answered_while(self, work, *args):
        worker = threading.Thread(target=work, args=args)
        self._page()
        alone = self._page()
        worker.start()
        beside = []
        while worker.is_alive():
            beside.append(self._page())
        self.assertGreater(len(beside), 1)
        # A machine that is busy otherwise answers slower, alone as well.
        self.assertLess(max(beside), max(1, 5 * alone))

    def _read(self, content):
        with suppress(bounded.Refused):
            bounded.run("sheets.sheet_reader:people_in", content, max_bytes=2**24, seconds=3)

    def _page(self):
        start = time.perf_counter()
        self.assertEqual(self.url_open("/web/login", timeout=30).status_code, 200)
        return time.perf_counter() - start


class Late:
    """Prints all but the forms that hold WORD, for which it would need too long."""

    def printed(self, groups):
        late = press.Failed(error="no answer in 1 s", late=True)
        return [late if WORD in "".join(bodies) else press.Press().printed(bodies) for bodies in groups]


@tagged("standard", "post_install", "-at_install")
class TestPrinting(SkillCertCase):
    """What cannot be typeset in its time is refused with a sentence, and holds up nothing else."""

    def _cases(self):
        """Return a case that takes too long, and one that does not."""
        slow, other = (
            self.env["skill.cert.application"]
            .with_user(self.nominator)
            .create(self._application_vals(birth_date=birth, id_number=resident_id(birth)))
            for birth in (date(1985, 5, 20), date(1985, 5, 21))
        )
        # As of earlier days: in a narrow cell, the engine reads such a word anew for each of its lines.
        self.env.cr.execute(
            "UPDATE skill_cert_application_history SET witness = repeat(%s, 5000) WHERE application_id = %s",
            (WORD, slow.id),
        )
        self.env.invalidate_all()
        return slow, other

    def _pdf(self, application):
        reports = self.env["ir.actions.report"].with_user(self.nominator).with_context(force_report_rendering=True)
        return reports._render_qweb_pdf("wz_skill_cert.report_application_form", application.ids)[0]

    def test_a_form_that_takes_too_long_is_refused_and_the_next_is_printed(self):
        slow, other = self._cases()
        self._pdf(other)  # the process stands ready
        with (
            patch.object(press, "LIVE_PATIENCE", 1),
            self.assertRaisesRegex(UserError, "shorten"),
            mute_logger("odoo.addons.wz_skill_cert.reports.engine"),
        ):
            self._pdf(slow)
        self.assertTrue(self._pdf(other).startswith(b"%PDF"))

    def test_a_job_names_the_case_that_takes_too_long_and_prints_the_others(self):
        slow, other = self._cases()
        jobs = self.env["skill.cert.print.job"].with_user(self.nominator)
        job = jobs._start(slow | other, ("application_form",), "1", "zip").sudo()
        with mute_logger("odoo.addons.wz_skill_cert.reports.engine"):
            while job.state in ("waiting", "running"):
                job._advance(Late())
        self.assertEqual(job.state, "done")
        self.assertEqual(job.failures.count("\n"), 0)
        self.assertIn(str(slow.id), job.failures)
        self.assertEqual(len(job._kept("files")), 1)

    def test_a_form_at_all_its_limits_is_typeset_in_its_time(self):
        application = longest_application(self)
        page = (
            self.env["ir.actions.report"]
            .with_user(self.nominator)
            ._render_qweb_html("wz_skill_cert.report_application_form", application.ids)[0]
        )
        start = time.process_time()
        press.pdf([page.decode()])
        # Seconds of work, of words that nowhere break; Chinese takes a tenth of it.
        self.assertLess(time.process_time() - start, press.LIVE_PATIENCE / 3)
