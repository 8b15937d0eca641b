"""Opens a workbook that somebody else made, and refuses what is none or would harm. Pure functions, no Odoo.

What openpyxl is given has been bounded before: bytes, parts, rows, cells and merged areas. It reads no links and
evaluates no formula.
"""

import io
import re
import zipfile

import openpyxl

# A sheet of 10,000 people unpacks to about 12 MB.
PARTS, UNPACKED, RATIO = 1_000, 60 * 2**20, 150
# Below this size a high ratio is ordinary: a table of equal cells.
RATIO_FROM = 4 * 2**20
ROWS, CELLS, MERGED = 10_000, 500_000, 1_000_000
# Styles, validations, links…: each of their elements becomes an object of a thousand bytes and more.
OTHER_XML = 2 * 2**20
# Titles, blank rows and notes between and below the rows of people.
OTHER_ROWS = 1_000
XML = (".xml", ".rels", ".vml")
# Of UTF-8, UTF-16, UTF-32 and EBCDIC.
XML_STARTS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0", b"\x4c\x6f", b"+ADw")
OLD_FORMAT = b"\xd0\xcf\x11\xe0"
DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"']|us-ascii[\"'])", re.I)
ROW = re.compile(rb"<(?:[^\s<>/:]+:)?row(?=[\s/>])[^>]*>")
ROW_NUMBER = re.compile(rb"\sr\s*=\s*[\"'](\d+)[\"']")
ROWS_START = re.compile(rb"<(?:[^\s<>/:]+:)?sheetData(?=[\s/>])")
ROWS_END = re.compile(rb"</(?:[^\s<>/:]+:)?sheetData\s*>")
CELL = re.compile(rb"<(?:[^\s<>/:]+:)?c(?=[\s/>])")
CONTENT = re.compile(rb"<(?:[^\s<>/:]+:)?(?:v|t|f)(?=[\s/>])")
MERGE = re.compile(rb"<(?:[^\s<>/:]+:)?mergeCell(?=[\s/>])([^>]*)>")
MERGE_AREA = re.compile(rb"\s*ref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?[\"']\s*/?\s*")


class Refused(Exception):
    """The file cannot be read; ``code`` says why, ``detail`` names what."""

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.code, self.detail = code, detail


def parts_of(content, max_bytes):
    """Return {name: bytes} of a workbook, or raise ``Refused``. Nothing of it has been interpreted then."""
    if len(content) > max_bytes:
        raise Refused("too_large")
    if content.startswith(OLD_FORMAT):
        raise Refused("old_format")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_sizes(archive.infolist())
            # zipfile reads no more than an entry declares, so that the sums above hold.
            parts = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    # NotImplementedError: a compression that is unknown; RuntimeError: a password.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Refused("not_a_workbook") from error
    _check_kind(parts)
    pictures = {name: part for name, part in parts.items() if _is_picture(name, part)}
    return pictures | _checked_xml({name: part for name, part in parts.items() if name.lower().endswith(XML)})


def open_book(content, max_bytes):
    """Return the workbook as openpyxl reads it, or raise ``Refused``."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts_of(content, max_bytes).items():
            archive.writestr(name, part)
    try:
        return openpyxl.load_workbook(stream, keep_links=False)
    except Exception as error:
        # openpyxl raises whatever its many readers happen to raise on a damaged file.
        raise Refused("damaged") from error


def _check_sizes(entries):
    if len(entries) > PARTS or sum(entry.file_size for entry in entries) > UNPACKED:
        raise Refused("too_large_inside")
    for entry in entries:
        if entry.file_size > RATIO_FROM and entry.file_size > RATIO * entry.compress_size:
            raise Refused("too_large_inside")


def _check_kind(parts):
    if "xl/workbook.xml" not in parts or "[Content_Types].xml" not in parts:
        raise Refused("not_a_workbook")
    types = parts["[Content_Types].xml"].lower()
    if b"macroenabled" in types or b"vbaproject" in types or any("vbaproject" in name.lower() for name in parts):
        raise Refused("macros")


def _is_picture(name, part):
    """Tell whether a part is kept unread. What a parser could take for XML is none, wherever it is named a sheet."""
    return name.startswith("xl/media/") and not part.lstrip().startswith(XML_STARTS)


def _checked_xml(parts):
    """Return the XML parts, cut and bounded. Each is treated as a sheet: any part can be named one."""
    for part in parts.values():
        _check_encoding(part)
    parts = {name: _without_rows_below(part) for name, part in parts.items()}
    if sum(1 for part in parts.values() for _cell in CELL.finditer(part)) > CELLS:
        raise Refused("too_large_inside")
    if sum(map(_merged_cells, parts.values())) > MERGED or any(
        _size_without_rows(part) > OTHER_XML for name, part in parts.items() if not _is_text_table(name, part)
    ):
        raise Refused("too_large_inside")
    return parts


def _check_encoding(part):
    """Refuse declared entities, in whatever encoding they might hide: Excel writes UTF-8 and no DOCTYPE."""
    try:
        part.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("damaged") from error
    declared = DECLARED_ENCODING.search(part, 0, part.find(b">") + 1)
    if b"\0" in part or b"<!DOCTYPE" in part or b"<!ENTITY" in part or declared:
        raise Refused("suspicious")


def _is_text_table(name, part):
    return name == "xl/sharedStrings.xml" and b"sqref" not in part


def _size_without_rows(part):
    start = ROWS_START.search(part)
    end = ROWS_END.search(part, start.end()) if start else None
    return len(part) - (end.start() - start.end() if end else 0)


def _without_rows_below(part):
    """Return a page without the used but empty rows below the last that may name somebody."""
    number = 0
    for row in ROW.finditer(part):
        stated = ROW_NUMBER.search(row[0])
        number = int(stated[1]) if stated else number + 1
        if number > ROWS + OTHER_ROWS:
            end = ROWS_END.search(part, row.start())
            if not end or CONTENT.search(part, row.start(), end.start()):
                raise Refused("too_many_rows")
            return part[: row.start()] + part[end.start() :]
    return part


def _merged_cells(part):
    total = 0
    for merge in MERGE.finditer(part):
        area = MERGE_AREA.fullmatch(merge[1])
        if not area:
            raise Refused("damaged")
        left, top, right, bottom = area.groups()
        total += (_column(right or left) - _column(left) + 1) * (int(bottom or top) - int(top) + 1)
    return total


def _column(letters):
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
