"""Uninstalling leaves nothing.

Odoo deletes what the addon's files have brought, one model after another, while records that people have made still point
at it: it then reports an error for each. So what people have made goes first, as a whole; then what Odoo does not know or
overlooks. What they entered in Odoo's own tables (partners, users, employees) stays, without our columns.
"""

from odoo.tools import SQL

ADDON = "wz_skill_cert"
# Columns that name a model, of rows that Odoo leaves behind when it deletes the model.
NAMING_MODELS = (
    ("ir_filters", "model_id"),
    ("ir_exports", "resource"),
    ("ir_model_data", "model"),
    ("mail_activity", "res_model"),
)
# Parts of our models that modules like mail have under names of their own; Odoo deletes the parts and forgets the names.
NAMED_PARTS = """
    DELETE FROM ir_model_data
     WHERE module != %(addon)s
       AND (model = 'ir.model.inherit' AND res_id IN (
                SELECT i.id FROM ir_model_inherit i JOIN ir_model m ON m.id = i.model_id WHERE m.model = ANY(%(models)s))
            OR model = 'ir.model.fields.selection' AND res_id IN (
                SELECT s.id FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id
                 WHERE f.model = ANY(%(models)s)))
"""
# Odoo drops the columns and relations and leaves the list of their foreign keys.
FOREIGN_KEYS = """
    DELETE FROM ir_model_constraint
     WHERE type = 'f' AND module = (SELECT id FROM ir_module_module WHERE name = %(addon)s)
"""
RELATIONS = """
    SELECT r.name FROM ir_model_relation r JOIN ir_module_module m ON m.id = r.module
     GROUP BY r.name HAVING bool_and(m.name = %s)
"""
POINTERS = """
    SELECT con.conrelid::regclass::text, con.conname, att.attname, att.attnotnull
      FROM pg_constraint con JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
     WHERE con.contype = 'f' AND con.confrelid = ANY(%(tables)s::regclass[]) AND con.conrelid != ALL(%(tables)s::regclass[])
"""


def uninstall_hook(env):
    """Remove what Odoo would stumble over or leave behind; called before it deletes the addon's own records and models."""
    env["res.groups"]._return_platform_settings()
    env["ir.config_parameter"].search([("key", "=like", f"{ADDON}.%")]).unlink()
    sequences = env["skill.cert.bureau"].with_context(active_test=False).search([]).sequence_id
    env.flush_all()
    ours = [model for model in env.registry.values() if model._original_module == ADDON]
    _empty(env, [model._table for model in ours if model._auto])
    _drop_what_odoo_does_not_know(env)
    _forget(env, [model._name for model in ours])
    env.invalidate_all(flush=False)
    sequences.unlink()


def _empty(env, tables):
    tables = [*tables, *(name for (name,) in env.execute_query(SQL(RELATIONS, ADDON)))]
    for table, constraint, column, required in env.execute_query(SQL(POINTERS, tables=tables)):
        table, column = SQL.identifier(table), SQL.identifier(column)
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", table, SQL.identifier(constraint)))
        if not required:
            env.cr.execute(SQL("UPDATE %s SET %s = NULL WHERE %s IS NOT NULL", table, column, column))
    # All at once, and without CASCADE: a table that is not ours is never emptied.
    env.cr.execute(SQL("TRUNCATE %s", SQL(", ").join(map(SQL.identifier, tables))))


def _drop_what_odoo_does_not_know(env):
    # With the triggers of the audit trail, whose table Odoo drops.
    env.cr.execute(SQL("DROP FUNCTION IF EXISTS skill_cert_trail_guard() CASCADE"))
    # In which two abstract models count, which have no table for Odoo.
    env.cr.execute(SQL("DROP TABLE IF EXISTS skill_cert_visit, skill_cert_check, skill_cert_right"))


def _forget(env, models):
    for table, column in NAMING_MODELS:
        query = SQL("DELETE FROM %s WHERE %s = ANY(%s)", SQL.identifier(table), SQL.identifier(column), models)
        env.cr.execute(query)
    env.cr.execute(SQL(NAMED_PARTS, addon=ADDON, models=models))
    env.cr.execute(SQL(FOREIGN_KEYS, addon=ADDON))
