"""The units, bureaus and cities of the current user, as the record rules ask for them: anew in each request."""

from odoo import api, fields, models
from odoo.tools import SQL

from .outsiders import NOBODY_SEES

OWN_UNITS = "SELECT ARRAY(SELECT partner_id FROM skill_cert_nominator_user_rel WHERE user_id = %s)"
OWN_BUREAUS = """
    SELECT ARRAY(SELECT bureau_id FROM skill_cert_bureau_user_rel WHERE user_id = %(user)s),
           ARRAY(SELECT b.id FROM skill_cert_bureau_user_rel r JOIN skill_cert_bureau b ON b.city_id = r.bureau_id
                  WHERE r.user_id = %(user)s)
"""


def is_true(operator, value):
    """Tell whether a condition asks for the records on which a yes-or-no field is set; rules ask nothing else."""
    return operator == "in" and True in value


class Users(models.Model):
    _inherit = "res.users"

    # Numbers of the own units and bureaus, archived ones included, which keep their cases. Read from the links alone; the
    # ORM forgets them when a link changes.
    nominated_unit_numbers = fields.Json(compute="_compute_nominated_units", compute_sudo=True, groups=NOBODY_SEES)
    acted_bureau_numbers = fields.Json(compute="_compute_own_bureaus", compute_sudo=True, groups=NOBODY_SEES)
    overseen_bureau_numbers = fields.Json(compute="_compute_own_bureaus", compute_sudo=True, groups=NOBODY_SEES)

    @api.depends("nominator_unit_ids")
    def _compute_nominated_units(self):
        for user in self:
            [[user.nominated_unit_numbers]] = self.env.execute_query(SQL(OWN_UNITS, user._origin.id))

    @api.depends("skill_cert_bureau_ids.overseen_ids")
    def _compute_own_bureaus(self):
        city = self.env["skill.cert.bureau"]._fields["city_id"]
        for user in self:
            [(acted, overseen)] = self.env.execute_query(SQL(OWN_BUREAUS, user=user._origin.id, to_flush=city))
            user.acted_bureau_numbers, user.overseen_bureau_numbers = acted, overseen

    def _own_numbers(self, name):
        """Return the numbers in the current user's field ``name`` as a list."""
        # sudo: the field is for the record rules alone; these numbers are the user's own.
        return self.env.user.sudo()[name] or []


class Bureau(models.Model):
    _inherit = "skill.cert.bureau"

    # A city's own bureau and those of its counties.
    overseen_ids = fields.One2many("skill.cert.bureau", "city_id", "Bureaus overseen", groups=NOBODY_SEES)
