"""Binds files of any kind into one PDF with bookmarks and page numbers. Pure functions, no Odoo."""

import io
from typing import Any, NamedTuple

import pikepdf
from PIL import Image, ImageOps

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
# What foreign pages are fitted into: the foot belongs to the dossier's own page number.
MARGIN, FOOT = 5 * MM, 14 * MM
STAMP = (70 * MM, 7 * MM)
# 300 dpi on A4: more would be memory and nothing that a printer shows.
LONGEST_SIDE = 3508
# What unpacks to more is refused before it is unpacked: Odoo's own limit for a picture, A4 at 700 dpi.
MOST_PIXELS, MOST_FRAMES = 50_000_000, 50
# Those that Odoo lets its image library open.
IMAGES = ("image/jpeg", "image/png", "image/gif", "image/bmp")


class Unreadable(Exception):
    """Says, in Chinese, why a file cannot be bound."""


class Part(NamedTuple):
    """What a bookmark of the dossier leads to: some pages of a PDF, which is given as bytes or as a path."""

    section: str
    title: str
    source: Any
    first: int
    count: int


def whole(section, title, source):
    """Return the Part of all pages of ``source``. Raises Unreadable."""
    with open_pdf(source) as pdf:
        return Part(section, title, source, 0, len(pdf.pages))


def pages_of_image(content):
    """Return a PDF (bytes) with a page for each picture in ``content``. Raises Unreadable."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            count = getattr(image, "n_frames", 1)
            if image.width * image.height > MOST_PIXELS or count > MOST_FRAMES:
                raise Unreadable("图片过大，请查阅电子原件")
            frames = [_printable(image, number) for number in range(count)]
        stream = io.BytesIO()
        frames[0].save(stream, "PDF", save_all=True, append_images=frames[1:], quality=85)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unreadable("图片损坏，无法读取") from error
    return stream.getvalue()


def _printable(image, number):
    image.seek(number)
    picture = ImageOps.exif_transpose(image).convert("RGBA")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # What is transparent is white on paper.
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture)
    return paper


def open_pdf(source):
    """Return the PDF in ``source`` (bytes or a path), opened. Raises Unreadable."""
    try:
        pdf = pikepdf.open(io.BytesIO(source) if isinstance(source, bytes) else source)
        readable = len(pdf.pages) > 0
    except pikepdf.PasswordError as error:
        raise Unreadable("文件已加密，需要密码才能打开") from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise Unreadable("文件损坏，无法读取") from error
    if not readable:
        raise Unreadable("文件没有页面")
    return pdf


def bookmarked_pages(source):
    """Return [(first page, number of pages)] of the parts of ``source``, each of which begins with a bookmark."""
    with open_pdf(source) as pdf, pdf.open_outline() as outline:
        starts = [pikepdf.Page(item.destination[0]).index for item in outline.root]
        ends = [*starts[1:], len(pdf.pages)]
    return [(start, end - start) for start, end in zip(starts, ends, strict=True)]


def bind(parts, stamps, path, title):
    """Write the dossier of ``parts`` to ``path``.

    :param stamps: a PDF (bytes) with a page for each page of the dossier, to be laid over its foot
    """
    with pikepdf.new() as book, pikepdf.open(io.BytesIO(stamps)) as numbers:
        # They must stay open until the book is written: their pages are copied only then.
        sources = {id(part.source): open_pdf(part.source) for part in parts}
        for part in parts:
            book.pages.extend(sources[id(part.source)].pages[part.first : part.first + part.count])
        _stamp(book, numbers)
        _bookmark(book, parts)
        with book.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = title
        book.Root.Lang = pikepdf.String("zh-CN")
        book.Root.PageMode = pikepdf.Name.UseOutlines
        book.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        book.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def fit(source, path):
    """Write to ``path`` each page of the foreign ``source``, laid onto an A4 page of its own. Raises Unreadable.

    Only what is drawn comes along: no script, link or form field of a foreign file.
    """
    with open_pdf(source) as foreign, pikepdf.new() as book:
        try:
            _lay(book, foreign)
            book.save(path)
        except (
            pikepdf.PdfError,
            ArithmeticError,
            AttributeError,
            LookupError,
            RuntimeError,
            TypeError,
            ValueError,
        ) as error:
            raise Unreadable("文件损坏，无法读取") from error


def _lay(book, source):
    if "/AcroForm" in source.Root or any("/Annots" in page for page in source.pages):
        # What is filled in and what is annotated is drawn beside the page, and would be lost.
        source.generate_appearance_streams()
        source.flatten_annotations("all")
    for page in source.pages:
        width, height = _size(page)
        size = A4 if height >= width else A4[::-1]
        leaf = book.add_blank_page(page_size=size)
        area = pikepdf.Rectangle(MARGIN, FOOT, size[0] - MARGIN, size[1] - MARGIN)
        leaf.add_overlay(page, _no_larger(area, width, height))


def _size(page):
    """Return width and height as a reader sees them."""
    box = pikepdf.Rectangle(page.cropbox)
    turned = _rotation(page.obj) % 180
    return (box.height, box.width) if turned else (box.width, box.height)


def _rotation(node):
    # Pages inherit it from the nodes above them.
    while "/Rotate" not in node and "/Parent" in node:
        node = node.Parent
    return int(node.get("/Rotate", 0))


def _no_larger(area, width, height):
    """Return the part of ``area`` in which a page of that size stands in the middle, reduced where it must be."""
    scale = min(area.width / width, area.height / height, 1)
    left, low = area.llx + (area.width - width * scale) / 2, area.lly + (area.height - height * scale) / 2
    return pikepdf.Rectangle(left, low, left + width * scale, low + height * scale)


def _stamp(book, numbers):
    for page, number in zip(book.pages, numbers.pages, strict=True):
        right = page.mediabox[2]
        foot = pikepdf.Rectangle(float(right) - STAMP[0] - MARGIN, 4 * MM, float(right) - MARGIN, 4 * MM + STAMP[1])
        page.add_overlay(number, foot)


def _bookmark(book, parts):
    with book.open_outline() as outline:
        sections, start = {}, 0
        for part in parts:
            if part.section not in sections:
                sections[part.section] = pikepdf.OutlineItem(part.section, start)
                outline.root.append(sections[part.section])
            if part.title != part.section:
                sections[part.section].children.append(pikepdf.OutlineItem(part.title, start))
            start += part.count
