"""How several things are named in one sentence, with the marks of the reader's language.

Pairwise: Odoo exports no term that consists of marks alone, so ", " could not be translated.
"""

from functools import reduce


def enumerate_names(env, names):
    """Return ``names`` as an enumeration: a, b, c."""
    return reduce(lambda first, second: env._("%(first)s, %(second)s", first=first, second=second), names)


def enumerate_reasons(env, sentences):
    """Return ``sentences`` as one: a; b; c."""
    return reduce(lambda first, second: env._("%(first)s; %(second)s", first=first, second=second), sentences)


def field_labels(model, names):
    """Return the labels of the fields ``names`` as an enumeration."""
    return enumerate_names(model.env, [model._fields[name]._description_string(model.env) for name in names])


def office_language(env):
    """Return the language of what the office writes: Chinese, wherever it is installed."""
    return "zh_CN" if "zh_CN" in dict(env["res.lang"].get_installed()) else "en_US"
