from openupgradelib import openupgrade


@openupgrade.migrate()
def migrate(env, version):
    # Certificates from before get the authority's name as it is today, and the signature that new ones are issued with.
    certificates = env["skill.cert.certificate"].search([("signature", "=", False)])
    for certificate in certificates:
        certificate.issuer = certificate.bureau_id.issuer
    certificates._sign()
