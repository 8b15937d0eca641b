"""The types of proven achievement that criteria name."""

from odoo import fields, models
from odoo.exceptions import UserError

from .selections import KINDS


class AchievementType(models.Model):
    """A type of proven achievement, of one of the six kinds that the rules know."""

    _name = "skill.cert.achievement.type"
    _description = "Achievement type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(KINDS, required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    def write(self, vals):
        """Write; the kind stays where a policy that is or was in force counts the type. Raises UserError."""
        changed = self.filtered(lambda kind: kind.kind != vals["kind"]) if "kind" in vals else self.browse()
        counted = [("type_ids", "in", changed.ids), ("policy_id.state", "!=", "draft")]
        # sudo: a policy may be archived or hidden; only the refusal leaves here.
        if changed and self.env["skill.cert.criterion"].sudo().search_count(counted, limit=1):
            raise UserError(
                self.env._("A policy that is or was in force counts this type: its kind is fixed. Add a new type.")
            )
        return super().write(vals)
