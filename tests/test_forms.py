"""Notice, 附件1–3: the forms as they are printed, and 附件2 as a workbook."""

import base64
import io
import json
import re
import time
from datetime import date
from unittest.mock import patch

import fastjsonschema
import page as pdf_checker
import pdfplumber
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from odoo.addons.wz_skill_cert import clock
from odoo.addons.wz_skill_cert.reports import engine, form_data, press
from odoo.addons.wz_skill_cert.reports.forms import photo_uri, stylesheet
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import file_open

from .common import resident_id
from .forms_common import MM, FormsCase, flaws, grid, squeezed

HISTORY_HEADER = "在何单位从事何职业（工种）工作或学习"
# The words of 附件1, in the notice's order.
FORM_WORDS = """
    附件1 温州市高技能人才直接认定 申请表 申请人姓名 工作单位 职业（工种） 认定等级 填表时间
    温州市人力资源和社会保障局印制
    填表说明 1．本表供申请高级(三级)/技师(二级)职业资格直接认定之用。
    2．请用钢笔填写，要求内容真实、简明扼要，字迹清晰端正。如内容较多，可加A4纸附页。
    3．本表一式二份。直接认定结束后，存本人档案一份，职业技能鉴定机构一份。
    姓名 性别 出生年月 文化程度 身份证号 参加工作时间 现职业（工种） 本职业（工种）工龄 职业资格等级 发证机关及日期
    聘任专业技术职务 聘任时间 申报职业（工种） 申报等级 技术专长 工作单位 联系人 单位地址 联系电话
    起止年月 在何单位从事何职业（工种）工作或学习 证明人 主 要 工 作 简 历 注：简历从参加工作后开始填写。
    个人总结（包括职业道德、生产技能和工作实绩）
    承担过关键技术岗位及在生产中技术革新、发明创造、解决疑难问题、技能竞赛获奖和科技成果（发明创造）的情况
    起止时间 在何单位 项目名称及主要内容 成果 证明人 带徒传艺、培养情况
    （需对推荐人作出较全面评价） 本单位推荐意见 （公章） 年月日
    评审组意见 表决结果 评审组人数 同意人数 反对人数 弃权人数 表决结论： 评审组负责人（签名） 年月日
    职业技能鉴定机构审批意见 （公章） 年月日
"""
SUMMARY_HEADER = (
    "序号 姓名 身份证号 性别 出生年月日 文化程度 申报职业（工种） 申报等级 报名单位 现工作岗位 工龄（年） "
    "创经济效益金额（万元） 企业资产（万元） 企业年销售额（万元） 企业人数 联系电话"
)
SUMMARY_COLUMNS = SUMMARY_HEADER.split()
# How far a line, and a word whose font has another build, may lie from where it belongs.
LINE_MM, WORD_MM = 0.3, 0.8
# What makes the server print in a test: it sends the page itself otherwise.
FORCED = "context=%7B%22force_report_rendering%22%3Atrue%7D"
HOSTILE = "<script>alert('x')</script> & <img src=\"http://127.0.0.1:9/x.png\"> {{7*7}} =1+1"


@tagged("standard", "post_install", "-at_install")
class TestApplicationForm(FormsCase):
    def test_blank_form_has_the_words_of_the_notice_in_order(self):
        pages = self._pages("application_form")
        self.assertEqual(len(pages), 6)
        # Cells are text in the order in which they are drawn; the photo's frame has a word of its own.
        self.assert_in_order(FORM_WORDS.split(), "".join(pages).replace("照片（2寸）", ""))

    def test_filled_form_keeps_the_words_of_the_notice_in_order(self):
        application = self._submitted()
        self.assert_in_order(FORM_WORDS.split(), self._text("application_form", application, self.county_officer))

    def test_values_are_printed_in_chinese_for_an_english_user(self):
        application = self._application(
            held_issuer="温州示例中心",
            held_on=date(2014, 6, 8),
            title_date=date(2018, 12, 1),
            technical_specialty="示例专长",
        )
        text = self._text("application_form", application)
        for value in (
            "张示例",
            "男",
            "1985年5月",
            "中专/职高/技校",
            "2005年7月",
            "高级（三级）",
            "2014年6月8日",
            "2018年12月1日",
        ):
            self.assertIn(value, text)
        self.assertIn(application.id_number, text)
        self.assertNotIn("Senior worker", text)

    def test_sixty_rows_of_history_are_all_there_and_each_page_repeats_the_header(self):
        pages = self._pages("application_form", self._application(history_ids=self._histories(60)))
        text = "".join(pages)
        for serial in range(60):
            self.assertIn(f"单位{serial:03d}", text)
            self.assertIn(f"证{serial:03d}", text)
        with_rows = [page for page in pages if re.search(r"单位\d{3}", page)]
        self.assertGreaterEqual(len(with_rows), 4)
        self.assertTrue(all(HISTORY_HEADER in page for page in with_rows))

    def test_a_row_longer_than_a_page_is_complete_under_a_repeated_header(self):
        # All that the narrowest of its long cells takes.
        content = "".join(f"内{number:04d}" for number in range(200))
        line = {"date_start": "2019-01-01", "unit": "示例", "description": "示例", "result": content}
        application = self._application(contribution_ids=[Command.create(line)])
        pages = self._pages("application_form", application)
        self.assertEqual(
            re.findall(r"内\d{4}", "".join(re.sub("第.页共.*?页|草稿", "", page) for page in pages))[-1], "内0199"
        )
        with_content = [page for page in pages if re.search(r"内\d{4}", page)]
        self.assertGreater(len(with_content), 1)
        self.assertTrue(all("项目名称及主要内容" in page for page in with_content))

    def test_summary_of_8000_characters_is_complete_and_quick(self):
        summary = "".join(f"第{number:04d}句，总结。" for number in range(800))
        heading = "个人总结（包括职业道德、生产技能和工作实绩）"
        application = self._application(summary=summary)
        start = time.monotonic()
        text = self._text("application_form", application)
        # Seconds; in a table whose columns fit their content it took the engine four minutes.
        self.assertLess(time.monotonic() - start, 30)
        self.assertIn(summary, text.replace(heading, ""))

    def test_markup_in_text_is_printed_as_typed(self):
        line = {
            "date_start": "2019-01-01",
            "unit": HOSTILE,
            "description": HOSTILE,
            "result": HOSTILE,
            "witness": HOSTILE,
        }
        application = self._application(
            applicant_name=HOSTILE, employer_name=HOSTILE, employer_address=HOSTILE, technical_specialty=HOSTILE, job=HOSTILE,
            summary=HOSTILE, mentoring=HOSTILE, recommendation=HOSTILE, contact_name=HOSTILE, title_name=HOSTILE,
            held_level=HOSTILE, held_issuer=HOSTILE, contribution_ids=[Command.create(line)],
        )  # fmt: skip
        html = self.env["ir.actions.report"]._render_qweb_html(
            "wz_skill_cert.report_application_form", application.ids
        )[0]
        self.assertNotIn(b"<script", html)
        self.assertNotIn(b"<img", html)
        text = self._text("application_form", application)
        self.assertGreaterEqual(text.count(squeezed(HOSTILE)), 12)

    def test_every_character_extracts_as_typed(self):
        name = "阿卜杜拉·示例𠮷"
        text = self._text(
            "application_form", self._application(applicant_name=name, summary="人大工力口日月水火木金土")
        )
        self.assertIn(name, text)
        # wkhtmltopdf turns 人 into the radical U+2F08, and no search finds it.
        self.assertFalse([char for char in text if 0x2E80 <= ord(char) <= 0x2FDF])

    def test_only_drafts_carry_the_draft_mark(self):
        application = self._draft()
        self.assertTrue(all("草稿" in page for page in self._pages("application_form", application)))
        self.assertTrue(all("草稿" in page for page in self._pages("material_list", application)))
        application.action_submit()
        self.assertNotIn("草稿", "".join(self._pages("application_form", application)))
        self.assertNotIn("草稿", "".join(self._pages("application_form")))

    def test_vote_is_printed_after_the_decision_only(self):
        application = self._qualified()
        before = self._text("application_form", application, self.county_officer)
        self.assertIn("评审组人数同意人数反对人数弃权人数表决结论：评审组负责人", before)
        self._decide(application, agree=5, against=1)
        after = self._text("application_form", application, self.county_officer)
        self.assertIn("评审组人数7同意人数5反对人数1弃权人数1表决结论：通过评审组负责人（签名）", after)

    def test_metadata_names_form_language_and_no_person(self):
        application = self._submitted()
        document = PdfReader(io.BytesIO(self._pdf("application_form", application)))
        self.assertEqual(document.metadata.title, f"温州市高技能人才直接认定申请表 {application.name}")
        self.assertEqual(document.metadata.author, "温州市人力资源和社会保障局")
        self.assertEqual(document.root_object["/Lang"], "zh-CN")
        self.assertNotIn("/Outlines", document.root_object)

    def test_file_is_pdf_a_with_embedded_fonts_and_structure(self):
        document = PdfReader(io.BytesIO(self._pdf("application_form", self._application())))
        xmp = document.root_object["/Metadata"].get_data()
        self.assertRegex(xmp, rb"pdfaid:part[^0-9]*3")
        self.assertIn("/StructTreeRoot", document.root_object)
        self.assertIn("/OutputIntents", document.root_object)
        for page in document.pages:
            for font in page["/Resources"]["/Font"].values():
                descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
                self.assertTrue({"/FontFile2", "/FontFile3"} & set(descriptor))

    def test_each_record_has_its_own_document(self):
        first, second = (
            self._application(),
            self._application(applicant_name="李示例", id_number=resident_id(sequence=903)),
        )
        reports = self.env["ir.actions.report"].with_user(self.nominator)
        streams = reports._render_qweb_pdf_prepare_streams(
            "wz_skill_cert.report_application_form", {}, [first.id, second.id]
        )
        texts = {key: squeezed(PdfReader(entry["stream"]).pages[0].extract_text()) for key, entry in streams.items()}
        self.assertIn("张示例", texts[first.id])
        self.assertIn("李示例", texts[second.id])

    def test_file_name_tells_no_name_and_no_id_number(self):
        application = self._submitted()
        for form in ("application_form", "material_list"):
            expression = self.env.ref(f"wz_skill_cert.report_{form}").print_report_name
            self.assertIn("object.name", expression)
            self.assertNotIn("applicant", expression)
        self.assertNotIn("张", application.name)


@tagged("standard", "post_install", "-at_install")
class TestLayout(FormsCase):
    """The blank forms, measured with a ruler: all in mm from the upper left corner of the paper."""

    def _page(self, form, number=1):
        return self._plumb(form).pages[number - 1]

    def assert_grid(self, page, level, upright):
        found = grid(page)
        for direction, expected, places in (("level", level, found[0]), ("upright", upright, found[1])):
            self.assertEqual(len(places), len(expected), f"{direction} lines: {places}")
            for place, line in zip(places, expected, strict=True):
                self.assertAlmostEqual(place, line, delta=LINE_MM, msg=f"{direction} lines: {places}")

    def assert_placed(self, page, places):
        words = page.extract_words(x_tolerance=3)
        for text, left, top in places:
            near = [
                word
                for word in words
                if word["text"] == text
                and abs(word["x0"] / MM - left) < WORD_MM
                and abs(word["top"] / MM - top) < WORD_MM
            ]
            self.assertTrue(near, f"{text} is not at {left}, {top} mm")

    def test_paper_is_a4_and_the_summary_lies_across(self):
        for form, width, height in (
            ("application_form", 210, 297), ("submission_summary", 297, 210), ("material_list", 210, 297),
        ):  # fmt: skip
            for page in self._plumb(form).pages:
                self.assertEqual(page.mediabox, page.cropbox)
                self.assertAlmostEqual(page.width / MM, width, delta=0.1)
                self.assertAlmostEqual(page.height / MM, height, delta=0.1)

    def test_cover_and_notes(self):
        cover = self._page("application_form", 1)
        # Five cells of 8.2 mm to write in, 13.4 mm apart; only their lower edge is drawn.
        edges = [(144.9 + 13.43 * line, 153.1 + 13.43 * line) for line in range(5)]
        self.assert_grid(cover, [place for pair in edges for place in pair], [77.3, 170])
        self.assert_placed(
            cover,
            [
                ("附件1", 20, 22.1), ("温州市高技能人才直接认定", 50, 74.6), ("申请表", 91.2, 91.1), ("申请人姓名", 40.3, 147.6),
                ("职业（工种）", 40.3, 174.4), ("年", 110.4, 201.6), ("月", 126.3, 201.6), ("日", 142.2, 201.6),
                ("温州市人力资源和社会保障局印制", 62.7, 262.5),
            ],
        )  # fmt: skip
        self.assert_placed(
            self._page("application_form", 2),
            [("1．本表供申请高级(三级)/技师(二级)职业资格直接认定之用。", 29.9, 69.7), ("构一份。", 20, 117.2)],
        )

    def test_person_and_history(self):
        page = self._page("application_form", 3)
        rows = [20, 33, 46, 59, 72, 83.5, 95, 106.5, 118, 129.5, 141, 150]
        # Four columns and the photo; below, the history's four.
        self.assert_grid(
            page,
            rows + [150 + 12.5 * row for row in range(1, 9)],
            [20, 29, 52, 59, 92, 122, 151, 167.7, 189.7],
        )
        self.assert_placed(
            page,
            [
                ("姓名", 32.4, 25.6), ("性别", 103.4, 25.6), ("身份证号", 28.7, 51.6), ("现职业（工种）", 23.2, 64.6),
                ("聘任专业技术职务", 21.3, 88.3), ("技术专长", 28.7, 111.3), ("联系电话", 99.7, 134.3),
                ("起止年月", 36.7, 144.6), ("证明人", 173.3, 144.6), ("主", 22.8, 167.7), ("历", 22.8, 230.2),
                ("注：简历从参加工作后开始填写。", 20, 253.8),
            ],
        )  # fmt: skip

    def test_photo_has_its_place_and_keeps_its_proportions(self):
        # 2寸 is 35 × 49 mm; another shape is fitted into it.
        for size, width, height in (((350, 490), 35, 49), ((400, 400), 35, 35), ((200, 490), 20, 49)):
            picture = io.BytesIO()
            Image.new("RGB", size, "#336699").save(picture, "PNG")
            application = self._application(photo=base64.b64encode(picture.getvalue()), campaign_id=self.campaign.id)
            page = self._plumb("application_form", application).pages[2]
            (photo,) = page.images
            self.assertAlmostEqual((photo["x1"] - photo["x0"]) / MM, width, delta=0.2)
            self.assertAlmostEqual((photo["bottom"] - photo["top"]) / MM, height, delta=0.2)
            # In the middle of its cell, which spans the first four rows.
            self.assertAlmostEqual((photo["x0"] + photo["x1"]) / 2 / MM, (151 + 190) / 2, delta=0.5)
            self.assertAlmostEqual((photo["top"] + photo["bottom"]) / 2 / MM, (20 + 72) / 2, delta=0.5)

    def test_personal_summary_is_one_cell_of_a_page(self):
        page = self._page("application_form", 4)
        self.assert_grid(page, [20, 32.9, 276.8], [20, 189.7])
        self.assert_placed(page, [("结（包括职业道德、生产技能和工作实绩）", 74.4, 25.3)])
        self.assertNotIn("（续）", page.extract_text())

    def test_contributions_and_apprentices(self):
        page = self._page("application_form", 5)
        self.assert_grid(
            page, [20, 34, 43, *(43 + 17 * row for row in range(1, 9)), 263], [20, 29, 50, 80, 137.7, 167.7, 189.7]
        )
        self.assert_placed(
            page,
            [
                ("起止时间", 27.7, 37.6), ("在何单位", 57.7, 37.6), ("项目名称及主要内容", 92.3, 37.6), ("成果", 149.2, 37.6),
                ("证明人", 173.3, 37.6), ("带", 22.8, 196.4), ("况", 22.8, 243.8),
            ],
        )  # fmt: skip

    def test_opinions_leave_room_for_the_seals_and_signatures(self):
        page = self._page("application_form", 6)
        self.assert_grid(page, [20, 111.1, 133.7, 144.2, 154.7, 165.2, 200.1, 267.3], [20, 52, 189.7])
        words = page.extract_words(x_tolerance=3)
        seals = [word for word in words if word["text"] == "（公章）"]
        for seal, top, bottom in zip(seals, (20, 200.1), (111.1, 267.3), strict=True):
            middle, foot = (seal["x0"] + seal["x1"]) / 2 / MM, seal["bottom"] / MM
            # A seal of 42 mm whose lower edge covers the words: above it nothing is printed, and no edge is met.
            self.assertGreater(foot - 42, top)
            self.assertLess(foot, bottom)
            self.assertGreater(middle - 21, 52)
            self.assertLess(middle + 21, 190)
            above = [
                word
                for word in words
                if middle - 21 < word["x0"] / MM < middle + 21 and foot - 42 < word["top"] / MM < seal["top"] / MM - 1
            ]
            self.assertFalse(above)
        # To the right of the words, half a line to sign on.
        (signature,) = (word for word in words if word["text"] == "评审组负责人（签名）")
        self.assertGreater(190 - signature["x1"] / MM, 40)

    def test_a_long_recommendation_leaves_room_for_the_seal(self):
        application = self._application(recommendation="推荐。" * 900)
        document = self._plumb("application_form", application)
        page = next(page for page in document.pages if "（公章）" in page.extract_text())
        words = page.extract_words(x_tolerance=3)
        seal = next(word for word in words if word["text"] == "（公章）")
        text_end = max((word["bottom"] for word in words if "推荐。" in word["text"]), default=20 * MM)
        self.assertGreater((seal["top"] - text_end) / MM, 15)

    def test_summary_sheet_has_sixteen_columns_of_their_widths(self):
        page = self._page("submission_summary")
        self.assert_grid(
            page,
            [42, *(56 + 10.5 * row for row in range(13))],
            [10, 18, 33, 66, 74, 97, 111, 132, 152, 177, 194, 205, 221, 237, 253, 267, 287],
        )
        self.assert_placed(
            page,
            [
                ("附件2", 10, 16.1), ("填报单位（盖章）：", 10, 36.4), ("填报日期：", 217, 36.4), ("序号", 11.1, 48.3),
                ("企业人数", 254.1, 48.3), ("联系电话", 271.1, 48.3), ("填表人：", 10, 186.8), ("联系电话：", 217, 186.8),
            ],
        )  # fmt: skip

    def test_list_of_materials(self):
        page = self._page("material_list")
        self.assert_grid(page, [94.8, *(107.8 + 14 * row for row in range(12))], [20, 34, 117.7, 141.7, 189.7])
        self.assert_placed(
            page,
            [
                ("附件3", 20, 22.1), ("佐证材料清单", 83.8, 33.9), ("姓名：", 20, 52.1), ("单位：", 105, 52.1), ("职业：", 20, 66.1),
                ("等级：", 105, 66.1), ("联系电话：", 20, 80.1), ("备注", 162.2, 100.4), ("身份证复印件", 35.2, 127.9),
                ("11", 25.4, 253.9),
            ],
        )  # fmt: skip


@tagged("standard", "post_install", "-at_install")
class TestFlaws(FormsCase):
    """The measure itself: what it must find on a page."""

    def _flaws(self, body):
        html = f"<html lang='zh-CN'><style>{stylesheet()} @page {{ size: A4 }}</style><body>{body}</body></html>"
        with pdfplumber.open(io.BytesIO(self.env["ir.actions.report"]._run_weasyprint([html]))) as document:
            return [flaw for page in document.pages for flaw in flaws(page, 20)]

    def test_a_tidy_page_has_none(self):
        self.assertFalse(self._flaws("<table class='grid'><tr><td>示例</td><td>二</td></tr></table>"))

    def test_letters_on_each_other_on_a_line_and_off_the_page_are_found(self):
        placed = "position: absolute; top: {}mm; left: {}mm"
        below = f"<p style='{placed.format(30, 40)}'>示例</p><p style='{placed.format(31, 41)}'>相叠</p>"
        self.assertTrue(any("lies on “" in flaw for flaw in self._flaws(below)))
        line = f"<p style='{placed.format(30, 40)}'>示例</p><p style='{placed.format(33, 30)}; width: 50mm; border-top: .25mm solid'></p>"
        self.assertTrue(any("lies on a line" in flaw for flaw in self._flaws(line)))
        upright = f"<p style='{placed.format(30, 40)}'>示例</p><p style='{placed.format(20, 41.6)}; height: 50mm; border-left: .25mm solid'></p>"
        self.assertTrue(any("lies on a line" in flaw for flaw in self._flaws(upright)))
        off = f"<p style='{placed.format(30, -6)}'>示例</p>"
        self.assertTrue(any("off the print area" in flaw for flaw in self._flaws(off)))
        overflow = "<table class='grid' style='width: 30mm'><tr><td style='white-space: nowrap'>温州市高技能人才直接认定</td><td>二</td></tr></table>"
        self.assertTrue(self._flaws(overflow))


@tagged("standard", "post_install", "-at_install")
class TestAttachedData(FormsCase):
    """附件1 carries its data, so that a receiving system need not retype it."""

    def _attached(self, pdf):
        """Return {name: content} of the files in a PDF, by another library than the one that wrote it."""
        return {name: contents[0] for name, contents in PdfReader(io.BytesIO(pdf)).attachments.items()}

    def _data(self, application, user=None):
        (content,) = self._attached(self._pdf("application_form", application, user)).values()
        return json.loads(content.decode())

    def _schema(self):
        with file_open("wz_skill_cert/static/src/forms/application-form.schema.json") as file:
            return json.load(file)

    def _full(self):
        line = {"date_start": "2019-01-01", "date_end": "2019-12-31", "unit": "示例车间", "description": "工艺革新"}
        return self._draft(
            held_level="中级工", held_issuer="温州示例中心", held_on=date(2014, 6, 8), title_name="助理工程师",
            title_date=date(2018, 12, 1), technical_specialty="示例专长", mentoring="带徒两名", job="电工",
            current_occupation="电工", contact_name="林示例", contact_phone="0577-00000901", employer_assets=12850.5,
            achievement_ids=[Command.create(self._achievement_vals(self.nominator, "breakthrough", annual_benefit=35.5))],
            contribution_ids=[Command.create({**line, "result": HOSTILE, "witness": "证示例"})],
        )  # fmt: skip

    def test_says_what_the_form_says(self):
        application = self._full()
        application.action_submit()
        content = self._data(application)
        person, employer = content["applicant"], content["employer"]
        self.assertEqual(
            (content["policy"], content["number"], content["level"], content["draft"]),
            (self.policy.code, application.name, "senior_worker", False),
        )
        self.assertEqual(content["filled_in_on"], clock.day_of(application.submitted_on).isoformat())
        self.assertEqual(content["occupation"], {"code": self.electrician.code, "name": self.electrician.name})
        for key, field in (("name", "applicant_name"), ("id_number", "id_number"), ("sex", "sex"), ("education", "education"),
                           ("phone", "phone"), ("job", "job"), ("occupation", "current_occupation"),
                           ("occupation_years", "occupation_years"), ("technical_specialty", "technical_specialty")):  # fmt: skip
            self.assertEqual(person[key], application[field], key)
        self.assertEqual((person["birth_date"], person["career_start"]), ("1985-05-20", "2005-07-01"))
        self.assertEqual(
            person["qualification"], {"level": "中级工", "issuer": "温州示例中心", "issued_on": "2014-06-08"}
        )
        self.assertEqual(person["title"], {"name": "助理工程师", "appointed_on": "2018-12-01"})
        # Decimal texts, never binary numbers.
        self.assertEqual((employer["assets"], employer["annual_sales"]), ("12850.50", "8000.50"))
        self.assertEqual(person["annual_benefit"], "35.50")
        self.assertEqual((employer["headcount"], employer["contact"]), (320, "林示例"))
        self.assertEqual((employer["name"], content["nominator"]), (application.employer_name, self.enterprise.name))
        self.assertEqual(
            content["history"],
            [
                {
                    "from": "2005-07-01",
                    "to": None,
                    "description": "温州示例电器有限公司（虚构）电工",
                    "witness": "李示例",
                }
            ],
        )
        self.assertEqual(content["contributions"][0]["result"], HOSTILE)
        self.assertEqual(
            (content["contributions"][0]["from"], content["contributions"][0]["to"]), ("2019-01-01", "2019-12-31")
        )
        texts = (content["summary"], content["mentoring"], content["recommendation"])
        self.assertEqual(texts, (application.summary, application.mentoring, application.recommendation))
        self.assertIsNone(content["vote"])

    def test_every_text_of_the_data_is_on_the_paper_and_the_other_way_round(self):
        application = self._full()
        text = self._text("application_form", application)
        content = self._data(application)
        printed = [*content["history"], *content["contributions"], content["applicant"]["title"]]
        for part in printed:
            for key in ("description", "unit", "result", "witness", "name"):
                self.assertIn(squeezed(part.get(key) or ""), text)
        for value in (
            content["applicant"]["name"],
            content["applicant"]["id_number"],
            content["summary"],
            content["mentoring"],
        ):
            self.assertIn(squeezed(value), text)

    def test_follows_its_schema_and_every_key_is_required(self):
        schema = self._schema()
        self.assertEqual(schema["$id"], form_data.SCHEMA)
        validate = fastjsonschema.compile(schema)
        empty = self._application(occupation_id=False, history_ids=[], summary=False, phone=False, education=False)
        decided = self._qualified()
        self._decide(decided, agree=5, against=1)
        for application, user in (
            (self._full(), self.nominator),
            (empty, self.nominator),
            (decided, self.county_officer),
        ):
            content = self._data(application, user)
            validate(content)
            for key in content:
                with self.assertRaises(fastjsonschema.JsonSchemaException):
                    validate({name: value for name, value in content.items() if name != key})
            with self.assertRaises(fastjsonschema.JsonSchemaException):
                validate({**content, "employer": {**content["employer"], "assets": 12850.5}})

    def test_vote_is_in_it_after_the_decision_only(self):
        application = self._qualified()
        self.assertIsNone(self._data(application, self.county_officer)["vote"])
        self._decide(application, agree=5, against=1)
        vote = self._data(application, self.county_officer)["vote"]
        self.assertEqual(
            {key: vote[key] for key in ("members", "agree", "against", "abstain")},
            {"members": 7, "agree": 5, "against": 1, "abstain": 1},
        )
        self.assertIs(vote["passed"], True)
        self.assertEqual(vote["decided_on"], clock.day_of(application.decided_on).isoformat())

    def test_drafts_say_so(self):
        self.assertIs(self._data(self._application())["draft"], True)

    def test_is_a_data_file_of_the_archive_under_a_name_that_tells_nobody(self):
        document = PdfReader(io.BytesIO(self._pdf("application_form", self._application())))
        (spec,) = (reference.get_object() for reference in document.root_object["/AF"])
        self.assertEqual((spec["/UF"], spec["/AFRelationship"]), ("application-form.json", "/Data"))
        self.assertEqual(spec["/EF"]["/F"].get_object()["/Subtype"], "/application/json")

    def test_blank_forms_and_the_other_papers_carry_no_data(self):
        application = self._application()
        for pdf in (
            self._pdf("application_form"), self._pdf("material_list", application), self._pdf("submission_summary", self._sheet()),
        ):  # fmt: skip
            self.assertFalse(self._attached(pdf))


@tagged("standard", "post_install", "-at_install")
class TestArchive(FormsCase):
    def test_every_character_of_the_notice_and_of_the_catalogue_extracts_as_typed(self):
        occupations = self.env["skill.cert.occupation"].with_context(active_test=False).search([]).mapped("name")
        self.assertGreater(len(occupations), 20)
        materials = self.policy.material_template_ids.mapped("name")
        typed = "".join({*"".join([*FORM_WORDS.split(), *SUMMARY_COLUMNS, *occupations, *materials])})
        text = self._text("application_form", self._application(summary=typed)).replace("（续）", "")
        self.assertIn(typed, text)
        # Radicals (U+2E80 to U+2FDF), and forms for compatibility (U+F900 to U+FAFF), which no search finds.
        self.assertFalse([char for char in text if 0x2E80 <= ord(char) <= 0x2FDF or 0xF900 <= ord(char) <= 0xFAFF])

    def test_each_form_has_title_author_language_and_structure(self):
        application, sheet = self._application(), self._sheet()
        for form, record, title in (
            ("application_form", application, "温州市高技能人才直接认定申请表"),
            ("submission_summary", sheet, f"{self.campaign.year}年温州市高技能人才直接认定汇总表"),
            ("material_list", application, "佐证材料清单"),
        ):
            document = PdfReader(io.BytesIO(self._pdf(form, record)))
            self.assertEqual(document.metadata.title, title)
            self.assertEqual(document.metadata.author, "温州市人力资源和社会保障局")
            self.assertEqual(document.root_object["/Lang"], "zh-CN")
            self.assertIs(document.root_object["/MarkInfo"]["/Marked"].value, True)

    def test_each_cell_names_its_headers_for_those_who_listen(self):
        for form in ("application_form", "submission_summary", "material_list"):
            report = pdf_checker.validate_pdf_bytes(self._pdf(form), profile=pdf_checker.ValidationProfile.PDF_UA_1)
            # The file claims PDF/A and not PDF/UA, so that only the claim may be missing.
            found = [line for line in str(report).splitlines() if line.startswith("[") and "PDFUA1-ID-" not in line]
            self.assertFalse(found)


@tagged("standard", "post_install", "-at_install")
class TestBlankForms(HttpCase, FormsCase):
    def _wizard(self, user, form="application_form"):
        return self.env["skill.cert.blank.form.wizard"].with_user(user).create({"form": form})

    def test_nominator_and_officer_download_each_form_without_a_record(self):
        headings = {"application_form": "申请表", "submission_summary": "汇总表", "material_list": "佐证材料清单"}
        for user in (self.nominator, self.county_officer):
            user.password = user.login
            self.authenticate(user.login, user.login)
            for form, heading in headings.items():
                action = self._wizard(user, form).with_context(active_ids=[1], active_id=1).action_print()
                # What the client would send as the records to print.
                self.assertNotIn("active_ids", action["context"])
                response = self.url_open(f"/report/pdf/{action['report_name']}?{FORCED}")
                self.assertEqual(response.headers["Content-Type"], "application/pdf")
                text = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages))
                self.assertIn(heading, text)
                self.assertNotIn("草稿", text)

    def test_nobody_else_has_the_menu_or_the_dialogue(self):
        menu = self.env.ref("wz_skill_cert.menu_blank_forms")
        for user in (self._expert(self.county).user_id, self.manager, self.plain_user):
            self.assertNotIn(menu.id, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
            with self.assertRaises(AccessError):
                self._wizard(user)
        for user in (self.nominator, self.county_officer, self.city_officer):
            self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())


@tagged("standard", "post_install", "-at_install")
class TestEngine(FormsCase):
    def test_nothing_is_ever_fetched(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:9/x.png" width="9" height="9"/></svg>'
        application = self._application(
            summary=HOSTILE, mentoring='<link rel="stylesheet" href="http://127.0.0.1:9/x.css">'
        )
        with patch("urllib.request.OpenerDirector.open", side_effect=AssertionError("a fetch")) as fetch:
            self._pdf("application_form", application)
            page = '<html><link rel="stylesheet" href="http://127.0.0.1:9/a.css"><img src="file:///etc/hostname"><img src="data:image/svg+xml;base64,{}"></html>'
            body = page.format(base64.b64encode(svg).decode())
            self.env["ir.actions.report"]._run_weasyprint([body])
        self.assertTrue(all(str(call.args[0].full_url).startswith("data:") for call in fetch.call_args_list))

    def test_a_drawing_with_links_is_no_photo(self):
        svg = base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg"><a href="http://127.0.0.1:9"/></svg>')
        self.assertIsNone(photo_uri(svg))

    def test_server_without_chinese_fonts_gets_a_sentence_and_no_boxes(self):
        with (
            patch.object(engine, "has_chinese_font", return_value=False),
            self.assertRaisesRegex(UserError, "fonts-noto-cjk"),
        ):
            self._pdf("application_form")

    def test_a_font_of_another_country_is_not_taken_for_chinese(self):
        self.assertTrue(engine.has_chinese_font())
        with patch.object(press, "CHINESE_FAMILIES", ("No Such Font",)):
            self.assertFalse(engine.has_chinese_font.__wrapped__())

    def test_other_reports_stay_with_their_own_program(self):
        reports = self.env["ir.actions.report"]
        stock = self.env.ref("web.action_report_internalpreview", raise_if_not_found=False) or reports.search(
            [("report_type", "=", "qweb-pdf"), ("engine", "=", False)], limit=1
        )
        self.assertFalse(stock.engine)
        target = "odoo.addons.base.models.ir_actions_report.IrActionsReport._run_wkhtmltopdf"
        with patch(target, return_value=b"stock") as run:
            self.assertEqual(reports._run_wkhtmltopdf(["<html/>"], report_ref=stock), b"stock")
        self.assertTrue(run.called)
        self.assertEqual(reports.get_wkhtmltopdf_state(), "ok")


@tagged("standard", "post_install", "-at_install")
class TestWhoMayPrint(FormsCase):
    def test_expert_who_reads_the_case_cannot_print_its_id_number(self):
        application = self._accepted()
        self._start_assessment(application)
        expert = application.sudo().review_id.assessment_ids[:1].user_id
        application.with_user(expert).check_access("read")
        for form in ("application_form", "material_list"):
            with self.assert_refused("ID number", error=AccessError):
                self._pdf(form, application, expert)

    def test_another_unit_prints_nothing(self):
        application, sheet = self._submitted(), self._sheet()
        for form, record in (
            ("application_form", application),
            ("material_list", application),
            ("submission_summary", sheet),
        ):
            with self.assertRaises(AccessError):
                self._pdf(form, record, self.other_nominator)

    def test_officer_of_the_place_prints(self):
        application = self._submitted()
        self.assertIn(application.sudo().id_number, self._text("application_form", application, self.county_officer))


@tagged("standard", "post_install", "-at_install")
class TestMaterialList(FormsCase):
    def test_has_the_words_of_the_notice_and_eleven_rows(self):
        application = self._application(phone="13800000901")
        text = self._text("material_list", application)
        words = "附件3 佐证材料清单 姓名：张示例 单位：温州示例电器有限公司（虚构） 职业： 等级：高级（三级） 联系电话：13800000901 序号 材料名称 复印件（份数） 备注"
        self.assert_in_order([*words.split(), *(str(number) for number in range(1, 12))], text)

    def test_blank_list_asks_for_what_the_policy_asks(self):
        text = self._text("material_list")
        names = self.policy.material_template_ids.mapped("name")
        self.assertEqual(len(names), 7)
        self.assert_in_order(names, text)


@tagged("standard", "post_install", "-at_install")
class TestSummarySheet(FormsCase):
    def test_sixteen_columns_in_order_on_a4_landscape(self):
        document = self._plumb("submission_summary", self._sheet())
        (page,) = document.pages
        self.assertAlmostEqual(page.width / MM, 297, delta=0.1)
        self.assertAlmostEqual(page.height / MM, 210, delta=0.1)
        header = page.extract_tables()[0][0]
        self.assertEqual([squeezed(cell) for cell in header], SUMMARY_COLUMNS)

    def test_title_unit_date_and_foot_are_those_of_the_notice(self):
        sheet = self._sheet()
        words = [
            "附件2", f"{self.campaign.year}年温州市高技能人才直接认定汇总表", f"填报单位（盖章）：{self.enterprise.name}",
            "填报日期：2026年11月24日", "填表人：林示例", "联系电话：0577-00000901",
        ]  # fmt: skip
        self.assert_in_order(words, self._text("submission_summary", sheet))
        blank = self._text("submission_summary")
        self.assertIn("20年温州市高技能人才直接认定汇总表", blank)

    def test_sixty_people_are_all_there_and_each_page_repeats_the_header(self):
        sheet = self._sheet(60)
        pages = self._pages("submission_summary", sheet)
        self.assertGreater(len(pages), 1)
        for page in pages:
            self.assert_in_order(["序号", "姓名", "身份证号", "企业人数", "联系电话"], page)
        for application in sheet.application_ids:
            self.assertIn(application.id_number, "".join(pages))


@tagged("standard", "post_install", "-at_install")
class TestSummaryWorkbook(FormsCase):
    def _workbook(self, sheet):
        book = load_workbook(io.BytesIO(sheet._summary_xlsx()))
        self.addCleanup(book.close)
        return book.active

    def test_columns_and_types(self):
        page = self._workbook(self._sheet(employer_assets=12850.5))
        self.assertEqual([cell.value for cell in page[3]], SUMMARY_COLUMNS)
        row = dict(zip(SUMMARY_COLUMNS, page[4], strict=True))
        self.assertEqual((row["身份证号"].value, row["身份证号"].data_type), (resident_id(), "s"))
        self.assertEqual(row["身份证号"].number_format, "@")
        self.assertEqual(row["出生年月日"].value.date(), date(1985, 5, 20))
        self.assertTrue(row["出生年月日"].is_date)
        self.assertEqual((row["企业资产（万元）"].value, row["企业资产（万元）"].data_type), (12850.5, "n"))
        self.assertEqual(row["企业人数"].value, 320)
        self.assertEqual((row["性别"].value, row["申报等级"].value), ("男", "高级（三级）"))
        self.assertIsNone(row["创经济效益金额（万元）"].value)

    def test_formulas_in_text_stay_text(self):
        for hostile in (
            '=HYPERLINK("http://127.0.0.1:9","x")',
            "+1+1",
            "-1+1",
            "@SUM(A1)",
            "{=1+1}",
            "http://127.0.0.1:9",
        ):
            sheet = self._sheet(0)
            sheet.contact_name = hostile
            self._application(submission_id=sheet.id, applicant_name=hostile, job=hostile, employer_name=hostile)
            page = self._workbook(sheet)
            cells = [cell for cells in page.iter_rows() for cell in cells if hostile in str(cell.value or "")]
            self.assertEqual(len(cells), 4)
            self.assertEqual({cell.data_type for cell in cells}, {"s"})
            self.assertFalse(any(cell.hyperlink for cell in cells))
            sheet.application_ids.unlink()

    def test_prints_as_the_form_does(self):
        page = self._workbook(self._sheet())
        self.assertEqual((page.page_setup.orientation, int(page.page_setup.paperSize)), ("landscape", 9))
        # One page wide is the format's default, and so not written.
        self.assertTrue(page.sheet_properties.pageSetUpPr.fitToPage)
        self.assertEqual(page.page_setup.fitToHeight, 0)
        self.assertEqual(page.print_title_rows, "$3:$3")
        self.assertEqual(page["A1"].value, f"{self.campaign.year}年温州市高技能人才直接认定汇总表")


@tagged("standard", "post_install", "-at_install")
class TestDownload(HttpCase, FormsCase):
    def _get(self, user, submission_id):
        user.password = user.login
        self.authenticate(user.login, user.login)
        return self.url_open(f"/skill-cert/submission/{submission_id}/summary.xlsx")

    def test_nominator_downloads_the_own_sheet_under_a_name_that_tells_nobody(self):
        sheet = self._sheet()
        response = self._get(self.nominator, sheet.id)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"PK"))
        self.assertIn(f"summary-{self.campaign.year}-{sheet.id}.xlsx", response.headers["Content-Disposition"])
        self.assertEqual(sheet.action_export_xlsx()["url"], f"/skill-cert/submission/{sheet.id}/summary.xlsx")

    def test_what_one_may_not_read_does_not_exist(self):
        sheet = self._sheet()
        self.assertEqual(self._get(self.other_nominator, sheet.id).status_code, 404)
        self.assertEqual(self._get(self.other_nominator, sheet.id + 10**6).status_code, 404)

    def test_without_a_login_there_is_nothing_to_download(self):
        sheet = self._sheet()
        self.authenticate(None, None)
        response = self.url_open(f"/skill-cert/submission/{sheet.id}/summary.xlsx", allow_redirects=False)
        self.assertIn(response.status_code, (302, 303))

    def test_the_web_client_downloads_the_pdf(self):
        application = self._draft()
        self.nominator.password = self.nominator.login
        self.authenticate(self.nominator.login, self.nominator.login)
        response = self.url_open(f"/report/pdf/wz_skill_cert.application_form/{application.id}?{FORCED}")
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"%PDF"))
