import base64
import hashlib
import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import clock, workflow
from ...workflow import COMMITTEE, require
from .file_names import FILE_MOMENTS, FILE_NAMES

_logger = logging.getLogger(__name__)

FORMS = [
    ("application_form", "Application form (Annex 1)"),
    ("submission_summary", "Summary sheet (Annex 2)"),
    ("material_list", "List of materials (Annex 3)"),
    ("return_notice", "Notice of return"),
    ("assessment_sheet", "Assessment sheet"),
    ("ballot_paper", "Ballot paper"),
    ("session_minutes", "Minutes of the session"),
    ("minutes_extract", "Extract of the minutes"),
    ("publicity_list", "Publicity list"),
    ("certificate", "Certificate"),
]
MOMENTS = [
    ("submitted", "Submitted"),
    ("returned", "Returned"),
    ("assessed", "Assessed"),
    ("opened", "Vote opened"),
    ("closed", "Vote closed"),
    ("decided", "Decided"),
    ("corrected", "Corrected"),
    ("published", "Made public"),
    ("issued", "Issued"),
]
# The field by which a paper belongs to a record of each model that has papers.
OWNERS = {
    "skill.cert.application": "application_id",
    "skill.cert.submission": "submission_id",
    "skill.cert.assessment": "assessment_id",
    "skill.cert.session": "session_id",
    "skill.cert.motion": "motion_id",
    "skill.cert.publication": "publication_id",
    "skill.cert.certificate": "certificate_id",
}
# The papers that speak of one case alone.
OF_A_CASE = (
    "application_id",
    "assessment_id.application_id",
    "motion_id.application_id",
    "certificate_id.application_id",
)
OF_MINUTES = ("motion_id.application_id",)
# What an application is printed as from its submission on.
OF_SUBMISSION = ("application_form", "material_list")
FAULTS = [("missing", "Missing"), ("altered", "Altered")]
# What is still written of a paper whose words are fixed: its file.
TYPESETTING = {"state", "content", "sha256", "rendered_on", "page"}
# So many are worded within the step itself, at 3 to 7 ms each; a session that closes with 500 has a
# second for all and leaves them to the scheduled action, which is triggered at once.
AT_ONCE = 10


def _sha256(content):
    return hashlib.sha256(content).hexdigest()


def _owner(model, label=None):
    return fields.Many2one(model, label, guarded=True, readonly=True, ondelete="restrict", index="btree_not_null")


def _papers_of(owner, groups="wz_skill_cert.group_county_officer"):
    return fields.One2many("skill.cert.paper", owner, "Kept forms", copy=False, readonly=True, groups=groups)


class Paper(models.Model):
    """A paper as it was when it counted: what was submitted, returned, found, voted on, published or issued. Append-only.

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
    assessment_id = _owner("skill.cert.assessment")
    session_id = _owner("skill.cert.session", "Review session")
    motion_id = _owner("skill.cert.motion")
    publication_id = _owner("skill.cert.publication", "Publicity")
    certificate_id = _owner("skill.cert.certificate")
    form = fields.Selection(FORMS, guarded=True, readonly=True, required=True)
    moment = fields.Selection(MOMENTS, "Step", guarded=True, readonly=True, required=True)
    moment_on = fields.Datetime("Date of the step", guarded=True, readonly=True, required=True)
    frozen_on = fields.Datetime(
        "Content fixed on",
        guarded=True,
        readonly=True,
        help="Later than the step for what counted before papers were kept: see “Kept later”.",
    )
    late = fields.Boolean(
        "Kept later",
        guarded=True,
        readonly=True,
        help="Its step was taken before such papers were kept: its words are those of the day on which they were fixed (at the"
        " upgrade, or at the first print), and it says so.",
    )
    words_sha256 = fields.Char(
        "SHA-256 of the words", guarded=True, readonly=True, help="Of the page, before it is typeset."
    )
    rendered_on = fields.Datetime("File made on", guarded=True, readonly=True)
    state = fields.Selection(
        [("pending", "Being made"), ("rendered", "Kept"), ("erased", "Erased after its term")],
        required=True,
        default="pending",
        guarded=True,
        readonly=True,
    )
    fault = fields.Selection(
        FAULTS,
        "Missing or altered",
        compute="_compute_fault",
        compute_sudo=True,
        help="Judged anew whenever it is shown.",
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
        f"CHECK (num_nonnulls({', '.join(OWNERS.values())}) = 1)",
        "A paper belongs to one record.",
    )
    _rendered_with_hash = models.Constraint(
        "CHECK (state = 'erased' OR (state = 'rendered') = (sha256 IS NOT NULL))", "A paper that is kept has a SHA-256."
    )

    @api.depends(
        "application_id.nominator_id", "submission_id.nominator_id", "certificate_id.application_id.nominator_id"
    )
    @api.depends(*(f"{owner}.bureau_id.city_id" for owner in OWNERS.values()))
    def _compute_parties(self):
        for paper in self:
            # What panel and committee find names its members: it is no nominator's to read.
            told = paper.application_id or paper.submission_id or paper.certificate_id.application_id
            paper.nominator_id = told.nominator_id
            paper.bureau_id = paper._subject().bureau_id
            paper.city_id = paper.bureau_id.city_id

    @api.depends("state", "content", "page", "sha256", "words_sha256")
    def _compute_fault(self):
        for paper in self:
            paper.fault = paper._fault()

    @api.depends("form", "moment", *OWNERS.values())
    def _compute_file_name(self):
        # No person's name: file names end in histories and logs.
        for paper in self:
            number = paper.application_id.name or paper.certificate_id.number or paper._subject().id
            paper.file_name = f"{FILE_NAMES.get(paper.form)}-{number}-{FILE_MOMENTS.get(paper.moment)}.pdf"

    @api.depends("form", *OWNERS.values())
    def _compute_display_name(self):
        forms = dict(self._fields["form"]._description_selection(self.env))
        for paper in self:
            paper.display_name = f"{forms.get(paper.form)} · {paper._subject().display_name}"

    def write(self, vals):
        """Write; what is kept never changes, whoever asks: the words once they are fixed, the file once it is made."""
        reworded = set(vals) - TYPESETTING or vals.get("page")
        if any(paper.state != "pending" or (paper.frozen_on and reworded) for paper in self):
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
        """Return the record to which the paper belongs."""
        return next((self[owner] for owner in OWNERS.values() if self[owner]), self.application_id)

    def _cases(self):
        """Return the cases of which these papers speak."""
        voted_on = self.session_id.motion_ids | self.motion_id
        listed = self.publication_id.line_ids
        return (
            self.application_id
            | self.submission_id.application_ids
            | self.assessment_id.application_id
            | self.certificate_id.application_id
            | voted_on.application_id
            | listed.application_id
        )

    # ------------------------------------------------------------------ from a step to a file

    @api.model
    def _freeze(self, records, moment, forms, moment_on=None, late=False):
        """Keep ``forms`` of ``records`` as they are now. Return the papers.

        ``late``: their step was taken before, and they say so.
        """
        papers = self.create(
            [self._vals(record, form, moment, moment_on, late) for record in records for form in forms]
        )
        if len(papers) <= AT_ONCE:
            papers._word()
        if papers:
            self.env.ref("wz_skill_cert.cron_papers")._trigger()
        return papers

    def _vals(self, record, form, moment, moment_on=None, late=False):
        return {
            OWNERS[record._name]: record.id,
            "form": form,
            "moment": moment,
            "moment_on": (moment_on and record[moment_on]) or fields.Datetime.now(),
            "late": late,
        }

    def _word(self):
        """Fix the words of those papers that wait for it."""
        for paper in self.filtered(lambda paper: not paper.frozen_on):
            page = paper._page_of_today()
            paper.write({"page": page, "words_sha256": _sha256(page.encode()), "frozen_on": fields.Datetime.now()})

    def _page_of_today(self):
        # As superuser and without anybody's context: the paper says the same whoever took the step.
        reports = self.with_env(self.env(user=SUPERUSER_ID, su=True, context={})).env["ir.actions.report"]
        data = {"kept_late": self.late and clock.today()}
        return reports._render_qweb_html(self._report_ref(), self._printed().ids, data=data)[0].decode()

    def _printed(self):
        """Return the records of which the report is printed."""
        return self.publication_id.line_ids.application_id or self._subject()

    def _report_ref(self):
        return f"wz_skill_cert.report_{self.form}"

    def _render(self):
        """Typeset what is not yet typeset. Raises UserError where the words are no longer those that were fixed."""
        self._word()
        reports = self.env["ir.actions.report"]
        for paper in self.filtered(lambda paper: paper.state == "pending"):
            paper._check_kept()
            pdf = reports._run_wkhtmltopdf([paper.page], report_ref=paper._report_ref())
            paper.write(
                {
                    "state": "rendered",
                    "content": base64.b64encode(pdf),
                    "sha256": _sha256(pdf),
                    "rendered_on": fields.Datetime.now(),
                    "page": False,
                }
            )

    def _pdf(self):
        """Return the bytes of the file. Raises UserError, with its name and SHA-256, where it is not the one that was made."""
        require(self, "read")
        self._render()
        self._check_kept()
        return self.env["ir.actions.report"]._handed_out(self._content())

    def _content(self):
        return base64.b64decode(self.with_context(bin_size=False).content or b"")

    # ------------------------------------------------------------------ whether it is still what was made

    def _fault(self):
        """Return False, or how the kept file or the fixed words differ from what was made: ``missing`` or ``altered``."""
        if self.state == "erased" or not self.frozen_on:
            return False
        kept, sha256 = (
            (self._content(), self.sha256)
            if self.state == "rendered"
            else ((self.page or "").encode(), self.words_sha256)
        )
        if not kept:
            return "missing"
        return "altered" if _sha256(kept) != sha256 else False

    def _check_kept(self):
        for paper in self:
            if fault := paper._fault():
                raise UserError(paper._fault_text(fault))

    def _fault_text(self, fault):
        named = {"name": self.display_name, "sha256": self.sha256 or self.words_sha256}
        if fault == "missing":
            return self.env._(
                "%(name)s: the kept file is missing. It is not printed anew, since what was kept cannot be made again. Please tell"
                " the administrator, who may find it in a backup. SHA-256: %(sha256)s",
                **named,
            )
        return self.env._(
            "%(name)s: the kept file has been altered: it no longer has its SHA-256, %(sha256)s. Please tell the administrator, who"
            " may find it in a backup.",
            **named,
        )

    @api.model
    def _faulty(self):
        """Return the papers whose file or words are missing or altered."""
        found = self.browse()
        for paper in self.search([("state", "!=", "erased")]):
            found |= paper if paper._fault() else found
            # Of one file at a time: all together are more than a server holds.
            paper.invalidate_recordset(["content", "page"])
        return found

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

        What counted before such papers were kept, and no upgrade has kept, is kept when it is first printed.
        """
        if not (counted := record._counted_at(form)):
            return self.browse()
        owner = OWNERS[record._name]
        # Of that step: where an upheld objection has reopened the vote, the result before it is no longer the form.
        kept = [(owner, "=", record.id), ("form", "=", form), ("moment", "=", counted[0])]
        return self.search(kept, order="id desc", limit=1) or self._freeze(record, *counted, late=True)

    def action_verify(self):
        """Compute the SHA-256 of the kept file anew and say whether it is still the file that was made.

        Raises UserError where a file is missing or differs.
        """
        self.check_access("read")
        require(self, "read")
        if pending := self.filtered(lambda paper: paper.state == "pending"):
            raise UserError(
                self.env._("%s is still being made. Please try again in a minute.", pending[:1].display_name)
            )
        self.sudo()._check_kept()  # sudo: the file of a paper that the user reads
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Unaltered"),
                "message": self.env._("The file is the one that was made; its SHA-256 agrees."),
            },
        }

    def action_open(self):
        """Open the kept file; it is made first, where it waits for that."""
        self.ensure_one()
        self.check_access("read")
        require(self, "read")
        self.sudo()._pdf()  # sudo: papers are written by the procedure alone; the user reads this one
        url = f"/web/content/{self._name}/{self.id}/content/{self.file_name}"
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    # ------------------------------------------------------------------ the upgrade

    @api.model
    def _keep_what_counts(self, records, forms):
        """Keep what is past its moment and was never kept, from today's data; each says so. For the upgrade alone."""
        missing = [(record, form) for record in records for form in forms if record._lacks(form)]
        for record, form in missing:
            moment, _forms, *moment_on = record._counted_at(form)
            vals = self._vals(record, form, moment, *moment_on, late=True)
            # Where a person's data has been erased, nothing is left of which a paper could be made.
            if not any(self.new(vals)._cases().mapped("erased_on")):
                self.create(vals)._attempt("_word")


class PaperOwner(models.AbstractModel):
    """A record of which papers are kept. ``_counted_at`` says from when on, ``paper_ids`` which."""

    _name = "skill.cert.paper.owner"
    _description = "Record with kept papers"

    def _keep(self, moment, *forms):
        """Keep ``forms`` of these records as they are now. Return the papers."""
        # sudo: papers are written by the procedure alone, whose step has just checked who takes it.
        papers = self.env["skill.cert.paper"].sudo()
        return papers._freeze(self.with_env(papers.env), moment, forms)

    def _counted_at(self, form):
        """Return (moment, forms, field of its date) at which ``form`` last counted, or None where it is live."""

    def _lacks(self, form):
        """Tell whether ``form`` has counted, and was never kept."""
        counted = self._counted_at(form)
        kept = [(paper.form, paper.moment) for paper in self.paper_ids]
        return counted and (form, counted[0]) not in kept


class Application(models.Model):
    """Each step that counts keeps its forms, in the transaction of the step itself."""

    _name = "skill.cert.application"
    _inherit = ["skill.cert.application", "skill.cert.paper.owner"]

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
        # The committee's decision changes nothing in the extracts of its minutes, which are sealed: hundreds wait for their words.
        voted = self.filtered(lambda application: workflow.row(application.state).turn == COMMITTEE)
        of_cases = Domain.OR(
            Domain(path, "in", (self - voted if path in OF_MINUTES else self).ids) for path in OF_A_CASE
        )
        papers.search(of_cases & Domain("frozen_on", "=", False))._word()

    def _papers_of_case(self):
        """Return what was kept of these cases alone: not the sheets and sessions on which there are others."""
        rounds = self.review_ids
        found = rounds.assessment_ids.paper_ids | rounds.motion_ids.paper_ids | self.certificate_ids.paper_ids
        return self.paper_ids | found

    def _keep_forms(self, target, before):
        # Handed over, it is still the form that was submitted.
        filed = self.filtered(lambda application: not workflow.is_transfer(before[application.id], target))
        if keeps := workflow.row(target).keeps:
            papers = self.env["skill.cert.paper"].sudo()  # sudo: as above
            papers._freeze(filed.with_env(papers.env), *keeps)

    def _counted_at(self, form):
        if form == "return_notice":
            return ("returned", (form,), "waiting_since") if self.state == "returned" or self._was_returned() else None
        if form not in OF_SUBMISSION or workflow.row(self.state).open or not self.submitted_on:
            return None
        moments = [("submitted", self.submitted_on), ("corrected", self.corrected_on)]
        if form == "application_form":
            moments.append(("decided", self.decided_on))
        # Of two in one second, the later step.
        _at, _order, moment = max((at, order, moment) for order, (moment, at) in enumerate(moments) if at)
        return moment, (form,), f"{moment}_on"

    def _was_returned(self):
        # sudo: whether there is a notice; whoever may print it is asked before.
        return "return_notice" in self.sudo().paper_ids.mapped("form")


class Correction(models.Model):
    """What is printed after a correction says so; what was kept before stays."""

    _inherit = "skill.cert.correction"

    def _word_forms_before(self):
        self.application_id._word_pending_forms(self.application_id.state)

    def _keep_corrected_forms(self):
        self.application_id._keep("corrected", *OF_SUBMISSION)


class Submission(models.Model):
    """The sheet as it was reported."""

    _name = "skill.cert.submission"
    _inherit = ["skill.cert.submission", "skill.cert.paper.owner"]

    paper_ids = fields.One2many("skill.cert.paper", "submission_id", "Kept forms", copy=False, readonly=True)

    def _keep_summary(self):
        self._keep("submitted", "submission_summary")

    def _counted_at(self, form):
        return ("submitted", (form,)) if self.state == "submitted" else None


class Assessment(models.Model):
    """The sheet as the expert submitted it."""

    _name = "skill.cert.assessment"
    _inherit = ["skill.cert.assessment", "skill.cert.paper.owner"]

    paper_ids = _papers_of("assessment_id")

    def _keep_sheet(self):
        self._keep("assessed", "assessment_sheet")

    def _counted_at(self, form):
        return ("assessed", (form,), "write_date") if self.state == "submitted" else None


class Session(models.Model):
    """The paper that was voted on, and the minutes as they were sealed."""

    _name = "skill.cert.session"
    _inherit = ["skill.cert.session", "skill.cert.paper.owner"]

    paper_ids = _papers_of("session_id")

    def _keep_ballot_paper(self, _motions):
        self._keep("opened", "ballot_paper")

    def _keep_minutes(self):
        self._keep("closed", "session_minutes")
        self.motion_ids._keep("closed", "minutes_extract")

    def _keep_list(self, publication):
        # At once, as a list is put up on the day on which it is published.
        publication._keep("published", "publicity_list")._render()

    def _counted_at(self, form):
        if form == "ballot_paper":
            return ("opened", (form,), "opened_on") if self.state == "open" else None
        return ("closed", (form,), "closed_on") if form == "session_minutes" and self.state == "closed" else None


class Motion(models.Model):
    """What the minutes say of one applicant: for the dossier, in which the others have no place."""

    _name = "skill.cert.motion"
    _inherit = ["skill.cert.motion", "skill.cert.paper.owner"]

    paper_ids = _papers_of("motion_id")

    def _counted_at(self, form):
        return ("closed", (form,), "write_date") if self.session_id.state == "closed" else None


class Publication(models.Model):
    """The list as it was made public."""

    _name = "skill.cert.publication"
    _inherit = ["skill.cert.publication", "skill.cert.paper.owner"]

    paper_ids = _papers_of("publication_id")
    content = fields.Binary("File", compute="_compute_list")
    file_name = fields.Char("File name", compute="_compute_list")
    sha256 = fields.Char("SHA-256", compute="_compute_list")

    @api.depends("paper_ids.state")
    @api.depends_context("bin_size")
    def _compute_list(self):
        for publication in self:
            paper = publication.paper_ids[:1]
            publication.content, publication.file_name, publication.sha256 = (
                paper.content,
                paper.file_name,
                paper.sha256,
            )

    def _counted_at(self, form):
        return "published", (form,), "create_date"


class Certificate(models.Model):
    """The certificate as a file (电子证书), as it was issued."""

    _name = "skill.cert.certificate"
    _inherit = ["skill.cert.certificate", "skill.cert.paper.owner"]

    paper_ids = _papers_of("certificate_id", "wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer")

    def _keep_certificate(self):
        self._keep("issued", "certificate")

    def _counted_at(self, form):
        return ("issued", (form,), "create_date") if self.state == "valid" else None
