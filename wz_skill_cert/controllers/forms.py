from werkzeug.exceptions import NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Forms(Controller):
    @route("/skill-cert/submission/<int:submission_id>/summary.xlsx", type="http", auth="user", readonly=True)
    def submission_summary(self, submission_id):
        """Send 附件2 as a workbook; 404 for what the user may not read, whether it exists or not."""
        submission = request.env["skill.cert.submission"].browse(submission_id).exists()
        try:
            content = submission._summary_xlsx() if submission else None
        except (AccessError, MissingError):
            content = None
        if not content:
            raise NotFound
        # Neither names nor ID numbers: file names end in histories and logs.
        name = f"summary-{submission.campaign_id.year}-{submission.id}.xlsx"
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
