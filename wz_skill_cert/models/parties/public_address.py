"""The address under which strangers reach the public pages: what QR codes lead to. Odoo's own follows the administrator's last login."""

import ipaddress
import re
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError

PUBLIC_ADDRESS = "wz_skill_cert.public_address"
ADDRESS_REASON = "wz_skill_cert.public_address_reason"
# Names that lead nowhere outside of an office (RFC 6761, 6762, 8375, and what routers hand out).
INNER_ENDINGS = (
    "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "test", "example", "invalid",
)  # fmt: skip
LABEL = re.compile(r"[\w-]{1,63}")


def public_address(env):
    """Return the address of the public pages, without a slash at its end; empty where none was set."""
    # sudo: it stands on every certificate; the parameters are readable by administrators alone.
    return (env["ir.config_parameter"].sudo().get_param(PUBLIC_ADDRESS) or "").strip().rstrip("/")


def address_reason(env):
    """Return why certificates are issued although strangers cannot reach the address; empty where nobody said so."""
    # sudo: as above.
    return (env["ir.config_parameter"].sudo().get_param(ADDRESS_REASON) or "").strip()


def is_public(address):
    """Tell whether strangers can reach ``address``: http or https, and a host that is no inner name and no inner number."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = parts.scheme in ("http", "https") and not parts.query and not parts.fragment and parts.username is None
    return plain and (_is_public_number(host) or _is_public_name(host))


def _is_public_number(host):
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def _is_public_name(host):
    labels = host.rstrip(".").split(".")
    named = len(labels) > 1 and all(map(LABEL.fullmatch, labels))
    # The last one is no number: 127.1 is an address, too.
    return named and not labels[-1][0].isdigit() and labels[-1] not in INNER_ENDINGS


class PublicAddress(models.AbstractModel):
    """Sets the address, and says why it may not be used."""

    _name = "skill.cert.public.address"
    _description = "Address of the public pages"

    @api.model
    def _defect(self):
        """Return why no certificate may carry the address, or False."""
        address = public_address(self.env)
        if not address:
            return self.env._(
                "The address of the public pages is not set: certificates would lead nowhere. A manager enters it under"
                " “Getting started”, an administrator in the settings."
            )
        if is_public(address) or address_reason(self.env):
            return False
        return self.env._(
            "%s is no address that strangers can reach: the QR codes of certificates would lead nowhere. Please enter the public"
            " address, or the reason why this one is used.",
            address,
        )

    @api.model
    def _set(self, address, reason):
        """Set address and reason, and leave an entry. Raises UserError for what is no address, or a strange one without a reason."""
        address, reason = (address or "").strip().rstrip("/"), (reason or "").strip()
        if address and not re.match(r"https?://[^\s/]+", address):
            raise UserError(
                self.env._("An address begins with https:// and names the server, e.g. https://rsj.example.gov.cn.")
            )
        if address and not is_public(address) and not reason:
            raise UserError(
                self.env._(
                    "%s is no address that strangers can reach. Please say why it is used all the same.", address
                )
            )
        before = public_address(self.env), address_reason(self.env)
        if before == (address, reason):
            return
        # sudo: whoever may set it was checked by who calls this.
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(PUBLIC_ADDRESS, address)
        parameters.set_param(ADDRESS_REASON, reason)
        detail = {"from": before[0], "to": address, "reason": reason}
        self.env["skill.cert.trail"]._record("address", self.env.company, **detail)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    skill_cert_public_address = fields.Char("Address of the public pages")
    skill_cert_public_address_reason = fields.Char("Reason for an address that strangers cannot reach")

    @api.model
    def get_values(self):
        """Return the settings, the address among them."""
        values = super().get_values()
        return {
            **values,
            "skill_cert_public_address": public_address(self.env),
            "skill_cert_public_address_reason": address_reason(self.env),
        }

    def set_values(self):
        """Save the settings; the address is traced. Raises UserError as ``_set``."""
        result = super().set_values()
        self.env["skill.cert.public.address"]._set(
            self.skill_cert_public_address, self.skill_cert_public_address_reason
        )
        return result
