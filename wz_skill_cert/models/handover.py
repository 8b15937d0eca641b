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
        self.review_id.session_id._drop_finished_task()
        if target == "passed" and len(self) > 1:
            # Hundreds passed at one meeting are one task.
            self.review_id.session_id._schedule_certificates(self)
            return
        for application in self:
            if user := application._whose_turn(NEXT_PARTY.get(target)):
                application._schedule_next_step(user, target)

    def _schedule_next_step(self, user, target):
        self._schedule_task(user, self.with_context(lang=user.lang)._task_summary(target))

    def _schedule_task(self, user, summary):
        # quick update: no mail, whose subject would carry the applicant's name.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "wz_skill_cert.activity_next_step", summary=summary, user_id=user.id, date_deadline=clock.today()
        )

    def _message_track(self, fields_iter, initial_values_dict):
        """Log what changed on many applications in two inserts.

        Odoo takes two for each: of the seconds in which a vote on 500 was closed, these were nearly all.
        """
        if len(self) < 2:
            return super()._message_track(fields_iter, initial_values_dict)
        fields_info = self.fields_get(fields_iter, attributes=("string", "type", "selection", "currency_field"))
        tracking = {case.id: case._mail_track(fields_info, initial_values_dict[case.id]) for case in self.exists()}
        changed = self.browse(case for case, (_names, commands) in tracking.items() if commands)
        messages = changed._message_log_batch(bodies={})
        # sudo: as Odoo's own tracking; the message has just been made for this very change.
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for case, message in zip(changed, messages, strict=True)
                for _create, _zero, values in tracking[case.id][1]
            ]
        )
        return tracking

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


class Session(models.Model):
    """The certificates of those who passed at one meeting are one task, which stays until all are issued."""

    _name = "skill.cert.session"
    _inherit = ["skill.cert.session", "mail.activity.mixin"]

    def _schedule_certificates(self, applications):
        for user in applications.handling_bureau_id.user_ids.browse(
            {application._whose_turn(OFFICER).id for application in applications} - {False}
        ):
            session = self.with_context(lang=user.lang, mail_activity_quick_update=True)
            session.activity_schedule(
                "wz_skill_cert.activity_issue_certificates",
                # No number: a member recused from a case sees the session, and could tell the result from it.
                summary=session.env._("Issue the certificates of those who passed"),
                user_id=user.id,
                date_deadline=clock.today(),
            )

    def _drop_finished_task(self):
        """Close the task where nobody of the meeting waits for a certificate any more."""
        if not self.activity_ids:
            return
        cases = self.env["skill.cert.application"]
        waiting = cases.search([("state", "=", "passed"), ("review_id.session_id", "in", self.ids)])
        (self - waiting.review_id.session_id).activity_unlink(["wz_skill_cert.activity_issue_certificates"])
