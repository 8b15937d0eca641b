"""A round before its panel: who is asked, who has answered, what they found."""

from itertools import chain

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ... import workflow
from ...workflow import OFFICER
from .assessment import ACCEPTED_ASSESSMENTS, OPEN_ASSESSMENTS


class Review(models.Model):
    _inherit = "skill.cert.review"

    panel_id = fields.Many2one("skill.cert.panel", ondelete="restrict", index=True, guarded=True)
    assessment_ids = fields.One2many("skill.cert.assessment", "review_id", "Assessments")
    concluded_on = fields.Datetime("Assessed on", guarded=True, readonly=True)
    assessor_count = fields.Integer(
        "Experts counted", guarded=True, readonly=True, help="Experts whose assessment counted: accepted and submitted."
    )
    favourable_count = fields.Integer("For the review", guarded=True, readonly=True)

    def _invited(self):
        """Return the places of those asked to assess or to vote in these rounds: they learn the name.

        Each place, an assessment or a seat, has an expert and the login of its moment. Conflicts are not yet removed.
        """
        return list(chain.from_iterable(workflow.ask(self, "invited")))

    def _experts(self):
        """Return the places of those who accepted to assess, or declared before the vote: they read the case."""
        return list(chain.from_iterable(workflow.ask(self, "experts")))

    def _asked_to_assess(self):
        return self.assessment_ids.filtered(lambda assessment: assessment._is_live())

    def _accepted_to_assess(self):
        return self.assessment_ids.filtered(lambda assessment: assessment.state in ACCEPTED_ASSESSMENTS)

    def _panel_without_conflicts(self):
        experts = self.panel_id.member_ids.expert_id
        return experts - experts._conflicts(self.application_id)[self.application_id]

    def _check_panel(self):
        """Raise unless an appointed panel of the round's bureau remains one without those in conflict."""
        if not self.panel_id:
            raise UserError(self.env._("%s has no expert panel yet.", self.application_id.display_name))
        if self.panel_id.state != "appointed":
            raise UserError(self.env._("The panel %s is not appointed yet.", self.panel_id.name))
        experts = self._panel_without_conflicts()
        if defect := self.panel_id.policy_id._panel_defect(len(experts)):
            raise UserError(self.env._("Without those who have a conflict of interest: %s", defect))

    def _invite(self):
        """Ask every member of the panel who is not yet asked, or was removed and is back, and has no conflict.

        Return the assessments. Whoever declined is asked again by name alone: see ``action_ask_again``.
        """
        back = self.assessment_ids.filtered(
            lambda a: a.state == "released" and a.expert_id in a.review_id._panel_without_conflicts()
        )
        back._ask_again()
        return back | self.env["skill.cert.assessment"].create(
            [
                {"review_id": review.id, "expert_id": expert.id}
                for review in self
                for expert in review._panel_without_conflicts() - review.assessment_ids.expert_id
            ]
        )

    def _conflicting(self):
        """Return the experts of this round's assessments who now have a conflict of interest."""
        return self.assessment_ids.expert_id._conflicts(self.application_id)[self.application_id]

    def _counted(self):
        """Return the assessments that count: accepted, submitted, and without a conflict that came up since."""
        conflicting = self._conflicting()
        return self.assessment_ids.filtered(lambda a: a.state == "submitted" and a.expert_id not in conflicting)

    def _outstanding(self):
        conflicting = self._conflicting()
        return self.assessment_ids.filtered(lambda a: a.state in OPEN_ASSESSMENTS and a.expert_id not in conflicting)

    def _is_assessed(self):
        """Tell whether the case is in assessment, nobody has still to answer or to submit, and enough have."""
        if self.application_id.state != "assessment" or self._outstanding():
            return False
        return not self.panel_id.policy_id._panel_defect(len(self._counted()))

    def _check_assessed(self):
        """Raise while an answer or an assessment is outstanding, or those who count are no panel."""
        outstanding, counted = self._outstanding(), self._counted()
        if outstanding or not self.assessment_ids:
            raise UserError(
                self.env._(
                    "%(application)s: %(count)s assessments are outstanding.",
                    application=self.application_id.display_name,
                    count=len(outstanding),
                )
            )
        if defect := self.panel_id.policy_id._panel_defect(len(counted)):
            raise UserError(
                self.env._(
                    "%(application)s: without those who declined or have a conflict of interest: %(defect)s Add a member and invite.",
                    application=self.application_id.display_name,
                    defect=defect,
                )
            )

    def _favourable(self):
        return self._counted().filtered(lambda assessment: assessment.verdict == "qualified")

    def _assessment_result(self):
        """Return (``qualified`` or ``rejected``, reason) as the panel found (notice, part 4, 专家考评 名单).

        Raises while an assessment is outstanding.
        """
        self.ensure_one()
        self._check_assessed()
        if not self.application_id.is_eligible:
            return "rejected", self.env._(
                "After the verification no condition is met.\n%s", self.application_id.eligibility
            )
        members, favourable = len(self._counted()), len(self._favourable())
        if self.application_id.policy_id._qualifies(favourable, members):
            return "qualified", False
        return "rejected", self.env._(
            "%(favourable)s of %(members)s experts found the applicant qualified.",
            favourable=favourable,
            members=members,
        )

    def _conclude(self, verdict):
        """Freeze what the panel found, and how many of how many."""
        self.write(
            {
                "concluded_on": fields.Datetime.now(),
                "assessor_count": len(self._counted()),
                "favourable_count": len(self._favourable()),
            }
        )
        self._end(verdict)

    def _ready_for_the_list(self):
        """Notice, part 4, 专家考评 名单: the panel fixes who goes to the review, of those whom all have assessed."""
        return self.filtered(lambda review: review._is_assessed() and not review.application_id._paper_request())


class Application(models.Model):
    _inherit = "skill.cert.application"
    panel_id = fields.Many2one(
        related="review_id.panel_id", string="Expert panel", groups="wz_skill_cert.group_county_officer"
    )

    def _is_assessed_by_me(self):
        # sudo: an expert does not read the round; only yes or no leaves here.
        assessing = self.sudo().review_id.assessment_ids.filtered(lambda assessment: assessment.state == "draft")
        return self.env.user in assessing.user_id

    def _assign_panel(self, panel):
        """Give the current rounds to ``panel`` (or to none), while their assessment has not begun."""
        for application in self:
            application._check_party(OFFICER)
            if application.state not in workflow.states("awaits_panel"):
                raise UserError(self.env._("%s is not waiting for a panel.", application.display_name))
            if panel and panel.bureau_id != application.handling_bureau_id:
                raise UserError(self.env._("The panel belongs to another bureau than %s.", application.display_name))
        self.sudo().review_id.panel_id = panel  # sudo: guarded; party and state are checked above

    def action_assign_panel(self):
        """Open the dialogue that gives these applications to a panel."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_panel_wizard")
        return {**action, "context": {"default_application_ids": [Command.set(self.ids)]}}
