"""Marks the bad cells of a sheet for who filled it in. Pure functions, no Odoo."""

import io

from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from .sheet_file import open_book
from .sheet_reader import BY_FIELD, HEAD_COLUMNS, find_page

AUTHOR = "导入核对"
COLOUR = "00FFC7CE"
FILL = PatternFill("solid", start_color=COLOUR, end_color=COLOUR)
NO_FILL = PatternFill()


def sentence(field, text):
    """Return a problem with the name of its column."""
    return f"{BY_FIELD[field].words[0]}：{text}"


def marked(content, max_bytes, problems):
    """Return the workbook ``content`` with ``problems``, {row, as JSON has it: {field: text}}, marked, as bytes."""
    book = open_book(content, max_bytes)
    mark(book, {int(row): fields for row, fields in problems.items()})
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def mark(book, problems):
    """Colour and comment the cells of ``problems``, {row: {field: text}}, and take away the marks of an earlier copy.

    A problem of a column that the sheet lacks is marked on the person's name, and one of a merged area on its first
    cell.
    """
    page, layout = find_page(book)
    _unmark(page)
    notes = {}
    for row, fields in problems.items():
        for field, text in fields.items():
            cell = _cell_of(page, row, layout.columns.get(field, layout.columns["applicant_name"]))
            notes.setdefault(cell.coordinate, []).append(
                sentence(field, text) if cell.row == row else f"第{row}行 {sentence(field, text)}"
            )
    for coordinate, texts in notes.items():
        page[coordinate].fill = FILL
        page[coordinate].comment = _comment(texts)


def _unmark(page):
    for row in page.iter_rows(max_col=HEAD_COLUMNS):
        for cell in row:
            if cell.comment and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = NO_FILL


def _cell_of(page, row, column):
    cell = page.cell(row, column)
    if isinstance(cell, MergedCell):
        area = next(area for area in page.merged_cells.ranges if cell.coordinate in area)
        return page.cell(area.min_row, area.min_col)
    return cell


def _comment(texts):
    # A comment on a cell that a thousand rows share names the first of them.
    shown = [*texts[:10], *(["……"] if len(texts) > 10 else [])]
    return Comment("\n".join(shown), AUTHOR, width=280, height=40 + 20 * len(shown))
