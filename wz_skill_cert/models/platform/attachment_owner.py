from odoo import api, models
from odoo.exceptions import AccessError

from ...workflow import require


class AttachmentOwner(models.AbstractModel):
    """Records whose linked files belong to them, so that their readers, and no one else, read the files."""

    _name = "skill.cert.attachment.owner"
    _description = "Owner of files"
    # A record with a chatter owns the files of its fields; those of its messages stay free.
    # The field whose files are a proof, and without them none.
    _proved_by = None
    _owns_files_of_fields_only = False

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

    @api.model_create_multi
    def create(self, vals_list):
        """Create; what is no safe file of a kind that its record takes is refused, and so is any where the record is fixed."""
        for vals in vals_list:
            self._judge_new(vals)
        attachments = super().create(vals_list)
        require(attachments, "keep")
        attachments._check_uploads()
        return attachments

    def write(self, vals):
        """Write; what is, or becomes, a file of a record of the addon is judged as at its creation."""
        require(self, "change")
        self._judge_change(vals)
        require(self, "keep")
        result = super().write(vals)
        if {"res_model", "res_field", "res_id"} & set(vals):
            require(self, "keep")
        self._judge_changed(vals)
        return result

    def unlink(self):
        """Delete; a proof that is gone no longer counts."""
        owners = [owner for owner, _files in self._owners() if owner._proved_by]
        result = super().unlink()
        for owner in owners:
            owner.exists().modified([owner._proved_by])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_while_owner_open(self):
        require(self, "change")
        require(self, "keep")

    def _check_owner_open(self):
        if self.env.su:
            return
        for owner, files in self._owners():
            if not owner._owns_files_of_fields_only or any(files.mapped("res_field")):
                owner._check_attachments_open()

    def _owners(self):
        """Return [(records, their files)] of those models that own files."""
        # sudo: only to see whose the files are; the owner's own check decides.
        by_model = self.sudo().filtered("res_id").grouped("res_model")
        return [
            (self.env[model].browse(files.mapped("res_id")).exists(), files)
            for model, files in by_model.items()
            if model and isinstance(self.env.get(model), self.env.registry["skill.cert.attachment.owner"])
        ]
