"""Checks what the migrations owe to a database of the release. Run by `odoo shell` after the upgrade."""

certificates = env["skill.cert.certificate"].search([])
assert certificates, "the release has issued certificates"
for certificate in certificates:
    assert certificate.issuer and certificate.is_unaltered, f"{certificate.number} is not signed"
    assert certificate.signing_key_id.bureau_id == certificate.bureau_id, certificate.number
    assert certificate.bureau_code == certificate.bureau_id.code, certificate.number
# On localhost as here, the QR codes of certificates would lead nowhere: they are kept once the address is set.
assert not certificates.paper_ids
env["skill.cert.public.address"]._set("https://zs.example.com", "")
paper = env["skill.cert.paper"]._for(certificates[:1], "certificate")
assert paper.late and paper.words_sha256
counted = {
    "skill.cert.application": "application_form",
    "skill.cert.submission": "submission_summary",
    "skill.cert.assessment": "assessment_sheet",
    "skill.cert.session": "session_minutes",
    "skill.cert.motion": "minutes_extract",
}
for model, form in counted.items():
    due = env[model].search([]).filtered(lambda record, form=form: record._counted_at(form))
    assert due, model
    for record in due:
        papers = record.paper_ids.filtered(lambda paper, form=form: paper.form == form)
        # Of a file made before words were noted, its own SHA-256 says it.
        assert papers and all(paper.words_sha256 or paper.sha256 for paper in papers), f"{form} of {record} is not kept"
assert not env["skill.cert.paper"]._faulty(), "what the upgrade keeps is there"
for login in ("enterprise", "association", "expert"):
    assert env["res.users"].search([("login", "=", login)])._is_outsider(), f"{login} is from outside"
for login in ("county", "city", "manager"):
    assert not env["res.users"].search([("login", "=", login)])._is_outsider(), f"{login} is from the bureau"
experts = env["skill.cert.expert"].with_context(active_test=False).search([]).user_id
for model in ("skill.cert.application", "skill.cert.achievement", "skill.cert.material"):
    assert not env[model].search_count([("write_uid", "in", experts.ids)]), (
        f"{model} tells the nominator which expert changed it"
    )
trail = env["skill.cert.trail"]
trail._chain()
env.cr.rollback()
verdict = trail._verify()
assert not verdict["broken"] and not verdict["unchained"], verdict
print(
    f"upgrade: {len(certificates)} certificates are signed, what counts is kept, outsiders are known, the audit trail is guarded."
)
for policy in env["skill.cert.policy"].with_context(active_test=False).search([]):
    rows = policy.plausibility_ids
    assert len(rows) == 14, f"{policy.code}: {len(rows)} facts"
    chosen = rows.filtered("has_boundary")
    assert policy.state == "draft" or "refused" not in chosen.mapped("verdict"), (
        f"{policy.code} reads otherwise than before"
    )
drafts = env["skill.cert.application"].search([("submitted_on", "=", False)])
assert all(draft.bureau_id == draft.employer_id.skill_cert_bureau_id for draft in drafts), "a draft is elsewhere"
assert not env["skill.cert.invariant.check"]._find().get("jurisdiction")
