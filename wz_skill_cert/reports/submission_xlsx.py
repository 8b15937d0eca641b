import io

import xlsxwriter

from odoo import api, models

from . import summary, wording

# Excel measures columns in widths of a digit; this many make the millimetre of the printed column.
DIGITS_PER_MM = 0.53
EMPTY_ROWS = 8
# Rows of the blank sheet that an enterprise without Odoo fills in.
TEMPLATE_ROWS = 50
OCCUPATIONS = "职业"
LAST = len(summary.COLUMNS) - 1
BODY = {"font_name": "仿宋", "font_size": 9, "valign": "vcenter"}
CELL = {**BODY, "border": 1, "align": "center", "text_wrap": True}
# "@" keeps 18 digits of an ID number, and what begins with "=", as the text that it is.
FORMATS = {
    "title": {**BODY, "font_size": 18, "bold": True, "align": "center"},
    "left": {**BODY, "font_size": 10.5},
    "right": {**BODY, "font_size": 10.5, "align": "right"},
    "head": CELL,
    "text": {**CELL, "num_format": "@"},
    "day": {**CELL, "num_format": 'yyyy"年"m"月"d"日"'},
    "number": {**CELL, "num_format": "0"},
    "money": {**CELL, "num_format": "0.00"},
}
FIRST_ROW = 3


def _list_of(words, hint):
    return {"validate": "list", "source": list(words), "input_message": hint, "error_message": hint}


# What each column takes: a list to choose from, or a sentence that shows while the cell is being filled in.
# The import reads more spellings than the lists offer, so that a list only warns.
VALIDATIONS = {
    "身份证号": {"validate": "any", "input_message": "18位身份证号，按文本填写。"},
    "性别": _list_of(wording.SEXES.values(), "请从列表中选择：男、女。"),
    "出生年月日": {"validate": "any", "input_message": "例如1985-05-20，须与身份证号一致。"},
    "文化程度": _list_of(wording.EDUCATIONS.values(), "请从列表中选择文化程度。"),
    "申报等级": _list_of(wording.LEVELS.values(), "请从列表中选择：高级（三级）或技师（二级）。"),
    "报名单位": {"validate": "any", "input_message": "申报人所在单位的全称。"},
    "创经济效益金额（万元）": {"validate": "any", "input_message": "年创造直接经济效益，单位万元。"},
    "联系电话": {"validate": "any", "input_message": "11位手机号码。"},
}


class SummaryWorkbook:
    """Writes one 附件2 sheet: the same columns, order and print set-up as the PDF."""

    def __init__(self, submission, title, least=EMPTY_ROWS):
        self.submission, self.title = submission, title
        self.rows = wording.padded(summary.rows(submission), least)
        self.stream = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.stream, {"in_memory": True})
        self.sheet = self.book.add_worksheet("汇总表")
        self.formats = {name: self.book.add_format(options) for name, options in FORMATS.items()}

    def content(self):
        """Return the workbook as bytes."""
        self._set_up_print()
        self._write_head()
        for position, application in enumerate(self.rows, 1):
            self._write_row(FIRST_ROW, position, application)
        self._write_foot(FIRST_ROW + len(self.rows))
        self._add_validations()
        self.book.close()
        return self.stream.getvalue()

    def _set_up_print(self):
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.set_margins(left=0.394, right=0.394, top=0.551, bottom=0.551)  # inches: 10 and 14 mm
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(2)
        self.sheet.freeze_panes(3, 2)
        # ID and phone numbers are text on purpose: no green corners.
        self.sheet.ignore_errors({"number_stored_as_text": "A1:P1048576"})
        self.sheet.set_footer("&C第 &P 页 共 &N 页")
        self.sheet.print_area(0, 0, FIRST_ROW + len(self.rows), LAST)
        self.book.set_properties({"title": self.title})
        for index, column in enumerate(summary.COLUMNS):
            self.sheet.set_column(index, index, column.width * DIGITS_PER_MM)

    def _write_head(self):
        self.sheet.set_row(0, 30)
        self.sheet.set_row(2, 40)
        self._write_merged(0, 0, LAST, self.title, "title")
        self._write_merged(1, 0, 9, f"填报单位（盖章）：{self.submission.nominator_id.name or ''}", "left")
        self._write_merged(1, 10, LAST, f"填报日期：{wording.day(self.submission.date, wording.BLANK_DATE)}", "right")
        for index, column in enumerate(summary.COLUMNS):
            self.sheet.write_string(2, index, column.heading, self.formats["head"])

    def _write_foot(self, row):
        self._write_merged(row, 0, 9, f"填表人：{self.submission.contact_name or ''}", "left")
        self._write_merged(row, 10, LAST, f"联系电话：{self.submission.contact_phone or ''}", "left")

    def _add_validations(self):
        validations = {**VALIDATIONS, "申报职业（工种）": self._occupation_list()}
        for index, column in enumerate(summary.COLUMNS):
            if column.heading in validations:
                options = {"input_title": "填写说明", "error_title": "请核对", "error_type": "warning"}
                last = FIRST_ROW + len(self.rows) - 1
                self.sheet.data_validation(FIRST_ROW, index, last, index, options | validations[column.heading])

    def _occupation_list(self):
        """Write what may be applied for today on a hidden sheet: a list inside a cell ends at 255 characters."""
        occupations = self.submission.env["skill.cert.occupation"].search([("in_scope", "=", True)])
        names = list(dict.fromkeys(occupations.mapped("name")))
        page = self.book.add_worksheet(OCCUPATIONS)
        page.hide()
        for row, name in enumerate(names):
            page.write_string(row, 0, name)
        hint = "请从列表中选择职业（工种）；也可填写职业编码。"
        source = f"={OCCUPATIONS}!$A$1:$A${max(len(names), 1)}"
        return {"validate": "list", "source": source, "input_message": hint, "error_message": hint}

    def _write_merged(self, row, first, last, text, name):
        # merge_range() guesses a type, and would make a formula of a name that begins with "=".
        self.sheet.merge_range(row, first, row, last, "", self.formats[name])
        self.sheet.write_string(row, first, text, self.formats[name])

    def _write_row(self, first, position, application):
        row = first + position - 1
        self.sheet.set_row(row, 30)
        for index, column in enumerate(summary.COLUMNS):
            self._write_cell(row, index, column.cell(application, position), column.kind)

    def _write_cell(self, row, index, value, kind):
        cell_format = self.formats[kind]
        if not value:
            self.sheet.write_blank(row, index, None, cell_format)
        elif kind == "day":
            self.sheet.write_datetime(row, index, value, cell_format)
        elif kind == "text":
            self.sheet.write_string(row, index, value, cell_format)
        else:
            self.sheet.write_number(row, index, value, cell_format)


class Submission(models.Model):
    _inherit = "skill.cert.submission"

    def action_export_xlsx(self):
        """Download 附件2 as a workbook."""
        self.ensure_one()
        return self._download(f"/skill-cert/submission/{self.id}/summary.xlsx")

    @api.model
    def action_download_template(self):
        """Download a blank 附件2, for an enterprise that works without Odoo and sends it back filled in."""
        return self._download("/skill-cert/submission/template.xlsx")

    @api.model
    def _download(self, url):
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _summary_xlsx(self):
        """Return 附件2 as the bytes of an XLSX file.

        Raises AccessError for who may not read all that it shows, as the printed form does.
        """
        self.ensure_one()
        sheet = self.env["report.wz_skill_cert.submission_summary"]._printable(self.ids)
        return SummaryWorkbook(sheet, summary.title(sheet)).content()

    @api.model
    def _template_xlsx(self):
        """Return a blank 附件2 as the bytes of an XLSX file: no unit, no people, the year of the open campaign."""
        blank = self.browse()
        campaign = self.env["skill.cert.campaign"]._current()
        return SummaryWorkbook(blank, summary.title_of(campaign.year), TEMPLATE_ROWS).content()
