from types import SimpleNamespace

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.image import image_data_uri

from .. import workflow
from ..models.platform.neutralized import is_neutralized
from ..workflow import require
from . import form_data, summary, wording
from .engine import stylesheet

# Printed on the papers and hidden from those who do not handle the application.
PERSONAL_FIELDS = ("id_number", "phone", "photo")
# QWeb refuses modules, whose imports would lead out of the template.
WORDING = SimpleNamespace(
    **{
        name: getattr(wording, name)
        for name in (
            "LEVELS",
            "SEXES",
            "EDUCATIONS",
            "FACTS",
            "BLANK_DATE",
            "day",
            "month",
            "period",
            "joined",
            "is_long",
            "fitted",
            "padded",
        )
    }
)
SUMMARY = SimpleNamespace(COLUMNS=summary.COLUMNS, title=summary.title, rows=summary.rows)
# 附件3 has seven printed rows and four empty ones.
CHECKLIST_ROWS = 11


def photo_uri(photo):
    """Return the photo as a data URI, or None for what is no picture of pixels: an SVG may hold links and scripts."""
    uri = image_data_uri(photo) if photo else ""
    return None if not uri or "svg" in uri[:20] else uri


class Form(models.AbstractModel):
    """What the official forms share: the user's own rights, Chinese wording, and blank forms."""

    _name = "skill.cert.form"
    _description = "Official form"

    _paper_model = ""

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the values of the QWeb template. No ``docids``: one blank form. Raises as _printable() does."""
        records = self._printable(docids)
        return {
            "docs": records or [records],
            "stylesheet": stylesheet(),
            "photo_uri": photo_uri,
            "is_draft": self._is_draft,
            "wording": WORDING,
            "summary": SUMMARY,
            "attachments": self._attachments(records),
            "checklist": self._checklist,
            "conclusion": self._conclusion,
            **self._marks(data, records),
        }

    @api.model
    def _marks(self, data, records):
        """Return what is said across or below each page, whatever the paper says itself."""
        form = self._kept_as()
        # What was kept is printed from what was kept: whoever has the page itself rendered sees today's data.
        live = not self.env.su and hasattr(records, "_counted_at") and any(one._counted_at(form) for one in records)
        # Of no client: only what the program keeps is kept later.
        late = self.env.su and data and data.get("kept_late")
        return {"kept_late": late and wording.day(late), "neutralized": is_neutralized(self.env), "preview": live}

    @api.model
    def _printable(self, docids):
        """Return the records in Chinese, or raise AccessError for who may not read all that the form prints.

        Whoever prints them, or fetches them as a file, leaves an entry a day.
        """
        records = self._paper_env()[self._paper_model].browse(docids or [])
        records.check_access("read")
        applications = self._applications(records)
        self._check_personal_data(applications)
        if not self.env.su:
            self.env["skill.cert.trail"]._record_access("printed", records, form=self._form_name())
        require(self.env["skill.cert.form"], "print", applications)
        return records

    @api.model
    def _form_name(self):
        return self._name.rpartition(".")[2]

    @api.model
    def _frozen_pdf(self, record):
        """Return the bytes of the paper that was frozen for ``record``, or None where it is rendered now.

        The caller has checked that the user may print this form of the record.
        """
        form = self._kept_as()
        if not hasattr(record, "_counted_at") or form not in dict(
            self.env["skill.cert.paper"]._fields["form"].selection
        ):
            return None
        # sudo: papers are written by the procedure alone; the caller has checked that the user may print this form.
        paper = self.env["skill.cert.paper"].sudo()._for(record, form)
        return paper._pdf() if paper else None

    @api.model
    def _kept_as(self):
        return self._form_name()

    def _paper_env(self):
        """Return an environment in Chinese, where installed, for what is translated in the records themselves."""
        languages = dict(self.env["res.lang"].get_installed())
        context = {"bin_size": False, **({"lang": "zh_CN"} if "zh_CN" in languages else {})}
        return self.with_context(**context).env

    def _applications(self, records):
        """Return the applications whose data the form prints."""
        return records

    def _check_personal_data(self, applications):
        # Refused and not masked: a paper with a masked number would look official and be worthless.
        fields = [applications._fields[name] for name in PERSONAL_FIELDS]
        if not all(applications._has_field_access(field, "read") for field in fields):
            raise AccessError(
                self.env._(
                    "This form shows the ID number, phone and photo. Only the nominator and the bureau may print it."
                )
            )

    def _is_draft(self, record):
        return workflow.row(record.state).open

    def _attachments(self, _records):
        """Return the files that go with the records' forms, each as {'name', 'uri'} (a data: URI)."""
        return []

    @api.model
    def _checklist(self, application):
        """Return the rows of 附件3 as (name, copies, remark), with empty ones up to eleven.

        A blank form has those that the policy in force asks for.
        """
        if application:
            materials = application.material_ids.sorted("sequence")
            rows = [(row.name, wording.number(row.copies), wording.remark(row)) for row in materials]
        else:
            rows = [
                (row.name, "", row.remark) for row in self.env["skill.cert.policy"]._in_force().material_template_ids
            ]
        return rows + [("", "", "")] * (CHECKLIST_ROWS - len(rows))

    @api.model
    def _conclusion(self, application):
        """Return 表决结论 in Chinese, empty before the decision."""
        if not application.vote_conclusion:
            return ""
        return "通过" if application.vote_passed else "不通过"


class ApplicationForm(models.AbstractModel):
    _name = "report.wz_skill_cert.application_form"
    _description = "Application form (Annex 1)"
    _inherit = ["skill.cert.form"]
    _paper_model = "skill.cert.application"

    def _attachments(self, records):
        return [form_data.attachment(record, self._is_draft(record)) for record in records]


class SubmissionSummary(models.AbstractModel):
    _name = "report.wz_skill_cert.submission_summary"
    _description = "Summary sheet (Annex 2)"
    _inherit = ["skill.cert.form"]
    _paper_model = "skill.cert.submission"

    def _applications(self, records):
        return records.application_ids


class MaterialList(models.AbstractModel):
    _name = "report.wz_skill_cert.material_list"
    _description = "List of materials (Annex 3)"
    _inherit = ["skill.cert.form"]
    _paper_model = "skill.cert.application"
