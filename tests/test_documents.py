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
SECURITY = DOCS / "security.md"
DOCUMENTS = (ARCHITECTURE, SECURITY, DOCS / "decisions.md", ROOT / "README.md", ROOT / "CONTRIBUTING.md")
# Where a path may start from.
BASES = (ROOT, ADDON, DOCS)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
PATH = re.compile(r"[\w.-]+/[\w./-]*|[\w-]+\.(?:py|xml|csv|md|po|pot|toml)")
TEST = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")
METHOD = re.compile(r"_[a-z]\w+|action_\w+")
# What a command makes, what the reader makes up, and what is no file of ours.
NOT_KEPT = {"demo-output/", "tests/test_x.py"}
MOST_LINES = {ARCHITECTURE: 120, SECURITY: 130}


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

    def test_architecture_and_security_are_read_in_one_sitting(self):
        for file, most in MOST_LINES.items():
            self.assertLess(len(file.read_text().splitlines()), most, file.name)

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

    def test_each_promise_of_security_names_tests_that_exist(self):
        text = SECURITY.read_text()
        named = [word for word in CODE.findall(text) if "::" in word]
        self.assertEqual([word for word in named if not TEST.fullmatch(word)], [])
        missing = [word for word in named if not self._is_defined(*TEST.fullmatch(word).groups())]
        self.assertEqual(missing, [])
        self.assertEqual([row for row in self._promises(text) if not TEST.search(row)], [])

    def _is_defined(self, path, test):
        file = ROOT / path
        return file.exists() and re.search(rf"^ *def {test}\(", file.read_text(), re.MULTILINE)

    def _promises(self, text):
        """Return the rows of the table of promises, without its head and the names of its parts."""
        rows = [line for line in text.partition("\n## Promises\n")[2].splitlines() if line.startswith("| ")]
        self.assertGreater(len(rows), 40)
        return [row for row in rows[1:] if not row.startswith("| **")]
