"""The scan of 附件1 as it was printed, signed and stamped: the nominator uploads it, the officer reads it."""

import base64
import binascii
import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import workflow
from ...workflow import NOMINATOR
from ..platform.enumeration import field_labels
from ..platform.upload_check import ALL_KINDS
from .completeness import Requirement

SCAN = "stamped_scan"
# It shows the ID number: nobody but those who handle the case, and no expert.
HANDLERS = "wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer"


class Application(models.Model):
    _inherit = "skill.cert.application"

    stamped_scan = fields.Binary(
        "Scan of the stamped form", attachment=True, guarded=True, copy=False, readonly=True, groups=HANDLERS
    )
    stamped_scan_name = fields.Char(compute="_compute_stamped_scan_name")
    stamped_scan_on = fields.Datetime("Scan uploaded on", guarded=True, copy=False, readonly=True)
    user_may_scan = fields.Boolean(compute="_compute_user_may_scan")

    @api.depends("name")
    def _compute_stamped_scan_name(self):
        for application in self:
            # No person's name: file names end in histories and logs.
            application.stamped_scan_name = f"stamped-form-{application.name or application._origin.id}"

    @api.depends("state", "user_is_nominator")
    @api.depends_context("uid")
    def _compute_user_may_scan(self):
        for application in self:
            application.user_may_scan = application.user_is_nominator and workflow.row(application.state).scannable

    @api.model
    def _accepted_uploads(self, field):
        return ALL_KINDS if field == SCAN else super()._accepted_uploads(field)

    def _require_stamped_scan(self):
        if not self.policy_id.stamped_scan_required:
            return []
        defect = not self.stamped_scan_on and self.env._("Missing: the scan of the printed, signed and stamped form.")
        return [Requirement("check", SCAN, defect)]

    def action_upload_scan(self, content):
        """Keep ``content`` (a file, Base64) as the scan of the stamped form; it takes the place of an earlier one.

        The audit trail keeps the SHA-256 of each. Raises AccessError for others than the nominator, UserError once the
        papers are accepted, and for a file that the upload check refuses.
        """
        self.ensure_one()
        self._check_scan_open()
        scan = self._decoded(content)
        # sudo: guarded; party and state have just been checked, the content is judged where every file is.
        self.sudo().write({SCAN: base64.b64encode(scan), "stamped_scan_on": fields.Datetime.now()})
        self._note_exchange()
        self.env["skill.cert.trail"]._record("scan", self, sha256=hashlib.sha256(scan).hexdigest())

    def action_remove_scan(self):
        """Remove the scan, within the same bounds as ``action_upload_scan``."""
        self.ensure_one()
        self._check_scan_open()
        self.sudo().write({SCAN: False, "stamped_scan_on": False})  # sudo: as in action_upload_scan
        self._note_exchange()
        self.env["skill.cert.trail"]._record("scan", self, removed=True)

    def _note_exchange(self):
        if not workflow.row(self.state).open:
            self.sudo()._note_files()  # sudo: guarded; party and state have just been checked

    def _check_scan_open(self):
        self._check_party(NOMINATOR)
        # Of two who press at once the second is told: an officer may just be accepting.
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if not workflow.row(self.state).scannable:
            raise UserError(self.env._("%s: the scan can be replaced until the bureau accepts it.", self.display_name))

    def _decoded(self, content):
        try:
            scan = base64.b64decode(content or "", validate=True)
        except (binascii.Error, ValueError, TypeError):
            scan = b""
        if not scan:
            raise UserError(self.env._("The file is empty. Please choose it again."))
        # Judged by its content before anything is kept.
        self.env["ir.attachment"]._kind_of(scan)
        return scan

    def _trace_scan(self):
        self.filtered("stamped_scan_on")._trace_access("file_opened", field=SCAN)


class Attachment(models.Model):
    _inherit = "ir.attachment"

    def _check_no_stamped_scan(self):
        if not self.env.su and self._scans():
            # Or a file could be exchanged without a trace of it.
            label = field_labels(self.env["skill.cert.application"], [SCAN])
            raise AccessError(
                self.env._("%(fields)s: set by the procedure only. Use the buttons of the record.", fields=label)
            )

    def _scans(self):
        # sudo: only to see whose the files are.
        return self.sudo().filtered(lambda file: file.res_field == SCAN and file.res_model == "skill.cert.application")

    def _trace_scans(self):
        self.env["skill.cert.application"].browse(self._scans().mapped("res_id")).exists()._trace_scan()
