"""The officer compares the copies with the originals (notice, part 2, 材料: 原件和复印件), row by row of 附件3."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ... import workflow
from ..platform.enumeration import enumerate_names
from .material import digest_of

UNCHECKED_ACHIEVEMENT = {
    "verified": "claimed",
    "refusal_reason": False,
    "verified_by_id": False,
    "checked_content": False,
}


class Achievement(models.Model):
    _inherit = "skill.cert.achievement"

    checked_content = fields.Char("Digest of what was checked", guarded=True, copy=False, readonly=True)

    def _keep_checked_content(self, before):
        # As superuser, as the verdict itself: the nominator reads who wrote last.
        for achievement in self.with_user(SUPERUSER_ID):
            achievement.checked_content = achievement._content_digest()

    def _content_digest(self):
        """Return a digest of what was judged: the paper's identity, what it proves and its files."""
        facts = (self.identity, self.title_rank, self.role, self.annual_benefit, self.granted, self.related)
        return digest_of(*facts, *sorted(self.evidence_ids.mapped("checksum")))

    def _is_checked(self):
        return self.verified != "claimed"

    def _forget_stale_check(self):
        """Take back the verdict where the achievement or its evidence changed since, and where it can be given anew.

        After the panel's result it stands: nobody verifies then.
        """
        for achievement in self.filtered(lambda one: workflow.row(one.application_id.state).verifiable):
            if achievement.checked_content and achievement.checked_content != achievement._content_digest():
                achievement.write(UNCHECKED_ACHIEVEMENT)


class Application(models.Model):
    _inherit = "skill.cert.application"

    unseen_count = fields.Integer("Originals not ticked", compute="_compute_unseen_count")

    @api.depends("material_ids.original_seen", "material_ids.attachment_ids")
    def _compute_unseen_count(self):
        for application in self:
            application.unseen_count = len(application._unseen_materials())

    def _unseen_materials(self):
        """Return the rows with a copy whose original no officer has ticked."""
        return self.material_ids.filtered(lambda material: material.attachment_ids and not material.original_seen)

    def _guard_originals(self, target, vals):
        """Where the policy says so, papers are accepted only with their originals [X]."""
        unseen = self._unseen_materials() if self.policy_id.require_originals else ()
        if unseen:
            raise UserError(
                self.env._(
                    "%(application)s: please tick the originals first: %(papers)s.",
                    application=self.display_name,
                    papers=enumerate_names(self.env, unseen.mapped("name")),
                )
            )

    def _forget_stale_checks(self, target, before):
        if target == "submitted":
            applications = self.sudo()  # sudo: the nominator submits; what the officer ticked is guarded
            applications.material_ids._forget_stale_check()
            applications.achievement_ids._forget_stale_check()
