from odoo import fields, models
from odoo.exceptions import UserError

from ... import clock, workflow
from ...workflow import OFFICER
from ..platform.neutralized import numbered
from ..request.asked import worded


class Application(models.Model):
    """The steps of the notice's part 4 in its order: what each asks for, and the public actions that take it."""

    _inherit = "skill.cert.application"

    # ------------------------------------------------------------------ guards

    def _guard_submit(self, target, vals):
        """Notice, part 4, 组织申报 报送: complete, in scope, in time and with a condition met, or say all that is wrong."""
        if defects := self._submission_defects():
            raise UserError(self._refusal_to_submit({self: defects}))
        vals["submitted_on"] = fields.Datetime.now()
        vals.update(self._names_of_today())
        vals["condition_id"] = self.first_condition_id.id
        vals["place_bureau_id"] = (self.place_bureau_id or self.bureau_id).id
        if not self.name:
            vals["name"] = self._next_number()

    def _next_number(self):
        # sudo: nominators may not read sequences; only the next number leaves here.
        serial = self.env["ir.sequence"].sudo().next_by_code("skill.cert.application")
        return numbered(self.env, f"{self.bureau_id.code}-{self.campaign_id.year}-{serial}")

    def _guard_panel(self, target, vals):
        """An appointed panel that is one also without those in conflict."""
        self.review_id._check_panel()

    def _guard_assessed(self, target, vals):
        """The panel's own assessments decide; the officer only records them."""
        self._check_no_papers_asked()
        verdict, reason = self.review_id._assessment_result()
        if verdict != target:
            raise UserError(self.env._("%s: the panel decided otherwise.", self.display_name))
        if target == "rejected":
            vals.update(reason=reason, rejected_at="assessment", decided_on=fields.Datetime.now())

    def _guard_recommend(self, target, vals):
        self._check_no_papers_asked()
        if self.review_id.purpose != "recommend":
            raise UserError(self.env._("%s is decided by this bureau's own review committee.", self.display_name))

    def _guard_review(self, target, vals):
        """Notice, part 4, 资格确认 发证: a county only recommends 技师; the city votes."""
        self._check_no_papers_asked()
        if self.review_id.purpose != "certify":
            raise UserError(
                self.env._("%s is to be recommended to the city, whose committee votes.", self.display_name)
            )
        if self.review_id.motion_id.state != "open":
            raise UserError(self.env._("%s is on the agenda of no open session.", self.display_name))

    def _guard_voted(self, target, vals):
        motion = self.review_id.motion_id
        if motion.state != "voted" or motion.passed != (target == "passed"):
            raise UserError(self.env._("%s: the committee's vote says otherwise.", self.display_name))
        vals["decided_on"] = fields.Datetime.now()
        if target == "rejected":
            vals.update(reason=motion._conclusion(), rejected_at="review")

    def _guard_put_off(self, target, vals):
        if self.review_id.motion_id.state != "put_off":
            raise UserError(self.env._("%s: the committee's vote is not put off.", self.display_name))

    def _guard_certify(self, target, vals):
        """Notice, part 4, 资格确认 发证: after a passed vote, and after the publicity period [X]."""
        if self.review_id.outcome != "passed":
            raise UserError(self.env._("%s has no passed vote.", self.display_name))
        self._check_certifying_bureau()
        if self.open_objection_count:
            raise UserError(
                self.env._(
                    "%(application)s: %(count)s objections are not resolved yet.",
                    application=self.display_name,
                    count=self.open_objection_count,
                )
            )
        if (until := self._publicity_until()) and clock.today() <= until:
            raise UserError(
                self.env._("%(application)s is in publicity until %(day)s.", application=self.display_name, day=until)
            )

    # ------------------------------------------------------------------ actions

    def action_submit(self):
        """Submit (组织申报). Raises UserError with all that is missing, AccessError for others than the nominator."""
        self._move("submitted", reason=False)

    def action_return(self, reason, points=()):
        """Return to the nominator for correction (notice, part 4, 组织申报 报送), with ``reason``, ``points``, or both.

        ``points``: [{target: a key of ``_targets()``, or False: the whole case; text}], of one case alone. ``reason`` is tied to the
        whole case. The nominator answers each before the case comes back.
        """
        asked = self._return_points(reason, points)
        self._move("returned", reason=worded(asked))
        self._ask_unit("return", asked)
        # sudo: the round that had begun ends; officers do not write rounds themselves.
        self.sudo().review_ids._end("returned")

    def action_accept(self):
        """Accept the papers (notice, part 4, 组织申报 报送) and open the first round at the bureau of the place."""
        self._move("accepted")
        for application in self:
            application.officer_id = application.officer_id or self.env.user
            application._open_round(application.bureau_id)

    def action_start_assessment(self):
        """Hand the case to the panel of its current round (专家考评)."""
        self._move("assessment")
        self.sudo().review_id._invite()  # sudo: assessments are the experts' own; the officer only invites

    def action_invite_members(self):
        """Invite those members of the panel who were added since the assessment began (a replacement).

        Raises UserError where nobody is left to be invited, AccessError for others than the handling officer.
        """
        for application in self:
            application._check_party(OFFICER)
            if application.state != "assessment":
                raise UserError(self.env._("%s is not in assessment.", application.display_name))
            # sudo: as at the start of the assessment, after the same check of the party.
            if not application.sudo().review_id._invite():
                raise UserError(
                    self.env._("Every member of the panel has been asked. Add a member to the panel first.")
                )

    def action_conclude_assessment(self):
        """Fix the panel's result: qualified for the review, or rejected with the reason."""
        for application in self:
            if application.state != "assessment":
                application._refuse_step("qualified")  # elsewhere there may be no round to ask
        # Whose step it is comes before what the case still lacks.
        self._check_party(OFFICER)
        for application in self:
            verdict, _reason = application.review_id._assessment_result()
            application._move(verdict)
            application.sudo().review_id._conclude(verdict)  # sudo: outcome is guarded, _move has checked

    def action_recommend(self):
        """Recommend a 技师 to the city, whose own round begins (notice, part 4, 资格确认 发证)."""
        for application in self:
            city = application.bureau_id.city_id
            application._move("recommended")
            application.sudo().review_id._end("recommended")  # sudo: outcome is guarded, _move has checked
            application._open_round(city)

    def action_certify(self):
        """Issue the certificate (notice, part 4, 资格确认 发证) and return it."""
        self._move("certified")
        certified = self.sudo()  # sudo: certificates are only written here, after the guard
        certificates = certified.env["skill.cert.certificate"].create([c._prepare_certificate() for c in certified])
        return certificates.with_env(self.env)

    def action_revoke(self, reason):
        """Cancel the qualification for fraud (notice, part 5, 弄虚作假), with ``reason``.

        Everything falls that rests on these applications, in the same transaction: see CONSEQUENCES.
        """
        self._move("revoked", reason=reason)
        workflow.follow(self.sudo(), "revoke", reason)  # sudo: what follows the state that _move has just set

    def _revoke_certificates(self, reason):
        self.certificate_ids._revoke(reason)

    def _end_revoked(self, reason):
        self._end_undecided("revoked", self.env._("The qualification was revoked."))

    def _warn_of_others(self, reason):
        for application in self:
            application._warn_about_fraud()

    def _warn_about_fraud(self):
        """Leave an activity with the officers who handle other applications of the same person that are under way.

        Its words accuse nobody and tell of no other case: nominators may read them. What was found, officers see on the application.
        """
        others = self.search(
            [
                ("id_number", "=", self.id_number),
                ("id_number", "!=", False),
                ("state", "in", workflow.states("under_way")),
            ]
        )
        for other, user in (others - self)._whose_turn(OFFICER).items():
            other._schedule_task(user, self.env._("Please look at this application again"))

    def action_ask_reason(self):
        """Open the dialogue that asks for a reason; ``reason_for`` in the context names the action."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_reason_wizard")
        return {
            **action,
            "context": {
                "default_application_ids": self.ids,
                "default_action": self.env.context.get("reason_for"),
            },
        }

    def action_accept_each(self):
        """Accept those of these applications that can be accepted (组织申报).

        :return: the action that says which were accepted, and why each other was not. Raises AccessError where one of
            them may not be read.
        """
        done, refused = self._take_each(lambda applications: applications.action_accept())
        return self._step_results(self.env._("Accept"), done, refused, done._unseen_notes())

    def action_return_each(self, reason):
        """Return those of these applications that can be returned, with ``reason``; see ``action_accept_each``."""
        done, refused = self._take_each(lambda applications: applications.action_return(reason))
        return self._step_results(self.env._("Return"), done, refused, {})

    def _take_each(self, step):
        """Take ``step`` for all of these at once or, where that is refused, for each alone.

        :return: those for which it was taken, and {application: why it was refused}.
        """
        self.check_access("read")
        if not self._refusal(step):
            return self, {}
        refusals = {application: application._refusal(step) for application in self}
        refused = {application: why for application, why in refusals.items() if why}
        return self.filtered(lambda application: application not in refused), refused

    def _refusal(self, step):
        """Take ``step``; return False, or why it was refused. Then nothing of it has happened."""
        try:
            with self.env.cr.savepoint():
                step(self)
        except UserError as refusal:
            return str(refusal)
        return False

    def _unseen_notes(self):
        """Return {application: reminder} of those whose originals are not all ticked."""
        return {
            application: self.env._("%s originals are not ticked.", application.unseen_count)
            for application in self
            if application.unseen_count
        }

    def _step_results(self, title, done, refused, notes):
        """Return the dialogue of results. Without anything to say it only closes what asked."""
        if not refused and not notes:
            return {
                "type": "ir.actions.client",
                "tag": "wz_skill_cert.step_done",
                "params": {"title": title, "count": len(done)},
            }
        return {
            "type": "ir.actions.client",
            "tag": "wz_skill_cert.step_results",
            "params": {
                "title": title,
                "done": [self._result_row(application, notes.get(application, "")) for application in done],
                "refused": [self._result_row(application, why) for application, why in refused.items()],
            },
        }

    def _result_row(self, application, why):
        return {"id": application.id, "name": application.display_name, "why": why}


class Panel(models.Model):
    _inherit = "skill.cert.panel"

    def action_conclude(self):
        """Record the result of every case that all experts have assessed, and show the panel's list.

        Cases with an assessment outstanding are left as they are; raises UserError where there is no other.
        """
        for panel in self:
            panel.check_access("write")
            ready = panel.review_ids._ready_for_the_list()
            if not ready:
                raise UserError(self.env._("No case of %s has all its assessments yet.", panel.name))
            ready.application_id.action_conclude_assessment()
        return self.action_open_results()


class Objection(models.Model):
    _inherit = "skill.cert.objection"

    def _revoke_qualification(self):
        self.application_id.action_revoke(self.finding)
