"""Odd contents: whatever is typed, nothing is cut, nothing overlaps, and the papers look as they were approved."""

import io
import re
from unittest.mock import patch

import page as pdf_checker
import pdfplumber
from markupsafe import Markup
from PIL import Image, ImageDraw
from pypdf import PdfReader

from odoo.addons.wz_skill_cert.reports.forms import stylesheet
from odoo.tests import tagged

from . import pictures
from .forms_common import FOOT, flaws, squeezed
from .odd_content import EMPLOYER_OF_60, HOSTILE, RARE_NAME, WORD_OF_8000, OddContent, numbered

SUMMARY_HEADING = "个人总结（包括职业道德、生产技能和工作实绩）"
REPEATED = rf"{FOOT}|草稿|(主要工作简历|个人总结|承担过关键技术岗位等的情况|带徒传艺、培养情况|本单位推荐意见)（续）"
# Millimetres at the left and right where nothing is printed.
SIDES = {"application_form": 20, "submission_summary": 10, "material_list": 20}


@tagged("standard", "post_install", "-at_install")
class TestOddContent(OddContent):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pdfs = {}

    def _printed(self, name):
        """Return the PDF of a case, printed once for all tests."""
        if name not in self.pdfs:
            self.pdfs[name] = self._pdf(*self._case(name))
        return self.pdfs[name]

    def _words(self, name):
        """Return the whole text of a case without space, the draft mark, and what pages repeat at head and foot."""
        reader = PdfReader(io.BytesIO(self._printed(name)))
        pages = (squeezed(page.extract_text()) for page in reader.pages)
        return "".join(re.sub(REPEATED, "", page) for page in pages)

    def test_no_letter_lies_on_a_line_on_another_or_off_the_page(self):
        for name, (form, _maker, _pages) in self.CASES.items():
            with self.subTest(name), pdfplumber.open(io.BytesIO(self._printed(name))) as document:
                found = [
                    f"page {page.page_number}: {flaw}" for page in document.pages for flaw in flaws(page, SIDES[form])
                ]
                self.assertFalse(found, "\n".join(found[:20]))

    def test_long_texts_are_complete_and_go_on_under_their_name(self):
        text = self._words("long-texts").replace(SUMMARY_HEADING, "")
        for number, template in ((800, "第{:04d}句，总结。"), (800, "第{:04d}名，徒弟。"), (800, "第{:04d}句，推荐。")):
            for sentence in numbered(number, template + "\n").split():
                self.assertIn(sentence, text)
        pages = [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(self._printed("long-texts"))).pages]
        for words, heading in (("徒弟。", "带徒传艺、培养情况（续）"), ("推荐。", "本单位推荐意见（续）")):
            written = [page for page in pages if words in page]
            self.assertGreater(len(written), 2)
            self.assertTrue(all(heading in page for page in written[1:]))
            self.assertNotIn(heading, written[0])
        self.assertTrue(all(SUMMARY_HEADING in page for page in pages if "，总结。" in page))

    def test_forty_rows_of_history_and_thirty_contributions_are_complete_under_repeated_headers(self):
        for name, number, header, rows in (
            ("history-40", 40, "在何单位从事何职业（工种）工作或学习", ("单位{:03d}", "证{:03d}")),
            ("contributions-30", 30, "项目名称及主要内容", ("项目{:02d}：", "成果{:02d}，", "证人{:02d}")),
        ):
            text = self._words(name)
            for row in rows:
                for serial in range(number):
                    self.assertIn(row.format(serial), text)
            pages = [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(self._printed(name))).pages]
            with_rows = [
                page
                for page in pages
                if re.search(rows[0].replace("{:03d}", r"\d{3}").replace("{:02d}", r"\d{2}"), page)
            ]
            self.assertGreater(len(with_rows), 1)
            self.assertTrue(all(header in page for page in with_rows))

    def test_every_page_but_the_cover_says_which_of_how_many_it_is(self):
        for name in ("blank", "long-texts", "history-40"):
            pages = PdfReader(io.BytesIO(self._printed(name))).pages
            for number, page in enumerate(pages, start=1):
                foot = f"第{number}页共{len(pages)}页"
                (self.assertIn if number > 1 else self.assertNotIn)(foot, squeezed(page.extract_text()))

    def test_rare_long_and_foreign_names_are_printed_whole(self):
        self.assertEqual(len(RARE_NAME), 15)
        self.assertEqual(len(EMPLOYER_OF_60), 60)
        self.assertGreaterEqual(self._words("rare-name").count(RARE_NAME), 3)
        self.assertGreaterEqual(self._words("employer-60").count(EMPLOYER_OF_60), 3)
        dotted = self._words("dotted-name-english")
        for words in ("阿卜杜热合曼·买买提艾力示例", "WenzhouExampleElectricCo.,Ltd.（虚构）", "≤0.02mm", "5×10⁻³Ω·m"):
            self.assertIn(words, dotted)

    def test_one_word_of_8000_letters_and_values_longer_than_their_cells_are_whole(self):
        text = self._words("one-word")
        self.assertIn(WORD_OF_8000, text.replace(SUMMARY_HEADING, ""))
        for words in ("W" * 40, "Witness" * 9):
            self.assertIn(words, text)
        self.assertGreaterEqual(text.count("x"), 900)

    def test_markup_is_printed_as_typed_in_every_field(self):
        # 15 fields of the person, of which the cover repeats two, a row of history and a row of contributions.
        self.assertGreaterEqual(self._words("markup").count(squeezed(HOSTILE)), 15)

    def test_every_letter_has_a_glyph_of_an_embedded_font(self):
        for name in self.CASES:
            for page in PdfReader(io.BytesIO(self._printed(name))).pages:
                for font in page["/Resources"]["/Font"].values():
                    descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
                    self.assertTrue({"/FontFile2", "/FontFile3"} & set(descriptor))

    def test_each_form_is_pdf_a_3b(self):
        # Each form, long and short: the check takes a second for two pages.
        for name in ("usual", "rare-name", "summary-blank", "materials-ticked"):
            with self.subTest(name):
                report = pdf_checker.validate_pdf_bytes(
                    self._printed(name), profile=pdf_checker.ValidationProfile.PDF_A_3B
                )
                self.assertTrue(report.is_compliant, report)

    def test_papers_look_as_they_were_approved(self):
        for name, (_form, _maker, pages) in self.CASES.items():
            found = pictures.picture(self._printed(name), pages)
            if pictures.is_regenerating():
                pictures.keep(pictures.FOLDER, name, found)
                continue
            with self.subTest(name):
                unlike = pictures.difference(pictures.golden(name), found)
                if unlike > pictures.SPARE:
                    self.fail(f"{unlike} pixels of ink moved: compare {pictures.keep(pictures.FOUND, name, found)}")


@tagged("standard", "post_install", "-at_install")
class TestPictures(OddContent):
    """The measure itself: what the comparison must see, and what it must overlook."""

    def _difference(self, changed):
        return pictures.difference(pictures.picture(self._pdf("application_form"), (2, 5)), changed)

    def _with_style(self, old, new):
        self.assertEqual(stylesheet().count(old), 1)
        style = Markup(stylesheet().replace(old, new))
        with patch("odoo.addons.wz_skill_cert.reports.forms.stylesheet", return_value=style):
            return pictures.picture(self._pdf("application_form"), (2, 5))

    def test_the_same_page_does_not_differ(self):
        self.assertEqual(self._difference(pictures.picture(self._pdf("application_form"), (2, 5))), 0)

    def test_a_cell_that_is_one_millimetre_wider_or_higher_is_seen(self):
        for old, new in (
            ("col.witness { width: 22mm }", "col.witness { width: 23mm }"),
            ("tr.tall { height: 13mm }", "tr.tall { height: 13.25mm }"),
            ("padding-right: 6mm; margin-top: 3mm", "padding-right: 7mm; margin-top: 3mm"),
        ):
            with self.subTest(new):
                self.assertGreater(self._difference(self._with_style(old, new)), pictures.SPARE)

    def test_a_lost_letter_is_seen(self):
        whole = pictures.picture(self._pdf("application_form"), (2, 5))
        cut = whole.copy()
        # 姓 of the first cell: 3.7 mm at 32.4, 25.6 mm.
        place = [round(mm / 25.4 * pictures.DPI) for mm in (32.4, 25.4, 36.1, 29.5)]
        ImageDraw.Draw(cut).rectangle(place, fill=255)
        self.assertGreater(pictures.difference(whole, cut), pictures.SPARE)

    def test_finer_strokes_and_a_third_of_a_pixel_are_overlooked(self):
        whole = pictures.picture(self._pdf("application_form"), (2, 5))
        shifted = whole.transform(
            whole.size,
            Image.Transform.AFFINE,
            (1, 0, 0.3, 0, 1, 0.3),
            resample=Image.Resampling.BILINEAR,
            fillcolor=255,
        )
        finer = whole.point(lambda level: round(255 * (level / 255) ** 0.85))
        for changed in (shifted, finer):
            self.assertLessEqual(pictures.difference(whole, changed), pictures.SPARE)
