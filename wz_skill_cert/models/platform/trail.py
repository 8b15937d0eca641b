"""Who decided, saw, printed or exported what, and when: append-only, and chained so that a change shows.

An entry is written in the transaction of what it tells and is chained within a minute by a step of its own, under a
lock. Chaining within the transaction would make all decisions wait for each other; a lock that is taken after the
snapshot of the database would let two entries follow the same one.
"""

import hashlib
import json
import logging
import sys
from datetime import timedelta

from odoo import api, fields, models, sql_db
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...workflow import NAMED_BY
from .enumeration import field_labels
from .settings import trail_months

_logger = logging.getLogger(__name__)

EVENTS = [
    # Decisions
    ("state", "Step of an application"),
    ("achievement", "Verdict on an achievement"),
    ("assessment", "Assessment submitted"),
    ("asked_again", "Expert asked to assess again"),
    ("papers", "Further papers"),
    ("conflict", "Conflict of interest declared"),
    ("appointed", "Panel or committee appointed"),
    ("drawn", "Experts drawn"),
    ("login", "Login of an expert given or changed"),
    ("right", "Right given or taken"),
    ("session_opened", "Vote opened"),
    ("vote_prolonged", "End of a vote put later"),
    ("session_closed", "Vote closed and sealed"),
    ("sheet_reported", "Summary sheet reported"),
    ("objection", "Objection"),
    ("published", "Results published"),
    ("certificate_issued", "Certificate issued"),
    ("certificate_revoked", "Certificate revoked"),
    ("corrected", "Correction decided"),
    ("scan", "Scan of the stamped form uploaded or removed"),
    ("page_reopened", "Progress page opened again"),
    ("units_merged", "Units merged"),
    ("address", "Address of the public pages set"),
    # Accesses
    ("number_shown", "Full ID number shown"),
    ("contact_shown", "Phone or photo shown"),
    ("number_searched", "Searched by ID number or phone"),
    ("place_asked", "Told whether a person has an application"),
    ("file_opened", "Personal file opened"),
    ("printed", "Form printed"),
    ("exported", "Personal data exported from a list"),
    ("person_exported", "All data of a person exported"),
    # Ends
    ("erasure", "Erasure of personal data"),
    ("refused", "Forgery refused"),
    ("pruned", "Old entries deleted"),
]
# Of these a person may ask when they happened, and the data officer by whom.
ACCESSES = (
    "number_shown", "contact_shown", "number_searched", "file_opened", "printed", "exported", "person_exported",
)  # fmt: skip
# The columns that the hash covers, beside the position and the hash before.
HASHED = ("id", "at", "user_id", "login", "event", "model", "res_id", "reference", "detail")
# Any number that nothing else in the database locks.
CHAIN_LOCK = 0x5C3E7
PAGE = 5_000
# Of one attempt on more records than this, one entry says how many they were: nobody floods the trail.
REFUSALS_AT_ONCE = 20
# The window in which an entry is not chained yet; one that waits longer was not reached by the scheduled action.
OVERDUE = timedelta(minutes=10)

TABLE = """
    CREATE TABLE IF NOT EXISTS skill_cert_trail (
        id serial PRIMARY KEY,
        at timestamp NOT NULL,
        user_id int NOT NULL,
        login varchar NOT NULL,
        event varchar NOT NULL,
        model varchar,
        res_id int,
        reference varchar,
        detail jsonb NOT NULL,
        position int UNIQUE,
        sha256 varchar(64)
    );
    CREATE INDEX IF NOT EXISTS skill_cert_trail_record_index ON skill_cert_trail (res_id, model);
    CREATE INDEX IF NOT EXISTS skill_cert_trail_reference_index ON skill_cert_trail (reference);
    CREATE INDEX IF NOT EXISTS skill_cert_trail_user_index ON skill_cert_trail (user_id);
    CREATE INDEX IF NOT EXISTS skill_cert_trail_at_index ON skill_cert_trail (at);
    CREATE INDEX IF NOT EXISTS skill_cert_trail_unchained_index ON skill_cert_trail (id) WHERE position IS NULL;
    CREATE INDEX IF NOT EXISTS skill_cert_trail_pruned_index ON skill_cert_trail (id) WHERE event = 'pruned';
"""
# The database itself keeps the clock and refuses a change, on whatever road it comes. An entry leaves when it is older
# than six months and a chained entry says that all up to it were deleted.
GUARD = """
    CREATE OR REPLACE FUNCTION skill_cert_trail_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW.at := clock_timestamp() AT TIME ZONE 'UTC';
            NEW.position := NULL;
            NEW.sha256 := NULL;
            RETURN NEW;
        ELSIF TG_OP = 'UPDATE' THEN
            IF OLD.position IS NULL AND NEW.position IS NOT NULL AND NEW.sha256 IS NOT NULL
               AND to_jsonb(OLD) - 'position' - 'sha256' = to_jsonb(NEW) - 'position' - 'sha256' THEN
                RETURN NEW;
            END IF;
        ELSIF TG_OP = 'DELETE' THEN
            IF OLD.at < clock_timestamp() AT TIME ZONE 'UTC' - interval '6 months' AND EXISTS (
                   SELECT FROM skill_cert_trail
                    WHERE event = 'pruned' AND position > OLD.position AND (detail->>'upto')::int >= OLD.position) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'skill_cert_trail is append-only';
    END $$;
    CREATE OR REPLACE TRIGGER skill_cert_trail_row BEFORE INSERT OR UPDATE OR DELETE ON skill_cert_trail
        FOR EACH ROW EXECUTE FUNCTION skill_cert_trail_guard();
    CREATE OR REPLACE TRIGGER skill_cert_trail_truncate BEFORE TRUNCATE ON skill_cert_trail
        FOR EACH STATEMENT EXECUTE FUNCTION skill_cert_trail_guard();
"""


def entry_hash(previous, position, entry):
    """Return the SHA-256 that chains ``entry`` ({column: value}) at ``position`` to the hash before it."""
    facts = {name: entry[name] for name in HASHED} | {"position": position, "previous": previous}
    facts["at"] = entry["at"].isoformat(timespec="microseconds")
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Trail(models.Model):
    """One decision or access. No personal data of applicants: only the record's number and id."""

    _name = "skill.cert.trail"
    _description = "Audit trail"
    # Own table: without foreign keys, which would make an entry depend on what it tells about.
    _auto = False
    _log_access = False
    _order = "id desc"
    _rec_name = "reference"

    at = fields.Datetime("Time", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    login = fields.Char(readonly=True)
    event = fields.Selection(EVENTS, readonly=True)
    model = fields.Char(readonly=True)
    res_id = fields.Integer("Record ID", readonly=True)
    reference = fields.Char("Number", readonly=True)
    detail = fields.Json(readonly=True)
    detail_text = fields.Char("Particulars", compute="_compute_texts")
    record_kind = fields.Char("Kind of record", compute="_compute_texts")
    position = fields.Integer("No. in the chain", readonly=True)
    sha256 = fields.Char("SHA-256", readonly=True)

    @api.depends("event", "reference")
    @api.depends_context("lang")
    def _compute_display_name(self):
        events = dict(self._fields["event"]._description_selection(self.env))
        for entry in self:
            entry.display_name = " ".join(part for part in (events.get(entry.event), entry.reference) if part)

    def init(self):
        """Create the table and its guard."""
        self.env.cr.execute(TABLE)
        self.env.cr.execute(GUARD)

    @api.depends("detail", "model")
    @api.depends_context("lang")
    def _compute_texts(self):
        for entry in self:
            entry.record_kind = self.env["ir.model"]._get(entry.model).name if entry.model in self.env else entry.model
            entry.detail_text = entry._text_of_detail()

    def _text_of_detail(self):
        detail = dict(self.detail or {})
        steps = [self._state_label(detail.pop(name)) for name in ("from", "to") if name in detail]
        labels = self._detail_labels()
        parts = [" → ".join(steps)] if steps else []
        parts += [f"{labels.get(name, name)}: {self._detail_value(name, value)}" for name, value in detail.items()]
        return "; ".join(parts)

    def _state_label(self, state):
        model = self.env.get(self.model)
        field = model._fields.get("state") if model is not None else None
        labels = dict(field._description_selection(self.env)) if field else {}
        return labels.get(state, state)

    def _detail_labels(self):
        return {
            "verified": self.env._("Verification"),
            "verdict": self.env._("Verdict"),
            "form": self.env._("Form"),
            "fields": self.env._("Fields"),
            "records": self.env._("Number of records"),
            "motions": self.env._("Motions"),
            "seal": self.env._("Seal (SHA-256)"),
            "seed": self.env._("Seed"),
            "experts": self.env._("Number of experts"),
            "applications": self.env._("Applications"),
            "upto": self.env._("Deleted up to no."),
            "into": self.env._("Into the unit no."),
            "bureaus": self.env._("From bureau to bureau"),
            "given": self.env._("Given"),
            "taken": self.env._("Taken"),
            "sha256": self.env._("SHA-256"),
            "place": self.env._("Question no."),
        }

    def _detail_value(self, name, value):
        readers = {
            "fields": self._field_labels,
            # Whose numbers these are is for whoever looks into a draw; here it is how many.
            "experts": len,
            "form": self._form_label,
            "verified": lambda steps: self._choice_labels(name, steps),
            "verdict": lambda verdict: self._choice_labels(name, verdict),
        }
        return readers[name](value) if name in readers and self.model in self.env else value

    def _field_labels(self, names):
        model = self.env[self.model]
        known = [name for name in names if name in model._fields]
        return field_labels(model, known) if known else ", ".join(names)

    def _choice_labels(self, name, steps):
        labels = dict(self.env[self.model]._fields[name]._description_selection(self.env))
        return " → ".join(labels.get(step, step) for step in steps.split(" → "))

    def _form_label(self, form):
        report = self.env.get(f"report.wz_skill_cert.{form}")
        return self.env["ir.model"]._get(report._name).name if report is not None else form

    # ------------------------------------------------------------------ append-only

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Refuse: entries are written by what they tell about, and by nobody."""
        raise UserError(self.env._("The audit trail is never changed."))

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse, whoever asks."""
        raise UserError(self.env._("The audit trail is never changed."))

    def unlink(self):  # pylint: disable=method-required-super
        """Refuse, whoever asks."""
        raise UserError(self.env._("The audit trail is never changed."))  # pylint: disable=no-raise-unlink

    # ------------------------------------------------------------------ entries

    @api.model
    def _record(self, event, records, **detail):
        """Write an entry for each of ``records``, all with the same detail (plain words and numbers, no person)."""
        self._record_each(event, [(record, detail) for record in records])

    @api.model
    def _record_each(self, event, pairs, cr=None):
        """Write an entry for each (record, detail), in one go; through ``cr`` where they outlive this transaction."""
        self._insert(
            [
                (event, record._name, record.id, self._reference_of(record), json.dumps(detail))
                for record, detail in pairs
            ],
            cr=cr,
        )

    @api.model
    def _insert(self, rows, cr=None):
        if not rows:
            return
        # sudo: a user may not read every login; the own one goes into the entry.
        who = (self.env.uid, self.env.user.sudo().login)
        (cr or self.env.cr).execute_values(
            "INSERT INTO skill_cert_trail (user_id, login, event, model, res_id, reference, detail) VALUES %s",
            [(*who, *row) for row in rows],
        )

    @api.model
    def _record_access(self, event, records, **detail):
        """Write an entry for each of ``records`` that this user has not accessed in this way today (in China)."""
        if not records:
            return
        self.env.execute_query(
            SQL(
                """INSERT INTO skill_cert_trail (user_id, login, event, model, res_id, reference, detail)
                   SELECT %(uid)s, %(login)s, %(event)s, %(model)s, record.id, record.reference, %(detail)s::jsonb
                     FROM unnest(%(ids)s, %(references)s::varchar[]) AS record(id, reference)
                    WHERE NOT EXISTS (
                          SELECT FROM skill_cert_trail t
                           WHERE t.res_id = record.id AND t.model = %(model)s AND t.event = %(event)s
                             AND t.user_id = %(uid)s AND t.detail = %(detail)s::jsonb
                             AND (t.at AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date
                               = (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date)
                RETURNING id""",
                uid=self.env.uid,
                login=self.env.user.sudo().login,  # sudo: as in _insert
                event=event,
                model=records._name,
                ids=records.ids,
                references=[self._reference_of(record) or None for record in records],
                detail=json.dumps(detail),
            )
        )

    @api.model
    def _record_refusal(self, records, names):
        """Write that fields ``names`` of ``records`` were not written, in a transaction that outlives the refusal."""
        ids, detail = records.ids or [None], {"fields": sorted(names)}
        if len(ids) > REFUSALS_AT_ONCE:
            ids, detail = ids[:1], {**detail, "records": len(ids)}
        detail = json.dumps(detail)
        with self.env.registry.cursor() as cr:
            self._insert([("refused", records._name, id_, None, detail) for id_ in ids], cr=cr)

    @api.model
    def _reference_of(self, record):
        # sudo: the number tells which record it was; whoever acts on a record need not read all of it.
        record = record.sudo()
        if record._name not in NAMED_BY and "application_id" in record._fields:
            record = record.application_id
        return (record._name in NAMED_BY and record[NAMED_BY[record._name]]) or None

    # ------------------------------------------------------------------ the chain

    @api.model
    def _chain(self):
        """Chain what is not chained yet, in a transaction of its own. Return the head as (position, SHA-256)."""
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            # Each statement sees what was committed before it, so that nothing is chained to an outdated head.
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            return self._chain_in(cr)

    @api.model
    def _chain_in(self, cr):
        cr.execute("SELECT pg_try_advisory_xact_lock(%s)", [CHAIN_LOCK])
        if not cr.fetchone()[0]:
            # Another process is at it.
            return self._head(cr)
        position, sha256 = self._head(cr)
        while waiting := self._page(cr, SQL("position IS NULL"), SQL("id")):
            links = []
            for entry in waiting:
                position, sha256 = position + 1, entry_hash(sha256, position + 1, entry)
                links.append((entry["id"], position, sha256))
            cr.execute_values(
                """UPDATE skill_cert_trail t SET position = link.position, sha256 = link.sha256
                     FROM (VALUES %s) AS link(id, position, sha256) WHERE t.id = link.id""",
                links,
            )
        return position, sha256

    @api.model
    def _head(self, cr):
        cr.execute(
            "SELECT position, sha256 FROM skill_cert_trail WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1"
        )
        return cr.fetchone() or (0, "")

    @api.model
    def _page(self, cr, where, order):
        columns = [*HASHED, "position", "sha256"]
        names = SQL(", ").join(map(SQL.identifier, columns))
        cr.execute(SQL("SELECT %s FROM skill_cert_trail WHERE %s ORDER BY %s LIMIT %s", names, where, order, PAGE))
        return [dict(zip(columns, row, strict=True)) for row in cr.fetchall()]

    @api.model
    def _run_scheduled(self):
        """Chain what has been written since the last time, and leave the head in the server's log."""
        cr = self.env.cr
        before = self._head(cr)
        head = self._chain()
        if head != before:
            # Outside the database: whoever deletes the last entries there cannot delete them here.
            _logger.info("Audit trail: entry %s has SHA-256 %s", *head)

    # ------------------------------------------------------------------ verification

    @api.model
    def _verify(self, expect=None):
        """Recompute the chain. Return what was found.

        :param expect: a head (position, SHA-256) that was copied out before and must still be there.
        :return: dict of ``entries`` (number verified), ``head``, ``broken`` (False, or dict of position, id and why of
            the first entry that is wrong), ``unchained`` and ``overdue`` (entries that wait; that wait too long).
        """
        self.env.flush_all()
        verdict = self._walk()
        if expect and not verdict["broken"]:
            verdict["broken"] = self._missing_head(*expect)
        return verdict | self._waiting()

    def _walk(self):
        cr, number, position, sha256 = self.env.cr, 0, None, ""
        while entries := self._page(cr, SQL("position > %s", position or 0), SQL("position")):
            for entry in entries:
                if position is None:
                    position, sha256 = entry["position"] - 1, self._anchor(entry["position"])
                if why := self._why_broken(position, sha256, entry):
                    broken = {"position": entry["position"], "id": entry["id"], "why": why}
                    return {"entries": number, "head": (position, sha256), "broken": broken}
                number, position, sha256 = number + 1, entry["position"], entry["sha256"]
        return {"entries": number, "head": (position or 0, sha256), "broken": False}

    def _why_broken(self, position, sha256, entry):
        if sha256 is None:
            return self.env._("the entries before it are gone, and no entry says that they were deleted")
        if entry["position"] != position + 1:
            return self.env._("entry no. %s before it is gone", position + 1)
        if entry_hash(sha256, entry["position"], entry) != entry["sha256"]:
            return self.env._("it or the hash before it was altered")
        return False

    def _anchor(self, first):
        """Return the hash before the ``first`` entry that is left, or None where no entry says what it was."""
        if first == 1:
            return ""
        query = SQL(
            """SELECT detail->>'sha256' FROM skill_cert_trail
                WHERE event = 'pruned' AND detail->>'upto' = %s AND position IS NOT NULL""",
            str(first - 1),
        )
        rows = self.env.execute_query(query)
        return rows[-1][0] if rows else None

    def _missing_head(self, position, sha256):
        rows = self.env.execute_query(
            SQL("SELECT id, sha256 FROM skill_cert_trail WHERE position >= %s ORDER BY position LIMIT 1", position)
        )
        if not rows:
            return {"position": position, "id": False, "why": self.env._("it was noted before and is gone")}
        at_position = self.env.execute_query(
            SQL("SELECT id, sha256 FROM skill_cert_trail WHERE position = %s", position)
        )
        if at_position and at_position[0][1] != sha256:
            why = self.env._("it is not the one that was noted")
            return {"position": position, "id": at_position[0][0], "why": why}
        return False

    def _waiting(self):
        query = SQL(
            """SELECT count(*), count(*) FILTER (WHERE at < clock_timestamp() AT TIME ZONE 'UTC' - %s)
                 FROM skill_cert_trail WHERE position IS NULL""",
            OVERDUE,
        )
        unchained, overdue = self.env.execute_query(query)[0]
        return {"unchained": unchained, "overdue": overdue}

    def action_verify(self):
        """Verify the whole chain and show its head, to be noted outside the system. Raises UserError where it is broken."""
        self.browse().check_access("read")
        self._chain()
        verdict = self._verify()
        if broken := verdict["broken"]:
            raise UserError(
                self.env._(
                    "The audit trail is broken at entry %(position)s: %(why)s.",
                    position=broken["position"],
                    why=broken["why"],
                )
            )
        position, sha256 = verdict["head"]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "title": self.env._("The audit trail is unbroken"),
                "message": self.env._(
                    "Please note the last entry outside the system: no. %(position)s, SHA-256 %(sha256)s.",
                    position=position,
                    sha256=sha256,
                ),
            },
        }

    @api.model
    def _command(self, expect=None):
        """Print what the verification found; end the process with 1 where the chain is broken.

        For ``odoo shell``: ``env["skill.cert.trail"]._command()``, or with ``expect="POSITION:SHA256"``, a head that
        was noted before.
        """
        position, _colon, sha256 = (expect or "").partition(":")
        self._chain()
        # The shell's own snapshot of the database may be older than the chain.
        self.env.cr.rollback()
        verdict = self._verify((int(position), sha256) if expect else None)
        broken = verdict["broken"]
        lines = [
            f"entries verified   {verdict['entries']}",
            f"not chained yet    {verdict['unchained']} ({verdict['overdue']} for too long)",
            "head               {}:{}".format(*verdict["head"]),
            "BROKEN at entry    {position} (id {id}): {why}".format(**broken) if broken else "unbroken",
        ]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        sys.exit(1 if broken or verdict["overdue"] else 0)

    # ------------------------------------------------------------------ retention

    @api.autovacuum
    def _gc_old(self):
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            self._prune_in(cr)

    @api.model
    def _prune_in(self, cr):
        """Delete the entries at the beginning whose term is over; one more entry keeps the hash at which they ended."""
        self._chain_in(cr)
        cr.execute(
            """SELECT position, sha256 FROM skill_cert_trail
                WHERE position < (SELECT min(position) FROM skill_cert_trail
                                   WHERE at >= clock_timestamp() AT TIME ZONE 'UTC' - make_interval(months => %s))
                ORDER BY position DESC LIMIT 1""",
            [trail_months(self.env)],
        )
        if not (last := cr.fetchone()):
            return
        detail = json.dumps({"upto": last[0], "sha256": last[1]})
        self._insert([("pruned", None, None, None, detail)], cr=cr)
        self._chain_in(cr)
        cr.execute("DELETE FROM skill_cert_trail WHERE position <= %s", [last[0]])
