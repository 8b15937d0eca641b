"""A line that names an expert: on a panel, on a committee, in a declaration."""

from odoo import api, models
from odoo.exceptions import UserError


class ExpertPlace(models.AbstractModel):
    """A line that names an expert: only one whom the user sees, or the line would tell the name of any other.

    Constraints run as superuser and would not notice.
    """

    _name = "skill.cert.expert.place"
    _description = "Place of an expert"
    _inherit = ["skill.cert.discreet"]
    _place_of = None
    _expert_field = "expert_id"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; only with experts of the pools that the user sees."""
        self._check_pools(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Write; a member stays with the panel or committee: a move would leave that one without checking it."""
        self._check_pools([vals])
        if self._place_of in vals and any(place[self._place_of].id != vals[self._place_of] for place in self):
            raise UserError(self.env._("A member stays where it is. Remove it there and add a new one here."))
        return super().write(vals)

    def _check_pools(self, vals_list):
        default = self.env.context.get(f"default_{self._expert_field}")
        experts = {vals.get(self._expert_field, default) for vals in vals_list} - {None, False}
        self.env["skill.cert.expert"].browse(experts).check_access("read")
