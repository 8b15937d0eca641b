"""What leaves an entry in the audit trail: each step that decides, and each road on which personal data leaves."""

from odoo import models

from ..parties.public_address import address_reason, is_public, public_address

# Whose files are personal, and the fields in which a file is read.
OPENED = ("skill.cert.material", "skill.cert.paper", "skill.cert.application")
CONTENTS = frozenset(("raw", "datas", "db_datas"))


class Achievement(models.Model):
    _inherit = "skill.cert.achievement"

    def _trace_verdict(self, before):
        steps = [(found, {"verified": f"{before[found.id]} → {found.verified}"}) for found in self]
        self.env["skill.cert.trail"]._record_each("achievement", steps)


class Assessment(models.Model):
    _inherit = "skill.cert.assessment"

    def _trace_submitted(self):
        self.env["skill.cert.trail"]._record_each("assessment", [(one, {"verdict": one.verdict}) for one in self])

    def _trace_asked_again(self, before):
        self.env["skill.cert.trail"]._record("asked_again", self, state=before)


class Session(models.Model):
    """Opening and closing only: an entry of a member's vote would tell when it was cast, and by whom."""

    _inherit = "skill.cert.session"

    def _trace_opened(self, motions):
        self.env["skill.cert.trail"]._record("session_opened", self, motions=len(motions))

    def _trace_published(self, publication):
        self.env["skill.cert.trail"]._record("published", publication, persons=len(publication.line_ids))

    def _trace_sealed(self):
        self.env["skill.cert.trail"]._record("session_closed", self, seal=self.seal)


class Request(models.Model):
    _inherit = "skill.cert.request"

    def _trace_request(self):
        steps = [
            (one.application_id, {"to": one.state, "points": len(one.point_ids), "answered": len(one._answered())})
            for one in self
        ]
        self.env["skill.cert.trail"]._record_each("papers", steps)


class Submission(models.Model):
    _inherit = "skill.cert.submission"

    def _trace_report(self):
        sheets = [(sheet, {"applications": len(sheet.application_ids)}) for sheet in self]
        self.env["skill.cert.trail"]._record_each("sheet_reported", sheets)


class Certificate(models.Model):
    _inherit = "skill.cert.certificate"

    def _trace_issued(self):
        # Where strangers cannot reach the address of its QR code, why it was issued all the same.
        reason = not is_public(public_address(self.env)) and address_reason(self.env)
        detail = {"address": public_address(self.env), "reason": reason} if reason else {}
        self.env["skill.cert.trail"]._record("certificate_issued", self, **detail)

    def _trace_revoked(self, revoked):
        self.env["skill.cert.trail"]._record("certificate_revoked", revoked)


class Correction(models.Model):
    """Which facts were corrected, never what they say."""

    _inherit = "skill.cert.correction"

    def _trace_decision(self):
        told = [(one, {"state": one.state, "facts": one.line_ids.mapped("fact")}) for one in self]
        self.env["skill.cert.trail"]._record_each("corrected", told)


class Material(models.Model):
    _inherit = "skill.cert.material"

    def _trace_opening(self):
        """Leave an entry where these are copies of identity papers of an application that was submitted."""
        # sudo: whether it is such a paper; whoever gets here may open the file.
        papers = self.sudo().filtered(lambda material: material.personal and material.application_id.submitted_on)
        self.env["skill.cert.trail"]._record_access("file_opened", papers.with_env(self.env))


class Paper(models.Model):
    _inherit = "skill.cert.paper"

    def _trace_opening(self):
        """Leave an entry: a kept form shows the ID number."""
        self.env["skill.cert.trail"]._record_access("file_opened", self)

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if "content" in fnames and not self.env.su and not self.env.context.get("bin_size"):
            self._trace_opening()
        return rows

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        if not self.env.su and ["content"] in [path[:1] for path in fields]:
            self._trace_opening()
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)


class Attachment(models.Model):
    _inherit = "ir.attachment"

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        if not self.env.su and CONTENTS & set(fnames):
            self._trace_opening()
        return rows

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        if not self.env.su and CONTENTS & {path[0] for path in fields if path}:
            self._trace_opening()
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _trace_opening(self):
        # sudo: only to see whose the files are; the user may open them.
        files = self.sudo().filtered("res_id")
        # Of an application's own files, those of its conversation are no photo.
        files = files.filtered(lambda file: file.res_model != "skill.cert.application" or file.res_field)
        for model, own in files.grouped("res_model").items():
            if model in OPENED:
                self.env[model].browse(set(own.mapped("res_id"))).exists()._trace_opening()
        self._trace_scans()


class Binary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        # The record may come as superuser where its rights have been checked; who asks is in the environment here.
        opened = record.with_env(self.env)
        if record._name == "skill.cert.application" and field_name == "stamped_scan":
            opened._trace_scan()
        stream = super()._record_to_stream(record, field_name)
        if record._name in ("ir.attachment", *OPENED):
            opened._trace_opening()
        return stream
