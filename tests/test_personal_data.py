"""An ID number is masked wherever it is not needed, and a person is told what is held."""

import base64
import io
import json
import zipfile

from odoo.addons.wz_skill_cert import formats
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PROOF, resident_id
from .test_trail import TrailCase

NUMBER, PHONE = resident_id(), "13800000901"


@tagged("standard", "post_install", "-at_install")
class TestMasked(TrailCase):
    def _prepare(self):
        super()._prepare()
        # The world is made without it; here, what is said about each step is what is looked at.
        self.env = self.env(context={**self.env.context, "tracking_disable": False})

    def _decided(self):
        application = self._qualified()
        session = self._session(application, self._committee(self.county))
        session.action_open()
        self._vote(session, 7)
        session.action_close()
        return application, session

    def test_no_list_search_or_board_of_any_model_asks_for_a_number_or_phone_of_an_applicant(self):
        views = self.env["ir.ui.view"].search(
            [("model", "=like", "skill.cert.%"), ("type", "in", ("list", "kanban", "search", "pivot", "graph"))]
        )
        self.assertGreater(len(views), 20)
        for view in views.filtered(lambda view: view.model in self.env):
            model = self.env[view.model]
            if view.model in ("skill.cert.application", "skill.cert.certificate", "skill.cert.submission"):
                with self.subTest(view=view.name):
                    arch = model.get_view(view.id, view.type)["arch"]
                    for name in ("id_number", "phone", "photo"):
                        self.assertNotIn(f'name="{name}"', arch)

    def test_an_expert_on_the_case_receives_masked_numbers_by_no_road_full_ones(self):
        application = self._accepted()
        self._start_assessment(application)
        expert = application.sudo().review_id.assessment_ids[:1].user_id
        case = application.with_user(expert)
        for name in ("id_number", "phone", "photo"):
            for number, road in enumerate(
                (
                    lambda name=name: case.read([name]),
                    lambda name=name: case.web_read({name: {}}),
                    lambda name=name: case.search([(name if name != "photo" else "phone", "=", "x")]),
                    lambda name=name: case.search_read([], [name]),
                    # A picture is no group and no term for anybody.
                    lambda name=name: case.formatted_read_group([], [name if name != "photo" else "phone"], []),
                )
            ):
                with self.subTest(field=name, road=number), self.assertRaises(AccessError):
                    road()
        self.assertEqual(case.read(["id_number_masked"])[0]["id_number_masked"], formats.mask(NUMBER))
        self.assertNotIn(NUMBER, case.get_view(view_type="form")["arch"])

    def test_neither_chatter_nor_mail_nor_activity_nor_file_name_holds_a_number_or_phone(self):
        application, session = self._decided()
        application.action_certify()
        records = (application, session, application.certificate_ids, application.paper_ids)
        self.env.flush_all()
        self.env.cr.precommit.run()
        texts = [str(record.display_name) for record in records for record in record]
        messages = self.env["mail.message"].sudo().search([("model", "=like", "skill.cert.%")])
        self.assertTrue(messages)
        texts += [
            f"{m.subject} {m.body} {m.record_name} {m.tracking_value_ids.mapped('new_value_char')}" for m in messages
        ]
        texts += [f"{mail.subject} {mail.body_html}" for mail in self.env["mail.mail"].sudo().search([])]
        activities = self.env["mail.activity"].sudo().search([("res_model", "=like", "skill.cert.%")])
        texts += [f"{activity.summary} {activity.note} {activity.res_name}" for activity in activities]
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=like", "skill.cert.%"), ("res_field", "in", (False, "content"))])
        )
        texts += attachments.mapped("name") + application.sudo().paper_ids.mapped("file_name")
        for text in texts:
            for secret in (NUMBER, PHONE):
                self.assertNotIn(secret, text or "")

    def test_the_publicity_list_masks_the_number_and_shows_no_phone(self):
        application, _session = self._decided()
        reports = self.env["ir.actions.report"].with_user(self.county_officer)
        html = reports._render_qweb_html("wz_skill_cert.report_publicity_list", application.ids)[0].decode()
        self.assertIn(formats.mask_end(NUMBER), html)
        self.assertNotIn(f"*{NUMBER[-4:]}", html)
        self.assertNotIn(NUMBER, html)
        self.assertNotIn(PHONE, html)

    def test_a_wrong_number_is_not_repeated_in_the_error(self):
        wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
        with self.assertRaises(UserError) as refusal:
            self._draft(id_number=wrong)
        self.assertNotIn(wrong, str(refusal.exception))

    def test_an_onchange_brings_no_number_of_a_linked_application_along(self):
        draft = self._draft()
        draft.action_submit()
        spec = {"application_ids": {"fields": {"id_number": {}, "phone": {}, "applicant_name": {}}}}
        sheets = self.env["skill.cert.submission"].with_user(self.nominator)
        changes = sheets.onchange({"application_ids": [[4, draft.id]]}, ["application_ids"], spec)
        wizards = self.env["skill.cert.reason.wizard"].with_user(self.county_officer)
        opened = wizards.with_context(default_application_ids=draft.ids).onchange({}, [], spec)
        self.assertIn("张示例", str(opened), "the applications themselves come along")
        for text in (str(changes), str(opened)):
            for secret in (NUMBER, PHONE):
                self.assertNotIn(secret, text)


@tagged("standard", "post_install", "-at_install")
class TestPersonExport(TrailCase):
    def _export(self, number, user=None):
        export = self.env["skill.cert.person.export"].with_user(user or self.data_officer).create({"id_number": number})
        action = export.action_export()
        content = export.with_context(bin_size=False).read(["content"])[0]["content"]
        return export, action, zipfile.ZipFile(io.BytesIO(base64.b64decode(content)))

    def test_everything_held_about_one_person_and_nobody_else_is_exported(self):
        application = self._qualified()
        other = self._submitted(id_number=resident_id(sequence=903), applicant_name="李虚构", phone="13800000903")
        expert = application.sudo().review_id.assessment_ids[:1].expert_id
        application.read(["id_number"])
        application.material_ids.filtered("personal").attachment_ids[:1].with_user(self.county_officer).read(["datas"])
        export, action, archive = self._export(f" {NUMBER.lower()} ")
        held = json.loads(archive.read("data.json"))
        text = json.dumps(held, ensure_ascii=False)
        for fact in (NUMBER, "张示例", PHONE, "爱岗敬业。", "同意推荐。", "温州示例电器有限公司（虚构）电工", "工程师"):
            self.assertIn(fact, text)
        for stranger in (other.name, "李虚构", "13800000903", expert.sudo().name):
            self.assertNotIn(stranger, text)
        self.assertEqual({"number_shown", "file_opened"} - {access["event"] for access in held["accesses"]}, set())
        files = [name for name in archive.namelist() if name.startswith("files/")]
        self.assertEqual(len(files), 2 + len(application.sudo().paper_ids.filtered("content")))
        self.assertIn(PROOF, [archive.read(name) for name in files])
        self.assertNotIn(NUMBER, action["url"])
        self.assertEqual(self._entries("person_exported", application).user_id, self.data_officer)
        self.assertFalse(self._entries("person_exported", other))
        self.assertTrue(self._entries("person_exported", export))

    def test_the_ledger_of_the_own_enterprise_is_part_of_what_is_held(self):
        employee = self._employee(identification_id=resident_id(sequence=905))
        employee.achievement_ids = [Command.create(self._achievement_vals(self.env.user, name="示例奖项"))]
        _export, _action, archive = self._export(resident_id(sequence=905))
        self.assertIn("示例奖项", archive.read("data.json").decode())

    def test_only_the_data_officer_exports_and_nobody_reads_the_export_of_another(self):
        self._submitted()
        for user in (self.manager, self.county_officer, self.city_officer, self.nominator, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._export(NUMBER, user)
        export, _action, _archive = self._export(NUMBER)
        for user in (self._user("group_data_officer"), self.manager):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                export.with_user(user).read(["content"])

    def test_nothing_is_said_where_nothing_is_held(self):
        with self.assert_refused("Nothing is held"):
            self._export(resident_id(sequence=907))
