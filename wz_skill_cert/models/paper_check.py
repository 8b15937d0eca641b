"""The officer compares the copies with the originals (notice, part 2: 原件和复印件), row by row of 附件3."""

import hashlib

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from .application import OFFICER
from .wording import enumerate_names

# While the bureau has the papers before it; a technician's come to the city anew.
CHECK_STATES = ("submitted", "accepted", "recommended")
OFFICER_FIELDS = {"original_seen", "copies_counted", "officer_remark"}
UNCHECKED_ROW = {
    "original_seen": False,
    "copies_counted": 0,
    "checked_by_id": False,
    "checked_on": False,
    "checked_content": False,
}
UNCHECKED_ACHIEVEMENT = {
    "verified": "claimed",
    "refusal_reason": False,
    "verified_by_id": False,
    "checked_content": False,
}


def _digest(*parts):
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


class Policy(models.Model):
    _inherit = "skill.cert.policy"

    require_originals = fields.Boolean(
        "Originals before acceptance",
        help="An application is accepted only when the original of each attached paper is ticked. Without it the "
        "officer is reminded. Not in the notice.",
    )


class Material(models.Model):
    _inherit = "skill.cert.material"

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

    _copies_counted_positive = models.Constraint(
        "CHECK (copies_counted >= 0)", "The number of copies cannot be negative."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create; what the officer finds is not for the nominator to state, with values or with defaults."""
        materials = super().create(vals_list)
        if not self.env.su and any(material[name] for material in materials for name in OFFICER_FIELDS):
            materials._check_officer()
        return materials

    def write(self, vals):
        """Write; who ticks or counts, and when, is recorded by the server."""
        self._refuse_guarded(set(vals))
        checks = not self.env.su and OFFICER_FIELDS & set(vals)
        if checks:
            self._check_officer()
        result = super().write(vals)
        if checks:
            self._record_check()
        return result

    def _check_officer(self):
        """Raise unless the user handles these rows' cases and their papers are being checked."""
        self.application_id._check_party(OFFICER)
        for application in self.application_id:
            if application.state not in CHECK_STATES:
                raise UserError(
                    self.env._(
                        "%s: the papers are checked between submission and assessment.", application.display_name
                    )
                )

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
        return _digest(self.name, *sorted(self.attachment_ids.mapped("checksum")))

    def _is_checked(self):
        return self.original_seen

    def _forget_stale_check(self):
        """Take back the ticks where the row or its files changed since: other papers than those that were seen."""
        for material in self:
            if material.checked_content and material.checked_content != material._content_digest():
                material.write(UNCHECKED_ROW)


class Achievement(models.Model):
    _inherit = "skill.cert.achievement"

    checked_content = fields.Char("Digest of what was checked", guarded=True, copy=False, readonly=True)

    def _set_verdict(self, verdict, reason):
        result = super()._set_verdict(verdict, reason)
        # As superuser, as super() does after its check: the nominator reads who wrote last.
        for achievement in self.with_user(SUPERUSER_ID):
            achievement.checked_content = achievement._content_digest()
        return result

    def _content_digest(self):
        """Return a digest of what was judged: the paper's identity, what it proves and its files."""
        facts = (self.identity, self.title_rank, self.role, self.annual_benefit, self.granted, self.related)
        return _digest(*facts, *sorted(self.evidence_ids.mapped("checksum")))

    def _is_checked(self):
        return self.verified != "claimed"

    def _forget_stale_check(self):
        """Take back the verdict where the achievement or its evidence changed since."""
        for achievement in self:
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

    def _move(self, target, **vals):
        result = super()._move(target, **vals)
        if target == "submitted":
            cases = self.sudo()  # sudo: the nominator submits; what the officer ticked is guarded
            cases.material_ids._forget_stale_check()
            cases.achievement_ids._forget_stale_check()
        return result
