from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ... import formats
from ..platform.enumeration import field_labels
from ..rules.selections import GRADES, ROLES, SCOPES, TITLE_RANKS

# What an achievement of each kind cannot be judged without.
REQUIRED_BY_KIND = {
    "honour": ("scope",),
    "award": ("scope", "grade", "role"),
    "patent": ("number", "role"),
    "title": ("title_rank",),
    "talent": (),
    "breakthrough": ("role",),
}


# What the judgement of an owner depends on.
JUDGED_BY = tuple(
    f"achievement_ids.{name}"
    for name in (
        "type_id",
        "scope",
        "grade",
        "title_rank",
        "role",
        "annual_benefit",
        "granted",
        "related",
        "identity",
        "evidence_ids",
    )
)


class AchievementMixin(models.AbstractModel):
    """What an employee's ledger and an application say alike about one achievement."""

    _name = "skill.cert.achievement.mixin"
    _description = "Achievement"
    _inherit = ["skill.cert.attachment.owner"]
    _order = "date desc, id desc"
    _proved_by = "evidence_ids"

    type_id = fields.Many2one("skill.cert.achievement.type", required=True, ondelete="restrict", index=True)
    kind = fields.Selection(related="type_id.kind", store=True)
    name = fields.Char("Title", required=True)
    scope = fields.Selection(SCOPES, help="Level of the authority that granted it.")
    grade = fields.Selection(GRADES)
    title_rank = fields.Selection(TITLE_RANKS)
    role = fields.Selection(ROLES)
    annual_benefit = fields.Float(
        "Annual benefit (10,000 yuan)",
        digits=(16, 2),
        help="Direct economic benefit in one year, as the enterprise proves it.",
    )
    number = fields.Char(help="Number of the paper. For a patent: ZL, digits, dot and check digit.")
    issuer = fields.Char()
    date = fields.Date()
    granted = fields.Boolean(default=True, help="Untick for a patent that is applied for but not granted.")
    related = fields.Boolean("Related to the occupation", default=True)
    identity = fields.Char(
        compute="_compute_identity", store=True, help="One paper counts once, however often it is entered."
    )

    _benefit_positive = models.Constraint("CHECK (annual_benefit >= 0)", "The annual benefit cannot be negative.")
    detail = fields.Char(
        "Details", compute="_compute_detail", help="Level, grade, rank, role, benefit and number, as far as they apply."
    )

    @api.depends("type_id.kind", "number", "name", "date", "scope", "grade")
    def _compute_identity(self):
        for achievement in self:
            number = formats.bare_number(achievement.number)
            parts = (
                [number]
                if number
                else [
                    formats.normalise(achievement.name),
                    str(achievement.date or ""),
                    achievement.scope or "",
                    achievement.grade or "",
                ]
            )
            achievement.identity = "|".join([achievement.type_id.kind or "", *parts])

    @api.constrains("type_id", "scope", "grade", "title_rank", "role", "number")
    def _check_complete(self):
        for achievement in self:
            missing = [name for name in REQUIRED_BY_KIND[achievement.kind] if not achievement[name]]
            if missing:
                labels = field_labels(self, missing)
                raise ValidationError(
                    self.env._("%(name)s: please fill in %(fields)s.", name=achievement.name, fields=labels)
                )

    @api.constrains("type_id", "number")
    def _check_patent_number(self):
        for achievement in self:
            if achievement.kind == "patent" and not formats.is_patent_number(achievement.number):
                raise ValidationError(
                    self.env._(
                        "%s is not a patent number: it has 12 digits (8 before 2003), a dot and the right check "
                        "digit, as in ZL201910161784.9.",
                        achievement.number,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create, and make the evidence belong to the achievement."""
        achievements = super().create(vals_list)
        achievements._claim_attachments("evidence_ids")
        return achievements

    def write(self, vals):
        """Write, and make new evidence belong to the achievement."""
        result = super().write(vals)
        if "evidence_ids" in vals:
            self._claim_attachments("evidence_ids")
        return result

    def _counted_sql(self, alias):
        """Return the condition under which an achievement counts at all."""
        return SQL("TRUE")

    def _copy_vals(self):
        """Return the values that carry this achievement, with copies of its files, into an application."""
        self.ensure_one()
        names = (
            "name",
            "scope",
            "grade",
            "title_rank",
            "role",
            "annual_benefit",
            "number",
            "issuer",
            "date",
            "granted",
            "related",
        )
        vals = {name: self[name] for name in names}
        copies = [evidence.copy({"res_model": False, "res_id": 0}).id for evidence in self.evidence_ids]
        return {**vals, "type_id": self.type_id.id, "evidence_ids": [(6, 0, copies)]}

    def _verdict_on(self):
        """Hook: return what officer or expert found, where somebody judges: ``claimed``, ``verified`` or ``refused``."""
        return "claimed"

    @api.depends("scope", "grade", "title_rank", "role", "annual_benefit", "number", "kind", "granted")
    def _compute_detail(self):
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("scope", "grade", "title_rank", "role")
        }
        for achievement in self:
            parts = [labels[name].get(achievement[name]) for name in labels]
            if achievement.annual_benefit:
                parts.append(self.env._("%.2f × 10,000 yuan a year", achievement.annual_benefit))
            if achievement.kind == "patent":
                parts.append(achievement.number)
                parts.append(not achievement.granted and self.env._("not granted yet"))
            achievement.detail = " · ".join(part for part in parts if part)


class EmployeeAchievement(models.Model):
    """The ledger of an employee's proven achievements, kept in the enterprise's own ERP."""

    _name = "hr.employee.achievement"
    _description = "Employee achievement"
    _inherit = ["skill.cert.achievement.mixin"]
    _owner_field = "employee_id"
    _evidence_table = "hr_employee_achievement_evidence_rel"

    employee_id = fields.Many2one("hr.employee", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="employee_id.company_id", store=True, index=True)
    evidence_ids = fields.Many2many(
        "ir.attachment", "hr_employee_achievement_evidence_rel", "achievement_id", "attachment_id", copy=False
    )
