"""How several things are named in one sentence, with the marks of the reader's language.

Pairwise: Odoo exports no term that consists of marks alone, so ", " could not be translated.
"""

from functools import reduce

# What files are called that hold these papers: with a number and no person's name.
FILE_NAMES = {
    "application_form": "申请表",
    "submission_summary": "汇总表",
    "material_list": "佐证材料清单",
    "return_notice": "退回通知书",
    "certificate": "职业资格证书",
}
FILE_MOMENTS = {"submitted": "提交", "returned": "退回", "decided": "认定"}


def enumerate_names(env, names):
    """Return ``names`` as an enumeration: a, b, c."""
    return reduce(lambda first, second: env._("%(first)s, %(second)s", first=first, second=second), names)


def enumerate_reasons(env, sentences):
    """Return ``sentences`` as one: a; b; c."""
    return reduce(lambda first, second: env._("%(first)s; %(second)s", first=first, second=second), sentences)


def field_labels(model, names):
    """Return the labels of the fields ``names`` as an enumeration."""
    return enumerate_names(model.env, [model._fields[name]._description_string(model.env) for name in names])
