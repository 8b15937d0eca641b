from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ... import clock, workflow
from ...workflow import COMMITTEE, EXPERTS, NOMINATOR, OFFICER
from ..assessment.assessment import OPEN_ASSESSMENTS
from ..platform.enumeration import enumerate_names

WAITING_FOR = [
    (NOMINATOR, "Nominating unit"),
    (OFFICER, "Bureau"),
    (EXPERTS, "Experts of the panel"),
    (COMMITTEE, "Review committee"),
    # It runs by itself; what follows it is the officer's again.
    ("publicity", "Publicity"),
]
DAYS_FIELDS = tuple(sorted({state.days for state in workflow.STATES if state.days}))
BANDS = [("1_late", "Late"), ("2_today", "Due today"), ("3_week", "Due this week"), ("4_later", "Due later")]


class Policy(models.Model):
    """How long each step may take, an option [X]: the notice sets no days.

    They may change while the policy is in force: each case keeps the day that it was given.
    """

    _inherit = "skill.cert.policy"

    days_to_accept = fields.Integer("To accept or return", default=5, help="Working days from the submission.")
    days_to_correct = fields.Integer(
        "For the unit to correct",
        default=10,
        help="Working days from the return; also beyond the campaign's last day, unless the policy says otherwise.",
    )
    days_to_start = fields.Integer("To start the assessment", default=10, help="Working days from the acceptance.")
    days_to_assess = fields.Integer("To assess", default=20, help="Working days from the start of the assessment.")
    days_to_review = fields.Integer(
        "To convene or recommend",
        default=20,
        help="Working days from the panel's result to the vote or the recommendation.",
    )
    days_to_vote = fields.Integer("To vote", default=5, help="Working days from the opening of the vote.")
    days_to_certify = fields.Integer(
        "To issue the certificate", default=10, help="Working days from the decision or the end of the publicity."
    )

    schedule_warning = fields.Char(compute="_compute_schedule_warning")

    _days_positive = models.Constraint(
        f"CHECK ({' AND '.join(f'{name} >= 0' for name in DAYS_FIELDS)})",
        "A number of days cannot be negative: 0 means no deadline.",
    )

    def _compute_schedule_warning(self):
        self.schedule_warning = self.env["skill.cert.holiday"]._missing_sentence()

    def _term(self, state, start):
        """Return the last day of the step that began on the date ``start``, or False where the policy sets none."""
        name = workflow.row(state).days
        days = self[name] if self and name else 0
        return self.env["skill.cert.policy"]._working_day_after(start, days) if days > 0 else False


class Application(models.Model):
    """Whose turn it is, since when and until when. The day is fixed when the step begins."""

    _inherit = "skill.cert.application"

    waiting_since = fields.Datetime("In this state since", compute="_compute_waiting_since", store=True, guarded=True)
    waiting_for = fields.Selection(
        WAITING_FOR, "With whom", compute="_compute_waiting_for", store=True, index=True, guarded=True
    )
    # The policy's days, counted when the step began: a later change of the policy changes no case under way.
    term_on = fields.Date("Term of the step", guarded=True, copy=False, readonly=True)
    due_on = fields.Date("Due on", compute="_compute_due_on", store=True, index="btree_not_null", guarded=True)
    due_band = fields.Selection(BANDS, "When due", compute="_compute_due_band", search="_search_due_band")
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")
    days_late = fields.Integer("Days late", compute="_compute_is_late")
    waiting_with = fields.Char(
        "In whose hands",
        compute="_compute_waiting_with",
        groups="wz_skill_cert.group_county_officer",
        help="The unit, the officer in charge, the experts who have not submitted yet, or the session.",
    )

    @api.depends("step_ids.at", "decided_on", "submitted_on")
    def _compute_waiting_since(self):
        """Take the last step's time; of a case from before steps were kept, the time that is nearest to it."""
        for application in self:
            last = application.step_ids.sorted("id")[-1:]
            times = (last.at, application.decided_on, application.submitted_on, application.create_date)
            application.waiting_since = next((at for at in times if at), fields.Datetime.now())

    @api.depends("state", "recused_expert_ids", "review_id.assessment_ids.state", "publicity_ends_on")
    def _compute_waiting_for(self):
        today = clock.today()
        for application in self:
            application.waiting_for = workflow.row(application.state).turn
            if application.state == "assessment" and not application._unsubmitted():
                # Nobody has still to submit: the officer concludes, or sees to a replacement.
                application.waiting_for = OFFICER
            elif (
                application.state == "passed"
                and application.publicity_ends_on
                and application.publicity_ends_on >= today
            ):
                application.waiting_for = "publicity"

    def _unsubmitted(self):
        """Return the assessments of the current round that are still to be answered or submitted."""
        return self.review_id.assessment_ids.filtered(
            lambda a: a.state in OPEN_ASSESSMENTS and a.expert_id not in self.recused_expert_ids
        )

    @api.depends("term_on", "waiting_for", "state", "campaign_id.date_close", "policy_id.correct_after_close")
    def _compute_due_on(self):
        for application in self:
            days = [application.term_on] if application.waiting_for else []
            if application.waiting_for == "nominator" and not application._corrected_late():
                # Nothing is submitted after the campaign's last day.
                days.append(application.campaign_id.date_close)
            application.due_on = min((day for day in days if day), default=False)

    def _corrected_until(self):
        return self.term_on or None

    @api.depends("due_on", "waiting_for")
    def _compute_is_late(self):
        today = clock.today()
        for application in self:
            application.is_late = bool(
                application.waiting_for not in (False, "publicity")
                and application.due_on
                and application.due_on < today
            )
            application.days_late = (today - application.due_on).days if application.is_late else 0

    @api.model
    def _late_domain(self):
        # The publicity runs by itself; what follows it is the officer's again.
        return Domain("due_on", "<", clock.today()) & Domain("waiting_for", "not in", (False, "publicity"))

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._late_domain()
        if set(value) == {True}:
            return late
        return Domain("due_on", "=", False) | ~late if True not in value else Domain.TRUE

    @api.depends("waiting_for", "officer_id", "handling_bureau_id", "nominator_id", "review_id.session_id")
    @api.depends_context("uid")
    def _compute_waiting_with(self):
        owing = self.filtered(lambda application: application.waiting_for == "experts")._owing_experts()
        for application in self:
            bureau = application.handling_bureau_id.name
            # sudo: a round of the city is not its county's to read; the session is named to those who read it.
            session = application.sudo().review_id.session_id.with_env(self.env)._filtered_access("read")
            application.waiting_with = {
                "nominator": application.nominator_id.name,
                "officer": " · ".join(filter(None, [bureau, application.officer_id.name])),
                "experts": owing.get(application, bureau),
                "committee": session.name or bureau,
                "publicity": bureau,
            }.get(application.waiting_for, False)

    def _owing_experts(self):
        """Return {application: names of the experts who have not submitted}, of those whom the user may know."""
        # As the user: a county's officer does not learn whom the city has asked.
        owed = self.env["skill.cert.assessment"].search(
            [
                ("application_id", "in", self.ids),
                ("state", "in", OPEN_ASSESSMENTS),
                ("review_id.outcome", "=", "pending"),
            ]
        )
        owed -= owed.filtered("recused")
        return {
            # sudo: whoever reads an assessment knows whose it is.
            application: enumerate_names(self.env, own.sudo().expert_id.mapped("name"))
            for application, own in owed.grouped("application_id").items()
        }

    # ------------------------------------------------------------------ late, today, this week, later

    @api.model
    def _band_limits(self):
        """Return today and the Sunday of this week, in China."""
        today = clock.today()
        return today, today + timedelta(days=6 - today.weekday())

    @api.depends("due_on")
    def _compute_due_band(self):
        today, sunday = self._band_limits()
        for application in self:
            application.due_band = application.due_on and _band(application.due_on, today, sunday)

    def _search_due_band(self, operator, value):
        if operator != "in":
            return NotImplemented
        today, sunday = self._band_limits()
        of_band = {
            "1_late": Domain("due_on", "<", today),
            "2_today": Domain("due_on", "=", today),
            "3_week": Domain("due_on", ">", today) & Domain("due_on", "<=", sunday),
            "4_later": Domain("due_on", ">", max(today, sunday)),
            False: Domain("due_on", "=", False),
        }
        return Domain.OR(of_band[band] for band in value if band in of_band)

    def _due_band_sql(self, alias, query):
        today, sunday = self._band_limits()
        due_on = self._field_to_sql(alias, "due_on", query)
        return SQL(
            "CASE WHEN %(due)s < %(today)s THEN '1_late' WHEN %(due)s = %(today)s THEN '2_today'"
            " WHEN %(due)s <= %(sunday)s THEN '3_week' WHEN %(due)s IS NOT NULL THEN '4_later' END",
            due=due_on,
            today=today,
            sunday=sunday,
        )

    # ------------------------------------------------------------------ the days

    def _begin_first_term(self):
        """What the program creates in a later state than a draft has a term, too."""
        if begun := self.filtered(lambda application: workflow.row(application.state).days and not application.term_on):
            begun.sudo()._begin_terms()  # sudo: the day is guarded and set here alone

    def _begin_step_term(self, target, before):
        self.sudo()._begin_terms()  # sudo: the days are guarded; _move has just checked the step

    def _begin_terms(self, start=None):
        """Fix the last day of the step that has begun (``start``, a date): one look at the calendar for all alike."""
        start = start or clock.today()
        for (state, policy), applications in self.grouped(
            lambda application: (application.state, application.policy_id)
        ).items():
            applications.term_on = policy._term(state, start)

    @api.model
    def _end_publicity(self):
        """Scheduled, daily: what was public until yesterday is the officer's again."""
        ended = self.search([("waiting_for", "=", "publicity"), ("publicity_ends_on", "<", clock.today())])
        self.env.add_to_compute(self._fields["waiting_for"], ended)

    def _begin_publicity_term(self):
        """The days for the certificate count from the last day of the publicity."""
        for (policy, last_day), applications in self.grouped(
            lambda application: (application.policy_id, application.publicity_ends_on)
        ).items():
            applications.term_on = policy._term("passed", last_day)


class Holiday(models.Model):
    _inherit = "skill.cert.holiday"

    def _extend_terms(self):
        """Let a term that would end on what is a day off now end on the next working day; none becomes shorter."""
        off = [day for day, kind in self._dates().items() if kind == "off" and day >= clock.today()]
        # sudo: the days are guarded; who may write the schedule is a manager, and what follows is the rule's.
        running = self.env["skill.cert.application"].sudo().search([("term_on", "in", off)])
        for day, applications in running.grouped("term_on").items():
            applications.term_on = self._working_day_after(day, 1)


def _band(day, today, sunday):
    if day <= today:
        return "1_late" if day < today else "2_today"
    return "3_week" if day <= sunday else "4_later"
