"""Notice, 附件1–3: the forms as they are printed, and 附件2 as a workbook."""

import base64
import io
import re
import time
from datetime import date, timedelta
from unittest.mock import patch

import pdfplumber
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from odoo.addons.wz_skill_cert.reports import engine
from odoo.addons.wz_skill_cert.reports.forms import photo_uri
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import SkillCertCase, resident_id

MM = 72 / 25.4
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
HOSTILE = "<script>alert('x')</script> & <img src=\"http://127.0.0.1:9/x.png\"> {{7*7}} =1+1"


def squeezed(text):
    """Return the text without any space, as where lines break says nothing."""
    return re.sub(r"\s", "", text)


class FormsCase(SkillCertCase):
    def _pdf(self, form, records=None, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.nominator)
        reports = reports.with_context(force_report_rendering=True)
        return reports._render_qweb_pdf(f"wz_skill_cert.report_{form}", records.ids if records else [])[0]

    def _pages(self, form, records=None, user=None):
        """Return the text of each page, squeezed."""
        pdf = self._pdf(form, records, user)
        return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]

    def _text(self, form, records=None, user=None):
        # Without the foot of a page, which may fall into the middle of a sentence.
        return re.sub(r"第\d+页共\d+页", "", "".join(self._pages(form, records, user))).replace("草稿", "")

    def _plumb(self, form, records=None):
        document = pdfplumber.open(io.BytesIO(self._pdf(form, records)))
        self.addCleanup(document.close)
        return document

    def _sheet(self, number=1, **values):
        """Return a summary sheet with ``number`` drafts on it, as its nominator."""
        sheets = self.env["skill.cert.submission"].with_user(self.nominator)
        sheet = sheets.create(
            {
                "nominator_id": self.enterprise.id,
                "campaign_id": self.campaign.id,
                "bureau_id": self.county.id,
                "date": date(2026, 11, 24),
                "contact_name": "林示例",
                "contact_phone": "0577-00000901",
            }
        )
        for serial in range(number):
            birth = date(1985, 5, 20) + timedelta(days=serial)
            person = {"applicant_name": f"示例{serial}甲", "birth_date": birth, "id_number": resident_id(birth)}
            self._application(submission_id=sheet.id, **person, **values)
        return sheet

    def _application(self, **values):
        applications = self.env["skill.cert.application"].with_user(self.nominator)
        return applications.create(self._application_vals(achievement_ids=[], **values))

    def _histories(self, number):
        return [
            Command.create(
                {
                    "date_start": date(1960 + serial, 1, 1),
                    "description": f"单位{serial:03d}",
                    "witness": f"证{serial:03d}",
                }
            )
            for serial in range(number)
        ]

    def assert_in_order(self, words, text):
        position = 0
        for word in words:
            found = text.find(squeezed(word), position)
            self.assertGreaterEqual(found, 0, f"{word} is missing after {text[max(0, position - 30) : position]}")
            position = found + len(squeezed(word))


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

    def test_pages_and_photo_have_their_size_in_mm(self):
        picture = io.BytesIO()
        Image.new("RGB", (350, 490), "#336699").save(picture, "PNG")
        document = self._plumb("application_form", self._application(photo=base64.b64encode(picture.getvalue())))
        for page in document.pages:
            self.assertAlmostEqual(page.width / MM, 210, delta=0.1)
            self.assertAlmostEqual(page.height / MM, 297, delta=0.1)
        (photo,) = document.pages[2].images
        self.assertAlmostEqual((photo["x1"] - photo["x0"]) / MM, 35, delta=0.1)
        self.assertAlmostEqual((photo["bottom"] - photo["top"]) / MM, 49, delta=0.1)

    def test_nothing_is_printed_outside_the_margins(self):
        application = self._application(
            applicant_name="示" * 15, employer_name="温州示例" + "长" * 60, job="W" * 60, technical_specialty="x" * 300
        )
        for page in self._plumb("application_form", application).pages:
            printed = [char for char in page.chars if char["text"] not in "草稿" or char["size"] < 50]
            self.assertGreaterEqual(min(char["x0"] for char in printed) / MM, 19.9)
            self.assertLessEqual(max(char["x1"] for char in printed) / MM, 190.1)

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
        content = "".join(f"内{number:04d}" for number in range(900))
        line = {"date_start": "2019-01-01", "unit": "示例", "description": content}
        application = self._application(contribution_ids=[Command.create(line)])
        pages = self._pages("application_form", application)
        self.assertEqual(
            re.findall(r"内\d{4}", "".join(re.sub("第.页共.*?页|草稿", "", page) for page in pages))[-1], "内0899"
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
        with patch.object(engine, "CHINESE_FAMILIES", ("No Such Font",)):
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
        response = self.url_open(
            f"/report/pdf/wz_skill_cert.application_form/{application.id}?context=%7B%22force_report_rendering%22%3Atrue%7D"
        )
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"%PDF"))
