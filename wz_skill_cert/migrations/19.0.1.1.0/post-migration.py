from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # eligible_level now also asks whether the occupation may be applied for: a changed
    # meaning of a stored value, which `-u` alone would leave as it was.
    env["skill.cert.policy"]._refresh_eligible_levels()
