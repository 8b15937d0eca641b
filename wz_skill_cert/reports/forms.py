import functools

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import file_open
from odoo.tools.image import base64_to_image, image_data_uri

from ..models.application import OPEN_STATES
from . import engine, summary, wording

# Printed on the papers and hidden from those who do not handle the application.
PERSONAL_FIELDS = ("id_number", "phone", "photo")


@functools.cache
def stylesheet():
    """Return the papers' stylesheet, to be inlined: the engine fetches nothing."""
    with file_open("wz_skill_cert/static/src/forms/forms.css") as css:
        return Markup(css.read().replace("CHINESE-FAMILIES", engine.quoted_families()))


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
        """Return the values of the QWeb template. No ``docids``: one blank form.

        Raises AccessError for who may not read all that the form prints.
        """
        records = self._paper_env()[self._paper_model].browse(docids or [])
        records.check_access("read")
        self._check_personal_data(self._applications(records))
        return {
            "docs": records or [records],
            "stylesheet": stylesheet(),
            "photo_uri": photo_uri,
            "is_draft": self._is_draft,
            "wording": wording,
            "summary": summary,
            "checklist": self._checklist,
            "conclusion": self._conclusion,
        }

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
            raise AccessError(self.env._(
                "This form shows the ID number, phone and photo. Only the nominator and the bureau may print it."
            ))

    def _is_draft(self, record):
        return record.state in OPEN_STATES

    @api.model
    def _checklist(self, application):
        """Return the rows of 附件3: the application's, or for a blank form those of the policy in force."""
        if application:
            return application.material_ids
        return self.env["skill.cert.policy"]._in_force().material_template_ids

    @api.model
    def _conclusion(self, application):
        """Return 表决结论 in Chinese, empty before the decision."""
        if not application.vote_conclusion:
            return ""
        passed = application.policy_id._passes(application.vote_agree, application.vote_base)
        return "通过" if passed else "不通过"


class ApplicationForm(models.AbstractModel):
    _name = "report.wz_skill_cert.application_form"
    _description = "附件1 申请表"
    _inherit = ["skill.cert.form"]
    _paper_model = "skill.cert.application"


class SubmissionSummary(models.AbstractModel):
    _name = "report.wz_skill_cert.submission_summary"
    _description = "附件2 汇总表"
    _inherit = ["skill.cert.form"]
    _paper_model = "skill.cert.submission"

    def _applications(self, records):
        return records.application_ids


class MaterialList(models.AbstractModel):
    _name = "report.wz_skill_cert.material_list"
    _description = "附件3 佐证材料清单"
    _inherit = ["skill.cert.form"]
    _paper_model = "skill.cert.application"
