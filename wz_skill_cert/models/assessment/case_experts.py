"""Whom the cases of a user concern, for what an outsider may see of Odoo's own partners."""

from odoo import models


class Users(models.Model):
    _inherit = "res.users"

    def _partners_of_cases(self):
        """Return whom the user's cases concern: employers and nominators, and the officers of the bureaus that handle them."""
        applications = self.env["skill.cert.application"]
        nominated = applications._read_group(
            [("nominator_id", "in", self.nominator_unit_ids.ids)], ["employer_id", "bureau_id"]
        )
        assessed = applications._read_group(
            [("expert_user_ids", "in", self.ids)], ["employer_id", "bureau_id", "nominator_id"]
        )
        expert = self.env["skill.cert.expert"].search([("user_id", "in", self.ids)])
        bureaus = expert.bureau_id.union(*(bureau for _employer, bureau, *_rest in nominated + assessed))
        units = expert.employer_id.union(
            *(unit for employer, _bureau, *rest in nominated + assessed for unit in (employer, *rest))
        )
        return units | expert.partner_id | (bureaus | bureaus.city_id)._officers_by_name().partner_id
