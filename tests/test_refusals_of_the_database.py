"""What the database refuses, it repeats: the whole row in its error, the whole statement in Odoo's log. Nothing of that leaves."""

import contextlib
import json
import logging
import traceback
from unittest.mock import patch

import psycopg2

from odoo.addons.wz_skill_cert.workflow import OUR_MODELS
from odoo.tests import tagged
from odoo.tools import SQL

from . import test_rpc
from .common import resident_id
from .test_rpc import WireCase

TAGS = ("standard", "post_install", "-at_install")
NUMBER, PHONE = resident_id(sequence=977), "13800000977"
APPLICATION = "skill.cert.application"


class Told(logging.Handler):
    """All that is logged anywhere, with tracebacks, as a file would have it."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.setFormatter(logging.Formatter())
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))

    def __enter__(self):
        # Where it is said, before anybody mutes it for the sake of a quiet test.
        self.loggers = [logging.getLogger(name) for name in (None, "odoo", "odoo.sql_db", "odoo.http")]
        self.kept = [(logger, logger.level) for logger in self.loggers]
        for logger in self.loggers:
            logger.addHandler(self)
            logger.setLevel(logging.INFO)
        return self

    def __exit__(self, *exc_info):
        for logger, level in self.kept:
            logger.removeHandler(self)
            logger.setLevel(level)

    @property
    def text(self):
        return "\n".join(self.lines)


@tagged(*TAGS)
class TestWhatTheDatabaseRefuses(WireCase):
    def _tables(self):
        """Yield (table, its columns of text, its columns that must not be empty) of every model of ours that has a table."""
        for name in sorted(self.env.registry):
            model = self.env[name]
            if not name.startswith(OUR_MODELS) or model._abstract or not model._auto:
                continue
            fields = [field for field in model._fields.values() if field.store and field.column_type]
            # Of those with a length of their own, the number may be too long: another refusal.
            texts = [f.name for f in fields if f.column_type[0] in ("varchar", "text") and not getattr(f, "size", None)]
            if texts:
                yield model._table, texts

    def _columns(self, table):
        return [
            name
            for (name,) in self.env.execute_query(
                SQL(
                    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attname <> 'id'"
                    " AND NOT attisdropped AND NOT atthasdef AND attnotnull",
                    table,
                )
            )
        ]

    def _insert(self, table, texts):
        names = SQL(", ").join(map(SQL.identifier, texts))
        values = SQL(", ").join(SQL("%s", f"{NUMBER}") for _name in texts)
        self.env.cr.execute(SQL("INSERT INTO %s (%s) VALUES (%s)", SQL.identifier(table), names, values))

    def _free(self, table):
        for column in self._columns(table):
            self.env.cr.execute(
                SQL("ALTER TABLE %s ALTER %s DROP NOT NULL", SQL.identifier(table), SQL.identifier(column))
            )
        for (name,) in self.env.execute_query(
            SQL("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f')", table)
        ):
            self.env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name)))

    def _refused(self, step):
        """Return what is logged and what the error says, with all that led to it, when ``step`` is refused by the database."""
        with Told() as told:
            try:
                with self.env.cr.savepoint(flush=False):
                    step()
            except psycopg2.Error as refusal:
                error = refusal
            else:
                self.fail("the database refused nothing")
        shown = "".join(traceback.format_exception(error))
        return type(error), "\n".join((told.text, shown, str(error.args), str(error.pgerror)))

    def _assert_silent(self, answer):
        for secret in (NUMBER, PHONE):
            self.assertNotIn(secret, answer)

    def test_no_table_of_ours_repeats_a_row_that_lacks_a_value(self):
        tried = 0
        for table, texts in self._tables():
            if set(self._columns(table)) - set(texts):
                with self.subTest(table=table):
                    kind, told = self._refused(lambda t=table, c=texts: self._insert(t, c))
                    self._assert_silent(told)
                    self.assertIn("bad query", told)
                    tried += issubclass(kind, psycopg2.errors.NotNullViolation)
        self.assertGreater(tried, 30)

    def test_no_table_of_ours_repeats_a_row_that_breaks_a_rule(self):
        for table, texts in self._tables():
            with self.subTest(table=table):
                kind, told = self._refused(lambda t=table, c=texts: self._insert_impossible(t, c))
                self.assertEqual(kind, psycopg2.errors.CheckViolation)
                self._assert_silent(told)

    def _insert_impossible(self, table, texts):
        self._free(table)
        self.env.cr.execute(SQL("ALTER TABLE %s ADD CONSTRAINT no CHECK (false) NOT VALID", SQL.identifier(table)))
        self._insert(table, texts)

    def test_no_table_of_ours_repeats_a_value_that_is_there_already(self):
        for table, texts in self._tables():
            with self.subTest(table=table):
                kind, told = self._refused(lambda t=table, c=texts: self._insert_twice(t, c))
                self.assertEqual(kind, psycopg2.errors.UniqueViolation)
                self._assert_silent(told)

    def _insert_twice(self, table, texts):
        self._free(table)
        column = SQL.identifier(texts[0])
        self.env.cr.execute(SQL("CREATE UNIQUE INDEX ON %s (%s)", SQL.identifier(table), column))
        self._insert(table, texts)
        self._insert(table, texts)

    def test_a_value_of_the_wrong_kind_is_not_repeated_either(self):
        wrong = SQL("UPDATE skill_cert_application SET phone = %s, birth_date = %s", PHONE, NUMBER)
        _kind, told = self._refused(lambda: self.env.cr.execute(wrong))
        self._assert_silent(told)
        many = [(NUMBER, PHONE), (NUMBER, None)]
        insert = "INSERT INTO skill_cert_application (id_number, phone) VALUES %s"
        _kind, told = self._refused(lambda: self.env.cr.execute_values(insert, many))
        self._assert_silent(told)

    def test_whose_table_it_is_not_is_told_as_before(self):
        insert = SQL("INSERT INTO ir_config_parameter (key) VALUES (NULL), (%s)", NUMBER)
        kind, told = self._refused(lambda: self.env.cr.execute(insert))
        self.assertEqual(kind, psycopg2.errors.NotNullViolation)
        self.assertIn(NUMBER, told)
        self.assertIn("DETAIL", told)

    # ------------------------------------------------------------------ over the wire

    def setUp(self):
        super().setUp()
        self.own = self._draft(phone=PHONE, id_number=NUMBER)
        self.other = self._draft(phone="13800000975", id_number=resident_id(sequence=975))
        self.env.flush_all()

    def _break(self, rule):
        self.env.cr.execute(SQL("ALTER TABLE skill_cert_application ADD CONSTRAINT no %s NOT VALID", SQL(rule)))

    def _roads(self):
        """Yield (road, its answer as text) of entering an application that the database refuses."""
        values = self._application_vals(id_number=NUMBER, phone=PHONE, achievement_ids=[], history_ids=[])
        values["birth_date"] = str(values["birth_date"])
        yield "json-2", lambda: self._json2(self.nominator, APPLICATION, "create", vals_list=[values])
        yield "jsonrpc", lambda: self._jsonrpc(self.nominator, APPLICATION, "create", [values])
        yield "web", lambda: self._web("create", [values])
        yield "web_save", lambda: self._web("web_save", [], values, {"id_number": {}})
        head = [name for name in values if not name.endswith("_ids")]
        row = [values[name] for name in head]
        head = [f"{name}/.id" if name.endswith("_id") else name for name in head]
        yield "import", lambda: self._web("load", head, [row])
        yield "cron", self._by_action

    def _web(self, method, *arguments):
        self.authenticate(self.nominator.login, self.nominator.login)
        params = {"model": APPLICATION, "method": method, "args": arguments, "kwargs": {}}
        answer = self.url_open("/web/dataset/call_kw", json={"jsonrpc": "2.0", "method": "call", "params": params})
        return answer.text

    def _by_action(self):
        """Have a scheduled action write what the database refuses; it only logs what goes wrong."""
        code = f"model = env[{APPLICATION!r}]\n"
        code += f"model.browse({self.other.id}).write({{'phone': model.browse({self.own.id}).phone}})"
        values = {"name": "示例", "model_id": self.env["ir.model"]._get_id(APPLICATION), "state": "code", "code": code}
        action = self.env["ir.cron"].create({**values, "interval_type": "days"})
        with self.enter_registry_test_mode(), contextlib.suppress(Exception):
            action.method_direct_trigger()

    def _told_over_the_wire(self, answer):
        """Return all that is answered and logged on a road, and take back what happened on it."""
        with Told() as told, patch.object(test_rpc, "QUIET", ()), self.env.cr.savepoint() as savepoint:
            said = answer()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return json.dumps(said, ensure_ascii=False, default=str) + told.text

    def test_no_road_of_the_wire_repeats_what_the_database_refused(self):
        for rule in ("CHECK (false)", "CHECK (phone IS NULL)"):
            self._break(rule)
            for road, answer in self._roads():
                with self.subTest(rule=rule, road=road):
                    told = self._told_over_the_wire(answer)
                    self.assertIn("violates check constraint", told, "the database did refuse")
                    self._assert_silent(told)
            self.env.cr.execute("ALTER TABLE skill_cert_application DROP CONSTRAINT no")

    def test_a_number_that_is_there_already_is_not_told(self):
        self.env.cr.execute("CREATE UNIQUE INDEX unnamed ON skill_cert_application (phone)")
        for road, answer in self._roads():
            with self.subTest(road=road):
                told = self._told_over_the_wire(answer)
                self.assertIn("unnamed", told, "the database did refuse")
                self._assert_silent(told)
