"""Finds what runs as superuser while a nominator fills in a form, by reading the code; the names are reviewed in test_asking.py."""

import ast
import inspect
import textwrap
from functools import cache

import odoo.addons.wz_skill_cert as addon
from odoo.addons.wz_skill_cert import workflow
from odoo.addons.wz_skill_cert.models.request import completeness
from odoo.models import BaseModel

PREFIX = f"{addon.__name__}.models."
# What every model has; no form being filled in creates, writes or deletes.
GENERIC = frozenset(dir(BaseModel)) | {"create", "write", "unlink", "init"}


@cache
def _tree(function):
    return ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))


def _names(function):
    """Return the names of all attributes in the code of ``function``: calls, and fields that are read, alike."""
    return {node.attr for node in ast.walk(_tree(function)) if isinstance(node, ast.Attribute)}


def _becomes_superuser(function):
    nodes = list(ast.walk(_tree(function)))
    sudo = any(isinstance(node, ast.Attribute) and node.attr == "sudo" for node in nodes)
    return sudo or any(isinstance(node, ast.keyword) and node.arg == "su" for node in nodes)


class Reader:
    """Follows names through all models of the addon: whatever is called so, may be what is called."""

    def __init__(self, env):
        self.env = env
        self.methods, self.computes = {}, {}
        for model in env.registry.values():
            for class_ in model.mro():
                if class_.__module__.startswith(PREFIX):
                    self._take(class_)
            for field in model._fields.values():
                if isinstance(field.compute, str) and field.name not in ("id", "display_name"):
                    self.computes.setdefault(field.name, set()).add(field.compute)

    def _take(self, class_):
        for name, value in vars(class_).items():
            if inspect.isfunction(value) and name not in GENERIC:
                self.methods.setdefault(name, set()).add(value)

    def roots(self, model_name):
        """Return the names of the methods that a form of the model calls by itself."""
        model = self.env[model_name]
        fields = [
            field for field in model._fields.values() if "wz_skill_cert" in field._modules and self._is_shown(field)
        ]
        computes = {field.compute for field in fields if isinstance(field.compute, str)}
        checks = {method.__name__ for method in model._constraint_methods}
        changes = {method.__name__ for methods in model._onchange_methods.values() for method in methods}
        return computes | checks | changes | self._named_in_tables(model_name)

    def _named_in_tables(self, model_name):
        asked = {
            name for (model, _question), names in workflow.QUESTIONS.items() if model == model_name for name in names
        }
        return asked | (set(completeness.REQUIREMENTS) if model_name == "skill.cert.application" else set())

    def _is_shown(self, field):
        return not field.groups or "group_nominator" in field.groups

    def superusers(self, roots):
        """Return the methods, as Class.method, that ``roots`` may reach and that become superuser themselves."""
        seen, todo = set(), set(roots)
        while todo:
            name = todo.pop()
            seen.add(name)
            called = {attr for function in self.methods.get(name, ()) for attr in _names(function)}
            called |= {compute for attr in called for compute in self.computes.get(attr, ())}
            todo |= {attr for attr in called if attr in self.methods} - seen
        found = {function for name in seen for function in self.methods.get(name, ()) if _becomes_superuser(function)}
        return {inspect.unwrap(function).__qualname__ for function in found}

    def sudo_fields(self, model_name):
        """Return the fields of ours that are computed, or follow a path, as superuser."""
        fields = self.env[model_name]._fields.values()
        ours = [field for field in fields if "wz_skill_cert" in field._modules and self._is_shown(field)]
        computed = {field.name for field in ours if field.compute and not field.related and field.compute_sudo}
        followed = {f"{field.name}: {field.related}" for field in ours if field.related and field.compute_sudo}
        return computed | followed
