"""How a case ends without a decision, or goes a step back: withdrawn, terminated, sent back to its county."""

from odoo import fields, models
from odoo.exceptions import UserError

from ... import workflow

# Why a bureau ends a case on which it need not decide any more (终止).
GROUNDS = [
    ("left", "Left the employer"),
    ("died", "Died"),
    ("gave_up", "The applicant gave up"),
    ("other", "Another ground"),
]


class Review(models.Model):
    _inherit = "skill.cert.review"

    # Of the county's round that follows, and not of the case, whose reasons the nominator reads.
    sent_back_reason = fields.Text("Sent back by the city", guarded=True, readonly=True)

    def _append_after_sending_back(self, reason):
        """Append the county's round in which it decides anew whether to recommend: its panel's result stands."""
        county = (self.application_id.review_ids - self).sorted("id")[-1:]
        return self.create(
            {
                "application_id": self.application_id.id,
                "bureau_id": county.bureau_id.id,
                "purpose": county.purpose,
                "panel_id": county.panel_id.id,
                "outcome": "qualified",
                "concluded_on": county.concluded_on,
                "assessor_count": county.assessor_count,
                "favourable_count": county.favourable_count,
                "sent_back_reason": reason,
            }
        )


class Application(models.Model):
    _inherit = "skill.cert.application"

    termination_ground = fields.Selection(
        GROUNDS, "Terminated because", guarded=True, copy=False, readonly=True, tracking=True
    )
    sent_back_reason = fields.Text(related="review_id.sent_back_reason", groups="wz_skill_cert.group_county_officer")

    def _guard_termination(self, target, vals):
        if vals.get("termination_ground") not in dict(GROUNDS):
            raise UserError(self.env._("Please choose why the case is terminated."))
        self._guard_reason(target, vals)

    def _guard_send_back(self, target, vals):
        self._guard_reason(target, vals)
        del vals["reason"]

    def action_withdraw(self):
        """Withdraw, as the nominator, until the vote is open; the person may then be nominated anew.

        Raises AccessError for others than the nominator, UserError from the opening of the vote on.
        """
        self._move("withdrawn")
        # sudo: rounds, assessments and motions are the bureau's; _move has checked party and state.
        self.sudo()._end_undecided("withdrawn", self.env._("The application was withdrawn."))

    def action_terminate(self, ground, reason):
        """End (终止) cases on which nothing is decided any more, as an officer, with ``ground`` (GROUNDS) and ``reason``.

        At any time between the submission and the certificate; what was decided until then stays. The unit is told.
        Raises AccessError for others than the officers who handle the case, UserError without ground or reason.
        """
        self._move("terminated", termination_ground=ground, reason=reason)
        # sudo: as in action_withdraw
        self.sudo()._end_undecided("terminated", self.env._("The case was terminated."))

    def action_send_back(self, reason):
        """Send recommended cases back to their county, as an officer of the city, with ``reason`` (required).

        The county may recommend again, ask for further papers or terminate; its panel's result stands.
        """
        for application in self:
            # Other roads lead to that state from elsewhere.
            if application.state != "recommended":
                application._refuse_step("qualified")
        # sudo: the county's case is no more the city's own from then on; _move asks for the user's party as ever.
        cases = self.sudo()
        rounds = cases.review_id
        cases._move("qualified", reason=reason)
        rounds._end("sent_back")
        for ended in rounds:
            ended._append_after_sending_back(reason)
        workflow.follow(cases, "send_back")

    def _end_undecided(self, outcome, words):
        """End what has begun about these cases: rounds, unanswered assessments, motions not voted on, objections, tasks."""
        self.review_ids._end(outcome)
        self.review_ids.assessment_ids._release()
        self.review_ids.motion_ids._drop(words)
        self.objection_ids._overtake()
        self.activity_ids.unlink()
