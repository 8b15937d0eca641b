"""What a case states, as a snapshot, and what changed between two of them: field by field, row by row, file by file."""

from odoo import fields, models

from ... import formats
from .application import CASE_FIELDS
from .file_list import OF_FIELDS

ROWS = ("history_ids", "achievement_ids", "contribution_ids", "material_ids")
# What ties records together and is no statement of the form.
TIES = CASE_FIELDS | {"application_id", "sequence", "submission_id", "employee_id", "source_id", "template_id"}
# One may change behind the stars: that it did is said all the same.
MASKED = {"id_number": formats.mask, "phone": lambda phone: phone and f"{phone[:3]}****{phone[-4:]}"}


def stated_fields(records):
    """Return the names of the fields in which ``records`` state something, as the nominator fills them in."""
    closed = records._guarded_fields() | TIES | set(models.MAGIC_COLUMNS)
    return [
        name
        for name, field in records._fields.items()
        if field.store
        and name not in closed
        and field.type not in ("one2many", "many2many", "binary")
        and not getattr(field, "after_submission", False)
        and not name.startswith(("message_", "activity_"))
    ]


def _kept(value):
    """Return ``value`` as JSON keeps it; a record with what it is called."""
    if isinstance(value, models.BaseModel):
        return [value.id, value.display_name] if value else False
    return fields.Date.to_string(value) if hasattr(value, "year") else value


def _snapshot(record):
    return {name: _kept(record[name]) for name in stated_fields(record)}


class Application(models.Model):
    _inherit = "skill.cert.application"

    def _content_now(self):
        """Return {fields, rows, files} of what the case states; the files as they were noted last, None where they never were."""
        rows = {
            part: {str(row.id): {"name": row._row_name(), "fields": _snapshot(row)} for row in self[part]}
            for part in ROWS
        }
        return {"fields": _snapshot(self), "rows": rows, "files": self.submitted_files or None}

    def _stated_labels(self):
        """Return {field: label} of what the case states in its own fields."""
        return {name: self._fields[name]._description_string(self.env) for name in stated_fields(self)}


class Part(models.AbstractModel):
    _inherit = "skill.cert.application.part"

    def _row_name(self):
        """Return how the row is called when one speaks of it."""
        return self["name" if "name" in self._fields else "description"] or ""


def said_changes(application, before, after):
    """Return what changed from the snapshot ``before`` to ``after``, in the reader's language.

    {fields: [{label, old, new}], rows: [{part, name, kind, fields}], files: [{owner, name, kind, old, new}]}; ``kind`` is added,
    removed or changed, ``old`` and ``new`` of a file are its SHA-256.
    """
    rows = [
        change
        for part in ROWS
        for change in _changed_rows(application, part, before["rows"].get(part, {}), after["rows"].get(part, {}))
    ]
    return {
        "fields": _changed_fields(application, before["fields"], after["fields"]),
        "rows": rows,
        "files": _changed_files(application, before["files"], after["files"]),
    }


def _changed_fields(records, before, after):
    return [
        {
            "label": records._fields[name]._description_string(records.env),
            "old": _said(records, name, before.get(name)),
            "new": _said(records, name, after[name]),
        }
        # What a later version states, an earlier snapshot has not.
        for name in after
        if name in before and name in records._fields and _identity(after[name]) != _identity(before[name])
    ]


def _identity(value):
    """A record that was renamed is still the same."""
    return value[0] if isinstance(value, list) else value or False


def _said(records, name, value):
    field = records._fields[name]
    if name in MASKED:
        return MASKED[name](value) or ""
    if field.type == "selection":
        return dict(field._description_selection(records.env)).get(value, "")
    if field.type == "boolean":
        return records.env._("Yes") if value else records.env._("No")
    if isinstance(value, list):
        return value[1]
    return str(value) if value else ""


def _changed_rows(application, part, before, after):
    label = application._fields[part]._description_string(application.env)
    rows = [(old, after.get(key)) for key, old in before.items()]
    rows += [(None, row) for key, row in after.items() if key not in before]
    for old, new in rows:
        kind = _kind(old, new)
        changes = _changed_fields(application[part], old["fields"], new["fields"]) if kind == "changed" else []
        if kind != "changed" or changes:
            yield {"part": label, "name": (new or old)["name"], "kind": kind, "fields": changes}


def _kind(old, new):
    if old and new:
        return "changed"
    return "added" if new else "removed"


def _changed_files(application, before, after):
    if before is None or after is None:
        return []
    pairs = _paired_files(before, after)
    return [_said_file(application, old, new) for old, new in pairs if _sha256(old) != _sha256(new)]


def _paired_files(before, after):
    """Return [(old, new)], None where there is none. One of the same name for the same paper has replaced the other."""
    gone = {key: row for key, row in before.items() if key not in after}
    kept = [(row, after[key]) for key, row in before.items() if key in after]
    came = [(_take_place(gone, row), row) for key, row in after.items() if key not in before]
    return [*kept, *came, *((row, None) for row in gone.values())]


def _take_place(gone, row):
    """Take from ``gone`` what ``row`` has replaced, and return it; None where it is new."""
    key = next((key for key, old in gone.items() if _same_place(old, row)), None)
    return gone.pop(key) if key else None


def _sha256(row):
    return row and row["sha256"]


def _same_place(old, new):
    return old["owner"] == new["owner"] and (old["name"] == new["name"] or old["owner"] in OF_FIELDS)


def _said_file(application, old, new):
    row = new or old
    own = row["owner"] in OF_FIELDS
    owner = application._fields[row["owner"]]._description_string(application.env) if own else row["owner"]
    return {
        "owner": owner,
        "name": "" if own else row["name"],
        "kind": _kind(old, new),
        "old": _sha256(old),
        "new": _sha256(new),
    }
