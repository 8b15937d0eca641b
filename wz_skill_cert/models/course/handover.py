"""Who is to do something, and who is told, when a case changes hands: one table, and the two things that follow from a row.

A task (activity) is left with the one whose turn it is; it closes itself at the next step. The notification only goes to the
outbox here (``notification.py``): a step neither waits for a mail server nor fails with it.
"""

from odoo import SUPERUSER_ID, api, models

from ... import clock, workflow
from ...reports import wording
from ...workflow import NOMINATOR, OFFICER
from ..assessment.assessment import OPEN_ASSESSMENTS
from ..platform.enumeration import enumerate_reasons

NEXT_STEP = "wz_skill_cert.activity_next_step"


class Application(models.Model):
    """Each hand-over leaves an activity with the one whose turn it is, closes the last one, and tells whom it concerns."""

    _inherit = "skill.cert.application"

    def _hand_over_step(self, target, before):
        # sudo: the activities of the other party are not the user's to read or close.
        application = self.sudo()
        application._close_tasks()
        if not workflow.row(target).with_next_round:
            application._hand_over(target)
        application.filtered(lambda a: workflow.is_transfer(before[a.id], target))._hand_over("transferred")

    def _hand_over_round(self):
        if workflow.row(self.state).with_next_round:
            self.sudo()._hand_over(self.state)  # sudo: as in _hand_over_step, of which this is the end

    def _close_tasks(self):
        self.activity_unlink([NEXT_STEP])
        self.review_id.session_id._drop_finished_task()

    def _hand_over(self, step):
        """Leave the task of ``step`` with whose turn it is, and tell whom it concerns. As superuser, after the step."""
        row = workflow.hand_over(step)
        if row.notice:
            self._notify(row.notice, row.told)
        if step == "passed" and len(self) > 1:
            # Hundreds passed at one meeting are one task.
            self.review_id.session_id._schedule_certificates(self)
            return
        for application, user in self._whose_turn(row.turn).items():
            application._schedule_next_step(user, step)

    def _notify(self, notice, party):
        # Whoever takes the step needs no news of it.
        pairs = [(application, users - self.env.user) for application, users in self._addressees(party).items()]
        self.env["skill.cert.notification"]._tell(notice, pairs)

    def _addressees(self, party):
        """Return {application: all who act for ``party``}; of officers only the one in charge where there is one."""
        if party == NOMINATOR:
            return {application: application.nominator_id.nominator_user_ids for application in self}
        # A draft is no officer's business.
        acting = self.filtered("reported_bureau_id")._officers_without_conflict()
        return {application: application.officer_id & officers or officers for application, officers in acting.items()}

    def _officers_without_conflict(self):
        """Return {application: those of its bureau's officers who may take its steps}: nobody in conflict is asked to (回避)."""
        found = dict.fromkeys(self, self.env["res.users"])
        for bureau, applications in self.grouped("handling_bureau_id").items():
            for user in bureau.user_ids:
                reasons = user._conflict_reasons(applications)
                found.update({one: found[one] | user for one in applications if not reasons[one]})
        return found

    def _schedule_next_step(self, user, step):
        self._schedule_task(user, self.with_context(lang=user.lang)._task_summary(step))

    def _schedule_task(self, user, summary):
        """Leave a task with ``user``. One desk has one open task of a case: what comes on top is added to it."""
        if task := self._open_task(user):
            if summary not in task.summary:
                task.summary = enumerate_reasons(self.with_context(lang=user.lang).env, [task.summary, summary])
            return
        # quick update: no mail, whose subject would carry the applicant's name.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            NEXT_STEP, summary=summary, user_id=user.id, date_deadline=self._task_deadline()
        )

    def _open_task(self, user):
        kind = self.env.ref(NEXT_STEP)
        return self.activity_ids.filtered(lambda task: task.user_id == user and task.activity_type_id == kind)[:1]

    def _task_deadline(self):
        return self._paper_request().due_on or self.due_on or clock.today()

    def _message_track(self, fields_iter, initial_values_dict):
        """Log what changed on many applications in two inserts.

        Odoo takes two for each: of the seconds in which a vote on 500 was closed, these were nearly all.
        """
        if len(self) < 2:
            return super()._message_track(fields_iter, initial_values_dict)
        fields_info = self.fields_get(fields_iter, attributes=("string", "type", "selection", "currency_field"))
        tracking = {
            application.id: application._mail_track(fields_info, initial_values_dict[application.id])
            for application in self.exists()
        }
        changed = self.browse(application for application, (_names, commands) in tracking.items() if commands)
        messages = changed._message_log_batch(bodies={})
        # sudo: as Odoo's own tracking; the message has just been made for this very change.
        self.env["mail.tracking.value"].sudo().create(
            [
                {**values, "mail_message_id": message.id}
                for application, message in zip(changed, messages, strict=True)
                for _create, _zero, values in tracking[application.id][1]
            ]
        )
        return tracking

    def _task_summary(self, step):
        """Return what is to be done; a state without words of its own is called by its name."""
        words = {
            "submitted": self.env._("Check the papers"),
            "returned": self.env._("Correct and submit again"),
            "accepted": self.env._("Appoint a panel and start the assessment"),
            "declined": self.env._("An expert has declined: see to a replacement"),
            "assessed": self.env._("All assessments are in: record the panel's result"),
            "qualified": self.env._("Bring to the review committee or recommend to the city"),
            "recommended": self.env._("Appoint a panel and start the assessment"),
            "sent_back": self.env._("Sent back by the city: see to it and recommend again"),
            "passed": self.env._("Issue the certificate"),
            "papers": self.env._("Add the further papers and hand them in"),
            "papers_in": self.env._("Further papers are in: look at them and close the request"),
        }
        return words.get(step) or dict(self._fields["state"]._description_selection(self.env))[step]

    def _whose_turn(self, party):
        """Return {application: who already has it in hand, or else the first who acts for the party}.

        Where all officers of a bureau are in conflict, the manager is told to find another one.
        """
        return {
            one: preferred if preferred in users else users[:1]
            for one, (preferred, users) in self._turns(party).items()
            if users
        }

    def _turns(self, party):
        """Return {application: (who is asked first, all who may be asked)}."""
        if party == NOMINATOR:
            return {one: (one.create_uid, one.nominator_id.nominator_user_ids) for one in self}
        acting = self._officers_without_conflict() if party else {}
        self.browse().union(*(one for one, officers in acting.items() if not officers))._report_unattended()
        return {one: (one.officer_id or self.env.user, officers) for one, officers in acting.items()}

    def _report_unattended(self):
        for bureau in self.handling_bureau_id.filtered("user_ids"):
            bureau._report_unattended()

    def _pass_tasks_on(self, user):
        """Hand to others what ``user``, who is in conflict with these cases, was asked to do in them."""
        kind, others = self.env.ref(NEXT_STEP), self._whose_turn(OFFICER)
        tasks = self.activity_ids.filtered(lambda task: task.user_id == user and task.activity_type_id == kind)
        for task in tasks:
            application = self.browse(task.res_id)
            if other := others.get(application):
                application._schedule_task(other, task.summary)
        tasks.unlink()

    def _warn_of_late_conflicts(self):
        """Leave a task with the officer. It names nobody: the nominator reads the case's tasks."""
        late = self.filtered("late_conflicts").with_user(SUPERUSER_ID)
        for application, user in late._whose_turn(OFFICER).items():
            words = application.with_context(lang=user.lang).env._("Look at the conflicts of interest of this case")
            application._schedule_task(user, words)

    def _hand_over_sent_back(self):
        self._close_tasks()
        self._hand_over("sent_back")

    def _hand_over_objection(self):
        self._hand_over("objection")

    def _due_with(self):
        """Return [(record, users, day)]: who has each case now, each with the record that the person works on."""
        assessed = self.filtered(lambda application: application.waiting_for == "experts")
        # Of the campaign's end the unit is reminded once, for all of its cases.
        nominated = self.filtered(
            lambda one: (
                one.waiting_for == NOMINATOR and (one.due_on != one.campaign_id.date_close or one._corrected_late())
            )
        )
        handled = self.filtered(lambda application: application.waiting_for == OFFICER)
        acting = nominated._addressees(NOMINATOR) | handled._addressees(OFFICER)
        return [
            *((work, work.user_id, one.due_on) for one in assessed for work in one._unsubmitted()),
            *((one, users, one.due_on) for one, users in acting.items()),
        ]

    def _notified_as(self):
        """Return (number, particulars, deadline) as an e-mail names the case: no person, and the words of the official papers."""
        row = workflow.row(self.state)
        result = row.decided and ("认定结果：通过" if row.published else "认定结果：未通过")
        parts = (self.occupation_name, wording.LEVELS.get(self.level), result)
        return self.name, " · ".join(part for part in parts if part), self.due_on

    def _notifying_bureau(self):
        return self.handling_bureau_id


class Tasks(models.AbstractModel):
    """Tasks on a record that has no conversation: Odoo lets whoever has one follow, and posts that it is done."""

    _name = "skill.cert.tasks"
    _description = "Record with tasks and without a conversation"
    _inherit = ["mail.activity.mixin"]

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Do nothing: nobody follows such a record."""
        return True

    def message_post_with_source(self, source_ref, **kwargs):
        """Say nothing: there is no chatter."""
        return self.env["mail.message"]


class Assessment(models.Model):
    """Whoever is asked to assess is told and has a task until the answer or the assessment is given.

    The task is on the assessment, which no nominator reads: on the case it would name the expert.
    """

    _name = "skill.cert.assessment"
    _inherit = ["skill.cert.assessment", "skill.cert.tasks"]

    @api.model_create_multi
    def create(self, vals_list):
        """Create, and ask the experts."""
        assessments = super().create(vals_list)
        assessments.sudo().filtered(lambda a: a.state == "invited")._ask()  # sudo: tasks of the experts who are asked
        return assessments

    def _ask(self, _before=None):
        pairs = [(assessment, assessment.user_id) for assessment in self]
        self.env["skill.cert.notification"]._tell("invited", pairs)
        for assessment in self.filtered("user_id"):
            assessment._schedule_task()

    def _schedule_task(self):
        assessment = self.with_context(lang=self.user_id.lang, mail_activity_quick_update=True)
        assessment.activity_schedule(
            "wz_skill_cert.activity_assess",
            summary=assessment.env._("Answer the invitation and assess"),
            user_id=self.user_id.id,
            date_deadline=self.application_id._task_deadline(),
        )

    def _settle_tasks(self):
        """Close the task of what is answered or submitted; the last one is news for the officer."""
        assessments = self.sudo()  # sudo: the officer's task is not the expert's to read
        assessments.filtered(lambda a: a.state not in OPEN_ASSESSMENTS).activity_unlink(
            ["wz_skill_cert.activity_assess"]
        )
        # In nobody's name: the nominator may read who made a task.
        for review in assessments.review_id.with_user(SUPERUSER_ID).filtered(lambda review: review._is_assessed()):
            review.application_id._hand_over("assessed")

    def _report_decline(self):
        """Leave a task with the officer, in nobody's name: the nominator may read who made it."""
        self.application_id.with_user(SUPERUSER_ID)._hand_over("declined")


class Session(models.Model):
    """The certificates of those who passed at one meeting are one task, which stays until all are issued."""

    _name = "skill.cert.session"
    _inherit = ["skill.cert.session", "mail.activity.mixin"]

    def _call_to_vote(self, _motions):
        # No task: that it closes would tell when somebody has voted.
        if self.voting == "electronic":
            session = self.sudo()  # sudo: whom the seats belong to; each is told of the own one
            seats = session.seat_ids.filtered("present")
            session.env["skill.cert.notification"]._tell("session_open", [(session, seats.user_id - self.env.user)])

    def _schedule_certificates(self, applications):
        for user in self.env["res.users"].union(*applications._whose_turn(OFFICER).values()):
            session = self.with_context(lang=user.lang, mail_activity_quick_update=True)
            session.activity_schedule(
                "wz_skill_cert.activity_issue_certificates",
                # No number: a member recused from a case sees the session, and could tell the result from it.
                summary=session.env._("Issue the certificates of those who passed"),
                user_id=user.id,
                date_deadline=min(
                    (application.due_on for application in applications if application.due_on), default=clock.today()
                ),
            )

    def _drop_finished_task(self):
        """Close the task where nobody of the meeting waits for a certificate any more."""
        if not self.activity_ids:
            return
        applications = self.env["skill.cert.application"]
        waiting = applications.search([("state", "=", "passed"), ("review_id.session_id", "in", self.ids)])
        (self - waiting.review_id.session_id).activity_unlink(["wz_skill_cert.activity_issue_certificates"])


class Conflict(models.Model):
    _inherit = "skill.cert.conflict"

    def _warn_of_late(self):
        self.application_id._warn_of_late_conflicts()

    def _pass_tasks_on(self):
        """Hand to a colleague what an officer who steps aside was asked to do."""
        # In nobody's name and as superuser: another's tasks.
        for user, conflicts in self.filtered("user_id").with_user(SUPERUSER_ID).grouped("user_id").items():
            conflicts.application_id._pass_tasks_on(user)


class Bureau(models.Model):
    """A bureau whose officers all have a conflict of interest with a case is the manager's to staff."""

    _name = "skill.cert.bureau"
    _inherit = ["skill.cert.bureau", "skill.cert.tasks"]
    # Its tasks are for who may change it.
    _mail_post_access = "write"

    def _report_unattended(self):
        """Leave a task with the manager. It tells of no case, which is not the manager's to see."""
        # In nobody's name: whose step it was is nobody's business here.
        bureau, kind = self.with_user(SUPERUSER_ID), self.env.ref("wz_skill_cert.activity_staff_bureau")
        manager = bureau.env.ref("wz_skill_cert.group_manager").all_user_ids.filtered("active").sorted("id")[:1]
        if not manager or kind in bureau.activity_ids.activity_type_id:
            return
        told = bureau.with_context(lang=manager.lang, mail_activity_quick_update=True)
        summary = told.env._("All officers have a conflict of interest with a case here: please enter another officer")
        told.activity_schedule("wz_skill_cert.activity_staff_bureau", summary=summary, user_id=manager.id)


class Request(models.Model):
    """Further papers are a task of the unit, and when all have come one of the officer; the case changes no state."""

    _inherit = "skill.cert.request"

    def _hand_over_request(self):
        self.application_id._hand_over("papers")

    def _hand_over_answer(self):
        self._end_task_of_unit()
        self.application_id._hand_over("papers_in")

    def _end_task_of_unit(self):
        """Nobody of the unit has anything to do while the case is with the bureau."""
        kind = self.env.ref(NEXT_STEP)
        for application in self.application_id:
            unit = application.nominator_id.nominator_user_ids
            application.activity_ids.filtered(lambda t, u=unit: t.user_id in u and t.activity_type_id == kind).unlink()
