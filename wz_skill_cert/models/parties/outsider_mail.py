"""What Odoo's messaging would tell outsiders about people who do not concern them (see outsiders.py).

Rules keep such people out of what is read. Here they are kept out of what is written: whoever addresses, invites or assigns a
person by number alone would read the name in the answer.
"""

from odoo import api, models
from odoo.exceptions import AccessError

from ..platform.commands import linked_ids


class Partner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _check_known(self, ids):
        """Refuse, in the same words for those who exist and those who do not, people who do not concern an outsider."""
        if not self.env.user._is_outsider():
            return
        # sudo: only yes or no leaves here.
        people = self.sudo().browse(ids)
        if not people.exists() == people or not all(people.mapped("skill_cert_known")):
            raise AccessError(self.env._("You can only address people who work on your cases."))


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Subscribe; an outsider only people who are known to the outsider. Raises AccessError."""
        if not self.env.su:
            self.env["res.partner"]._check_known(linked_ids(partner_ids))
        return super().message_subscribe(partner_ids, subtype_ids)

    def message_post(self, *, partner_ids=None, author_id=None, **kwargs):
        """Post; an outsider only to people who are known to the outsider. Raises AccessError."""
        self._check_addressed(partner_ids, author_id)
        return super().message_post(partner_ids=partner_ids, author_id=author_id, **kwargs)

    def message_notify(self, *, partner_ids=False, author_id=None, **kwargs):
        """Notify; an outsider only people who are known to the outsider. Raises AccessError."""
        self._check_addressed(partner_ids, author_id)
        return super().message_notify(partner_ids=partner_ids, author_id=author_id, **kwargs)

    def _check_addressed(self, partner_ids, author_id):
        if not self.env.su:
            self.env["res.partner"]._check_known(linked_ids(partner_ids) | ({author_id} if author_id else set()))

    def _partner_find_from_emails_single(self, emails, **kwargs):
        found = super()._partner_find_from_emails_single(emails, **kwargs)
        # Whoever knows or guesses an address would be told the name that belongs to it.
        return found.filtered("skill_cert_known") if not self.env.su and self.env.user._is_outsider() else found


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; an outsider only for people who are known to the outsider. Raises AccessError."""
        self._check_people(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Write; an outsider only for people who are known to the outsider. Raises AccessError."""
        self._check_people([vals])
        return super().write(vals)

    def _check_people(self, vals_list):
        if self.env.su:
            return
        authors = {vals["author_id"] for vals in vals_list if vals.get("author_id")}
        recipients = (linked_ids(vals.get("partner_ids")) for vals in vals_list)
        self.env["res.partner"]._check_known(authors.union(*recipients))


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; an outsider only for people who are known to the outsider. Raises AccessError."""
        self._check_assigned(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Write; an outsider only for people who are known to the outsider. Raises AccessError."""
        self._check_assigned([vals])
        return super().write(vals)

    def _check_assigned(self, vals_list):
        # Odoo's own refusal names the person who was assigned.
        if not self.env.su and self.env.user._is_outsider():
            users = self.env["res.users"].browse({vals["user_id"] for vals in vals_list if vals.get("user_id")})
            # sudo: only yes or no leaves here; a user who does not exist has no partner and is refused alike.
            self.env["res.partner"]._check_known([user.sudo().partner_id.id for user in users])


class ChannelMember(models.Model):
    _inherit = "discuss.channel.member"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; an outsider invites only people who are known to the outsider. Raises AccessError."""
        # Also with the rights of the system: a new channel enters its members with them.
        if self.env.user._is_outsider():
            self.env["res.partner"]._check_known({vals["partner_id"] for vals in vals_list if vals.get("partner_id")})
        return super().create(vals_list)
