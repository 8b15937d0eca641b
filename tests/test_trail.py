"""Each decision and each access leaves an entry that nobody can change, and a change would show."""

import io
import json
from contextlib import redirect_stdout
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.addons.wz_skill_cert.models.platform.trail import EVENTS, HASHED, entry_hash
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.sql_db import db_connect
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger
from odoo.tools.translate import code_translations

from .common import SkillCertCase, resident_id

PHOTO = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
FORGERY = "odoo.addons.wz_skill_cert.models.platform.guarded"


class TrailCase(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data_officer = cls._user("group_data_officer")
        cls.trail = cls.env["skill.cert.trail"].sudo()

    def _entries(self, event=None, record=None):
        """Return the entries about ``record`` in the order in which they were written."""
        self.env.flush_all()
        self.trail.invalidate_model()
        domain = [("event", "=", event)] if event else []
        if record is not None:
            domain += [("model", "=", record._name), ("res_id", "in", record.ids)]
        return self.trail.search(domain, order="id")

    def _chained(self):
        """Chain within the test's transaction; return the head."""
        head = self.trail._chain_in(self.env.cr)
        self.trail.invalidate_model()
        return head

    def _by_force(self, statement, *values):
        """Change the table as only the database's owner can, past its guard."""
        self.env.cr.execute("SET LOCAL session_replication_role = replica")
        self.env.cr.execute(SQL(statement, *values))
        self.env.cr.execute("SET LOCAL session_replication_role = origin")

    def _undone(self, step):
        """Return what ``step`` returns; its effect on the database is undone."""
        with self.env.cr.savepoint(flush=False) as savepoint:
            result = step()
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return result


@tagged("standard", "post_install", "-at_install")
class TestDecisions(TrailCase):
    def _steps(self, application):
        return [(entry.detail["from"], entry.detail["to"]) for entry in self._entries("state", application)]

    def test_every_step_to_the_certificate_and_its_revocation_leaves_who_and_what(self):
        application = self._qualified()
        committee = self._committee(self.county)
        session = self._session(application, committee)
        session.action_open()
        self._vote(session, 7)
        session.action_close()
        certificate = application.action_certify()
        application.action_revoke("虚假材料（虚构）")
        self.assertEqual(
            self._steps(application),
            [
                ("draft", "submitted"), ("submitted", "accepted"), ("accepted", "assessment"), ("assessment", "qualified"),
                ("qualified", "review"), ("review", "passed"), ("passed", "certified"), ("certified", "revoked"),
            ],
        )  # fmt: skip
        users = [entry.user_id for entry in self._entries("state", application)]
        self.assertEqual(users, [self.nominator] + [self.county_officer] * 7)
        self.assertEqual(self._entries("certificate_issued", certificate).reference, certificate.number)
        self.assertTrue(self._entries("certificate_revoked", certificate))
        self.assertEqual(self._entries("session_closed", session).detail["seal"], session.seal)
        self.assertEqual(self._entries("session_opened", session).detail, {"motions": 1})
        self.assertEqual(len(self._entries("appointed", committee).detail["experts"]), 7)
        verified = self._entries("achievement", application.achievement_ids)
        self.assertEqual(verified.mapped("detail"), [{"verified": "claimed → verified"}])
        assessments = application.sudo().review_ids.assessment_ids
        self.assertEqual(self._entries("assessment", assessments).user_id, assessments.user_id)

    def test_an_entry_says_in_words_what_happened(self):
        application = self._qualified()
        self.env["report.wz_skill_cert.material_list"].with_user(self.county_officer)._printable(application.ids)
        assessments = application.sudo().review_ids.assessment_ids
        for record, event, words in (
            (application, "printed", "Form: List of materials (Annex 3)"),
            (application.achievement_ids, "achievement", "Verification: Claimed → Verified"),
            (assessments, "assessment", "Verdict: Qualified"),
            (application.sudo().review_id.panel_id, "appointed", "Number of experts: 3"),
        ):
            with self.subTest(event=event):
                entry = self._entries(event, record)[:1].with_user(self.data_officer).with_context(lang="en_US")
                self.assertIn(words, entry.detail_text)
                self.assertIn(dict(EVENTS)[event], entry.display_name)

    def test_no_entry_tells_that_a_member_voted(self):
        application = self._qualified()
        session = self._session(application, self._committee(self.county))
        session.action_open()
        before = self._entries()
        self._vote(session, 7)
        self.assertEqual(self._entries(), before)

    def test_no_entry_holds_what_a_person_is_recognised_by(self):
        application = self._qualified()
        application.action_revoke("张示例提供虚假材料")
        application.with_user(self.county_officer).read(["id_number"])
        rows = self.env.execute_query(SQL("SELECT to_jsonb(t)::text FROM skill_cert_trail t"))
        text = json.dumps(rows, ensure_ascii=False)
        for secret in ("张示例", resident_id(), "13800000901", "虚假"):
            self.assertNotIn(secret, text)

    def test_a_refused_forgery_is_kept_although_the_request_is_undone(self):
        """With the refusal's own connection: what it committed is seen from another one."""
        application = self._submitted()
        certificates = self.env["skill.cert.certificate"].with_user(self.county_officer)
        with mute_logger(FORGERY):
            for step in (
                lambda: application.with_user(self.nominator).write({"state": "certified", "summary": "x"}),
                lambda: certificates.create({"number": "1"}),
            ):
                with self.assertRaises(AccessError):
                    step()
        with db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute(
                """SELECT user_id, model, res_id, detail FROM skill_cert_trail
                    WHERE event = 'refused' AND login IN %s ORDER BY id""",
                [(self.nominator.login, self.county_officer.login)],
            )
            rows = cr.fetchall()
        self.assertEqual(
            rows[-2:],
            [
                (self.nominator.id, application._name, application.id, {"fields": ["state"]}),
                (self.county_officer.id, certificates._name, None, {"fields": ["number"]}),
            ],
        )


@tagged("standard", "post_install", "-at_install")
class TestAccesses(TrailCase):
    def _shown_to(self, record, event="number_shown"):
        return self._entries(event, record).user_id

    def test_every_road_on_which_a_full_number_reaches_a_client_leaves_one_entry_a_day(self):
        application = self._submitted()
        own = [("id", "=", application.id)]
        cases = self.env["skill.cert.application"]
        roads = {
            "read": lambda case: case.read(["id_number"]),
            "search_read": lambda case: case.search_read(own, ["id_number"]),
            "web_read": lambda case: case.web_read({"id_number": {}}),
            "web_search_read": lambda case: case.web_search_read(own, {"id_number": {}}),
            "through a sheet": lambda case: case.achievement_ids.web_read(
                {"application_id": {"fields": {"id_number": {}}}}
            ),
        }
        for name, road in roads.items():
            with self.subTest(road=name):
                officer = self._officer(self.county, "county")
                case = cases.with_user(officer).browse(application.id)
                self.assertIn(resident_id(), str(road(case)))
                road(case)
                entry = self._entries("number_shown", application).filtered(lambda e, user=officer: e.user_id == user)
                self.assertEqual(len(entry), 1)
                self.assertEqual(entry.reference, application.name)

    def test_a_form_opened_by_an_officer_shows_the_masked_number_and_leaves_no_entry(self):
        application = self._submitted()
        arch = application.get_view(view_type="form")["arch"]
        self.assertNotIn('name="id_number"', arch)
        self.assertIn('name="action_show_id_number"', arch)
        application.web_read({"id_number_masked": {}, "applicant_name": {}})
        self.assertFalse(self._entries("number_shown", application))
        action = application.action_show_id_number()
        arch = application.get_view(action["views"][0][0], "form")["arch"]
        self.assertIn('name="id_number"', arch)

    def test_a_nominator_types_the_number_of_a_draft_without_a_trace(self):
        draft = self._draft()
        draft.read(["id_number"])
        self.assertFalse(self._entries("number_shown", draft))
        draft.action_submit()
        draft.read(["id_number"])
        self.assertEqual(self._shown_to(draft), self.nominator)

    def test_an_export_of_a_list_leaves_an_entry_for_each_person(self):
        self.county_officer.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        application = self._submitted()
        application.export_data(["name", "id_number_masked"])
        self.assertFalse(self._entries("exported", application))
        self.assertIn(resident_id(), str(application.export_data(["name", "id_number", "phone"])))
        self.assertEqual(self._entries("exported", application).detail, {"fields": ["id_number", "phone"]})
        self.other_officer.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        self.county.user_ids = [Command.link(self.other_officer.id)]
        material = application.material_ids[:1].with_user(self.other_officer)
        self.assertIn(resident_id(), str(material.export_data(["name", "application_id/id_number"])))
        self.assertIn(self.other_officer, self._shown_to(application, "exported"))

    def test_phone_and_photo_of_a_case_leave_one_entry_a_day_for_each_reader(self):
        application = self._submitted(photo=PHOTO)
        roads = {
            "form": lambda case: case.web_read({"applicant_name": {}, "phone": {}, "photo": {}}),
            "phone": lambda case: case.read(["phone"]),
            "photo": lambda case: case.read(["photo"]),
            "list": lambda case: case.web_search_read([], {"phone": {}}),
            "copy": lambda case: case.copy_data(),
            "linked": lambda case: case.achievement_ids.web_read({"application_id": {"fields": {"phone": {}}}}),
            "export": lambda case: case.export_data(["phone"]),
        }
        for name, road in roads.items():
            with self.subTest(road=name):
                officer = self._officer(self.county, "county")
                officer.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
                road(application.with_user(officer))
                road(application.with_user(officer))
                event = "exported" if name == "export" else "contact_shown"
                entries = self._entries(event, application).filtered(lambda e, user=officer: e.user_id == user)
                self.assertEqual(len(entries), 1)
        before = self._entries("contact_shown", application)
        application.with_user(self.county_officer).web_read({"applicant_name": {}, "id_number_masked": {}})
        self.assertEqual(self._entries("contact_shown", application), before)

    def test_the_files_of_a_case_leave_an_entry_by_an_export_too(self):
        draft = self._draft(photo=PHOTO)
        personal = draft.material_ids.filtered("personal")[:1]
        personal.attachment_ids = [Command.set(self._file(self.nominator, "id.pdf").ids)]
        draft.action_submit()
        paper = draft.sudo().paper_ids[:1]
        paper._render()
        photo = self.env["ir.attachment"].sudo().search([("res_model", "=", draft._name), ("res_field", "=", "photo")])
        photo = photo.filtered(lambda file: file.res_id == draft.id)
        roads = {
            "material": (personal.attachment_ids, ["datas"], "file_opened", personal),
            "through the material": (personal, ["attachment_ids/raw"], "file_opened", personal),
            "paper": (paper, ["content"], "file_opened", paper),
            "through the case": (draft, ["paper_ids/content"], "file_opened", paper),
            "photo": (photo, ["datas"], "contact_shown", draft),
        }
        for name, (record, names, event, traced) in roads.items():
            with self.subTest(road=name):
                officer = self._officer(self.county, "county")
                officer.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
                # As the web client asks where the file is not to be imported again.
                record.with_user(officer).with_context(import_compat=False).export_data(names)
                self.assertIn(officer, self._shown_to(traced, event))

    def test_nobody_finds_a_number_out_by_asking_for_parts_of_it(self):
        application = self._submitted()
        number, phone = resident_id(), "13800000901"
        refused = (
            [("id_number", "=like", number[:6] + "%")], [("id_number", "ilike", "1985")], [("id_number", ">", number[:10])],
            [("id_number", "in", [number, resident_id(sequence=903)])], [("id_number", "!=", number)],
            ["!", ("id_number", "=like", "33%")], [("phone", "=like", "138%")], [("id_number", "not in", [number])],
        )  # fmt: skip
        for user in (self.county_officer, self.city_officer, self.nominator):
            cases = self.env["skill.cert.application"].with_user(user)
            materials = self.env["skill.cert.material"].with_user(user)
            for domain in refused:
                through = [
                    leaf if isinstance(leaf, str) else (f"application_id.{leaf[0]}", *leaf[1:]) for leaf in domain
                ]
                for step in (
                    lambda cases=cases, domain=domain: cases.search_count(domain),
                    lambda cases=cases, domain=domain: cases.name_search("张", domain),
                    lambda cases=cases, domain=domain: cases.formatted_read_group(domain, ["state"], ["__count"]),
                    lambda materials=materials, through=through: materials.search_count(through),
                ):
                    with self.subTest(user=user.name, domain=domain), self.assertRaises(AccessError):
                        step()
            for order in ("id_number", "phone desc"):
                with self.subTest(user=user.name, order=order), self.assertRaises(AccessError):
                    cases.search([], order=order)
        self.assertFalse(self._entries("number_searched", application))
        self.assertEqual(application.search([("id_number", "!=", False), ("id", "=", application.id)]), application)
        self.assertFalse(self._entries("number_searched", application), "whether there is one tells no number")
        self.assertIn(application, application.search([("id_number", "=", number), ("phone", "=", phone)]))
        self.assertEqual(self._shown_to(application, "number_searched"), self.county_officer)
        materials = self.env["skill.cert.material"].with_user(self.nominator)
        self.assertTrue(materials.search([("application_id.id_number", "=", number)]))
        self.assertIn(self.nominator, self._shown_to(application, "number_searched"))
        strangers = self.env["skill.cert.application"].with_user(self.other_nominator)
        self.assertFalse(strangers.search([("id_number", "=", number)]))
        self.assertNotIn(self.other_nominator, self._shown_to(application, "number_searched"))

    def test_the_dossier_and_the_certificate_leave_an_entry(self):
        application = self._qualified()
        self._decide(application)
        certificate = application.action_certify()
        self.env["report.wz_skill_cert.dossier"].with_user(self.county_officer)._printable(application.ids)
        forms = [entry.detail["form"] for entry in self._entries("printed", application)]
        self.assertEqual(forms, ["dossier"])
        self.env["report.wz_skill_cert.certificate_paper"].with_user(self.nominator)._get_report_values(certificate.ids)
        entry = self._entries("printed", certificate)
        self.assertEqual((entry.user_id, entry.detail), (self.nominator, {"form": "certificate_paper"}))

    def test_groups_give_no_number_away(self):
        application = self._submitted()
        self.assertEqual(
            application.formatted_read_group([], [], ["id_number:count_distinct"])[0]["id_number:count_distinct"], 1
        )
        for model, groups, aggregates in (
            ("skill.cert.application", ["id_number"], []),
            ("skill.cert.application", ["phone"], []),
            ("skill.cert.application", [], ["id_number:array_agg"]),
            ("skill.cert.application", [], ["id_number:max"]),
            ("skill.cert.material", ["application_id.id_number"], []),
        ):
            with self.subTest(model=model, groups=groups, aggregates=aggregates), self.assertRaises(AccessError):
                self.env[model].with_user(self.county_officer).formatted_read_group([], groups, aggregates)

    def test_printing_a_form_and_downloading_the_sheet_leave_entries(self):
        application = self._submitted()
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        draft = self._draft(id_number=resident_id(sequence=903), applicant_name="李示例")
        sheet.application_ids = [Command.link(draft.id)]
        sheet.action_submit()
        self.assertFalse(self._entries("printed", application), "what the procedure keeps, nobody has printed")
        self.env["report.wz_skill_cert.application_form"].with_user(self.county_officer)._get_report_values(
            application.ids
        )
        sheet.with_user(self.county_officer)._summary_xlsx()
        entry = self._entries("printed", application)
        self.assertEqual((entry.user_id, entry.detail), (self.county_officer, {"form": "application_form"}))
        self.assertEqual(self._entries("printed", sheet).detail, {"form": "submission_summary"})

    def test_a_batch_leaves_an_entry_for_each_form(self):
        application = self._submitted()
        self.env["skill.cert.print.job"].with_user(self.county_officer)._start(
            application, ["application_form", "material_list"], "1", "pdf"
        )
        forms = [entry.detail["form"] for entry in self._entries("printed", application)]
        self.assertEqual(forms, ["application_form", "material_list"])

    def test_the_copy_of_an_identity_card_opened_as_a_file_leaves_an_entry(self):
        draft = self._draft()
        personal = draft.material_ids.filtered("personal")[:1]
        personal.attachment_ids = [Command.set(self._file(self.nominator, "id.pdf").ids)]
        personal.attachment_ids.read(["datas"])
        self.assertFalse(self._entries("file_opened", personal), "a draft is the nominator's own")
        draft.action_submit()
        personal.attachment_ids.with_user(self.county_officer).read(["name"])
        self.assertFalse(self._entries("file_opened", personal))
        personal.attachment_ids.with_user(self.county_officer).read(["datas"])
        self.assertEqual(self._shown_to(personal, "file_opened"), self.county_officer)


@tagged("standard", "post_install", "-at_install")
class TestAppendOnly(TrailCase):
    def test_the_data_officer_reads_all_and_nobody_else_any(self):
        application = self._submitted()
        entry = self._entries("state", application)
        self.assertIn("Draft → Submitted", entry.with_user(self.data_officer).read(["detail_text"])[0]["detail_text"])
        for user in (self.manager, self.county_officer, self.city_officer, self.nominator, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                entry.with_user(user).read(["event"])
        with self.assertRaises(AccessError):
            application.with_user(self.data_officer).read(["applicant_name"])

    def test_nobody_changes_an_entry_through_the_orm(self):
        entry = self._entries("state", self._submitted())
        for records in (entry, entry.with_user(self.data_officer), entry.with_user(self.manager)):
            for step in (
                lambda records=records: records.write({"event": "state"}),
                records.unlink,
                records.copy,
                lambda records=records: records.create({"event": "state"}),
                lambda records=records: records.load(["event"], [["state"]]) and records.create({}),
            ):
                with self.assertRaises(UserError):
                    step()

    def test_no_administrator_writes_deletes_or_makes_an_entry_either(self):
        entry = self._entries("state", self._submitted())
        administrator = self._user()
        administrator.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        self.env["ir.model.access"].create(
            {
                "name": "all", "model_id": self.env["ir.model"]._get_id("skill.cert.trail"),
                "group_id": self.env.ref("base.group_system").id,
                "perm_read": True, "perm_write": True, "perm_create": True, "perm_unlink": True,
            }
        )  # fmt: skip
        own = entry.with_user(administrator)
        vals = {"event": "state", "at": "2001-01-01 00:00:00", "user_id": 1}
        for step in (
            lambda: own.write(vals), own.unlink, lambda: own.create(vals), lambda: own.web_save(vals, {}),
            own.copy, lambda: own.name_create("x"), lambda: own.write({"reference": False}),
        ):  # fmt: skip
            with self.assertRaises(UserError):
                step()
        for method in (
            "_insert",
            "_record",
            "_record_each",
            "_record_access",
            "_record_refusal",
            "_chain",
            "_prune_in",
        ):
            with self.assertRaises(AccessError):
                get_public_method(own, method)

    def test_a_forgery_on_many_records_is_one_entry_that_says_how_many(self):
        case = self._submitted().with_user(self.nominator)
        with patch.object(type(self.trail), "_insert") as written:
            self.trail._record_refusal(case.browse(range(1, 10_001)), {"state"})
        [rows] = written.call_args.args
        self.assertEqual([json.loads(row[4]) for row in rows], [{"fields": ["state"], "records": 10_000}])

    def test_the_database_refuses_a_change_and_keeps_the_clock(self):
        entry = self._entries("state", self._submitted())
        self._chained()
        for statement in (
            "UPDATE skill_cert_trail SET login = 'x' WHERE id = %s",
            "UPDATE skill_cert_trail SET sha256 = NULL, position = NULL WHERE id = %s",
            "DELETE FROM skill_cert_trail WHERE id = %s",
            "TRUNCATE skill_cert_trail -- %s",
        ):
            refused = self.assertRaises(psycopg2.errors.RaiseException)
            with self.subTest(statement=statement), mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint():
                self.env.cr.execute(statement, [entry.id])
        self.env.cr.execute(
            """INSERT INTO skill_cert_trail (at, user_id, login, event, detail, position, sha256)
               VALUES ('2001-01-01', 1, 'x', 'state', '{}', 1, 'x')
               RETURNING abs(extract(epoch FROM at - clock_timestamp() AT TIME ZONE 'UTC')) < 60, position"""
        )
        self.assertEqual(self.env.cr.fetchone(), (True, None))


@tagged("standard", "post_install", "-at_install")
class TestChain(TrailCase):
    def _prepare(self):
        super()._prepare()
        self.application = self._accepted()
        self.head = self._chained()
        self.entries = self._entries("state", self.application)

    def _broken_by(self, statement, *values, expect=None):
        def verdict():
            self._by_force(statement, *values)
            return self.trail._verify(expect)["broken"]

        return self._undone(verdict)

    def test_a_chain_as_it_was_written_is_unbroken(self):
        verdict = self.trail._verify(self.head)
        self.assertFalse(verdict["broken"])
        self.assertEqual((verdict["head"], verdict["unchained"]), (self.head, 0))
        self.assertEqual(self.entries.mapped("position"), sorted(self.entries.mapped("position")))
        self.application.action_return("请补充材料（虚构）")
        self.assertGreater(self.trail._verify()["unchained"], 0, "a new entry waits")
        self._chained()
        verdict = self.trail._verify(self.head)
        self.assertFalse(verdict["broken"])
        self.assertEqual(verdict["unchained"], 0)

    def test_whatever_is_altered_the_first_altered_entry_is_named(self):
        changes = {
            "at": "at = at + interval '1 second'", "user_id": "user_id = user_id + 1", "login": "login = 'x'",
            "event": "event = 'drawn'", "model": "model = 'x'", "res_id": "res_id = res_id + 1",
            "reference": "reference = NULL", "detail": "detail = jsonb_set(detail, '{to}', '\"passed\"')",
        }  # fmt: skip
        self.assertEqual(set(changes), set(HASHED) - {"id"}, "each column is tried")
        first, second = self.entries
        for name, change in changes.items():
            with self.subTest(column=name):
                both = f"UPDATE skill_cert_trail SET {change} WHERE id IN %s"
                broken = self._broken_by(both, (first.id, second.id))
                self.assertEqual((broken["id"], broken["position"]), (first.id, first.position))

    def test_what_is_deleted_shows_in_the_middle_at_the_beginning_and_at_the_end(self):
        first, second = self.entries
        delete = "DELETE FROM skill_cert_trail WHERE "
        self.assertEqual(self._broken_by(delete + "id = %s", first.id)["position"], first.position + 1)
        self.assertTrue(self._broken_by(delete + "position <= %s", first.position), "from the beginning")
        cut = delete + "position >= %s"
        self.assertFalse(self._broken_by(cut, second.position), "the end alone does not show in what is left,")
        self.assertTrue(self._broken_by(cut, second.position, expect=self.head), "but against the head noted before")
        self.assertTrue(self._broken_by(delete + "TRUE", expect=self.head))

    def test_why_the_chain_is_broken_is_said_in_the_reader_s_language(self):
        class Translated:
            def get(self, source, default=None):
                return "译：%s" if "%s" in source else "译"

        self.trail = self.trail.with_context(lang="zh_CN")
        first, second = self.entries
        with patch.object(code_translations, "get_python_translations", lambda module, lang: Translated()):
            reasons = [
                self._broken_by("DELETE FROM skill_cert_trail WHERE id = %s", first.id),
                self._broken_by("UPDATE skill_cert_trail SET login = 'x' WHERE id = %s", first.id),
                self._broken_by("DELETE FROM skill_cert_trail WHERE position <= %s", first.position),
                self._broken_by("DELETE FROM skill_cert_trail WHERE position >= %s", second.position, expect=self.head),
                self.trail._verify((self.head[0], "0" * 64))["broken"],
            ]
        for reason in reasons:
            self.assertTrue(reason["why"].startswith("译"), reason)

    def test_an_entry_that_is_altered_with_its_own_hash_shows_at_the_next_one(self):
        first, second = self.entries
        [entry] = self.trail._page(self.env.cr, SQL("id = %s", first.id), SQL("id"))
        before = self.trail._page(self.env.cr, SQL("position = %s", first.position - 1), SQL("id"))
        forged = entry_hash(before[0]["sha256"] if before else "", first.position, {**entry, "login": "x"})
        statement = "UPDATE skill_cert_trail SET login = 'x', sha256 = %s WHERE id = %s"
        broken = self._broken_by(statement, forged, first.id)
        self.assertEqual(broken and broken["id"], self.trail.search([("position", "=", first.position + 1)]).id)
        self.assertTrue(second)

    def test_an_entry_slipped_in_or_a_chain_computed_anew_shows(self):
        first = self.entries[0]
        moved = "UPDATE skill_cert_trail SET position = position + 1000000 WHERE position > %s"
        self.assertTrue(self._broken_by(moved, first.position))

        def rewritten():
            self._by_force("UPDATE skill_cert_trail SET login = 'x' WHERE id = %s", first.id)
            self._by_force("UPDATE skill_cert_trail SET position = NULL, sha256 = NULL")
            self._chained()
            return self.trail._verify()["broken"], self.trail._verify(self.head)["broken"]

        alone, against_head = self._undone(rewritten)
        self.assertFalse(alone)
        self.assertTrue(against_head)

    def test_only_the_beginning_is_deleted_after_its_term_and_the_rest_is_still_verified(self):
        first, second = self.entries
        old = "UPDATE skill_cert_trail SET at = at - interval '%s months' WHERE position <= %s"
        self._by_force("UPDATE skill_cert_trail SET position = NULL, sha256 = NULL")
        self._by_force(old.replace("position <= %s", "id <= %s").replace("%s months", "61 months"), first.id)
        self._chained()
        self.trail.invalidate_model()
        upto = self.trail.search([("position", "!=", False), ("at", "<", "2020-01-01")])
        self.assertFalse(self.trail._verify()["broken"])
        kept = self._entries().filtered(lambda entry: entry.id > first.id)
        self.trail._prune_in(self.env.cr)
        self.assertFalse(self._entries("state", self.application) & first)
        self.assertEqual(self._entries() & kept, kept)
        self.assertFalse(self.trail._verify()["broken"])
        self.assertFalse(upto.exists())
        self.trail._prune_in(self.env.cr)
        self.assertEqual(len(self._entries("pruned") - kept), 1, "nothing more to delete")
        self.assertTrue(self._broken_by("DELETE FROM skill_cert_trail WHERE id = %s", second.id))

    def test_no_setting_deletes_what_is_younger_than_six_months(self):
        self.env["ir.config_parameter"].sudo().set_param("wz_skill_cert.trail_months", "1")
        self._by_force("UPDATE skill_cert_trail SET position = NULL, sha256 = NULL")
        self._by_force("UPDATE skill_cert_trail SET at = at - interval '5 months' WHERE id <= %s", self.entries[0].id)
        self._chained()
        before = self._entries()
        self.trail._prune_in(self.env.cr)
        self.assertEqual(self._entries(), before)
        with self.assertRaises(UserError):
            self.env["res.config.settings"].create({"skill_cert_trail_months": 5})
        # Nor does the database let it go, whoever says that it was pruned.
        detail = json.dumps({"upto": self.entries[0].position, "sha256": self.entries[0].sha256})
        self.trail._insert([("pruned", None, None, None, detail)])
        self._chained()
        refused = self.assertRaises(psycopg2.errors.RaiseException)
        with mute_logger("odoo.sql_db"), refused, self.env.cr.savepoint():
            self.env.cr.execute("DELETE FROM skill_cert_trail WHERE id = %s", [self.entries[0].id])

    def test_the_command_prints_the_head_and_fails_at_the_first_broken_entry(self):
        def command(expect=None):
            printed = io.StringIO()
            with (
                patch.object(type(self.trail), "_chain", lambda trail: None),
                patch.object(self.env.cr, "rollback", lambda: None),
                redirect_stdout(printed),
                self.assertRaises(SystemExit) as ended,
            ):
                self.trail._command(expect)
            return ended.exception.code, printed.getvalue()

        head = "{}:{}".format(*self.head)
        status, text = command(head)
        self.assertEqual(status, 0)
        self.assertIn(f"head               {head}", text)
        self._by_force("UPDATE skill_cert_trail SET login = 'x' WHERE id = %s", self.entries[0].id)
        status, text = command()
        self.assertEqual(status, 1)
        self.assertIn(f"BROKEN at entry    {self.entries[0].position} (id {self.entries[0].id})", text)


@tagged("standard", "post_install", "-at_install")
class TestConcurrency(TrailCase):
    """With real connections: what is committed here stays in the test database, which cannot forget it."""

    def _connection(self):
        cr = db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(cr.close)
        # Where the chain would let two wait for one another, the test says so and does not hang.
        cr.execute("SET lock_timeout = '5s'")
        cr.commit()
        self.addCleanup(self._reset, cr)
        return cr

    def _reset(self, cr):
        # The connection goes back to the pool.
        cr.rollback()
        cr.execute("RESET lock_timeout")
        cr.commit()

    def _write(self, cr):
        self.trail._insert(
            [("state", "skill.cert.application", None, None, '{"from": "draft", "to": "submitted"}')], cr
        )

    def test_an_entry_committed_late_is_chained_after_the_head_and_nothing_forks(self):
        self.trail._chain()
        late, early = self._connection(), self._connection()
        self._write(late)
        self._write(early)
        early.commit()
        position, _sha = self.trail._chain()
        late.commit()
        self.assertEqual(self.trail._chain()[0], position + 1)
        reader = self._connection()
        reader.execute(
            "SELECT count(*), max(position) - min(position) + 1 FROM skill_cert_trail WHERE position IS NOT NULL"
        )
        number, span = reader.fetchone()
        self.assertEqual(number, span)

    def test_two_that_chain_at_once_do_not_follow_the_same_entry(self):
        self.trail._chain()
        first, second = self._connection(), self._connection()
        for cr in (first, second):
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        self._write(first)
        self.trail._chain_in(first)
        self._write(second)
        before = self.trail._chain_in(second)
        first.commit()
        head = self.trail._chain_in(second)
        self.assertEqual(head[0], before[0] + 2, "the second saw what the first had chained")
        second.commit()

    def test_what_is_undone_leaves_no_gap_in_the_chain(self):
        position, _sha = self.trail._chain()
        undone, done = self._connection(), self._connection()
        self._write(undone)
        undone.rollback()
        self._write(done)
        done.commit()
        self.assertEqual(self.trail._chain()[0], position + 1)
        self.assertFalse(self.trail._verify()["broken"])

    def test_no_two_entries_have_one_place_whoever_chains(self):
        """Without the lock, too: the database itself refuses the second."""
        first, second = self._connection(), self._connection()
        self._write(first)
        first.commit()
        head = self.trail._chain()
        self._write(second)
        refused = self.assertRaises(psycopg2.errors.UniqueViolation)
        with mute_logger("odoo.sql_db"), refused:
            second.execute("SET LOCAL lock_timeout = '2s'")
            second.execute("UPDATE skill_cert_trail SET position = %s, sha256 = 'x' WHERE position IS NULL", [head[0]])
        second.rollback()

    def test_whoever_chains_looks_at_the_database_after_taking_the_lock(self):
        """With one snapshot for all, taken with the lock, what another has chained in between would be unseen."""

        def level(_trail, cr):
            cr.execute("SHOW transaction_isolation")
            return cr.fetchone()[0]

        with patch.object(type(self.trail), "_chain_in", level):
            self.assertEqual(self.trail._chain(), "read committed")

    def test_decisions_do_not_wait_for_the_chain(self):
        chaining, deciding = self._connection(), self._connection()
        self._write(chaining)
        self.trail._chain_in(chaining)
        deciding.execute("SET LOCAL lock_timeout = '1s'")
        self._write(deciding)
        deciding.commit()
        chaining.rollback()


@tagged("standard", "post_install", "-at_install")
class TestOverTheWire(TrailCase, HttpCase):
    def test_a_number_fetched_by_the_web_client_leaves_an_entry(self):
        application = self._submitted()
        self.county_officer.password = self.county_officer.login
        self.authenticate(self.county_officer.login, self.county_officer.login)
        rows = self.make_jsonrpc_request(
            "/web/dataset/call_kw/skill.cert.application/web_read",
            {
                "model": "skill.cert.application",
                "method": "web_read",
                "args": [application.ids],
                "kwargs": {"specification": {"id_number": {}}},
            },
        )
        self.assertEqual(rows[0]["id_number"], resident_id())
        self.assertEqual(self._entries("number_shown", application).user_id, self.county_officer)

    def test_what_is_fetched_over_json2_leaves_entries_and_parts_of_numbers_are_refused(self):
        application = self._submitted()
        expiry = fields.Datetime.now() + timedelta(days=1)
        keys = self.env["res.users.apikeys"].with_user(self.county_officer).sudo()
        headers = {
            "Authorization": f"bearer {keys._generate(None, 'test', expiry)}",
            "Content-Type": "application/json",
            "X-Odoo-Database": self.env.cr.dbname,
        }

        def ask(method, **arguments):
            with mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2"):
                url = f"/json/2/skill.cert.application/{method}"
                return self.url_open(url, data=json.dumps(arguments), headers=headers)

        answer = ask("read", ids=application.ids, fields=["id_number", "phone"])
        self.assertEqual(answer.json()[0]["id_number"], resident_id())
        for event in ("number_shown", "contact_shown"):
            self.assertEqual(self._entries(event, application).user_id, self.county_officer, event)
        self.assertEqual(ask("search_count", domain=[["id_number", "=like", "3303%"]]).status_code, 403)
        self.assertEqual(ask("search_count", domain=[["id_number", "=", resident_id()]]).json(), 1)
        self.assertEqual(self._entries("number_searched", application).user_id, self.county_officer)

    def test_a_photo_fetched_as_a_picture_leaves_an_entry(self):
        application = self._submitted(photo=PHOTO)
        self.county_officer.password = self.county_officer.login
        self.authenticate(self.county_officer.login, self.county_officer.login)
        answer = self.url_open(f"/web/image/skill.cert.application/{application.id}/photo")
        self.assertEqual(answer.headers["Content-Type"], "image/png")
        self.assertEqual(self._entries("contact_shown", application).user_id, self.county_officer)

    def test_the_copy_of_an_identity_card_sent_as_a_file_leaves_an_entry(self):
        draft = self._draft()
        personal = draft.material_ids.filtered("personal")[:1]
        personal.attachment_ids = [Command.set(self._file(self.nominator, "id.pdf").ids)]
        draft.action_submit()
        self.county_officer.password = self.county_officer.login
        self.authenticate(self.county_officer.login, self.county_officer.login)
        self.assertEqual(self.url_open(f"/web/content/{personal.attachment_ids.id}").status_code, 200)
        self.assertEqual(self._entries("file_opened", personal).user_id, self.county_officer)
