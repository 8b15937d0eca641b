from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # The form itself shows the recusals now: this view would look in it for what it no longer has.
    openupgrade.delete_records_safely_by_xml_id(env, ["wz_skill_cert.view_session_form_recusals"])
