"""Every text that somebody may type has a limit, told beforehand and kept on whatever road the text comes.

``limit=`` of a field is the most characters that it takes, 0 any number; without it, a limit goes by the kind of field. What the addon
alone writes (guarded, or computed and not to be edited) has none: it is made of texts that have one.

Longer texts of earlier days stay as they are, to be read and printed: only what is written is measured.
"""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...workflow import OUR_MODELS

LIMITS = {"char": 200, "text": 5_000, "html": 50_000}
ADDON = __name__.split(".")[2]


class Base(models.AbstractModel):
    _inherit = "base"

    def _valid_field_parameter(self, field, name):
        return name == "limit" or super()._valid_field_parameter(field, name)

    @api.model
    @ormcache("self._name")
    def _text_limits(self):
        """Return {field: most characters} of this model's texts."""
        limits = {name: self._text_limit(field) for name, field in self._fields.items() if field.type in LIMITS}
        return {name: limit for name, limit in limits.items() if limit}

    @api.model
    def _text_limit(self, field):
        limit = getattr(field, "limit", None)
        if limit is None and self._is_typed(field):
            # A ``size`` by itself would cut in silence.
            limit = field.size or LIMITS[field.type]
        return limit if field.store else 0

    @api.model
    def _is_typed(self, field):
        ours = self._name.startswith(OUR_MODELS) or field._modules == (ADDON,)
        made = getattr(field, "guarded", False) or field.related or (field.compute and field.readonly)
        return ours and not made

    @api.model
    def _check_lengths(self, vals_list):
        """Refuse texts that are longer than told. Raises ValidationError, which names the field and both numbers."""
        limits = self._text_limits()
        if not limits:
            return
        for vals in vals_list:
            for name in limits.keys() & vals.keys():
                if (given := _length(vals[name])) > limits[name]:
                    raise ValidationError(self._too_long(name, given))

    @api.model
    def _too_long(self, name, given):
        return self.env._(
            "%(field)s: at most %(limit)s characters; these are %(given)s.",
            field=self._fields[name]._description_string(self.env),
            limit=self._text_limits()[name],
            given=given,
        )

    @api.model
    def _with_length_told(self, result, typed):
        """Return the answer of a form; where a text just typed is too long it says so, and takes nothing away."""
        limits = self._text_limits()
        for name in limits.keys() & typed.keys():
            if (given := _length(typed[name])) > limits[name]:
                message = self._too_long(name, given)
                result.setdefault("warning", {"title": self.env._("Too long"), "message": message, "type": "dialog"})
        return result

    def _create(self, data_list):
        """The floor under every road: what is computed from longer texts comes here alone."""
        self._check_lengths([data["stored"] for data in data_list])
        self._check_amounts([data["stored"] for data in data_list])
        return super()._create(data_list)

    def _write_multi(self, vals_list):
        self._check_lengths(vals_list)
        return super()._write_multi(vals_list)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Describe the fields; of a text with a limit, the form's field takes no more, and its help says how many."""
        described = super().fields_get(allfields, attributes)
        for name, limit in self._text_limits().items():
            if name in described:
                self._tell_limit(described[name], limit, attributes)
        return described

    @api.model
    def _tell_limit(self, description, limit, attributes):
        if not attributes or "size" in attributes:
            description["size"] = description.get("size") or limit
        if not attributes or "help" in attributes:
            told = self.env._("At most %s characters.", limit)
            description["help"] = " ".join(filter(None, (description.get("help"), told)))


def _length(value):
    """Return the number of characters of a value to be written; of one in several languages, the longest's."""
    # What a column takes of a translated text: a wrapper around {language: text}.
    value = getattr(value, "adapted", value)
    if isinstance(value, dict):
        return max(map(_length, value.values()), default=0)
    return len(value) if isinstance(value, str | bytes) else 0
