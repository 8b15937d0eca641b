"""The types of proven achievement that criteria name."""

from odoo import fields, models

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
