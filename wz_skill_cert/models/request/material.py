import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import workflow
from ...workflow import OFFICER

OFFICER_FIELDS = {"original_seen", "copies_counted", "officer_remark"}
UNCHECKED_ROW = {
    "original_seen": False,
    "copies_counted": 0,
    "checked_by_id": False,
    "checked_on": False,
    "checked_content": False,
}


def digest_of(*parts):
    """Return a digest by which a later change of ``parts`` shows."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


class Material(models.Model):
    """A row of an application's 附件3: the file, the copies counted and whether the original was seen."""

    _name = "skill.cert.material"
    _description = "Material"
    _inherit = ["skill.cert.application.part", "skill.cert.attachment.owner"]
    _order = "application_id, sequence, id"
    _file_field = "attachment_ids"

    sequence = fields.Integer(default=10)
    template_id = fields.Many2one("skill.cert.material.template", ondelete="restrict")
    name = fields.Char("Material", required=True, limit=500)
    remark = fields.Char()
    required = fields.Boolean(related="template_id.required")
    personal = fields.Boolean(related="template_id.personal", store=True)
    copies = fields.Integer()
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "skill_cert_material_attachment_rel",
        "material_id",
        "attachment_id",
        string="Files",
        copy=False,
    )
    original_seen = fields.Boolean(
        "Original seen",
        after_submission=True,
        copy=False,
        help="The officer has compared the copy with the original.",
    )
    officer_remark = fields.Char("Remark of the officer", after_submission=True, copy=False)
    copies_counted = fields.Integer(
        "Copies counted", after_submission=True, copy=False, help="Copies that the officer has counted."
    )
    checked_by_id = fields.Many2one(
        "res.users",
        "Checked by",
        guarded=True,
        copy=False,
        readonly=True,
        ondelete="set null",
        groups="wz_skill_cert.group_county_officer",
    )
    checked_on = fields.Datetime("Checked on", guarded=True, copy=False, readonly=True)
    checked_content = fields.Char("Digest of what was checked", guarded=True, copy=False, readonly=True)

    _copies_positive = models.Constraint("CHECK (copies >= 0)", "The number of copies cannot be negative.")
    _copies_counted_positive = models.Constraint(
        "CHECK (copies_counted >= 0)", "The number of copies cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create, and make the files belong to the material.

        What the officer finds is not for the nominator to state, with values or with defaults.
        """
        materials = super().create(vals_list)
        materials._claim_attachments("attachment_ids")
        if not self.env.su and any(material[name] for material in materials for name in OFFICER_FIELDS):
            materials._check_officer()
        return materials

    def write(self, vals):
        """Write, and make new files belong to the material. Who ticks or counts, and when, is recorded by the server."""
        self._refuse_guarded(set(vals))
        ticks = not self.env.su and OFFICER_FIELDS & set(vals)
        if ticks:
            self._check_officer()
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._claim_attachments("attachment_ids")
        if ticks:
            self._record_check()
        return result

    def _check_attachments_open(self):
        self._check_application_open()

    def _check_officer(self):
        """Raise unless the user handles these rows' cases and their papers are being checked."""
        self.application_id._check_party(OFFICER)
        for application in (self - self._asked_again()).application_id:
            if application.state not in workflow.states("checkable"):
                raise UserError(
                    self.env._(
                        "%s: the papers are checked between submission and assessment.", application.display_name
                    )
                )

    def _asked_again(self):
        """Return those of these rows for which further papers were asked, in cases on which nobody votes yet."""
        keys = [f"{self._name}:{row.id}" for row in self if workflow.row(row.application_id.state).papers_asked]
        domain = [("target", "in", keys), ("request_id.occasion", "=", "papers")]
        # sudo: whether more was asked for rows that the user has just been found to handle.
        points = self.env["skill.cert.request.point"].sudo().search(domain)
        return self.browse({point._row().id for point in points})

    def _record_check(self):
        now = fields.Datetime.now()
        for material in self.sudo():  # sudo: guarded; party and state have just been checked
            found = any(material[name] for name in OFFICER_FIELDS)
            material.write(
                {
                    "checked_by_id": found and self.env.uid,
                    "checked_on": found and now,
                    "checked_content": found and material._content_digest(),
                }
            )

    def _content_digest(self):
        """Return a digest of what was checked: the row and its files."""
        return digest_of(self.name, *sorted(self.attachment_ids.mapped("checksum")))

    def _is_checked(self):
        return self.original_seen

    def _forget_stale_check(self):
        """Take back the ticks where the row or its files changed since: other papers than those that were seen."""
        for material in self:
            if material.checked_content and material.checked_content != material._content_digest():
                material.write(UNCHECKED_ROW)
