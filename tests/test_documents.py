"""The documents for who works on the code say what there is: their pictures are today's, their paths and names exist."""

import importlib
import re
import sys
from pathlib import Path

import odoo.tools
from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parents[1]
ADDON = ROOT / "wz_skill_cert"
DOCS = ROOT / "docs"
ARCHITECTURE = DOCS / "architecture.md"
DOCUMENTS = (ARCHITECTURE, DOCS / "decisions.md", ROOT / "README.md", ROOT / "CONTRIBUTING.md")
# Where a path may start from.
BASES = (ROOT, ADDON, DOCS)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
PATH = re.compile(r"[\w.-]+/[\w./-]*|[\w-]+\.(?:py|xml|csv|md|po|pot|toml)")
METHOD = re.compile(r"_[a-z]\w+|action_\w+")
# What a command makes, what the reader makes up, and what is no file of ours.
NOT_KEPT = {"demo-output/", "tests/test_x.py"}
MOST_LINES = 120


@tagged("standard", "post_install", "-at_install")
class TestDocuments(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sys.path.insert(0, str(ROOT / "dev"))
        cls.addClassCleanup(sys.path.remove, str(ROOT / "dev"))
        cls.picture = importlib.import_module("picture")
        cls.paragraphs = importlib.import_module("paragraphs")

    def _packages(self):
        return str(Path(odoo.tools.__file__).parents[2])

    def test_pictures_and_table_are_what_the_code_draws_today(self):
        for path, content in self.picture.drawn(ADDON, DOCS, self._packages()).items():
            self.assertTrue(path.read_text() == content, f"{path.name} is old: make picture")

    def test_each_mark_names_a_paragraph_and_each_paragraph_has_a_mark(self):
        found, problems = self.paragraphs.collect(ADDON)
        self.assertEqual(problems, [])
        self.assertEqual(set(found), set(self.paragraphs.PARAGRAPHS))

    def test_the_architecture_is_read_in_one_sitting(self):
        self.assertLess(len(ARCHITECTURE.read_text().splitlines()), MOST_LINES)

    def test_each_path_that_is_named_exists(self):
        self.assertEqual([], [f"{file.name}: {path}" for file in DOCUMENTS for path in self._missing(file)])

    def _missing(self, file):
        text = file.read_text()
        named = {word for quoted in CODE.findall(text) for word in quoted.split() if PATH.fullmatch(word)}
        for path in sorted(named - NOT_KEPT):
            if not any((base / path).exists() for base in BASES):
                yield path
        for path in sorted(set(LINK.findall(text))):
            if not (file.parent / path).exists():
                yield path

    def test_each_method_that_the_architecture_names_exists(self):
        given = {
            name
            for path in ADDON.rglob("*.py")
            for name in re.findall(r"(?:def |^    )(\w+)(?:\(| =)", path.read_text(), re.MULTILINE)
        }
        named = {name for name in CODE.findall(ARCHITECTURE.read_text()) if METHOD.fullmatch(name)}
        self.assertEqual(named - given, set())
