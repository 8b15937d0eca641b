import logging

from odoo import api, models
from odoo.exceptions import AccessError

from .enumeration import field_labels

_logger = logging.getLogger(__name__)


# Kept by mail.thread and its like, which checks them itself.
MAIL_PREFIXES = ("message_", "activity_", "my_activity_", "website_message_")


def _is_derived(field):
    return field.store and field.compute and field.readonly


class Guarded(models.AbstractModel):
    """Fields declared with ``guarded=True`` are written by the addon's own code only, and so is what is computed and kept.

    Odoo lets a client write a stored related field: whose bureau an assessment is would then be its expert's to say.

    The addon writes them through ``sudo()`` after it has checked the step. A client
    can set neither ``env.su`` nor a value here: not by a button, RPC, import or a
    parent's x2many, and not by a ``default_`` key in the context.
    """

    _name = "skill.cert.guarded"
    _description = "Model with fields that only the procedure writes"
    _inherit = ["skill.cert.discreet"]

    def _valid_field_parameter(self, field, name):
        return name in ("guarded", "after_submission") or super()._valid_field_parameter(field, name)

    @api.model
    def _guarded_fields(self):
        return {
            name
            for name, field in self._fields.items()
            if getattr(field, "guarded", False) or (_is_derived(field) and not name.startswith(MAIL_PREFIXES))
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse guarded fields, then create. Raises AccessError."""
        if self.env.su:
            return super().create(vals_list)
        self._refuse_guarded({name for vals in vals_list for name in vals})
        return super(Guarded, self._without_guarded_defaults()).create(vals_list)

    def write(self, vals):
        """Refuse guarded fields, then write. Raises AccessError.

        Odoo checks a record's rules before a write only; what a write gives to another unit
        or bureau is checked here, after it.
        """
        if self.env.su:
            return super().write(vals)
        self._refuse_guarded(set(vals))
        result = super().write(vals)
        if any(self._fields[name].type == "many2one" for name in vals):
            self.check_access("write")
        return result

    def _refuse_guarded(self, names):
        """Refuse, log and trace an attempt on guarded fields. Called first by every ``write``, so that no other refusal hides it."""
        if self.env.su:
            return
        if forged := names & self._guarded_fields():
            _logger.warning("User %s tried to write %s of %s%s", self.env.uid, sorted(forged), self._name, self.ids)
            # sudo: nobody writes entries; who tried is the user of the environment, as before.
            self.env["skill.cert.trail"].sudo()._record_refusal(self, forged)
            labels = field_labels(self, sorted(forged))
            raise AccessError(
                self.env._("%(fields)s: set by the procedure only. Use the buttons of the record.", fields=labels)
            )

    def _without_guarded_defaults(self):
        forged = {f"default_{name}" for name in self._guarded_fields()} & set(self.env.context)
        if not forged:
            return self
        # A whole new context: with_context(**…) adds keys and removes none.
        # pylint: disable=context-overridden
        return self.with_context({key: value for key, value in self.env.context.items() if key not in forged})
