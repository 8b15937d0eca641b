from odoo import api, models
from odoo.exceptions import AccessError


class AttachmentOwner(models.AbstractModel):
    """Records whose linked files belong to them, so that their readers, and no one else, read the files."""

    _name = "skill.cert.attachment.owner"
    _description = "Owner of files"

    def _claim_attachments(self, field):
        """Tie the files linked in ``field`` to their record.

        Raises AccessError on a file that already belongs to something else: a link must
        not open somebody else's document.
        """
        for record in self:
            # sudo: only to see whose the files are that the user has just linked.
            for attachment in record.sudo()[field]:
                if (attachment.res_model, attachment.res_id) != (record._name, record.id):
                    record._claim_attachment(attachment)

    def _claim_attachment(self, attachment):
        own_upload = self.env.su or attachment.create_uid == self.env.user
        if attachment.res_id or not own_upload:
            raise AccessError(self.env._("This file belongs to another record. Please upload your own copy."))
        attachment.write({"res_model": self._name, "res_id": self.id})

    def _check_attachments_open(self):
        """Hook: raise where the files of these records may no longer change."""


class Attachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """Write; a file of a submitted application is refused, since the snapshot includes it."""
        self._check_owner_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_while_owner_open(self):
        self._check_owner_open()

    def _check_owner_open(self):
        if self.env.su:
            return
        # sudo: only to see whose the files are; the owner's own check decides.
        for model, attachments in self.sudo().filtered("res_id").grouped("res_model").items():
            if model and isinstance(self.env.get(model), self.env.registry["skill.cert.attachment.owner"]):
                self.env[model].browse(attachments.mapped("res_id")).exists()._check_attachments_open()
