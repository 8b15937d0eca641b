"""Whose case it is, as the record rules of the cases ask it: by one column, for one role, anew in each request.

A list of 80 asks three times: for its page, for the count, and Odoo looks at the rules of the 80 once more when they are
read. The own units and bureaus are therefore read once a transaction (the ORM forgets them when they change), and the
second look compares numbers. tests/test_rule_speed.py counts the queries, `make bench` measures them.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.domains import DomainCondition, DomainOr
from odoo.tools import SQL

from ..parties.outsiders import NOBODY_SEES

# What the domain of all rules of a role looks like.
RULES = (DomainCondition, DomainOr)
OWN_UNITS = "SELECT ARRAY(SELECT partner_id FROM skill_cert_nominator_user_rel WHERE user_id = %s)"
OWN_BUREAUS = """
    SELECT ARRAY(SELECT bureau_id FROM skill_cert_bureau_user_rel WHERE user_id = %(user)s),
           ARRAY(SELECT b.id FROM skill_cert_bureau_user_rel r JOIN skill_cert_bureau b ON b.city_id = r.bureau_id
                  WHERE r.user_id = %(user)s)
"""
JUDGED_AT_ONCE = {
    "user_nominates": "_nominated_by_user",
    "user_acts": "_acted_on_by_user",
    "user_oversees": "_overseen_by_user",
    "user_assesses": "_assessed_by_user",
}


def is_true(operator, value):
    """Tell whether a condition asks for the records on which a yes-or-no field is set; rules ask nothing else."""
    return operator == "in" and True in value


def _asks_whose_it_is(condition):
    asks = isinstance(condition, DomainCondition) and condition.field_expr in JUDGED_AT_ONCE
    return asks and condition.operator == "in" and list(condition.value) == [True]


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
    user_assesses = fields.Boolean(
        "Assessed by me",
        compute="_compute_user_assesses",
        search="_search_user_assesses",
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

    @api.depends("expert_user_ids")
    @api.depends_context("uid")
    def _compute_user_assesses(self):
        own = self._assessed_by_user()
        for application in self:
            application.user_assesses = application in own

    def _nominated_by_user(self):
        return self._pointing_to("nominator_id", "nominated_unit_numbers")

    def _acted_on_by_user(self):
        return self._pointing_to("reported_bureau_id", "acted_bureau_numbers")

    def _overseen_by_user(self):
        return self._pointing_to("reported_bureau_id", "overseen_bureau_numbers")

    def _assessed_by_user(self):
        experts = self._fields["expert_user_ids"]
        rows = self.env.execute_query(
            SQL(
                "SELECT application_id FROM skill_cert_application_expert_user_rel"
                " WHERE user_id = %s AND application_id = ANY(%s)",
                self.env.uid,
                self._origin.ids,
                to_flush=experts,
            )
        )
        own = {number for [number] in rows}
        return self.filtered(lambda application: application._origin.id in own)

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
                found |= getattr(self, JUDGED_AT_ONCE[condition.field_expr])()
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

    def _search_user_assesses(self, operator, value):
        return Domain.custom(to_sql=self._assessed_sql) if is_true(operator, value) else NotImplemented

    @api.model
    def _assessed_sql(self, model, alias, query):
        """Return the condition that the current user assesses the case.

        An expert has some hundred cases among hundreds of thousands. As a join the database would rather walk back
        through all cases until it has met eighty of these; an array it looks up.
        """
        return SQL(
            "%s = ANY(ARRAY(SELECT application_id FROM skill_cert_application_expert_user_rel WHERE user_id = %s))",
            SQL.identifier(alias, "id"),
            model.env.uid,
            to_flush=self._fields["expert_user_ids"],
        )
