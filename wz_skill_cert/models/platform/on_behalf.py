"""What Odoo writes as superuser for somebody, that person may write: nobody's login address changes by way of an employee's.

The work e-mail and phone of an employee are written to the contact, name and archiving to the resource, whoever may write those.
So "may the user read it" does not suffice where a record is linked through which Odoo then writes (``_written_through``); and
what leads to somebody's login, such a write changes only where the one who caused it may change it himself.
"""

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import AccessError

from .commands import linked_ids

# The inverses and synchronisations of Odoo's modules that no field declares; tests/test_acting_for_others.py lists them all.
WRITTEN_THROUGH = {
    "hr.employee": {"work_contact_id", "user_id", "bank_account_ids"},
    "resource.resource": {"user_id"},
}
LINKED = ("res.partner", "res.users", "resource.resource", "res.partner.bank")
# Where the link to a new password goes, or whose login it is.
TO_THE_LOGIN = frozenset(("email", "login", "partner_id"))
# What an outsider's acts change of nobody's login either.
OF_THE_PERSON = TO_THE_LOGIN | {"name", "phone", "image_1920", "active", "group_ids"}


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    @tools.ormcache("self._name")
    def _written_through(self):
        """Return the names of the links through which Odoo writes, as superuser, to the record that they refer to."""
        related = {
            field.related.partition(".")[0]
            for field in self._fields.values()
            if field.related and field.compute_sudo and not (field.readonly or field.inherited) and _is_kept(field)
        }
        links = related | WRITTEN_THROUGH.get(self._name, set())
        return frozenset(name for name in links if self._fields[name].comodel_name in LINKED)

    def _check_links(self, vals_list):
        """Raise AccessError where ``vals_list`` links a record through which the user would write, and may not write it."""
        if self.env.su or not self.env.uid:
            return
        for name in self._written_through():
            for vals in vals_list:
                if vals.get(name):
                    self._check_link(name, vals)

    def _check_link(self, name, vals):
        linked = {vals[name]} if self._fields[name].type == "many2one" else linked_ids(vals[name])
        # sudo: only to see what is linked already and whose it is; no value leaves here but in a refusal that names nothing.
        own = self.sudo()
        new = self.env[self._fields[name].comodel_name].browse(linked) - own[name].with_env(self.env)
        users = own.env["res.users"].browse(vals.get("user_id") or ())
        if "user_id" in self._fields:
            users |= own["user_id"]
        if vals.get("resource_id"):
            users |= own.env["resource.resource"].browse(vals["resource_id"]).user_id
        if foreign := new.filtered(lambda record: not record._may_be_written_through(users)):
            raise self.env["ir.rule"]._make_access_error("write", foreign)

    def _may_be_written_through(self, users):
        """Hook: tell whether the user may link this record where Odoo then writes to it; ``users``: whose the link is."""
        return self.has_access("write")

    def _check_on_behalf(self, vals):
        """Hook: raise AccessError where the superuser writes for somebody what that person may not write."""

    def _refuse_others_logins(self, users, changed):
        """Raise AccessError unless the user behind the superuser may write these ``users``, or nothing of a login is ``changed``."""
        if not self.env.uid or self.env.uid == SUPERUSER_ID:
            return
        theirs = OF_THE_PERSON if self.env.user._is_outsider() else TO_THE_LOGIN
        if theirs & changed and not users._may_be_written_by_user():
            raise AccessError(
                self.env._("This belongs to a person with a login: only that person or an administrator may change it.")
            )


class Users(models.Model):
    _inherit = "res.users"

    def _may_be_written_by_user(self):
        others = (self - self.env.user).with_env(self.env(su=False))
        return not others or others.has_access("write")

    def _may_be_written_through(self, users):
        """Tell whether the user may enter this login as somebody's: outsiders only the own one, staff as Odoo lets them."""
        return not self.env.user._is_outsider() or self._may_be_written_by_user()

    def _check_on_behalf(self, vals):
        self._refuse_others_logins(self, _changed(self, vals))


class Partner(models.Model):
    _inherit = "res.partner"

    def _may_be_written_through(self, users):
        """Tell whether the user may enter this contact as that of ``users``, who may have no login."""
        # sudo: only yes or no leaves here.
        others = self.sudo().with_context(active_test=False).user_ids - users
        if not others.with_env(self.env)._may_be_written_by_user():
            return False
        own = users.partner_id | self.env.user.partner_id
        return self in own or not self.env.user._is_outsider() or self._is_own_staffs()

    def _is_own_staffs(self):
        """Tell whether the user may write this contact, or the employees whose contact it is."""
        return self.has_access("write") or bool(self.employee_ids and self.employee_ids.has_access("write"))

    def _check_on_behalf(self, vals):
        if changed := _changed(self, vals) & OF_THE_PERSON:
            self._refuse_others_logins(self.with_context(active_test=False).user_ids, changed)


class Bank(models.Model):
    _inherit = "res.partner.bank"

    def _may_be_written_through(self, users):
        """Tell whether the user may enter this account as somebody's of the own staff."""
        # sudo: whose account it is; only yes or no leaves here.
        return self.has_access("write") and self.sudo().partner_id.with_env(self.env)._may_be_written_through(users)

    def _check_on_behalf(self, vals):
        """Refuse to change the account of a person with a login: self-service writes whatever account is named."""
        self._refuse_others_logins(self.partner_id.with_context(active_test=False).user_ids, TO_THE_LOGIN)


def _is_kept(field):
    """Tell whether what is written to the related ``field`` is kept: what it leads to is no computed picture."""
    while field.related:
        field = field.related_field
    return field.store or field.inverse


def _changed(records, vals):
    """Return the names in ``vals`` whose value differs from that of one of ``records``."""
    return {
        name
        for name, value in vals.items()
        if name in OF_THE_PERSON
        and any(record._fields[name].convert_to_write(record[name], record) != value for record in records)
    }
