import base64
import hashlib
import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ... import workflow
from ...workflow import require
from .file_names import FILE_MOMENTS, FILE_NAMES

_logger = logging.getLogger(__name__)

FORMS = [
    ("application_form", "Application form (Annex 1)"),
    ("submission_summary", "Summary sheet (Annex 2)"),
    ("material_list", "List of materials (Annex 3)"),
    ("return_notice", "Notice of return"),
]
MOMENTS = [("submitted", "Submitted"), ("returned", "Returned"), ("decided", "Decided")]
# So many are worded within the step itself, at 3 to 7 ms each; a session that closes with 500 has a
# second for all and leaves them to the scheduled action, which is triggered at once.
AT_ONCE = 10


class Paper(models.Model):
    """A form as it was when it counted: what was submitted, returned or decided. Append-only.

    In two steps, so that a session of 500 closes in a second and a missing font stops nobody's
    submission: the words are fixed as a page (what the engine typesets), within the step itself
    where few are concerned; the page is typeset once, by the scheduled action or for whoever
    prints first. From then on the bytes of that one file are the form.
    """

    _name = "skill.cert.paper"
    _description = "Frozen form"
    _inherit = ["skill.cert.guarded", "skill.cert.attachment.owner"]
    _order = "id desc"

    application_id = fields.Many2one(
        "skill.cert.application", guarded=True, readonly=True, ondelete="restrict", index=True
    )
    submission_id = fields.Many2one(
        "skill.cert.submission",
        "Summary sheet",
        guarded=True,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    form = fields.Selection(FORMS, guarded=True, readonly=True, required=True)
    moment = fields.Selection(MOMENTS, "Step", guarded=True, readonly=True, required=True)
    moment_on = fields.Datetime("Date of the step", guarded=True, readonly=True, required=True)
    frozen_on = fields.Datetime(
        "Content fixed on",
        guarded=True,
        readonly=True,
        help="Later than the step for cases decided before forms were kept: they are fixed when first printed.",
    )
    rendered_on = fields.Datetime("File made on", guarded=True, readonly=True)
    state = fields.Selection(
        [("pending", "Being made"), ("rendered", "Kept")], required=True, default="pending", guarded=True, readonly=True
    )
    # Held only until it is typeset.
    page = fields.Text(guarded=True, readonly=True, groups=fields.NO_ACCESS)
    content = fields.Binary("File", attachment=True, guarded=True, readonly=True)
    file_name = fields.Char(compute="_compute_file_name")
    sha256 = fields.Char("SHA-256", guarded=True, readonly=True, help="Of the file, taken when it was made.")
    # Whose the paper is follows the case; stored, so that each record rule is one simple branch.
    nominator_id = fields.Many2one("res.partner", compute="_compute_parties", store=True, index=True, guarded=True)
    bureau_id = fields.Many2one("skill.cert.bureau", compute="_compute_parties", store=True, index=True, guarded=True)
    city_id = fields.Many2one(
        "skill.cert.bureau", "City bureau", compute="_compute_parties", store=True, index=True, guarded=True
    )

    _of_one_record = models.Constraint(
        "CHECK ((application_id IS NULL) != (submission_id IS NULL))",
        "A paper belongs to an application or to a summary sheet.",
    )
    _rendered_with_hash = models.Constraint(
        "CHECK ((state = 'rendered') = (sha256 IS NOT NULL))", "A paper that is kept has a SHA-256."
    )

    @api.depends("application_id.nominator_id", "application_id.bureau_id", "application_id.city_id")
    @api.depends("submission_id.nominator_id", "submission_id.bureau_id", "submission_id.city_id")
    def _compute_parties(self):
        for paper in self:
            subject = paper._subject()
            paper.nominator_id, paper.bureau_id, paper.city_id = (
                subject.nominator_id,
                subject.bureau_id,
                subject.city_id,
            )

    @api.depends("form", "moment", "application_id.name")
    def _compute_file_name(self):
        # No person's name: file names end in histories and logs.
        for paper in self:
            number = paper.application_id.name or paper.submission_id.id
            paper.file_name = f"{FILE_NAMES.get(paper.form)}-{number}-{FILE_MOMENTS.get(paper.moment)}.pdf"

    @api.depends("form", "application_id", "submission_id")
    def _compute_display_name(self):
        forms = dict(self._fields["form"]._description_selection(self.env))
        for paper in self:
            paper.display_name = f"{forms[paper.form]} · {paper._subject().display_name}"

    def write(self, vals):
        """Write; what is kept never changes, whoever asks."""
        if any(paper.state == "rendered" for paper in self):
            raise UserError(self.env._("A form that was kept is never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _never_unlink(self):
        raise UserError(self.env._("A form that was kept is never deleted."))

    def _check_attachments_open(self):
        raise UserError(self.env._("A form that was kept is never changed."))

    @api.model
    def _accepted_uploads(self, field):
        # Made here and guarded: there is no upload to judge.
        return () if field == "content" else super()._accepted_uploads(field)

    def _subject(self):
        """Return the application or the summary sheet."""
        return self.application_id or self.submission_id

    # ------------------------------------------------------------------ from a step to a file

    @api.model
    def _freeze(self, records, moment, forms, moment_on=None):
        """Keep ``forms`` of ``records`` as they are now. Return the papers."""
        owner = "submission_id" if records._name == "skill.cert.submission" else "application_id"
        papers = self.create(
            [
                {
                    owner: record.id,
                    "form": form,
                    "moment": moment,
                    "moment_on": (moment_on and record[moment_on]) or fields.Datetime.now(),
                }
                for record in records
                for form in forms
            ]
        )
        if len(papers) <= AT_ONCE:
            papers._word()
        if papers:
            self.env.ref("wz_skill_cert.cron_papers")._trigger()
        return papers

    def _word(self):
        """Fix the words of those papers that wait for it."""
        for paper in self.filtered(lambda paper: not paper.frozen_on):
            paper.write({"page": paper._page_of_today(), "frozen_on": fields.Datetime.now()})

    def _page_of_today(self):
        # As superuser and without anybody's context: the paper says the same whoever took the step.
        reports = self.with_env(self.env(user=SUPERUSER_ID, su=True, context={})).env["ir.actions.report"]
        return reports._render_qweb_html(self._report_ref(), self._subject().ids)[0].decode()

    def _report_ref(self):
        return f"wz_skill_cert.report_{self.form}"

    def _render(self):
        """Typeset what is not yet typeset."""
        self._word()
        reports = self.env["ir.actions.report"]
        for paper in self.filtered(lambda paper: paper.state == "pending"):
            pdf = reports._run_wkhtmltopdf([paper.page], report_ref=paper._report_ref())
            paper.write(
                {
                    "state": "rendered",
                    "content": base64.b64encode(pdf),
                    "sha256": hashlib.sha256(pdf).hexdigest(),
                    "rendered_on": fields.Datetime.now(),
                    "page": False,
                }
            )

    def _pdf(self):
        """Return the bytes of the file."""
        self._render()
        return base64.b64decode(self.with_context(bin_size=False).content)

    @api.model
    def _render_pending(self):
        """Scheduled: word all that wait, then typeset them one by one. One that fails stays, and stops no other."""
        cron, pending = self.env["ir.cron"], self.search([("state", "=", "pending")], order="id")
        cron._commit_progress(remaining=len(pending))
        for step in ("_word", "_render"):
            for paper in pending:
                done = paper._attempt(step) and step == "_render"
                if not cron._commit_progress(int(done)):
                    return

    def _attempt(self, step):
        if not (free := self.try_lock_for_update()):
            return False
        try:
            with self.env.cr.savepoint():
                getattr(free, step)()
        except Exception:
            _logger.exception("Paper %s could not be made; it is tried again", self.id)
            return False
        return True

    # ------------------------------------------------------------------ which one is printed

    @api.model
    def _for(self, record, form):
        """Return the paper that is ``form`` of ``record`` today, or none where it is printed live.

        What counted before forms were kept is kept when it is first printed.
        """
        if not (counted := record._counted_at(form)):
            return self.browse()
        owner = "submission_id" if record._name == "skill.cert.submission" else "application_id"
        # Of that step: where an upheld objection has reopened the vote, the result before it is no longer the form.
        kept = [(owner, "=", record.id), ("form", "=", form), ("moment", "=", counted[0])]
        return self.search(kept, order="id desc", limit=1) or self._freeze(record, *counted)

    def action_verify(self):
        """Compute the SHA-256 of the kept file anew and say whether it is still the file that was made.

        Raises UserError where a file differs.
        """
        self.check_access("read")
        for paper in self:
            if hashlib.sha256(paper._pdf_as_kept()).hexdigest() != paper.sha256:
                raise UserError(
                    self.env._("%s has been altered: the file no longer has its SHA-256.", paper.display_name)
                )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Unaltered"),
                "message": self.env._("The file is the one that was made; its SHA-256 agrees."),
            },
        }

    def _pdf_as_kept(self):
        require(self, "read")
        if any(paper.state != "rendered" for paper in self):
            raise UserError(self.env._("%s is still being made. Please try again in a minute.", self.display_name))
        return base64.b64decode(self.with_context(bin_size=False).content or b"")


class Application(models.Model):
    """Each step that counts keeps its forms, in the transaction of the step itself."""

    _inherit = "skill.cert.application"

    paper_ids = fields.One2many(
        "skill.cert.paper",
        "application_id",
        "Kept forms",
        copy=False,
        readonly=True,
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )

    def _word_pending_forms(self, target):
        """What is still to be worded is worded before the case changes."""
        # sudo: papers are written by the procedure alone; party and guard are checked by the step itself.
        papers = self.env["skill.cert.paper"].sudo()
        papers.search([("application_id", "in", self.ids), ("frozen_on", "=", False)])._word()

    def _keep_forms(self, target, before):
        # Handed over, it is still the form that was submitted.
        filed = self.filtered(lambda application: not workflow.is_transfer(before[application.id], target))
        if keeps := workflow.row(target).keeps:
            papers = self.env["skill.cert.paper"].sudo()  # sudo: as above
            papers._freeze(filed.with_env(papers.env), *keeps)

    def _counted_at(self, form):
        """Return (moment, forms, field of its date) at which ``form`` last counted, or None where it is live."""
        if form == "return_notice":
            return "returned", (form,)
        if workflow.row(self.state).open or not self.submitted_on:
            return None
        decided = self.decided_on and form == "application_form"
        return ("decided", (form,), "decided_on") if decided else ("submitted", (form,), "submitted_on")


class Submission(models.Model):
    """The sheet as it was reported."""

    _inherit = "skill.cert.submission"

    paper_ids = fields.One2many("skill.cert.paper", "submission_id", "Kept forms", copy=False, readonly=True)

    def _keep_summary(self):
        # sudo: papers are written by the procedure alone, and the sheet has just been reported.
        self.env["skill.cert.paper"].sudo()._freeze(self.sudo(), "submitted", ("submission_summary",))

    def _counted_at(self, form):
        return ("submitted", (form,)) if self.state == "submitted" else None
