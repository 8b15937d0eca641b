"""A file that is missing, or is no longer what was kept, is said to be so by its name: on the screen, in the place of the file, daily."""

from werkzeug.exceptions import NotFound

from odoo import api, fields, models

from ... import workflow
from ..platform.discretion import OURS
from ..platform.neutralized import is_neutralized

# What is read whole when a case is opened on the screen; of more, size and presence are looked at there.
READ_ON_SCREEN = 32 * 2**20


class Application(models.Model):
    _inherit = "skill.cert.application"

    file_faults = fields.Text(
        "Missing or altered files",
        compute="_compute_file_faults",
        compute_sudo=True,
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )

    @api.depends("state", "submitted_files", "paper_ids.state")
    @api.depends_context("lang")
    def _compute_file_faults(self):
        for application in self:
            # Also of a form that is being filled in: what is saved of it.
            saved = application._origin
            faults = saved._all_faults() if saved else []
            application.file_faults = "\n".join(self._fault_line(*row) for row in faults) or False

    def _all_faults(self):
        """Return [(name, fault, SHA-256)] of the kept papers and submitted files that are not what they were."""
        thorough = sum(row["size"] for row in (self.submitted_files or {}).values()) <= READ_ON_SCREEN
        papers = self.paper_ids | self.certificate_ids.paper_ids
        faults = [(paper.display_name, fault, paper.sha256) for paper in papers if (fault := paper._fault())]
        return faults + self._file_faults(thorough)

    def _fault_line(self, name, fault, sha256):
        what = dict(self.env["skill.cert.paper"]._fields["fault"]._description_selection(self.env))
        return f"{name}: {what[fault]} (SHA-256 {sha256 or '-'})"

    @api.model
    def _with_faulty_files(self):
        """Return the cases of which a file is missing or is not what was submitted."""
        found = self.browse()
        closed = [state.key for state in workflow.STATES if not state.open]
        for application in self.search([("submitted_files", "!=", False), ("state", "in", closed)]):
            found |= application if application._file_faults() else found
            application.env["ir.attachment"].invalidate_model(["raw"])
        return found


class Attachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _faulty(self):
        """Return the files of the addon's records that are missing, or are not what Odoo has written."""
        found = self.browse()
        domain = [("res_model", "=like", f"{OURS}%"), ("type", "=", "binary"), ("id", "!=", False)]
        for file in self.search(domain):
            found |= file if file._stored_fault() else found
            file.invalidate_recordset(["raw"])
        return found

    def _to_http_stream(self):
        """Send the file; of ours only the one that was kept. Otherwise answer 404 with its name, and no error of the server."""
        if (self.res_model or "").startswith(OURS) and (refusal := self._refusal_to_send()):
            raise NotFound(refusal)
        stream = super()._to_http_stream()
        if self.res_model == "skill.cert.paper" and is_neutralized(self.env):
            stream.type, stream.data = "data", self.env["ir.actions.report"]._handed_out(self.raw)
            stream.size = len(stream.data)
        return stream

    def _refusal_to_send(self):
        """Return why the file is not sent, or False."""
        papers = self.env["skill.cert.paper"].sudo()  # sudo: whoever gets here may open the file
        if self.res_model == papers._name and (fault := papers.browse(self.res_id)._fault()):
            return papers.browse(self.res_id)._fault_text(fault)
        faults = {
            "missing": self.env._("%s: the file is missing on the server. Please tell the administrator.", self.name),
            "altered": self.env._(
                "%s: the file has been altered on the server. Please tell the administrator.", self.name
            ),
        }
        return faults.get(self._stored_fault())
