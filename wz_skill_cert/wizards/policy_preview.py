from odoo import fields, models
from odoo.tools import SQL

from ..models.ledger.eligibility import NOBODY
from ..models.rules.selections import LEVELS


class PolicyPreview(models.TransientModel):
    """Who among the present employees would gain, lose or change a level if a policy came into force."""

    _name = "skill.cert.policy.preview"
    _description = "Effect of a policy"

    policy_id = fields.Many2one("skill.cert.policy", required=True, readonly=True, ondelete="cascade")
    current_id = fields.Many2one("skill.cert.policy", "Compared with", readonly=True, ondelete="cascade")
    gain_count = fields.Integer("Gain", readonly=True)
    loss_count = fields.Integer("Lose", readonly=True)
    line_ids = fields.One2many(
        "skill.cert.policy.preview.line", "preview_id", "Employees", readonly=True, groups="hr.group_hr_user"
    )

    def _fill(self):
        """Compare both policies in one statement over the employees of the user's companies."""
        # sudo: only to count; who it is, HR alone reads (groups of line_ids).
        lines = self.env["skill.cert.policy.preview.line"].sudo()
        self.env.execute_query(
            SQL(
                """INSERT INTO skill_cert_policy_preview_line (preview_id, employee_id, level_before, level_after)
                   SELECT %(preview)s, e.id, b.level, a.level
                     FROM hr_employee e
                     LEFT JOIN (%(before)s) b(owner_id, level) ON b.owner_id = e.id
                     LEFT JOIN (%(after)s) a(owner_id, level) ON a.owner_id = e.id
                    WHERE e.active AND e.company_id = ANY(%(companies)s) AND a.level IS DISTINCT FROM b.level
                RETURNING id""",
                preview=self.id,
                before=self.current_id._reached_sql(self.env["hr.employee"], SQL("IS NOT NULL"))
                if self.current_id
                else NOBODY,
                after=self.policy_id._reached_sql(self.env["hr.employee"], SQL("IS NOT NULL")),
                companies=self.env.companies.ids,
            )
        )
        self.invalidate_recordset()
        changed = lines.search([("preview_id", "=", self.id)])
        # An empty level sorts before every level, "technician" after "senior_worker".
        gains = changed.filtered(lambda line: (line.level_after or "") > (line.level_before or ""))
        self.write({"gain_count": len(gains), "loss_count": len(changed) - len(gains)})


class PolicyPreviewLine(models.TransientModel):
    _name = "skill.cert.policy.preview.line"
    _description = "Employee whose level a policy would change"
    _order = "level_after desc, level_before desc, employee_id"

    preview_id = fields.Many2one("skill.cert.policy.preview", required=True, ondelete="cascade", index=True)
    employee_id = fields.Many2one("hr.employee", readonly=True, ondelete="cascade")
    level_before = fields.Selection(LEVELS, "Now", readonly=True)
    level_after = fields.Selection(LEVELS, "Then", readonly=True)


class Policy(models.Model):
    _inherit = "skill.cert.policy"

    def action_preview(self):
        """Show who would gain or lose a level under this policy, before it is put into force."""
        self.ensure_one()
        preview = self.env["skill.cert.policy.preview"].create(
            {"policy_id": self.id, "current_id": self._in_force().id}
        )
        preview._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Effect on the present employees"),
            "res_model": preview._name,
            "views": [(False, "form")],
            "res_id": preview.id,
            "target": "new",
        }
