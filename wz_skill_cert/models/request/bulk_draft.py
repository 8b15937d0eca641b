"""Drafts by the thousand, and what a summary sheet states that the application itself does not hold."""

import json

from odoo import api, models
from odoo.tools import SQL, split_every

from ... import formats

BATCH = 1_000


class Application(models.Model):
    _inherit = "skill.cert.application"

    @api.model
    def _create_alike(self, vals_list, tick=lambda done: None):
        """Create drafts with the same result as ``create``, in the given order and several times faster.

        All have the unit, campaign and sheet of the first. For each employer one draft without a person goes through
        ``create``, with the user's rights, defaults, computed fields, checklist and followers. The rows of the people
        are copies of it with their own values, and pass the same constraints; the patterns are deleted again.
        Values must be normalised, and contain employer, sex and birth date. ``tick(number)`` is told the progress.
        """
        patterns = self._create_patterns(vals_list)
        created = self.browse()
        for batch in split_every(BATCH, vals_list):
            created += self._copy_patterns(patterns, batch)
            tick(len(created))
        patterns[0].concat(*patterns).unlink()
        return created

    @api.model
    def _create_patterns(self, vals_list):
        shared = ("nominator_id", "campaign_id", "submission_id", "employer_id", "occupation_id", "level")
        firsts = {vals["employer_id"]: vals for vals in reversed(vals_list)}
        # The sheet's chatter says who imported how many; a line for each draft would say no more.
        creator = self.with_context(mail_create_nolog=True)
        patterns = creator.create([{name: vals[name] for name in shared} for vals in firsts.values()])
        self.env.flush_all()
        return patterns.with_env(self.env)

    @api.model
    def _copy_patterns(self, patterns, vals_list):
        pattern_of = {pattern.employer_id.id: pattern.id for pattern in patterns}
        ids = self._next_ids(len(vals_list))
        pairs = SQL(
            "(SELECT * FROM unnest(%s, %s) AS pair(id, pattern))",
            ids,
            [pattern_of[v["employer_id"]] for v in vals_list],
        )
        self._copy_rows(
            pairs, [{**self._derived_vals(vals), "id": id_} for id_, vals in zip(ids, vals_list, strict=True)]
        )
        self._copy_checklist(pairs)
        self._copy_followers(pairs)
        copies = self.browse(ids)
        copies.check_access("write")
        copies._validate_fields(self._fields)
        return copies

    @api.model
    def _next_ids(self, number):
        rows = self.env.execute_query(
            SQL("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", self._table, number)
        )
        return [id_ for (id_,) in rows]

    @api.model
    def _derived_vals(self, vals):
        """Return ``vals`` with what computed fields make of a person's own values."""
        return {
            **vals,
            "id_number_masked": formats.mask(vals["id_number"]),
            "annual_benefit": vals.get("stated_benefit"),
        }

    @api.model
    def _copy_rows(self, pairs, vals_list):
        self._check_lengths(vals_list)
        self._check_amounts(vals_list)
        own = sorted({name for vals in vals_list for name in vals} - {"id"})
        columns = _columns(self)
        values = [
            SQL(
                "coalesce(own.%(name)s, pattern.%(name)s)" if name in own else "pattern.%(name)s",
                name=SQL.identifier(name),
            )
            for name in columns
        ]
        types = [SQL("%s %s", SQL.identifier(name), SQL(self._fields[name].column_type[1])) for name in own]
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (id, %(columns)s)
                   SELECT pair.id, %(values)s
                     FROM %(pairs)s AS pair
                     JOIN jsonb_to_recordset(%(own)s) AS own(id int, %(types)s) ON own.id = pair.id
                     JOIN %(table)s AS pattern ON pattern.id = pair.pattern""",
                table=SQL.identifier(self._table),
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(values),
                pairs=pairs,
                own=json.dumps(vals_list),
                types=SQL(", ").join(types),
            )
        )

    @api.model
    def _copy_checklist(self, pairs):
        materials = self.env["skill.cert.material"]
        columns = [name for name in _columns(materials) if name != "application_id"]
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (application_id, %(columns)s)
                   SELECT pair.id, %(columns)s
                     FROM %(pairs)s AS pair JOIN %(table)s AS row ON row.application_id = pair.pattern
                    ORDER BY pair.id, row.id""",
                table=SQL.identifier(materials._table),
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                pairs=pairs,
            )
        )

    @api.model
    def _copy_followers(self, pairs):
        self.env.cr.execute(
            SQL(
                """WITH row AS (
                     SELECT pair.id, follower.id AS source, follower.partner_id
                       FROM %(pairs)s AS pair
                       JOIN mail_followers AS follower
                         ON follower.res_model = %(model)s AND follower.res_id = pair.pattern
                   ), copy AS (
                     INSERT INTO mail_followers (res_model, res_id, partner_id)
                     SELECT %(model)s, id, partner_id FROM row
                     RETURNING id, res_id, partner_id
                   )
                   INSERT INTO mail_followers_mail_message_subtype_rel (mail_followers_id, mail_message_subtype_id)
                   SELECT copy.id, subtype.mail_message_subtype_id
                     FROM copy
                     JOIN row ON row.id = copy.res_id AND row.partner_id = copy.partner_id
                     JOIN mail_followers_mail_message_subtype_rel AS subtype ON subtype.mail_followers_id = row.source""",
                pairs=pairs,
                model=self._name,
            )
        )


def _columns(model):
    return [name for name, field in model._fields.items() if field.store and field.column_type and name != "id"]
