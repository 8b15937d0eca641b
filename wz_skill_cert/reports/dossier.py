"""案卷: all that was submitted, found and decided about one application, bound as one PDF."""

import hashlib
import os
import tempfile
from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from . import binder, wording

PDF = "application/pdf"
FORM_TITLES = {
    "application_form": "高技能人才直接认定申请表（附件1）",
    "material_list": "佐证材料清单（附件3）",
    "return_notice": "退回通知书",
}
MOMENT_TITLES = {"submitted": "提交", "returned": "退回", "decided": "评审", "assessed": "提交", "closed": "封存"}
FAULTS = {
    "missing": "存档文件缺失，未以现行数据重新打印。请通知系统管理员从备份中恢复",
    "altered": "存档文件已被改动，与存档时的校验码不一致，未装订入卷。请通知系统管理员从备份中恢复",
}
FRONT = "封面及目录"
# Lines of the index on a page: a guess that saves setting it twice.
LINES = 20


class Entry(NamedTuple):
    """A line of the dossier's index: a file, or what is typeset for the dossier."""

    section: str
    title: str
    # A PDF (bytes or a path), or None where ``body`` is still to be typeset.
    source: Any = None
    body: Any = None


class IndexRow(NamedTuple):
    """An entry and its pages, as the index prints them."""

    section: str
    title: str
    first: int
    last: int


class Dossier(models.AbstractModel):
    """案卷 of one application, for the bureau that handles it and its city: it names the experts.

    Not PDF/A: the proofs of others are bound as they are. The forms inside are the kept ones.
    附件2 stays out, since it shows the ID numbers of all others on the sheet.
    """

    _name = "report.wz_skill_cert.dossier"
    _description = "Dossier"
    _inherit = ["skill.cert.office.paper"]
    _paper_model = "skill.cert.application"

    @api.model
    def _printable(self, docids):
        """Return the applications, or raise AccessError for whoever is no officer of the handling bureau or its city."""
        applications = super()._printable(docids)
        for application in applications:
            # sudo: who the officers are; only the refusal leaves here.
            bureau = application.sudo().handling_bureau_id
            if self.env.user not in bureau.user_ids | bureau.city_id.user_ids:
                raise AccessError(
                    self.env._("Only officers of %s may print the dossier: it names the experts.", bureau.name)
                )
            if not application.submitted_on:
                raise UserError(self.env._("There is no dossier before the submission."))
        return applications

    def _assemble(self, ids):
        """Return the dossier as bytes: what it is made of, then the index that knows their pages, then all bound."""
        application = self._printable(ids).ensure_one()
        # The files of a case may be larger than what a server has room for at once: they wait on disk.
        with tempfile.TemporaryDirectory() as folder:
            parts = self._parts(application, folder)
            front = self._front(application, parts)
            stamps = self._typeset("dossier_stamps", total=sum(part.count for part in front + parts))
            path = os.path.join(folder, "dossier.pdf")
            binder.bind(front + parts, stamps, path, f"直接认定案卷 {application.name}")
            with open(path, "rb") as file:
                return file.read()

    def _parts(self, application, folder):
        entries = [*self._forms(application), *self._findings(application), *self._files(application, folder)]
        bodies = [entry.body for entry in entries if entry.body]
        own = self._typeset("dossier_own", bodies=bodies)
        places = iter(binder.bookmarked_pages(own))
        return [
            binder.Part(entry.section, entry.title, own, *next(places))
            if entry.body
            else binder.whole(entry.section, entry.title, entry.source)
            for entry in entries
        ]

    def _front(self, application, parts):
        """Return cover and index; set again where they take more pages than was thought."""
        pages, front = 0, [binder.Part(FRONT, FRONT, b"", 0, 2 + len(parts) // LINES)]
        # Twice at most: a line is as high whatever numbers it holds.
        while front[0].count != pages:
            pages = front[0].count
            rows = self._index_rows(parts, pages + 1)
            cover = self._typeset("dossier_cover", application=application, rows=rows, total=rows[-1].last)
            front = [binder.whole(FRONT, FRONT, cover)]
        return front

    def _index_rows(self, parts, first):
        rows = []
        for part in parts:
            rows.append(IndexRow(part.section, part.title, first, first + part.count - 1))
            first += part.count
        return rows

    def _typeset(self, template, **values):
        report = self.env["ir.actions.report"]
        html = self._body(template, **values)
        return report._run_wkhtmltopdf([html], report_ref="wz_skill_cert.report_dossier")

    def _body(self, template, **values):
        values = {**self._get_report_values([]), **values}
        return self.env["ir.qweb"]._render(f"wz_skill_cert.{template}", values)

    # ------------------------------------------------------------------ what goes in

    def _forms(self, application):
        papers = application.paper_ids
        # A case from before forms were kept: kept now, as printing it would.
        for form in ("application_form", "material_list"):
            if form not in papers.mapped("form"):
                # sudo: papers are written by the procedure alone; the user has been checked.
                papers |= papers.sudo()._for(application.sudo(), form).with_env(papers.env)
        kept = [self._kept("一、申请材料", paper, FORM_TITLES[paper.form]) for paper in papers.sorted("id")]
        return kept or [self._live_form(application)]

    def _kept(self, section, paper, title):
        """Return the entry of a kept paper; where its file is not the one that was kept, a page says so in its place."""
        title = f"{title}，{wording.day(paper.moment_on)}{MOMENT_TITLES[paper.moment]}"
        if paper.late:
            title += f"（{wording.day(paper.frozen_on)}补存）"
        # sudo: typesets what is still to be typeset.
        paper = paper.sudo()
        if fault := paper._fault():
            return self._missing(section, title, FAULTS[fault], paper.file_name, paper.sha256 or paper.words_sha256)
        return Entry(section, title, paper._pdf())

    def _missing(self, section, title, reason, name, checksum, algorithm="SHA-256"):
        body = self._body("dossier_missing", name=name, reason=reason, checksum=checksum, algorithm=algorithm)
        return Entry(section, title, body=body)

    def _live_form(self, application):
        # Returned before forms were kept: what there is now is a draft, and marked as such.
        report = self.env["ir.actions.report"]._get_report("wz_skill_cert.report_application_form")
        stream = report._weasyprint_stream(report, {}, application.ids)
        return Entry("一、申请材料", FORM_TITLES["application_form"], stream.getvalue())

    def _findings(self, application):
        rounds = application.review_ids.sorted("id")
        sheets = rounds.assessment_ids.filtered(lambda sheet: sheet.state == "submitted")
        motions = rounds.motion_ids.filtered(lambda motion: motion.session_id.state == "closed")
        return [
            *(self._sheet(sheet) for sheet in sheets.sorted("id")),
            *(self._minutes(motion) for motion in motions.sorted("id")),
            # Each round's outcome and the certificate's facts: what no other paper of the dossier says.
            Entry("四、资格确认", "办理过程及证书信息", body=self._body("dossier_course", application=application)),
        ]

    def _sheet(self, sheet):
        title = f"专家考评表：{sheet.expert_id.name}（{sheet.bureau_id.name}）"
        return self._kept("二、专家考评", self._paper_of(sheet, "assessment_sheet"), title)

    def _minutes(self, motion):
        # Of this applicant alone: the session's other applicants are no part of the case.
        title = f"评审会议纪要摘录：{motion.session_id.name}"
        return self._kept("三、综合评审", self._paper_of(motion, "minutes_extract"), title)

    def _paper_of(self, record, form):
        # sudo: papers are written by the procedure alone; the user has been checked.
        return self.env["skill.cert.paper"].sudo()._for(record.sudo(), form)

    def _files(self, application, folder):
        rows = [("五、佐证材料", material.name, material.attachment_ids) for material in application.material_ids]
        rows += [("六、业绩证明", line.name, line.evidence_ids) for line in application.achievement_ids]
        # sudo: of each file what was noted at the submission, and whether it is so.
        faults = application.sudo()._file_faults()
        titles = {name for name, _fault, _sha256 in faults}
        return [
            *(
                self._file(section, f"{name}：{attachment.name}", attachment, folder)
                for section, name, attachments in rows
                for attachment in attachments
                if f"{name}：{attachment.name}" not in titles
            ),
            *(
                self._missing("七、缺失或改动的文件", name, FAULTS[fault], name, sha256)
                for name, fault, sha256 in faults
            ),
        ]

    def _file(self, section, title, attachment, folder):
        attachment.check_access("read")
        # sudo: only to compare the file with what Odoo noted of it.
        stored = attachment.sudo()
        if fault := stored._stored_fault():
            return self._missing(section, title, FAULTS[fault], attachment.name, stored.checksum, "SHA-1")
        try:
            return Entry(section, title, self._fitted(attachment, folder))
        except binder.Unreadable as defect:
            sha256 = hashlib.sha256(attachment.raw or b"").hexdigest()
            return self._missing(section, title, str(defect), attachment.name, sha256)

    def _fitted(self, attachment, folder):
        """Return the path of the file's pages, fitted onto A4. Raises Unreadable."""
        path = os.path.join(folder, f"{attachment.id}.pdf")
        if attachment.mimetype in binder.IMAGES:
            binder.fit(binder.pages_of_image(attachment.raw or b""), path)
        elif attachment.mimetype == PDF:
            # By its path where it has one: it is then read piece by piece.
            stored = attachment.store_fname and attachment._full_path(attachment.store_fname)
            binder.fit(stored or attachment.raw or b"", path)
        else:
            raise binder.Unreadable("该格式的文件不能装订，请查阅电子原件")
        return path
