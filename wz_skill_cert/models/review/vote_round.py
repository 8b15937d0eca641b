"""A round before its committee: its motions, the one that is voted on, and what was objected afterwards."""

from odoo import api, fields, models


class Review(models.Model):
    _inherit = "skill.cert.review"

    motion_ids = fields.One2many("skill.cert.motion", "review_id", "Motions")
    motion_id = fields.Many2one("skill.cert.motion", "Last motion", compute="_compute_motion_id", store=True)
    session_id = fields.Many2one(related="motion_id.session_id", store=True, index="btree_not_null")
    objection_ids = fields.One2many("skill.cert.objection", "review_id", "Objections")
    objection_id = fields.Many2one(
        "skill.cert.objection",
        "After objection",
        ondelete="restrict",
        index="btree_not_null",
        guarded=True,
        readonly=True,
        help="The objection that was upheld, so that the committee votes anew in this round.",
    )

    @api.depends("motion_ids.state")
    def _compute_motion_id(self):
        """The motion that was or is voted on; before that the latest, which may have been put off."""
        for review in self:
            motions = review.motion_ids.sorted("id")
            review.motion_id = (motions.filtered(lambda m: m.state in ("open", "voted")) or motions)[-1:]

    def _asked_to_vote(self):
        return self.motion_ids.session_id.seat_ids

    def _declared_to_vote(self):
        return self.motion_ids.session_id.seat_ids.filtered("declared")
