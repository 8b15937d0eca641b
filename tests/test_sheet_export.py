"""附件2 as a workbook that others fill in: lists to choose from, and a blank one to send out."""

import io

from openpyxl import load_workbook

from odoo.addons.wz_skill_cert.reports import summary, wording
from odoo.addons.wz_skill_cert.sheets import sheet_reader
from odoo.tests import HttpCase, tagged

from .common import SkillCertCase

HEADINGS = [column.heading for column in summary.COLUMNS]


class SheetExportCase(SkillCertCase):
    def _template(self, user=None):
        content = self.env["skill.cert.submission"].with_user(user or self.nominator)._template_xlsx()
        book = load_workbook(io.BytesIO(content))
        self.addCleanup(book.close)
        return book


@tagged("standard", "post_install", "-at_install")
class TestTemplate(SheetExportCase):
    def test_a_blank_sheet_has_the_heading_and_fifty_rows_of_typed_cells(self):
        page = self._template().active
        self.assertEqual([cell.value for cell in page[3]], HEADINGS)
        self.assertFalse(any(cell.value for row in page.iter_rows(4, 53) for cell in row))
        self.assertEqual({page.cell(row, 3).number_format for row in range(4, 54)}, {"@"})
        self.assertIn("填表人", page["A54"].value)

    def test_cells_offer_the_papers_own_words(self):
        offered = self._offered(self._template().active)
        self.assertEqual(offered["性别"], ",".join(wording.SEXES.values()))
        self.assertEqual(offered["文化程度"], ",".join(wording.EDUCATIONS.values()))
        self.assertEqual(offered["申报等级"], ",".join(wording.LEVELS.values()))

    def test_occupations_are_offered_from_a_hidden_sheet_and_only_those_in_scope(self):
        outside = self.env["skill.cert.occupation"].create({"name": "示例外", "hrss_run": "no"})
        book = self._template()
        names = [cell.value for cell in book["职业"]["A"]]
        self.assertEqual(book["职业"].sheet_state, "hidden")
        self.assertIn(self.electrician.name, names)
        self.assertNotIn(outside.name, names)
        self.assertEqual(self._offered(book.active)["申报职业（工种）"], f"职业!$A$1:$A${len(names)}")

    def _offered(self, page):
        """Return {heading: list} of the validations, all of which cover the fifty rows."""
        lists = {}
        for validation in page.data_validations.dataValidation:
            [area] = validation.sqref.ranges
            self.assertEqual((area.min_row, area.max_row), (4, 53))
            self.assertTrue(validation.prompt)
            if validation.type == "list":
                lists[HEADINGS[area.min_col - 1]] = validation.formula1.strip('"')
        return lists

    def test_every_column_of_the_paper_is_read_back(self):
        known = {sheet_reader.field_of_heading(heading) for heading in HEADINGS[1:]}
        self.assertEqual(known, set(sheet_reader.BY_FIELD))


@tagged("standard", "post_install", "-at_install")
class TestTemplateDownload(HttpCase, SheetExportCase):
    def _get(self, user):
        user.password = user.login
        self.authenticate(user.login, user.login)
        return self.url_open(self.env["skill.cert.submission"].with_user(user).action_download_template()["url"])

    def test_nominators_download_it_and_outsiders_do_not(self):
        response = self._get(self.nominator)
        self.assertEqual(response.status_code, 200)
        self.assertTrue(response.content.startswith(b"PK"))
        self.assertIn("summary-blank.xlsx", response.headers["Content-Disposition"])
        self.assertEqual(self._get(self.plain_user).status_code, 404)
