"""Measures the addon as a building and fails when it bends: who overrides his own house, and who names a later room.

python house.py FOLDER [--odoo PACKAGES] [--figures]

The rooms are the sub-packages of models/, in the order of ROOMS, which is that of the notice. A file may import and name only what
stands in its own room or in one before it, and outside of models/: a model by its name, a field or a method by the attribute, a
path or a name that no earlier room and nothing of Odoo's has. What a later room adds to an earlier one's step stands in the tables
of workflow.py, which is no room.
"""

import argparse
import ast
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOMS = (
    "platform",
    "rules",
    "parties",
    "ledger",
    "request",
    "assessment",
    "review",
    "course",
    "outcome",
    "procedure",
    "papers",
    "keeping",
    "desks",
)
# Methods that may be defined twice for one model: none. Add (model, method): "reason".
MAY_OVERRIDE = {}
FILES_AT_THE_TOP = 4
# `platform/` would serve any addon.
OURS = re.compile(r"skill\.cert\.(?!guarded|discreet|attachment\.owner|trail|visit|counter)|wz_skill_cert\.group_")
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
DOTTED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


def literal(node):
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


class ModelClass:
    """A class that defines or extends a model: what it is called, and what it gives it."""

    def __init__(self, path, node):
        self.path, self.node = path, node
        declared = {
            target.id: literal(statement.value)
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        inherit = declared.get("_inherit") or ()
        self.inherits = (inherit,) if isinstance(inherit, str) else tuple(inherit)
        self.defines = declared.get("_name")
        self.model = self.defines or (self.inherits[0] if self.inherits else None)
        self.fields = {name for name in declared if not name.startswith("_")}
        self.methods = {statement.name for statement in node.body if isinstance(statement, FUNCTION)}

    @property
    def is_new(self):
        return self.defines and self.defines not in self.inherits


class Source:
    def __init__(self, root, path):
        self.path = path
        self.where = path.relative_to(root)
        self.tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        self.classes = [
            found
            for node in self.tree.body
            if isinstance(node, ast.ClassDef)
            for found in [ModelClass(self.where, node)]
            if found.model
        ]

    @property
    def room(self):
        parts = self.where.parts
        return parts[1] if len(parts) > 2 and parts[0] == "models" else None

    def names_defined(self):
        """Return every other name that this file gives: attributes of its own tuples, functions, constants."""
        for node in ast.walk(self.tree):
            if isinstance(node, (ast.ClassDef, *FUNCTION)):
                yield node.name
            elif isinstance(node, (ast.AnnAssign, ast.Assign)):
                targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id
                    elif isinstance(target, ast.Attribute):
                        yield target.attr

    def references(self):
        """Return {name: kind} of what this file names: imports, models, attributes, paths and names in texts."""
        found, columns = defaultdict(set), set(self._columns_of_relations())
        for node in ast.walk(self.tree):
            if node in columns:
                continue
            if isinstance(node, ast.ImportFrom) and node.level:
                found[self._imported(node)].add("import")
            elif isinstance(node, ast.Attribute):
                found[node.attr].add("attribute")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value):
                # A single word may be anything; a path is a model's or a field's, a name with an underscore a field's.
                if "." in node.value:
                    found[node.value].add("text")
                for part in node.value.split("."):
                    if "_" in part:
                        found[part].add("text")
        return found

    def _columns_of_relations(self):
        """Return the names of a many-to-many's own table and columns, which are nobody's fields."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "Many2many":
                yield from node.args[1:4]

    def _imported(self, node):
        package = self.where.parts[: len(self.where.parts) - node.level]
        return "/".join([*package, *(node.module or "").split(".")]).strip("/")


def overridden(classes):
    """Return {(model, method): files} of methods that the addon defines more than once for a model."""
    files = defaultdict(list)
    for cls in classes:
        for method in cls.methods:
            files[cls.model, method].append(str(cls.path))
    return {key: found for key, found in files.items() if len(found) > 1}


def given(sources):
    """Return {model, field or method: the rooms that give it}."""
    rooms = defaultdict(set)
    for source in sources:
        for cls in source.classes:
            for name in [*cls.fields, *cls.methods, *([cls.defines] if cls.is_new else ())]:
                rooms[name].add(source.room)
    return rooms


def known_to_odoo(packages):
    """Return the names of Odoo's own methods and fields: whoever uses one of these does not name a room of ours."""
    names = set()
    for folder in (
        "odoo",
        *(f"odoo/addons/{name}" for name in ("base", "web", "mail", "hr", "hr_skills", "auth_signup")),
    ):
        for path in (Path(packages) / folder).rglob("*.py"):
            if folder == "odoo" and "addons" in path.parts:
                continue
            names |= set(re.findall(r"(?:def |^    |self\.)([a-zA-Z_]\w*)(?:\(| *=)", path.read_text("utf-8"), re.M))
    return names


def arrows(sources, rooms, foreign):
    """Return {(file, room): names} of what each file names in another room."""
    result = defaultdict(set)
    roomed = [source for source in sources if source.room]
    by_path = {str(source.where.with_suffix("")): source.room for source in roomed}
    for source in roomed:
        own = set(source.names_defined())
        for name, kinds in source.references().items():
            if "import" in kinds and name in by_path:
                result[str(source.where), by_path[name]].add(f"import {name}")
            elif (places := rooms.get(name)) and None not in places and name not in foreign | own:
                result[str(source.where), min(places, key=rank)].add(name)
    return {key: names for key, names in result.items() if key[1] != room_of(key[0])}


def sources_of(root):
    """Return every file of the addon that is its own today: migrations belong to their version."""
    return [Source(root, path) for path in sorted(root.rglob("*.py")) if "migrations" not in path.parts]


def arrows_of(sources, packages=None):
    """Return the arrows between rooms; what Odoo in ``packages`` or a file outside of the rooms names is nobody's room."""
    foreign = known_to_odoo(packages) if packages else set()
    foreign |= {name for source in sources if not source.room for name in source.names_defined()}
    return arrows(sources, given(sources), foreign)


def rank(room):
    return ROOMS.index(room) if room in ROOMS else -1


def room_of(path):
    return Path(path).parts[1]


def back(found):
    return {key: names for key, names in found.items() if rank(key[1]) > rank(room_of(key[0]))}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--odoo", help="Odoo's dist-packages, whose names are nobody's room")
    arguments.add_argument("--figures", action="store_true", help="print the figures and what stands behind them")
    given_arguments = arguments.parse_args()
    root = given_arguments.folder
    sources = sources_of(root)
    classes = [cls for source in sources for cls in source.classes]
    found = arrows_of(sources, given_arguments.odoo)
    problems = [*double_methods(classes), *backward(found), *strangers(root), *loose_files(root)]
    for problem in problems:
        print(problem)
    if given_arguments.figures:
        print_figures(root, classes, found)
    return 1 if problems else 0


def double_methods(classes):
    for (model, method), files in sorted(overridden(classes).items()):
        if (model, method) not in MAY_OVERRIDE:
            yield f"{model}.{method} is defined {len(files)} times: {', '.join(files)}"


def backward(found):
    for (path, room), names in sorted(back(found).items()):
        yield f"{path} names what stands in the later room {room}/: {', '.join(sorted(names))}"


def strangers(root):
    for path in sorted((root / "models" / "platform").glob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if OURS.search(line):
                yield f"{path}:{number}: platform/ names a model or group of ours"


def loose_files(root):
    loose = sorted(path.name for path in (root / "models").glob("*.py"))
    if len(loose) > FILES_AT_THE_TOP:
        yield f"models/ has {len(loose)} files at its top, more than {FILES_AT_THE_TOP}"


def print_figures(root, classes, found):
    doubles = overridden(classes)
    counts = Counter(cls.model for cls in classes)
    model, most = counts.most_common(1)[0]
    print(f"models {len({cls.defines for cls in classes if cls.is_new})}, classes {len(classes)}")
    print(
        f"methods overridden inside the addon: {len(doubles)}, over {sum(len(f) - 1 for f in doubles.values())} links"
    )
    print(f"longest chain: {max((len(files) for files in doubles.values()), default=1)}")
    print(f"most classes of one model: {most} ({model})")
    print(f"files directly in models/: {len(list((root / 'models').glob('*.py')))}")
    print(f"arrows between rooms: {len(found)}, back: {len(back(found))}")


if __name__ == "__main__":
    sys.exit(main())
