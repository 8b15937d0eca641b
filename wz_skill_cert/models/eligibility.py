from collections import defaultdict
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from .selections import LEVELS, ROLES

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
    "evidence": SQL("c.needs_evidence IS NOT TRUE OR e.achievement_id IS NOT NULL"),
}


class Verdict(NamedTuple):
    """What one owner has reached for one level.

    ``met``: conditions satisfied. ``missing``: {condition: [sentence, …]} for the others.
    """

    met: models.BaseModel
    missing: dict


def _columns(template):
    """Return one column for each threshold, from a template with its name."""
    return SQL(", ").join(SQL(template.replace("{name}", name)) for name in THRESHOLDS)


class Policy(models.Model):
    """Eligibility (notice, part 2): one SQL statement over achievement × criterion.

    The same statement answers for one draft, for one employee and for all of them; its
    rows explain, and a projection of it gives the highest level. No rule is repeated in
    Python: Python only words the figures that the statement returns.
    """

    _inherit = "skill.cert.policy"

    def _evaluate(self, owners):
        """Judge ``owners``, saved employees or applications, against this policy's conditions.

        :return: {owner id: {level: Verdict}}; pending changes are flushed first.
        """
        self.ensure_one()
        rows = self.env.execute_query_dict(self._explanation_sql(owners)) if owners.ids else []
        grouped = defaultdict(lambda: defaultdict(list))
        for row in rows:
            grouped[row["owner_id"]][row["condition_id"]].append(row)
        return {owner_id: self._verdicts(grouped[owner_id]) for owner_id in owners.ids}

    def _verdicts(self, rows_by_condition):
        return {level: self._verdict(level, rows_by_condition) for level, label in LEVELS}

    def _verdict(self, level, rows_by_condition):
        conditions = self.condition_ids.filtered(lambda condition: condition.level == level)
        met = conditions.filtered(lambda c: any(row["met"] for row in rows_by_condition[c.id]))
        missing = {
            condition: [self._shortfall(row) for row in rows_by_condition[condition.id]]
            for condition in conditions - met
        }
        return Verdict(met, missing)

    def _eligible_levels(self, owners):
        """Return {owner id: highest level reached or False}, without explanations."""
        self.ensure_one()
        levels = dict.fromkeys(owners.ids, False)
        if owners.ids:
            # "technician" sorts after "senior_worker", so max() is the higher level.
            levels.update(
                self.env.execute_query(
                    SQL(
                        "%s SELECT owner_id, max(level) FROM tally WHERE n >= min_count GROUP BY owner_id",
                        self._tally_sql(owners),
                    )
                )
            )
        return levels

    def _explanation_sql(self, owners):
        return SQL(
            """%(tally)s
            SELECT o.owner_id, c.condition_id, c.id AS criterion_id, coalesce(t.n, 0) AS n,
                   coalesce(t.n >= c.min_count, FALSE) AS met,
                   t.best_scope, t.best_grade, t.best_title_rank, t.best_benefit, %(off)s
              FROM unnest(%(owners)s) AS o(owner_id)
              JOIN skill_cert_criterion c ON c.policy_id = %(policy)s
              LEFT JOIN tally t ON t.owner_id = o.owner_id AND t.criterion_id = c.id
             ORDER BY o.owner_id, c.condition_id, c.sequence, c.id""",
            tally=self._tally_sql(owners),
            off=_columns("coalesce(t.off_{name}, 0) AS off_{name}"),
            owners=list(owners.ids),
            policy=self.id,
        )

    def _tally_sql(self, owners):
        """Return ``WITH … tally``: per owner and criterion, how many achievements reach every threshold.

        One paper counts once, however often it was entered (``identity``). ``off_…``
        counts those that fail one threshold, for the explanation.
        """
        self.env.flush_all()
        return SQL(
            """WITH fact AS (%(facts)s), tally AS (
                SELECT owner_id, criterion_id, min_count, level,
                       count(DISTINCT identity) FILTER (WHERE %(all_ok)s) AS n,
                       max(scope) AS best_scope, min(grade) AS best_grade,
                       max(title_rank) AS best_title_rank, max(annual_benefit) AS best_benefit, %(off)s
                  FROM fact
                 GROUP BY owner_id, criterion_id, min_count, level
            )""",
            facts=self._facts_sql(owners),
            off=_columns("count(*) FILTER (WHERE NOT ok_{name}) AS off_{name}"),
            all_ok=SQL(" AND ").join(SQL.identifier(f"ok_{name}") for name in THRESHOLDS),
        )

    def _facts_sql(self, owners):
        """Return the rows (achievement × criterion of its type) with one flag per threshold."""
        model = owners._achievement_model()
        return SQL(
            """SELECT a.%(owner)s AS owner_id, c.id AS criterion_id, c.min_count, d.level, a.identity,
                      a.scope, a.grade, a.title_rank, a.annual_benefit, %(flags)s
                 FROM %(table)s a
                 JOIN skill_cert_criterion_type_rel r ON r.type_id = a.type_id
                 JOIN skill_cert_criterion c ON c.id = r.criterion_id AND c.policy_id = %(policy)s
                 JOIN skill_cert_condition d ON d.id = c.condition_id
                 LEFT JOIN (SELECT DISTINCT achievement_id FROM %(evidence)s) e ON e.achievement_id = a.id
                WHERE a.%(owner)s = ANY(%(ids)s) AND %(counted)s""",
            owner=SQL.identifier(model._owner_field),
            table=SQL.identifier(model._table),
            evidence=SQL.identifier(model._evidence_table),
            counted=model._counted_sql("a"),
            flags=SQL(", ").join(
                SQL("coalesce(%s, FALSE) AS %s", test, SQL.identifier(f"ok_{name}"))
                for name, test in THRESHOLDS.items()
            ),
            policy=self.id,
            ids=list(owners.ids),
        )

    def _shortfall(self, row):
        """Word what one unmet criterion lacks, from the figures of its row."""
        criterion = self.env["skill.cert.criterion"].browse(row["criterion_id"])
        missing = self.env._(
            "%(count)s more needed: %(subject)s", count=criterion.min_count - row["n"], subject=criterion._subject()
        )
        reasons = [self._off_reason(name, criterion, row) for name in THRESHOLDS if row[f"off_{name}"]]
        return f"{missing} ({'; '.join(reasons)})" if reasons else missing

    def _off_reason(self, threshold, criterion, row):
        wording = {
            "scope": lambda: self._below(criterion, "min_scope", row["best_scope"]),
            "grade": lambda: self._below(criterion, "worst_grade", row["best_grade"]),
            "title": lambda: self._below(criterion, "min_title_rank", row["best_title_rank"]),
            "role": lambda: self.env._("not as %s", criterion._label("min_role")),
            "benefit": lambda: self.env._(
                "benefit short by %.2f × 10,000 yuan", criterion.min_benefit - float(row["best_benefit"] or 0)
            ),
            "granted": lambda: self.env._("not granted yet"),
            "related": lambda: self.env._("specialty not related to the occupation"),
            "evidence": lambda: self.env._("proof not attached"),
        }
        return wording[threshold]()

    def _below(self, criterion, field, best):
        """Say which bound was asked for and what the best achievement has; empty reads as "not given"."""
        return self.env._(
            "%(field)s: %(needed)s; now: %(best)s",
            field=criterion._fields[field]._description_string(self.env),
            needed=criterion._label(field),
            best=criterion._label(field, best) if best else self.env._("not given"),
        )

    def _explain(self, verdicts):
        """Return a readable text of ``{level: Verdict}``: one block a level, one line a condition."""
        if not verdicts:
            return self.env._("No policy in force.") if not self else ""
        levels = dict(self.env["skill.cert.condition"]._fields["level"]._description_selection(self.env))
        return "\n\n".join(
            "\n".join([levels[level], *self._verdict_lines(verdict)]) for level, verdict in verdicts.items()
        )

    def _verdict_lines(self, verdict):
        lines = [self.env._("✓ condition %(number)s is met", number=condition.number) for condition in verdict.met]
        for condition, sentences in verdict.missing.items():
            separator = self.env._(", or ")
            lines.append(
                self.env._(
                    "✗ condition %(number)s: %(missing)s", number=condition.number, missing=separator.join(sentences)
                )
            )
        return lines
