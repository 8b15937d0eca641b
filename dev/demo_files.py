"""Draws the pictures and the sample paper of the demo data: python demo_files.py FOLDER

Neutral outlines and one page that says that it is invented: no real face or paper.
"""

import sys
from pathlib import Path

import pypdfium2
import weasyprint
from PIL import Image, ImageDraw

# A 2-inch photo at 300 dpi, drawn four times as large and reduced, for smooth edges.
SIZE = (413, 579)
SCALE = 4
SKIN = "#d8c3ad"
# background, clothes, hair, long hair
PORTRAITS = [
    ("#dfe7ee", "#3f5873", "#3a3632", False),
    ("#e9e4dc", "#6d4f5b", "#2f2b29", True),
    ("#e2ece4", "#4c6654", "#4a4540", False),
    ("#eae6ef", "#5d5580", "#38322e", True),
]
PAPER = """<html lang="zh-CN"><style>
@page { size: A5; margin: 20mm } body { font-family: "Noto Serif CJK SC"; text-align: center }
h1 { font-size: 20pt; font-weight: normal; margin-top: 40mm } p { font-size: 11pt; line-height: 1.8 }
</style><h1>示例材料（虚构）</h1>
<p>本页仅供系统演示使用，<br>不是任何证书或证明的复印件，<br>不含任何真实个人或单位的信息。</p></html>"""


def scaled(*numbers):
    return [number * SCALE for number in numbers]


def portrait(background, clothes, hair, long_hair):
    """Return a head and shoulders without a face."""
    picture = Image.new("RGB", tuple(scaled(*SIZE)), background)
    draw = ImageDraw.Draw(picture)
    bottom = 360 if long_hair else 260
    draw.rounded_rectangle(scaled(106, 96, 307, bottom), radius=95 * SCALE, fill=hair)
    draw.rounded_rectangle(scaled(171, 300, 242, 430), radius=30 * SCALE, fill=SKIN)
    draw.rounded_rectangle(scaled(36, 405, 377, 760), radius=120 * SCALE, fill=clothes)
    draw.polygon(scaled(160, 405, 253, 405, 206, 490), fill=SKIN)
    draw.ellipse(scaled(124, 130, 289, 352), fill=SKIN)
    return picture.resize(SIZE, Image.Resampling.LANCZOS)


def paper():
    """Return the sample paper as black and white pixels: ten times smaller than with its Chinese font."""
    page = pypdfium2.PdfDocument(weasyprint.HTML(string=PAPER).write_pdf())[0]
    return page.render(scale=2.5).to_pil().convert("1")


def main(folder):
    for number, colours in enumerate(PORTRAITS, 1):
        portrait(*colours).save(folder / "images" / f"portrait_{number}.png", optimize=True)
    paper().save(folder / "files" / "sample.pdf", resolution=180)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
