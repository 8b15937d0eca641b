"""Whose case it is, as the record rules of the cases ask it: by one column, for one role, anew in each request.

A list of 80 asks three times: for its page, for the count, and Odoo looks at the rules of the 80 once more when they are
read. The own units and bureaus are therefore read once a transaction (the ORM forgets them when they change), and the
second look compares numbers. tests/test_rule_speed.py counts the queries, `make bench` measures them.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.domains import DomainCondition, DomainOr

from ...workflow import READERS
from ..parties.outsiders import NOBODY_SEES
from ..parties.own_numbers import is_true

# What the domain of all rules of a role looks like.
RULES = (DomainCondition, DomainOr)


def _asks_whose_it_is(condition):
    asks = isinstance(condition, DomainCondition) and condition.field_expr in READERS
    return asks and condition.operator == "in" and list(condition.value) == [True]


class Application(models.Model):
    _inherit = "skill.cert.application"

    user_nominates = fields.Boolean(
        "Nominated by me",
        compute="_compute_user_nominates",
        search="_search_user_nominates",
        compute_sudo=True,
        groups=NOBODY_SEES,
    )
    user_acts = fields.Boolean(
        "At a bureau of mine",
        compute="_compute_user_rights",
        search="_search_user_acts",
        compute_sudo=True,
        groups=NOBODY_SEES,
    )
    user_oversees = fields.Boolean(
        "In a city of mine",
        compute="_compute_user_rights",
        search="_search_user_oversees",
        compute_sudo=True,
        groups=NOBODY_SEES,
    )

    @api.depends("nominator_id.nominator_user_ids")
    @api.depends_context("uid")
    def _compute_user_nominates(self):
        own = self._nominated_by_user()
        for application in self:
            application.user_nominates = application in own

    @api.depends("reported_bureau_id.user_ids", "reported_bureau_id.city_id.user_ids")
    @api.depends_context("uid")
    def _compute_user_rights(self):
        own, overseen = self._acted_on_by_user(), self._overseen_by_user()
        for application in self:
            application.user_acts = application in own
            application.user_oversees = application in overseen

    def _nominated_by_user(self):
        return self._pointing_to("nominator_id", "nominated_unit_numbers")

    def _acted_on_by_user(self):
        return self._pointing_to("reported_bureau_id", "acted_bureau_numbers")

    def _overseen_by_user(self):
        return self._pointing_to("reported_bureau_id", "overseen_bureau_numbers")

    def _pointing_to(self, name, numbers):
        """Return those whose many-to-one ``name`` is among the user's own: one look at the column, not one at each case."""
        field, own = self._fields[name], set(self.env["res.users"]._own_numbers(numbers))
        self.mapped(name)
        column = field._get_cache(self.env)
        if all(column.get(id_) in own for id_ in self._ids):
            return self
        return self.filtered(lambda application: application[name]._origin.id in own)

    def filtered_domain(self, domain):
        """Filter; the conditions of the record rules are judged for all cases at once, or each list would pay for eighty."""
        conditions = getattr(domain, "children", [domain])
        if not (isinstance(domain, RULES) and all(_asks_whose_it_is(condition) for condition in conditions)):
            return super().filtered_domain(domain)
        found = self.browse()
        for condition in conditions:
            if len(found) < len(self):
                found |= getattr(self, READERS[condition.field_expr])()
        return found if len(found) < len(self) else self

    def _search_user_nominates(self, operator, value):
        own = self.env["res.users"]._own_numbers("nominated_unit_numbers")
        return Domain("nominator_id", "in", own) if is_true(operator, value) else NotImplemented

    def _search_user_acts(self, operator, value):
        own = self.env["res.users"]._own_numbers("acted_bureau_numbers")
        return Domain("reported_bureau_id", "in", own) if is_true(operator, value) else NotImplemented

    def _search_user_oversees(self, operator, value):
        own = self.env["res.users"]._own_numbers("overseen_bureau_numbers")
        return Domain("reported_bureau_id", "in", own) if is_true(operator, value) else NotImplemented
