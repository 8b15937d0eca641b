"""Makes pictures of screens small enough for the repository: python shrink_pictures.py FILE.png…

A screen has few colours: with 256 of its own, without dither, it looks the same at a third of the size. Those that fill
areas stay exactly as they are; the others stand in for the edges of letters.
"""

import sys
from pathlib import Path

from PIL import Image

COLOURS = 256
EXACT = 96


def triples(values):
    """Return the colours that follow one another in a flat list of values."""
    return zip(*[iter(values)] * 3, strict=True)


def palette_of(picture, colours):
    """Return the most frequent colours themselves, and such as cover the others: [(red, green, blue)]."""
    exact = colours[:EXACT]
    covering = picture.quantize(COLOURS - len(exact), Image.Quantize.MAXCOVERAGE).getpalette()
    return exact + list(triples(covering))


def nearest(colour, palette):
    """Return the place of the palette's colour that is nearest. (Pillow's own search is a rough one.)"""
    return min(
        range(len(palette)), key=lambda place: sum((a - b) ** 2 for a, b in zip(colour, palette[place], strict=True))
    )


def shrink(file):
    """Write the PNG anew with a palette; what has one already stays as it is."""
    with Image.open(file) as picture:
        if picture.mode == "P":
            return
        full = picture.convert("RGB")
    counted = sorted(full.getcolors(full.width * full.height), reverse=True)
    colours = [colour for _count, colour in counted]
    palette = palette_of(full, colours)
    places = {colour: nearest(colour, palette) for colour in colours}
    reduced = Image.new("P", full.size)
    reduced.putpalette([value for colour in palette for value in colour])
    reduced.putdata([places[colour] for colour in triples(full.tobytes())])
    reduced.save(file, optimize=True)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        shrink(Path(name))
