"""Each road on which personal data of a case leaves: what a client may ask, and the entry in the audit trail that it leaves."""

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
# Aggregates that give no value away.
COUNTS = ("count", "count_distinct")


class Application(models.Model):
    _inherit = "skill.cert.application"

    @api.model
    def _not_sent_along(self):
        return PERSONAL

    def _read_format(self, fnames, load="_classic_read"):
        # All of read, search_read, web_read and web_search_read end here.
        rows = super()._read_format(fnames, load)
        if not self.env.su and (asked := PERSONAL & set(fnames)):
            self._trace_shown(rows, asked)
        return rows

    def _trace_shown(self, rows, asked):
        """Leave the entries for the personal fields ``asked`` that ``rows`` show."""
        for event in sorted({SHOWN[name] for name in asked}):
            names = [name for name in asked if SHOWN[name] == event]
            shown = [row["id"] for row in rows if any(row.get(name) for name in names)]
            self.browse(shown)._trace_access(event)
        if "stamped_scan" in asked and not self.env.context.get("bin_size"):
            self._trace_scan()

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
        submitted = self.sudo().filtered(
            lambda application: isinstance(application.id, int) and application.submitted_on
        )
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
