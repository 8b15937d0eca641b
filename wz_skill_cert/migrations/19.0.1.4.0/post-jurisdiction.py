from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # Drafts follow their employer from now on. Where what was submitted belonged is not known any more: it stays where it is,
    # and place_bureau_id stays empty.
    drafts = env["skill.cert.application"].search([("submitted_on", "=", False)])
    strayed = drafts.filtered(lambda draft: draft.bureau_id != draft.employer_id.skill_cert_bureau_id)
    strayed.submission_id = False
    env.add_to_compute(drafts._fields["bureau_id"], strayed)
    # What lies with the unit again is at the bureau that returned it, and takes no employer of another one.
    for returned in env["skill.cert.application"].search([("state", "=", "returned")]):
        returned.place_bureau_id = returned.place_bureau_id or returned.bureau_id
    env.flush_all()
