"""The sixteen columns of the summary sheet (notice, 附件2), once for the PDF and the workbook."""

from typing import Any, NamedTuple

from .. import clock
from . import wording

TITLE = "{year}年温州市高技能人才直接认定汇总表"


class Column(NamedTuple):
    """A column: its heading, its width in mm on A4 landscape, and where its values come from."""

    heading: str
    width: int
    value: Any
    kind: str = "text"

    def text(self, application, position):
        """Return the cell as it is printed."""
        value = self.cell(application, position)
        return WRITE[self.kind](value) if value else ""

    def cell(self, application, position):
        """Return the value, None in an empty row and where nothing is stated."""
        return (application and self.value(application, position)) or None


# How each kind of value is printed.
WRITE = {"text": str, "day": wording.day, "number": wording.number, "money": wording.money}


def _career_years(application, _position):
    years = clock.years_between(application.career_start, application.submitted_on or clock.today())
    return application.stated_career_years if years is None else years


def _field(name):
    return lambda application, _position: application[name]


# The widths make 277 mm: A4 landscape less 10 mm on either side.
COLUMNS = (
    Column("序号", 8, lambda application, position: position, "number"),
    Column("姓名", 15, _field("applicant_name")),
    Column("身份证号", 33, _field("id_number")),
    Column("性别", 8, lambda application, _: wording.SEXES.get(application.sex)),
    Column("出生年月日", 23, _field("birth_date"), "day"),
    Column("文化程度", 14, lambda application, _: wording.EDUCATIONS.get(application.education)),
    Column("申报职业（工种）", 21, _field("occupation_name")),
    Column("申报等级", 20, lambda application, _: wording.LEVELS.get(application.level)),
    Column("报名单位", 25, _field("employer_name")),
    Column("现工作岗位", 17, _field("job")),
    Column("工龄（年）", 11, _career_years, "number"),
    Column("创经济效益金额（万元）", 16, _field("annual_benefit"), "money"),
    Column("企业资产（万元）", 16, _field("employer_assets"), "money"),
    Column("企业年销售额（万元）", 16, _field("employer_sales"), "money"),
    Column("企业人数", 14, _field("employer_headcount"), "number"),
    Column("联系电话", 20, _field("phone")),
)


def title(submission):
    """Return the sheet's title; without a year, with the notice's blank."""
    return title_of(submission.campaign_id.year)


def title_of(year):
    """Return the title of a sheet of ``year``; see ``title``."""
    return TITLE.format(year=year or "20\u3000\u3000")


def rows(submission):
    """Return the sheet's applications in the order in which they were entered."""
    return submission.application_ids.sorted("id")
