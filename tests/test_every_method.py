"""No public method of the addon does anything for whom the record is no business, nor tells that there is such a record.

All of them are found by looking: a method that is new is tried as well. What outsiders bring about on records that they do
read stands in ``BY_OUTSIDERS``; what is not there, they may not.
"""

import base64
import inspect
import re
from functools import cached_property

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import PROOF
from .matrix import EXPECTED, ROLES
from .matrix_records import MatrixCase
from .test_matrix import QUIET

TAGS = ("standard", "post_install", "-at_install")
HOUSE = "odoo.addons.wz_skill_cert"
# What each parameter without a default is given.
ARGUMENTS = {
    "content": base64.b64encode(PROOF).decode(),
    "choices": {},
    "domain": [],
    "field_names": ["display_name"],
    "finding": "示例",
    "ground": "time",
    "kind": "other",
    "note": "示例",
    "partner_ids": [],
    "prospects": [],
    "bureau_id": 1,
    "reason": "示例",
    "remedy": "revote",
    "source_ref": "wz_skill_cert.check_page",
    "vals": {},
    "word": "示例",
    "points": [],
    "name": "示例.pdf",
    "file_id": 1,
}
# Tried with values, by the matrix and by test_side_doors.py.
ELSEWHERE = {"create", "onchange"}
OUTSIDERS = (
    "nominator",
    "other nominator",
    "association",
    "expert",
    "other expert",
    "recused",
    "member",
    "plain",
    "portal",
)
# Neither cases nor the people in them are known to these.
STRANGERS = ("other nominator", "other expert", "plain", "portal", "public")
WRITES = re.compile(r'(?<!FOR )(?<!DO )\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
# What happens on the platform itself whenever somebody is active.
NOISE = {"bus_bus", "mail_presence"}
# Who looks at personal data leaves a trace.
LOOKED = {"skill_cert_trail"}
BY_OUTSIDERS = {
    "skill.cert.achievement.action_refuse": {"expert"},
    "skill.cert.achievement.action_verify": {"expert"},
    "skill.cert.application.action_copy_to_campaign": {"nominator"},
    "skill.cert.application.action_leave_sheet": {"nominator"},
    "skill.cert.application.action_remove_scan": {"nominator"},
    "skill.cert.application.action_submit": {"nominator"},
    "skill.cert.application.action_reopen_progress_page": {"nominator"},
    "skill.cert.application.action_upload_scan": {"nominator"},
    "skill.cert.application.action_withdraw": {"nominator"},
    "skill.cert.application.message_post": {"nominator"},
    "skill.cert.assessment.action_accept": {"expert"},
    "skill.cert.expert.action_confirm": {"expert"},
    "skill.cert.expert.message_post": {"expert"},
    "skill.cert.membership.action_withdraw_consent": {"nominator", "association"},
    "skill.cert.membership.message_post": {"association"},
    "skill.cert.motion.action_declare_conflict": {"member"},
    "skill.cert.motion.action_declare_kin": {"member"},
    "skill.cert.motion.action_declare_other": {"member"},
    "skill.cert.nomination.wizard.action_confirm": {"nominator"},
    # It makes the file of a paper that waits for it.
    "skill.cert.paper.action_open": {"nominator"},
    "skill.cert.print.job.action_cancel": {"nominator"},
    "skill.cert.request.point.action_settle": {"nominator"},
    "skill.cert.session.action_declare": {"member"},
    "skill.cert.sheet.import.action_check": {"nominator"},
    "skill.cert.submission.action_add_drafts": {"nominator"},
    "skill.cert.submission.action_assemble": {"nominator"},
    "skill.cert.submission.action_check": {"nominator"},
    "skill.cert.submission.assemble_all": {"nominator"},
    "skill.cert.submission.message_post": {"nominator"},
    "skill.cert.unit.wizard.action_save": {"nominator"},
}
# Who writes and deletes what is in the matrix.
IN_MATRIX = {"write", "unlink"}


@tagged(*TAGS)
class TestEveryMethod(MatrixCase):
    takes_long = True

    def setUp(self):
        super().setUp()
        self.rows = self._records()
        self.env.flush_all()
        self._note_writes()

    # ------------------------------------------------------------------ which methods there are

    def _methods(self, model):
        """Return the names of the methods of the addon that anybody may call over the wire on ``model``.

        On a model of the platform those that the platform itself does not have: its own are tried by test_platform.py.
        """
        ours, theirs = set(), set()
        for part in type(model).mro():
            names = {name for name, value in vars(part).items() if inspect.isfunction(value) and name[:1] != "_"}
            (ours if part.__module__.startswith(HOUSE) else theirs).update(names)
        if not model._name.startswith("skill.cert."):
            ours -= theirs
        return sorted(name for name in ours - ELSEWHERE if self._is_public(model, name))

    def _is_public(self, model, name):
        try:
            return bool(get_public_method(model, name))
        except AccessError:
            return False

    def _arguments(self, model, name):
        parameters = list(inspect.signature(getattr(type(model), name)).parameters.values())[1:]
        asked = [p.name for p in parameters if p.default is p.empty and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
        self.assertLessEqual({*asked}, {*ARGUMENTS}, f"{model._name}.{name}: say in ARGUMENTS what these are given")
        return {parameter: ARGUMENTS[parameter] for parameter in asked}

    # ------------------------------------------------------------------ one call

    def _call(self, record, name):
        """Return (what is answered or refused, the tables that it wrote); nothing of it stays."""
        with self.env.cr.savepoint(flush=False) as savepoint:
            answer, written = self._tried(record, name)
            savepoint.rollback()
        self.env.cr.clear()
        return answer, written

    def _tried(self, record, name):
        self.written.clear()
        try:
            answer = getattr(record, name)(**self._arguments(record, name))
            self.env.flush_all()
        except (UserError, IntegrityError) as refusal:
            return (type(refusal), str(refusal)), set()
        except ValueError as error:
            # What is for one record alone, called on none.
            if "singleton" not in str(error):
                raise
            return (type(error), "singleton"), set()
        return str(answer), self.written - NOISE

    def _note_writes(self):
        """Keep in ``written`` which tables statements write from now on."""
        execute, written = Cursor.execute, set()
        self.written = written

        def note(cursor, query, *args, **kwargs):
            written.update(WRITES.findall(query.code if isinstance(query, SQL) else str(query)))
            return execute(cursor, query, *args, **kwargs)

        self.patch(Cursor, "execute", note)

    def _anonymous(self, answer):
        return re.sub(r"\d+", "#", str(answer))

    @cached_property
    def words(self):
        """Return what names a person or a case, as a pattern."""
        cases = self.env["skill.cert.application"].search([])
        experts = self.env["skill.cert.expert"].search([])
        names = {
            *cases.mapped("name"), *cases.mapped("applicant_name"), *cases.mapped("id_number"), *cases.mapped("phone"),
            *cases.mapped("id_number_masked"), *experts.mapped("partner_id.name"), *experts.mapped("user_id.login"),
        } - {False}  # fmt: skip
        return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in sorted(names)))

    # ------------------------------------------------------------------ who calls

    def _unreadable(self):
        """Yield (role, record): of each model one that the role may not read."""
        for row, (record, _change, _values) in self.rows.items():
            for role in ROLES:
                if "r" not in EXPECTED[row].get(role, ""):
                    yield (record._name, role), record

    def test_methods_serve_those_alone_whose_business_the_record_is(self):
        """In one test: all that it takes to have a record of each model in each state is made once."""
        with mute_logger(*QUIET, "odoo.addons.base.models.ir_model"):
            for check in (self._check_unreadable, self._check_nothing, self._check_outsiders):
                with self.subTest(check.__doc__):
                    wrong = list(check())
                    self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def _check_unreadable(self):
        """Nobody brings about or learns anything by a method of what one may not read."""
        tried = 0
        for (_model, role), record in dict(self._unreadable()).items():
            own = self._as(role, record)
            nobody = own.browse(record.sudo().search([], order="id desc", limit=1).id + 100_000)
            for name in self._methods(own):
                yield from self._wrong(role, own, nobody, name)
                tried += 1
        self.assertGreater(tried, 1000)

    def _as(self, role, record):
        return record.sudo(False).with_user(self.users[role]).with_context({})

    def _wrong(self, role, own, nobody, name):
        where = f"{own._name}.{name} by {role}"
        try:
            (answer, written), (unknown, _none) = self._call(own, name), self._call(nobody, name)
        except Exception as error:
            yield f"{where} breaks: {error!r}"
            return
        if written:
            yield f"{where} writes {sorted(written)}"
        if not own._transient and self._anonymous(answer) != self._anonymous(unknown):
            yield f"{where} tells that the record exists: {answer} / {unknown}"
        if role in STRANGERS and (word := self.words.search(str(answer))):
            yield f"{where} names {word[0]}: {answer}"

    def _check_nothing(self):
        """A method called on no record tells strangers nothing and does nothing."""
        for model in list(self.env.registry.values()):
            for role in STRANGERS:
                own = self._as(role, self.env[model._name])
                for name in self._methods(own):
                    answer, written = self._on_nothing(own, name)
                    if written - self._tables_of_dialogues() or self.words.search(str(answer)):
                        yield f"{own._name}.{name} by {role}: {answer}, writes {sorted(written)}"

    def _tables_of_dialogues(self):
        return {model._table for model in self.env.registry.values() if model._transient}

    def _on_nothing(self, own, name):
        try:
            return self._call(own, name)
        # A mixin has neither table nor records: its methods fail there, whoever calls them.
        except Exception as error:
            return str(error), set()

    def _check_outsiders(self):
        """Outsiders bring about what is listed and nothing else."""
        found = {}
        for row, (record, _change, _values) in self.rows.items():
            for role in (role for role in OUTSIDERS if "r" in EXPECTED[row].get(role, "")):
                own = self._as(role, record)
                for name in {*self._methods(own)} - IN_MATRIX:
                    if self._call(own, name)[1] - LOOKED:
                        found.setdefault(f"{own._name}.{name}", set()).add(role)
        for name in sorted({*found, *BY_OUTSIDERS}):
            if found.get(name, set()) != BY_OUTSIDERS.get(name, set()):
                yield f"{name} is carried out for {found.get(name)}, expected {BY_OUTSIDERS.get(name)}"
