"""How the official papers write values: always in Chinese, whatever the user's language. Pure functions, no Odoo."""

from ..clock import day_of

# The notice's own words for the levels (附件1, 填表说明, 1).
LEVELS = {"senior_worker": "高级（三级）", "technician": "技师（二级）"}
SEXES = {"1": "男", "2": "女"}
EDUCATIONS = {
    "postgraduate": "研究生",
    "bachelor": "本科",
    "college": "专科",
    "vocational": "中专/职高/技校",
    "senior_high": "高中",
    "junior_high": "初中",
    "primary": "小学",
    "other": "其他",
}
# What can be corrected on record, as the form names it.
FACTS = {
    "applicant_name": "姓名",
    "id_number": "身份证号",
    "sex": "性别",
    "birth_date": "出生日期",
    "education": "文化程度",
    "phone": "联系电话",
}
# Characters from which on a row of a form may break across pages.
LONG = 400
# Characters from which on a name or an address is printed smaller: three lines of its cell.
LONG_NAME = 30
# Room for a pen where no date is known.
BLANK_DATE = "\u3000\u3000年\u3000\u3000月\u3000\u3000日"


def day(moment, blank=""):
    """Return e.g. ``2026年11月24日``, or ``blank``."""
    value = day_of(moment)
    return f"{value.year}年{value.month}月{value.day}日" if value else blank


def month(moment):
    """Return e.g. ``2026年11月``, or an empty text."""
    value = day_of(moment)
    return f"{value.year}年{value.month}月" if value else ""


def period(line):
    """Return the months from ``line.date_start`` to ``line.date_end``; without an end, until now."""
    if not line.date_start:
        return ""
    return f"{month(line.date_start)}\n至{month(line.date_end) or '今'}"


def number(value):
    """Return a count as text; zero means that nobody stated it, and leaves the cell empty."""
    return str(value) if value else ""


def money(value):
    """Return an amount in 万元 with two decimals; zero means that nobody stated it."""
    return f"{value:.2f}" if value else ""


def remark(material):
    """Return 备注 of a row of 附件3, with a tick once an officer has compared the copy with the original.

    There is no box to tick before: the notice's table has none. √ and not ☑, which the fonts of the forms lack.
    """
    return joined(material.remark, "√ 原件已核对" if material.original_seen else "")


def joined(*parts):
    """Return the parts that are there, each on a line."""
    return "\n".join(part for part in parts if part)


def is_long(*texts):
    """Tell whether a row with these texts may need more than what is left of a page."""
    return any(len(text or "") > LONG for text in texts)


def fitted(name):
    """Return the class of the cell for a name or an address, or None."""
    return "small" if len(name or "") > LONG_NAME else None


def padded(records, least):
    """Return the records and as many empty ones as make ``least`` rows: empty cells of a form stay."""
    return [*records, *[records.browse()] * (least - len(records))]
