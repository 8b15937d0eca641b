"""After an erasure nobody finds the person any more: every table and every file of the database is searched."""

import base64
import io
import json
import zipfile

from PIL import Image
from pypdf import PdfReader

from odoo.addons.wz_skill_cert.models.keeping.erasure import MENTIONS
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import pdf, resident_id
from .test_retention import RetentionCase
from .test_sheet_import import SheetCase

NAME, PHONE, WITNESS, OBJECTOR = "欧阳试删", "13955550917", "上官证删", "司徒异删"
NUMBER = resident_id(sequence=917)
CALL = "13955550918"
SECRETS = (NAME, NUMBER, PHONE, WITNESS, OBJECTOR, CALL)
# Where the person is found on purpose, and why: nowhere.
KEPT = set()


def disguises(secret):
    """Return ``secret`` as a text may hold it: plain, escaped by JSON, as bytes in hexadecimal, and in Base64."""
    raw = secret.encode()
    forms = {secret, json.dumps(secret)[1:-1], raw.hex()}
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + raw).decode()
        # Without the characters that also depend on what stands before and behind.
        forms.add(coded[(0, 2, 3)[offset] : len(coded) - 4])
    return forms


def photo():
    """Return the bytes of an invented photo."""
    content = io.BytesIO()
    Image.new("RGB", (413, 579), "lightsteelblue").save(content, "JPEG")
    return content.getvalue()


def texts_in(content, depth=0):
    """Yield what a file says: its bytes, what is packed into it, and the words of its pages."""
    yield content.decode("utf-8", "ignore")
    if depth > 3:
        return
    if zipfile.is_zipfile(io.BytesIO(content)):
        archive = zipfile.ZipFile(io.BytesIO(content))
        for name in archive.namelist():
            yield name
            yield from texts_in(archive.read(name), depth + 1)
    elif content[:5] == b"%PDF-":
        document = PdfReader(io.BytesIO(content))
        yield str(document.metadata)
        yield "".join("".join(page.extract_text() for page in document.pages).split())
        for files in document.attachments.values():
            for file in files:
                yield from texts_in(file, depth + 1)


@tagged("standard", "post_install", "-at_install")
class TestErasedEverywhere(RetentionCase, SheetCase):
    def _prepare(self):
        super()._prepare()
        # As people work: with what is said about each step.
        self.env = self.env(context={**self.env.context, "tracking_disable": False})
        self.second = self._officer(self.county, "county")

    # ------------------------------------------------------------------ a case that leaves traces in every corner

    def _life(self):
        """Return the case of a person from an imported sheet to the certificate, with all that is left on the way."""
        case = self._reported()
        case.action_accept()
        self._qualify(case)
        self._voted_on_paper(case)
        self.case, self.session = case, case.sudo().review_id.session_id
        self.env["skill.cert.objection"].with_user(self.county_officer).create(
            {
                "application_id": case.id, "objector_name": OBJECTOR, "objector_contact": CALL,
                "ground": f"{NAME}的材料不实（虚构）", "evidence_ids": [Command.set(self._secret_file(self.county_officer).ids)],
            }
        ).action_dismiss(f"{NAME}的材料属实（虚构）")  # fmt: skip
        case.action_certify()
        case.sudo().paper_ids._render()
        case.sudo().submission_id.paper_ids._render()
        self._talk()
        self._copies()
        return case

    def _reported(self):
        self.sheet = self._new_sheet(self.nominator, contact_name=WITNESS, contact_phone=CALL)
        self._imported(self._book([self._row(姓名=NAME, 身份证号=NUMBER, 联系电话=PHONE)]))
        draft = self.sheet.application_ids
        vals = self._application_vals()
        draft.write(
            {
                "photo": base64.b64encode(photo()),
                "summary": f"{NAME}爱岗敬业。", "recommendation": f"推荐{NAME}。", "mentoring": f"{NAME}带徒。",
                "career_start": "2005-07-01", "occupation_start": "2006-07-01", "contact_name": NAME, "contact_phone": PHONE,
                "history_ids": [Command.create({"date_start": "2005-07-01", "description": f"{NAME}电工", "witness": WITNESS})],
                "contribution_ids": [
                    Command.create({"date_start": "2010-01-01", "unit": "x", "description": f"{NAME}改造", "witness": WITNESS})
                ],
                "achievement_ids": vals["achievement_ids"],
            }
        )  # fmt: skip
        draft.achievement_ids.write({"name": f"{NAME}奖", "issuer": f"{NAME}会"})
        for material in draft.material_ids.filtered("required"):
            material.attachment_ids = [Command.set(self._secret_file(self.nominator).ids)]
        self.sheet.action_submit()
        return draft.with_user(self.county_officer)

    def _voted_on_paper(self, case):
        session = self._session(case)
        session.voting = "paper"
        session.action_open()
        for officer in (self.county_officer, self.second):
            session.with_user(officer).action_count()
            count = session.sudo().count_ids.filtered(lambda count, officer=officer: count.officer_id == officer)
            count = count.with_user(officer)
            count.line_ids.agree = 7
            count.scan_ids = [Command.link(self._secret_file(officer).id)]
            count.action_complete()
        session.action_close()

    def _secret_file(self, user):
        return self.env["ir.attachment"].with_user(user).create({"name": f"{NAME}.pdf", "raw": self._scan()})

    def _scan(self):
        return pdf(title=f"{NAME} {NUMBER}")

    def _talk(self):
        case, officer = self.case, self.county_officer
        # As the web client sends it, and as any other client may.
        sent = self._secret_file(officer)
        sent.write({"res_model": "mail.compose.message", "res_id": 0})
        loose = self._secret_file(officer)
        case.message_post(body=f"已电话联系{NAME} {PHONE}", attachment_ids=(sent | loose).ids)
        for record in (self.session, case.sudo().review_id.panel_id, case.sudo().submission_id):
            record.message_post(body=f"{NAME}的材料已传阅")
        activity = case.activity_schedule("mail.mail_activity_data_todo", summary=f"联系{NAME}", user_id=officer.id)
        activity.action_feedback(feedback=f"{NAME}已答复")
        self.session.sudo().activity_schedule("mail.mail_activity_data_todo", summary=f"问{NAME}", user_id=officer.id)
        # A digest belongs to no record.
        self.env["mail.mail"].create({"subject": "今日待办", "body_html": f"<p>{NAME}的申请</p>"})
        self.env["skill.cert.conflict"].with_user(officer).create(
            {
                "application_id": case.id,
                "expert_id": self._expert(self.county).id,
                "note": f"与{NAME}是亲属",
            }
        )

    def _copies(self):
        case, officer = self.case, self.county_officer
        job = self.env["skill.cert.print.job"].with_user(officer)._start(case, ["application_form"], "1", "pdf").sudo()
        job.failures = f"{NAME}: x"
        job._store("files", "forms.pdf", self._scan())
        self.env["skill.cert.person.export"].with_user(self.data_officer).create({"id_number": NUMBER}).action_export()
        self.env["ir.filters"].create(
            {"name": NAME, "model_id": case._name, "domain": f"[('applicant_name', '=', '{NAME}')]", "user_ids": []}
        )
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": f"person_{NUMBER}", "model": case._name, "res_id": case.id}
        )

    # ------------------------------------------------------------------ the search

    def _tables_with(self, *secrets):
        """Return {table: number of rows} of those tables of the database, whosever they are, that hold one of ``secrets``."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        terms = sorted({form for secret in secrets for form in disguises(secret)})
        tables = self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'm') AND relnamespace = 'public'::regnamespace"
            )
        )
        found = {}
        for (table,) in tables:
            query = SQL(
                """SELECT count(*) FROM %s AS line
                    WHERE EXISTS (SELECT FROM unnest(%s) term WHERE strpos(line::text, term) > 0)""",
                SQL.identifier(table),
                terms,
            )
            if number := self.env.execute_query(query)[0][0]:
                found[table] = number
        return found

    def _files_with(self, *secrets):
        """Return (model, field) of those files of the database, whosever they are, that say one of ``secrets``."""
        files = self.env["ir.attachment"].sudo().search(["|", ("res_field", "=", False), ("res_field", "!=", False)])
        plain = ("text/css", "application/javascript", "text/javascript", "text/scss")
        return {
            (file.res_model, file.res_field)
            for file in files.filtered(lambda file: file.raw and file.mimetype not in plain)
            if any(secret in text for text in texts_in(file.raw) for secret in secrets)
        }

    def test_no_table_and_no_file_of_the_database_holds_the_person_any_more(self):
        case = self._life()
        before, files = self._tables_with(*SECRETS), self._files_with(*SECRETS)
        for table in (
            "skill_cert_application", "skill_cert_application_history", "skill_cert_application_contribution",
            "skill_cert_achievement", "skill_cert_certificate", "skill_cert_objection", "skill_cert_conflict",
            "skill_cert_session", "skill_cert_submission", "skill_cert_sheet_row", "skill_cert_print_job",
            "skill_cert_person_export", "mail_message", "mail_mail", "mail_activity", "ir_attachment", "ir_filters",
            "ir_model_data",
        ):  # fmt: skip
            with self.subTest(table=table):
                self.assertIn(table, before, "before, the search finds the person there")
        for owner in (
            ("skill.cert.sheet.import", "file"), ("skill.cert.paper", "content"), ("skill.cert.paper.count", False),
            ("skill.cert.material", False), ("skill.cert.objection", False), ("skill.cert.application", False),
            ("skill.cert.print.job", "files"), ("skill.cert.person.export", "content"),
        ):  # fmt: skip
            with self.subTest(owner=owner):
                self.assertIn(owner, files, "before, the search finds the person there")
        names = self.env["ir.attachment"].sudo().search([("res_field", "!=", False)]).filtered(
            lambda file: (file.res_model, file.res_id, file.res_field) == (case._name, case.id, "photo")
        ).mapped("store_fname")  # fmt: skip
        self.assertTrue(names, "the photo is a file, too")
        self._let_years_pass()
        self.assertEqual(self._erased().state, "done")
        self.assertEqual({table: rows for table, rows in self._tables_with(*SECRETS).items() if table not in KEPT}, {})
        self.assertEqual(self._files_with(*SECRETS), set())
        self.assertFalse(self.env["ir.attachment"].sudo().search([("store_fname", "in", names)]))
        self.assertEqual(self.env["skill.cert.invariant.check"].sudo()._find(), {}, "what must always hold still does")

    def test_a_session_with_others_keeps_its_minutes_without_the_name(self):
        case = self._submitted(applicant_name=NAME, id_number=NUMBER)
        case.action_accept()
        later = self.campaign.copy({"name": "2099 later"})
        other = self._submitted(
            applicant_name="王示例", id_number=resident_id(sequence=919), campaign_id=later.id, phone="13800000919"
        )
        other.action_accept()
        self._qualify(case | other)
        session = self._decide(case | other)
        case.action_certify()
        other.message_post(body=f"与{NAME}同一单位")
        self._let_years_pass()
        self._erased()
        session.invalidate_recordset()
        self.assertNotIn(NAME, session.minutes)
        self.assertIn("王示例", session.minutes)
        self.assertEqual(other.applicant_name, "王示例")
        self.assertIn(NAME, "".join(other.message_ids.mapped("body")), "the case of another has a term of its own")

    def test_what_was_uploaded_and_never_saved_goes_after_a_week(self):
        left, young, saved = (self._secret_file(self.nominator) for _number in range(3))
        (left | young | saved).sudo().write({"res_model": "skill.cert.material"})
        draft = self._draft()
        saved.write({"res_id": draft.material_ids[0].id})
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET create_date = create_date - interval '8 days' WHERE id IN %s",
                (left | saved)._ids,
            )
        )
        self.env.invalidate_all()
        self.env["ir.attachment"]._gc_abandoned_uploads()
        self.assertEqual((left | young | saved).exists(), young | saved)

    def test_each_text_in_which_a_person_may_be_mentioned_is_a_column(self):
        for name, columns, _rows in MENTIONS:
            self.assertTrue(all(self.env[name]._fields[column].store for column in columns), name)
