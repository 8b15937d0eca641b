"""Roads of the wire on which a number or a name in the database is given: they tell no more of others' records than silence.

Each is gone with the number of a record that exists and with one that does not: the answers are the same.
"""

import json
import re

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import resident_id
from .test_platform import EXPERT, PlatformCase
from .test_rpc import QUIET, WireCase

TAGS = ("standard", "post_install", "-at_install")
APPLICATION = "skill.cert.application"
NAME, NEW = "张示例", "李四示例"


@tagged(*TAGS)
class TestOthersNumbers(WireCase):
    def _prepare(self):
        super()._prepare()
        self.case = self._accepted()
        self.own = self._draft(self.other_nominator, id_number=resident_id(sequence=903), applicant_name="自己示例")
        self.nobody = self.case.browse(self.env[APPLICATION].search([], order="id desc", limit=1).id + 10_000)
        data = self.env["ir.model.data"].create(
            {"module": "__export__", "name": "others", "model": APPLICATION, "res_id": self.case.id}
        )
        self.external = data.complete_name
        self.env.flush_all()

    def _same(self, user, model, method, arguments, known, unknown):
        """Call with ``known`` and with ``unknown`` in the place of XX; return both answers without their numbers."""

        def fill(value):
            text = json.dumps(arguments, ensure_ascii=False).replace('"XX"', json.dumps(value))
            return json.loads(text.replace("XX", str(value)))

        answers = [self._json2(user, model, method, **fill(value)) for value in (known, unknown)]
        for _status, answer in answers:
            # Odoo's own: through which lines the refusal came.
            if isinstance(answer, dict):
                answer.pop("debug", None)
        return [re.sub(r"\d+|others|nobody", "#", str(answer)) for answer in answers]

    def _by_number(self):
        """Yield (method, arguments) of Odoo's own roads to a record."""
        one, spec = {"ids": ["XX"]}, {"display_name": {}, "applicant_name": {}}
        yield "read", {**one, "fields": ["applicant_name"]}
        yield "web_read", {**one, "specification": spec}
        yield "write", {**one, "vals": {"summary": NEW}}
        yield "unlink", one
        yield "copy", {**one, "default": {"nominator_id": self.other_enterprise.id, "state": "draft"}}
        yield "copy_data", one
        yield "web_save", {**one, "vals": {"summary": NEW}, "specification": spec}
        yield "export_data", {**one, "fields_to_export": ["applicant_name", "id_number"]}
        yield "web_override_translations", {**one, "values": {"summary": NEW}}
        yield "update_field_translations", {**one, "field_name": "summary", "translations": {"en_US": NEW}}
        yield "get_field_translations", {**one, "field_name": "summary"}
        yield "message_post", {**one, "body": NEW}
        yield "message_subscribe", one
        yield "message_get_followers", one
        yield "activity_schedule", {**one, "act_type_xmlid": "mail.mail_activity_data_todo"}
        yield "onchange", {**one, "values": {}, "field_names": [], "fields_spec": spec}
        yield "search", {"domain": [["id", "=", "XX"]]}
        yield "search_count", {"domain": [["id", "in", ["XX"]]]}
        yield "formatted_read_group", {"domain": [["id", "=", "XX"]], "groupby": [], "aggregates": ["__count"]}
        yield "load", {"fields": [".id", "summary"], "data": [["XX", NEW]]}

    def test_each_answers_as_if_there_were_no_such_record(self):
        before = self._facts(self.case)
        for method, arguments in self._by_number():
            with self.subTest(method=method):
                known, unknown = self._same(
                    self.other_nominator, APPLICATION, method, arguments, self.case.id, self.nobody.id
                )
                self.assertEqual(known, unknown)
                self.assertNotIn(NAME, known)
        self.assertEqual(self._facts(self.case), before)

    def test_an_import_reaches_nothing_of_others_by_number_or_external_id(self):
        before = self._facts(self.case)
        count = self.env[APPLICATION].search_count([])
        for names, row in (
            (["id", "summary"], ["XX", NEW]),
            (["applicant_name", "achievement_ids/application_id/id"], [NEW, "XX"]),
            (["contribution_ids/application_id/id", "contribution_ids/description"], ["XX", NEW]),
        ):
            with self.subTest(fields=names):
                row = [self.external if value == "XX" else value for value in row]
                _status, answer = self._json2(self.other_nominator, APPLICATION, "load", fields=names, data=[row])
                self.assertNotIn(NAME, str(answer))
                self.assertFalse(answer.get("ids"))
        for names, row in (
            (["nominator_id/.id", "applicant_name"], [str(self.enterprise.id), NEW]),
            (["nominator_id", "applicant_name"], [self.enterprise.name, NEW]),
            (["state", "applicant_name"], ["certified", NEW]),
        ):
            status, answer = self._json2(self.other_nominator, APPLICATION, "load", fields=names, data=[row])
            with self.subTest(fields=names):
                self.assertTrue(status != 200 or not answer["ids"], answer)
        self.assertEqual(self._facts(self.case), before)
        self.assertEqual(self.env[APPLICATION].search_count([]), count)

    def test_a_copy_and_a_form_take_no_values_that_writing_refuses(self):
        sheet = self.case.sudo().submission_id or self.env["skill.cert.submission"].with_user(self.nominator).create(
            {"campaign_id": self.campaign.id}
        )
        own = (
            self.env["skill.cert.submission"].with_user(self.other_nominator).create({"campaign_id": self.campaign.id})
        )
        self.env.flush_all()
        mine, theirs, count = self.own.ids, self.case.ids, self.env[APPLICATION].search_count([])
        for model, method, arguments in (
            (APPLICATION, "copy", {"ids": mine, "default": {"state": "certified"}}),
            (APPLICATION, "copy", {"ids": mine, "default": {"nominator_id": self.enterprise.id}}),
            (APPLICATION, "copy", {"ids": mine, "default": {"submission_id": sheet.id}}),
            (APPLICATION, "copy", {"ids": mine, "default": {"name": "330302-2099-1"}}),
            (APPLICATION, "web_save", {"ids": mine, "vals": {"submission_id": sheet.id}, "specification": {}}),
            (APPLICATION, "web_save", {"ids": mine, "vals": {"state": "accepted"}, "specification": {}}),
            (own._name, "web_save", {"ids": own.ids, "vals": {"application_ids": [[4, theirs[0]]]}, "specification": {}}),
            (own._name, "web_save", {"ids": own.ids, "vals": {"application_ids": [[1, theirs[0], {"summary": NEW}]]},
                                     "specification": {}}),
            (own._name, "web_save", {"ids": own.ids, "vals": {"application_ids": [[2, theirs[0]]]}, "specification": {}}),
            (own._name, "web_save", {"ids": own.ids, "vals": {"application_ids": [[6, 0, theirs]]}, "specification": {}}),
        ):  # fmt: skip
            with self.subTest(method=method, arguments=arguments):
                status, answer = self._json2(self.other_nominator, model, method, **arguments)
                self.assertIn(status, (403, 422), answer)
                self.assertNotIn(NAME, str(answer))
        self.assertEqual(self.env[APPLICATION].search_count([]), count)
        self.assertFalse(own.application_ids)

    def test_nobody_but_the_manager_rewords_what_all_read(self):
        kind = self.env.ref("wz_skill_cert.achievement_type_title")
        before = self._facts(kind)
        for user in (self.nominator, self.plain_user, self.county_officer):
            for method, arguments in (
                ("web_override_translations", {"values": {"name": NEW}}),
                ("update_field_translations", {"field_name": "name", "translations": {"en_US": NEW}}),
            ):
                with self.subTest(user=user.name, method=method):
                    status, _answer = self._json2(user, kind._name, method, ids=kind.ids, **arguments)
                    self.assertEqual(status, 403)
        self.assertEqual(self._facts(kind), before)


@tagged(*TAGS)
class TestExports(PlatformCase, WireCase):
    """A saved template says what is exported and not what may be."""

    def _export(self, kind, ids, names):
        wanted = [{"name": name, "label": name, "type": "char"} for name in names]
        data = {"model": APPLICATION, "fields": wanted, "ids": ids, "domain": [], "import_compat": False, "groupby": []}
        with mute_logger(*QUIET):
            sent = {"data": json.dumps(data), "csrf_token": Request.csrf_token(self)}
            return self.url_open(f"/web/export/{kind}", data=sent)

    def _prepare(self):
        self.other_password = self.other_nominator.login
        super()._prepare()
        self.nominator.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        self.paths = ("applicant_name", "expert_user_ids/name", "review_ids/assessment_ids/user_id/name", "id_number")
        lines = [Command.create({"name": name}) for name in self.paths]
        values = {"name": "示例", "resource": APPLICATION, "export_fields": lines}
        self.template = self.env["ir.exports"].with_user(self.nominator).create(values)
        self.theirs = self.env["ir.exports"].with_user(self.county_officer).sudo().create(values)
        self.env.flush_all()

    def setUp(self):
        super().setUp()
        self.authenticate(self.nominator.login, self.password)

    def _names_in(self, template):
        with mute_logger(*QUIET):
            return self.url_open(
                "/web/export/namelist", json={"params": {"model": APPLICATION, "export_id": template.id}}
            ).json()

    def test_a_template_with_a_forged_path_names_no_field_and_exports_no_expert(self):
        named = [row["name"] for row in self._names_in(self.template).get("result", [])]
        self.assertLessEqual({*named}, {"applicant_name", "id_number"})
        for kind in ("csv", "xlsx"):
            for path in self.paths[1:3]:
                with self.subTest(kind=kind, path=path):
                    answer = self._export(kind, self.case.ids, ["applicant_name", path])
                    self.assertNotIn(EXPERT, answer.text)

    def test_the_template_of_another_is_not_opened(self):
        self.assertIn("error", self._names_in(self.theirs))

    def test_what_one_reads_is_exported_and_nothing_of_others(self):
        own = self._export("csv", self.case.ids, ["applicant_name"])
        self.assertEqual(own.status_code, 200)
        self.assertIn(self.case.sudo().applicant_name, own.text)
        self.authenticate(self.other_nominator.login, self.other_password)
        self.other_nominator.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        self.env.flush_all()
        other = self._export("csv", self.case.ids, ["applicant_name"])
        self.assertNotIn(self.case.sudo().applicant_name, other.text)
