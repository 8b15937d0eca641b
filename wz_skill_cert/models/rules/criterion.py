"""Notice, part 2: the conditions of a policy as records; what each compares, and how it is said."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..platform.enumeration import enumerate_names
from .selections import GRADES, KINDS, LEVELS, ROLES, SCOPES, TITLE_RANKS

# The ordered thresholds of a criterion.
BOUNDS = ("min_scope", "worst_grade", "min_title_rank")
ROLE_ORDER = [key for key, label in ROLES]

# Each threshold of a criterion (c) that an achievement (a) must reach. Bounds are
# inclusive: 以上 includes the number itself (民法典 art. 1259). NULL reaches nothing.
THRESHOLDS = {
    "scope": SQL("c.min_scope IS NULL OR a.scope >= c.min_scope"),
    "grade": SQL("c.worst_grade IS NULL OR a.grade <= c.worst_grade"),
    "title": SQL("c.min_title_rank IS NULL OR a.title_rank >= c.min_title_rank"),
    # A main contributor has a fortiori taken a main part.
    "role": SQL(
        "c.min_role IS NULL OR array_position(%s, a.role::text) >= array_position(%s, c.min_role::text)",
        ROLE_ORDER,
        ROLE_ORDER,
    ),
    "benefit": SQL("coalesce(c.min_benefit, 0) = 0 OR a.annual_benefit >= c.min_benefit"),
    "granted": SQL("c.needs_granted IS NOT TRUE OR a.granted"),
    "related": SQL("c.needs_related IS NOT TRUE OR a.related"),
}
# And the proof, which is looked up in the ledger's own table.
THRESHOLD_NAMES = (*THRESHOLDS, "evidence")


class PolicyPart(models.AbstractModel):
    """A record of a policy's rules: it changes while the policy is a draft, and with it is fixed."""

    _name = "skill.cert.policy.part"
    _description = "Part of a policy"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; only in a draft."""
        parts = super().create(vals_list)
        parts.policy_id._check_draft()
        return parts

    def write(self, vals):
        """Write; only in a draft, and not from one policy into another that is in force."""
        self.policy_id._check_draft()
        result = super().write(vals)
        self.policy_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_draft(self):
        self.policy_id._check_draft()


class Condition(models.Model):
    """One numbered condition of the notice's part 2; any one of a level's conditions suffices."""

    _name = "skill.cert.condition"
    _description = "Recognition condition"
    _inherit = ["skill.cert.policy.part"]
    _order = "policy_id, level, number, id"

    policy_id = fields.Many2one("skill.cert.policy", required=True, ondelete="cascade", index=True)
    level = fields.Selection(LEVELS, required=True)
    number = fields.Integer(required=True)
    text = fields.Text("Text of the notice", required=True)
    criterion_ids = fields.One2many(
        "skill.cert.criterion",
        "condition_id",
        "Alternative criteria",
        copy=True,
        help="Any one of them satisfies the condition. Halves of two do not add up.",
    )

    _number_unique = models.Constraint(
        "UNIQUE (policy_id, level, number)", "This level already has a condition with this number."
    )

    @api.depends("level", "number")
    def _compute_display_name(self):
        levels = dict(self._fields["level"]._description_selection(self.env))
        for condition in self:
            condition.display_name = self.env._(
                "%(level)s, condition %(number)s", level=levels.get(condition.level, ""), number=condition.number
            )


class Criterion(models.Model):
    """What counts towards a condition: thresholds that an achievement must all reach, and how many."""

    _name = "skill.cert.criterion"
    _description = "Criterion"
    _inherit = ["skill.cert.policy.part"]
    _order = "condition_id, sequence, id"

    condition_id = fields.Many2one("skill.cert.condition", required=True, ondelete="cascade", index=True)
    policy_id = fields.Many2one(related="condition_id.policy_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True)
    type_ids = fields.Many2many(
        "skill.cert.achievement.type",
        "skill_cert_criterion_type_rel",
        "criterion_id",
        "type_id",
        string="Types that count",
        domain="[('kind', '=', kind)]",
        required=True,
    )
    min_count = fields.Integer("How many", default=1, required=True)
    min_scope = fields.Selection(SCOPES, "Scope, at least")
    worst_grade = fields.Selection(GRADES, "Grade, at least")
    min_title_rank = fields.Selection(TITLE_RANKS, "Title, at least")
    min_role = fields.Selection(ROLES, "Role, at least")
    min_benefit = fields.Float("Annual benefit (10,000 yuan), at least", digits=(16, 2))
    needs_granted = fields.Boolean("Granted only")
    needs_related = fields.Boolean("Related specialty only")
    needs_evidence = fields.Boolean("Evidence attached only")

    _count_positive = models.Constraint("CHECK (min_count > 0)", "A criterion asks for at least one achievement.")
    _benefit_positive = models.Constraint("CHECK (min_benefit >= 0)", "The benefit of a criterion cannot be negative.")

    @api.constrains("kind", "type_ids")
    def _check_types(self):
        for criterion in self:
            if not criterion.type_ids or set(criterion.type_ids.mapped("kind")) != {criterion.kind}:
                raise ValidationError(
                    self.env._("A criterion names at least one type of achievement, all of its own kind.")
                )

    @api.depends(
        "kind", "min_count", "type_ids", "min_scope", "worst_grade", "min_title_rank", "min_role", "min_benefit"
    )
    def _compute_display_name(self):
        for criterion in self:
            criterion.display_name = criterion._describe()

    def _describe(self):
        facts = {name: self[name] for name in ("kind", "min_role", "min_benefit", *BOUNDS)}
        return f"{self._named({**facts, 'types': self.type_ids.mapped('name')})} × {self.min_count}"

    @api.model
    def _label(self, name, key):
        """Return the translated label of a selection's ``key``, empty where there is none."""
        return dict(self._fields[name]._description_selection(self.env)).get(key, "")

    @api.model
    def _named(self, facts):
        """Name what counts with all its thresholds, as a reader needs it to know what to look for.

        :param facts: the criterion's values and ``types``, names of the types that count.
        """
        subject = facts["types"][0] if len(facts["types"]) == 1 else self._label("kind", facts["kind"])
        return enumerate_names(self.env, [subject, *self._bounds(facts)])

    def _bounds(self, facts):
        bounds = [self.env._("%s or higher", self._label(name, facts[name])) for name in BOUNDS if facts[name]]
        if facts["min_role"]:
            bounds.append(self._label("min_role", facts["min_role"]))
        if facts["min_benefit"]:
            bounds.append(self.env._("%.2f × 10,000 yuan a year or more", facts["min_benefit"]))
        return bounds
