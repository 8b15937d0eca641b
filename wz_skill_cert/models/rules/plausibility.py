"""What cannot be, and what the bureau should look at: facts of a case that contradict each other, the law or the calendar.

The notice is silent: this is an option [X] of the policy. Each policy says of each fact whether it is refused at the submission, told
to the bureau as a warning, or not asked, and where a boundary is a choice, which. Like the days of the steps, it may change while
the policy is in force: it judges what is submitted from then on, and no condition of the notice.
"""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

VERDICTS = [("refused", "Refused"), ("warned", "Bureau is warned"), ("off", "Not asked")]


class Fact(NamedTuple):
    """A fact that is judged: how a policy judges it by default, and its boundary in years where there is one."""

    key: str
    label: str
    verdict: str
    boundary: int | None = None


FACTS = (
    # 劳动法 art. 15: nobody below 16 is employed.
    Fact("age_low", "Applicant younger than … years", "refused", 16),
    # 在职职工: beyond the latest retirement there is (63, put off by at most three years).
    Fact("age_high", "Applicant … years old or older", "refused", 67),
    Fact("age_retired", "Applicant … years old or older: perhaps retired", "warned", 60),
    Fact("career_before_birth", "In work or in the occupation before birth", "refused"),
    Fact("career_too_young", "In work before the age of …", "refused", 16),
    Fact("career_in_future", "In work or in the occupation since a day to come", "refused"),
    Fact("occupation_before_career", "In the occupation before being in work", "refused"),
    Fact("paper_before_birth", "Qualification, title, achievement or history before birth", "refused"),
    Fact("paper_in_future", "Qualification, title or achievement of a day to come", "refused"),
    Fact("history_in_future", "Work history or contribution of a day to come", "refused"),
    Fact("history_before_career", "Work history that begins before being in work", "warned"),
    Fact("history_ended", "Work history that names no present work", "warned"),
    Fact("qualified_too_young", "Qualification or title before the age of …", "warned", 16),
    Fact("patent_dates", "Patent dated before the year of its number, or of a year to come", "warned"),
)
FACT_OF = {fact.key: fact for fact in FACTS}
OLDEST = 120


class Plausibility(models.Model):
    """How a policy judges one fact. A row that is missing reads as the default of FACTS."""

    _name = "skill.cert.plausibility"
    _description = "Fact that cannot be"
    _order = "policy_id, id"
    _rec_name = "fact"

    policy_id = fields.Many2one("skill.cert.policy", required=True, ondelete="cascade", index=True)
    fact = fields.Selection([(fact.key, fact.label) for fact in FACTS], required=True)
    verdict = fields.Selection(VERDICTS, "At the submission", required=True, default="refused")
    boundary = fields.Integer("Years (…)", help="Where the fact names a number of years.")
    has_boundary = fields.Boolean(compute="_compute_has_boundary")

    _once = models.Constraint("UNIQUE (policy_id, fact)", "This fact has its row already.")

    @api.depends("fact")
    def _compute_has_boundary(self):
        for row in self:
            row.has_boundary = bool(row.fact) and FACT_OF[row.fact].boundary is not None

    @api.constrains("fact", "boundary")
    def _check_boundary(self):
        for row in self.filtered("has_boundary"):
            if not 0 < row.boundary <= OLDEST:
                raise ValidationError(self.env._("Please enter a number of years from 1 to %s.", OLDEST))


class Policy(models.Model):
    _inherit = "skill.cert.policy"

    plausibility_ids = fields.One2many("skill.cert.plausibility", "policy_id", "Facts that cannot be", copy=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Create, with a row for each fact of FACTS that was not given."""
        policies = super().create(vals_list)
        policies._add_missing_facts()
        return policies

    def _add_missing_facts(self, verdict_of=lambda fact: fact.verdict):
        """Give each of these policies the rows that it lacks; return them."""
        return self.env["skill.cert.plausibility"].create(
            [
                {"policy_id": policy.id, "fact": fact.key, "verdict": verdict_of(fact), "boundary": fact.boundary}
                for policy in self
                for fact in FACTS
                if fact.key not in policy.plausibility_ids.mapped("fact")
            ]
        )

    def _judged_facts(self):
        """Return {fact: (verdict, boundary)} as this policy judges, without those that it does not ask."""
        judged = {fact.key: (fact.verdict, fact.boundary) for fact in FACTS}
        judged.update({row.fact: (row.verdict, row.boundary) for row in self.plausibility_ids})
        return {fact: judgement for fact, judgement in judged.items() if judgement[0] != "off"}
