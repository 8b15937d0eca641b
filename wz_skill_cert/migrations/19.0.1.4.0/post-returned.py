from openupgradelib import openupgrade

from odoo.addons.wz_skill_cert import clock


@openupgrade.migrate()
def migrate(env, version):
    # What was returned could not come back after the campaign's last day. Where that cut its days off, they begin anew: nobody
    # is put off by an end that was not told.
    returned = env["skill.cert.application"].search([("state", "=", "returned")])
    env.add_to_compute(returned._fields["due_on"], returned)
    today = clock.today()
    cut_off = returned.filtered(
        lambda case: case.campaign_id.date_close and case.campaign_id.date_close < (case.term_on or today) <= today
    )
    cut_off._begin_terms()
    env.flush_all()
