from odoo import models

from .. import clock
from .application import NOMINATOR, OFFICER

# Whose turn it is after a step. States that are missing here leave nobody with a task: the
# panel's and the committee's work is on their own records.
NEXT_PARTY = {
    "submitted": OFFICER,
    "returned": NOMINATOR,
    "accepted": OFFICER,
    "qualified": OFFICER,
    "recommended": OFFICER,
    "passed": OFFICER,
}


class Application(models.Model):
    """Each hand-over leaves an activity with the one whose turn it is, and closes the last one."""

    _inherit = "skill.cert.application"

    def _move(self, target, **vals):
        result = super()._move(target, **vals)
        # sudo: the activities of the other party are not the user's to read or close.
        self.sudo()._hand_over(target)
        return result

    def _hand_over(self, target):
        self.activity_unlink(["wz_skill_cert.activity_next_step"])
        for application in self:
            if user := application._whose_turn(NEXT_PARTY.get(target)):
                application._schedule_next_step(user, target)

    def _schedule_next_step(self, user, target):
        # quick update: no mail, whose subject would carry the applicant's name.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "wz_skill_cert.activity_next_step",
            summary=self.with_context(lang=user.lang)._task_summary(target),
            user_id=user.id,
            date_deadline=clock.today(),
        )

    def _task_summary(self, target):
        return {
            "submitted": self.env._("Check the papers"),
            "returned": self.env._("Correct and submit again"),
            "accepted": self.env._("Appoint a panel and start the assessment"),
            "qualified": self.env._("Bring to the review committee or recommend to the city"),
            "recommended": self.env._("Appoint a panel and start the assessment"),
            "passed": self.env._("Issue the certificate"),
        }[target]

    def _whose_turn(self, party):
        """Return who already has the case in hand, or else the first who acts for the party."""
        if not party:
            return self.env["res.users"]
        if party == NOMINATOR:
            users, preferred = self.nominator_id.nominator_user_ids, self.create_uid
        else:
            users, preferred = self.handling_bureau_id.user_ids, self.officer_id
        return preferred if preferred in users else users[:1]
