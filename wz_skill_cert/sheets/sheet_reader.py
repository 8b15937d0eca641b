"""Reads 附件2 as people fill it in: cells to values, and what is wrong with them, in Chinese as on the paper.

Pure functions, no Odoo. Nothing is guessed: what cannot be read for certain is a problem of its cell.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from openpyxl.utils.datetime import from_excel

from .. import formats
from ..bounded import Refused
from .sheet_file import ROWS, open_book

# How far down and to the right the heading is looked for.
HEAD_ROWS, HEAD_COLUMNS = 50, 100
LONGEST, LONGEST_NAME = 200, 100
# The last integer that a spreadsheet's number holds exactly; an ID number of 18 digits is beyond it.
EXACT = 2**53
NOTHING = {"", "无", "暂无", "/", "\\", "-", "--", "—", "——", "－", "N/A"}
NOTE = re.compile(r"(填表人|合计|总计|小计|备注|说明|注[:：])")
DAY = re.compile(r"(\d{4})[年.\-/\s]+(\d{1,2})(?:[月.\-/\s]+(\d{1,2}))?[日号月]?(?:[T\s]0{1,2}:00(?::00)?)?")
AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(万元|万|亿元|亿|元)?")
# How many decimals of 万元 a unit adds to those that stand in the cell.
DECIMALS = {None: 0, "万": 0, "万元": 0, "亿": -4, "亿元": -4, "元": 4}
LOST_DIGITS = "身份证号存成了数字，末几位已经丢失；请把单元格设为“文本”后重新填写18位号码"
UNREADABLE_DAY = "看不懂这个日期；请写成1985-05-20或1985年5月20日"
ERROR_VALUES = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}

SEXES = {"男": "1", "男性": "1", "M": "1", "1": "1", "女": "2", "女性": "2", "F": "2", "2": "2"}
EDUCATIONS = {
    "研究生": "postgraduate",
    "硕士": "postgraduate",
    "硕士研究生": "postgraduate",
    "博士": "postgraduate",
    "博士研究生": "postgraduate",
    "本科": "bachelor",
    "大学": "bachelor",
    "大学本科": "bachelor",
    "学士": "bachelor",
    "专科": "college",
    "大专": "college",
    "大学专科": "college",
    "高职": "college",
    "中专职高技校": "vocational",
    "中专": "vocational",
    "职高": "vocational",
    "技校": "vocational",
    "中职": "vocational",
    "中技": "vocational",
    "高中": "senior_high",
    "普通高中": "senior_high",
    "初中": "junior_high",
    "小学": "primary",
    "其他": "other",
    "其它": "other",
}
LEVELS = {
    "高级": "senior_worker",
    "高级工": "senior_worker",
    "三级": "senior_worker",
    "3级": "senior_worker",
    "高级三级": "senior_worker",
    "高级工三级": "senior_worker",
    "三级高级工": "senior_worker",
    "三级高级": "senior_worker",
    "技师": "technician",
    "二级": "technician",
    "2级": "technician",
    "技师二级": "technician",
    "二级技师": "technician",
}


class Unreadable(Exception):
    """A cell that cannot be read; its text goes to who filled it in."""


class Cell(NamedTuple):
    """What a cell holds: the value, whether it is a formula, and day zero of its workbook."""

    value: Any
    is_formula: bool = False
    epoch: Any = None


class Person(NamedTuple):
    """A row of the sheet: its number, the values that could be read, and {field: problem}."""

    number: int
    values: dict
    problems: dict


# ------------------------------------------------------------------ texts


def half_width(text):
    """Return ``text`` with half-width letters, digits, brackets and blanks."""
    return text.translate(formats.FULL_WIDTH).replace("\u3000", " ")


def key_of(text):
    """Return what makes a name the same however it was typed: no blanks, brackets of one kind."""
    return re.sub(r"\s", "", half_width(str(text or ""))).upper()


def bare_key(text):
    """Return ``key_of`` without any mark between the words."""
    return re.sub(r"[()\[\]【】/、，,;；]", "", key_of(text))


def text_of(cell):
    """Return a cell as text without control characters, or '' where it is empty."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "".join(" " if unicodedata.category(mark) == "Cc" else mark for mark in str(value)).strip()
    if isinstance(value, str) and text in ERROR_VALUES:
        raise Unreadable("单元格是错误值，请重新填写")
    if len(text) > LONGEST:
        raise Unreadable(f"内容超过{LONGEST}个字")
    return text


def read_text(cell):
    """Return the text, or None."""
    return text_of(cell) or None


def read_name(cell):
    """Return a person's name: no blanks between Chinese characters, one kind of middle dot."""
    name = ""
    for word in text_of(cell).split():
        name += (" " if name and min(name[-1], word[0]) <= "\xff" else "") + word
    if len(name) > LONGEST_NAME:
        raise Unreadable(f"内容超过{LONGEST_NAME}个字")
    return re.sub(r"[•・‧．]", "·", name) or None


def read_optional(cell):
    """Return the text, or None for the marks that people put where there is nothing to state."""
    text = text_of(cell)
    return None if text in NOTHING else text


# ------------------------------------------------------------------ identity


def read_id_number(cell):
    """Return a resident ID number whose check digit is right (GB 11643), or None."""
    if isinstance(cell.value, (int, float)) and abs(cell.value) > EXACT:
        raise Unreadable(LOST_DIGITS)
    number = re.sub(r"[-'‘’`.]", "", formats.normalise(text_of(cell)))
    if problem := number and _id_number_problem(number):
        raise Unreadable(problem)
    return number or None


def _id_number_problem(number):
    if re.fullmatch(r"\d+E\+?\d+", number):
        return LOST_DIGITS
    if len(number) == 15:
        return "这是15位旧号码；请填写18位身份证号"
    if not formats.has_valid_check_digit(number):
        return "身份证号不对：应为18位且校验码正确，请对照证件"
    if not formats.birth_date_of(number):
        return "身份证号中没有有效的出生日期，请对照证件"
    return None


def read_days(cell):
    """Return the days that the cell may mean, as [(year, month, day or None)], or None.

    A number such as 1985.1 is January or October: what was typed is gone.
    """
    value = cell.value
    if isinstance(value, (date, datetime)):
        return [(value.year, value.month, value.day)]
    if isinstance(value, bool):
        raise Unreadable(UNREADABLE_DAY)
    if isinstance(value, (int, float)) and 1 <= value < 100_000 and not _is_year_month(value):
        moment = from_excel(value, cell.epoch) if cell.epoch else from_excel(value)
        return [(moment.year, moment.month, moment.day)]
    return _days_in(half_width(text_of(cell)))


def _is_year_month(value):
    return isinstance(value, float) and not value.is_integer() and 1900 <= value < 2100


def _days_in(text):
    if not text:
        return None
    if re.fullmatch(r"\d{8}|\d{6}", text):
        text = "-".join(filter(None, (text[:4], text[4:6], text[6:])))
    match = DAY.fullmatch(text)
    if not match:
        raise Unreadable(UNREADABLE_DAY)
    year, month, day = (int(part) if part else None for part in match.groups())
    _check_day(year, month, day)
    return [(year, month, day)] + ([(year, 10, None)] if re.fullmatch(r"\d{4}\.1", text) else [])


def _check_day(year, month, day):
    try:
        date(year, month, day or 1)
    except ValueError:
        raise Unreadable("没有这一天；请对照证件") from None


# ------------------------------------------------------------------ choices and amounts


def read_choice(keys, expected):
    """Return a reader of one of ``keys``."""

    def read(cell):
        text = bare_key(text_of(cell))
        if text and text not in keys:
            raise Unreadable(f"只能填写：{expected}")
        return keys.get(text)

    return read


def read_phone(cell):
    """Return a mobile number of 11 digits, or None."""
    number = re.sub(r"[\s\-()]", "", half_width(read_optional(cell) or ""))
    number = re.sub(r"^(\+?86)(?=1\d{10}$)", "", number)
    if number and not formats.is_mobile(number):
        raise Unreadable("请填写一个11位手机号码，以13至19开头")
    return number or None


def read_amount(cell):
    """Return an amount in 万元 with at most two decimals, or None; a finer one is not rounded, but to be corrected."""
    if isinstance(cell.value, bool):
        raise Unreadable("请填写数字，单位万元")
    text = re.sub(r"[\s,]", "", half_width(read_optional(cell) or "")).removeprefix("¥")
    if not text:
        return None
    match = AMOUNT.fullmatch(text)
    amount = Decimal(match[1]).scaleb(-DECIMALS[match[2]]) if match else None
    if amount is None or amount >= 10**12:
        raise Unreadable("请填写数字，单位万元，例如50或50.25")
    # A number in a cell lies a hair beside itself, as a computer holds it; a text does not.
    hair = Decimal("1e-14") * max(1, amount) if isinstance(cell.value, float) else 0
    if abs(amount - round(amount, 2)) > hair:
        raise Unreadable("最多两位小数（单位万元），系统不作四舍五入，请填写准确金额")
    return float(round(amount, 2))


def read_count(unit, most):
    """Return a reader of whole numbers up to ``most``, with or without ``unit``; halves are rounded down."""

    def read(cell):
        text = re.sub(r"[\s,]", "", half_width(read_optional(cell) or "")).removesuffix(unit)
        if not text:
            return None
        if not re.fullmatch(r"\d+(\.\d+)?", text) or float(text) > most:
            raise Unreadable(f"请填写0至{most}的数字")
        return int(float(text))

    return read


# ------------------------------------------------------------------ columns


class Column(NamedTuple):
    """A column of the sheet: the field it fills, how its cells are read, and what people call it."""

    field: str
    read: Any
    words: tuple
    required: bool = False
    # Facts about the person: a row without any of them names nobody.
    personal: bool = True


COLUMNS = (
    Column("applicant_name", read_name, ("姓名", "申请人姓名", "申报人姓名"), required=True),
    Column("id_number", read_id_number, ("身份证号", "身份证号码", "身份证", "公民身份号码"), required=True),
    Column("sex", read_choice(SEXES, "男、女"), ("性别",)),
    Column("birth", read_days, ("出生年月日", "出生年月", "出生日期", "生日")),
    Column(
        "education",
        read_choice(EDUCATIONS, "研究生、本科、专科、中专/职高/技校、高中、初中、小学、其他"),
        ("文化程度", "学历"),
    ),
    Column(
        "occupation", read_text, ("申报职业", "职业", "申报工种", "申报职业工种", "职业工种", "工种"), required=True
    ),
    Column(
        "level",
        read_choice(LEVELS, "高级（三级）、技师（二级）"),
        ("申报等级", "等级", "认定等级", "申报级别"),
        required=True,
    ),
    Column("employer", read_text, ("报名单位", "工作单位", "单位", "单位名称"), personal=False),
    Column("job", read_optional, ("现工作岗位", "工作岗位", "岗位")),
    Column("stated_career_years", read_count("年", 70), ("工龄",), personal=False),
    Column("stated_benefit", read_amount, ("创经济效益金额", "创经济效益"), personal=False),
    Column("employer_assets", read_amount, ("企业资产",), personal=False),
    Column("employer_sales", read_amount, ("企业年销售额", "年销售额"), personal=False),
    Column("employer_headcount", read_count("人", 10_000_000), ("企业人数",), personal=False),
    Column("phone", read_phone, ("联系电话", "手机", "手机号", "手机号码", "联系方式", "电话")),
)
BY_FIELD = {column.field: column for column in COLUMNS}
FIELD_OF_WORD = {key_of(word): column.field for column in COLUMNS for word in column.words}
IDENTIFYING = {"applicant_name", "id_number"}


def field_of_heading(text):
    """Return the field that a heading stands for, or None. What is in brackets explains and is left out."""
    if len(text) > LONGEST:
        return None
    return FIELD_OF_WORD.get(re.sub(r"\([^()]*\)", "", key_of(text).replace("*", "").replace(":", "")))


class Layout(NamedTuple):
    """Where a sheet has its table: {field: column number} and the first row below the heading."""

    columns: dict
    first_row: int


def layout_of(page):
    """Return the page's layout, or None where it has no heading that names people and ID numbers."""
    found, last_column = None, min(page.max_column, HEAD_COLUMNS)
    anchors = _anchors(page, 1, HEAD_ROWS, range(1, last_column + 1))
    for number in range(1, min(page.max_row, HEAD_ROWS) + 1):
        columns = _columns_in(page, number, last_column, anchors)
        if set(columns) >= IDENTIFYING:
            found = Layout(columns, number + 1)
        elif found:
            break
    return found


def _columns_in(page, number, last_column, anchors):
    columns = {}
    for column in range(1, last_column + 1):
        value = page.cell(*anchors.get((number, column), (number, column))).value
        field = field_of_heading(value) if isinstance(value, str) else None
        if field:
            columns.setdefault(field, column)
    return columns


def _anchors(page, first_row, last_row, columns):
    """Return {(row, column): (row, column) of the cell that holds a merged area's value}."""
    return {
        (row, column): (area.min_row, area.min_col)
        for area in page.merged_cells.ranges
        for row in range(max(area.min_row, first_row), min(area.max_row, last_row) + 1)
        for column in columns
        if area.min_col <= column <= area.max_col
    }


# ------------------------------------------------------------------ the sheet


def find_page(book):
    """Return (page, layout) of the sheet that holds the table, or raise ``Refused``."""
    for page in book.worksheets:
        layout = layout_of(page) if page.sheet_state == "visible" else None
        if layout:
            missing = [column.words[0] for column in COLUMNS if column.required and column.field not in layout.columns]
            if missing:
                raise Refused("missing_columns", "、".join(missing))
            return page, layout
    raise Refused("no_table")


def people_in(content, max_bytes):
    """Return the people of a workbook, as lists of what makes a ``Person``. Raises ``Refused``."""
    return list(read_people(open_book(content, max_bytes)))


def read_people(book):
    """Yield the people on the sheet as ``Person``; raise ``Refused`` where there is no table, or nobody, or too many."""
    page, layout = find_page(book)
    last_row = page.max_row
    anchors = _anchors(page, layout.first_row, last_row, layout.columns.values())
    found = 0
    for number in range(layout.first_row, last_row + 1):
        if _names_somebody(page, layout, number):
            found += 1
            if found > ROWS:
                raise Refused("too_many_rows")
            yield _read_person(page, layout, number, anchors, book.epoch)
    if not found:
        raise Refused("nobody")


def _names_somebody(page, layout, number):
    """Tell whether a row states anything about a person: no blank row, repeated heading or note below the table."""
    first = next((str(value) for column in (1, 2, 3) if (value := page.cell(number, column).value)), "")
    texts = {
        field: str(page.cell(number, column).value or "").strip()
        for field, column in layout.columns.items()
        if BY_FIELD[field].personal
    }
    if not any(texts.values()) or field_of_heading(texts["applicant_name"]) == "applicant_name":
        return False
    return bool(texts["id_number"]) or not NOTE.match(re.sub(r"\s", "", first))


def _read_person(page, layout, number, anchors, epoch):
    values, problems = {}, {}
    for field, column in layout.columns.items():
        cell = page.cell(*anchors.get((number, column), (number, column)))
        try:
            values[field] = _read_cell(BY_FIELD[field], Cell(cell.value, cell.data_type == "f", epoch))
        except Unreadable as problem:
            problems[field] = str(problem)
    _check_identity(values, problems)
    return Person(number, {field: value for field, value in values.items() if value is not None}, problems)


def _read_cell(column, cell):
    if cell.is_formula:
        raise Unreadable("这里是公式；请改为直接填写内容")
    value = column.read(cell)
    if column.required and value is None:
        raise Unreadable("必填")
    return value


def _check_identity(values, problems):
    """Derive sex and birth date from the ID number, and report what contradicts it."""
    number, days, sex = values.get("id_number"), values.pop("birth", None), values.get("sex")
    if not number:
        return
    birth = formats.birth_date_of(number)
    if days and not any(
        (year, month) == (birth.year, birth.month) and day in (None, birth.day) for year, month, day in days
    ):
        problems["birth"] = f"与身份证号不一致：身份证号中是{birth.year}年{birth.month}月{birth.day}日"
    if sex and sex != formats.sex_of(number):
        problems["sex"] = "与身份证号不一致，请核对"
    values["birth_date"], values["sex"] = birth.isoformat(), formats.sex_of(number)
