from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..rules.selections import LEVELS


class Prospect(models.Model):
    """Who of the staff qualifies, by which condition, and who is one step away: the ledger seen by HR.

    A view over the eligibility statement of the policy in force; it stores nothing. One step
    away is whoever would meet the condition if one threshold of an achievement were reached
    (a proof attached, a patent granted), or needs one more of a kind already held.
    """

    _name = "skill.cert.prospect"
    _description = "Employee who may be nominated"
    _auto = False
    _order = "standing, level desc, employee_id, condition_id"

    employee_id = fields.Many2one("hr.employee", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    occupation_id = fields.Many2one("skill.cert.occupation", readonly=True)
    condition_id = fields.Many2one("skill.cert.condition", readonly=True)
    level = fields.Selection(LEVELS, readonly=True)
    standing = fields.Selection([("1_met", "Qualifies"), ("2_near", "One step away")], readonly=True)

    missing = fields.Char("Still missing", compute="_compute_missing")

    @api.depends("employee_id", "condition_id")
    def _compute_missing(self):
        # All rows are of the policy in force.
        policy = self.condition_id.policy_id
        verdicts = policy._evaluate(self.employee_id) if policy else {}
        for prospect in self:
            verdict = verdicts.get(prospect.employee_id.id, {}).get(prospect.level)
            sentences = verdict.missing.get(prospect.condition_id, []) if verdict else []
            prospect.missing = policy._either(sentences)

    @api.depends("employee_id", "condition_id")
    def _compute_display_name(self):
        for prospect in self:
            prospect.display_name = f"{prospect.employee_id.name} · {prospect.condition_id.display_name}"

    @property
    def _table_query(self):
        # sudo: rules are public; which of the rows a user sees is for this model's own rule.
        policy = self.env["skill.cert.policy"].sudo()._in_force()
        return policy._prospects_sql() if policy else NO_PROSPECT

    def action_open_employee(self):
        """Open the employee of this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "hr.employee",
            "views": [(False, "form")],
            "res_id": self.employee_id.id,
        }

    def action_nominate(self):
        """Open the nomination of the selected employees, each for the level of the selected row."""
        employees = self.employee_id
        if not employees:
            raise UserError(self.env._("Please select the employees to nominate."))
        return employees.action_open_nomination(self)


NO_PROSPECT = SQL(
    """SELECT NULL::bigint AS id, NULL::int AS employee_id, NULL::int AS company_id, NULL::int AS department_id,
              NULL::int AS occupation_id, NULL::int AS condition_id, NULL::varchar AS level,
              NULL::varchar AS standing WHERE FALSE"""
)


class Policy(models.Model):
    _inherit = "skill.cert.policy"

    def _prospects_sql(self):
        """Return the rows of ``skill.cert.prospect``: (employee × condition) met or one step away."""
        return SQL(
            """%(tally)s
            SELECT e.id::bigint * 100000 + t.condition_id AS id, e.id AS employee_id, e.company_id, v.department_id,
                   e.occupation_id, t.condition_id, t.level,
                   CASE WHEN bool_or(t.n >= t.min_count) THEN '1_met' ELSE '2_near' END AS standing
              FROM tally t
              JOIN hr_employee e ON e.id = t.owner_id AND e.active
              LEFT JOIN hr_version v ON v.id = e.current_version_id
             WHERE (t.n + t.near >= t.min_count OR (t.n > 0 AND t.n = t.min_count - 1))
               AND (e.occupation_id IS NULL OR e.occupation_id IN %(in_scope)s)
             GROUP BY e.id, v.department_id, t.condition_id, t.level""",
            tally=self._tally_sql(self.env["hr.employee"], SQL("IS NOT NULL")),
            in_scope=self.env["skill.cert.occupation"]._in_scope_sql(),
        )
