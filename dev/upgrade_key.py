"""Prints a key of all that an installation or an upgrade of the addon puts into a database.

Two trees with the same key need no upgrade between them. What a method does is not part of it: it is there as soon as
the code is read. What is: data, translations, the manifest, migrations, and of the Python code all but the bodies of
functions (fields, their defaults and labels, constraints, indexes, lists of states), as well as the functions that Odoo
runs when it installs or upgrades, with all that the same file defines for them.
"""

import ast
import hashlib
import sys
from pathlib import Path

# Read when a page is asked for.
NOT_IN_THE_DATABASE = "static"
# All that is in here is run by an upgrade.
RUN_BY_UPGRADE = "migrations"
# So are these functions, with what the same file defines for them.
INIT = {"init", "_auto_init"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class WithoutBodies(ast.NodeTransformer):
    def visit_FunctionDef(self, node):
        node.body = [ast.Pass()]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef


def code_key(source):
    """Return what an upgrade reads of a file of code."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # Odoo says where
        return source
    if INIT & {node.name for node in ast.walk(tree) if isinstance(node, FUNCTIONS)}:
        return source
    return ast.dump(WithoutBodies().visit(tree)).encode()


def key_of(addon):
    """Return the key of the addon in the folder ``addon``."""
    digest = hashlib.sha256()
    for path in sorted(path for path in addon.rglob("*") if path.is_file()):
        place, content = path.relative_to(addon), path.read_bytes()
        if place.parts[0] != NOT_IN_THE_DATABASE and "__pycache__" not in place.parts:
            is_code = place.suffix == ".py" and place.parts[0] != RUN_BY_UPGRADE
            digest.update(f"{place}\0".encode() + (code_key(content) if is_code else content))
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    print(key_of(Path(sys.argv[1])))
