"""What leaves an entry in the audit trail: each step that decides, and each road on which personal data leaves."""

from collections.abc import Set

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# What the record rules show only to those who handle the case, and what is traced when it leaves.
PERSONAL = frozenset(("id_number", "phone", "photo", "stamped_scan"))
# The entry that reading them leaves: one a day for each case and reader, however often a form is opened.
SHOWN = {
    "id_number": "number_shown",
    "phone": "contact_shown",
    "photo": "contact_shown",
    "stamped_scan": "contact_shown",
}
# Whose files are personal, and the fields in which a file is read.
OPENED = ("skill.cert.material", "skill.cert.paper", "skill.cert.application")
CONTENTS = frozenset(("raw", "datas", "db_datas"))
# Aggregates that give no value away.
COUNTS = ("count", "count_distinct")


class Application(models.Model):
    _inherit = "skill.cert.application"

    # ------------------------------------------------------------------ decisions

    def _trace_step(self, target, before):
        steps = [(case, {"from": before[case.id], "to": target}) for case in self]
        self.env["skill.cert.trail"]._record_each("state", steps)

    # ------------------------------------------------------------------ accesses

    @api.model
    def _not_sent_along(self):
        return PERSONAL

    def _read_format(self, fnames, load="_classic_read"):
        # All of read, search_read, web_read and web_search_read end here.
        rows = super()._read_format(fnames, load)
        if not self.env.su and (asked := PERSONAL & set(fnames)):
            for event in sorted({SHOWN[name] for name in asked}):
                names = [name for name in asked if SHOWN[name] == event]
                shown = [row["id"] for row in rows if any(row.get(name) for name in names)]
                self.browse(shown)._trace_access(event)
            if "stamped_scan" in asked and not self.env.context.get("bin_size"):
                self._trace_scan()
        return rows

    def copy_data(self, default=None):
        """Return the values of a copy, which a client may ask for alone: with the phone, and so with an entry."""
        if not self.env.su:
            self.check_access("read")
            self._trace_access("contact_shown")
        return super().copy_data(default)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        # Also where another model's export follows a path to here.
        if not self.env.su and (named := {path[0] for path in fields if path} & PERSONAL):
            self._trace_access("exported", fields=sorted(named))
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _trace_opening(self):
        """Leave an entry: the photo was fetched as a file."""
        self._trace_access("contact_shown")

    def _trace_access(self, event, **detail):
        """Leave an entry of this user's access today to those of these applications that were ever submitted.

        Before, the number is known to the nominator alone, who types it.
        """
        # sudo: when a case was submitted is not personal; nothing but the entry is made of it.
        submitted = self.sudo().filtered(lambda case: isinstance(case.id, int) and case.submitted_on)
        self.env["skill.cert.trail"]._record_access(event, submitted.with_env(self.env), **detail)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        # Also where the domain of another model follows a path to here.
        domain = Domain(domain)
        if not (self.env.su or bypass_access):
            for condition in domain.iter_conditions():
                if condition.field_expr.partition(".")[0] in PERSONAL:
                    self._trace_search(condition)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _trace_search(self, condition):
        """Let a client ask for whole numbers only, and leave an entry with those found.

        With parts of numbers, or with many at once, one would learn by asking what one may only be shown with a trace.
        """
        values = condition.value if isinstance(condition.value, (list, tuple, Set)) else [condition.value]
        given = [value for value in values if value is not False and value is not None]
        if not given and condition.operator in ("=", "!=", "in", "not in"):
            return
        if len(given) > 1 or condition.operator not in ("=", "in"):
            raise AccessError(self.env._("Applications are searched by a whole number only."))
        # sudo: only to find whose number it is; an entry is left for those alone that the user may read.
        found = self.sudo().search([(condition.field_expr, "=", given[0])]).with_env(self.env)
        found._filtered_access("read")._trace_access("number_searched")

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if not self.env.su and field_name in PERSONAL:
            # Between those known, a list in order tells where the others are.
            raise AccessError(self.env._("Applications are not sorted by personal data."))
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec.rpartition(":")[2] not in COUNTS:
            self._refuse_values_of_groups(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    def _refuse_values_of_groups(self, spec):
        if not self.env.su and spec.partition(":")[0].partition(".")[0] in PERSONAL:
            # Groups would show the values of many without a trace of whom.
            raise AccessError(self.env._("Applications are not grouped by personal data."))

    def action_show_id_number(self):
        """Show the full ID number, which leaves an entry in the audit trail."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Full ID number"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("wz_skill_cert.view_application_id_number").id, "form")],
            "target": "new",
        }


class Achievement(models.Model):
    _inherit = "skill.cert.achievement"

    def _trace_verdict(self, before):
        steps = [(found, {"verified": f"{before[found.id]} → {found.verified}"}) for found in self]
        self.env["skill.cert.trail"]._record_each("achievement", steps)


class Session(models.Model):
    """Opening and closing only: an entry of a member's vote would tell when it was cast, and by whom."""

    _inherit = "skill.cert.session"

    def _trace_opened(self, motions):
        self.env["skill.cert.trail"]._record("session_opened", self, motions=len(motions))

    def _trace_sealed(self):
        self.env["skill.cert.trail"]._record("session_closed", self, seal=self.seal)


class Submission(models.Model):
    _inherit = "skill.cert.submission"

    def _trace_report(self):
        sheets = [(sheet, {"applications": len(sheet.application_ids)}) for sheet in self]
        self.env["skill.cert.trail"]._record_each("sheet_reported", sheets)


class Certificate(models.Model):
    _inherit = "skill.cert.certificate"

    def _trace_issued(self):
        self.env["skill.cert.trail"]._record("certificate_issued", self)

    def _trace_revoked(self, revoked):
        self.env["skill.cert.trail"]._record("certificate_revoked", revoked)


class Material(models.Model):
    _inherit = "skill.cert.material"

    def _trace_opening(self):
        """Leave an entry where these are copies of identity papers of an application that was submitted."""
        # sudo: whether it is such a paper; whoever gets here may open the file.
        papers = self.sudo().filtered(lambda material: material.personal and material.application_id.submitted_on)
        self.env["skill.cert.trail"]._record_access("file_opened", papers.with_env(self.env))


class Paper(models.Model):
    _inherit = "skill.cert.paper"

    def _trace_opening(self):
        """Leave an entry: a kept form shows the ID number."""
        self.env["skill.cert.trail"]._record_access("file_opened", self)

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if "content" in fnames and not self.env.su and not self.env.context.get("bin_size"):
            self._trace_opening()
        return rows

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        if not self.env.su and ["content"] in [path[:1] for path in fields]:
            self._trace_opening()
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)


class Attachment(models.Model):
    _inherit = "ir.attachment"

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su and CONTENTS & set(fnames):
            self._trace_opening()
        return rows

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        if not self.env.su and CONTENTS & {path[0] for path in fields if path}:
            self._trace_opening()
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _trace_opening(self):
        # sudo: only to see whose the files are; the user may open them.
        files = self.sudo().filtered("res_id")
        # Of an application's own files, those of its conversation are no photo.
        files = files.filtered(lambda file: file.res_model != "skill.cert.application" or file.res_field)
        for model, own in files.grouped("res_model").items():
            if model in OPENED:
                self.env[model].browse(set(own.mapped("res_id"))).exists()._trace_opening()
        self._trace_scans()


class Binary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        # The record may come as superuser where its rights have been checked; who asks is in the environment here.
        opened = record.with_env(self.env)
        if record._name == "skill.cert.application" and field_name == "stamped_scan":
            opened._trace_scan()
        stream = super()._record_to_stream(record, field_name)
        if record._name in ("ir.attachment", *OPENED):
            opened._trace_opening()
        return stream
