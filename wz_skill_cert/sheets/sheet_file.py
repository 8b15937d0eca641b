"""Opens a workbook that somebody else made, and refuses what is none or would harm. Pure functions, no Odoo.

What openpyxl is given has been bounded before: bytes, parts, depth, elements, rows, columns, cells, strings and merged areas. It
reads no links and evaluates no formula. All of it runs in a process of its own (bounded.py), because what is bounded may still be
more than a person wants to wait for.

The parts are counted by expat, which takes a document in one pass; its declarations are refused before any could unfold.
"""

import io
import re
import zipfile
from xml.parsers import expat

from ..bounded import Refused

# A sheet of 10,000 people unpacks to about 12 MB.
PARTS, UNPACKED, RATIO = 1_000, 60 * 2**20, 150
# Below this size a high ratio is ordinary: a table of equal cells.
RATIO_FROM = 4 * 2**20
ROWS, CELLS, MERGED, STRINGS = 10_000, 500_000, 1_000_000, 500_000
# Of all parts; Excel itself nests to about a dozen.
ELEMENTS, DEPTH = 4_000_000, 64
# The last column of Excel, XFD.
COLUMNS = 16_384
# Styles, validations, links…: each of their elements becomes an object of a thousand bytes and more.
OTHER_XML = 2 * 2**20
# Titles, blank rows and notes between and below the rows of people.
OTHER_ROWS = 1_000
XML = (".xml", ".rels", ".vml")
# Of UTF-8, UTF-16, UTF-32 and EBCDIC.
XML_STARTS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0", b"\x4c\x6f", b"+ADw")
ENCODINGS = ("utf-8", "us-ascii")
OLD_FORMAT = b"\xd0\xcf\x11\xe0"
PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def judge(content, max_bytes):
    """Refuse what cannot be read. Raises ``Refused``."""
    parts_of(content, max_bytes)


def parts_of(content, max_bytes):
    """Return {name: bytes} of a workbook, or raise ``Refused``. Nothing of it has been interpreted then."""
    check_start(content, max_bytes)
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


def check_start(content, max_bytes):
    """Refuse by size and first bytes alone, which needs no process. Raises ``Refused``."""
    if len(content) > max_bytes:
        raise Refused("too_large")
    if content.startswith(OLD_FORMAT):
        raise Refused("old_format")


def open_book(content, max_bytes):
    """Return the workbook as openpyxl reads it, or raise ``Refused``."""
    # Only here: whoever just judges a file need not wait for it.
    import openpyxl

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts_of(content, max_bytes).items():
            archive.writestr(name, part)
    try:
        return openpyxl.load_workbook(stream, keep_links=False)
    except MemoryError:
        raise
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
    census = Census()
    return {name: census.counted(name, part) for name, part in parts.items()}


class Census:
    """Counts what the parts of one workbook hold, and refuses what is too much."""

    def __init__(self):
        self.elements = self.cells = self.strings = self.merged = 0
        self.kinds = {"c": self._cell, "si": self._string, "mergeCell": self._merge, "sheetData": self._rows_start}
        self.kinds |= {"row": self._row, **dict.fromkeys(("v", "t", "f"), self._content)}

    def counted(self, name, part):
        """Return ``part`` without the used but empty rows below the last that may name somebody."""
        self._begin(part)
        try:
            self.parser.Parse(part, True)
        except expat.ExpatError as error:
            raise Refused("damaged") from error
        if not _is_text_table(name, part) and len(part) - self.rows_length > OTHER_XML:
            raise Refused("too_large_inside")
        return part if self.cut_from is None else part[: self.cut_from] + part[self.cut_to :]

    def _begin(self, part):
        if b"\0" in part:
            # UTF-16 and its like, which Excel does not write.
            raise Refused("suspicious" if _is_utf8(part) else "damaged")
        self.depth = self.row = self.rows_length = 0
        self.rows_from = self.cut_from = self.cut_to = None
        self.parser = expat.ParserCreate()
        self.parser.XmlDeclHandler = self._declaration
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _declaration(self, _version, encoding, _standalone):
        if encoding and encoding.lower() not in ENCODINGS:
            raise Refused("suspicious")

    def _doctype(self, *_declared):
        # Entities hide there, and Excel writes none.
        raise Refused("suspicious")

    def _start(self, tag, attributes):
        self.elements += 1
        self.depth += 1
        if self.elements > ELEMENTS or self.depth > DEPTH:
            raise Refused("too_large_inside")
        if count := self.kinds.get(tag.rpartition(":")[2]):
            count(attributes)

    def _end(self, tag):
        self.depth -= 1
        if self.rows_from and tag.rpartition(":")[2] == "sheetData":
            end = self.parser.CurrentByteIndex
            self.rows_length += end - self.rows_from
            self.rows_from = None
            if self.cut_from is not None:
                self.cut_to = end

    def _rows_start(self, _attributes):
        self.rows_from = self.rows_from or self.parser.CurrentByteIndex

    def _row(self, attributes):
        self.row = _whole(attributes["r"]) if "r" in attributes else self.row + 1
        if self.cut_from is None and self.row > ROWS + OTHER_ROWS:
            if not self.rows_from:
                raise Refused("too_many_rows")
            self.cut_from = self.parser.CurrentByteIndex

    def _content(self, _attributes):
        if self.cut_from is not None and self.cut_to is None:
            raise Refused("too_many_rows")

    def _cell(self, attributes):
        self.cells += 1
        if self.cells > CELLS:
            raise Refused("too_large_inside")
        if "r" in attributes and self.cut_from is None:
            column, row = _place(attributes["r"])
            if column > COLUMNS:
                raise Refused("damaged")
            if row > ROWS + OTHER_ROWS:
                raise Refused("too_many_rows")

    def _string(self, _attributes):
        self.strings += 1
        if self.strings > STRINGS:
            raise Refused("too_large_inside")

    def _merge(self, attributes):
        first, _colon, last = attributes.get("ref", "").partition(":")
        (left, top), (right, bottom) = _place(first), _place(last or first)
        self.merged += (right - left + 1) * (bottom - top + 1)
        if self.merged > MERGED:
            raise Refused("too_large_inside")


def _is_utf8(part):
    try:
        part.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _is_text_table(name, part):
    return name == "xl/sharedStrings.xml" and b"sqref" not in part


def _place(text):
    """Return (column, row) of a cell's name, both counted from one."""
    found = PLACE.fullmatch(text)
    if not found:
        raise Refused("damaged")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column, int(found[2])


def _whole(text):
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Refused("damaged")
    return int(text)
