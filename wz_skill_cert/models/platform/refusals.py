"""What the database refuses, it repeats: the row in the error's DETAIL, Odoo the whole statement in the log and the client's ``debug``.

Of the addon's tables, and of those that keep people, no value leaves so. Every statement passes through Odoo's cursor, whether a
client, an import, a scheduled action or the addon's own SQL has caused it; no model's method does. So it is done there.
"""

import functools
import re

import psycopg2

from odoo import models, sql_db

# The tables of ours, and Odoo's of people. Written out, so that the linter can judge it.
PRIVATE = re.compile(
    rb"\b(?:skill_cert_\w*|hr_employee_achievement\w*|(?:res_partner|res_users|hr_employee|hr_version|hr_resume_line)\b)"
)
# What follows the first sentence: the row, the statement at the place of the fault, the line of a function.
PARTICULARS = re.compile(r"\n(?:DETAIL|CONTEXT|HINT|LINE \d+|QUERY|WHERE):.*", re.DOTALL)


def _is_private(error):
    """Tell whether ``error`` (of psycopg2) speaks of a table whose values are nobody's business."""
    statement = getattr(error.cursor, "query", None) or b""
    return bool(PRIVATE.search((error.diag.table_name or "").encode()) or PRIVATE.search(statement))


def _silence(error):
    """Take from ``error`` what it repeats of the values; which rule refused them stays, in its ``diag``."""
    # "invalid input syntax for type date: …" has the value in its first sentence already.
    value_refused = isinstance(error, psycopg2.DataError) and not isinstance(error, psycopg2.IntegrityError)
    said = f"{type(error).__name__}\n" if value_refused else PARTICULARS.sub("", str(error))
    error.__setstate__({"pgerror": said, "pgcode": error.pgcode, "cursor": error.cursor})
    error.args = (said,)


def _without_values(query):
    """Return the statement with its placeholders. In bulk, psycopg2 has put the values in already."""
    query = query.code if hasattr(query, "code") else query
    return query.partition(b"VALUES")[0] + b"VALUES ..." if isinstance(query, bytes) else query


def _discreet(execute):
    @functools.wraps(execute)
    def execute_discreetly(cursor, query, params=None, log_exceptions=True):
        try:
            return execute(cursor, query, params, log_exceptions=False)
        except Exception as error:
            private = isinstance(error, psycopg2.Error) and _is_private(error)
            if private:
                _silence(error)
            if log_exceptions:
                shown = _without_values(query) if private else (cursor._obj.query or query)
                sql_db._logger.error("bad query: %s\nERROR: %s", shown, error)
            raise

    return execute_discreetly


# No model stands between a statement and the log; of other tables' statements all is told as before.
sql_db.Cursor.execute = _discreet(sql_db.Cursor.execute)


class Base(models.AbstractModel):
    _inherit = "base"

    def _sql_error_to_message_generic(self, exc):
        """Tell which field is not unique; of a private table, not with which value, which may be another's."""
        message = super()._sql_error_to_message_generic(exc)
        detail = exc.diag.message_detail
        return message.replace(detail, "-") if detail and _is_private(exc) else message
