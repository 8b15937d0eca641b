"""The annual report as a workbook: a sheet a table, all of the same shape, whose totals add up. Official, so in Chinese."""

import io
from typing import NamedTuple

import xlsxwriter

from . import wording

LEVELS = {"senior_worker": "高级工（三级）", "technician": "技师（二级）"}
OUTCOMES = {
    "1_certified": "已发证",
    "2_passed": "通过待发证",
    "3_rejected": "未通过",
    "4_withdrawn": "已撤回",
    "5_revoked": "已撤销",
    "5_terminated": "已终止",
    "6_under_way": "办理中",
}
AGE_BANDS = {
    "1_to_25": "25岁及以下",
    "2_to_35": "26—35岁",
    "3_to_45": "36—45岁",
    "4_to_55": "46—55岁",
    "5_older": "56岁及以上",
}
NOMINATORS = {"enterprise": "企业", "association": "行业协会"}
UNKNOWN = "未填写"
NOTES = (
    "统计口径：1．每份申报材料自首次报送起计1人次，草稿不计；同一人以不同职业（工种）或等级申报的分别计算。",
    "2．年度为认定工作所属年度；年龄按最近一次报送之日的周岁计算；县（市、区）为受理申报的人力社保部门所在地。",
    "3．同时符合多项认定条件的，只计入序号最前的一项；“办理中”含已受理、退回补正、考评、推荐、评审等各环节。",
    "4．“已发证”不含已撤销的；个人信息到期清除后，统计数据不变。",
)

BODY = {"font_name": "仿宋", "font_size": 10.5, "valign": "vcenter"}
CELL = {**BODY, "border": 1, "align": "center", "text_wrap": True}
FORMATS = {
    "title": {**BODY, "font_size": 18, "bold": True, "align": "center"},
    "left": BODY,
    "right": {**BODY, "align": "right"},
    "note": {**BODY, "font_size": 9},
    "head": {**CELL, "bold": True, "bg_color": "#E8EEF4"},
    "label": {**CELL, "align": "left", "num_format": "@"},
    "number": {**CELL, "num_format": "0"},
    "sum": {**CELL, "bold": True, "num_format": "0", "bg_color": "#F5F7F9"},
    "sum_label": {**CELL, "bold": True, "bg_color": "#F5F7F9"},
}
BLOCK = len(OUTCOMES) + 1
LAST = len(LEVELS) * BLOCK + 1
FIRST_ROW = 4


class Table(NamedTuple):
    """One sheet: ``rows`` is [(key, label)], ``counts`` {(key, level, outcome): number}."""

    name: str
    heading: str
    rows: list
    counts: dict


class AnnualWorkbook:
    """Writes the tables, each on a sheet that prints on A4 landscape."""

    def __init__(self, title, bureau, day, tables):
        self.title, self.bureau, self.day, self.tables = title, bureau, day, tables
        self.stream = io.BytesIO()
        self.book = xlsxwriter.Workbook(self.stream, {"in_memory": True})
        self.formats = {name: self.book.add_format(options) for name, options in FORMATS.items()}

    def content(self):
        """Return the workbook as bytes."""
        self.book.set_properties({"title": self.title})
        for table in self.tables:
            self.sheet = self.book.add_worksheet(table.name)
            self._set_up_print()
            self._write_head(table)
            self._write_rows(table)
            self._write_notes(FIRST_ROW + len(table.rows) + 1)
        self.book.close()
        return self.stream.getvalue()

    def _set_up_print(self):
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.set_margins(left=0.4, right=0.4, top=0.55, bottom=0.55)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(2, 3)
        self.sheet.freeze_panes(FIRST_ROW, 1)
        self.sheet.set_footer("&C第 &P 页 共 &N 页")
        self.sheet.set_column(0, 0, 32)
        self.sheet.set_column(1, LAST, 8)

    def _write_head(self, table):
        self.sheet.set_row(0, 32)
        self.sheet.set_row(3, 32)
        self._write_merged(0, 0, 0, LAST, f"{self.title}（{table.name}）", "title")
        self._write_merged(1, 0, 1, LAST // 2, f"填报单位：{self.bureau}", "left")
        self._write_merged(1, LAST // 2 + 1, 1, LAST, f"统计日期：{self.day}　单位：人次", "right")
        self._write_merged(2, 0, 3, 0, table.heading, "head")
        for index, level in enumerate(LEVELS.values()):
            first = 1 + index * BLOCK
            self._write_merged(2, first, 2, first + BLOCK - 1, level, "head")
            for offset, label in enumerate([*OUTCOMES.values(), "小计"]):
                self.sheet.write_string(3, first + offset, label, self.formats["head"])
        self._write_merged(2, LAST, 3, LAST, "合计", "head")

    def _write_rows(self, table):
        for position, (key, label) in enumerate(table.rows):
            self._write_row(FIRST_ROW + position, label, self._figures(table, [key]), "label", "number")
        keys = [key for key, _label in table.rows]
        self._write_row(FIRST_ROW + len(table.rows), "合计", self._figures(table, keys), "sum_label", "sum")

    def _figures(self, table, keys):
        """Return the numbers of a row: outcomes and subtotal of each level, then the total."""
        figures = []
        for level in LEVELS:
            block = [sum(table.counts.get((key, level, outcome), 0) for key in keys) for outcome in OUTCOMES]
            figures += [*block, sum(block)]
        return [*figures, sum(figures[BLOCK - 1 :: BLOCK])]

    def _write_row(self, row, label, figures, label_format, number_format):
        # write() would make a formula of a name that begins with "=".
        self.sheet.write_string(row, 0, label, self.formats[label_format])
        self.sheet.set_row(row, 34 if len(label) > 18 else 22)
        for column, figure in enumerate(figures, 1):
            is_sum = column % BLOCK == 0 or column == LAST
            self.sheet.write_number(row, column, figure, self.formats["sum" if is_sum else number_format])

    def _write_notes(self, row):
        for offset, note in enumerate(NOTES):
            self._write_merged(row + offset, 0, row + offset, LAST, note, "note")
        self.sheet.print_area(0, 0, row + len(NOTES) - 1, LAST)

    def _write_merged(self, top, left, bottom, right, text, name):
        if (top, left) != (bottom, right):
            self.sheet.merge_range(top, left, bottom, right, "", self.formats[name])
        self.sheet.write_string(top, left, text, self.formats[name])


def labelled(words):
    """Return the rows of a dimension whose values are known beforehand, with one for what was not filled in."""
    return [*words.items(), (False, UNKNOWN)]


SEXES = wording.SEXES
EDUCATIONS = wording.EDUCATIONS
