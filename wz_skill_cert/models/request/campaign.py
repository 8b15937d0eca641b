from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import clock


class Campaign(models.Model):
    """One year's round of direct recognition: which policy, which window."""

    _name = "skill.cert.campaign"
    _description = "Campaign"
    _inherit = ["mail.thread", "skill.cert.guarded"]
    _order = "year desc, id desc"

    name = fields.Char(required=True)
    year = fields.Integer(required=True, default=lambda self: clock.today().year)
    policy_id = fields.Many2one(
        "skill.cert.policy",
        required=True,
        ondelete="restrict",
        domain=[("state", "=", "active")],
        default=lambda self: self.env["skill.cert.policy"]._in_force(),
    )
    bureau_id = fields.Many2one(
        "skill.cert.bureau",
        "City bureau",
        required=True,
        domain=[("level", "=", "city")],
        ondelete="restrict",
        default=lambda self: self.env["skill.cert.bureau"]._only_city(),
    )
    date_open = fields.Date("Opens on", required=True, default=lambda self: clock.today(), tracking=True)
    date_close = fields.Date(
        "Closes on", required=True, tracking=True, help="Last day on which an application may be submitted."
    )
    announcement = fields.Html(help="Shown to the units with the campaign.")
    window = fields.Selection(
        [("upcoming", "Not open yet"), ("open", "Open today"), ("closed", "Closed")], compute="_compute_window"
    )
    is_open = fields.Boolean("Open today", compute="_compute_is_open", search="_search_is_open")
    active = fields.Boolean(default=True)

    _dates_ordered = models.Constraint(
        "CHECK (date_open <= date_close)", "A campaign closes on or after the day it opens."
    )
    _year_plausible = models.Constraint("CHECK (year BETWEEN 2000 AND 2999)", "A campaign's year has four digits.")

    @api.model
    def _open_domain(self):
        today = clock.today()
        return fields.Domain([("date_open", "<=", today), ("date_close", ">=", today), ("active", "=", True)])

    @api.depends("date_open", "date_close", "active")
    def _compute_is_open(self):
        is_open = self.filtered_domain(self._open_domain())
        for campaign in self:
            campaign.is_open = campaign in is_open

    @api.depends("date_open", "date_close")
    def _compute_window(self):
        today = clock.today()
        for campaign in self:
            not_yet = campaign.date_open and today < campaign.date_open
            over = campaign.date_close and today > campaign.date_close
            campaign.window = "upcoming" if not_yet else "closed" if over else "open"

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._open_domain() if True in value else ~self._open_domain()

    def write(self, vals):
        """Write; the policy is fixed once an application has been submitted under it."""
        if not self.env.su and "policy_id" in vals:
            self._check_unused()
        return super().write(vals)

    def _check_unused(self):
        # sudo: not everyone who keeps campaigns sees applications; only whether there is one leaves here.
        applications = self.env["skill.cert.application"].sudo()
        if applications.search_count([("campaign_id", "in", self.ids), ("submitted_on", "!=", False)], limit=1):
            raise UserError(self.env._("Applications have been submitted under this policy: the campaign keeps it."))

    @api.model
    def _current(self):
        """Return the campaign that is open today, the latest where several are; may be empty."""
        return self.search(self._open_domain(), limit=1)

    def _check_takes(self):
        """Raise where one of these is archived: nothing is begun in it, and nothing put there."""
        if archived := self.filtered(lambda campaign: not campaign.active):
            raise UserError(archived[0]._archived_sentence())

    def _archived_sentence(self):
        return self.env._("%s has been archived: it takes no application.", self.name)

    def _window_defect(self):
        """Return why nothing may be submitted today, or False."""
        today = clock.today()
        if not self.active:
            return self._archived_sentence()
        if today < self.date_open:
            return self.env._("%(campaign)s opens on %(day)s.", campaign=self.name, day=self.date_open)
        if today > self.date_close:
            return self.env._("%(campaign)s closed on %(day)s.", campaign=self.name, day=self.date_close)
        return False


class Policy(models.Model):
    _inherit = "skill.cert.policy"

    campaign_ids = fields.One2many("skill.cert.campaign", "policy_id", "Campaigns")

    def _check_judged_nothing(self):
        # sudo: a manager sees no application; only whether there is one leaves here.
        applications = self.env["skill.cert.application"].sudo()
        if applications.search_count([("policy_id", "in", self.ids), ("submitted_on", "!=", False)], limit=1):
            raise UserError(
                self.env._("Submitted applications are judged by this policy. Copy it and change the new version.")
            )
