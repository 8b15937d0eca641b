"""What Odoo itself would tell about a record that one may not see."""

from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError, LockError, MissingError
from odoo.fields import Domain

from ...workflow import OURS


class Discreet(models.AbstractModel):
    """Who may not see a record of a case hears what one hears who asks for a record that does not exist."""

    _name = "skill.cert.discreet"
    _description = "Model whose numbers tell nothing"

    def read(self, fields=None, load="_classic_read"):
        """Read; a record that does not exist is refused like one that the user may not see."""
        try:
            rows = super().read(fields, load)
        except MissingError:
            rows = []
        if not self.env.su and (len(rows) < len(self) or self._reads_only_made_up(fields)):
            raise self.env["ir.rule"]._make_access_error("read", self)
        return rows

    @api.private
    def lock_for_update(self, *, allow_referencing=False):
        """Lock; of two who press at once, the second reads what has happened. Raises LockError."""
        try:
            return super().lock_for_update(allow_referencing=allow_referencing)
        except LockError as error:
            raise LockError(
                self.env._("Somebody else is working on this at the same moment. Please try again in a few seconds.")
            ) from error

    def _fetch_field(self, field):
        """Fetch; where Odoo would say of one that it does not exist, whoever may not see it hears what is said of all."""
        result = super()._fetch_field(field)
        if not self.env.su:
            cache = field._get_cache(self.env)
            self.browse(id_ for id_ in self._ids if id_ not in cache).check_access("read")
        return result

    def _check_access(self, operation):
        try:
            return super()._check_access(operation)
        except MissingError:
            return self, partial(self.env["ir.rule"]._make_access_error, operation, self)

    def _reads_only_made_up(self, fields):
        """Tell whether ``fields`` are all computed, which Odoo does for a record that does not exist, too."""
        made_up = fields and not any(self._fields[name].column_type and self._fields[name].store for name in fields)
        return bool(made_up) and self.exists() != self


class Base(models.AbstractModel):
    _inherit = "base"

    def get_external_id(self):
        """Return the external ids; of ours, and to outsiders of all, only those of records that the user reads."""
        if not self._checks_references():
            return super().get_external_id()
        readable = self.exists()._filtered_access("read")
        return {**dict.fromkeys(self.ids, ""), **super(Base, readable).get_external_id()}


class Rule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Refuse without naming a record of ours, and to people from outside without naming any: Odoo does in debug mode."""
        discreet = records._name.startswith(OURS) or (self.env.uid and self.env.user._is_outsider())
        if not discreet or self.env.user.has_group("base.group_system"):
            return super()._make_access_error(operation, records)
        records.invalidate_recordset()
        kind = self.env["ir.model"]._get(records._name).name
        return AccessError(self.env._("%s: this record does not exist, or you may not see or change it.", kind))


class Followers(models.Model):
    """Every internal user reads every follower in Odoo: here only those of the documents that the user reads."""

    _inherit = "mail.followers"

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._of_readable_documents()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _of_readable_documents(self):
        models_of_ours = [
            self.env[name]
            for name in self.env.registry
            if name.startswith(OURS)
            and hasattr(self.env[name], "message_follower_ids")
            and not self.env[name]._abstract
        ]
        return Domain("res_model", "not =like", f"{OURS}%") | Domain.OR(
            Domain("res_model", "=", model._name) & Domain("res_id", "in", model._search([], active_test=False))
            for model in models_of_ours
            if model.has_access("read")
        )
