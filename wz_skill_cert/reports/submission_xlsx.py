import io

import xlsxwriter

from odoo import models

from . import summary, wording

# Excel measures columns in widths of a digit; this many make the millimetre of the printed column.
DIGITS_PER_MM = 0.53
EMPTY_ROWS = 8
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


class SummaryWorkbook:
    """Writes one 附件2 sheet: the same columns, order and print set-up as the PDF."""

    def __init__(self, submission):
        self.submission = submission
        self.stream = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.stream, {"in_memory": True})
        self.sheet = self.book.add_worksheet("汇总表")
        self.formats = {name: self.book.add_format(options) for name, options in FORMATS.items()}

    def content(self):
        """Return the workbook as bytes."""
        self._set_up_print()
        self._write_head()
        rows = wording.padded(summary.rows(self.submission), EMPTY_ROWS)
        for position, application in enumerate(rows, 1):
            self._write_row(3, position, application)
        self._write_foot(3 + len(rows))
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
        self.book.set_properties({"title": summary.title(self.submission)})
        for index, column in enumerate(summary.COLUMNS):
            self.sheet.set_column(index, index, column.width * DIGITS_PER_MM)

    def _write_head(self):
        self.sheet.set_row(0, 30)
        self.sheet.set_row(2, 40)
        self._write_merged(0, 0, LAST, summary.title(self.submission), "title")
        self._write_merged(1, 0, 9, f"填报单位（盖章）：{self.submission.nominator_id.name or ''}", "left")
        self._write_merged(1, 10, LAST, f"填报日期：{wording.day(self.submission.date, wording.BLANK_DATE)}", "right")
        for index, column in enumerate(summary.COLUMNS):
            self.sheet.write_string(2, index, column.heading, self.formats["head"])

    def _write_foot(self, row):
        self._write_merged(row, 0, 9, f"填表人：{self.submission.contact_name or ''}", "left")
        self._write_merged(row, 10, LAST, f"联系电话：{self.submission.contact_phone or ''}", "left")

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
        return {
            "type": "ir.actions.act_url",
            "url": f"/skill-cert/submission/{self.id}/summary.xlsx",
            "target": "download",
        }

    def _summary_xlsx(self):
        """Return 附件2 as the bytes of an XLSX file.

        Raises AccessError for who may not read all that it shows, as the printed form does.
        """
        self.ensure_one()
        return SummaryWorkbook(self.env["report.wz_skill_cert.submission_summary"]._printable(self.ids)).content()
