"""Counting strangers without keeping who they are: hashed places in a small table, each count in a transaction of its own."""

import contextlib
import hashlib
import ipaddress

from odoo import api, models, sql_db


def network_of(address):
    """Return what counts as one client: an IPv4 address, or the /64 in which an IPv6 client picks its own at will."""
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ip if ip.version == 4 else ipaddress.ip_network((ip, 64), strict=False))


class Counter(models.AbstractModel):
    """What the counters of the public pages share."""

    _name = "skill.cert.counter"
    _description = "Counter of a public page"

    @api.model
    @contextlib.contextmanager
    def _counting(self):
        """Yield a cursor without a snapshot: those who ask at once queue for a moment instead of failing."""
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            yield cr

    @api.model
    def _place_among(self, places, *values):
        """Return in which of so many places ``values`` are counted: they are not kept, and nobody chooses whose to share."""
        # sudo: the secret stays here; it only keeps the places unforeseeable.
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret") or ""
        digest = hashlib.blake2b(" ".join(values).encode(), key=secret.encode()[:64], digest_size=8).digest()
        return int.from_bytes(digest, "big") % places
