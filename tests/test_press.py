"""What the press makes of pages of HTML: files that an archive takes, alone and bound, and processes that keep their place."""

import base64
import io
import json
import os
import re
import socket
from unittest.mock import patch

import page as archive
import pikepdf
from PIL import Image
from pypdf import PdfReader

from odoo.addons.wz_skill_cert.reports import press
from odoo.tests import BaseCase, tagged

# No installed font has it: Unicode will never give it a meaning.
NOWHERE = "\U0002ffff"
SHEET = """<!DOCTYPE html><html lang="zh-CN"><head><title>温州示例表 2099-330302-{number:05d}</title>
<meta name="author" content="温州示例局"/>
<link rel="attachment" title="form.json" href="data:application/json;base64,{data}"/>
<style>@page {{ size: A4; @bottom-center {{ content: "第" counter(page) "页共" counter(pages) "页" }} }}
body {{ font-family: {families} }} section {{ break-before: page }}</style></head>
<body><h1>表{number}</h1><p>{text}</p><img alt="照片" src="data:image/png;base64,{photo}"/>
<section><p>续{number}</p></section></body></html>"""


def picture(mode, color):
    stream = io.BytesIO()
    Image.new(mode, (26, 35), color).save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def sheet(number, text="温州", mode="RGB"):
    """Return a form of two pages with a photo, an attached file, a title and an author."""
    color = (200, 30, 30) if mode == "RGB" else (200, 30, 30, 90)
    data = base64.b64encode(json.dumps({"number": number}).encode()).decode()
    families = press.quoted_families()
    return SHEET.format(number=number, text=text, photo=picture(mode, color), data=data, families=families)


class PressCase(BaseCase):
    def texts(self, content):
        return [re.sub(r"\s", "", found.extract_text()) for found in PdfReader(io.BytesIO(content)).pages]

    def opened(self, content):
        document = pikepdf.open(io.BytesIO(content))
        self.addCleanup(document.close)
        return document

    def assert_archive_grade(self, content):
        report = archive.validate_pdf_bytes(content, profile=archive.ValidationProfile.PDF_A_3B)
        self.assertTrue(report.is_compliant, [str(failure) for failure in report.failures])

    def attached(self, content):
        """Return {name: content} of the attached files."""
        return {name: found[0] for name, found in PdfReader(io.BytesIO(content)).attachments.items()}


@tagged("standard", "post_install", "-at_install")
class TestArchiveGrade(PressCase):
    def test_one_form_with_photo_and_data_is_pdf_a_3b(self):
        for mode in ("RGB", "RGBA"):
            self.assert_archive_grade(press.pdf([sheet(1, mode=mode)]))

    def test_the_validator_refuses_what_weasyprint_leaves_open(self):
        with (
            patch.object(press, "_finished", press._bytes),
            self.assertRaises(AssertionError),
        ):
            self.assert_archive_grade(press.pdf([sheet(1)]))

    def test_the_length_of_a_stream_that_ends_with_a_line_end_is_told_the_same_from_both_ends(self):
        # The checksum at the end of the data makes it end in every byte there is.
        document = pikepdf.new()
        document.add_blank_page()
        document.Root.Samples = pikepdf.Array(
            document.make_indirect(pikepdf.Stream(document, bytes([number]))) for number in range(256)
        )
        content = press._bytes(document)
        self.assertFalse(b"\r\nendstream" in content)
        samples = self.opened(content).Root.Samples
        self.assertEqual(b"".join(sample.read_bytes() for sample in samples), bytes(range(256)))

    def test_attached_data_has_its_name_once_in_the_catalog(self):
        document = self.opened(press.pdf([sheet(7)]))
        (spec,) = document.Root.AF
        self.assertEqual((str(spec.UF), str(spec.F), str(spec.AFRelationship)), ("form.json", "form.json", "/Data"))
        self.assertEqual(str(spec.EF.F.Subtype), "/application/json")
        self.assertEqual(self.attached(press.pdf([sheet(7)])), {"form.json": b'{"number": 7}'})

    def test_the_same_form_gives_the_same_bytes(self):
        first = press.pdf([sheet(1)])
        desk = press.Press()
        desk.printed([sheet(2)])
        self.assertEqual(desk.printed([sheet(1)]).content, first)

    def test_a_character_that_no_font_has_is_named_and_not_printed_as_a_box(self):
        with self.assertRaises(press.UnprintableError) as caught:
            press.pdf([sheet(1, f"张{NOWHERE}三")])
        self.assertEqual(caught.exception.args[0], NOWHERE)
        # Joiners, marks and spaces have no ink to miss.
        press.pdf([sheet(1, "a\u200db\u00a0c\u3000d\ufe0f")])

    def test_a_page_calls_nobody_from_the_printing_process_either(self):
        with socket.create_server(("127.0.0.1", 0)) as server, press.Pool(1) as pool:
            address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
            hostile = f'<link rel="stylesheet" href="{address}.css"/><img src="{address}.png"/>'
            hostile += (
                f'<style>@import "{address}"; p {{ background: url({address}) }}</style><img src="file:///etc/passwd"/>'
            )
            (printed,) = pool.printed([[sheet(1, hostile)]])
            self.assertIn("表1", self.texts(printed.content)[0])
            server.setblocking(False)
            with self.assertRaises(BlockingIOError):
                server.accept()


@tagged("standard", "post_install", "-at_install")
class TestBinding(PressCase):
    def setUp(self):
        super().setUp()
        desk = press.Press()
        self.single = desk.printed([sheet(1)]).content
        self.pair = desk.printed([sheet(2), sheet(3)])

    def test_forms_laid_out_together_count_their_own_pages(self):
        self.assertEqual(self.pair.pages, [2, 2])
        texts = self.texts(self.pair.content)
        self.assertEqual([text[-6:] for text in texts], ["第1页共2页", "第2页共2页"] * 2)

    def test_bound_forms_keep_order_language_author_and_are_pdf_a_3b(self):
        content = press.merged([self.single, self.pair])
        self.assert_archive_grade(content)
        starts = [text[:2] for text in self.texts(content)]
        self.assertEqual(starts, ["表1", "续1", "表2", "续2", "表3", "续3"])
        document = self.opened(content)
        self.assertEqual(str(document.Root.Lang), "zh-CN")
        self.assertEqual(str(document.docinfo["/Author"]), "温州示例局")
        self.assertEqual(len(document.Root.OutputIntents), 1)

    def test_title_of_bound_forms_is_what_they_share_or_what_the_caller_says(self):
        for title, expected in ((None, "温州示例表"), ("案卷", "案卷")):
            document = self.opened(press.merged([self.single, self.pair], title))
            self.assertEqual(str(document.docinfo["/Title"]), expected)
            self.assertEqual(document.open_metadata()["dc:title"], expected)

    def test_in_duplicate_each_form_follows_itself(self):
        content = press.merged([self.single, self.pair], copies=2)
        self.assert_archive_grade(content)
        starts = [text[:2] for text in self.texts(content)]
        self.assertEqual(starts, ["表1", "续1"] * 2 + ["表2", "续2"] * 2 + ["表3", "续3"] * 2)
        # The second copy shares the ink: hardly any bytes.
        self.assertLess(len(content), len(press.merged([self.single, self.pair])) * 1.05)

    def test_structure_of_all_forms_survives(self):
        document = self.opened(press.merged([self.single, self.pair], copies=2))
        tree = document.Root.StructTreeRoot
        # A document for each layout: one of one form, one of two.
        self.assertEqual([str(element.S) for element in tree.K], ["/Document"] * 2)
        parents = dict(pikepdf.NumberTree(tree.ParentTree).items())
        keys = [int(found.obj.StructParents) for found in document.pages if "/StructParents" in found.obj]
        self.assertEqual(keys, sorted(parents))
        self.assertEqual(len(keys), 6)
        for found in document.pages:
            if "/StructParents" in found.obj:
                elements = parents[int(found.obj.StructParents)]
                self.assertTrue(all(element.Pg.objgen == found.obj.objgen for element in elements if "/Pg" in element))

    def test_data_of_all_forms_stays_under_names_of_its_own(self):
        files = self.attached(press.merged([self.single, self.pair]))
        self.assertEqual(
            {name: json.loads(content)["number"] for name, content in files.items()},
            {"form.json": 1, "form-2.json": 2, "form-3.json": 3},
        )


@tagged("standard", "post_install", "-at_install")
class TestProcesses(PressCase):
    def test_results_come_in_the_order_of_the_groups(self):
        with press.Pool(2) as pool:
            results = pool.printed([[sheet(number)] for number in range(5)])
        self.assertEqual([self.texts(result.content)[0][:2] for result in results], [f"表{n}" for n in range(5)])

    def test_a_form_at_fault_stops_no_other(self):
        with press.Pool(1) as pool:
            results = pool.printed([[sheet(1)], [sheet(2, NOWHERE)], [sheet(3)]])
        self.assertEqual([type(result).__name__ for result in results], ["Printed", "Failed", "Printed"])
        self.assertEqual(results[1].characters, NOWHERE)

    def test_a_process_that_dies_is_replaced(self):
        with press.Pool(1) as pool:
            pool.printed([[sheet(1)]])
            pool.workers[0].process.kill()
            failed, printed = pool.printed([[sheet(2)], [sheet(3)]])
        self.assertIn("died", failed.error)
        self.assertIn("表3", self.texts(printed.content)[0])

    def test_whoever_never_answers_is_stopped(self):
        with press.Pool(1) as pool:
            with patch.object(press, "PATIENCE", 0):
                (failed,) = pool.printed([[sheet(1)]])
            self.assertIn("no answer", failed.error)
            self.assertFalse(pool.workers)

    def test_a_process_is_replaced_after_its_life(self):
        with press.Pool(1) as pool, patch.object(press, "LIFE", 1):
            pool.printed([[sheet(1)]])
            first = pool.workers[0].process
            pool.printed([[sheet(2)]])
            self.assertNotEqual(pool.workers[0].process.pid, first.pid)
            self.assertIsNotNone(first.poll())

    def test_no_process_outlives_the_pool_or_its_pipe(self):
        with press.Pool(1) as pool:
            pool.printed([[sheet(1)]])
            process = pool.workers[0].process
        self.assertIsNotNone(process.poll())
        # As when the server is killed: nobody ends the process, its pipe only closes.
        orphan = press.Worker()
        orphan.connection.close()
        self.assertEqual(orphan.process.wait(timeout=60), 0)

    def test_a_printing_process_is_told_no_password(self):
        with patch.dict(os.environ, {"PGPASSWORD": "secret-of-the-test"}), press.Pool(1) as pool:
            pool.printed([[sheet(1)]])
            with open(f"/proc/{pool.workers[0].process.pid}/environ", "rb") as environment:
                self.assertNotIn(b"secret-of-the-test", environment.read())
