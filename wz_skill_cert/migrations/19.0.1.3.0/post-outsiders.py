from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # Where a bureau has officers already, nominators and experts become people from outside, as with the first officer.
    env["skill.cert.bureau"]._note_first_officer(before=False)
