"""Makes pictures of screens small enough for the repository: python shrink_pictures.py FILE.png…

A screen has few colours: 256 of its own, without dither, look the same at a fraction of the size.
"""

import sys
from pathlib import Path

from PIL import Image

COLOURS = 256


def shrink(file):
    """Write the PNG anew with a palette; what has one already stays as it is."""
    with Image.open(file) as picture:
        if picture.mode == "P":
            return
        reduced = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    reduced.save(file, optimize=True)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        shrink(Path(name))
