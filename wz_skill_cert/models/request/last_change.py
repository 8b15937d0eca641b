"""Who changed a case last, and when: as long as the unit may change it. From then on these four columns stay as they are.

Odoo notes both at every change in columns that whoever reads the record reads, sorts and searches: a nominator saw in them
which expert had found what, at which minute. What happens to a submitted case stands in its course, for all, and in the
audit trail, with name and time.
"""

from odoo import models
from odoo.tools import SQL

from ...workflow import states

LAST_CHANGE = ("write_uid", "write_date")


class LastChange(models.AbstractModel):
    _name = "skill.cert.last.change"
    _description = "Record of a case whose last change is told until the submission"
    # The column that leads to the case.
    _case_column = "application_id"

    def _write_multi(self, vals_list):
        """The floor under every road: whatever is computed or written by whomever comes here."""
        if not (kept := self._last_changes_kept()):
            return super()._write_multi(vals_list)
        super()._write_multi([vals | kept.get(id_, {}) for id_, vals in zip(self._ids, vals_list, strict=True)])
        self.browse(kept).invalidate_recordset(LAST_CHANGE, flush=False)
        return None

    def _last_changes_kept(self):
        """Return {id: the values that stay}, empty for what the database has in the unit's hands."""
        rows = self.env.execute_query(
            SQL(
                """SELECT t.id, t.write_uid, t.write_date FROM %s t JOIN skill_cert_application a ON a.id = t.%s
                    WHERE t.id = ANY(%s) AND a.state != ALL(%s)""",
                SQL.identifier(self._table),
                SQL.identifier(self._case_column),
                list(self._ids),
                list(states("open")),
            )
        )
        return {id_: dict(zip(LAST_CHANGE, change, strict=True)) for id_, *change in rows}
