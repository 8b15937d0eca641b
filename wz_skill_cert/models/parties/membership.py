"""Associations and their members: who agreed to be represented, whom to write to, how far each member is."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ... import clock, workflow
from .res_partner import UNIT_GROUPS

ASSOCIATION, MEMBER = "association_id", "member_id"
CONSENT_STATES = [
    ("none", "Not asked yet"),
    ("given", "Agreed"),
    ("expired", "Consent expired"),
    ("withdrawn", "Consent withdrawn"),
]


class Membership(models.Model):
    """One member of one association, as the association works with it (notice, part 4, 组织申报 推荐).

    Who is a member of what is said on the units (``association_ids``), which managers and officers keep; each such link
    has its record here, which is archived when the membership ends and comes back with it.
    """

    _name = "skill.cert.membership"
    _description = "Member of an association"
    _inherit = ["mail.thread", "skill.cert.guarded"]
    _order = "association_id, member_id, id"
    _rec_name = "member_id"
    # The member reads the record and may not post on it.
    _mail_post_access = "write"

    association_id = fields.Many2one(
        "res.partner",
        "Industry association",
        required=True,
        ondelete="cascade",
        index=True,
        guarded=True,
        readonly=True,
    )
    member_id = fields.Many2one(
        "res.partner", "Member enterprise", required=True, ondelete="cascade", index=True, guarded=True, readonly=True
    )
    active = fields.Boolean(default=True, guarded=True, readonly=True)
    bureau_id = fields.Many2one(
        "skill.cert.bureau",
        "Bureau of the place",
        compute="_compute_bureau_id",
        compute_sudo=True,
        store=True,
        index=True,
        guarded=True,
    )
    contact_name = fields.Char("Contact")
    contact_phone = fields.Char("Contact phone")
    contact_email = fields.Char("Contact e-mail", help="Reminders go here, or else to the e-mail of the unit.")
    consent_ids = fields.One2many("skill.cert.consent", "membership_id", "Consents")
    consent_state = fields.Selection(
        CONSENT_STATES, "Consent", compute="_compute_consent_state", search="_search_consent_state"
    )
    reminded_on = fields.Date("Last reminder", guarded=True, readonly=True, copy=False)
    user_is_association = fields.Boolean(compute="_compute_user_sides")
    user_is_member = fields.Boolean(compute="_compute_user_sides")

    _once = models.Constraint("UNIQUE (association_id, member_id)", "This enterprise is a member already.")

    @api.depends("member_id.name")
    def _compute_display_name(self):
        for membership in self:
            # sudo: whoever reads a membership may know whose it is, also when it has ended.
            membership.display_name = membership.sudo().member_id.name

    @api.depends("member_id.skill_cert_bureau_id")
    def _compute_bureau_id(self):
        for membership in self:
            membership.bureau_id = membership.member_id.skill_cert_bureau_id

    @api.depends("consent_ids.given_on", "consent_ids.valid_until", "consent_ids.withdrawn_on")
    def _compute_consent_state(self):
        for membership in self:
            states = membership.consent_ids.mapped("state")
            # One consent in force suffices; else the latest says how it ended.
            membership.consent_state = "given" if "given" in states else next(iter(states), "none")

    def _search_consent_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        everyone = self.search([("active", "in", (True, False))])
        found = everyone.filtered(lambda m: m.consent_state in value)
        return Domain("id", "in", found.ids)

    @api.depends("association_id", "member_id")
    @api.depends_context("uid")
    def _compute_user_sides(self):
        for membership in self:
            membership.user_is_association = membership._is_side(ASSOCIATION)
            membership.user_is_member = membership._is_side(MEMBER)

    # ------------------------------------------------------------------ who may

    def _is_side(self, side):
        """Tell whether the user nominates for the ``association_id`` or for the ``member_id``."""
        if not self.env.user.has_group("wz_skill_cert.group_nominator"):
            return False
        # sudo: who acts for a unit is not readable by outsiders; only yes or no leaves here.
        unit = self.sudo()[side]
        return unit.active and self.env.user in unit.nominator_user_ids

    def _check_side(self, *sides):
        """Raise unless these are memberships that have not ended, and the user acts for one of their ``sides``."""
        self.check_access("read")
        for membership in self:
            if not any(membership._is_side(side) for side in sides):
                raise AccessError(self.env._("Only the unit itself may do this."))
            if not membership.active:
                raise UserError(self.env._("%s is no longer a member.", membership.display_name))

    # ------------------------------------------------------------------ steps

    def action_agree(self):
        """Give the member's consent, as its nominator. Raises AccessError for others."""
        self._check_side(MEMBER)
        # sudo: guarded; members record no paper of their own, and who agrees has just been checked.
        consents = self.env["skill.cert.consent"].sudo()
        consents.create(
            [
                {
                    "membership_id": membership.id,
                    "signatory": self.env.user.name,
                    "source": "online",
                    "recorded_by_id": self.env.uid,
                }
                for membership in self
                if membership.consent_state != "given"
            ]
        )

    def action_withdraw_consent(self):
        """End the consents that are in force, as the member or as the association."""
        self._check_side(ASSOCIATION, MEMBER)
        for consent in self.consent_ids.filtered(lambda consent: consent.state == "given"):
            # sudo: guarded; that the user acts for one of the two sides has just been checked.
            consent.sudo().write({"withdrawn_on": clock.today(), "withdrawn_by_id": self.env.uid})

    def action_remind(self):
        """Write to these members by the template “Reminder to a member”, each at most once a day.

        Raises AccessError for others than their association, UserError where a member has no address or has been
        reminded today; then nobody is written to.
        """
        self._check_side(ASSOCIATION)
        self._check_remindable()
        # sudo: nominators do not administer mail; the template is the office's, the recipients are the members' own.
        members, template = self.sudo(), self.env.ref("wz_skill_cert.mail_member_reminder").sudo()
        template.send_mail_batch(members.ids)
        for membership in members:
            membership._message_log(body=self.env._("Reminder sent to %s.", membership._reminder_address()))
        members.reminded_on = clock.today()
        return self._notify(self.env._("Reminders on their way: %s.", len(self)))

    def _check_remindable(self):
        unreachable = self.filtered(lambda membership: not membership._reminder_address())
        if unreachable:
            names = "、".join(unreachable.mapped("display_name"))
            raise UserError(self.env._("Please enter an e-mail first: %s.", names))
        if told := self.filtered(lambda membership: membership.reminded_on == clock.today()):
            names = "、".join(told.mapped("display_name"))
            raise UserError(self.env._("Reminded today already: %s.", names))

    def _reminder_address(self):
        """Return the e-mail to which reminders go, or False."""
        return self.contact_email or self.member_id.email

    @api.model
    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class Consent(models.Model):
    """A member's consent that the association reports its staff: what was signed, or said in the system. Append-only."""

    _name = "skill.cert.consent"
    _description = "Consent of a member"
    _inherit = ["skill.cert.guarded", "skill.cert.attachment.owner"]
    _order = "given_on desc, id desc"
    _rec_name = "signatory"

    membership_id = fields.Many2one("skill.cert.membership", required=True, ondelete="cascade", index=True)
    given_on = fields.Date("Agreed on", required=True, default=lambda self: clock.today())
    valid_until = fields.Date("Consent in force until", help="Last day; empty: until it is withdrawn.")
    signatory = fields.Char("Agreed by", required=True, help="Who signed for the member.")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "skill_cert_consent_attachment_rel",
        "consent_id",
        "attachment_id",
        string="Scan",
        copy=False,
        help="The letter with the member's stamp.",
    )
    source = fields.Selection(
        [("paper", "Signed paper"), ("online", "Online")],
        "How",
        required=True,
        default="paper",
        guarded=True,
        copy=False,
        readonly=True,
    )
    recorded_by_id = fields.Many2one("res.users", "Recorded by", guarded=True, copy=False, readonly=True)
    withdrawn_on = fields.Date("Withdrawn on", guarded=True, copy=False, readonly=True)
    withdrawn_by_id = fields.Many2one("res.users", "Withdrawn by", guarded=True, copy=False, readonly=True)
    state = fields.Selection(CONSENT_STATES, "Consent", compute="_compute_state")

    _days_ordered = models.Constraint(
        "CHECK (valid_until IS NULL OR given_on <= valid_until)", "A consent ends on or after the day it was given."
    )

    @api.depends("given_on", "valid_until", "withdrawn_on")
    def _compute_state(self):
        today = clock.today()
        for consent in self:
            if consent.withdrawn_on:
                consent.state = "withdrawn"
            else:
                consent.state = "expired" if consent.valid_until and consent.valid_until < today else "given"

    @api.constrains("given_on")
    def _check_given_on(self):
        if any(consent.given_on > clock.today() for consent in self):
            raise ValidationError(self.env._("A consent cannot be dated later than today."))

    @api.model_create_multi
    def create(self, vals_list):
        """Record consents on paper, as the association, each with its scan; then they are fixed."""
        consents = super().create(vals_list)
        if not self.env.su:
            consents.membership_id._check_side(ASSOCIATION)
            consents._check_scan()
            consents._claim_attachments("attachment_ids")
            consents.sudo().write({"recorded_by_id": self.env.uid})  # sudo: guarded; who records is who is asking
        return consents

    def write(self, vals):
        """Refuse; a consent that was recorded is withdrawn, and another one recorded."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            self._check_attachments_open()
        return super().write(vals)

    def _check_scan(self):
        if any(not consent.attachment_ids for consent in self):
            raise UserError(self.env._("Please attach the scan of what the member has signed."))

    def _check_attachments_open(self):
        if any(consent.recorded_by_id for consent in self):
            raise UserError(self.env._("A consent that was recorded is fixed. Withdraw it and record another one."))


class Partner(models.Model):
    _inherit = "res.partner"

    membership_ids = fields.One2many("skill.cert.membership", MEMBER, "Memberships", groups=UNIT_GROUPS)

    @api.model_create_multi
    def create(self, vals_list):
        """Create; each membership has its record."""
        self._refuse_merged_by_hand(vals_list)
        self._refuse_said_by_nominators(vals_list)
        partners = super().create(vals_list)
        partners.browse(
            partner.id for partner, vals in zip(partners, vals_list, strict=True) if _links(vals)
        )._keep_memberships()
        return partners

    def write(self, vals):
        """Write; each membership has its record, and what is not submitted yet follows a unit that moves."""
        self._refuse_merged_by_hand([vals])
        self._refuse_said_by_nominators([vals])
        result = super().write(vals)
        if "skill_cert_bureau_id" in vals:
            workflow.follow(self, "move_place")
        if _links(vals):
            self._keep_memberships()
        return result

    def _keep_memberships(self):
        """Let the records of memberships follow the links of these units."""
        if not self:
            return
        # sudo: whoever may write the links decides on them; the records only follow. Archived units keep theirs.
        units = self.sudo().with_context(active_test=False, mail_create_nosubscribe=True, mail_create_nolog=True)
        pairs = {(other.id, unit.id) for unit in units for other in unit.association_ids}
        pairs |= {(unit.id, other.id) for unit in units for other in unit.association_member_ids}
        memberships = units.env["skill.cert.membership"]
        kept = memberships.search(Domain(ASSOCIATION, "in", units.ids) | Domain(MEMBER, "in", units.ids))
        current = kept.filtered(lambda m: (m.association_id.id, m.member_id.id) in pairs)
        current.filtered(lambda m: not m.active).active = True
        (kept - current).filtered("active").active = False
        missing = pairs - {(m.association_id.id, m.member_id.id) for m in current}
        memberships.create([{ASSOCIATION: one, MEMBER: other} for one, other in sorted(missing)])


def _links(vals):
    return "association_ids" in vals or "association_member_ids" in vals
