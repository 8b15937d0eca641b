"""Personal data after its term, and what is held about one person (PIPL, art. 19, 45 and 47)."""

import base64
import json
import zipfile
from datetime import timedelta
from io import BytesIO

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, html2plaintext

from .. import clock, formats
from .settings import retention_years

# What is decided about a case has to be decided before its data may go.
UNDECIDED = ("submitted", "accepted", "assessment", "qualified", "recommended", "review", "passed")
BATCH = 100
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
            ),
            GONE,
        ),
        "birth_date": SQL("date_trunc('year', birth_date)::date"),
        "reason": _starred("reason"),
    },
    "skill.cert.achievement": {
        **dict.fromkeys(("number", "issuer", "date", "source_id"), GONE),
        "name": STARS,
        "identity": SQL("id::varchar"),
        "refusal_reason": _starred("refusal_reason"),
    },
    "skill.cert.assessment": dict.fromkeys(("opinion", "place", "decline_note"), GONE),
    "skill.cert.conflict": {"note": GONE},
    "skill.cert.motion": {"put_off_reason": _starred("put_off_reason")},
    "skill.cert.objection": {
        **dict.fromkeys(("objector_name", "objector_contact"), GONE),
        "ground": STARS,
        "finding": _starred("finding"),
    },
    # What the public page shows stays: the certificate must be verifiable as long as its holder lives.
    "skill.cert.certificate": {
        **dict.fromkeys(("sex", "birth_date", "education"), GONE),
        "holder_name": SQL("rpad(left(holder_name, 1), length(holder_name), '*')"),
        "revocation_reason": _starred("revocation_reason"),
    },
    "skill.cert.paper": {"page": GONE},
    "skill.cert.submission": dict.fromkeys(("contact_name", "contact_phone"), GONE),
    "skill.cert.session": {"minutes": _starred("minutes")},
}  # fmt: skip
# Lines that are of no use without the person.
DELETED = ("skill.cert.application.history", "skill.cert.application.contribution", "skill.cert.material")
# What an export says about a person: facts of the case, and nobody else's name.
EXPORTED = (
    "skill.cert.application",
    "skill.cert.application.history",
    "skill.cert.application.contribution",
    "skill.cert.achievement",
    "skill.cert.material",
    "skill.cert.certificate",
)
LINKS_EXPORTED = (
    "skill.cert.occupation", "skill.cert.campaign", "skill.cert.bureau", "skill.cert.policy", "skill.cert.achievement.type",
    "skill.cert.application", "skill.cert.submission", "res.partner",
)  # fmt: skip


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
            cases = erasure._cases()
            valid = cases.certificate_ids.filtered(lambda certificate: certificate.state == "valid")
            erasure.preview = erasure.campaign_id and self.env._(
                "%(cases)s applications with %(files)s files: names, ID numbers, phones, photos, texts and kept forms."
                " %(certificates)s certificates in force can still be verified, with masked name and number. Statistics stay.",
                cases=len(cases),
                files=len(erasure._files(cases)),
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
        cases = self.sudo()._cases()
        undecided = cases.filtered(lambda case: case.state in UNDECIDED or case.open_objection_count)
        if undecided:
            raise UserError(self.env._("%(number)s cases are not decided yet.", number=len(undecided)))

    def _cases(self):
        return self.env["skill.cert.application"].search([("campaign_id", "in", self.campaign_id.ids)], order="id")

    # ------------------------------------------------------------------ the second step

    def action_confirm(self):
        """Confirm and begin. For a manager who is not the one that asked; raises AccessError for others."""
        for erasure in self:
            erasure.check_access("read")
            if not self.env.user.has_group("wz_skill_cert.group_manager") or erasure.requested_by_id == self.env.user:
                raise AccessError(self.env._("An erasure is confirmed by a manager who has not requested it."))
            erasure._take_step("running", confirmed_by_id=self.env.uid)
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
        cases = self._cases().filtered(lambda case: not case.erased_on)[:BATCH]
        if cases:
            cases._erase()
            self.done += len(cases)
            return
        self._erase_shared()
        self.write({"state": "done", "done_on": fields.Datetime.now()})
        # As whoever confirmed it: the scheduled action is nobody.
        self.with_user(self.confirmed_by_id).sudo()._trace_done()

    def _trace_done(self):
        self.env["skill.cert.trail"]._record(
            "erasure", self, **{"from": "running", "to": "done"}, applications=self.done
        )

    def _files(self, cases):
        """Return the files of these cases and of the campaign's sheets."""
        sheets = self.env["skill.cert.submission"].search([("campaign_id", "in", self.campaign_id.ids)])
        return cases._files_of_person() | _files_of(sheets) | _files_of(sheets.paper_ids)

    def _erase_shared(self):
        sheets = self.env["skill.cert.submission"].search([("campaign_id", "=", self.campaign_id.id)])
        (_files_of(sheets) | _files_of(sheets.paper_ids)).unlink()
        _blank(sheets)
        _blank(sheets.paper_ids)
        _silence(sheets)
        motions = self._cases().review_ids.motion_ids
        # Minutes and scanned papers name all applicants of a session: they go with the last of them.
        sessions = motions.session_id.filtered(lambda s: all(s.motion_ids.application_id.mapped("erased_on")))
        _blank(sessions)


class Application(models.Model):
    _inherit = "skill.cert.application"

    erased_on = fields.Datetime("Personal data erased on", guarded=True, copy=False, readonly=True)

    def _files_of_person(self):
        parts = (self, self.achievement_ids, self.material_ids, self.paper_ids, self.objection_ids)
        return self.env["ir.attachment"].union(*(_files_of(part) for part in parts))

    def _erase(self):
        """Erase what leads to the persons (PIPL, art. 47). As superuser, for the erasure that a manager has confirmed."""
        self.env.flush_all()
        self._files_of_person().unlink()
        for part in (self, self.certificate_ids, self.review_ids.assessment_ids):
            _silence(part)
        parts = (self.achievement_ids, self.certificate_ids, self.objection_ids, self.conflict_ids, self.paper_ids)
        for part in (self, *parts, self.review_ids.assessment_ids, self.review_ids.motion_ids):
            _blank(part)
        for name in DELETED:
            self.env[name].search([("application_id", "in", self.ids)]).unlink()
        self.env.invalidate_all()
        self.with_context(tracking_disable=True).write({"erased_on": fields.Datetime.now()})

    # ------------------------------------------------------------------ what is held about a person

    def _held_about(self):
        """Return {model: rows} of what is stored about these applications' person; nobody else is named in it."""
        rows = {name: self._rows_of(self._own(name)) for name in EXPORTED}
        decisions = [
            {"purpose": r.purpose, "outcome": r.outcome, "base": r.motion_id.base, "agree": r.motion_id.agree}
            for r in self.review_ids
        ]
        messages = [
            {"date": m.date, "text": html2plaintext(m.body or "")}
            for m in self.message_ids.filtered(lambda m: m.message_type != "user_notification")
        ]
        return {**rows, "decisions": decisions, "messages": messages, "accesses": self._accesses()}

    def _own(self, name):
        if name == self._name:
            return self
        return self.env[name].search([("application_id", "in", self.ids)])

    def _rows_of(self, records):
        names = [name for name, field in records._fields.items() if self._is_exported(field)]
        return records.read(names)

    def _is_exported(self, field):
        # groups=NO_ACCESS and the like do not hold for the superuser who reads here.
        plain = field.store and field.type not in ("binary", "one2many", "many2many", "many2one", "json", "reference")
        link = field.store and field.type == "many2one" and field.comodel_name in LINKS_EXPORTED
        return (plain and not field.name.startswith(("message_", "activity_"))) or link

    def _accesses(self):
        """Return when this person's data was shown, printed or exported; not by whom, who is a person, too."""
        entries = self.env["skill.cert.trail"].search(
            [("model", "=", self._name), ("res_id", "in", self.ids), ("event", "!=", "state")], order="id"
        )
        return [{"time": entry.at, "event": entry.event} for entry in entries]


def _files_of(records):
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
    """Delete what was said about these records, and who followed."""
    if records:
        records.env["mail.message"].search([("model", "=", records._name), ("res_id", "in", records.ids)]).unlink()
        # What is done, too: a task keeps the name of its record.
        tasks = records.env["mail.activity"].with_context(active_test=False)
        tasks.search([("res_model", "=", records._name), ("res_id", "in", records.ids)]).unlink()
        records.env["mail.followers"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        ).unlink()


class Form(models.AbstractModel):
    _inherit = "skill.cert.form"

    @api.model
    def _printable(self, docids):
        """Return the records, or raise UserError where the person's data was erased."""
        records = super()._printable(docids)
        if "erased_on" in records._fields and any(records.mapped("erased_on")):
            raise UserError(self.env._("The personal data of this campaign has been erased after its term."))
        return records


class PersonExport(models.TransientModel):  # pylint: disable=no-wizard-in-models
    """All that is held about one person who asks for it (PIPL, art. 45), as a zip of facts and files."""

    # Beside the erasure, since both say what is held about a person.
    _name = "skill.cert.person.export"
    _description = "Data of a person"

    id_number = fields.Char("ID number", required=True)
    application_count = fields.Integer("Applications", readonly=True)
    content = fields.Binary("File", attachment=True, readonly=True)
    file_name = fields.Char(compute="_compute_file_name")

    def _compute_file_name(self):
        for export in self:
            # Neither name nor number: file names end in histories and logs.
            export.file_name = f"personal-data-{export.id}.zip"

    def action_export(self):
        """Collect the data and download it. For data officers; raises UserError where nothing is held."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("wz_skill_cert.group_data_officer"):
            raise AccessError(self.env._("Only a data officer exports a person's data."))
        number = formats.normalise(self.id_number)
        # sudo: a data officer reads no case; what leaves is one person's own data, and an entry of it stays.
        cases = self.env["skill.cert.application"].sudo().search([("id_number", "=", number)], order="id")
        # sudo: as above, for the ledger of the own enterprise.
        ledger = self.env["hr.employee.achievement"].sudo().search([("employee_id.identification_id", "=", number)])
        if not cases and not ledger:
            raise UserError(self.env._("Nothing is held about a person with this ID number."))
        # sudo: the file is made of the records above.
        self.sudo().write({"content": self._zipped(cases, ledger), "application_count": len(cases)})
        self.env["skill.cert.trail"]._record("person_exported", cases.with_env(self.env))
        self.env["skill.cert.trail"]._record("person_exported", self)
        url = f"/web/content/{self._name}/{self.id}/content/{self.file_name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    @api.model
    def _zipped(self, cases, ledger):
        held = {**cases._held_about(), "hr.employee.achievement": cases._rows_of(ledger)}
        archive = BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr("data.json", json.dumps(held, ensure_ascii=False, indent=1, default=str))
            parts = (cases, cases.achievement_ids, cases.material_ids, cases.paper_ids, ledger)
            for part in parts:
                for file in _files_of(part):
                    bundle.writestr(self._path_of(file), file.raw or b"")
        return base64.b64encode(archive.getvalue())

    @api.model
    def _path_of(self, file):
        kind = file.res_model.rpartition(".")[2]
        return f"files/{kind}-{file.res_id}/{file.id}-{(file.name or '').replace('/', '_')}"

    @api.autovacuum
    def _gc_exports(self):
        # Sooner than Odoo forgets its dialogues: a copy of everything should not lie about.
        limit = fields.Datetime.now() - timedelta(hours=1)
        self.search([("create_date", "<", limit)]).unlink()
