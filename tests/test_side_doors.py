"""Roads beside reading and writing: forms, files, printing, conversations, copies, errors. Nothing may come that way."""

import json

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import pdf, resident_id
from .matrix_records import IsolationCase, MatrixCase

NAME = {"fields": {"display_name": {}}}
GUARD = "odoo.addons.wz_skill_cert.models.platform.guarded"


@tagged("standard", "post_install", "-at_install")
class TestForms(IsolationCase):
    """A form that is being filled in computes as superuser and shows names: a forged one must learn nothing."""

    def _prepare(self):
        super()._prepare()
        self.other_enterprise.write({"enterprise_sales": 7654321, "street": "示例秘密路1号"})
        self.foreign = self._submitted(self.other_nominator, id_number=resident_id(sequence=907)).sudo()
        self.env.flush_all()

    def test_a_form_computes_nothing_from_another_unit(self):
        own = self.env["skill.cert.application"].with_user(self.nominator)
        spec = {"employer_name": {}, "employer_address": {}, "employer_sales": {}, "bureau_id": NAME}
        foreign = self.other_enterprise.id
        for name in ("employer_id", "nominator_id"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                own.onchange({name: foreign}, [name], {name: NAME, **spec})
            with self.subTest(default=name), self.assertRaises(AccessError):
                own.with_context(**{f"default_{name}": foreign}).onchange({}, [], {name: NAME, **spec})

    def test_a_form_names_no_record_that_one_may_not_read(self):
        foreign, line = self.foreign, self.foreign.achievement_ids
        expert, officer = self.experts[0].user_id, self.county_officer
        other = self._expert(self.other_county)
        for user, model, field, record in (
            (self.nominator, "skill.cert.achievement", "application_id", foreign),
            (self.nominator, "skill.cert.application", "submission_id", self._foreign_sheet()),
            (self.nominator, "skill.cert.sheet.import", "submission_id", self._foreign_sheet()),
            (expert, "skill.cert.conflict", "application_id", foreign),
            (expert, "skill.cert.conflict", "expert_id", self.experts[1]),
            (expert, "skill.cert.refusal.wizard", "achievement_id", line),
            (officer, "skill.cert.objection", "application_id", foreign),
            (officer, "skill.cert.motion", "application_id", foreign),
            (officer, "skill.cert.panel", "leader_id", other),
            (officer, "skill.cert.panel.member", "expert_id", other),
            (officer, "skill.cert.conflict", "application_id", foreign),
        ):
            with self.subTest(user=user.name, model=model, field=field), self.assertRaises(AccessError):
                self.env[model].with_user(user).onchange({field: record.id}, [field], {field: NAME})

    def _foreign_sheet(self):
        sheets = self.env["skill.cert.submission"].with_user(self.other_nominator)
        return sheets.create({"campaign_id": self.campaign.id, "bureau_id": self.other_county.id})

    def test_a_line_of_a_form_names_no_record_either(self):
        spec = {"achievement_ids": {"fields": {"application_id": NAME, "name": {}}}}
        own = self.env["skill.cert.application"].with_user(self.nominator)
        for command in (
            [Command.CREATE, "virtual_1", {"application_id": self.foreign.id, "name": "示例"}],
            [Command.LINK, self.foreign.achievement_ids.id, False],
            [Command.SET, False, self.foreign.achievement_ids.ids],
        ):
            with self.subTest(command=command), self.assertRaises(AccessError):
                own.onchange({"achievement_ids": [command]}, ["achievement_ids"], spec)
        officer = self.env["skill.cert.print.wizard"].with_user(self.county_officer)
        forged = {"application_ids": [Command.set(self.foreign.ids)]}
        with self.assertRaises(AccessError):
            officer.onchange(forged, ["application_ids"], {"application_ids": NAME})

    def test_a_record_refers_to_nothing_that_its_writer_may_not_read(self):
        draft = self._draft(id_number=resident_id(sequence=903))
        sheet = self._foreign_sheet()
        for values in ({"employer_id": self.other_enterprise.id}, {"submission_id": sheet.id}):
            with self.subTest(values=values), self.assert_refused(error=AccessError) as caught:
                draft.write(values)
            self.assertNotIn(self.other_enterprise.name, str(caught.exception))
            with self.subTest(values=values), self.assert_refused(error=AccessError) as caught:
                draft.create({"nominator_id": self.enterprise.id, "campaign_id": self.campaign.id, **values})
            self.assertNotIn(self.other_enterprise.name, str(caught.exception))

    def test_the_forms_that_one_may_fill_in_still_work(self):
        own = self.env["skill.cert.application"].with_user(self.nominator)
        filled = own.onchange({}, [], {"nominator_id": NAME, "employer_id": NAME, "employer_sales": {}})["value"]
        self.assertEqual(filled["employer_id"]["id"], self.enterprise.id)
        self.assertEqual(filled["employer_sales"], self.enterprise.enterprise_sales)
        draft = self._draft(id_number=resident_id(sequence=903))
        values = {"level": "technician", "nominator_id": self.enterprise.id, "employer_id": self.enterprise.id}
        draft.onchange(values, ["level"], {"level": {}, "is_eligible": {}, "employer_id": NAME})
        invited = self._accepted(id_number=resident_id(sequence=905))
        panel = self._panel(self.county, experts=self.experts)
        self._start_assessment(invited, panel, accept=False)
        conflicts = self.env["skill.cert.conflict"].with_user(self.experts[0].user_id)
        asked = {"application_id": invited.id, "expert_id": self.experts[0].id}
        found = conflicts.onchange(asked, ["application_id"], {"application_id": NAME})
        self.assertIsInstance(found, dict)
        self.assertTrue(conflicts.create(asked))


@tagged("standard", "post_install", "-at_install")
class TestWhatTheProgramWrites(MatrixCase):
    """States, numbers, tallies, hashes, verdicts, and whatever is computed: refused to everybody, and logged."""

    def _procedural(self, model):
        """Return the fields that only the procedure writes: guarded ones, and what is computed and kept."""
        fields = self.env[model]._fields.values()
        ours = [field for field in fields if not field.name.startswith(("message_", "activity_", "my_activity_"))]
        return {
            field.name
            for field in ours
            if getattr(field, "guarded", False) or (field.store and field.compute and field.readonly)
        }

    def test_nobody_writes_them_by_any_cell_and_the_log_says_who_tried(self):
        tried = 0
        for row, (record, _change, _values) in self._records().items():
            if not isinstance(record, self.env.registry["skill.cert.guarded"]):
                continue
            facts = record.sudo().read(load=None)[0]
            for role in ("nominator", "expert", "member", "county", "city", "manager"):
                own = record.with_user(self.users[role])
                if not own.browse().has_access("write"):
                    continue
                for name in self._procedural(record._name):
                    value = facts.get(name, False)
                    with self.subTest(row=row, role=role, field=name):
                        with self.assertLogs(GUARD, "WARNING") as log, self.assertRaises(AccessError):
                            own.write({name: value})
                        self.assertIn(f"User {own.env.uid} tried to write ['{name}'] of {own._name}", log.output[0])
                        tried += 1
        self.assertGreater(tried, 300)

    def test_what_is_computed_is_not_given_at_creation_or_by_a_context(self):
        sheets = self.env["skill.cert.submission"].with_user(self.nominator)
        with self.assertRaises(AccessError), mute_logger(GUARD):
            sheets.create({"campaign_id": self.campaign.id, "city_id": self.other_county.id})
        smuggled = {"default_name": "别的", "default_city_id": self.other_county.id}
        sheet = sheets.with_context(**smuggled).create({"campaign_id": self.campaign.id})
        self.assertEqual(sheet.sudo().city_id, self.city)
        self.assertNotEqual(sheet.name, "别的")

    def test_an_assessment_is_not_handed_to_another_bureau(self):
        case = self._accepted(id_number=resident_id(sequence=909))
        self._start_assessment(case, self.panel)
        own = case.sudo().review_id.assessment_ids.filtered(lambda a: a.expert_id == self.experts[0])
        own = own.with_user(self.experts[0].user_id)
        for values in ({"bureau_id": self.other_county.id}, {"application_id": self.case.id}, {"panel_id": False}):
            with self.subTest(values=values), self.assertRaises(AccessError), mute_logger(GUARD):
                own.write(values)
        self.assertFalse(own.with_user(self.other_officer).has_access("read"))

    def test_a_vote_decides_the_round_of_its_own_applicant(self):
        first, second = self._waiting_for_vote(2)
        session = self._session(first)
        values = {"session_id": session.id, "application_id": second.id, "review_id": first.sudo().review_id.id}
        with self.assertRaises(AccessError), mute_logger(GUARD):
            self.env["skill.cert.motion"].with_user(self.county_officer).create(values)
        with self.assertRaises(AccessError), mute_logger(GUARD):
            session.write({"motion_ids": [Command.create({**values, "session_id": session.id})]})


MARKERS = ("MARKERNAME", "MARKERTEXT", "MARKERNOTE", "MARKERFILE", "MARKERPLACE")
OUTSIDE = ("other nominator", "other expert", "recused", "other county", "manager", "plain", "hr", "portal", "public")
REPORTS = (
    "application_form", "submission_summary", "material_list", "assessment_sheet", "ballot_paper", "session_minutes",
    "publicity_list", "return_notice", "dossier",
)  # fmt: skip


@tagged("standard", "post_install", "-at_install")
class TestRoutes(MatrixCase, HttpCase):
    """A case full of marks, and everybody whom it does not concern on every road of the web client: no mark comes out."""

    takes_long = True

    def _prepare(self):
        super()._prepare()
        marked = pdf(title="MARKERFILE")
        self.marked = self._draft(
            id_number=resident_id(sequence=913), applicant_name="MARKERNAME", summary="MARKERTEXT", job="MARKERPLACE"
        )
        self.file = self.marked.material_ids.attachment_ids[:1]
        self.file.raw = marked
        self.marked.sudo().achievement_ids.evidence_ids.raw = marked
        self.marked.action_submit()
        self.marked = self.marked.with_user(self.county_officer)
        self.marked.action_accept()
        self.env["skill.cert.conflict"].create({"expert_id": self.recused.id, "application_id": self.marked.id})
        self._start_assessment(self.marked, self.panel)
        self.note = self.marked.message_post(body="MARKERNOTE", attachments=[("MARKERFILE.pdf", marked)])
        self.env.flush_all()

    def _login(self, role):
        user = self.users[role]
        self.authenticate(None if role == "public" else user.login, user.login)

    def _pages(self):
        case, files = (
            self.marked.id,
            (self.file | self.note.attachment_ids | self.marked.sudo().achievement_ids.evidence_ids),
        )
        for file in files.ids:
            yield from (f"/web/content/{file}", f"/web/content/{file}?access_token=x", f"/web/image/{file}?download=1")
            yield f"/web/content?model=ir.attachment&id={file}&field=raw"
        for model, record, field in (
            ("skill.cert.application", case, "photo"),
            ("skill.cert.application", case, "summary"),
            ("skill.cert.paper", self.marked.sudo().paper_ids[:1].id, "content"),
        ):
            yield from (f"/web/content/{model}/{record}/{field}", f"/web/image/{model}/{record}/{field}")
        for report in REPORTS:
            yield f"/report/html/wz_skill_cert.{report}/{case}"
            yield f"/report/pdf/wz_skill_cert.{report}/{case}"
        yield f"/mail/view?model=skill.cert.application&res_id={case}"
        yield f"/skill-cert/submission/{self.sheet.id}/summary.xlsx"

    def _calls(self):
        """Yield (address, parameters) of the web client's own calls."""
        case, ids = self.marked.id, self.marked.ids
        thread = {"thread_model": "skill.cert.application", "thread_id": case}
        yield "/mail/thread/messages", {**thread, "fetch_params": {}}
        yield "/mail/thread/recipients", {**thread, "message_id": self.note.id}
        yield "/mail/thread/subscribe", {"res_model": thread["thread_model"], "res_id": case, "partner_ids": []}
        requested = ["messages", "attachments", "followers", "activities", "suggestedRecipients"]
        yield "/mail/data", {"fetch_params": [["mail.thread", {**thread, "request_list": requested}]]}
        yield "/mail/message/post", {**thread, "post_data": {"body": "示例", "message_type": "comment"}}
        yield "/mail/message/update_content", {"message_id": self.note.id, "update_data": {"body": "示例"}}
        yield "/mail/message/reaction", {"message_id": self.note.id, "content": "👍", "action": "add"}
        yield "/mail/read_subscription_data", {"follower_id": 1}
        fields = ["applicant_name", "summary", "job"]
        spec = {name: {} for name in fields}
        domain = [["id", "in", ids]]
        model_id = self.env["ir.model"]._get_id("skill.cert.application")
        for model, method, args, options in (
            ("skill.cert.application", "web_search_read", [domain, spec], {}),
            ("skill.cert.application", "web_read", [ids, spec], {}),
            ("skill.cert.application", "read", [ids, fields], {}),
            ("skill.cert.application", "search_read", [[["applicant_name", "=", "MARKERNAME"]], fields], {}),
            ("skill.cert.application", "name_search", ["MARKER"], {}),
            ("skill.cert.application", "web_name_search", ["MARKER", {"display_name": {}}], {}),
            ("skill.cert.application", "name_create", ["MARKER"], {}),
            ("skill.cert.application", "export_data", [ids, fields], {}),
            ("skill.cert.application", "formatted_read_group", [domain, ["applicant_name"], ["__count"]], {}),
            ("skill.cert.application", "web_read_group", [domain, ["applicant_name"], ["__count"]], {}),
            (
                "skill.cert.application",
                "read_progress_bar",
                [domain, "applicant_name", {"field": "state", "colors": {}}],
                {},
            ),
            ("skill.cert.application", "search_panel_select_range", ["occupation_id"], {"search_domain": domain}),
            ("skill.cert.application", "search_panel_select_multi_range", ["level"], {"search_domain": domain}),
            ("skill.cert.application", "copy", [ids], {}),
            ("skill.cert.application", "web_save", [ids, {"mentoring": "示例"}, spec], {}),
            ("skill.cert.application", "web_resequence", [ids, spec], {"field_name": "level"}),
            ("skill.cert.application", "get_metadata", [ids], {}),
            ("skill.cert.application", "get_formview_action", [ids], {}),
            ("skill.cert.application", "message_post", [ids], {"body": "示例"}),
            ("skill.cert.application", "message_subscribe", [ids, self.env.user.partner_id.ids], {}),
            ("skill.cert.application", "activity_schedule", [ids, "mail.mail_activity_data_todo"], {}),
            ("skill.cert.application", "sudo", [ids], {}),
            ("skill.cert.application", "with_user", [ids, 1], {}),
            ("skill.cert.application", "with_context", [ids], {"su": True}),
            (
                "skill.cert.achievement",
                "search_read",
                [[["application_id.applicant_name", "=like", "MARKER%"]], []],
                {},
            ),
            ("skill.cert.material", "web_search_read", [[], {"application_id": {"fields": spec}}], {}),
            ("skill.cert.review", "web_search_read", [[], {"application_id": {"fields": spec}}], {}),
            ("res.partner", "search_read", [[["id", "=", self.enterprise.id]], ["message_ids", "activity_ids"]], {}),
            ("mail.message", "search_read", [[["model", "=", "skill.cert.application"]], ["body", "record_name"]], {}),
            ("mail.message", "read", [self.note.ids, ["body", "record_name", "attachment_ids"]], {}),
            ("mail.message", "web_search_read", [[["res_id", "=", case]], {"record_name": {}, "body": {}}], {}),
            ("mail.followers", "search_read", [[["res_model", "=", "skill.cert.application"]], []], {}),
            ("mail.activity", "search_read", [[["res_model", "=", "skill.cert.application"]], []], {}),
            ("mail.activity", "create", [{"res_model_id": model_id, "res_id": case, "summary": "示例"}], {}),
            (
                "mail.message",
                "create",
                [{"model": "skill.cert.application", "res_id": case, "body": "示例", "message_type": "comment"}],
                {},
            ),
            ("mail.followers", "create", [{"res_model": "skill.cert.application", "res_id": case}], {}),
            ("ir.attachment", "create", [{"name": "x", "res_model": "skill.cert.application", "res_id": case}], {}),
            ("mail.compose.message", "create", [{"model": "skill.cert.application", "res_ids": ids}], {}),
            ("mail.tracking.value", "search_read", [[], []], {}),
            ("mail.notification", "search_read", [[], []], {}),
            ("ir.attachment", "search_read", [[["id", "in", self.note.attachment_ids.ids]], ["name", "raw"]], {}),
            ("ir.attachment", "read", [self.file.ids, ["name", "datas", "index_content"]], {}),
            ("ir.attachment", "generate_access_token", [self.file.ids], {}),
            ("ir.attachment", "copy", [self.file.ids], {}),
            ("ir.attachment", "write", [self.file.ids, {"public": True}], {}),
            ("ir.attachment", "search_read", [[["index_content", "ilike", "MARKER"]], ["name", "res_name"]], {}),
            ("skill.cert.print.job", "search_read", [[], []], {}),
            ("skill.cert.paper", "search_read", [[["application_id", "=", case]], ["file_name", "content"]], {}),
            ("skill.cert.objection", "search_read", [[], []], {}),
            ("skill.cert.draw", "search_read", [[], []], {}),
            ("skill.cert.paper.count", "search_read", [[], []], {}),
            ("skill.cert.sheet.row", "search_read", [[], []], {}),
            ("skill.cert.invariant.check", "search_read", [[], []], {}),
        ):
            yield (
                f"/web/dataset/call_kw/{model}/{method}",
                {"model": model, "method": method, "args": args, "kwargs": options},
            )

    def _call(self, address, parameters):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", GUARD):
            return self.url_open(address, json={"jsonrpc": "2.0", "method": "call", "params": parameters})

    def _marks_in(self, content):
        return [mark for mark in MARKERS if mark.encode() in content]

    def test_no_mark_reaches_whom_the_case_does_not_concern(self):
        self.env.flush_all()
        before = self._facts(self.marked), self.file.raw, self.file.public
        counts = self._traces()
        for role in OUTSIDE:
            self._login(role)
            for page in self._pages():
                with self.subTest(role=role, page=page), mute_logger("odoo.http"):
                    answer = self.url_open(page, allow_redirects=False)
                    self.assertLess(answer.status_code, 500)
                    self.assertFalse(self._marks_in(answer.content))
            for address, parameters in self._calls():
                with self.subTest(role=role, address=address, parameters=parameters):
                    answer = self._call(address, parameters)
                    self.assertLess(answer.status_code, 500)
                    # What was asked comes back in the words of some refusals.
                    asked = json.dumps(parameters).encode()
                    self.assertFalse([m for m in self._marks_in(answer.content) if m.encode() not in asked])
        self.env.invalidate_all()
        self.assertEqual((self._facts(self.marked), self.file.raw, self.file.public), before)
        self.assertEqual(self._traces(), counts)

    def _traces(self):
        """Return how much there is on the case: messages, tasks, files, followers."""
        return [
            self.env[model].search_count([(owner, "=", "skill.cert.application"), ("res_id", "=", self.marked.id)])
            for model, owner in (
                ("mail.message", "model"),
                ("mail.activity", "res_model"),
                ("mail.followers", "res_model"),
                ("ir.attachment", "res_model"),
            )
        ]

    def test_the_marks_reach_whom_the_case_concerns(self):
        """Or the roads above would lead nowhere."""
        self._login("county")
        found = {mark for page in self._pages() for mark in self._marks_in(self.url_open(page).content)}
        found |= {
            mark
            for address, arguments in self._calls()
            for mark in self._marks_in(self._call(address, arguments).content)
        }
        self.assertEqual(found, {*MARKERS})

    def test_the_expert_on_the_case_does_not_receive_the_identity_card_nor_writes_in_the_conversation(self):
        self._login("expert")
        counts = self._traces()
        for page in (f"/web/content/{self.file.id}", f"/web/image/{self.file.id}"):
            self.assertFalse(self._marks_in(self.url_open(page).content))
        for address, parameters in self._calls():
            if address.startswith("/mail/") or parameters.get("method") in (
                "message_post",
                "activity_schedule",
                "create",
            ):
                self._call(address, parameters)
        self.env.invalidate_all()
        self.assertEqual(self._traces(), counts)
