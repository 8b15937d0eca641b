import logging

from openupgradelib import openupgrade

_logger = logging.getLogger(__name__)


@openupgrade.migrate()
def migrate(env, version):
    # What was signed stands with the certificate from now on, and in no other record.
    certificates = env["skill.cert.certificate"].search([("signature", "!=", False), ("bureau_code", "=", False)])
    for certificate in certificates._store_signed_facts():
        _logger.warning(
            "Certificate %s does not verify with today's records: a division code or a fact has changed since it was"
            " signed. It is left as it is, and named by the daily check.",
            certificate.number,
        )
