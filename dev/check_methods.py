"""Fails when methods get long or tangled, or break three rules of the house.

python check_methods.py FOLDER

Measured over all functions: lines of code (no docstring, comment or blank line)
and cyclomatic complexity. The rules: a public method of a model says what it
does, `sudo(` says why, and no SQL is put together from text.
"""

import ast
import io
import statistics
import sys
import tokenize
from pathlib import Path

from radon.complexity import cc_visit_ast

MEDIAN_LINES = 7
MOST_LINES = 40
MOST_COMPLEX = 10
NOT_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


class Source:
    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text, str(path))
        self.code_lines, self.comment_lines = self._classify_lines()

    def _classify_lines(self):
        code, comments = set(), set()
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                comments.add(token.start[0])
            elif token.type not in NOT_CODE:
                code.update(range(token.start[0], token.end[0] + 1))
        return code, comments

    def functions(self):
        return [node for node in ast.walk(self.tree) if isinstance(node, FUNCTION)]

    def length(self, function):
        lines = set(range(function.lineno, function.end_lineno + 1)) & self.code_lines
        if ast.get_docstring(function, clean=False) is not None:
            docstring = function.body[0]
            lines -= set(range(docstring.lineno, docstring.end_lineno + 1))
        return len(lines)

    def at(self, node):
        return f"{self.path}:{node.lineno}"


def long_functions(source):
    for function in source.functions():
        length = source.length(function)
        if length > MOST_LINES:
            yield f"{source.at(function)}: {function.name} has {length} lines, more than {MOST_LINES}"


def complex_functions(source):
    for block in cc_visit_ast(source.tree):
        for part in [block, *getattr(block, "methods", ())]:
            if part.complexity > MOST_COMPLEX and part.letter in "FM":
                yield f"{source.path}:{part.lineno}: {part.name} has complexity {part.complexity}, more than {MOST_COMPLEX}"


def undocumented_methods(source):
    if "models" not in source.path.parts:
        return
    classes = (node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef))
    for method in (node for cls in classes for node in cls.body if isinstance(node, FUNCTION)):
        # Overrides of the ORM's methods do what the ORM says.
        if not method.name.startswith("_") and not overrides(method) and not ast.get_docstring(method):
            yield f"{source.at(method)}: public method {method.name} has no docstring"


def overrides(method):
    """True if it calls the same method of super()."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == method.name
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", None) == "super"
        for node in ast.walk(method)
    )


def unexplained_sudo(source):
    for node in ast.walk(source.tree):
        if is_call_of(node, "sudo"):
            line = node.func.end_lineno
            if not {line, line - 1, node.lineno - 1} & source.comment_lines:
                yield f"{source.path}:{line}: sudo() without a comment that says why, here or on the line above"


def text_sql(source):
    for node in ast.walk(source.tree):
        if is_call_of(node, "execute") and node.args and is_put_together(node.args[0]):
            yield f"{source.at(node)}: SQL put together from text; use odoo.tools.SQL"


def is_call_of(node, name):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name


def is_put_together(node):
    return isinstance(node, (ast.JoinedStr, ast.BinOp)) or is_call_of(node, "format")


CHECKS = (long_functions, complex_functions, undocumented_methods, unexplained_sudo, text_sql)


def main(folder):
    sources = [Source(path) for path in sorted(Path(folder).rglob("*.py"))]
    problems = [problem for source in sources for check in CHECKS for problem in check(source)]
    lengths = [source.length(function) for source in sources for function in source.functions()]
    median = statistics.median(lengths or [0])
    if median > MEDIAN_LINES:
        problems.append(f"{folder}: the median function has {median} lines, more than {MEDIAN_LINES}")
    for problem in problems:
        print(problem)
    print(f"{len(lengths)} functions, median {median:g} lines, longest {max(lengths, default=0)}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
