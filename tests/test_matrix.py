"""Every cell of the table in ``matrix.py``, tried through the ORM and, with real keys and passwords, over the wire.

Of each model, role and road the first cell is sent through a socket. The same bytes of the others are put, in this thread,
where the socket leads: into the server's entry, for XML-RPC into its dispatcher, which checks the password.
"""

import json
import threading
import xmlrpc.client
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from unittest.mock import patch

from passlib.context import CryptContext
from psycopg2 import IntegrityError
from werkzeug.test import EnvironBuilder, run_wsgi_app

from odoo import fields, http
from odoo.addons.base.models import res_users
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from .common import resident_id
from .matrix import EXPECTED, ROLES
from .matrix_records import MatrixCase

OPERATIONS = {"r": "web_read", "w": "write", "c": "create", "u": "unlink"}
RIGHTS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
ROADS = ("ORM", "JSON-2", "XML-RPC")
# Of no tracking: nothing but the rights is looked at.
CONTEXT = {"tracking_disable": True}
QUIET = (
    "odoo.sql_db",
    "odoo.http",
    "odoo.models.unlink",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.res_users",
    "odoo.addons.rpc.controllers.json2",
    "odoo.addons.rpc.controllers.xmlrpc",
    "odoo.addons.wz_skill_cert.models.platform.guarded",
)


@tagged("standard", "post_install", "-at_install")
class TestMatrix(MatrixCase, HttpCase):
    takes_long = True

    def setUp(self):
        super().setUp()
        # As Odoo's own tests do for passwords: thousands of keys are checked here.
        quick = CryptContext(["pbkdf2_sha512"], pbkdf2_sha512__rounds=1)
        self.startPatcher(patch.object(res_users, "KEY_CRYPT_CONTEXT", quick))
        self.refused = set()
        self.connected = set()
        self._serve_in_this_thread()
        # The public has neither a key nor a password.
        self.keys = {role: self._key(user) for role, user in self.users.items() if role != "public"}

    @cached_property
    def rows(self):
        rows = self._records()
        self.forced = dict(self._states_without_record(rows))
        first = {}
        for record, change, _values in rows.values():
            first.setdefault(record._name, (record, change, None))
        return {**rows, **{row: first[row.partition(",")[0]] for row in self.forced}}

    def _states_without_record(self, rows):
        """Yield (row, state) of the states in which none of the records is: a record is put there for its cells."""
        found = {}
        for record, _change, _values in rows.values():
            if self._has_course(record):
                found.setdefault(record._name, set()).add(record.sudo().state)
        for model, states in found.items():
            for state in {*self.env[model]._fields["state"].get_values(self.env)} - states:
                yield f"{model}, {state}", state

    def _has_course(self, record):
        """Tell whether a record goes from state to state: neither computed, nor a view, nor the state of something else."""
        field = record._fields.get("state")
        return bool(field and field.store and record._auto and record._name != "skill.cert.step")

    @contextmanager
    def _in_state(self, row):
        """Put the record of a row that has a state without a record there, past the procedure, until the end."""
        if row not in self.forced:
            yield
            return
        record = self.rows[row][0]
        with self.env.cr.savepoint(flush=False) as savepoint:
            table = SQL.identifier(record._table)
            self.env.cr.execute(SQL("UPDATE %s SET state = %s WHERE id IN %s", table, self.forced[row], record._ids))
            self.env.invalidate_all(flush=False)
            yield
            savepoint.rollback()
        self.env.cr.clear()

    # ------------------------------------------------------------------ the wire

    def _serve_in_this_thread(self):
        """Let requests be answered here, as by a worker: each finds its database by the thread."""
        thread = threading.current_thread()
        before = dict(vars(thread))
        self.addCleanup(lambda: (vars(thread).clear(), vars(thread).update(before)))
        thread.dbname = self.env.cr.dbname

    def _is_first(self, record, role, road):
        cell = (record._name, role, road)
        known = cell in self.connected
        self.connected.add(cell)
        return not known

    @contextmanager
    def _request(self):
        """Let what is asked in this thread have cursors of its own, as ``opener`` does for what goes through a socket."""
        self.env.cr.flush()
        self.env.cr.clear()
        with self.allow_requests(all_requests=True):
            yield

    def _post(self, is_first, path, data, headers):
        """Return (status, body) of the answer."""
        if is_first:
            answer = self.opener.post(f"{self.base_url()}{path}", data=data, headers=headers)
            return answer.status_code, answer.content
        builder = EnvironBuilder(path=path, method="POST", data=data, headers=headers, base_url=self.base_url())
        with self._request():
            body, status, _headers = run_wsgi_app(http.root, builder.get_environ(), buffered=True)
        return int(status.split()[0]), b"".join(body)

    def _key(self, user):
        expiry = fields.Datetime.now() + timedelta(days=1)
        return self.env["res.users.apikeys"].with_user(user).sudo()._generate(None, "matrix", expiry)

    # ------------------------------------------------------------------ one cell, on each road

    def _arguments(self, operation, change, values):
        return {
            "r": {"specification": {"display_name": {}}},
            "w": {"vals": change},
            "c": {"vals_list": [values]},
            "u": {},
        }[operation]

    def _by_orm(self, role, operation, record, arguments):
        record = record.browse() if operation == "c" else record
        own = record.with_user(self.users[role]).with_context(**CONTEXT)
        try:
            getattr(own, OPERATIONS[operation])(**arguments)
            self.env.flush_all()
        except (UserError, IntegrityError):
            return False
        return True

    def _by_json2(self, role, operation, record, arguments):
        ids = {} if operation == "c" else {"ids": record.ids}
        status, answer = self._post(
            self._is_first(record, role, "JSON-2"),
            f"/json/2/{record._name}/{OPERATIONS[operation]}",
            data=json.dumps({**ids, **arguments, "context": CONTEXT}).encode(),
            headers={
                "Authorization": f"bearer {self.keys.get(role, '')}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.env.cr.dbname,
            },
        )
        # Refused, and never an error of the server.
        self.assertIn(status, (200, 401, 403, 404, 422), answer[:500])
        return status == 200

    def _by_xmlrpc(self, role, operation, record, arguments):
        user = self.users[role]
        # Tuples and commands become lists and numbers, as a client sends them.
        arguments = json.loads(json.dumps({**arguments, "context": CONTEXT}))
        positional = [] if operation == "c" else [record.ids]
        password = user.login if role in self.keys else ""
        call = (self.env.cr.dbname, user.id, password, record._name, OPERATIONS[operation], positional, arguments)
        if operation == "c":
            call = (*call[:5], [arguments.pop("vals_list")], arguments)
        body = xmlrpc.client.dumps(call, "execute_kw").encode()
        if not self._is_first(record, role, "XML-RPC"):
            return self._dispatched(xmlrpc.client.loads(body)[0])
        answer = self.opener.post(f"{self.base_url()}/xmlrpc/2/object", data=body, headers={"Content-Type": "text/xml"})
        try:
            xmlrpc.client.loads(answer.content)
        except xmlrpc.client.Fault as fault:
            # 1 is an error of the server; the others are refusals.
            self.assertNotEqual(fault.faultCode, 1, fault.faultString[-500:])
            return False
        return True

    def _dispatched(self, call):
        """Do what the address of XML-RPC does with a call; any other error than a refusal is one of the server."""
        try:
            with self._request():
                http.dispatch_rpc("object", "execute_kw", call)
        except UserError:
            return False
        return True

    def _tried(self, road, role, operation, record, arguments):
        """Return whether the road lets the role do it; whatever it did is undone.

        What the access list refuses without looking at the record is sent once a model, not once a record.
        """
        known = (road, role, operation, record._name)
        if known in self.refused:
            return False
        if not (done := self._sent(road, role, operation, record, arguments)) and not self._is_listed(
            record._name, role, RIGHTS[operation]
        ):
            self.refused.add(known)
        return done

    def _is_listed(self, model, role, right):
        """Tell whether the access list gives the role this right, whatever the record."""
        return self.env[model].with_user(self.users[role]).has_access(right)

    def _sent(self, road, role, operation, record, arguments):
        tries = {"ORM": self._by_orm, "JSON-2": self._by_json2, "XML-RPC": self._by_xmlrpc}
        with self.env.cr.savepoint(flush=False) as savepoint:
            done = tries[road](role, operation, record, arguments)
            savepoint.rollback()
        # What was undone waits in the cache, too.
        self.env.cr.clear()
        return done

    # ------------------------------------------------------------------ the table

    def _found(self, row, role, road):
        record, change, values = self.rows[row]
        return "".join(
            operation
            for operation in OPERATIONS
            if (values is not None or operation != "c")
            and self._tried(road, role, operation, record, self._arguments(operation, change, values))
        )

    def test_every_cell_of_the_matrix_on_every_road(self):
        self.assertTrue(all(record for record, _change, _values in self.rows.values()))
        self.env.flush_all()
        wrong = []
        with mute_logger(*QUIET):
            for row in EXPECTED:
                with self._in_state(row):
                    wrong += self._wrong_cells(row)
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def _wrong_cells(self, row):
        for role in ROLES:
            expected = EXPECTED[row].get(role, "")
            found = {road: self._found(row, role, road) for road in ROADS}
            if set(found.values()) != {expected}:
                yield f"{row}: {role} may {found}, expected “{expected}”"

    def test_every_model_of_the_addon_and_every_state_has_its_row(self):
        models = {
            name
            for name in self.env.registry
            if self.env[name]._original_module == "wz_skill_cert" and not self.env[name]._abstract
        }
        self.assertEqual({row.split(",")[0] for row in EXPECTED}, models)
        self.assertEqual(set(self.rows), set(EXPECTED))

    def test_whoever_may_not_read_finds_counts_and_groups_nothing(self):
        refused = set()
        for row, (record, _change, _values) in self._records().items():
            for role in ROLES:
                if "r" in EXPECTED[row].get(role, "") or (record._name, role) in refused:
                    continue
                # What the access list refuses is refused for each record of the model.
                if not self._is_listed(record._name, role, "read"):
                    refused.add((record._name, role))
                own = record.with_user(self.users[role])
                with self.subTest(row=row, role=role), mute_logger("odoo.addons.base.models.ir_rule"):
                    for look in self._looks(own, [("id", "=", record.id)]):
                        self.assertFalse(self._seen(look))

    def _looks(self, own, domain):
        by = next(name for name, field in own._fields.items() if field.store and field.type == "many2one")
        return (
            lambda: own.search(domain).ids,
            lambda: own.search_count(domain),
            lambda: own.name_search("", domain),
            lambda: [group for group in own.formatted_read_group(domain, [], ["__count"]) if group["__count"]],
            lambda: [
                group
                for groups in own.formatted_read_grouping_sets(domain, [[], [by]], ["__count"])
                for group in groups
                if group["__count"]
            ],
            lambda: own.read(["display_name"]),
            lambda: own.web_search_read(domain, {"display_name": {}})["length"],
            lambda: own.web_name_search("", {"display_name": {}}, domain),
            lambda: own.export_data(["display_name"]),
            lambda: own.copy().ids,
            lambda: own.web_save({}, {"display_name": {}}),
        )

    def _seen(self, look):
        """Return what a look shows; a refusal shows nothing."""
        try:
            return look()
        except UserError:
            self.env.invalidate_all(flush=False)
            return False

    def test_what_is_computed_for_a_case_is_not_written_by_anyone(self):
        """A forged bureau would hand the case to other officers, a forged mask show another number."""
        fields = self.case._fields.values()
        names = [field.name for field in fields if field.compute and field.store and field.readonly]
        names = [name for name in names if not name.startswith(("message_", "activity_", "my_activity_"))]
        self.assertLessEqual(
            {"reported_bureau_id", "handling_bureau_id", "id_number_masked", "expert_user_ids"}, {*names}
        )
        draft = self._draft(applicant_name="李示例", id_number=resident_id(sequence=903))
        for name in names:
            with self.subTest(field=name), self.assertRaises(AccessError):
                draft.write({name: draft.sudo()[name].id if draft._fields[name].relational else draft.sudo()[name]})

    def test_a_right_that_is_granted_or_revoked_works_at_once(self):
        application = self.case.with_user(self.other_nominator)
        self.assertFalse(application.has_access("read"))
        self.enterprise.nominator_user_ids = [Command.link(self.other_nominator.id)]
        self.assertTrue(application.has_access("read"))
        self.enterprise.nominator_user_ids = [Command.unlink(self.other_nominator.id)]
        self.assertFalse(application.has_access("read"))
        for bureau, officer in ((self.county, self.county_officer), (self.city, self.city_officer)):
            own = self.case.with_user(officer)
            bureau.user_ids = [Command.unlink(officer.id)]
            self.assertFalse(own.has_access("read"))
            self.assertFalse(own.search([("id", "=", own.id)]))
            bureau.user_ids = [Command.link(officer.id)]
            self.assertTrue(own.has_access("read"))
            self.assertTrue(own.search([("id", "=", own.id)]))
