"""Says in which files each paragraph of the notice lives, from the marks in the code, and fails where a mark names none.

python paragraphs.py ADDON [--markdown]

A mark is a comment or a docstring that names the paragraph: "Notice, part 4, 专家考评 组建". It stands where the paragraph's own
terms are decided, so that a change of its words would have to be made there, and not where somebody only asks for the answer.
"Asked by" counts those, too: files that use by name what is marked.
"""

import argparse
import ast
import functools
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import house

MARK = re.compile(r"[Nn]otice(?:,|'s)? (?:part (\d)|(附件\d))(?:, ([一-鿿]+(?: [一-鿿]+)?))?")
# Every (part, item) and what it asks. The ten that are counted are those by which a case is decided.
PARAGRAPHS = {
    ("1", "四个方面"): ("一", "assessed under four headings", False),
    ("2", "高级工"): ("二（一）", "conditions of a 高级工", True),
    ("2", "技师"): ("二（二）", "conditions of a 技师", True),
    ("2", "材料"): ("二", "papers to be handed in, 附件3", False),
    ("3", "属地"): ("三", "which bureau: 属地, county or city", True),
    ("4", "组织申报 推荐"): ("四（一）", "who recommends whom", False),
    ("4", "组织申报 范围"): ("四（一）", "which occupations", False),
    ("4", "组织申报 报送"): ("四（一）", "submission and acceptance", True),
    ("4", "专家考评 组建"): ("四（二）", "a panel of 3 to 7", True),
    ("4", "专家考评 审核"): ("四（二）1", "achievements are checked", False),
    ("4", "专家考评 考核"): ("四（二）2", "skills test or interview", False),
    ("4", "专家考评 名单"): ("四（二）3", "who goes to the review", True),
    ("4", "综合评审 组建"): ("四（三）", "a committee of 7 to 15", True),
    ("4", "资格确认 票决"): ("四（四）", "a vote of 50 % passes", True),
    ("4", "资格确认 发证"): ("四（四）", "certificate, or recommendation to the city", True),
    ("5", "弄虚作假"): ("五（二）", "fraud: the qualification is cancelled", True),
    ("附件1", ""): ("附件1", "application form", False),
    ("附件2", ""): ("附件2", "summary sheet", False),
    ("附件3", ""): ("附件3", "list of materials", False),
}
# Part 2 without an item is the conditions of both levels.
BOTH_LEVELS = (("2", "高级工"), ("2", "技师"))
# The whole of a part: says where one is, and no paragraph.
WHOLE = {("4", "")}
NAMED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Place(NamedTuple):
    """Where a mark stands: the file, and the class, method or constant; no name for all of the file."""

    file: str
    name: str = ""


def marks(text):
    """Yield (line, (part, item)) of each mark in ``text``."""
    for number, line in enumerate(text.splitlines(), 1):
        for part, form, item in MARK.findall(line):
            yield number, (part or form, item)


def keys_of(mark):
    return BOTH_LEVELS if mark == ("2", "") else (mark,)


def name_at(text, line):
    """Return what the mark in ``line`` is about: the constant or field below a comment, or what encloses it."""
    nodes, lines = list(ast.walk(ast.parse(text))), text.splitlines()
    comment = lines[line - 1].lstrip().startswith("#")
    below = next((n for n in range(line, len(lines)) if not lines[n].lstrip().startswith("#")), line) + 1
    for node in nodes:
        if comment and isinstance(node, ast.Assign) and node.lineno == below and isinstance(node.targets[0], ast.Name):
            return node.targets[0].id
    enclosing = [node.name for node in nodes if isinstance(node, NAMED) and node.lineno <= line <= node.end_lineno]
    return enclosing[-1] if enclosing else ""


def collect(addon):
    """Return {(part, item): places} of all marks, and the sentences about marks that name no paragraph."""
    found, problems = defaultdict(dict), []
    for path in files(addon):
        text, where = path.read_text(encoding="utf-8"), str(path.relative_to(addon))
        for line, mark in marks(text):
            place = Place(where, name_at(text, line) if path.suffix == ".py" else "")
            for key in keys_of(mark):
                if key in PARAGRAPHS:
                    found[key][place] = True
                elif key not in WHOLE:
                    problems.append(f"{where}:{line}: no paragraph of that name: part {' '.join(key)}")
    problems += [f"no mark names {' '.join(key)}" for key in PARAGRAPHS if key not in found]
    return {key: sorted(found[key]) for key in PARAGRAPHS if key in found}, problems


def files(addon):
    skipped = {"migrations", "i18n", "demo", "static", "views", "security"}
    for path in sorted([*addon.rglob("*.py"), *(addon / "data").glob("*.xml"), *(addon / "reports").rglob("*.xml")]):
        if not skipped & set(path.relative_to(addon).parts):
            yield path


def lives_in(places):
    return sorted({place.file for place in places})


def asked_by(places, addon):
    """Return the files beside these that use what is marked, or what in the same file rests on it."""
    own, names = lives_in(places), set()
    for file in own:
        marked = {place.name for place in places if place.file == file}
        names |= resting_on(marked, addon / file) if file.endswith(".py") else set()
    names = {name for name in names if name.startswith("_") or name.isupper()} & names_given_once(addon)
    found = (path for path in files(addon) if path.suffix == ".py" and used(names, path.read_text(encoding="utf-8")))
    return [file for file in (str(path.relative_to(addon)) for path in found) if file not in own]


def resting_on(names, path):
    """Return ``names`` and those methods of the file that use one of them."""
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, NAMED[1:])]
    return names | {node.name for node in functions if used(names, ast.get_source_segment(text, node))}


def used(names, text):
    return bool(names & set(re.findall(r"\w+", text)))


@functools.cache
def names_given_once(addon):
    """Return the names that one file of the addon gives: others may be used for something else."""
    sources = (house.Source(addon, path) for path in files(addon) if path.suffix == ".py")
    given = Counter(name for source in sources for name in set(source.names_defined()))
    return {name for name, count in given.items() if count == 1}


def averages(found, addon):
    """Return the mean number of files of the ten paragraphs: where they live, and with those that ask."""
    ten = [found[key] for key, (_where, _what, counted) in PARAGRAPHS.items() if counted and key in found]
    live = [len(lives_in(places)) for places in ten]
    ask = [len(asked_by(places, addon)) for places in ten]
    return sum(live) / len(ten), (sum(live) + sum(ask)) / len(ten)


def listed(places):
    """Return each file with the names in it that carry the paragraph."""
    return {
        file: list(dict.fromkeys(place.name for place in places if place.file == file and place.name))
        for file in lives_in(places)
    }


def markdown(addon):
    """Return the table of paragraphs as it stands in docs/architecture.md."""
    found, _problems = collect(addon)
    lines = ["| Notice | What it asks | Lives in |", "|---|---|---|"]
    for key, (where, what, _counted) in PARAGRAPHS.items():
        cells = [
            f"`{file}`" + (f" ({', '.join(f'`{name}`' for name in names)})" if names else "")
            for file, names in listed(found.get(key, [])).items()
        ]
        lines.append(f"| {where} | {what} | {', '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("addon", type=Path)
    arguments.add_argument("--markdown", action="store_true", help="print the table for docs/architecture.md")
    given = arguments.parse_args()
    found, problems = collect(given.addon)
    for problem in problems:
        print(problem)
    if given.markdown:
        print(markdown(given.addon), end="")
    else:
        show(found, given.addon)
    return 1 if problems else 0


def show(found, addon):
    for key, (where, what, counted) in PARAGRAPHS.items():
        places = found.get(key, [])
        print(f"{'*' if counted else ' '} {where} {what}: {', '.join(lives_in(places))}")
        if asking := asked_by(places, addon):
            print(f"      asked by {', '.join(asking)}")
    live, ask = averages(found, addon)
    print(f"files a paragraph lives in, average of ten (*): {live:.1f}; with those that ask: {ask:.1f}")


if __name__ == "__main__":
    sys.exit(main())
