"""What checking and merging the translation have in common."""

import re
from pathlib import Path

import polib

LANGUAGE = "zh_CN"
HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
TAG = re.compile(r"<[^>]*>")
# %s %d %(name)s %% and {name}
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sdif]|%[sdif%]|\{[a-z_]*\}")


def template_path(folder):
    return next(iter(Path(folder).glob("*.pot")), None)


def translation_path(folder):
    return Path(folder) / f"{LANGUAGE}.po"


def load(path):
    return polib.pofile(str(path), encoding="utf-8", wrapwidth=0)


def is_chinese(text):
    """The notice's own wording needs no translation: it is its own."""
    return bool(HAN.search(text)) and not LATIN_WORD.search(TAG.sub("", text))


def placeholders(text):
    return sorted(PLACEHOLDER.findall(text))
