"""What a file is and whether it is safe to keep, judged by its bytes and never by its name.

Nothing here knows Odoo. By size and first bytes a file is judged at once; it is opened in a process of its own (bounded.py).
"""

import io
import re
import zipfile

from lxml import etree
from PIL import Image

from . import bounded
from .bounded import Refused

PDF, JPEG, PNG, OFD = "pdf", "jpeg", "png", "ofd"
IMAGES = (JPEG, PNG)
HEAVY = {PDF: "pdf_heavy", OFD: "ofd_heavy", JPEG: "image_damaged", PNG: "image_damaged"}
STARTS = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"PK\x03\x04": OFD}
MIMETYPES = {PDF: "application/pdf", JPEG: "image/jpeg", PNG: "image/png", OFD: "application/ofd"}
EXTENSIONS = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), PNG: (".png",), OFD: (".ofd",)}

# An A3 page at 600 dpi has 70 million pixels, what the web client still draws 50; Odoo's own fields take as much.
MAX_PIXELS = 50_000_000
MAX_PAGES = 500
MAX_OBJECTS = 200_000
MAX_ENTRIES = 5_000
MAX_UNPACKED = 200_000_000
# One stream that a PDF's own structure needs.
STREAM_MEMORY = 64_000_000

# Long enough that 20 MB of pixels never contain one by chance.
MARKUP = re.compile(rb"<script|<iframe|<!doctype|<html[\s>]", re.IGNORECASE)
PROGRAM_NAME = re.compile(
    r"\.(exe|com|scr|msi|dll|bat|cmd|ps1|vbs?|vbe|jse?|wsf|hta|lnk|reg|jar|class|sh|py|apk|app|html?|svg)\s*$", re.I
)
PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe")

# What a viewer would do by itself or at a click, beyond turning pages and following links.
ACTIONS = {
    "/JavaScript": "pdf_script",
    "/SubmitForm": "pdf_script",
    "/ImportData": "pdf_script",
    "/Launch": "pdf_program",
    "/GoToE": "pdf_program",
    "/Rendition": "pdf_media",
    "/Movie": "pdf_media",
    "/Sound": "pdf_media",
    "/RichMediaExecute": "pdf_media",
}
# What qpdf says of a part of the file's structure that it could not unpack.
UNREAD = ("object stream", "error decoding stream", "unfilterable stream")
KEYS = {"/JS": "pdf_script", "/XFA": "pdf_form", "/RichMediaContent": "pdf_media"}
SUBTYPES = {"/RichMedia": "pdf_media", "/3D": "pdf_media", "/Screen": "pdf_media", "/Movie": "pdf_media"}


def kind_of(content, max_bytes):
    """Return the kind of the file ``content``, at most ``max_bytes`` long.

    Raises Refused, whose code is a key of the sentences in models/platform/upload_check.py.
    """
    if not content:
        raise Refused("empty")
    if len(content) > max_bytes:
        raise Refused("too_large")
    kind = next((kind for start, kind in STARTS.items() if content.startswith(start)), None)
    if not kind:
        raise Refused("pdf_start" if b"%PDF-" in content[:1024] else "kind")
    try:
        bounded.run("upload_kinds:judge", content, kind=kind)
    except Refused as refusal:
        raise Refused(HEAVY[kind] if refusal.code == "heavy" else refusal.code) from refusal
    return kind


def judge(content, kind):
    """Refuse a file of ``kind`` that is damaged, harmful or too heavy: what the process above runs. Raises Refused."""
    if reason := CHECKS[kind](content) or (kind != OFD and _is_archive(content) and "two_files"):
        raise Refused(reason)


def _is_archive(content):
    """Tell whether the bytes are a ZIP or JAR as well: such programs are read from their end."""
    try:
        return bool(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except Exception:  # whatever a malformed directory makes zipfile raise
        return False


# ---------------------------------------------------------------------- pictures


def _jpeg_reason(content):
    if b"\xff\xd9" not in content:
        return "image_damaged"
    return _image_reason(content, "JPEG")


def _png_reason(content):
    return _image_reason(content, "PNG")


def _image_reason(content, name):
    try:
        # Reads the header only; the pixels are never unpacked here.
        with Image.open(io.BytesIO(content), formats=[name]) as image:
            if image.width * image.height > MAX_PIXELS:
                return "image_pixels"
            image.verify()
    except Image.DecompressionBombError:
        return "image_pixels"
    except Exception:  # Pillow raises half a dozen kinds on damaged files
        return "image_damaged"
    return "two_files" if MARKUP.search(content) else None


# ---------------------------------------------------------------------- OFD (GB/T 33190): a ZIP with OFD.xml


def _ofd_reason(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _entries_reason(archive.infolist()) or _root_reason(archive)
    except Exception:  # zipfile raises half a dozen kinds on damaged files
        return "ofd_damaged"


def _entries_reason(entries):
    names = [entry.filename for entry in entries]
    if "OFD.xml" not in names:
        return "kind"
    if any(entry.flag_bits & 1 for entry in entries):
        return "ofd_password"
    return _names_reason(names) or _volume_reason(entries)


def _volume_reason(entries):
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        return "ofd_heavy"
    return None


def _names_reason(names):
    if len(set(names)) != len(names) or any(_is_outside(name) for name in names):
        return "ofd_damaged"
    if "META-INF/MANIFEST.MF" in names or any(PROGRAM_NAME.search(name) for name in names):
        return "ofd_program"
    return None


def _is_outside(name):
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _root_reason(archive):
    with archive.open("OFD.xml") as file:
        text = file.read(1_000_000)
    # No entities: a document type is where an XML bomb hides, and OFD has none.
    if b"<!DOCTYPE" in text.upper():
        return "ofd_damaged"
    root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    return None if etree.QName(root).localname == "OFD" else "kind"


# ---------------------------------------------------------------------- PDF


def _pdf_reason(content):
    _before, end, after = content.rpartition(b"%%EOF")
    if end and after.strip(b"\0\t\n\f\r "):
        return "pdf_end"
    return _opened_pdf_reason(content)


def _opened_pdf_reason(content):
    import pikepdf  # only here: it is not needed for a picture

    pikepdf.settings.set_qpdf_limits(flate_max_memory=STREAM_MEMORY, run_length_max_memory=STREAM_MEMORY)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return _size_reason(pdf) or _content_reason(pdf) or _hidden_reason(pikepdf, pdf)
    except pikepdf.PasswordError:
        return "pdf_password"
    except pikepdf.PdfError:
        return "pdf_heavy" if pikepdf.settings.qpdf_limit_errors() else "pdf_damaged"


def _size_reason(pdf):
    if len(pdf.objects) > MAX_OBJECTS:
        return "pdf_heavy"
    pages = len(pdf.pages)
    return "pdf_pages" if pages > MAX_PAGES else None if pages else "pdf_damaged"


def _hidden_reason(pikepdf, pdf):
    """Refuse what could not be looked into: a more forgiving viewer may see there what was not seen here."""
    warnings = " ".join(map(str, pdf.get_warnings()))
    if pikepdf.settings.qpdf_limit_errors() or "memory limit" in warnings:
        return "pdf_heavy"
    return "pdf_damaged" if any(words in warnings for words in UNREAD) else None


def _content_reason(pdf):
    return next(filter(None, map(_dictionary_reason, _dictionaries(pdf))), None) or _opening_reason(pdf.Root)


def _dictionaries(pdf):
    """Yield every dictionary of the file as {key: value}, those that no page leads to included."""
    import pikepdf

    for thing in pdf.objects:
        waiting = [thing]
        while waiting:
            value = waiting.pop()
            if isinstance(value, pikepdf.Stream | pikepdf.Dictionary):
                entries = dict(value.items())
                yield entries
                waiting += [part for part in entries.values() if _is_inner(part)]
            elif isinstance(value, pikepdf.Array):
                waiting += [part for part in value if _is_inner(part)]


def _is_inner(part):
    """Tell whether a value stands in its holder; an indirect object comes in its own turn."""
    return hasattr(part, "is_indirect") and not part.is_indirect


def _dictionary_reason(entries):
    for key, reason in KEYS.items():
        if key in entries:
            return reason
    named = ACTIONS.get(_name(entries.get("/S"))) or SUBTYPES.get(_name(entries.get("/Subtype")))
    return named or ("pdf_program" if "/EF" in entries and _is_program(entries) else _events_reason(entries))


def _name(value):
    return str(value) if value is not None else None


def _is_program(entries):
    if any(PROGRAM_NAME.search(str(entries.get(key, ""))) for key in ("/F", "/UF", "/Unix", "/DOS", "/Mac")):
        return True
    files = [file for file in entries["/EF"].values() if hasattr(file, "read_bytes")]
    return any(file.read_bytes().startswith(PROGRAM_STARTS) for file in files)


def _events_reason(entries):
    """Refuse what happens by itself when a page or the file is opened, except turning to a page."""
    events = entries.get("/AA")
    if events is None or not hasattr(events, "values"):
        return None
    return next(filter(None, map(_automatic_reason, events.values())), None)


def _opening_reason(root):
    return _automatic_reason(root.get("/OpenAction"))


def _automatic_reason(action):
    does = action.get("/S") if hasattr(action, "keys") and action._type_name == "dictionary" else None
    return "pdf_script" if does is not None and str(does) != "/GoTo" else None


CHECKS = {PDF: _pdf_reason, JPEG: _jpeg_reason, PNG: _png_reason, OFD: _ofd_reason}
