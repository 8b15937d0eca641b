"""Nobody points a record at what the person may not read.

Odoo checks the record that is written and not those to which it is made to refer, and then tells their names, and what
is computed from them, as superuser: in the answer of a form that is being filled in (``onchange``), and in the record.

For the models of the addon that holds whoever asks. For people from outside it holds in all models, where these point at people.
Where Odoo then writes to the record referred to, reading does not suffice: on_behalf.py.
"""

from odoo import api, models
from odoo.fields import Command

from ...workflow import OUR_MODELS
from .commands import linked_ids

NEW_VALUES = (Command.CREATE, Command.UPDATE)
PEOPLE = ("res.partner", "res.users", "hr.employee", "hr.employee.public", "resource.resource")


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; raises AccessError where ``vals_list`` refers to records that the user may not read."""
        self._check_lengths(vals_list)
        self._check_amounts([self._amounts_by_default(), *vals_list])
        if self._checks_references():
            self.browse()._check_references([{**self._default_references(), **vals} for vals in vals_list])
        if self._written_through():
            self.browse()._check_links([{**self._default_references(), **vals} for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        """Write; raises AccessError where ``vals`` refers to records that the user may not read."""
        self._check_lengths([vals])
        self._check_amounts([vals])
        if self._checks_references():
            self._check_references([vals])
        if self.env.su:
            self._check_on_behalf(vals)
        else:
            self._check_links([vals])
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """Fill in a form; raises AccessError where its values refer to records that the user may not read.

        It sends linked records along, with whatever fields the client names and by no read(): without ``_not_sent_along``.
        """
        if self._checks_references():
            self._check_references([{**self._default_references(), **values}])
        result = super().onchange(values, field_names, self._spec_to_send(fields_spec))
        typed = {name: values[name] for name in field_names if name in values}
        return self._with_amounts_told(self._with_length_told(result, typed), typed)

    @api.model
    def _spec_to_send(self, spec):
        return {name: self._linked_spec(name, sub) for name, sub in spec.items()}

    @api.model
    def _linked_spec(self, name, sub):
        linked = self.env.get(getattr(self._fields.get(name), "comodel_name", None))
        if linked is None or not sub or "fields" not in sub:
            return sub
        hidden = linked._not_sent_along()
        named = {key: value for key, value in sub["fields"].items() if key not in hidden}
        return {**sub, "fields": linked._spec_to_send(named)}

    @api.model
    def _not_sent_along(self):
        """Hook: return the names of fields that are read here alone, and leave a trace."""
        return ()

    def _checks_references(self):
        if self.env.su or not self.env.uid:
            return False
        return self._name.startswith(OUR_MODELS) or self.env.user._is_outsider()

    def _default_references(self):
        """Return the values that the context would fill in."""
        defaults = {f"default_{name}": name for name, field in self._fields.items() if field.relational}
        return {defaults[key]: value for key, value in self.env.context.items() if key in defaults}

    def _check_references(self, vals_list):
        for name in {name for vals in vals_list for name in vals if name in self._fields}:
            field = self._fields[name]
            if self._is_reference_checked(field):
                self._check_values(field, [vals[name] for vals in vals_list if name in vals])

    def _is_reference_checked(self, field):
        if self._name.startswith(OUR_MODELS):
            return field.comodel_name and not field.inherited
        # Who made a record is nobody's to say; forms send it as they received it.
        return field.comodel_name in PEOPLE and field.name not in models.LOG_ACCESS_COLUMNS

    def _check_values(self, field, values):
        related = self.env[field.comodel_name]
        if field.type == "many2one":
            linked = {value for value in values if isinstance(value, int)}
        else:
            linked = {id_ for value in values for id_ in linked_ids(value)}
            self._check_lines(related, [command for value in values for command in value or ()])
        self._check_readable(field.name, related.browse(linked))

    def _check_lines(self, related, commands):
        for command in commands:
            if not isinstance(command, int) and command[0] in NEW_VALUES and isinstance(command[2], dict):
                line = related.browse(command[1] if command[0] == Command.UPDATE else ())
                if line._checks_references():
                    line._check_references([command[2]])

    def _check_readable(self, name, records):
        # sudo: what the record refers to already is not asked again: a form sends all that it shows.
        new = records.browse({id_ for id_ in records.ids if id_}) - self.sudo()[name].with_env(self.env)
        unread = new - new._filtered_readable()
        if unread and (hidden := self._not_to_be_named(name, unread)):
            raise self.env["ir.rule"]._make_access_error("read", hidden)

    def _filtered_readable(self):
        """Hook: return those of ``self`` that the user may read."""
        return self._filtered_access("read")

    def _not_to_be_named(self, name, records):
        """Hook: return those of ``records``, which the user may not read, to which ``name`` may not point either."""
        return records


class Employee(models.Model):
    _inherit = "hr.employee"

    def _filtered_readable(self):
        """Return those that the user may read: without the rights of HR, those whose public half is readable."""
        if self.browse().has_access("read"):
            return super()._filtered_readable()
        return self.browse(self.env["hr.employee.public"].browse(self.ids)._filtered_access("read").ids)
