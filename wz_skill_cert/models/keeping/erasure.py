"""Personal data after its term (PIPL, art. 19 and 47): what goes, what stays, and who decides it.

What stays, and why:

- what statistics need: level, occupation, county, employer, sex, year of birth, education, kinds of achievement, tallies;
- what the public page of a certificate shows: number, masked name and ID number, occupation, level, dates. What is left
  is signed anew, and says that it was;
- the number of the case, in the audit trail, too, which holds nothing else of a person;
- the scan of paper minutes while others on it are within their term: it goes with the last of them;
- what belongs to somebody else: an employee's record and certifications in the enterprise's own Odoo, the staff and
  experts of the procedure, their talk outside of the records of a case.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ... import clock, formats, workflow
from ..platform.discretion import OURS
from ..platform.settings import retention_years

BATCH = 100
ABANDONED_DAYS = 7
GONE = SQL("NULL")
# Where a text must not be empty, or its absence would say that there was none.
STARS = SQL("'***'")


def _starred(column):
    return SQL("CASE WHEN %(name)s IS NULL OR %(name)s = '' THEN %(name)s ELSE '***' END", name=SQL.identifier(column))


# What becomes of each column with words, days or links that lead to the person. What is not named here is kept for the
# statistics: level, occupation, county, employer, sex, year of birth, education, kinds of achievement, outcome.
ERASED = {
    "skill.cert.application": {
        **dict.fromkeys(
            (
                "applicant_name", "id_number", "id_number_masked", "phone", "summary", "mentoring", "recommendation",
                "contact_name", "contact_phone", "job", "current_occupation", "technical_specialty", "held_level",
                "held_issuer", "held_on", "title_name", "title_date", "career_start", "occupation_start", "employee_id",
                "submitted_files",
            ),
            GONE,
        ),
        "birth_date": SQL("date_trunc('year', birth_date)::date"),
        "reason": _starred("reason"),
    },
    "skill.cert.achievement": {
        **dict.fromkeys(("number", "issuer", "date", "source_id", "checked_content"), GONE),
        "name": STARS,
        "identity": SQL("id::varchar"),
        "refusal_reason": _starred("refusal_reason"),
    },
    "skill.cert.assessment": dict.fromkeys(("opinion", "place", "decline_note"), GONE),
    "skill.cert.conflict": {"note": GONE},
    "skill.cert.review": {"sent_back_reason": _starred("sent_back_reason")},
    "skill.cert.step": {"reason": _starred("reason")},
    "skill.cert.motion": {"put_off_reason": _starred("put_off_reason")},
    "skill.cert.objection": {
        **dict.fromkeys(("objector_name", "objector_contact"), GONE),
        "ground": STARS,
        "finding": _starred("finding"),
    },
    # What the public page shows stays: the certificate must be verifiable as long as its holder lives.
    "skill.cert.certificate": {
        # The signature, too: it was made over what goes, and what is left is signed anew.
        **dict.fromkeys(("sex", "birth_date", "education", "signature"), GONE),
        "holder_name": SQL("rpad(left(holder_name, 1), length(holder_name), '*')"),
        "revocation_reason": _starred("revocation_reason"),
    },
    # One that was never typeset waits for it no longer; of the others the SHA-256 stays.
    "skill.cert.paper": {"page": GONE, "state": SQL("'erased'")},
    "skill.cert.publication.line": {"applicant_name": STARS, "id_number_masked": GONE},
    "skill.cert.submission": dict.fromkeys(("contact_name", "contact_phone"), GONE),
    "skill.cert.session": {"minutes": _starred("minutes")},
}  # fmt: skip
# Lines that are of no use without the person.
DELETED = (
    "skill.cert.application.history",
    "skill.cert.application.contribution",
    "skill.cert.material",
    "skill.cert.submission.problem",
    "skill.cert.correction.line",
    "skill.cert.correction",
    "skill.cert.request.point",
    "skill.cert.request",
)
# Where else a text may name a person: (model, columns, which rows). The case of somebody else is left alone: it may be a
# namesake's, and has a term of its own.
MENTIONS = (
    (
        "mail.message",
        ("subject", "body"),
        SQL(
            """model IS NULL OR model LIKE 'skill.cert.%%'
                             AND model NOT IN ('skill.cert.application', 'skill.cert.certificate')"""
        ),
    ),
    (
        "mail.activity",
        ("summary", "note", "res_name"),
        SQL("res_model LIKE 'skill.cert.%%' AND res_model NOT IN ('skill.cert.application', 'skill.cert.certificate')"),
    ),
    ("ir.filters", ("name", "domain", "context"), SQL("model_id LIKE 'skill.cert.%%'")),
)


class Erasure(models.Model):
    """The erasure of a campaign's personal data after its term: the data officer asks, a manager confirms.

    Statistics stay. What was erased cannot be brought back except from a backup, whose own term the office must mind.
    """

    _name = "skill.cert.erasure"
    _description = "Erasure of personal data"
    _inherit = ["skill.cert.guarded"]
    _order = "id desc"
    _rec_name = "campaign_id"

    campaign_id = fields.Many2one("skill.cert.campaign", required=True, ondelete="restrict", index=True)
    state = fields.Selection(
        [("waiting", "To be confirmed"), ("running", "Being erased"), ("done", "Erased"), ("cancelled", "Cancelled")],
        required=True,
        default="waiting",
        guarded=True,
        copy=False,
        readonly=True,
    )
    requested_by_id = fields.Many2one("res.users", "Erasure requested by", guarded=True, copy=False, readonly=True)
    confirmed_by_id = fields.Many2one("res.users", "Confirmed by", guarded=True, copy=False, readonly=True)
    done_on = fields.Datetime("Erased on", guarded=True, copy=False, readonly=True)
    total = fields.Integer("Applications", guarded=True, copy=False, readonly=True)
    done = fields.Integer("Erased so far", guarded=True, copy=False, readonly=True)
    preview = fields.Text("What will be erased", compute="_compute_preview", compute_sudo=True)

    _one_at_a_time = models.UniqueIndex(
        "(campaign_id) WHERE state IN ('waiting', 'running')", "An erasure of this campaign is already under way."
    )

    @api.depends("campaign_id", "state")
    @api.depends_context("lang")
    def _compute_preview(self):
        for erasure in self:
            applications = erasure._cases()
            valid = applications.certificate_ids.filtered(lambda certificate: certificate.state == "valid")
            erasure.preview = bool(erasure.campaign_id) and self.env._(
                "%(cases)s applications with %(files)s files: names, ID numbers, phones, photos, texts and kept forms."
                " %(certificates)s certificates in force can still be verified, with masked name and number. Statistics stay.",
                cases=len(applications),
                files=len(erasure._files(applications)),
                certificates=len(valid),
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Request an erasure. Raises UserError where the term is not over or a case not decided."""
        erasures = super().create(vals_list)
        for erasure in erasures:
            # sudo: guarded; set here and nowhere else.
            erasure.sudo().write({"requested_by_id": self.env.uid, "total": len(erasure.sudo()._cases())})
            erasure._check_due()
        self.env["skill.cert.trail"]._record("erasure", erasures, to="waiting")
        return erasures

    @api.ondelete(at_uninstall=False)
    def _never_unlink(self):
        raise UserError(self.env._("What was erased, and by whom, stays on record."))

    def _check_due(self):
        """Raise unless the term is over and every case of the campaign decided."""
        campaign, years = self.campaign_id, retention_years(self.env)
        due = campaign.date_close + relativedelta(years=years)
        if clock.today() <= due:
            raise UserError(
                self.env._(
                    "%(campaign)s: personal data is kept until %(day)s, %(years)s years after the close.",
                    campaign=campaign.name,
                    day=due,
                    years=years,
                )
            )
        # sudo: neither data officers nor managers read cases; only a number leaves here.
        applications = self.sudo()._cases()
        # What is decided about a case has to be decided before its data may go.
        undecided = applications.filtered(
            lambda application: workflow.row(application.state).at_bureau or application.open_objection_count
        )
        if undecided:
            raise UserError(self.env._("%(number)s cases are not decided yet.", number=len(undecided)))

    def _cases(self):
        return self.env["skill.cert.application"].search([("campaign_id", "in", self.campaign_id.ids)], order="id")

    # ------------------------------------------------------------------ the second step

    def action_confirm(self):
        """Confirm and begin. For a manager who is not the one that asked; raises AccessError for others."""
        self.check_access("read")
        for erasure in self:
            if not self.env.user.has_group("wz_skill_cert.group_manager") or erasure.requested_by_id == self.env.user:
                raise AccessError(self.env._("An erasure is confirmed by a manager who has not requested it."))
            erasure._take_step("running", confirmed_by_id=self.env.uid)
        if self:
            # sudo: the scheduled action is the addon's own.
            self.env.ref("wz_skill_cert.cron_erasure").sudo()._trigger()

    def action_cancel(self):
        """Cancel what is not confirmed yet."""
        for erasure in self:
            erasure.check_access("read")
            erasure._take_step("cancelled")

    def _take_step(self, state, **vals):
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state != "waiting":
            raise UserError(self.env._("This erasure is no longer waiting."))
        if state == "running":
            self._check_due()
        self.sudo().write({"state": state, **vals})  # sudo: guarded; group and state have just been checked
        self.env["skill.cert.trail"]._record("erasure", self, **{"from": "waiting", "to": state})

    # ------------------------------------------------------------------ the work

    @api.model
    def _run(self):
        """Scheduled: erase batch by batch; a restart goes on where it stopped."""
        cron = self.env["ir.cron"]
        for erasure in self.search([("state", "=", "running")], order="id"):
            while erasure.state == "running":
                erasure._advance()
                if not cron._commit_progress(1, remaining=int(erasure.state == "running")):
                    return

    def _advance(self):
        """Erase one batch; after the last one, what belongs to several cases."""
        left = [("campaign_id", "=", self.campaign_id.id), ("erased_on", "=", False)]
        if applications := self.env["skill.cert.application"].search(left, order="id", limit=BATCH):
            applications._erase()
            self.done += len(applications)
            return
        self._erase_shared()
        self.write({"state": "done", "done_on": fields.Datetime.now()})
        # The files leave the disk with Odoo's next clean-up, which need not wait for the night.
        self.env.ref("base.autovacuum_job")._trigger()
        # As whoever confirmed it: the scheduled action is nobody.
        self.with_user(self.confirmed_by_id).sudo()._trace_done()

    def _trace_done(self):
        self.env["skill.cert.trail"]._record(
            "erasure", self, **{"from": "running", "to": "done"}, applications=self.done
        )

    def _files(self, applications):
        """Return the files of these cases and of the campaign's sheets."""
        sheets = self._sheets()
        return (
            applications._files_of_person()
            | files_of(sheets)
            | files_of(sheets.paper_ids)
            | files_of(sheets.import_ids)
        )

    def _sheets(self):
        return self.env["skill.cert.submission"].search([("campaign_id", "in", self.campaign_id.ids)])

    def _erase_shared(self):
        """Erase the sheets, and of the sessions those whose applicants are all erased now."""
        sheets = self._sheets()
        (files_of(sheets) | files_of(sheets.paper_ids)).unlink()
        _blank(sheets)
        _blank(sheets.paper_ids)
        _silence(sheets)
        # The uploaded workbooks with their rows: they repeat what the applications said.
        sheets.import_ids.unlink()
        sessions = self._cases().review_ids.motion_ids.session_id
        # A session may have had applicants of another campaign, too.
        ended = sessions.filtered(lambda session: all(session.motion_ids.application_id.mapped("erased_on")))
        papers = ended.paper_ids | ended.publication_ids.paper_ids
        (files_of(ended) | files_of(ended.count_ids) | files_of(papers)).unlink()
        _blank(ended)
        _blank(papers)
        _silence(ended)


class Application(models.Model):
    _inherit = "skill.cert.application"

    erased_on = fields.Datetime("Personal data erased on", guarded=True, copy=False, readonly=True)

    def _end_file_links(self, target, before):
        """End the links by which whoever was sent one reads a file of the draft without a login: it is before the bureau now."""
        if not workflow.row(target).open:
            left = self.filtered(lambda application: workflow.row(before[application.id]).open)
            # sudo: the files are no longer the nominator's to change, and of the file only the link does.
            files = left.sudo()._files_of_person().filtered("access_token")
            files.access_token = False

    def _files_of_person(self):
        parts = (
            self,
            self.achievement_ids,
            self.material_ids,
            self._papers_of_case(),
            self.objection_ids,
            self.certificate_ids,
            self.correction_ids,
        )
        return self.env["ir.attachment"].union(*(files_of(part) for part in parts))

    def _erase(self):
        """Erase what leads to the persons (PIPL, art. 47). As superuser, for the erasure that a manager has confirmed."""
        self.env.flush_all()
        self._files_of_person().unlink()
        # While it is still known who they are.
        self._forget_mentions()
        self._forget_copies()
        genuine = self.certificate_ids.filtered("is_unaltered")
        parts = (self.achievement_ids, self.certificate_ids, self.objection_ids, self.conflict_ids)
        parts += (self._papers_of_case(),)
        parts += (
            self.publication_line_ids,
            self.review_ids,
            self.review_ids.assessment_ids,
            self.review_ids.motion_ids,
        )
        for part in (self, *parts):
            _forget_external_ids(part)
            _silence(part)
            _blank(part)
        for name in DELETED:
            self.env[name].search([("application_id", "in", self.ids)]).unlink()
        self.env.invalidate_all()
        genuine._sign_what_is_left()
        self.with_context(tracking_disable=True).write({"erased_on": fields.Datetime.now()})

    def _forget_mentions(self):
        """Delete what names these persons elsewhere: talk at a session or panel, mails of no record, favourites."""
        terms = [
            term
            for application in self
            for term in (application.applicant_name, application.id_number, application.phone)
            if term
        ]
        for name, columns, rows in MENTIONS:
            _unsay(self._mentioning(name, columns, rows, terms))
        # A mail has a text of its own, and goes with its message.
        mails = self._mentioning("mail.mail", ("body_html",), SQL("TRUE"), terms).mail_message_id
        _unsay(mails.filtered(lambda message: (message.model or OURS).startswith(OURS)))
        for application in self.filtered("applicant_name"):
            application._forget_in_minutes()

    def _mentioning(self, name, columns, rows, terms):
        """Return those of ``rows`` of ``name`` whose ``columns`` hold one of ``terms``, archived ones included."""
        found = self.env.execute_query(
            SQL(
                """SELECT id FROM %(table)s
                    WHERE (%(rows)s)
                      AND EXISTS (SELECT FROM unnest(%(terms)s::text[]) term
                                   WHERE strpos(lower(concat_ws(E'\\n', %(columns)s)), lower(term)) > 0)""",
                table=SQL.identifier(self.env[name]._table),
                rows=rows,
                terms=terms,
                columns=SQL(", ").join(map(SQL.identifier, columns)),
            )
        )
        return self.env[name].browse(id_ for (id_,) in found)

    def _forget_in_minutes(self):
        """Take the name out of the minutes, which the others on the agenda may still need."""
        sessions = self.review_ids.motion_ids.session_id
        if sessions:
            self.env.cr.execute(
                SQL(
                    "UPDATE skill_cert_session SET minutes = replace(minutes, %s, '***') WHERE id IN %s",
                    self.applicant_name,
                    sessions._ids,
                )
            )
            sessions.invalidate_recordset(["minutes"])

    def _forget_copies(self):
        """Delete printed forms and exports that wait to be fetched."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM skill_cert_print_job
                    WHERE EXISTS (SELECT FROM jsonb_array_elements_text(queue) case_id WHERE case_id::int = ANY(%s))""",
                self.ids,
            )
        )
        self.env["skill.cert.print.job"].browse(id_ for (id_,) in rows).unlink()
        numbers = set(self.mapped("id_number"))
        exports = self.env["skill.cert.person.export"].search([("id_number", "!=", False)])
        exports.filtered(lambda export: formats.normalise(export.id_number) in numbers).unlink()

    def _erased_defect(self):
        return self.erased_on and self.env._("%s: the personal data has been erased.", self.display_name)


class Certificate(models.Model):
    """What is left of a certificate whose holder's data was erased: what the public page shows, signed anew."""

    _inherit = "skill.cert.certificate"

    def _sign_what_is_left(self):
        """Sign what the erasure has left. Only for those that were unaltered: it must not hide an alteration before it."""
        quiet = self.with_context(tracking_disable=True)
        quiet.write({"erased_on": clock.today()})
        quiet._sign()

    def _check_holder_known(self):
        """Raise where the holder's name is no longer known."""
        # sudo: only whether the name is known.
        if erased := self.filtered(lambda certificate: certificate.sudo().application_id.erased_on):
            raise UserError(
                self.env._(
                    "%s: the holder's data has been erased after its term. The certificate can be verified, but"
                    " neither printed nor replaced.",
                    ", ".join(erased.mapped("number")),
                )
            )


class Attachment(models.Model):
    _inherit = "ir.attachment"

    @api.autovacuum
    def _gc_abandoned_uploads(self):
        """Delete what was uploaded for a record of ours that was then never saved: no erasure would find it."""
        limit = fields.Datetime.now() - timedelta(days=ABANDONED_DAYS)
        left = [("res_model", "=like", f"{OURS}%"), ("res_id", "in", (0, False)), ("create_date", "<", limit)]
        self.sudo().search(left).unlink()  # sudo: whoever uploaded them, they belong to nothing


class Paper(models.Model):
    _inherit = "skill.cert.paper"

    def _check_not_erased(self):
        if any(self._cases().mapped("erased_on")):
            raise UserError(self.env._("The personal data of this campaign has been erased after its term."))


def files_of(records):
    """Return all files of ``records``, those of their fields included."""
    return records.env["ir.attachment"].search(
        # Files of fields are hidden from a search that names no field.
        [
            ("res_model", "=", records._name),
            ("res_id", "in", records.ids),
            "|",
            ("res_field", "=", False),
            ("res_field", "!=", False),
        ]
    )


def _blank(records):
    """Overwrite the columns of ``ERASED``: by SQL, since what they hold is guarded, final and tracked by design."""
    if records:
        columns = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in ERASED[records._name].items()
        )
        records.env.cr.execute(
            SQL("UPDATE %s SET %s WHERE id IN %s", SQL.identifier(records._table), columns, records._ids)
        )
        records.invalidate_recordset()


def _silence(records):
    """Delete what was said about these records, what was to be done, done or not, and who followed."""
    for name, model, id_ in (
        ("mail.message", "model", "res_id"),
        ("mail.activity", "res_model", "res_id"),
        ("mail.followers", "res_model", "res_id"),
    ):
        said = records.env[name].with_context(active_test=False)
        _unsay(said.search([(model, "=", records._name), (id_, "in", records.ids)]))


def _unsay(messages):
    """Delete, and with messages the files that belong to nothing else."""
    if messages._name == "mail.message":
        messages.attachment_ids.filtered(lambda file: not file.res_id).unlink()
    messages.unlink()


def _forget_external_ids(records):
    """Delete what an import called these records: people name rows by ID numbers."""
    records.env["ir.model.data"].search([("model", "=", records._name), ("res_id", "in", records.ids)]).unlink()


class Form(models.AbstractModel):
    _inherit = "skill.cert.form"

    @api.model
    def _check_not_erased(self, applications):
        """Raise UserError where the data of one of these applications, or of a session's applicants, was erased."""
        if "motion_ids" in applications._fields:
            applications = applications.motion_ids.application_id
        if "erased_on" in applications._fields and any(applications.mapped("erased_on")):
            raise UserError(self.env._("The personal data of this campaign has been erased after its term."))
