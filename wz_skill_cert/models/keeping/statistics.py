"""Figures of the cases: one row an application, no person in it. What is counted is kept when personal data is erased."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ... import clock, workflow
from ..rules.selections import EDUCATIONS, LEVELS, SEXES

# Upper bounds, inclusive, in completed years.
AGE_BANDS = [
    ("1_to_25", "25 and younger", 25),
    ("2_to_35", "26 to 35", 35),
    ("3_to_45", "36 to 45", 45),
    ("4_to_55", "46 to 55", 55),
    ("5_older", "56 and older", 999),
]
OUTCOMES = [
    ("1_certified", "Certified"),
    ("2_passed", "Passed, certificate not issued yet"),
    ("3_rejected", "Rejected"),
    ("4_withdrawn", "Withdrawn"),
    ("5_revoked", "Revoked"),
    ("5_terminated", "Terminated"),
    ("6_under_way", "Under way"),
]
UNDER_WAY = "6_under_way"


def outcome_sql():
    """Return the expression that gives the outcome (OUTCOMES) of an application ``a``."""
    told = [SQL("WHEN %s THEN %s", row.key, row.outcome) for row in workflow.STATES if row.outcome]
    return SQL("CASE a.state %s ELSE %s END", SQL(" ").join(told), UNDER_WAY)


def age_band(years):
    """Return the key of the band to which an age in completed years belongs, or False where it is unknown."""
    if years is None:
        return False
    return next(key for key, _label, last in AGE_BANDS if years <= last)


class Application(models.Model):
    """What the statistics need of a case and could not find out later: papers and days go with the erasure."""

    _inherit = "skill.cert.application"

    condition_id = fields.Many2one(
        "skill.cert.condition",
        "Qualified by",
        guarded=True,
        copy=False,
        readonly=True,
        ondelete="set null",
        help="The first condition of the level that the case meets; kept from the submission to the last verdict.",
    )
    age_band = fields.Selection(
        [(key, label) for key, label, _last in AGE_BANDS],
        "Age at submission",
        compute="_compute_age_band",
        store=True,
        guarded=True,
    )

    @api.depends("birth_date", "submitted_on")
    def _compute_age_band(self):
        for application in self:
            years = clock.years_between(application.birth_date, application.submitted_on)
            application.age_band = age_band(years)

    def _keep_condition(self):
        """Note by which condition these cases qualify now that a verdict has been given."""
        self.invalidate_recordset(["first_condition_id"])
        for condition, applications in self.grouped("first_condition_id").items():
            applications.write({"condition_id": condition.id})


class Achievement(models.Model):
    _inherit = "skill.cert.achievement"

    def _keep_condition_of_case(self, before):
        # As superuser, as the verdict itself: the verifier does not write the case.
        self.application_id.with_user(SUPERUSER_ID)._keep_condition()


class Statistics(models.Model):
    """One row for each application that was ever submitted, without who it is: for graph, pivot and the annual report.

    A case that meets several conditions counts once, under the first of them. The record rules of the applications
    hold here, too: an officer counts the own bureau's cases, an officer of the city all of them.
    """

    _name = "skill.cert.statistics"
    _description = "Statistics of applications"
    _auto = False
    _order = "submitted_on desc, id desc"
    _rec_name = "campaign_id"
    _depends = {
        "skill.cert.application": [
            "state", "level", "campaign_id", "occupation_id", "reported_bureau_id", "city_id", "nominator_id", "sex",
            "education", "annual_benefit", "submitted_on", "decided_on", "condition_id", "age_band",
        ],
        "skill.cert.campaign": ["year"],
        "res.partner": ["skill_cert_unit"],
    }  # fmt: skip

    campaign_id = fields.Many2one("skill.cert.campaign", readonly=True)
    year = fields.Char("Year of the campaign", readonly=True)
    bureau_id = fields.Many2one("skill.cert.bureau", "Bureau of the place", readonly=True)
    city_id = fields.Many2one("skill.cert.bureau", "City bureau", readonly=True)
    occupation_id = fields.Many2one("skill.cert.occupation", readonly=True)
    level = fields.Selection(LEVELS, "Level applied for", readonly=True)
    condition_id = fields.Many2one("skill.cert.condition", "Qualified by", readonly=True)
    state = fields.Selection(workflow.labels(), readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    sex = fields.Selection(SEXES, readonly=True)
    age_band = fields.Selection([(k, label) for k, label, _last in AGE_BANDS], "Age at submission", readonly=True)
    education = fields.Selection(EDUCATIONS, readonly=True)
    nominator_kind = fields.Selection(
        [("enterprise", "Enterprise"), ("association", "Industry association")], "Nominated by", readonly=True
    )
    submitted_on = fields.Date("Day of submission", readonly=True)
    decided_on = fields.Date("Day of decision", readonly=True)
    days_to_decision = fields.Integer("Days to the decision", aggregator="avg", readonly=True)
    annual_benefit = fields.Float("Benefit created (10,000 yuan)", digits=(16, 2), readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT a.id, a.campaign_id, c.year::varchar AS year, a.reported_bureau_id AS bureau_id, a.city_id,
                      a.occupation_id, a.level, a.condition_id, a.state, %(outcome)s AS outcome, a.sex, a.age_band,
                      a.education, p.skill_cert_unit AS nominator_kind, %(submitted)s AS submitted_on,
                      %(decided)s AS decided_on, %(decided)s - %(submitted)s AS days_to_decision, a.annual_benefit
                 FROM skill_cert_application a
                 LEFT JOIN skill_cert_campaign c ON c.id = a.campaign_id
                 LEFT JOIN res_partner p ON p.id = a.nominator_id
                WHERE a.reported_bureau_id IS NOT NULL""",
            outcome=outcome_sql(),
            submitted=_day_in_china("submitted_on"),
            decided=_day_in_china("decided_on"),
        )


def _day_in_china(column):
    return SQL("(a.%s AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai')::date", SQL.identifier(column))
