"""Pages as pictures, and whether two of them show the same."""

import os
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

FOLDER = Path(__file__).parent / "golden"
# What a red test found, to look at; ignored by git.
FOUND = Path(__file__).parents[1] / ".dev" / "golden"
# Set by dev/golden alone.
REGENERATE = "WZ_GOLDEN"
DPI = 72
# Up to INK a pixel shows something, even half of a line of .25 mm; from PAPER on it shows nothing, or the draft mark.
# Between them the edge of a stroke is drawn one way by one release of the engine and another way by the next.
INK, PAPER = 185, 215
# Pixels of ink without a counterpart that still pass. A letter has some 60 of them, a line of 1 cm has 28.
SPARE = 12


def picture(pdf, pages):
    """Return pages of a PDF side by side, in grey."""
    document = pypdfium2.PdfDocument(pdf)
    shots = [document[page].render(scale=DPI / 72, grayscale=True).to_pil() for page in pages]
    document.close()
    whole = Image.new("L", (sum(shot.width for shot in shots), max(shot.height for shot in shots)), 255)
    left = 0
    for shot in shots:
        whole.paste(shot, (left, 0))
        left += shot.width
    # Eight levels of grey make small files.
    return whole.point(lambda level: round(level / 255 * 7) * 255 // 7)


def difference(expected, found):
    """Return how many pixels of ink in either picture have none in the other within one pixel (0.35 mm).

    So a letter that a release of the engine draws a little finer passes, and a line that moves by 1 mm does not.
    """
    if expected.size != found.size:
        return max(expected.width * expected.height, found.width * found.height)
    return _unmatched(expected, found) + _unmatched(found, expected)


def _unmatched(ink, other):
    dark = ink.point(lambda level: 255 if level < INK else 0)
    # MinFilter spreads the darkest pixel to its neighbours.
    near = other.filter(ImageFilter.MinFilter(3)).point(lambda level: 255 if level > PAPER else 0)
    return ImageChops.multiply(dark, near).histogram()[255]


def is_regenerating():
    """Tell whether dev/golden runs, which writes the pictures instead of comparing them."""
    return os.environ.get(REGENERATE) == "write"


def golden(name):
    """Return the picture that was looked at and found good."""
    with Image.open(FOLDER / f"{name}.png") as image:
        return image.convert("L")


def keep(folder, name, image):
    """Write a picture as a small file, and return where."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    image.convert("P", palette=Image.Palette.ADAPTIVE, colors=8).save(path, optimize=True)
    return path
