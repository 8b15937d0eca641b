"""Prints what a database consists of, as JSON: its schema, Odoo's tables about itself, and references to models that are no more.

python catalogue.py DATABASE

What people entered in Odoo's own tables (partners, users, employees) is theirs: of it, only how much there is.
"""

import json
import sys

import psycopg2

SCHEMA = {
    # Odoo names the sequence of a record after its number.
    "tables": """SELECT relname || ' ' || relkind::text FROM pg_class
                  WHERE relnamespace = 'public'::regnamespace AND relname !~ '^ir_sequence_\\d+$'
                  UNION ALL
                 SELECT 'sequences of records: ' || count(*) FROM pg_class WHERE relname ~ '^ir_sequence_\\d+$'""",
    "columns": """SELECT concat_ws(' ', table_name, column_name, udt_name, is_nullable, column_default)
                    FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                       WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "triggers": "SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal",
    "types": "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')",
}
ROWS = {
    "ir_config_parameter": "key || '=' || value",
    "ir_model": "model",
    "ir_model_data": "module || '.' || name",
    "ir_model_fields": "model || '.' || name || ' ' || ttype",
    "ir_model_fields_selection": "(SELECT model || '.' || f.name FROM ir_model_fields f WHERE f.id = field_id) || '=' || value",
    "ir_model_constraint": "name",
    "ir_model_relation": "name",
    "ir_model_inherit": """(SELECT model FROM ir_model m WHERE m.id = model_id) || '<' ||
                           (SELECT model FROM ir_model m WHERE m.id = parent_id)""",
    "ir_model_access": "name",
    "ir_rule": "name",
    "ir_cron": "cron_name",
    "ir_act_window": "name::text",
    "ir_act_server": "name::text",
    "ir_act_report_xml": "report_name",
    "ir_act_client": "tag",
    "ir_act_url": "url",
    "ir_asset": "path",
    "ir_default": "json_value",
    "ir_filters": "name",
    "ir_sequence": "name",
    "ir_ui_menu": "name::text",
    "ir_ui_view": "coalesce(key, name) || ' ' || type",
    "ir_module_module": "name || ' ' || state",
    "res_groups": "name::text",
    "res_groups_privilege": "name::text",
    "res_groups_implied_rel": """(SELECT name->>'en_US' FROM res_groups WHERE id = gid) || '>' ||
                                 (SELECT name->>'en_US' FROM res_groups WHERE id = hid)""",
    "report_paperformat": "name",
    "mail_activity_type": "name::text",
    "mail_alias": "alias_name",
    "mail_message_subtype": "name::text",
    "mail_template": "name::text",
    "web_tour_tour": "name",
    "hr_skill": "name::text",
    "hr_skill_level": "name::text",
    "hr_skill_type": "name::text",
    "hr_employee_skill": "id::text",
    "hr_resume_line_type": "name::text",
}
PEOPLES = (
    "res_partner",
    "res_users",
    "hr_employee",
    "hr_version",
    "hr_resume_line",
    "resource_resource",
    "res_company",
)
MODEL_COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name IN ('model', 'res_model', 'model_name', 'relation', 'res_model_name')
       AND udt_name = 'varchar' AND table_name != 'ir_model'
     UNION VALUES ('ir_filters', 'model_id'), ('ir_exports', 'resource')
"""


def strings(cr, query):
    cr.execute(query)
    return sorted({str(row[0]) for row in cr.fetchall()})


def dangling(cr):
    """Yield the references to models that the registry does not know."""
    cr.execute(MODEL_COLUMNS)
    for table, column in cr.fetchall():
        query = f"SELECT '{table}: ' || {column} FROM {table} WHERE {column} NOT IN (SELECT model FROM ir_model)"
        yield from strings(cr, query)


def catalogue(database):
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cr:
        parts = {name: strings(cr, query) for name, query in SCHEMA.items()}
        parts |= {table: strings(cr, f"SELECT {key} FROM {table}") for table, key in ROWS.items()}
        peoples = [f"{table}: {count}" for table in PEOPLES for count in strings(cr, f"SELECT count(*) FROM {table}")]
        return parts | {"dangling": list(dangling(cr)), "peoples": peoples}


if __name__ == "__main__":
    print(json.dumps(catalogue(sys.argv[1]), ensure_ascii=False))
