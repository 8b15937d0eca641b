"""A round (skill.cert.review): one passage of a case through one bureau. Appended, never changed back."""

from odoo import api, fields, models

from ..rules.selections import PURPOSES

# What has been decided about a round is never decided again: a new round is appended.
OPEN_OUTCOMES = ("pending", "qualified")


class Review(models.Model):
    """One round of a case at one bureau: its purpose and its outcome. Append-only."""

    _name = "skill.cert.review"
    _description = "Round"
    _inherit = ["skill.cert.guarded"]
    _order = "id"

    application_id = fields.Many2one(
        "skill.cert.application", required=True, ondelete="cascade", index=True, guarded=True
    )
    bureau_id = fields.Many2one("skill.cert.bureau", required=True, ondelete="restrict", index=True, guarded=True)
    purpose = fields.Selection(PURPOSES, required=True, guarded=True)
    outcome = fields.Selection(
        [
            ("pending", "Pending"),
            ("qualified", "Qualified"),
            ("recommended", "Recommended"),
            ("passed", "Passed"),
            ("rejected", "Rejected"),
            ("returned", "Returned"),
            ("withdrawn", "Withdrawn"),
            ("revoked", "Revoked"),
        ],
        required=True,
        default="pending",
        guarded=True,
    )

    @api.depends("application_id", "purpose")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for review in self:
            review.display_name = f"{review.application_id.display_name} · {purposes.get(review.purpose, '')}"

    def _end(self, outcome):
        """Record the outcome of rounds that are still open; a decided round keeps its outcome."""
        self.filtered(lambda review: review.outcome in OPEN_OUTCOMES).write({"outcome": outcome})
