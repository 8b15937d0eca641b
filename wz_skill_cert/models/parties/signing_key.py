from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from ... import clock, signing
from ..platform.neutralized import is_neutralized


class SigningKey(models.Model):
    """A key pair with which a bureau signs certificates. Kept for ever: with it, old certificates are checked."""

    _name = "skill.cert.signing.key"
    _description = "Signing key"
    _inherit = ["skill.cert.guarded"]
    _order = "id desc"

    name = fields.Char("Key", required=True, guarded=True, readonly=True, help="First 16 digits of the SHA-256.")
    bureau_id = fields.Many2one(
        "skill.cert.bureau", required=True, guarded=True, readonly=True, ondelete="restrict", index=True
    )
    algorithm = fields.Selection(
        [("ed25519", "Ed25519")], required=True, default="ed25519", guarded=True, readonly=True
    )
    public_key = fields.Text(required=True, guarded=True, readonly=True)
    # For no user and by no road; only the addon's own code signs with it.
    private_key = fields.Text(guarded=True, readonly=True, groups=NO_ACCESS, copy=False)
    state = fields.Selection(
        [("active", "In use"), ("retired", "Retired")], required=True, default="active", guarded=True, readonly=True
    )
    created_on = fields.Date(required=True, guarded=True, readonly=True, default=lambda self: clock.today())
    retired_on = fields.Date(guarded=True, readonly=True)

    _name_unique = models.Constraint("UNIQUE (name)", "There is already such a key.")
    _one_active = models.UniqueIndex("(bureau_id) WHERE state = 'active'", "A bureau signs with one key at a time.")

    @api.ondelete(at_uninstall=False)
    def _never_unlink(self):
        raise UserError(self.env._("A key is never deleted: certificates are checked with it."))

    def write(self, vals):
        """Write; of a key only its use ends: what it is, and what it has signed, never changes, whoever asks."""
        self._refuse_guarded(set(vals))
        if set(vals) - {"state", "retired_on", "private_key"} or vals.get("private_key"):
            raise UserError(self.env._("A key is never changed: certificates are checked with it."))
        return super().write(vals)

    def _sign(self, content):
        """Return the signature of ``content`` (bytes)."""
        self.ensure_one()
        return signing.ALGORITHMS[self.algorithm].sign(self.private_key, content)

    def _is_genuine(self, content, signature):
        """Tell whether this key made ``signature`` (bytes) over ``content`` (bytes)."""
        self.ensure_one()
        return signing.ALGORITHMS[self.algorithm].is_genuine(self.public_key, content, signature)

    def _public_file(self):
        """Return the public half with what a stranger has to know of it, in Chinese as on the certificate."""
        used = (
            f"{self.created_on}起使用"
            if self.state == "active"
            else f"{self.created_on}至{self.retired_on}使用，现已停用"
        )
        test = ["本库为测试副本，密钥无效"] if is_neutralized(self.env) else []
        lines = (
            *test,
            f"所属机构：{self.bureau_id.issuer}",
            f"密钥编号：{self.name}",
            f"状态：{used}",
            self.public_key,
        )
        return "\n".join(lines)

    def _retire(self):
        # The private half goes: what was signed stays checkable, and nobody signs with an old key.
        self.write({"state": "retired", "retired_on": clock.today(), "private_key": False})
        # A bureau has one key in use at a time, and the ORM would write this later than the new one.
        self.flush_recordset()


class Bureau(models.Model):
    _inherit = "skill.cert.bureau"

    signing_key_ids = fields.One2many(
        "skill.cert.signing.key",
        "bureau_id",
        "Signing keys",
        readonly=True,
        groups="wz_skill_cert.group_county_officer,wz_skill_cert.group_manager",
    )

    def action_rotate_signing_key(self):
        """Sign with a new key from now on. What the old one has signed stays valid. For the manager."""
        for bureau in self:
            bureau.check_access("write")
            bureau._active_key()._retire()
            bureau._new_key()

    def _signing_key(self):
        """Return the key in use, made at the bureau's first certificate."""
        return self._active_key() or self._new_key()

    def _active_key(self):
        self.ensure_one()
        keys = self.env["skill.cert.signing.key"].sudo()  # sudo: guarded; the private half never leaves this code
        return keys.search([("bureau_id", "=", self.id), ("state", "=", "active")])

    def _new_key(self):
        pair = signing.ALGORITHMS["ed25519"].generate()
        keys = self.env["skill.cert.signing.key"].sudo()  # sudo: guarded; only made here
        return keys.create(
            {
                "name": signing.fingerprint(pair.public),
                "bureau_id": self.id,
                "public_key": pair.public,
                "private_key": pair.private,
            }
        )
