import base64
import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ... import bounded, formats
from ...sheets import sheet_file, sheet_marks, sheet_reader
from ..rules.selections import LEVELS
from .sheet_check import SheetCheck

_logger = logging.getLogger(__name__)


class Cancelled(UserError):
    """Somebody has asked that the step which runs in the background be stopped."""


PENDING = ("checking", "importing")
# A file or a number of rows that a person waits for; what is larger runs in the background.
DIRECT_BYTES, DIRECT_ROWS, DIRECT_SECONDS = 200 * 1024, 1_000, 3
# Of work for the largest file that is taken.
SECONDS = 60
TICK = 200
KEEP_DAYS = 30


class SheetImport(models.Model):
    """One upload of a filled-in 附件2 into a draft sheet: checked as a whole, imported on confirmation, as one."""

    _name = "skill.cert.sheet.import"
    _description = "Imported summary sheet"
    _inherit = ["skill.cert.guarded"]
    _order = "id desc"

    submission_id = fields.Many2one(
        "skill.cert.submission", "Summary sheet", required=True, ondelete="cascade", index=True
    )
    member_id = fields.Many2one(
        "res.partner",
        "Sheet of member",
        ondelete="restrict",
        help="An association's member that filled in the sheet: rows without a unit are its staff, other units are refused.",
    )
    file = fields.Binary("Excel file", attachment=True, groups="wz_skill_cert.group_nominator")
    file_name = fields.Char(limit=255)
    state = fields.Selection(
        [
            ("new", "Uploaded"),
            ("checking", "Being checked"),
            ("checked", "Checked"),
            ("importing", "Being imported"),
            ("done", "Imported"),
            ("refused", "Not readable"),
        ],
        required=True,
        default="new",
        guarded=True,
        copy=False,
        readonly=True,
        index=True,
    )
    user_id = fields.Many2one("res.users", "Started by", guarded=True, copy=False, readonly=True)
    message = fields.Text(guarded=True, copy=False, readonly=True)
    row_ids = fields.One2many("skill.cert.sheet.row", "import_id", "Rows", readonly=True)
    good_row_ids = fields.One2many(
        "skill.cert.sheet.row", "import_id", "Rows without errors", domain=[("is_good", "=", True)], readonly=True
    )
    bad_row_ids = fields.One2many(
        "skill.cert.sheet.row", "import_id", "Rows with errors", domain=[("is_good", "=", False)], readonly=True
    )
    good_count = fields.Integer("Rows to import", guarded=True, copy=False, readonly=True)
    bad_count = fields.Integer("Rows to correct", guarded=True, copy=False, readonly=True)
    new_count = fields.Integer("New drafts", guarded=True, copy=False, readonly=True)
    update_count = fields.Integer("Corrected drafts", guarded=True, copy=False, readonly=True)
    progress_ids = fields.One2many("skill.cert.sheet.progress", "import_id", "Counter", readonly=True)
    progress = fields.Float(compute="_compute_progress", help="Percent of the step that runs now.")

    @api.depends("submission_id.name")
    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = sheet.submission_id.name or self.env._("Excel import")

    @api.depends("progress_ids.done", "progress_ids.total")
    def _compute_progress(self):
        for sheet in self:
            counter = sheet.progress_ids[:1]
            sheet.progress = 100.0 * counter.done / counter.total if counter.total else 0.0

    # ------------------------------------------------------------------ create and write

    @api.model_create_multi
    def create(self, vals_list):
        """Create for the user's own draft sheets. Raises UserError where the file is none that can be read."""
        self._refuse_guarded({name for vals in vals_list for name in vals})
        for vals in vals_list:
            self._check_file(vals.get("file"))
        sheets = super().create(vals_list)
        sheets._check_own_draft()
        sheets._check_member()
        # sudo: nobody writes the counter; it belongs to the upload that the user has just created.
        self.env["skill.cert.sheet.progress"].sudo().create([{"import_id": sheet.id} for sheet in sheets])
        return sheets

    def write(self, vals):
        """Write; what has been checked stays as it was checked."""
        if not self.env.su and {"file", "submission_id", "member_id"} & set(vals):
            if any(sheet.state != "new" for sheet in self):
                raise UserError(self.env._("This file has been checked. Please upload the corrected file anew."))
            if "file" in vals:
                self._check_file(vals["file"])
        result = super().write(vals)
        if {"submission_id", "member_id"} & set(vals):
            self._check_own_draft()
            self._check_member()
        return result

    def _check_own_draft(self):
        self.submission_id.check_access("write")
        self.submission_id._check_draft()

    def _check_member(self):
        for sheet in self.filtered("member_id"):
            # sudo: the members of the association whose sheet it is; the user has just been found to write the sheet.
            if sheet.member_id not in sheet.sudo().submission_id.nominator_id.association_member_ids:
                raise UserError(self.env._("The sheet can only be that of a member of your association."))

    @api.model
    def _check_file(self, data):
        """Refuse what is no workbook, or a harmful one, before it is stored."""
        if not data:
            raise UserError(self.env._("Please choose the Excel file."))
        try:
            content = base64.b64decode(data)
        except ValueError:
            raise UserError(self.env._("This is not an Excel workbook (.xlsx).")) from None
        try:
            sheet_file.check_start(content, self._max_bytes())
            self._bounded("sheet_file:judge", content)
        except bounded.Refused as refusal:
            raise UserError(self._refusal_text(refusal)) from None

    @api.model
    def _bounded(self, function, content, **options):
        """Return what a function of sheets/ makes of a stranger's workbook. Raises ``Refused``."""
        return bounded.run(f"sheets.{function}", content, max_bytes=self._max_bytes(), **options)

    @api.model
    def _people_in(self, content, **options):
        """Return the people of a workbook. Raises ``Refused``."""
        return [sheet_reader.Person(*person) for person in self._bounded("sheet_reader:people_in", content, **options)]

    @api.model
    def _max_bytes(self):
        # sudo: a limit that concerns everyone who uploads, and nothing else of the configuration.
        megabytes = self.env["ir.config_parameter"].sudo().get_param("wz_skill_cert.sheet_import_max_mb", "20")
        return int(float(megabytes) * 2**20)

    @api.model
    def _refusal_text(self, refusal):
        """Return the sentence that says why the file cannot be read."""
        sentences = {
            "too_large": self.env._("The file is larger than %s MB.", self._max_bytes() // 2**20),
            "too_large_inside": self.env._("The file contains far more than a summary sheet and is not opened."),
            "old_format": self.env._(
                "This is an old Excel file (.xls), or it has a password. Please save it as .xlsx without a password."
            ),
            "not_a_workbook": self.env._("This is not an Excel workbook (.xlsx). Please save the sheet as .xlsx."),
            "macros": self.env._("The file contains macros and is not opened. Please save it as .xlsx without macros."),
            "suspicious": self.env._("The file contains what no Excel sheet needs and is not opened."),
            "damaged": self.env._(
                "The file is damaged and cannot be read. Please open and save it in Excel once more."
            ),
            "too_many_rows": self.env._(
                "The sheet has more than %s rows. Please split it into several files.", sheet_file.ROWS
            ),
            "no_table": self.env._("No table was found: the heading must contain 姓名 and 身份证号, as in annex 2."),
            "missing_columns": self.env._("The heading lacks: %s.", refusal.detail),
            "nobody": self.env._("The table is empty: no person was found below the heading."),
            "heavy": self.env._(
                "Reading the file takes too long or too much memory. "
                "Please copy the table into a new workbook, or split it into several files."
            ),
        }
        return sentences[refusal.code]

    # ------------------------------------------------------------------ steps

    def action_check(self):
        """Check all rows of the file, at once or, for a large file, in the background. Changes no application."""
        self.ensure_one()
        self._start("new", "checking", len(base64.b64decode(self.file or b"")) <= DIRECT_BYTES)
        return self._open()

    def action_confirm(self):
        """Import the rows without errors, all or none; the others stay out."""
        self.ensure_one()
        if not self.good_count:
            raise UserError(self.env._("No row is without errors."))
        self._start("checked", "importing", self.good_count <= DIRECT_ROWS)
        return self._open()

    def action_confirm_selected(self):
        """Import the rows without errors of those of these uploads that were checked; the others stay as they are."""
        for sheet in self.filtered(lambda sheet: sheet.state == "checked" and sheet.good_count):
            sheet.action_confirm()

    def action_cancel(self):
        """Stop the check or import that runs in the background; nothing of it is kept.

        Raises UserError where nothing runs, AccessError for who may not write the upload.
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in PENDING:
            raise UserError(self.env._("This step has ended already. Please reload the page."))
        self._count(SQL("cancelled = TRUE"))
        self._cron()._trigger()

    def action_download_marked(self):
        """Download the uploaded file with its bad cells coloured and commented in Chinese."""
        self.ensure_one()
        return self.submission_id._download(f"/skill-cert/sheet-import/{self.id}/marked.xlsx")

    def action_upload_again(self):
        """Open the dialogue for the corrected file."""
        return self.submission_id.action_import_xlsx()

    def action_open_submission(self):
        """Open the sheet into which the rows go."""
        self.ensure_one()
        return self.submission_id._open_form()

    def _open(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "views": [(False, "form")]}

    def _start(self, source, target, at_once):
        self.check_access("write")
        self._check_own_draft()
        self._check_member()
        # Of two clicks, the second waits here or is told.
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        if self.state != source:
            raise UserError(self.env._("This step has been taken already. Please reload the page."))
        # sudo: guarded; the step and the user's right to the sheet have just been checked.
        self.sudo().write({"state": target, "user_id": self.env.uid, "message": False})
        self._count(SQL("done = 0, total = 0, cancelled = FALSE"))
        if not (at_once and self._run(DIRECT_SECONDS)):
            self._cron()._trigger()

    @api.model
    def _cron(self):
        return self.env.ref("wz_skill_cert.cron_sheet_import").sudo()  # sudo: only to wake the job up

    @api.model
    def _run_pending(self):
        """Run the checks and imports that wait, each in one transaction: a restart finds it done or not begun."""
        cron = self.env["ir.cron"]
        pending = self.search([("state", "in", PENDING)], order="id")
        cron._commit_progress(remaining=len(pending))
        for sheet in pending:
            sheet._run_or_report()
            cron._commit_progress(1)

    def _run_or_report(self):
        try:
            # With the rights of who started it, as they are now.
            self.with_user(self.user_id).with_context(lang=self.user_id.lang)._run()
            self.env.flush_all()
        except OperationalError:
            # Somebody else wrote the same rows: the job is still pending and runs again.
            self.env.cr.rollback()
            _logger.info("Sheet import %s: to be tried again", self.id)
            self._cron()._trigger()
        except Exception as error:  # whatever stops it is said to who waits for it
            self.env.cr.rollback()
            self._report(error)

    def _report(self, error):
        if not isinstance(error, UserError):
            _logger.exception("Sheet import %s failed", self.id)
            error = self.env._("An unexpected error stopped the step. Nothing was imported. Please try once more.")
        state = "checked" if self.state == "importing" else "new" if isinstance(error, Cancelled) else "refused"
        self.sudo().write({"state": state, "message": str(error)})  # sudo: guarded; the job's own outcome

    def _run(self, seconds=SECONDS):
        """Do the step; tell whether it has ended. Reading that takes more than ``seconds`` is left to the background."""
        self._tick(0)
        if self.state == "importing":
            self._run_import()
            return True
        return self._run_check(seconds)

    def _tick(self, done, total=0):
        """Say how far the step is. Raises Cancelled where somebody wants it to stop."""
        if self._count(SQL("done = %s, total = %s", done, total)):
            raise Cancelled(self.env._("Cancelled. Nothing was imported."))

    def _count(self, values):
        """Change the counter, visible at once, and tell whether the step is to stop.

        The step itself is one transaction, which nobody sees before its end. The counter is a row of its own because
        two transactions must not write the same one.
        """
        with self.env.registry.cursor() as cursor:
            query = "UPDATE skill_cert_sheet_progress SET %s WHERE import_id = %s RETURNING cancelled"
            cursor.execute(SQL(query, values, self.id))
            return any(cancelled for (cancelled,) in cursor.fetchall())

    # ------------------------------------------------------------------ check

    def _run_check(self, seconds):
        try:
            people = self._read_people(seconds)
        except bounded.Refused as refusal:
            if refusal.code == "heavy" and seconds < SECONDS:
                return False
            self.sudo().write({"state": "refused", "message": self._refusal_text(refusal)})  # sudo: guarded
            return True
        self._check_people(people)
        return True

    def _check_people(self, people):
        check = SheetCheck(self.submission_id, self.member_id)
        rows = []
        for person in people:
            rows.append(self._row_vals(person, *check.check(person.number, person.values)))
            if len(rows) % TICK == 0:
                self._tick(len(people) + len(rows), 2 * len(people))
        good = sum(row["is_good"] for row in rows)
        # sudo: nobody writes rows but this check, of the user's own upload.
        self.env["skill.cert.sheet.row"].sudo().create(rows)
        self.sudo().write({"state": "checked", "good_count": good, "bad_count": len(rows) - good})  # sudo: guarded

    def _read_people(self, seconds):
        # Asked all the time whether somebody wants it to stop.
        people = self._people_in(base64.b64decode(self.file), seconds=seconds, waiting=lambda: self._tick(0))
        self._tick(len(people), 2 * len(people))
        return people

    def _row_vals(self, person, vals, problems, draft):
        problems = {**problems, **person.problems}
        return {
            "import_id": self.id,
            "number": person.number,
            "applicant_name": person.values.get("applicant_name"),
            "id_number_masked": formats.mask(person.values.get("id_number")),
            "occupation_id": vals.get("occupation_id"),
            "occupation_text": person.values.get("occupation"),
            "level": person.values.get("level"),
            "employer_text": person.values.get("employer") or (self.member_id or self.submission_id.nominator_id).name,
            "is_good": not problems,
            "is_update": bool(draft) and not problems,
            "values": person.values,
            "problems": problems,
            "problem_text": "\n".join(sheet_marks.sentence(field, text) for field, text in problems.items()),
        }

    # ------------------------------------------------------------------ import

    def _run_import(self):
        self._check_own_draft()
        self._check_member()
        self._lock_sheet()
        check = SheetCheck(self.submission_id, self.member_id)
        checked = [(row, *check.check(row.number, row.values)) for row in self.good_row_ids]
        if changed := [(row, problems) for row, _vals, problems, _draft in checked if problems]:
            self._put_back(changed)
        else:
            self._enter([(vals, draft) for _row, vals, _problems, draft in checked])

    def _enter(self, people):
        """Make the drafts of ``people``, [(values, draft to correct or None)]."""
        new = [vals for vals, draft in people if not draft]
        corrected = [draft for vals, draft in people if draft and self._correct(draft, vals)]
        if new:
            self._create_drafts(new)
        self._finish(len(new), len(corrected))

    def _lock_sheet(self):
        """Let a second import into the same sheet fail and run again after this one: both look for existing drafts.

        A mere lock would let it go on with what it saw before; only a row that has changed makes it start anew.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE skill_cert_submission SET write_date = write_date WHERE id = %s", self.submission_id.id)
        )

    def _put_back(self, changed):
        """Something has changed since the check: import nothing and show what."""
        for row, problems in changed:
            text = "\n".join(sheet_marks.sentence(field, text) for field, text in problems.items())
            # sudo: rows are written by the check alone, which this is.
            row.sudo().write({"is_good": False, "problems": problems, "problem_text": text})
        message = self.env._("Nothing was imported: since the check, %s rows have become wrong.", len(changed))
        good, bad = self.good_count - len(changed), self.bad_count + len(changed)
        # sudo: guarded; the job's own outcome
        self.sudo().write({"state": "checked", "message": message, "good_count": good, "bad_count": bad})

    def _correct(self, draft, vals):
        """Bring an existing draft up to date with the row and onto the sheet; tell whether anything changed.

        An empty cell changes nothing: the sheet may lack what was entered by hand since.
        """
        vals = {**vals, "submission_id": self.submission_id.id}
        current = {name: draft._fields[name].convert_to_write(draft[name], draft) for name in vals}
        changes = {name: value for name, value in vals.items() if _differs(current[name], value)}
        if changes:
            draft.write(changes)
        return bool(changes)

    def _create_drafts(self, vals_list):
        sheet = self.submission_id
        shared = {
            "submission_id": sheet.id,
            "nominator_id": sheet.nominator_id.id,
            "campaign_id": sheet.campaign_id.id,
        }
        self.env["skill.cert.application"]._create_alike(
            [{**vals, **shared} for vals in vals_list], lambda done: self._tick(done, len(vals_list))
        )

    def _finish(self, new, corrected):
        # sudo: guarded; the job's own outcome
        self.sudo().write({"state": "done", "new_count": new, "update_count": corrected})
        self.submission_id.message_post(
            body=self.env._(
                "Imported from Excel: %(new)s new drafts, %(corrected)s corrected drafts.",
                new=new,
                corrected=corrected,
            )
        )

    # ------------------------------------------------------------------ the marked copy

    def _marked_xlsx(self):
        """Return the uploaded workbook with the bad cells of all rows coloured and commented, as bytes."""
        self.ensure_one()
        self.check_access("read")
        problems = {row.number: row.problems for row in self.bad_row_ids}
        try:
            return self._bounded("sheet_marks:marked", base64.b64decode(self.file), seconds=SECONDS, problems=problems)
        except bounded.Refused as refusal:
            raise UserError(self._refusal_text(refusal)) from None

    @api.autovacuum
    def _gc_old(self):
        """Delete uploads after 30 days: the applications hold what was imported, the files repeat ID numbers."""
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.search([("create_date", "<", limit), ("state", "not in", PENDING)]).unlink()


def _differs(current, value):
    # Amounts have two decimals; dates arrive as text.
    if isinstance(current, float):
        return round(current, 2) != round(value or 0, 2)
    return str(current) != str(value)


class SheetRow(models.Model):
    """A person on an uploaded sheet, apart from the applications until somebody confirms. Written by the check alone."""

    _name = "skill.cert.sheet.row"
    _description = "Row of an imported summary sheet"
    _inherit = ["skill.cert.discreet"]
    _order = "import_id, number, id"

    import_id = fields.Many2one("skill.cert.sheet.import", required=True, ondelete="cascade", index=True)
    number = fields.Integer("Row", help="As Excel counts the rows of the sheet.")
    applicant_name = fields.Char("Applicant")
    id_number_masked = fields.Char("ID number (masked)")
    occupation_id = fields.Many2one("skill.cert.occupation", "Occupation in the catalogue", ondelete="set null")
    occupation_text = fields.Char("Occupation applied for")
    level = fields.Selection(LEVELS, "Level applied for")
    employer_text = fields.Char("Employer")
    is_good = fields.Boolean("Without errors")
    is_update = fields.Boolean("Corrects a draft", help="The unit has a draft for this person, occupation and level.")
    # Full ID and phone numbers, as on the application.
    values = fields.Json("As read", groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer")
    problems = fields.Json("Errors by cell")
    problem_text = fields.Text("To correct", limit=0)


class SheetProgress(models.Model):
    """How far the check or import of an upload is; written beside its transaction."""

    _name = "skill.cert.sheet.progress"
    _description = "Progress of a sheet import"
    _log_access = False

    import_id = fields.Many2one("skill.cert.sheet.import", required=True, ondelete="cascade", index=True)
    done = fields.Integer()
    total = fields.Integer()
    cancelled = fields.Boolean()


class Submission(models.Model):
    _inherit = "skill.cert.submission"

    import_ids = fields.One2many(
        "skill.cert.sheet.import", "submission_id", "Excel imports", groups="wz_skill_cert.group_nominator"
    )
    import_count = fields.Integer(compute="_compute_import_count", groups="wz_skill_cert.group_nominator")

    @api.depends("import_ids")
    def _compute_import_count(self):
        for submission in self:
            submission.import_count = len(submission.import_ids)

    def action_import_xlsx(self):
        """Open the dialogue that takes a filled-in 附件2 for this sheet."""
        self.ensure_one()
        self._check_draft()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import from Excel"),
            "res_model": "skill.cert.sheet.import",
            "views": [(self.env.ref("wz_skill_cert.view_sheet_import_upload").id, "form")],
            "target": "new",
            "context": {"default_submission_id": self.id},
        }

    def action_open_imports(self):
        """Open the uploads for this sheet."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_sheet_import")
        return {**action, "domain": [("submission_id", "in", self.ids)], "context": {}}

    def _open_form(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self.id, "views": [(False, "form")]}
