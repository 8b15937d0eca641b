"""Writes every stored value of the addon's records, and the hash of every file, as JSON.

Run by `odoo shell`. Only data that people entered or decided is compared; whoever renames a field
or a model says so in RENAMED of compare.py.
"""

import json
import os

OURS = ("skill.cert.", "hr.employee.achievement")
LOG_FIELDS = {"create_uid", "create_date", "write_uid", "write_date"}


def models():
    for name in sorted(env.registry):
        model = env[name].sudo().with_context(active_test=False)
        if name.startswith(OURS) and model._auto and not model._abstract and not model._transient:
            yield model


def columns(model):
    return sorted(
        name
        for name, field in model._fields.items()
        if field.store
        and field.type not in ("one2many", "binary")
        and name not in LOG_FIELDS
        and not name.startswith(("message_", "activity_"))
    )


def plain(value):
    return sorted(value) if isinstance(value, list) else value if isinstance(value, (int, float, bool)) else str(value)


def rows(model):
    names = columns(model)
    return {
        str(row.pop("id")): {name: plain(value) for name, value in row.items()}
        for row in model.search([]).read(names, load=False)
    }


def files():
    attachments = (
        env["ir.attachment"]
        .sudo()
        .search(
            [
                "|",
                ("res_model", "=like", "skill.cert.%"),
                ("res_model", "=", "hr.employee.achievement"),
                ("res_field", "in", (False, "photo")),
            ]
        )
    )
    return {
        str(file.id): {"owner": f"{file.res_model},{file.res_id},{file.res_field}", "checksum": file.checksum}
        for file in attachments
    }


def employees():
    return {
        str(employee.id): {"eligible_level": employee.eligible_level}
        for employee in env["hr.employee"].sudo().search([])
    }


snapshot = {model._name: rows(model) for model in models()} | {"files": files(), "employees": employees()}
with open(os.environ["SNAPSHOT"], "w", encoding="utf-8") as target:
    json.dump(snapshot, target, ensure_ascii=False, sort_keys=True)
