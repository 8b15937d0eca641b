"""From HTML to PDF for the archive. No Odoo in here: the same file is the program of the printing processes."""

import functools
import gc
import io
import itertools
import json
import logging
import os
import resource
import subprocess
import sys
import time
import unicodedata
from contextlib import ExitStack, suppress
from multiprocessing.connection import Connection, Pipe, wait
from typing import NamedTuple

# They report each of their steps, which drowns what matters in the server's log; the first ones already while
# they are imported.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
logging.getLogger("pikepdf").setLevel(logging.WARNING)

import pikepdf  # noqa: E402
import weasyprint  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402
from weasyprint.urls import URLFetcher  # noqa: E402

# 3b and not 2b: it may carry the form's data as an attached file. Not compressed: the finishing step does it, once.
PDF_OPTIONS = {"pdf_variant": "pdf/a-3b", "pdf_tags": True, "uncompressed_pdf": True}

SERIF_FAMILIES = (
    "FangSong",
    "STFangsong",
    "仿宋",
    "FangSong_GB2312",
    "仿宋_GB2312",
    "SimSun",
    "STSong",
    "宋体",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
)
SANS_FAMILIES = ("Noto Sans CJK SC", "Source Han Sans SC")
# Rare characters of names, which the families above lack. Hanazono draws as in Japan: for what no other has.
RARE_FAMILIES = ("BabelStone Han", "HanaMinB", "HanaMinA")
# Families of the stylesheet whose glyphs are those of mainland China.
CHINESE_FAMILIES = (*SERIF_FAMILIES, "BabelStone Han", *SANS_FAMILIES)
# 骨 and 直 look different in Japan, so a font that lacks the mainland's shapes is found out.
PROBE = "温州骨直"

# What is no ink, and what fonts need no glyph for: controls, formats, spaces, marks and variation selectors.
INKLESS = {"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"}
# The end of a title that differs from form to form: its number.
NUMBER = " -–—·0123456789"


class UnprintableError(ValueError):
    """No installed font has these characters; ``args[0]`` are they."""


class NoFetcher(URLFetcher):
    """Opens what a page carries in itself, and nothing else: no text of a form can make the server call anybody."""

    def __init__(self):
        super().__init__(allowed_protocols=("data",), allow_redirects=False)


class PressedStream(io.BytesIO):
    """A PDF made here, to be told from those of other engines when several are bound as one."""


class Printed(NamedTuple):
    """A PDF, and the number of pages of each of its forms."""

    content: bytes
    pages: list


class Failed(NamedTuple):
    """Why a group was not printed: the characters that no font has, or an ``error`` for the log, or it took too long."""

    characters: str = ""
    error: str = ""
    late: bool = False


def quoted_families():
    """Return the font stack as CSS."""
    return ", ".join(f'"{family}"' for family in (*SERIF_FAMILIES, *RARE_FAMILIES, *SANS_FAMILIES))


@functools.cache
def has_chinese_font():
    """Tell whether the engine prints Chinese with one of the CHINESE_FAMILIES.

    Laying out a probe asks the same code that will print the form. Cached: a font
    that is installed later is seen after a restart.
    """
    style = f"<style>body {{ font-family: {quoted_families()} }}</style>"
    page = f'<html lang="zh-CN">{style}<body>{PROBE}</body></html>'
    document = weasyprint.HTML(string=page, url_fetcher=NoFetcher()).render()
    document.write_pdf()
    families = {font.family for font in document.fonts.values()}
    return bool(families) and families <= set(CHINESE_FAMILIES)


def pdf(bodies):
    """Return one archive-grade PDF (PDF/A-3b) with the pages of all ``bodies``, each a whole HTML document.

    Raises UnprintableError.
    """
    return Press().printed(bodies).content


class Press:
    """Prints one group of forms after the other, and reads a stylesheet once. Not for several threads: Pango's
    fonts are not made for that."""

    def __init__(self):
        self.fonts = FontConfiguration()
        self.sheets = {}

    def printed(self, bodies):
        """Return the Printed of ``bodies``. They share their fonts, which are half the work of one form."""
        documents = [self._layout(body) for body in bodies]
        whole = documents[0].copy([page for document in documents for page in document.pages])
        whole.metadata.attachments = [file for document in documents for file in document.metadata.attachments]
        content = whole.write_pdf(**PDF_OPTIONS)
        _refuse_missing_glyphs(whole.fonts.values())
        with pikepdf.open(io.BytesIO(content)) as raw:
            return Printed(_finished(raw), [len(document.pages) for document in documents])

    def _layout(self, body):
        # Parsing the stylesheet takes a fourth of a form's layout.
        style, rest = _apart(body)
        sheets = [self._sheet(style)] if style else []
        page = weasyprint.HTML(string=rest, url_fetcher=NoFetcher())
        return page.render(font_config=self.fonts, stylesheets=sheets, **PDF_OPTIONS)

    def _sheet(self, text):
        if text not in self.sheets:
            self.sheets = {text: weasyprint.CSS(string=text, font_config=self.fonts, url_fetcher=NoFetcher())}
        return self.sheets[text]


def _apart(body):
    """Return (stylesheet of the page ``body``, the page without it)."""
    before, _opening, rest = body.partition("<style>")
    style, closing, after = rest.partition("</style>")
    return (style, before + after) if closing else ("", body)


def _refuse_missing_glyphs(fonts):
    # The archive's rules forbid a character without a glyph, and a reader would see a box.
    missing = {chr(code) for font in fonts for code in font.missing}
    if ink := sorted(char for char in missing if unicodedata.category(char) not in INKLESS):
        raise UnprintableError("".join(ink))


# ---------------------------------------------------------------------- what the archive asks of the file


def _finished(document):
    """Return ``document`` as bytes, with what WeasyPrint leaves open for PDF/A-3b."""
    for item in document.objects:
        if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image":
            item.Interpolate = False
    _index_files(document, [_described(spec) for spec in _files(document)])
    return _bytes(document)


def _bytes(document):
    stream = io.BytesIO()
    # The ID follows from the content alone: the same form gives the same bytes.
    if "/ID" in document.trailer:
        del document.trailer["/ID"]
    document.save(
        stream, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
    )
    # Where a stream's data happens to end with CR, the LF that follows looks like the second half of one line end,
    # and whoever measures the stream from behind finds a byte too few. A CR ends the line just as well.
    return stream.getvalue().replace(b"\r\nendstream", b"\r\rendstream")


def _files(document):
    """Return the file specifications attached to the document, in the order of its forms, each once."""
    return list({spec.objgen: spec for spec in document.Root.get("/AF", [])}.values())


def _described(spec):
    """Say of an attached file what WeasyPrint does not: that it is the form's data."""
    spec.AFRelationship = pikepdf.Name.Data
    # The moment of printing says nothing about the data, and would make each printing another file.
    for file in spec.EF.values():
        for day in {"/CreationDate", "/ModDate"} & set(file.get("/Params", {})):
            del file.Params[day]
    return spec


def _index_files(document, specs):
    """List the attached files in the catalog, each under its title: WeasyPrint calls all "attachment.bin"."""
    if not specs:
        return
    named = {}
    for spec in specs:
        # From its title: the name may carry the number that it had in another document.
        name = _free_name(str(spec.get("/Desc", spec.UF)), named)
        spec.F = spec.UF = pikepdf.String(name)
        named[name] = spec
    entries = [entry for name in sorted(named) for entry in (pikepdf.String(name), named[name])]
    document.Root.Names = pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array(entries)))
    document.Root.AF = pikepdf.Array(specs)


def _free_name(name, taken):
    stem, ending = os.path.splitext(name)
    number = 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}{ending}"
    return name


# ---------------------------------------------------------------------- several as one


def stamped(content, stamp):
    """Return the PDF ``content`` with the one page of ``stamp`` laid over each of its pages, turned as they are."""
    with pikepdf.open(io.BytesIO(content)) as document, pikepdf.open(io.BytesIO(stamp)) as mark:
        for page in document.pages:
            page.add_overlay(mark.pages[0])
        return _bytes(document)


def merged(parts, title=None, copies=1):
    """Return one PDF/A-3b of ``parts``, each a Printed or the bytes of a PDF of one form, in their order.

    ``copies`` repeats the pages of each form (一式二份: A, A, B, B). ``title``: that which all have in common.
    """
    with ExitStack() as stack:
        binder = Binder()
        for part in parts:
            content, pages = (part, None) if isinstance(part, bytes) else part
            # Open until the end: the pages' streams are copied while saving.
            source = stack.enter_context(pikepdf.open(io.BytesIO(content)))
            binder.add(source, pages or [len(source.pages)], copies)
        return binder.bound(title)


class Binder:
    """Appends documents page by page, and with them what pages alone would lose: structure, files, language."""

    def __init__(self):
        self.document = pikepdf.new()
        self.titles = []
        self.elements = pikepdf.Array()
        self.parents = pikepdf.Array()
        self.next_parent = 0
        self.files = []

    def add(self, source, pages, copies):
        if not self.titles:
            self._copy_frame(source)
        self.titles.append(str(source.docinfo.get("/Title", "")))
        first = 0
        for number in pages:
            self._add_form(source.pages[first : first + number], copies)
            first += number
        self.files += [self.document.copy_foreign(spec) for spec in _files(source)]
        self._add_structure(source.Root.get("/StructTreeRoot"))

    def bound(self, title=None):
        """Return the bound document as bytes."""
        self._write_structure()
        _index_files(self.document, self.files)
        with self.document.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title or _common(self.titles).rstrip(NUMBER)
        return _bytes(self.document)

    def _copy_frame(self, source):
        for name in ("/Metadata", "/OutputIntents", "/Lang", "/MarkInfo", "/ViewerPreferences"):
            if name in source.Root:
                value = source.make_indirect(source.Root[name])
                self.document.Root[name] = self.document.copy_foreign(value)
        for name, value in source.docinfo.items():
            self.document.docinfo[name] = str(value)

    def _add_form(self, pages, copies):
        own = self.document.pages
        first = len(own)
        own.extend(pages)
        for page in own[first:]:
            self._number(page.obj)
        for _copy in range(copies - 1):
            for page in own[first : first + len(pages)]:
                own.append(page)
                # A copy shares the ink and stays outside the structure: a screen reader reads each form once.
                del own[-1].obj.StructParents

    def _number(self, page):
        for item, key in ((page, "/StructParents"), *((note, "/StructParent") for note in page.get("/Annots", []))):
            if key in item:
                item[key] = int(item[key]) + self.next_parent

    def _add_structure(self, root):
        if root is None:
            return
        # Copied after the pages, so that its elements point to the pages' copies.
        tree = self.document.copy_foreign(root)
        used = list(pikepdf.NumberTree(tree.ParentTree).items())
        for key, value in used:
            self.parents.extend([key + self.next_parent, value])
        self.next_parent += max((key for key, _value in used), default=-1) + 1
        self.elements.extend(list(tree.K) if isinstance(tree.K, pikepdf.Array) else [tree.K])

    def _write_structure(self):
        if not len(self.elements):
            return
        root = self.document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructTreeRoot, K=self.elements, ParentTree=pikepdf.Dictionary(Nums=self.parents)
            )
        )
        for element in root.K:
            element.P = root
        self.document.Root.StructTreeRoot = root


def _common(texts):
    """Return what all ``texts`` begin with."""
    pairs = zip(min(texts), max(texts), strict=False)
    return "".join(first for first, _last in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


# ---------------------------------------------------------------------- processes

# Seconds for one group. A form takes half a second; whoever needs minutes has met a fault.
PATIENCE = 120
# The same where somebody waits at the screen.
LIVE_PATIENCE = 30
# Of one process: a hundred forms in one document take half a gigabyte, the fonts and programs another.
MEMORY = 3 * 2**30
# Forms after which a process is replaced: whatever it has gathered goes with it.
LIFE = 400
# Of the server's environment: what finds programs, packages and fonts. No password of the database.
ENVIRONMENT = (
    "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH",
    "XDG_CACHE_HOME", "XDG_DATA_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH",
)  # fmt: skip


class Worker:
    """A process that prints. It ends with its pipe, so it does not outlive us."""

    def __init__(self):
        self.connection, theirs = Pipe()
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        # A new program and no fork: it starts without Odoo's memory, connections and locks.
        self.process = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=environment,
        )
        theirs.close()
        self.printed = 0
        self.index = self.deadline = None

    def start(self, index, bodies, patience):
        """Hand over a group; ``index`` is its place among the results, ``patience`` the seconds that it may take."""
        self.index, self.deadline = index, time.monotonic() + patience
        self.printed += len(bodies)
        with suppress(OSError):  # it died: the end of its pipe will say so
            self.connection.send_bytes(json.dumps(bodies).encode())

    def result(self):
        """Return the group's Printed or Failed."""
        answer = json.loads(self.connection.recv_bytes())
        return Printed(self.connection.recv_bytes(), answer["pages"]) if "pages" in answer else Failed(**answer)

    def end(self):
        """Stop at once."""
        self.connection.close()
        self.process.kill()
        self.process.wait()


class Pool:
    """Some processes that print groups of forms at the same time. To be used in ``with``.

    ``patience``: the seconds that a group may take, if not PATIENCE.
    """

    def __init__(self, size, patience=None):
        self.size = size
        self.patience = patience
        self.workers = []

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.end()

    def end(self):
        """Stop all processes at once."""
        for worker in self.workers:
            worker.end()

    def printed(self, groups):
        """Return the Printed or Failed of each of ``groups`` of HTML bodies, in their order."""
        results = [None] * len(groups)
        waiting = list(enumerate(groups))[::-1]
        busy = []
        while waiting or busy:
            while waiting and len(busy) < self.size:
                busy.append(self._free(busy))
                busy[-1].start(*waiting.pop(), self._patience())
            for worker in self._ready(busy):
                results[worker.index] = self._collect(worker)
                busy.remove(worker)
        return results

    def _patience(self):
        return PATIENCE if self.patience is None else self.patience

    def _free(self, busy):
        for worker in [worker for worker in self.workers if worker not in busy]:
            if worker.printed < LIFE and worker.process.poll() is None:
                return worker
            self._discard(worker)
        self.workers.append(Worker())
        return self.workers[-1]

    def _ready(self, busy):
        patience = max(0, min(worker.deadline for worker in busy) - time.monotonic())
        talking = wait([worker.connection for worker in busy], patience)
        now = time.monotonic()
        return [worker for worker in busy if worker.connection in talking or worker.deadline <= now]

    def _collect(self, worker):
        try:
            if worker.connection.poll():
                return worker.result()
            failed = Failed(error=f"no answer in {self._patience()} s", late=True)
        except (EOFError, OSError):
            failed = Failed(error="the printing process died")
        self._discard(worker)
        return failed

    def _discard(self, worker):
        self.workers.remove(worker)
        worker.end()


class Live:
    """Prints what somebody waits for: in a process that stands ready, since one takes a second to start.

    Whoever comes while it is busy gets another, which ends after its work.
    """

    def __init__(self):
        self.ready = []

    def printed(self, groups):
        """Return the Printed or Failed of each of ``groups``, as ``Pool.printed``."""
        try:
            pool = self.ready.pop()
        except IndexError:
            pool = Pool(1)
        pool.patience = LIVE_PATIENCE
        try:
            return pool.printed(groups)
        finally:
            self._put_back(pool)

    def _put_back(self, pool):
        if self.ready:
            pool.end()
        else:
            self.ready.append(pool)


LIVE = Live()


def _attempt(press, bodies):
    try:
        return press.printed(bodies)
    except UnprintableError as error:
        return Failed(characters=error.args[0])
    except Exception as error:  # whatever is wrong with one group must not stop the others
        return Failed(error=repr(error))


def serve(connection):
    """Print what comes through the pipe until it is closed."""
    press = Press()
    # A form leaves 70,000 objects in cycles. Looking for them in the middle of the work, over and over, takes
    # as long as the work.
    gc.disable()
    while True:
        try:
            bodies = json.loads(connection.recv_bytes())
        except EOFError:
            return
        _answer(connection, _attempt(press, bodies))
        gc.collect()
        gc.freeze()


def _answer(connection, result):
    if isinstance(result, Failed):
        connection.send_bytes(json.dumps(result._asdict()).encode())
    else:
        connection.send_bytes(json.dumps({"pages": result.pages}).encode())
        connection.send_bytes(result.content)


if __name__ == "__main__":
    # The people at their screens come first.
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(Connection(int(sys.argv[1])))
