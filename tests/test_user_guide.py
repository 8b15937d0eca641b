"""The user guide shows what there is: its pictures exist and are taken, and its words are those on the screen."""

import re
from pathlib import Path

import polib

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "用户手册.md"
PICTURE = re.compile(r"!\[[^\]]+\]\((?:docs/)?images/([^)]+)\.png\)")
# Who takes pictures, and how they name them.
TAKEN = {
    "wz_skill_cert/static/tests/tours/*.js": re.compile(r'picture\("([\w-]+)"'),
    "tests/test_tours.py": re.compile(r'picture\("([\w-]+)"'),
    "dev/screenshots.py": re.compile(r'Picture\(\s*"([\w-]+)"|folder / "(form)"'),
}
QUOTED = re.compile(r"“([^”]+)”")
MARKUP = re.compile(r"<[^>]+>")
# What Odoo itself says, what stands in a field, and what is no word at all.
NOT_OURS = {"操作", "打印", "草稿", "高级", "报名单位", "***"}
LARGEST = 250 * 1024


@tagged("standard", "post_install", "-at_install")
class TestUserGuide(BaseCase):
    def _shown(self):
        return set(PICTURE.findall(GUIDE.read_text() + (ROOT / "README.md").read_text()))

    def _taken(self):
        found = set()
        for pattern, says in TAKEN.items():
            for file in ROOT.glob(pattern):
                found.update(match[match.lastindex] for match in says.finditer(file.read_text()))
        return found

    def _kept(self):
        return {file.stem for file in (ROOT / "docs" / "images").glob("*.png")}

    def test_each_picture_that_is_shown_exists_and_each_that_exists_is_shown(self):
        self.assertEqual(self._shown(), self._kept())

    def test_each_picture_that_is_taken_is_shown_and_each_that_is_shown_is_taken(self):
        self.assertEqual(self._shown(), self._taken())

    def test_pictures_are_small(self):
        for file in (ROOT / "docs" / "images").glob("*.png"):
            self.assertLess(file.stat().st_size, LARGEST, file.name)

    def test_each_name_in_quotes_is_a_name_on_the_screen(self):
        terms = polib.pofile(str(ROOT / "wz_skill_cert" / "i18n" / "zh_CN.po"))
        words = {MARKUP.sub("", term.msgstr).strip(" ：") for term in terms} | NOT_OURS
        self.assertFalse(set(QUOTED.findall(GUIDE.read_text())) - words)
