"""A dialogue takes the files that its user has just uploaded: it neither reads nor deletes those of a record."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase

TAGS = ("standard", "post_install", "-at_install")


@tagged(*TAGS)
class TestFilesOfDialogues(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.association = self._association(self.enterprise)
        self.secretary = self._nominator(self.association)
        self.reported = self._submitted(self.secretary, employer_id=self.enterprise.id)

    def _import(self, file):
        return (
            self.env["skill.cert.member.sheets"]
            .with_user(self.secretary)
            .create(
                {
                    "nominator_id": self.association.id,
                    "campaign_id": self.campaign.id,
                    "member_id": self.enterprise.id,
                    "file_ids": [Command.set(file.ids)],
                }
            )
        )

    def test_the_proofs_of_what_was_submitted_are_not_deleted_as_uploaded_sheets(self):
        proof = self.reported.sudo().achievement_ids.evidence_ids
        with self.assertRaises(AccessError):
            self._import(proof).action_import()
        self.assertTrue(proof.exists())

    def test_nor_what_everybody_reads(self):
        public = self.env["ir.attachment"].create({"name": "logo.xlsx", "raw": b"x", "public": True})
        with self.assertRaises(AccessError):
            self._import(public).action_import()
        self.assertTrue(public.exists())

    def test_the_own_upload_is_taken_and_not_kept_twice(self):
        sheet = self.env["skill.cert.submission"]._template_xlsx()
        upload = self.env["ir.attachment"].with_user(self.secretary).create({"name": "sheet.xlsx", "raw": sheet})
        self._import(upload).action_import()
        self.assertFalse(upload.exists())
