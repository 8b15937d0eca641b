"""Amounts are taken as they are stated or not at all: one with more decimals than its field has is refused, never rounded.

29.995 万元 rounded to two decimals reaches a threshold of 30 that it does not reach. Odoo rounds on the way to the column, so the
value is looked at before that: as it comes from the client, the import or the workbook.
"""

import math

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...workflow import OUR_MODELS
from .text_limits import ADDON

# How far a number with few decimals may lie from itself as a computer holds it.
HAIR = 1e-14


def too_fine(value, decimals):
    """Tell whether the number ``value`` has more than so many decimals, or is no amount at all (infinite, not a number)."""
    try:
        value = float(value or 0)
    except (TypeError, ValueError):
        return False  # no number: the field says so
    if not math.isfinite(value):
        return True
    return abs(value - round(value, decimals)) > HAIR * max(1, abs(value))


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    @ormcache("self._name")
    def _amount_decimals(self):
        """Return {field: decimals} of this model's amounts."""
        ours = self._name.startswith(OUR_MODELS)
        amounts = {
            name: field.get_digits(self.env)
            for name, field in self._fields.items()
            if field.type == "float" and field.store and (ours or field._modules == (ADDON,))
        }
        return {name: digits[1] for name, digits in amounts.items() if digits}

    @api.model
    def _check_amounts(self, vals_list):
        """Raise ValidationError where an amount would have to be rounded."""
        decimals = self._amount_decimals()
        for vals in vals_list if decimals else ():
            for name in decimals.keys() & vals.keys():
                if too_fine(vals[name], decimals[name]):
                    raise ValidationError(self._too_fine(name))

    @api.model
    def _amounts_by_default(self):
        """Return the amounts that the context would fill in."""
        given = {name: self.env.context.get(f"default_{name}") for name in self._amount_decimals()}
        return {name: value for name, value in given.items() if value is not None}

    @api.model
    def _too_fine(self, name):
        return self.env._(
            "%(field)s: at most %(decimals)s decimals. Amounts are not rounded here: please enter the exact one.",
            field=self._fields[name]._description_string(self.env),
            decimals=self._amount_decimals()[name],
        )

    @api.model
    def _with_amounts_told(self, result, typed):
        """Return the answer of a form; where an amount just typed is too fine it says so at once."""
        decimals = self._amount_decimals()
        for name in decimals.keys() & typed.keys():
            if too_fine(typed[name], decimals[name]):
                message = self._too_fine(name)
                result.setdefault(
                    "warning", {"title": self.env._("Too many decimals"), "message": message, "type": "dialog"}
                )
        return result
