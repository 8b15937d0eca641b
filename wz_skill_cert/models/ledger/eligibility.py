import json
from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..platform.enumeration import enumerate_reasons
from ..rules.criterion import THRESHOLD_NAMES, THRESHOLDS
from ..rules.selections import LEVELS

NOBODY = SQL("SELECT NULL::int, NULL::varchar WHERE FALSE")


class Verdict(NamedTuple):
    """What one owner has reached for one level.

    ``met``: conditions satisfied. ``missing``: {condition: [sentence, …]} for the others.
    ``rows``: {condition id: rows of the statement}, for pictures of the distance.
    """

    met: models.BaseModel
    missing: dict
    rows: dict


# The columns of achievements that are not saved yet, as the statement needs them.
UNSAVED = SQL(
    """owner_id int, identity varchar, type_id int, scope varchar, grade varchar, title_rank varchar, role varchar,
       annual_benefit numeric, granted boolean, related boolean, verified varchar, evidenced boolean"""
)


class Ledger(NamedTuple):
    """Where the achievements to be judged are: the rows ``a``, whose they are, which count, and which have their proof."""

    rows: SQL
    owner: SQL
    counted: SQL
    proof: SQL


def _keys(owners):
    """Return what stands for each of ``owners`` in the statement: the id, or the place of one that is not saved."""
    return list(owners.ids) if owners[:1].id else list(range(len(owners)))


def _columns(template):
    """Return one column for each threshold, from a template with its name."""
    return SQL(", ").join(SQL(template.replace("{name}", name)) for name in THRESHOLD_NAMES)


def _unsaved(owners):
    """Return the achievements of ``owners`` as they stand in a form, as rows of UNSAVED."""
    names = ("identity", "scope", "grade", "title_rank", "role", "annual_benefit", "granted", "related")
    return [
        {
            **{name: False if name in ("granted", "related") else None for name in names},
            **{name: achievement[name] for name in names if achievement[name]},
            "owner_id": key,
            "type_id": achievement.type_id._origin.id,
            "verified": achievement._verdict_on() or "claimed",
            "evidenced": bool(achievement.evidence_ids),
        }
        for owner, key in zip(owners, _keys(owners), strict=True)
        for achievement in owner.achievement_ids
    ]


class Policy(models.Model):
    """Eligibility: one SQL statement over achievement × criterion.

    The same statement answers for one draft, for one employee and for all of them; its
    rows explain, and a projection of it gives the highest level. No rule is repeated in
    Python: Python only words the figures that the statement returns.
    """

    _inherit = "skill.cert.policy"

    def _evaluate(self, owners):
        """Judge ``owners``, employees or applications, against this policy's conditions.

        Either all of them are saved, and pending changes are flushed first, or all stand in a form that is being filled in
        (NewId), and are judged by its values.

        :return: {owner id: {level: Verdict}}
        """
        self.ensure_one()
        rows = self.env.execute_query_dict(self._explanation_sql(owners)) if owners else []
        grouped = defaultdict(lambda: defaultdict(list))
        for row in rows:
            grouped[row["owner_id"]][row["condition_id"]].append(row)
        return {
            owner_id: self._verdicts(grouped[key]) for owner_id, key in zip(owners._ids, _keys(owners), strict=True)
        }

    def _verdicts(self, rows_by_condition):
        return {level: self._verdict(level, rows_by_condition) for level, label in LEVELS}

    def _verdict(self, level, rows_by_condition):
        rows = {condition: found for condition, found in rows_by_condition.items() if found[0]["level"] == level}
        met = [condition for condition, found in rows.items() if any(row["met"] for row in found)]
        conditions = self.env["skill.cert.condition"]
        missing = {
            conditions.browse(condition): [self._shortfall(row) for row in found]
            for condition, found in rows.items()
            if condition not in met
        }
        return Verdict(conditions.browse(met), missing, rows)

    def _eligible_levels(self, employees):
        """Return {employee id: highest level reached or False}, without explanations."""
        self.ensure_one()
        levels = dict.fromkeys(employees.ids, False)
        if employees.ids:
            reached = self._reached_sql(employees, SQL("= ANY(%s)", list(employees.ids)))
            levels.update(self.env.execute_query(reached))
        return levels

    @api.model
    def _refresh_eligible_levels(self):
        """Recompute every employee's level in one statement: rules, catalogue or the date have changed."""
        policy = self._in_force()
        reached = policy._reached_sql(self.env["hr.employee"], SQL("IS NOT NULL")) if policy else NOBODY
        self.env.execute_query(
            SQL(
                """UPDATE hr_employee e SET eligible_level = r.level
                     FROM hr_employee every LEFT JOIN (%s) r(owner_id, level) ON r.owner_id = every.id
                    WHERE e.id = every.id AND e.eligible_level IS DISTINCT FROM r.level
                RETURNING e.id""",
                reached,
            )
        )
        self.env["hr.employee"].invalidate_model(["eligible_level"])

    def _reached_sql(self, employees, who):
        """Return rows (owner, highest level) of those who reach one; ``who`` bounds the owners' ids.

        Whoever works in an occupation that may not be applied for reaches nothing; whoever
        has none entered yet is judged by the achievements alone.
        """
        # "technician" sorts after "senior_worker", so max() is the higher level.
        return SQL(
            """WITH fact AS (%(facts)s)
            SELECT t.owner_id, max(t.level)
              FROM (SELECT owner_id, level FROM fact WHERE failed = 0
                     GROUP BY owner_id, criterion_id, min_count, level
                    HAVING count(DISTINCT identity) >= min_count) t
              JOIN %(owner)s o ON o.id = t.owner_id
             WHERE o.occupation_id IS NULL OR o.occupation_id IN %(in_scope)s
             GROUP BY t.owner_id""",
            facts=self._facts_sql(employees, who),
            owner=SQL.identifier(employees._table),
            in_scope=self.env["skill.cert.occupation"]._in_scope_sql(),
        )

    def _explanation_sql(self, owners):
        """Return a row per owner and criterion: the rule in full, the figures, and whether it is met.

        The rules come with the rows, so that explaining costs this one query and no reading of records.
        """
        return SQL(
            """%(tally)s, rule AS (%(rules)s)
            SELECT o.owner_id, r.*, coalesce(t.n, 0) AS n, coalesce(t.n >= r.min_count, FALSE) AS met,
                   t.best_scope, t.best_grade, t.best_title_rank, t.best_benefit, %(off)s
              FROM unnest(%(owners)s) AS o(owner_id)
             CROSS JOIN rule r
              LEFT JOIN tally t ON t.owner_id = o.owner_id AND t.criterion_id = r.criterion_id
             ORDER BY o.owner_id, r.level, r.number, r.condition_id, r.sequence, r.criterion_id""",
            tally=self._tally_sql(owners, SQL("= ANY(%s)", _keys(owners))),
            rules=self._rules_sql(),
            off=_columns("coalesce(t.off_{name}, 0) AS off_{name}"),
            owners=_keys(owners),
        )

    def _rules_sql(self):
        """Return the criteria with their conditions and the names of their types, in the user's language."""
        return SQL(
            """SELECT c.id AS criterion_id, c.condition_id, c.sequence, c.kind, c.min_count, c.min_scope, c.worst_grade,
                      c.min_title_rank, c.min_role, c.min_benefit, d.level, d.number, d.text,
                      array_agg(coalesce(t.name->>%(lang)s, t.name->>'en_US') ORDER BY t.sequence, t.id) AS types
                 FROM skill_cert_criterion c
                 JOIN skill_cert_condition d ON d.id = c.condition_id
                 JOIN skill_cert_criterion_type_rel r ON r.criterion_id = c.id
                 JOIN skill_cert_achievement_type t ON t.id = r.type_id
                WHERE c.policy_id = %(policy)s
                GROUP BY c.id, d.id""",
            lang=self.env.lang or "en_US",
            policy=self.id,
        )

    def _tally_sql(self, owners, who):
        """Return ``WITH … tally``: per owner and criterion, how many achievements reach every threshold.

        One paper counts once, however often it was entered (``identity``). ``off_…`` counts
        those that fail one threshold, ``near`` those that fail a single one.
        """
        return SQL(
            """WITH fact AS (%(facts)s), tally AS (
                SELECT owner_id, criterion_id, condition_id, min_count, level,
                       count(DISTINCT identity) FILTER (WHERE failed = 0) AS n,
                       count(DISTINCT identity) FILTER (WHERE failed = 1) AS near,
                       max(scope) AS best_scope, min(grade) AS best_grade,
                       max(title_rank) AS best_title_rank, max(annual_benefit) AS best_benefit, %(off)s
                  FROM fact
                 GROUP BY owner_id, criterion_id, condition_id, min_count, level
            )""",
            facts=self._facts_sql(owners, who),
            off=_columns("count(*) FILTER (WHERE NOT ok_{name}) AS off_{name}"),
        )

    def _facts_sql(self, owners, who):
        """Return the rows (achievement × criterion of its type): one flag per threshold, how many failed."""
        self.env.flush_all()
        ledger = self._ledger(owners)
        return SQL(
            """SELECT judged.*, %(failed)s AS failed FROM (
                SELECT a.%(owner)s AS owner_id, c.id AS criterion_id, c.condition_id, c.min_count, d.level, a.identity,
                       a.scope, a.grade, a.title_rank, a.annual_benefit, %(flags)s
                  FROM %(rows)s a
                  JOIN skill_cert_criterion_type_rel r ON r.type_id = a.type_id
                  JOIN skill_cert_criterion c ON c.id = r.criterion_id AND c.policy_id = %(policy)s
                  JOIN skill_cert_condition d ON d.id = c.condition_id
                 WHERE a.%(owner)s %(who)s AND %(counted)s
                ) judged""",
            owner=ledger.owner,
            rows=ledger.rows,
            counted=ledger.counted,
            failed=SQL(" + ").join(SQL("(NOT %s)::int", SQL.identifier(f"ok_{name}")) for name in THRESHOLD_NAMES),
            flags=SQL(", ").join(
                SQL("coalesce(%s, FALSE) AS %s", test, SQL.identifier(f"ok_{name}"))
                for name, test in self._thresholds(ledger).items()
            ),
            policy=self.id,
            who=who,
        )

    def _ledger(self, owners):
        model = owners._achievement_model()
        if owners and not owners[:1].id:
            rows = SQL("(SELECT * FROM jsonb_to_recordset(%s::jsonb) AS x(%s))", json.dumps(_unsaved(owners)), UNSAVED)
            return Ledger(rows, SQL("owner_id"), model._counted_sql("a"), SQL("a.evidenced"))
        proof = SQL("EXISTS (SELECT FROM %s e WHERE e.achievement_id = a.id)", SQL.identifier(model._evidence_table))
        owner = SQL.identifier(model._owner_field)
        return Ledger(SQL.identifier(model._table), owner, model._counted_sql("a"), proof)

    def _thresholds(self, ledger):
        """Return the tests of THRESHOLDS and that of the proof, which the ledger knows."""
        return {**THRESHOLDS, "evidence": SQL("c.needs_evidence IS NOT TRUE OR %s", ledger.proof)}

    def _shortfall(self, row):
        """Word what one unmet criterion lacks, from the figures of its row."""
        missing = self.env._(
            "%(count)s more needed: %(subject)s", count=row["min_count"] - row["n"], subject=self._criterion._named(row)
        )
        reasons = [self._off_reason(name, row) for name in THRESHOLD_NAMES if row[f"off_{name}"]]
        if not reasons:
            return missing
        return self.env._("%(missing)s (%(reasons)s)", missing=missing, reasons=enumerate_reasons(self.env, reasons))

    @property
    def _criterion(self):
        return self.env["skill.cert.criterion"]

    def _off_reason(self, threshold, row):
        wording = {
            "scope": lambda: self._below("min_scope", row, "best_scope"),
            "grade": lambda: self._below("worst_grade", row, "best_grade"),
            "title": lambda: self._below("min_title_rank", row, "best_title_rank"),
            "role": lambda: self.env._("not as %s", self._criterion._label("min_role", row["min_role"])),
            "benefit": lambda: self.env._(
                "benefit short by %.2f × 10,000 yuan", row["min_benefit"] - (row["best_benefit"] or 0)
            ),
            "granted": lambda: self.env._("not granted yet"),
            "related": lambda: self.env._("specialty not related to the occupation"),
            "evidence": lambda: self.env._("proof not attached"),
        }
        return wording[threshold]()

    def _below(self, field, row, best):
        """Say which bound was asked for and what the best achievement has; empty reads as "not given"."""
        return self.env._(
            "%(field)s: %(needed)s; now: %(best)s",
            field=self._criterion._fields[field]._description_string(self.env),
            needed=self._criterion._label(field, row[field]),
            best=self._criterion._label(field, row[best]) or self.env._("not given"),
        )

    def _explain(self, verdicts):
        """Return a readable text of ``{level: Verdict}``: one block a level, one line a condition."""
        if not verdicts:
            return self.env._("No policy in force.") if not self else ""
        levels = dict(self.env["skill.cert.condition"]._fields["level"]._description_selection(self.env))
        return "\n\n".join(
            "\n".join([levels[level], *self._verdict_lines(verdict)]) for level, verdict in verdicts.items()
        )

    def _either(self, sentences):
        return self.env._(", or ").join(sentences)

    def _verdict_lines(self, verdict):
        return [self._condition_line(verdict, condition, rows[0]) for condition, rows in verdict.rows.items()]

    def _condition_line(self, verdict, condition, row):
        if condition in verdict.met.ids:
            return self.env._("✓ condition %(number)s is met", number=row["number"])
        sentences = verdict.missing[self.env["skill.cert.condition"].browse(condition)]
        return self.env._("✗ condition %(number)s: %(missing)s", number=row["number"], missing=self._either(sentences))

    def _distance(self, verdicts):
        """Return the verdicts as plain data for a picture: levels, conditions, criteria with have and need."""
        levels = dict(self.env["skill.cert.condition"]._fields["level"]._description_selection(self.env))
        return [
            {"level": level, "label": levels[level], "conditions": self._condition_steps(verdict)}
            for level, verdict in (verdicts or {}).items()
        ]

    def _condition_steps(self, verdict):
        return [
            {
                "id": condition,
                "number": rows[0]["number"],
                "text": rows[0]["text"],
                "met": condition in verdict.met.ids,
                "criteria": [self._criterion_step(row) for row in rows],
            }
            for condition, rows in verdict.rows.items()
        ]

    def _criterion_step(self, row):
        by_benefit = bool(row["min_benefit"])
        have = float(row["best_benefit"] or 0) if by_benefit else row["n"]
        need = float(row["min_benefit"]) if by_benefit else row["min_count"]
        return {
            "label": f"{self._criterion._named(row)} × {row['min_count']}",
            "met": row["met"],
            "have": have,
            "need": need,
            "percent": 100 if row["met"] else min(95, round(100 * have / need)),
            "missing": False if row["met"] else self._shortfall(row),
        }

    def _judge_everybody_anew(self):
        self.sudo()._refresh_eligible_levels()  # sudo: a manager reads no employee
