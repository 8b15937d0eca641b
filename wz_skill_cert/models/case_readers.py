"""Whose case it is, as the record rules of the cases ask it: by one column, for one role, anew in each request.

A list of 80 asks three times: for its page, for the count, and Odoo looks at the rules of the 80 once more when they are
read. The own units and bureaus are therefore read once a transaction (the ORM forgets them when they change), and the
second look compares numbers. tests/test_rule_speed.py counts the queries, `make bench` measures them.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .platform_outsiders import NOBODY_SEES


def is_true(operator, value):
    """Tell whether a condition asks for the records on which a yes-or-no field is set; rules ask nothing else."""
    return operator == "in" and True in value


class Users(models.Model):
    _inherit = "res.users"

    def _own_with_archived(self, name):
        """Return what the current user's field ``name`` holds. Archived units and bureaus keep their cases."""
        # sudo: a user reads neither other users' units nor the link; these are the user's own.
        return self.env.user.sudo().with_context(active_test=False)[name]


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
        own = set(self.env["res.users"]._own_with_archived("nominator_unit_ids").ids)
        for application in self:
            application.user_nominates = application.nominator_id._origin.id in own

    @api.depends("reported_bureau_id.user_ids", "reported_bureau_id.city_id.user_ids")
    @api.depends_context("uid")
    def _compute_user_rights(self):
        own = self.env["res.users"]._own_with_archived("skill_cert_bureau_ids")
        acting, overseen = set(own.ids), set(own.overseen_ids.ids)
        for application in self:
            bureau = application.reported_bureau_id._origin.id
            application.user_acts = bureau in acting
            application.user_oversees = bureau in overseen

    @api.depends("expert_user_ids")
    @api.depends_context("uid")
    def _compute_user_assesses(self):
        # sudo: only yes or no leaves here.
        cases = self.sudo().with_context(active_test=False)
        own = cases.search(Domain("id", "in", self._origin.ids) & Domain("user_assesses", "=", True), order="id")
        for application in self:
            application.user_assesses = application._origin in own

    def _search_user_nominates(self, operator, value):
        own = self.env["res.users"]._own_with_archived("nominator_unit_ids")
        return Domain("nominator_id", "in", own.ids) if is_true(operator, value) else NotImplemented

    def _search_user_acts(self, operator, value):
        own = self.env["res.users"]._own_with_archived("skill_cert_bureau_ids")
        return Domain("reported_bureau_id", "in", own.ids) if is_true(operator, value) else NotImplemented

    def _search_user_oversees(self, operator, value):
        own = self.env["res.users"]._own_with_archived("skill_cert_bureau_ids").overseen_ids
        return Domain("reported_bureau_id", "in", own.ids) if is_true(operator, value) else NotImplemented

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
