"""The daily e-mail: an officer's desk in figures, and what somebody wants to hear of once a day and not at once."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ... import clock, workflow

# Of the officer's desk, each the list that opens behind the figure: the figure is the number of its records.
DESK = ("new", "late", "week", "with_others")
MONDAY = 0


class Users(models.Model):
    """How somebody wants to be told. Everybody sets it for oneself."""

    _inherit = "res.users"

    skill_cert_notify = fields.Selection(
        [
            ("email", "By e-mail, at once"),
            ("daily", "By one e-mail a day"),
            ("activity", "In the system only"),
        ],
        "Notifications of skill recognition",
        required=True,
        default="email",
    )
    skill_cert_overview = fields.Selection(
        [("daily", "Every day"), ("weekly", "On Mondays"), ("never", "Never")],
        "Overview of the desk by e-mail",
        required=True,
        default="daily",
        help="For officers: how many cases are new, late, due this week and with others. Not sent where there are none.",
    )
    skill_cert_announcements = fields.Boolean(
        "Tell me when a campaign opens", default=True, help="For nominating units: one e-mail a campaign."
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *self._own_notification_fields()]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, *self._own_notification_fields()]

    @api.model
    def _own_notification_fields(self):
        return ("skill_cert_notify", "skill_cert_overview", "skill_cert_announcements")

    def _wants_overview(self):
        """Tell whether this user is an officer who wants the overview today."""
        if not self.skill_cert_bureau_ids or self.skill_cert_notify == "activity":
            return False
        weekly = self.skill_cert_overview == "weekly" and clock.today().weekday() == MONDAY
        return self.skill_cert_overview == "daily" or weekly


class Notification(models.Model):
    _inherit = "skill.cert.notification"

    @api.model
    def _run_daily(self):
        """Scheduled once a day: reminders and announcements into the outbox, then what goes out once a day."""
        cron = self.env["ir.cron"]
        self._remind_all()
        users = self._daily_users()
        if not cron._commit_progress(1, remaining=len(users)):
            return
        self.env.ref("wz_skill_cert.cron_notification")._trigger()
        for number, user in enumerate(users, 1):
            self._send_daily(user)
            if not cron._commit_progress(1, remaining=len(users) - number):
                return

    @api.model
    def _daily_users(self):
        """Return who wants a daily e-mail and has something to read, and the officers of all bureaus."""
        collected = self._users_waiting(Domain("user_id.skill_cert_notify", "=", "daily"))
        officers = self.env["skill.cert.bureau"].search([("user_ids", "!=", False)]).user_ids
        return (collected | officers).filtered("active").sorted("id")

    @api.model
    def _send_daily(self, user):
        """Send the day's e-mail to ``user``, if there is anything to say and it has not been sent today."""
        mails = self.env["skill.cert.notification.mail"]
        if mails.search_count([("user_id", "=", user.id), ("overview_on", "=", clock.today())], limit=1):
            return
        rows = self.browse()
        if user.skill_cert_notify == "daily":
            waiting = self.search([("state", "=", "waiting"), ("user_id", "=", user.id)])
            rows = waiting._still_to_be_told(user)
            (waiting - rows).state = "silent"
        overview = mails._overview_of(user) if user._wants_overview() else []
        if rows or overview:
            rows._mail(user, "digest", overview=overview, overview_on=clock.today())


class NotificationMail(models.Model):
    _inherit = "skill.cert.notification.mail"

    # The rows of the overview: [{"key", "count", "url", "steps": [[step in Chinese, count]]}]
    overview = fields.Json("Figures of the desk")
    overview_on = fields.Date("Day of the overview")

    _once_a_day = models.UniqueIndex("(user_id, overview_on) WHERE overview_on IS NOT NULL")

    @api.model
    def _overview_of(self, user):
        """Return the figures of the officer's desk, as a search of the officer finds them; empty where nothing waits for the officer."""
        rows = [self._overview_row(user, key) for key in DESK]
        return rows if any(row["count"] for row in rows if row["key"] != "with_others") else []

    @api.model
    def _overview_row(self, user, key):
        applications = self.env["skill.cert.application"].with_user(user)
        groups = applications._read_group(self._desk_domain(user, key), ["state"], ["__count"])
        return {
            "key": key,
            "count": sum(count for _state, count in groups),
            "url": f"{self.get_base_url()}/odoo/action-wz_skill_cert.action_desk_{key}",
            "steps": [[workflow.row(state).desk, count] for state, count in groups if workflow.row(state).desk],
        }

    @api.model
    def _desk_domain(self, user, key):
        """Return the domain of the list behind the figure: one truth for both."""
        # sudo: a list's own domain is nobody's secret.
        action = self.env.ref(f"wz_skill_cert.action_desk_{key}").sudo()
        return safe_eval(action.domain, {"uid": user.id})
