"""Forms as a test prints them: their bytes, their words, and what lies where on a page."""

import io
import re
from bisect import bisect
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from operator import itemgetter

import pdfplumber
from pypdf import PdfReader

from odoo.fields import Command

from .common import SkillCertCase, resident_id

# Points of a PDF in one mm.
MM = 72 / 25.4
# Letters of the draft mark lie under everything.
WATERMARK_SIZE = 50
FOOT = r"第\d+页共\d+页"


def squeezed(text):
    """Return the text without any space, as where lines break says nothing."""
    return re.sub(r"\s", "", text)


class FormsCase(SkillCertCase):
    def _pdf(self, form, records=None, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.nominator)
        reports = reports.with_context(force_report_rendering=True)
        return reports._render_qweb_pdf(f"wz_skill_cert.report_{form}", records.ids if records else [])[0]

    def _pages(self, form, records=None, user=None):
        """Return the text of each page, squeezed."""
        pdf = self._pdf(form, records, user)
        return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]

    def _text(self, form, records=None, user=None):
        # Without the foot of a page, which may fall into the middle of a sentence.
        return re.sub(FOOT, "", "".join(self._pages(form, records, user))).replace("草稿", "")

    def _plumb(self, form, records=None):
        document = pdfplumber.open(io.BytesIO(self._pdf(form, records)))
        self.addCleanup(document.close)
        return document

    def _sheet(self, number=1, **values):
        """Return a summary sheet with ``number`` drafts on it, as its nominator."""
        sheets = self.env["skill.cert.submission"].with_user(self.nominator)
        sheet = sheets.create(
            {
                "nominator_id": self.enterprise.id,
                "campaign_id": self.campaign.id,
                "bureau_id": self.county.id,
                "date": date(2026, 11, 24),
                "contact_name": "林示例",
                "contact_phone": "0577-00000901",
            }
        )
        for serial in range(number):
            birth = date(1985, 5, 20) + timedelta(days=serial)
            person = {"applicant_name": f"示例{serial}甲", "birth_date": birth, "id_number": resident_id(birth)}
            self._application(submission_id=sheet.id, **person, **values)
        return sheet

    def _application(self, **values):
        applications = self.env["skill.cert.application"].with_user(self.nominator)
        return applications.create(self._application_vals(achievement_ids=[], **values))

    def _histories(self, number):
        return [
            Command.create(
                {
                    "date_start": date(1960 + serial, 1, 1),
                    "description": f"单位{serial:03d}",
                    "witness": f"证{serial:03d}",
                }
            )
            for serial in range(number)
        ]

    def assert_in_order(self, words, text):
        position = 0
        for word in words:
            found = text.find(squeezed(word), position)
            self.assertGreaterEqual(found, 0, f"{word} is missing after {text[max(0, position - 30) : position]}")
            position = found + len(squeezed(word))


class Ink:
    """The part of a letter's box that its strokes fill: the box less the white that every font leaves around them."""

    def __init__(self, char):
        self.text = char["text"]
        width, middle = char["x1"] - char["x0"], (char["top"] + char["bottom"]) / 2
        self.left, self.right = char["x0"] + width * 0.15, char["x1"] - width * 0.15
        self.top, self.bottom = middle - char["size"] * 0.3, middle + char["size"] * 0.3

    def meets(self, left, top, right, bottom):
        """Tell whether the ink and a box have some surface in common."""
        return self.left < right and left < self.right and self.top < bottom and top < self.bottom

    def __str__(self):
        return f"“{self.text}” at {self.left / MM:.1f}, {self.top / MM:.1f} mm"


def letters(page):
    """Return the letters of a page that leave ink, without the draft mark."""
    return [char for char in page.chars if char["text"].strip() and char["size"] < WATERMARK_SIZE]


def rules(page):
    """Return the lines of a page, as (left, top, right, bottom): what a pen would have drawn with a ruler."""
    return [
        (edge["x0"], edge["top"], edge["x1"], edge["bottom"])
        for edge in page.edges
        if max(edge["x1"] - edge["x0"], edge["bottom"] - edge["top"]) > 2 * MM
    ]


def grid(page):
    """Return where the lines of a page lie, in mm: (heights of the level ones, places of the upright ones)."""
    level, upright = [], []
    for left, top, right, bottom in rules(page):
        if right - left > bottom - top:
            level.append(top / MM)
        else:
            upright.append(left / MM)
    return _places(level), _places(upright)


def _places(values):
    # Each line is drawn as a narrow box with two edges.
    ordered = sorted(values)
    return [ordered[0], *(later for earlier, later in pairwise(ordered) if later - earlier > 0.3)] if ordered else []


def flaws(page, sides, head=8, foot=5):
    """Return what no form may show, in words: letters on a line, on each other, or off the page's print area (mm)."""
    inks = [Ink(char) for char in letters(page)]
    area = (sides * MM, head * MM, page.width - sides * MM, page.height - foot * MM)
    outside = [ink for ink in inks if not (area[0] <= ink.left and ink.right <= area[2])]
    outside += [ink for ink in inks if not (area[1] <= ink.top and ink.bottom <= area[3])]
    return [
        *(f"{ink} is off the print area" for ink in outside),
        *(f"{ink} lies on a line" for ink in _crossed(inks, rules(page))),
        *(f"{first} lies on {second}" for first, second in _colliding(inks)),
    ]


def _crossed(inks, lines):
    """Return the letters that a line crosses; for each only the lines at its height or place are looked at."""
    level = sorted((line for line in lines if line[2] - line[0] > line[3] - line[1]), key=itemgetter(1))
    upright = sorted((line for line in lines if line[2] - line[0] <= line[3] - line[1]), key=itemgetter(0))
    heights, places = [line[1] for line in level], [line[0] for line in upright]
    return [
        ink
        for ink in inks
        if any(ink.meets(*line) for line in level[bisect(heights, ink.top) : bisect(heights, ink.bottom)])
        or any(ink.meets(*line) for line in upright[bisect(places, ink.left) : bisect(places, ink.right)])
    ]


def _colliding(inks):
    """Yield the pairs that share some surface; only letters whose places are near are compared."""
    near = defaultdict(list)
    for ink in inks:
        place = (int(ink.left // 30), int(ink.top // 30))
        for across in (-1, 0, 1):
            for down in (-1, 0, 1):
                for other in near[place[0] + across, place[1] + down]:
                    if ink.meets(other.left, other.top, other.right, other.bottom):
                        yield ink, other
        near[place].append(ink)
