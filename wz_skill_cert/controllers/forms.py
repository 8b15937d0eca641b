from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILLS_IN = ("wz_skill_cert.group_nominator", "wz_skill_cert.group_county_officer")


class Forms(Controller):
    @route("/skill-cert/submission/<int:submission_id>/summary.xlsx", type="http", auth="user", readonly=True)
    def submission_summary(self, submission_id):
        """Send 附件2 as a workbook; 404 for what the user may not read, whether it exists or not."""
        submission = request.env["skill.cert.submission"].browse(submission_id)
        return self._send(submission, "_summary_xlsx", lambda: f"summary-{submission.campaign_id.year}-{submission_id}")

    @route("/skill-cert/submission/template.xlsx", type="http", auth="user", readonly=True)
    def submission_template(self):
        """Send a blank 附件2; 404 for who has nothing to do with sheets."""
        if not any(request.env.user.has_group(group) for group in FILLS_IN):
            raise NotFound
        return self._workbook(request.env["skill.cert.submission"]._template_xlsx(), "summary-blank")

    @route("/skill-cert/sheet-import/<int:import_id>/marked.xlsx", type="http", auth="user", readonly=True)
    def marked_sheet(self, import_id):
        """Send the uploaded sheet with its bad cells marked; 404 as for ``submission_summary``."""
        sheet = request.env["skill.cert.sheet.import"].browse(import_id)
        return self._send(sheet, "_marked_xlsx", lambda: f"summary-to-correct-{import_id}")

    def _send(self, record, method, name):
        try:
            content = getattr(record, method)() if record.exists() else None
        except (AccessError, MissingError):
            content = None
        if not content:
            raise NotFound
        return self._workbook(content, name())

    def _workbook(self, content, name):
        # A name without people and ID numbers: file names end in histories and logs.
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(f"{name}.xlsx")),
                ("Cache-Control", "no-store"),
            ],
        )
