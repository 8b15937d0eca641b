from odoo import models


class Base(models.AbstractModel):
    _inherit = "base"

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Group; a many2many field is checked like any other.

        Odoo 19.0 forgets its groups here: whoever reads applications could group them by
        experts, and units by their users.
        """
        field = self._fields.get(groupby_spec.partition(":")[0])
        if field and field.type == "many2many":
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)
