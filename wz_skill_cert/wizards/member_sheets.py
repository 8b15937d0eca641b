import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..bounded import Refused
from ..sheets.sheet_reader import key_of


class MemberSheets(models.TransientModel):
    """Takes the 附件2 workbooks that an association's members have filled in, several at once, onto the right sheets."""

    _name = "skill.cert.member.sheets"
    _description = "Import members' sheets"
    _inherit = ["skill.cert.attachment.owner"]

    nominator_id = fields.Many2one(
        "res.partner", "Industry association", required=True, default=lambda self: self._only_own_association()
    )
    nominator_choice_ids = fields.Many2many("res.partner", compute="_compute_choices")
    campaign_id = fields.Many2one(
        "skill.cert.campaign", required=True, default=lambda self: self.env["skill.cert.campaign"]._current()
    )
    member_id = fields.Many2one(
        "res.partner", "Sheet of member", help="Empty: the member is read from the rows of each file."
    )
    member_choice_ids = fields.Many2many("res.partner", compute="_compute_choices")
    file_ids = fields.Many2many(
        "ir.attachment",
        "skill_cert_member_sheets_attachment_rel",
        "wizard_id",
        "attachment_id",
        string="Excel files",
    )

    @api.model
    def _own_associations(self):
        own = self.env["res.users"]._own_units()
        # sudo: the kind of the user's own units.
        return own.sudo().filtered(lambda unit: unit.skill_cert_unit == "association").with_env(self.env)

    @api.model
    def _only_own_association(self):
        own = self._own_associations()
        return own if len(own) == 1 else own.browse()

    @api.depends("nominator_id")
    @api.depends_context("uid")
    def _compute_choices(self):
        for wizard in self:
            wizard.nominator_choice_ids = self._own_associations()
            wizard.member_choice_ids = wizard._members()

    def _members(self):
        own = self.nominator_id & self._own_associations()
        return own.sudo().association_member_ids.with_env(self.env)  # sudo: the members of one's own association

    @api.model
    def _accepted_uploads(self, field):
        # Workbooks, which the import judges itself before anything is read.
        return ()

    def action_import(self):
        """Upload each file to the draft sheet for the bureau of its member, check it, and open the results.

        Raises UserError that names the file where one cannot be read, and AccessError for others' associations; then
        nothing is uploaded. Drafts are made on confirmation, as of every upload.
        """
        self.ensure_one()
        self._check_choices()
        uploads = self.env["skill.cert.sheet.import"]
        for file, member in [(file, self.member_id or self._member_of(file)) for file in self.file_ids]:
            uploads |= uploads.create(self._upload_vals(file, member))
        for upload in uploads:
            upload.action_check()
        # sudo: the files live on in the uploads; they hold ID numbers and are not kept twice.
        self.sudo().file_ids.unlink()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_sheet_import")
        return {**action, "domain": [("id", "in", uploads.ids)], "context": {}}

    def _check_choices(self):
        if self.nominator_id not in self._own_associations() or self.member_id - self._members():
            raise UserError(self.env._("The sheet can only be that of a member of your association."))
        if not self.file_ids:
            raise UserError(self.env._("Please choose the Excel file."))
        # What is read here is deleted afterwards: nobody's but the user's own upload.
        self._claim_attachments("file_ids")

    def _upload_vals(self, file, member):
        # sudo: the bureau of a member of the user's own association.
        bureau = (member or self.nominator_id).sudo().skill_cert_bureau_id
        sheet = self.env["skill.cert.submission"]._draft_for(self.nominator_id, self.campaign_id, bureau)
        return {
            "submission_id": sheet.id,
            "member_id": member.id,
            "file": base64.b64encode(file.raw),
            "file_name": file.name,
        }

    def _member_of(self, file):
        """Return the one member whom the rows of the file name; nobody where they name several or none."""
        uploads = self.env["skill.cert.sheet.import"]
        try:
            people = uploads._people_in(file.raw or b"")
        except Refused as refusal:
            reason = uploads._refusal_text(refusal)
            raise UserError(self.env._("%(file)s: %(reason)s", file=file.name, reason=reason)) from None
        named = {key_of(person.values.get("employer") or "") for person in people} - {""}
        members = self._members().sudo()  # sudo: names of the members of one's own association
        found = members.filtered(lambda member: key_of(member.name) in named)
        return found.with_env(self.env) if len(found) == 1 else members.browse().with_env(self.env)
