"""Whether the member agreed that its association reports its staff."""

from odoo import api, fields, models

from ...workflow import Requirement


class Application(models.Model):
    _inherit = "skill.cert.application"

    consent_missing = fields.Boolean(
        "Without the member's consent",
        compute="_compute_consent_missing",
        compute_sudo=True,
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )

    @api.depends("nominator_id", "employer_id.membership_ids.consent_state")
    def _compute_consent_missing(self):
        for application in self:
            nominator, employer = application.nominator_id, application.employer_id
            memberships = employer.membership_ids.filtered(lambda m, by=nominator: m.association_id == by)
            agreed = "given" in memberships.mapped("consent_state")
            application.consent_missing = bool(employer) and employer != nominator and not agreed

    def _require_consent(self):
        """Where the policy does not require it [X], its absence is something that the bureau may ask about."""
        defect = self.consent_missing and self._consent_sentence()
        return [Requirement("basis", "employer_id", defect, warning=not self.policy_id.consent_required)]

    def _consent_sentence(self):
        return self.env._(
            "%s has not agreed that the association reports its staff, or the consent has ended.",
            self.sudo().employer_id.name,  # sudo: the name of a member of the user's own association
        )


class Policy(models.Model):
    _inherit = "skill.cert.policy"

    consent_required = fields.Boolean(
        "Member's consent required",
        help="An association may report a member's staff only while the member's consent is in force. Not in the notice: "
        "otherwise a missing consent is a warning.",
    )
