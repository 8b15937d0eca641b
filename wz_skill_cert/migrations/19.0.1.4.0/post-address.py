import logging

from openupgradelib import openupgrade

from odoo.addons.wz_skill_cert.models.parties.public_address import PUBLIC_ADDRESS, is_public, public_address

_logger = logging.getLogger(__name__)


@openupgrade.migrate()
def migrate(env, version):
    # QR codes led where an administrator had last logged in; from now on they lead where this address was, if strangers reach it.
    address = (env["ir.config_parameter"].get_param("web.base.url") or "").rstrip("/")
    if public_address(env):
        return
    if is_public(address):
        env["ir.config_parameter"].set_param(PUBLIC_ADDRESS, address)
    else:
        _logger.warning(
            "The address of the public pages has to be set before certificates are issued again (Getting started)."
        )
