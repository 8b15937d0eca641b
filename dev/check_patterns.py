"""Fails on a regular expression whose time may grow faster than the text that it meets.

python check_patterns.py FOLDER

Every pattern of the addon counts, for any may meet a stranger's text. Two rules keep the engine from going back over what it has read:

- after a repeat without an end comes nothing that the repeat could have taken itself: where it stops is never tried anew;
- a pattern that is looked for (``search``, ``sub``, ``findall``, ``finditer``, ``split``) either ends with its only endless repeat, or
  the repeat cannot run over a place where the pattern might begin: no place is read from two beginnings.

No endless repeat stands within another. A pattern must be written out where it is compiled, so that it can be judged.
"""

import ast
import re
import sys
from pathlib import Path
from re import _constants as sre
from re import _parser as parser

ANCHORED = {"match", "fullmatch"}
FUNCTIONS = ANCHORED | {"search", "sub", "subn", "findall", "finditer", "split"}
# More is as good as endless for texts of the length that a field takes.
MANY = 100
# One of each sort of character; those that a pattern names itself are added.
SAMPLE = [chr(code) for code in range(0x180)] + list("　、（）中文①Ａ９\u2028\U00020000")
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
ASSERTIONS = (sre.ASSERT, sre.ASSERT_NOT, sre.AT)


class Judge:
    """Looks through one pattern."""

    def __init__(self, pattern, flags, anchored):
        self.pattern = pattern
        self.text = isinstance(pattern, str)
        self.flags = flags
        self.tree = parser.parse(pattern, flags)
        named = pattern if self.text else pattern.decode("latin-1")
        self.sample = {*SAMPLE, *named} if self.text else {chr(code) for code in range(256)}
        self.anchored = anchored or self._begins_at_the_beginning()

    def _begins_at_the_beginning(self):
        first = next(iter(self.tree), None)
        return first is not None and first[0] is sre.AT and first[1] in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)

    def problems(self):
        """Yield why the pattern may take more than linear time."""
        yield from self._in_sequence(list(self.tree), [], within=False)

    def _in_sequence(self, items, after, within):
        for place, item in enumerate(items):
            rest = [*items[place + 1 :], *after]
            operator, argument = item
            if operator in REPEATS:
                yield from self._of_repeat(argument, rest, within)
            elif operator is sre.SUBPATTERN:
                yield from self._in_sequence(list(argument[3]), rest, within)
            elif operator is sre.BRANCH:
                for branch in argument[1]:
                    yield from self._in_sequence(list(branch), rest, within)
            elif operator in (sre.ASSERT, sre.ASSERT_NOT):
                yield from self._in_sequence(list(argument[1]), [], within)

    def _of_repeat(self, argument, rest, within):
        _least, most, body = argument
        endless = most is sre.MAXREPEAT or most > MANY
        if endless:
            yield from self._of_endless(set().union(*map(self._first, self._suffixes(list(body)))), rest, within)
        yield from self._in_sequence(list(body), rest, within or endless)

    def _suffixes(self, items):
        return [items[place:] for place in range(len(items))]

    def _of_endless(self, taken, rest, within):
        if within:
            yield "an endless repeat within another"
        if not rest:
            return
        if taken & self._first(rest):
            yield "what follows an endless repeat could belong to it"
        if not self.anchored and taken & self._first(list(self.tree)):
            yield "it is looked for, and may be begun anew wherever its repeat has run"

    def _first(self, items):
        """Return the characters with which ``items`` may begin."""
        found = set()
        for operator, argument in items:
            characters, may_be_empty = self._of_item(operator, argument)
            found |= characters
            if not may_be_empty:
                break
        return found

    def _of_item(self, operator, argument):
        """Return (characters with which the item begins, whether it may be empty)."""
        if operator in ASSERTIONS:
            return set(), True
        if operator in REPEATS:
            return self._first(list(argument[2])), argument[0] == 0 or self._is_empty(argument[2])
        if operator is sre.SUBPATTERN:
            return self._first(list(argument[3])), self._is_empty(argument[3])
        if operator is sre.BRANCH:
            return set().union(*(self._first(list(branch)) for branch in argument[1])), any(
                map(self._is_empty, argument[1])
            )
        if operator is sre.GROUPREF:
            return set(self.sample), True
        return {character for character in self.sample if self._takes(operator, argument, character)}, False

    def _is_empty(self, items):
        return all(self._of_item(operator, argument)[1] for operator, argument in items)

    def _takes(self, operator, argument, character):
        # The engine itself says what one item takes.
        item = _written(operator, argument)
        pattern, subject = (item, character) if self.text else (item.encode("latin-1"), character.encode("latin-1"))
        return bool(re.fullmatch(pattern, subject, self.flags & ~re.VERBOSE))


CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def _written(operator, argument):
    if operator is sre.LITERAL:
        return re.escape(chr(argument))
    if operator is sre.NOT_LITERAL:
        return f"[^{re.escape(chr(argument))}]"
    if operator in (sre.ANY, sre.ANY_ALL):
        return "."
    if operator is sre.CATEGORY:
        return CATEGORIES[argument]
    if operator is sre.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    if operator is sre.IN:
        negated = argument[0][0] is sre.NEGATE
        return f"[{'^' * negated}{''.join(_written(*part) for part in argument[negated:])}]"
    raise NotImplementedError(operator)


# ---------------------------------------------------------------------- where the patterns are


class Source:
    """A file with its patterns and what is done with them."""

    def __init__(self, path):
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"), str(path))

    def calls(self):
        """Yield (node, name of the function) of each call of ``re``."""
        for node in ast.walk(self.tree):
            module, _dot, name = ast.unparse(node.func).partition(".") if isinstance(node, ast.Call) else ("",) * 3
            if module == "re" and name in FUNCTIONS | {"compile"}:
                yield node, name

    def names(self):
        """Return {compiled call: the name that it is given}."""
        return {
            node.value: node.targets[0].id
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }

    def uses(self):
        """Yield (name, method) of what is done with named patterns."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in FUNCTIONS:
                yield node.value.id, node.attr


def problems(source, uses):
    names = source.names()
    for node, function in source.calls():
        where = f"{source.path}:{node.lineno}"
        if not isinstance(node.args[0], ast.Constant):
            yield f"{where}: a pattern that is not written out cannot be judged"
            continue
        done = uses.get(names.get(node), {"search"}) if function == "compile" else {function}
        for problem in Judge(node.args[0].value, _flags(node), done <= ANCHORED).problems():
            yield f"{where}: {node.args[0].value!r}: {problem}"


def _flags(node):
    named = [part for part in ast.walk(node) if isinstance(part, ast.Attribute) and part is not node.func]
    return sum({getattr(re, part.attr) for part in named if isinstance(getattr(re, part.attr, None), re.RegexFlag)})


def main(folder):
    sources = [Source(path) for path in sorted(Path(folder).rglob("*.py"))]
    uses = {}
    for source in sources:
        for name, method in source.uses():
            uses.setdefault(name, set()).add(method)
    found = [problem for source in sources for problem in problems(source, uses)]
    for problem in found:
        print(problem)
    print(f"{sum(1 for source in sources for _call in source.calls())} patterns, {len(found)} that may be slow")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
