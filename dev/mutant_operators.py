"""Which small faults are put into the code: cosmic-ray's operators, and those that it lacks for code like ours.

Cosmic-ray replaces each operator by each other one. Most of that ends in a TypeError at once, which any test notices: it would
make the share of the killed look good. Here each is replaced by what a tired person might have written instead.
"""

import re

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.boolean_replacer import AddNot
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

COSMIC_RAY = (
    "ExceptionReplacer",
    "NumberReplacer",
    "RemoveDecorator",
    "ReplaceAndWithOr",
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_BitAnd_BitOr",
    "ReplaceBinaryOperator_BitOr_BitAnd",
    "ReplaceBinaryOperator_FloorDiv_Mul",
    "ReplaceBinaryOperator_Mul_FloorDiv",
    "ReplaceBinaryOperator_Pow_Mul",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBreakWithContinue",
    "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_GtE_Gt",
    "ReplaceComparisonOperator_GtE_Lt",
    "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_Gt_LtE",
    "ReplaceComparisonOperator_IsNot_Is",
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_LtE_Gt",
    "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_Lt_GtE",
    "ReplaceComparisonOperator_Lt_LtE",
    "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceContinueWithBreak",
    "ReplaceFalseWithTrue",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceUnaryOperator_Delete_Not",
    "ZeroIterationForLoop",
)
# What the database holds, whatever the code says once it is installed: arguments, and the method that Odoo calls then.
IN_THE_DATABASE = ("required", "index")
INSTALLS = "init"

# A statement in SQL, and what is put in the place of its parts.
STATEMENT = re.compile(r'^[rf]*"+\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|LOCK|CREATE|ALTER|,?\s*RETURNING)\b')
SQL_FAULTS = [
    (re.compile(pattern), fault)
    for pattern, fault in (
        (r"\bNOT EXISTS\b", "EXISTS"),
        (r"(?<!NOT )\bEXISTS\b(?= \()", "NOT EXISTS"),
        (r"\bIS NOT NULL\b", "IS NULL"),
        (r"\bIS NULL\b", "IS NOT NULL"),
        (r"\bIS NOT TRUE\b", "IS TRUE"),
        (r"\bAND\b", "OR"),
        (r"(\b(?:WHERE|AND|OR|ON) \S+) = ", r"\1 != "),
        (r"!=", "="),
        (r" >(?!=)", " >="),
        (r"\bTRUE\b", "FALSE"),
        (r"\bDISTINCT ON \(.*?\) ", ""),
        (r"(?<=ORDER BY )gen_random_uuid\(\)", "1"),
        (r"(?<=, )gen_random_uuid\(\)(?=\))", "id"),
        (r"\s+FOR (?:SHARE|UPDATE)\b(?! OF)", ""),
        (r" \+ 1\b", " + 2"),
        (r" - 1\b", " - 2"),
        (r"'(?:open|abstain)'", "'agree'"),
    )
]


class Negate(AddNot):
    """The opposite condition: with brackets, which ``:=`` and ``or`` need, and in comprehensions, too."""

    def mutation_positions(self, node):
        yield from super().mutation_positions(node)
        if node.type == "comp_if":
            yield node.children[1].start_pos, node.children[1].end_pos

    def mutate(self, node, index):
        position = 2 if node.type == "test" else 1
        condition = node.children[position]
        node.children[position] = parso.parse(f" not ({condition.get_code()})")
        return node


class LeaveOutStatement(Operator):
    """Leave out a statement that is a call, a yield, or gives a value to a field or a key: a check, a step, a write."""

    def mutation_positions(self, node):
        if node.parent and node.parent.type == "simple_stmt" and self._acts(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        return parso.python.tree.Name("pass", node.start_pos, node.get_first_leaf().prefix)

    @staticmethod
    def _acts(node):
        if node.type == "expr_stmt":
            return node.children[0].type == "atom_expr" and node.children[1].type == "operator"
        return node.type == "yield_expr" or (node.type == "atom_expr" and node.children[-1].get_code()[0] == "(")

    @classmethod
    def examples(cls):
        return ()


class SwapIn(Operator):
    """``in`` for ``not in``, and the other way round."""

    def mutation_positions(self, node):
        if node.get_code().split() in (["in"], ["not", "in"]) and node.parent.type == "comparison":
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        return _instead(node, "in" if node.type == "comp_op" else "not in")

    @classmethod
    def examples(cls):
        return ()


class LeaveOutFilter(Operator):
    """All of the records instead of those ``filtered``."""

    def mutation_positions(self, node):
        for position in self._filters(node):
            yield node.children[position].start_pos, node.children[position + 1].end_pos

    def mutate(self, node, index):
        position = self._filters(node)[index]
        del node.children[position : position + 2]
        return node

    @staticmethod
    def _filters(node):
        if node.type != "atom_expr":
            return []
        return [n for n, child in enumerate(node.children) if child.get_code(include_prefix=False) == ".filtered"]

    @classmethod
    def examples(cls):
        return ()


class LeaveOutElement(Operator):
    """Leave one element out of a table: a tuple or list outside of all classes and functions."""

    def mutation_positions(self, node):
        for element in self._elements(node):
            yield element.start_pos, element.end_pos

    def mutate(self, node, index):
        kept = [element.get_code() for n, element in enumerate(self._elements(node)) if n != index]
        opening, closing = node.children[0].value, node.children[-1].value
        return _instead(node, f"{opening}{''.join(f'{code},' for code in kept)}{closing}")

    @staticmethod
    def _elements(node):
        if (
            node.type != "atom"
            or node.children[0].value not in "(["
            or parso.tree.search_ancestor(node, "classdef", "funcdef")
        ):
            return []
        content = node.children[1]
        if node.children[0].value == "[" and content.type in ("string", "name", "number"):
            return [content]
        if content.type != "testlist_comp" or any(child.type == "sync_comp_for" for child in content.children):
            return []
        return content.children[::2]

    @classmethod
    def examples(cls):
        return ()


class BreakSql(Operator):
    """One of ``SQL_FAULTS`` in a statement of SQL."""

    def mutation_positions(self, node):
        for _found in self._faults(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        (start, end), fault = self._faults(node)[index]
        return _instead(node, node.value[:start] + fault + node.value[end:])

    @staticmethod
    def _faults(node):
        if node.type != "string" or not STATEMENT.match(node.value):
            return []
        return [
            (found.span(), found.expand(fault))
            for pattern, fault in SQL_FAULTS
            for found in pattern.finditer(node.value)
        ]

    @classmethod
    def examples(cls):
        return ()


OURS = (Negate, LeaveOutStatement, SwapIn, LeaveOutFilter, LeaveOutElement, BreakSql)


def _instead(node, code):
    return parso.parse(f"{node.get_first_leaf().prefix or ' '}{code}")


def _is_in_the_database(node):
    argument, function = node.parent, parso.tree.search_ancestor(node, "funcdef")
    return (function and function.name.value == INSTALLS) or (
        argument and argument.type == "argument" and argument.children[0].get_code().strip() in IN_THE_DATABASE
    )


def _is_asked_by_nobody(node):
    """Odoo asks for ``@api.model`` where a method is called from outside, which a private one never is."""
    if node.type != "decorator" or node.get_code(include_prefix=False).strip() != "@api.model":
        return False
    decorated = parso.tree.search_ancestor(node, "decorated")
    return decorated.children[-1].name.value.startswith("_")


def _is_program(source):
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def mutants(source):
    """Yield (operator's name, number of the line, mutated source), each source once."""
    tree, seen = parso.parse(source), {source}
    operators = {name: get_operator(f"core/{name}")() for name in COSMIC_RAY}
    operators.update({operator.__name__: operator() for operator in OURS})
    for name, operator in operators.items():
        positions = [(node, start) for node in ast_nodes(tree) for start, _end in operator.mutation_positions(node)]
        for occurrence, (node, (line, _column)) in enumerate(positions):
            if _is_in_the_database(node) or _is_asked_by_nobody(node):
                continue
            mutated = mutate_code(source, operator, occurrence)
            # Cosmic-ray takes the stars of **values for an operator, too.
            if mutated and mutated not in seen and _is_program(mutated):
                seen.add(mutated)
                yield name, line, mutated
