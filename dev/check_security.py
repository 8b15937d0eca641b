"""Fails unless the record rules speak one dialect and stand in their model's room.

python check_security.py ADDON

Whose a record is has one word, at the end of the path to the case, the unit or
the bureau: ('application_id.user_acts', '=', True), and never another way.
"""

import ast
import csv
import re
import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

DIALECT = {
    # word: meaning, as the rule's name says it
    "user_nominates": "own unit",
    "user_acts": "own bureau",
    "user_oversees": "whole city",
    "user_assesses": "own cases",
}
# How the same could be said otherwise. The first that fits counts.
OTHER_WAYS = {
    "nominator_user_ids": "own unit",
    "city_id.user_ids": "whole city",
    "user_ids": "own bureau",
    "expert_user_ids": "own cases",
}
# A number, or what by itself keeps the cached rules of users apart. Anything else would go stale.
SAID_OF_USER = {"id", "has_group", "_is_outsider", "_keeps_staff"}
ACCESS = "ir.model.access-"


class Rule:
    def __init__(self, path, record):
        self.path = path
        self.id = record.get("id")
        fields = {field.get("name"): field for field in record.iter("field")}
        self.name = fields["name"].text
        self.model = fields["model_id"].get("ref")
        self.domain = fields["domain_force"].text
        self.groups = re.findall(r"ref\('([\w.]+)'\)", fields["groups"].get("eval")) if "groups" in fields else []
        self.tree = ast.parse(self.domain, mode="eval")
        self.conditions = list(self._conditions())

    def _conditions(self):
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Tuple) and len(node.elts) == 3 and isinstance(node.elts[0], ast.Constant):
                field, operator, value = node.elts
                yield str(field.value), ast.literal_eval(operator), ast.unparse(value)

    @property
    def foreign(self):
        """True for a model of Odoo's."""
        return "." in self.model

    def names_ours(self):
        return "skill.cert." in self.domain or "wz_skill_cert." in " ".join([self.domain, *self.groups])

    def role(self):
        if self.groups:
            return " and ".join(group.split(".group_")[-1].replace("_", " ") for group in self.groups)
        return "from outside" if "_is_outsider()" in self.domain else "everybody"

    def meanings(self):
        """Yield what each condition says of whose the record is: (meaning, path, how it is spelled)."""
        for field, operator, value in self.conditions:
            path, _dot, word = field.rpartition(".")
            if word in DIALECT:
                yield DIALECT[word], path, f"{word} {operator} {value}"
            elif not self.foreign and (other := self._other_way(field)):
                yield other, path, f"{word} {operator} {value}"

    @staticmethod
    def _other_way(field):
        ends = (way for way in OTHER_WAYS if f".{field}".endswith(f".{way}"))
        return OTHER_WAYS.get(next(ends, None))


def wrong_words(rule):
    words = {meaning: f"{word} = True" for word, meaning in DIALECT.items()}
    for meaning, path, spelled in rule.meanings():
        if spelled != words[meaning]:
            yield f"{meaning} is spelled '{path}.{spelled}'; the word is '{words[meaning]}'"
    of_user = {
        node.attr
        for node in ast.walk(rule.tree)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", None) == "user"
    }
    for attribute in sorted(of_user - SAID_OF_USER):
        yield f"user.{attribute} would stay in the cache of rules after it has changed"


def wrong_name(rule):
    model, role, *scope = rule.name.split(": ")
    if len(scope) != 1 or not scope[0]:
        yield f"'{rule.name}' is not 'model: role: scope'"
        return
    if model.replace(".", "_") != rule.model.split(".")[-1].removeprefix("model_"):
        yield f"'{rule.name}' names another model than {rule.model}"
    if role != rule.role():
        yield f"'{rule.name}' names another role than '{rule.role()}'"
    said = {meaning for meaning in DIALECT.values() if scope[0].startswith(meaning)}
    for meaning in sorted(said ^ {meaning for meaning, *_rest in rule.meanings()}):
        yield f"'{rule.name}' and its domain do not say the same of: {meaning}"


def wrong_paths(rules):
    """The whole city is looked up where the own bureau is: the city sees what one of its bureaus sees."""
    paths = defaultdict(lambda: defaultdict(set))
    for rule in rules:
        for meaning, path, _spelled in rule.meanings():
            paths[rule.model][meaning].add(path)
    for model, by_meaning in paths.items():
        if by_meaning["own bureau"] and by_meaning["whole city"] - by_meaning["own bureau"]:
            yield f"{model}: the whole city is asked by another path than the own bureau"


def rooms(addon):
    """Return {model with underscores: room}, read from models/ROOM/ and wizards/ROOM/; nothing where there are none."""
    found = {}
    for folder in ("models", "wizards"):
        for path in (addon / folder).glob("*/**/*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            room = path.relative_to(addon / folder).parts[0]
            found.update((name.replace(".", "_"), room) for name in defined_models(tree))
    return found


def defined_models(tree):
    """Yield the names of the models that are made here, not those that are only extended."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            values = {
                getattr(part.targets[0], "id", None): part.value for part in node.body if isinstance(part, ast.Assign)
            }
            name = getattr(values.get("_name"), "value", None)
            if name and repr(name) not in ast.unparse(values.get("_inherit", ast.Constant(None))):
                yield name


def wrong_room(where, model, file_room, room_of):
    room = room_of.get(model.split(".")[-1].removeprefix("model_"), file_room)
    if room != file_room:
        yield f"{where}: {model} belongs to the room {room}"


def wrong_room_of_foreign(rule):
    """What holds for any addon is the platform's; what names ours is not."""
    if rule.foreign and (rule.path.stem == "platform") == rule.names_ours():
        yield f"a rule for {rule.model} stands in platform.xml exactly when it names nothing of this addon"


def misplaced(folder, rules, room_of):
    for rule in rules:
        if not rule.foreign:
            yield from wrong_room(f"{rule.path}: {rule.id}", rule.model, rule.path.stem, room_of)
    for path in sorted(folder.glob(f"{ACCESS}*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                room = path.stem.removeprefix(ACCESS)
                yield from wrong_room(f"{path}: {row['id']}", row["model_id:id"], room, room_of)


def unlisted(addon, folder):
    listed = ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))["data"]
    for path in sorted(folder.iterdir()):
        if str(path.relative_to(addon)) not in listed:
            yield f"{path} is not in the manifest: it would not be loaded"


def show_counts(rules):
    found = [entry for rule in rules for entry in rule.meanings()]
    for meaning in DIALECT.values():
        mine = [(path, spelled) for this, path, spelled in found if this == meaning]
        words, paths = {spelled for _path, spelled in mine}, {path for path, _spelled in mine}
        print(f"{meaning}: {len(mine)} rules, spelled in {len(words)} way(s), by {len(paths)} paths")


def main(addon):
    folder = addon / "security"
    records = (
        (path, record) for path in sorted(folder.glob("*.xml")) for record in ElementTree.parse(path).iter("record")
    )
    rules = [Rule(path, record) for path, record in records if record.get("model") == "ir.rule"]
    checks = (wrong_words, wrong_name, wrong_room_of_foreign)
    problems = [f"{rule.path}: {rule.id}: {problem}" for rule in rules for check in checks for problem in check(rule)]
    problems += [*wrong_paths(rules), *misplaced(folder, rules, rooms(addon)), *unlisted(addon, folder)]
    for problem in problems:
        print(problem)
    show_counts(rules)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
