"""What nobody should have to remember: deadlines, open assessments, meetings, and that a campaign has opened.

Looked for once a day, and each reminder is sent once: whoever looks twice a day, or again after a restart, tells nobody twice.
"""

from datetime import date, datetime, time, timedelta

from odoo import api, models
from odoo.fields import Domain

from ... import clock, workflow
from ..platform.settings import remind_days

# A campaign that has been open for longer is no news: the addon may be new, or a unit.
NEWS_FOR = timedelta(days=7)


def _in_utc(day):
    """Return the beginning of the day in China as a naive datetime in UTC."""
    return datetime.combine(day, time(), clock.CHINA).astimezone(clock.UTC).replace(tzinfo=None)


class Notification(models.Model):
    _inherit = "skill.cert.notification"

    @api.model
    def _remind_all(self):
        """Put all that is due today into the outbox."""
        today = clock.today()
        last = today + timedelta(days=remind_days(self.env))
        self._remind("closing", self._closing(today, last))
        self._remind("due", self._cases_due(Domain("due_on", ">=", today) & Domain("due_on", "<=", last)))
        self._remind("late", self._cases_due(Domain("is_late", "=", True)))
        self._remind("session_soon", self._sessions_soon(today))
        self._remind("session_vote", self._votes_outstanding())
        self._remind("campaign", self._campaigns_opened(today))
        self._remind("holidays", self._schedule_missing())

    @api.model
    def _closing(self, today, last):
        """Return campaigns that close soon, each with the nominators of the units that have not submitted all.

        What was returned and may come back later is reminded of by its own day.
        """
        campaigns = self.env["skill.cert.campaign"].search(
            [("date_open", "<=", today), ("date_close", ">=", today), ("date_close", "<=", last)]
        )
        groups = self.env["skill.cert.application"]._read_group(
            Domain("campaign_id", "in", campaigns.ids)
            & Domain("state", "in", workflow.states("open"))
            & (
                Domain("state", "not in", workflow.states("sent_back"))
                | Domain("policy_id.correct_after_close", "=", False)
            ),
            ["campaign_id"],
            ["nominator_id:recordset"],
        )
        return [(campaign, units.nominator_user_ids, campaign.date_close) for campaign, units in groups]

    @api.model
    def _cases_due(self, domain):
        """Return [(case or assessment, whoever has it, the day)] of the cases of ``domain``."""
        applications = self.env["skill.cert.application"].search(domain & Domain("state", "!=", "draft"))
        return applications._due_with()

    @api.model
    def _sessions_soon(self, today):
        """Return sessions of tomorrow with the members who have not declared yet."""
        begin, end = _in_utc(today + timedelta(days=1)), _in_utc(today + timedelta(days=2))
        sessions = self.env["skill.cert.session"].search(
            [("state", "=", "draft"), ("date", ">=", begin), ("date", "<", end)]
        )
        return [
            (session, session.seat_ids.filtered(lambda seat: not seat.declared).user_id, clock.day_of(session.date))
            for session in sessions
        ]

    @api.model
    def _votes_outstanding(self):
        """Return open sessions with the members whose vote is outstanding: on the day after the opening, once."""
        opened = Domain("opened_on", "<", _in_utc(clock.today()))
        sessions = self.env["skill.cert.session"].search(
            opened & Domain("state", "=", "open") & Domain("voting", "=", "electronic")
        )
        return [
            (
                session,
                session.seat_ids.filtered(lambda seat: seat.present and not seat.voted).user_id,
                clock.day_of(session.opened_on),
            )
            for session in sessions
        ]

    @api.model
    def _schedule_missing(self):
        """Return the last row of the schedule with the managers, from November on while next year's is not entered: each once."""
        year = self.env["skill.cert.holiday"]._missing_year()
        last = self.env["skill.cert.holiday"].search([], limit=1)
        managers = self.env.ref("wz_skill_cert.group_manager").all_user_ids
        return [(last, managers, date(year, 1, 1))] if year and last else []

    @api.model
    def _campaigns_opened(self, today):
        """Return campaigns that have just opened, with the nominators of the city's units who want to hear of it."""
        campaigns = self.env["skill.cert.campaign"].search(
            [("date_open", "<=", today), ("date_open", ">", today - NEWS_FOR), ("date_close", ">=", today)]
        )
        units = self.env["res.partner"].search(
            [
                ("skill_cert_unit", "!=", False),
                ("skill_cert_bureau_id.city_id", "in", campaigns.bureau_id.ids),
                ("nominator_user_ids", "!=", False),
            ]
        )
        by_city = units.grouped(lambda unit: unit.skill_cert_bureau_id.city_id)
        nobody = self.env["res.partner"]
        return [
            (
                campaign,
                by_city.get(campaign.bureau_id, nobody).nominator_user_ids.filtered("skill_cert_announcements"),
                campaign.date_open,
            )
            for campaign in campaigns
        ]
