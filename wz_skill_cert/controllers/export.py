"""Exports of lists: what somebody typed is text in every spreadsheet and never a formula.

Odoo itself lets XlsxWriter turn "=…" into a formula, and in CSV forgets some of the characters that begin one.
"""

from odoo.addons.web.controllers.export import CSVExport, ExcelExport, GroupExportXlsxWriter

# Full-width signs are read as their ASCII brothers by the Chinese editions; tab and line break are skipped.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def as_text(value):
    """Return a CSV value that no spreadsheet takes for a formula: an apostrophe says that text follows."""
    if isinstance(value, str) and (value.startswith(FORMULA_STARTS) or value.lstrip().startswith(FORMULA_STARTS)):
        return "'" + value
    return value


class TextWriter(GroupExportXlsxWriter):
    def write(self, row, column, cell_value, style=None):
        if isinstance(cell_value, str):
            return self.worksheet.write_string(row, column, cell_value, style)
        return super().write(row, column, cell_value, style)


class TextCsvExport(CSVExport):
    def from_data(self, fields, columns_headers, rows):
        """Write the rows as Odoo does, formulas made harmless."""
        safe_rows = [[as_text(value) for value in row] for row in rows]
        return super().from_data(fields, [as_text(header) for header in columns_headers], safe_rows)


class TextExcelExport(ExcelExport):
    def from_data(self, fields, columns_headers, rows):
        """Write the rows as Odoo does, every text as text."""
        with TextWriter(fields, columns_headers, len(rows)) as writer:
            for index, row in enumerate(rows, 1):
                writer._write_row(index, 0, row)
        return writer.value

    def from_group_data(self, fields, columns_headers, groups):
        """Write the groups as Odoo does, every text as text."""
        with TextWriter(fields, columns_headers, groups.count) as writer:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = writer.write_group(row, column, name, group)
        return writer.value
