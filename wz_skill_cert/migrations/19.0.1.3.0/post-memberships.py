from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # Each membership that was entered before has its record.
    env["res.partner"].with_context(active_test=False).search([("association_ids", "!=", False)])._keep_memberships()
