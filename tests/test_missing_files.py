"""A file that is missing or altered is said to be so, by its name, wherever it is asked for, and nothing is printed in its place."""

import base64
import io
import zipfile
from pathlib import Path

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_dossier import A4, DossierCase, pdf_of, picture

OTHER = pdf_of((300, 300))


def lose(file):
    """Let the stored file vanish, as a restore without the filestore does."""
    path = Path(file._full_path(file.store_fname))
    saved = path.read_bytes()
    path.unlink()
    return lambda: path.write_bytes(saved)


def alter(file):
    """Write something else where the file is stored, past Odoo."""
    path = Path(file._full_path(file.store_fname))
    saved = path.read_bytes()
    path.write_bytes(OTHER)
    return lambda: path.write_bytes(saved)


def exchange(file):
    """Write something else through Odoo, as who holds the server may: its own checksum agrees then."""
    file.raw = picture((20, 20)) if file.mimetype.startswith("image") else OTHER
    file.flush_recordset()
    return lambda: None


def delete(file):
    """Delete the record of the file, past the rules."""
    file.env.flush_all()
    file.env.cr.execute("DELETE FROM ir_attachment WHERE id = %s", (file.id,))
    return lambda: None


WAYS = (lose, alter, exchange, delete)


class FaultCase(DossierCase):
    def _prepare(self):
        super()._prepare()
        draft = self._case_draft()
        draft.action_submit()
        self.application = draft.with_user(self.county_officer)
        self.papers = self.application.sudo().paper_ids
        self.papers._render()

    def _case_draft(self):
        draft = self._draft()
        scan = self._attach("scan.pdf", pdf_of(A4))
        draft.material_ids[-1:].attachment_ids = [Command.set(scan.ids)]
        draft.photo = self._picture()
        return draft

    def _picture(self):
        return base64.b64encode(picture((354, 496)))

    def _file_of(self, record, field):
        return self.env["ir.attachment"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("res_field", "=", field)]
        )

    def _broken(self, way, file):
        """Break ``file`` for the rest of the test, or until the function that this returns is called.

        What is on the disk comes back however the test ends: every file of the same content is this one.
        """
        restore = way(file)
        self.addCleanup(restore)
        self.env.invalidate_all()
        return restore

    def _each_way(self, file):
        for way in WAYS:
            with self.subTest(way=way.__name__), self.env.cr.savepoint() as savepoint:
                restore = self._broken(way, file)
                yield way
                restore()
                savepoint.rollback()
                self.env.invalidate_all()

    def _find(self):
        return self.env["skill.cert.invariant.check"].sudo()._find()


@tagged("standard", "post_install", "-at_install")
class TestKeptPapers(FaultCase):
    def test_a_kept_paper_that_is_missing_or_altered_is_named_everywhere_and_not_printed_anew(self):
        for paper in self.papers:
            for _way in self._each_way(self._file_of(paper, "content")):
                self.assertIn(paper.fault, ("missing", "altered"))
                with self.assert_refused(paper.display_name, paper.sha256):
                    self._print(paper.form, self.application)
                with self.assert_refused(paper.display_name):
                    paper.with_user(self.county_officer).action_verify()
                with self.assert_refused(paper.display_name):
                    paper.with_user(self.county_officer).action_open()
                self.assertIn(paper.sha256, self.application.file_faults)
                self.assertEqual(self._find()["papers_kept"]["ids"], paper.ids)
        self.assertFalse(self.application.file_faults)
        self.assertEqual(self._find(), {})

    def test_the_dossier_has_a_page_in_the_place_of_a_kept_paper(self):
        paper = self.papers.filtered(lambda paper: paper.form == "material_list")
        for _way in self._each_way(self._file_of(paper, "content")):
            reader = self._dossier(self.application)
            texts, places = self._texts(reader), self._places(reader)
            page = next(page for title, page in places.items() if "附件3" in title)
            self.assert_holds(texts[page - 1], "未装订文件说明", paper.sha256)
            self.assertNotIn("身份证复印件", texts[page - 1])

    def test_words_that_are_altered_before_they_are_typeset_are_found(self):
        self.application.action_return("补充")
        notice = self.application.sudo().paper_ids.filtered(lambda paper: paper.form == "return_notice")
        self.assertFalse(notice.fault)
        for change in ("page || '改'", "NULL"):
            with self.subTest(change=change), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(f"UPDATE skill_cert_paper SET page = {change} WHERE id = %s", (notice.id,))
                self.env.invalidate_all()
                with self.assert_refused(notice.display_name, notice.words_sha256):
                    self._print("return_notice", self.application)
                self.assertEqual(self._find()["papers_kept"]["ids"], notice.ids)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_fixed_words_are_changed_by_nobody(self):
        self.application.action_return("补充")
        notice = self.application.sudo().paper_ids.filtered(lambda paper: paper.form == "return_notice")
        for values in (
            {"page": "改"},
            {"words_sha256": "0"},
            {"frozen_on": False},
            {"late": True},
            {"form": "certificate"},
        ):
            with self.subTest(values=values), self.assert_refused("never changed"):
                notice.write(values)

    def test_a_batch_names_what_it_could_not_print_and_prints_the_others(self):
        self._broken(lose, self._file_of(self.papers.filtered(lambda p: p.form == "application_form"), "content"))
        jobs = self.env["skill.cert.print.job"].with_user(self.county_officer)
        failures = []
        job = jobs._start(self.application, ["application_form", "material_list"], "1", "pdf")
        sheets = job._sheets(self.application.ids, failures)
        self.assertEqual(len(sheets), 1)
        self.assertIn("SHA-256", failures[0])


@tagged("standard", "post_install", "-at_install")
class TestUploads(FaultCase):
    def _uploads(self):
        case = self.application.sudo()
        files = {"scan.pdf": case.material_ids.attachment_ids.filtered(lambda file: file.name == "scan.pdf")}
        files["proof.pdf"] = case.achievement_ids.evidence_ids
        files["Photo"] = self._file_of(case, "photo")
        return files

    def test_an_upload_that_is_missing_or_altered_is_named_on_the_screen_and_by_the_daily_check(self):
        for name, file in self._uploads().items():
            sha256 = self.application.sudo().submitted_files[str(file.id)]["sha256"]
            for _way in self._each_way(file):
                self.assertIn(name, self.application.file_faults)
                self.assertIn(sha256, self.application.file_faults)
                self.assertEqual(self._find()["submitted_files_kept"]["ids"], self.application.ids)

    def test_files_that_are_there_are_no_fault_on_a_form_which_asks_for_sizes(self):
        self.env.invalidate_all()
        [shown] = self.application.with_context(bin_size=True).web_read({"file_faults": {}})
        self.assertFalse(shown["file_faults"])
        self.application.sudo().with_context(bin_size=True)._note_files()
        self.env.invalidate_all()
        self.assertFalse(self.application.file_faults)
        self.assertEqual(
            self.application.sudo().material_ids.attachment_ids.with_context(bin_size=True)._faulty().ids, []
        )

    def test_the_dossier_has_a_page_for_it_with_its_sha256(self):
        for name, file in self._uploads().items():
            sha256 = self.application.sudo().submitted_files[str(file.id)]["sha256"]
            for _way in self._each_way(file):
                text = "".join(self._texts(self._dossier(self.application)))
                self.assert_holds(text, "未装订文件说明", sha256)
                if name != "Photo":
                    self.assert_holds(text, name)

    def test_the_viewer_names_a_missing_file(self):
        self._broken(lose, self._uploads()["scan.pdf"])
        papers = self.application.evidence()["papers"]
        files = [file for paper in papers for file in paper["files"] if "scan.pdf" in file["name"]]
        self.assertEqual([(file["kind"], "missing" in file["name"]) for file in files], [("other", True)])

    def test_what_is_exchanged_while_the_case_is_open_is_no_fault(self):
        self.application.action_return("补充")
        own = self.application.with_user(self.nominator)
        own.material_ids[-1:].attachment_ids = [Command.set(self._attach("new.pdf", OTHER).ids)]
        self.assertFalse(self.application.file_faults)
        self._settle(self.application).action_submit()
        self.assertFalse(self.application.file_faults)
        names = [row["name"] for row in self.application.sudo().submitted_files.values()]
        self.assertIn("new.pdf", names)
        self.assertNotIn("scan.pdf", names)

    def test_a_scan_that_is_exchanged_is_noted_anew(self):
        own = self.application.with_user(self.nominator)
        for content in (pdf_of(A4), OTHER):
            own.action_upload_scan(base64.b64encode(content))
            self.assertFalse(self.application.file_faults)
        own.action_remove_scan()
        self.assertFalse(self.application.file_faults)

    def test_the_export_of_a_person_names_what_is_missing(self):
        self._broken(lose, self._uploads()["scan.pdf"])
        exports = self.env["skill.cert.person.export"].sudo()
        content = exports._zipped(self.application.sudo(), self.env["hr.employee.achievement"])
        names = zipfile.ZipFile(io.BytesIO(base64.b64decode(content))).namelist()
        self.assertTrue([name for name in names if name.endswith("scan.pdf.missing.txt")])


@tagged("standard", "post_install", "-at_install")
class TestDownload(FaultCase, HttpCase):
    def test_a_missing_file_is_answered_by_its_name_and_by_no_error_of_the_server(self):
        self.county_officer.password = self.county_officer.login
        self.env.flush_all()
        self.authenticate(self.county_officer.login, self.county_officer.login)
        paper = self.papers[0]
        upload = self.application.sudo().material_ids.attachment_ids.filtered(lambda file: file.name == "scan.pdf")
        for file, address, name in (
            (self._file_of(paper, "content"), f"/web/content/skill.cert.paper/{paper.id}/content", paper.sha256),
            (upload, f"/web/content/{upload.id}", "scan.pdf"),
        ):
            self.assertEqual(self.url_open(address).status_code, 200)
            for way in (lose, alter):
                restore = self._broken(way, file)
                with self.subTest(address=address, way=way.__name__), mute_logger("odoo.http"):
                    answer = self.url_open(address)
                    self.assertEqual(answer.status_code, 404)
                    self.assertIn(name, answer.text)
                restore()

    def test_a_report_whose_file_is_missing_says_so(self):
        paper = self.papers.filtered(lambda paper: paper.form == "application_form")
        self._broken(lose, self._file_of(paper, "content"))
        with self.assertRaises(UserError):
            self._print("application_form", self.application)
