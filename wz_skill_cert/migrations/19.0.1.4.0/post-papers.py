from openupgradelib import openupgrade

from odoo.addons.wz_skill_cert.models.parties.public_address import public_address

# What counts from a step on, and was not kept by the version in which the step was taken.
FORMS = {
    "skill.cert.application": ("application_form", "material_list", "return_notice"),
    "skill.cert.submission": ("submission_summary",),
    "skill.cert.assessment": ("assessment_sheet",),
    "skill.cert.session": ("ballot_paper", "session_minutes"),
    "skill.cert.motion": ("minutes_extract",),
    "skill.cert.publication": ("publicity_list",),
    "skill.cert.certificate": ("certificate",),
}
# Lists that were published had a file of their own: it becomes the kept paper, byte for byte.
LISTS = """
    INSERT INTO skill_cert_paper (publication_id, form, moment, moment_on, frozen_on, rendered_on, state, sha256, late,
                                  bureau_id, city_id, create_uid, create_date, write_uid, write_date)
    SELECT p.id, 'publicity_list', 'published', p.create_date, p.create_date, p.create_date, 'rendered', p.sha256, FALSE,
           p.bureau_id, p.city_id, p.create_uid, p.create_date, p.write_uid, p.write_date
      FROM skill_cert_publication p
     WHERE p.sha256 IS NOT NULL AND NOT EXISTS (SELECT FROM skill_cert_paper k WHERE k.publication_id = p.id)
"""
LIST_FILES = """
    UPDATE ir_attachment a SET res_model = 'skill.cert.paper', res_id = k.id
      FROM skill_cert_paper k
     WHERE k.publication_id = a.res_id AND a.res_model = 'skill.cert.publication' AND a.res_field = 'content'
"""
# Words that were fixed and wait to be typeset: from now on it shows if they change meanwhile.
WORDS = """
    UPDATE skill_cert_paper SET words_sha256 = encode(sha256(convert_to(page, 'UTF8')), 'hex')
     WHERE page IS NOT NULL AND words_sha256 IS NULL
"""
ERASED = """
    UPDATE skill_cert_paper k SET state = 'erased'
      FROM skill_cert_application a
     WHERE a.erased_on IS NOT NULL
       AND (k.application_id = a.id
            OR (k.submission_id = a.submission_id AND k.sha256 = '-')
            OR (k.submission_id = a.submission_id AND NOT EXISTS (
                    SELECT FROM ir_attachment f WHERE f.res_model = 'skill.cert.paper' AND f.res_id = k.id)))
"""


@openupgrade.migrate()
def migrate(env, version):
    if openupgrade.column_exists(env.cr, "skill_cert_publication", "sha256"):
        openupgrade.logged_query(env.cr, LISTS)
        openupgrade.logged_query(env.cr, LIST_FILES)
    openupgrade.logged_query(env.cr, WORDS)
    openupgrade.logged_query(env.cr, ERASED)
    env.invalidate_all()
    papers = env["skill.cert.paper"]
    if not public_address(env):
        # Their QR codes would lead nowhere for ever: they are kept when they are first printed, once the address is set.
        del FORMS["skill.cert.certificate"]
    for model, forms in FORMS.items():
        papers._keep_what_counts(env[model].with_context(active_test=False).search([], order="id"), forms)
    submitted = [("submitted_on", "!=", False), ("erased_on", "=", False), ("submitted_files", "=", False)]
    for application in env["skill.cert.application"].search(submitted, order="id"):
        application._note_files()
        env["ir.attachment"].invalidate_model(["raw"])
    env.ref("wz_skill_cert.cron_papers")._trigger()
