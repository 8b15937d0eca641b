"""The worst forgeries over the wire, with real credentials: refused, and the database is as it was."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase, resident_id

QUIET = (
    "odoo.http",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.rpc.controllers.json2",
    "odoo.addons.rpc.controllers.xmlrpc",
)


class WireCase(SkillCertCase, HttpCase):
    def _key(self, user):
        expiry = fields.Datetime.now() + timedelta(days=1)
        return self.env["res.users.apikeys"].with_user(user).sudo()._generate(None, "test", expiry)

    def _json2(self, user, model, method, **arguments):
        """Call over JSON-2 and return (status, answer)."""
        headers = {
            "Authorization": f"bearer {self._key(user)}",
            "Content-Type": "application/json",
            "X-Odoo-Database": self.env.cr.dbname,
        }
        with mute_logger(*QUIET):
            answer = self.url_open(f"/json/2/{model}/{method}", data=json.dumps(arguments), headers=headers)
        self.env.invalidate_all(flush=False)
        return answer.status_code, answer.json()

    def _jsonrpc(self, user, model, method, *arguments, password=None, **options):
        """Call over /jsonrpc with login and password (default: the right one); return the answer."""
        call = [self.env.cr.dbname, user.id, password or user.login, model, method, arguments, options]
        body = {
            "jsonrpc": "2.0",
            "method": "call",
            "params": {"service": "object", "method": "execute_kw", "args": call},
        }
        with mute_logger(*QUIET):
            answer = self.url_open(
                "/jsonrpc", data=json.dumps(body), headers={"Content-Type": "application/json"}
            ).json()
        self.env.invalidate_all(flush=False)
        return answer


@tagged("standard", "post_install", "-at_install")
class TestForgeries(WireCase):
    def _prepare(self):
        super()._prepare()
        self.case = self._accepted()
        self.vote = self._session(self._waiting_for_vote(1))
        self.vote.action_open()
        self.member = self.vote.sudo().seat_ids[1].user_id
        self.env.flush_all()

    def _records(self):
        return self.case, self.case.sudo().achievement_ids, self.vote, self.vote.motion_ids, *self.vote.sudo().seat_ids

    def _counts(self):
        return [
            self.env[name].search_count([])
            for name in ("skill.cert.certificate", "skill.cert.application", "skill.cert.ballot", "skill.cert.review")
        ]

    def test_the_wire_works_for_what_is_allowed(self):
        status, found = self._json2(
            self.nominator,
            "skill.cert.application",
            "search_read",
            domain=[["state", "=", "accepted"]],
            fields=["name"],
        )
        self.assertEqual((status, [row["name"] for row in found]), (200, [self.case.name]))
        answer = self._jsonrpc(self.nominator, "skill.cert.application", "search_count", [["state", "=", "accepted"]])
        self.assertEqual(answer["result"], 1)
        status, answer = self._json2(
            self.member,
            "skill.cert.session",
            "cast",
            ids=self.vote.ids,
            choices={str(self.vote.motion_ids.id): "agree"},
        )
        self.assertEqual((status, answer), (200, True))

    def test_no_forgery_over_json2(self):
        case, vote, motion = self.case.ids, self.vote.ids, self.vote.motion_ids.id
        application, session = "skill.cert.application", "skill.cert.session"
        line = self.case.sudo().achievement_ids.ids
        values = {"nominator_id": self.enterprise.id, "state": "certified"}
        certificate = {"application_id": self.case.id, "number": "2099330000000001"}
        forgeries = (
            # user, model, method, arguments, status
            (self.nominator, application, "write", {"ids": case, "vals": {"state": "certified"}}, 403),
            (self.nominator, application, "write", {"ids": case, "vals": {"summary": "别的"}}, 422),
            (self.nominator, application, "create", {"vals_list": [values]}, 403),
            (self.county_officer, application, "write", {"ids": case, "vals": {"state": "certified"}}, 403),
            (self.county_officer, application, "_move", {"ids": case, "target": "certified"}, 403),
            (self.county_officer, application, "_open_round", {"ids": case, "bureau": self.county.id}, 403),
            (self.county_officer, application, "action_certify", {"ids": case}, 422),
            (self.other_officer, application, "action_return", {"ids": case, "reason": "假的"}, 403),
            (self.city_officer, application, "action_revoke", {"ids": case, "reason": "假的"}, 403),
            (self.other_nominator, application, "read", {"ids": case, "fields": ["applicant_name"]}, 403),
            (self.other_nominator, application, "action_withdraw", {"ids": case}, 403),
            (self.plain_user, application, "search_read", {"domain": [], "fields": ["id_number"]}, 403),
            (self.manager, application, "search_count", {"domain": []}, 403),
            (self.member, application, "search", {"domain": [["id_number", "=", resident_id()]]}, 403),
            (self.nominator, "skill.cert.achievement", "action_verify", {"ids": line}, 403),
            (self.nominator, "skill.cert.achievement", "write", {"ids": line, "vals": {"verified": "verified"}}, 403),
            (self.county_officer, "skill.cert.certificate", "create", {"vals_list": [certificate]}, 403),
            (
                self.county_officer,
                "skill.cert.motion",
                "write",
                {"ids": [motion], "vals": {"agree": 7, "passed": True}},
                403,
            ),
            (
                self.county_officer,
                "skill.cert.session.seat",
                "write",
                {"ids": self.vote.seat_ids.ids, "vals": {"voted": True}},
                403,
            ),
            (
                self.county_officer,
                "skill.cert.ballot",
                "create",
                {"vals_list": [{"motion_id": motion, "token": "x"}]},
                403,
            ),
            (self.county_officer, session, "_seal", {"ids": vote}, 403),
            (self.county_officer, session, "cast", {"ids": vote, "choices": {str(motion): "agree"}}, 403),
            (self.city_officer, session, "action_close", {"ids": vote}, 403),
            (self.member, session, "action_close", {"ids": vote}, 403),
            (self.member, session, "cast", {"ids": vote, "choices": {}}, 422),
            (self.member, session, "cast", {"ids": vote, "choices": {str(motion): "yes"}}, 422),
            (self.member, session, "cast", {"ids": vote, "choices": [[motion, "agree"]]}, 422),
            (self.member, session, "cast", {"ids": vote, "choices": None}, 422),
            (self.member, session, "_mark_voted", {"ids": vote}, 403),
            (self.member, "skill.cert.session.seat", "_mark_voted", {"ids": self.vote.seat_ids.ids}, 403),
        )
        before, counts = [self._facts(record) for record in self._records()], self._counts()
        for user, model, method, arguments, expected in forgeries:
            with self.subTest(user=user.name, model=model, method=method, arguments=arguments):
                status, answer = self._json2(user, model, method, **arguments)
                self.assertEqual(status, expected, answer)
        self.assertEqual([self._facts(record) for record in self._records()], before)
        self.assertEqual(self._counts(), counts)

    def test_a_state_cannot_be_smuggled_in_by_the_context(self):
        forged = {
            "default_state": "certified",
            "default_name": "330302-2099-9",
            "su": True,
            "uid": 1,
            "install_mode": True,
        }
        status, ids = self._json2(
            self.nominator, "skill.cert.application", "create",
            vals_list=[{"nominator_id": self.enterprise.id, "applicant_name": "李示例"}], context=forged,
        )  # fmt: skip
        self.assertEqual(status, 200)
        application = self.env["skill.cert.application"].browse(ids)
        self.assertEqual((application.state, application.name), ("draft", False))
        status, _answer = self._json2(
            self.nominator,
            "skill.cert.application",
            "write",
            ids=self.case.ids,
            vals={"summary": "别的"},
            context=forged,
        )
        self.assertEqual(status, 422)

    def test_no_context_and_no_method_lends_another_right(self):
        """What a client sends as context are wishes; superuser, another user or skipped rules are none of them."""
        companies = self.env["res.company"].search([]).ids
        forged = {
            "su": True, "uid": 1, "sudo": True, "active_test": False, "bypass_search_access": True, "bypass_access": True,
            "install_mode": True, "import_file": True, "module": "base", "mail_notrack": True, "tracking_disable": True,
            "default_nominator_id": self.other_enterprise.id, "allowed_company_ids": companies, "debug": True,
        }  # fmt: skip
        ids, model = self.case.ids, "skill.cert.application"
        for user in (self.other_nominator, self.other_officer, self.manager, self.plain_user, self.member):
            with self.subTest(user=user.name):
                status, answer = self._json2(user, model, "read", ids=ids, fields=["applicant_name"], context=forged)
                self.assertEqual(status, 403, answer)
                self.assertNotIn("张示例", str(answer))
                domain = [["id", "in", ids]]
                status, answer = self._json2(user, model, "search", domain=domain, context=forged)
                self.assertTrue(status == 403 or answer == [], answer)
            for method, arguments in (
                ("sudo", {}), ("with_env", {"env": 1}), ("with_context", {"su": True}),
                ("_read_format", {"fnames": ["id_number"]}), ("_search", {"domain": []}), ("fetch", {"field_names": ["name"]}),
                ("browse", {}), ("filtered_domain", {"domain": [["id_number", "=like", "3303%"]]}), ("mapped", {"func": "name"}),
            ):  # fmt: skip
                with self.subTest(user=user.name, method=method):
                    status, answer = self._json2(user, model, method, ids=ids, **arguments)
                    self.assertNotIn("张示例", str(answer))
                    self.assertNotIn(self.case.sudo().id_number, str(answer))
                    self.assertTrue(status in (403, 404, 422) or answer in (ids, [], None), (status, answer))

    def test_an_import_over_the_wire_changes_nothing(self):
        before = self._facts(self.case)
        for user in (self.nominator, self.county_officer):
            for names, row in (
                ([".id", "state"], [self.case.id, "certified"]),
                ([".id", "summary"], [self.case.id, "别的"]),
            ):
                status, answer = self._json2(
                    user, "skill.cert.application", "load", fields=names, data=[[str(value) for value in row]]
                )
                self.assertTrue(status != 200 or not answer["ids"], answer)
        self.assertEqual(self._facts(self.case), before)

    def test_no_forgery_over_jsonrpc(self):
        before, counts = [self._facts(record) for record in self._records()], self._counts()
        application, ids = "skill.cert.application", self.case.ids
        for user, arguments in (
            (self.nominator, (application, "write", ids, {"state": "certified"})),
            (self.nominator, (application, "write", ids, {"id_number": resident_id(sequence=903)})),
            (self.county_officer, (application, "_move", ids, "certified")),
            (self.other_nominator, (application, "read", ids, ["id_number"])),
            (self.other_officer, (application, "action_return", ids, "假的")),
            (
                self.county_officer,
                ("skill.cert.certificate", "create", {"application_id": self.case.id, "number": "1"}),
            ),
            (self.member, ("skill.cert.session", "cast", self.vote.ids, {str(self.vote.motion_ids.id): None})),
            (self.member, ("skill.cert.ballot", "search_count", [])),
        ):
            with self.subTest(user=user.name, call=arguments):
                answer = self._jsonrpc(user, *arguments)
                self.assertIn("error", answer)
                self.assertNotIn("result", answer)
        self.assertEqual([self._facts(record) for record in self._records()], before)
        self.assertEqual(self._counts(), counts)

    def test_a_wrong_key_or_password_opens_nothing(self):
        headers = {"Authorization": "bearer 0123456789", "Content-Type": "application/json"}
        with mute_logger(*QUIET):
            answer = self.url_open("/json/2/skill.cert.application/search", data="{}", headers=headers)
        self.assertEqual(answer.status_code, 401)
        answer = self._jsonrpc(self.county_officer, "skill.cert.application", "search", [], password="wrong")
        self.assertIn("error", answer)

    def test_the_same_person_twice_on_one_sheet_gets_a_sentence_and_submits_nobody(self):
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        twins = self._draft(id_number=resident_id(sequence=903)) | self._draft(id_number=resident_id(sequence=903))
        twins.submission_id = sheet
        self.env.flush_all()
        with mute_logger("odoo.sql_db"):
            status, answer = self._json2(self.nominator, "skill.cert.submission", "action_submit", ids=sheet.ids)
        self.assertEqual(status, 422)
        self.assertIn("already has an application", answer["message"])
        self.assertEqual((set(twins.mapped("state")), sheet.state), ({"draft"}, "draft"))
