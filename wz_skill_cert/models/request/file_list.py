"""The files of a case are noted with their SHA-256 when it is submitted: one that is missing or altered since is found, by name."""

import hashlib
import os

from odoo import fields, models

from ... import workflow

# Files of the case's own fields.
OF_FIELDS = ("photo", "stamped_scan")


class Application(models.Model):
    _inherit = "skill.cert.application"

    submitted_files = fields.Json(
        "Files as submitted",
        guarded=True,
        copy=False,
        readonly=True,
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
        help="Of each file its name, size and SHA-256 at the last submission.",
    )

    def _note_submitted_files(self, target, _before):
        if target == "submitted":
            self.sudo()._note_files()  # sudo: guarded; _move has just checked the step

    def _note_files(self):
        """Note the files of these cases as they are now; by the procedure alone, when it has let them change."""
        for application in self:
            application.submitted_files = {
                str(file.id): {
                    "owner": owner,
                    "name": file.name,
                    "size": len(file._stored_bytes()),
                    "sha256": hashlib.sha256(file._stored_bytes()).hexdigest(),
                }
                for owner, file in application._files_of_case()
            }

    def _files_of_case(self):
        """Return [(the paper's name or the field, file)]."""
        papers = [(paper.name, paper.attachment_ids) for paper in self.material_ids]
        papers += [(line.name, line.evidence_ids) for line in self.achievement_ids]
        own = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "in", OF_FIELDS)], order="id"
        )
        return [(name, file) for name, files in papers for file in files] + [(file.res_field, file) for file in own]

    def _file_faults(self, thorough=True):
        """Return [(name, ``missing`` or ``altered``, SHA-256)] of the files that are not as they were submitted.

        ``thorough``: by what is in them; otherwise by whether they are there, and how large.
        """
        self.ensure_one()
        noted = {} if workflow.row(self.state).open else self.submitted_files or {}
        # sudo: whether a file is there; its name is told to those who handle the case.
        files = self.env["ir.attachment"].sudo().browse(map(int, noted)).exists().grouped("id")
        none = self.env["ir.attachment"]
        found = [(row, files.get(int(key), none)._differs_from(row, thorough)) for key, row in noted.items()]
        return [(self._noted_name(row), fault, row["sha256"]) for row, fault in found if fault]

    def _noted_name(self, row):
        if row["owner"] in OF_FIELDS:
            return self._fields[row["owner"]]._description_string(self.env)
        return f"{row['owner']}：{row['name']}"


class Attachment(models.Model):
    _inherit = "ir.attachment"

    def _differs_from(self, noted, thorough):
        """Return False, or how the file differs from what was ``noted`` of it: ``missing`` or ``altered``."""
        size = self._stored_size()
        if not size:
            return "missing"
        altered = size != noted["size"] or (
            thorough and hashlib.sha256(self._stored_bytes()).hexdigest() != noted["sha256"]
        )
        return "altered" if altered else False

    def _stored_bytes(self):
        # A form asks with bin_size, for which Odoo gives the size in words in the place of the content.
        return self.with_context(bin_size=False, bin_size_raw=False).raw or b""

    def _stored_size(self):
        """Return how many bytes are really there; 0 where the record or its file is gone."""
        if not self.store_fname:
            return len(self.db_datas or b"")
        try:
            return os.path.getsize(self._full_path(self.store_fname))
        except OSError:
            return 0

    def _stored_fault(self):
        """Return False, or how the stored file differs from what Odoo wrote: ``missing`` or ``altered``."""
        if not self._stored_size():
            return "missing" if self.file_size else False
        return "altered" if self._compute_checksum(self._stored_bytes()) != self.checksum else False
