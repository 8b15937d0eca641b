import tempfile
import zipfile

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo.exceptions import AccessError, MissingError
from odoo.http import Controller, content_disposition, request, route


class Printing(Controller):
    @route("/skill-cert/print/<int:job_id>", type="http", auth="user", readonly=True)
    def printed(self, job_id):
        """Send what a job printed; 404 for what the user may not have, whether it exists or not."""
        job = request.env["skill.cert.print.job"].browse(job_id)
        try:
            files = job._result() if job.exists() else None
        except (AccessError, MissingError):
            files = None
        if not files:
            raise NotFound
        if len(files) == 1 and job.output == "pdf":
            return self._send(files.raw, files.name, "application/pdf")
        return self._send(self._zipped(files), f"表格-{job_id}.zip", "application/zip")

    def _zipped(self, files):
        """Return an open file: one after the other goes to the disk, so that memory holds but one."""
        archive = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the response)
        # Stored: PDFs are compressed.
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as bundle:
            for file in files:
                bundle.writestr(file.name, file.raw)
                file.invalidate_recordset()
        archive.seek(0)
        return wrap_file(request.httprequest.environ, archive)

    def _send(self, content, name, kind):
        return request.make_response(
            content,
            [
                ("Content-Type", kind),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
