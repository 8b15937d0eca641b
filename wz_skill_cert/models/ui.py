"""What only the views need: no rule lives here, and nothing here changes a case."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .. import formats
from .application import OPEN_STATES, STATES, VERIFIABLE_STATES

# The main path: columns that a board by state always shows, empty ones included.
BOARD_STATES = ("draft", "submitted", "accepted", "assessment", "qualified", "review", "passed", "certified")


class Application(models.Model):
    _inherit = "skill.cert.application"

    state = fields.Selection(group_expand="_expand_states")
    user_may_edit = fields.Boolean(compute="_compute_user_may_edit")
    user_may_verify = fields.Boolean(compute="_compute_user_may_verify")
    nominator_choice_ids = fields.Many2many("res.partner", compute="_compute_nominator_choice_ids")
    employer_choice_ids = fields.Many2many("res.partner", compute="_compute_employer_choice_ids")
    panel_id = fields.Many2one(
        related="review_id.panel_id", string="Expert panel", groups="wz_skill_cert.group_county_officer"
    )
    round_purpose = fields.Selection(related="review_id.purpose", groups="wz_skill_cert.group_county_officer")

    @api.model
    def _expand_states(self, values, domain):
        """Return the states of a board in the order of the procedure.

        The main path is shown with its empty columns, unless the list is narrowed by state.
        """
        narrowed = any(condition.field_expr == "state" for condition in Domain(domain).iter_conditions())
        always = () if narrowed else BOARD_STATES
        return [key for key, _label in STATES if key in values or key in always]

    @api.depends("state", "user_is_nominator")
    def _compute_user_may_edit(self):
        for application in self:
            application.user_may_edit = application.state in OPEN_STATES and application.user_is_nominator

    @api.depends("state", "handling_bureau_id")
    @api.depends_context("uid")
    def _compute_user_may_verify(self):
        for application in self:
            # sudo: an expert does not read the round; only yes or no leaves here.
            assessing = application.sudo().review_id.assessment_ids.filtered(lambda a: a.state == "draft").user_id
            application.user_may_verify = application.state in VERIFIABLE_STATES and (
                application.user_is_officer or self.env.user in assessing
            )

    @api.depends_context("uid")
    def _compute_nominator_choice_ids(self):
        self.nominator_choice_ids = self.env["res.users"]._own_units()

    @api.depends("nominator_id")
    def _compute_employer_choice_ids(self):
        for application in self:
            nominator = application.nominator_id
            # sudo: the members of one's own association.
            members = nominator.sudo().association_member_ids.with_env(self.env)
            application.employer_choice_ids = nominator | members

    def action_open_certificate(self):
        """Open the certificate of this application."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "skill.cert.certificate",
            "views": [(False, "form")],
            "res_id": self.certificate_id.id,
        }

    def action_check_materials(self):
        """Open the checklist on its own: the officer ticks what was seen while the application stays closed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_material_check")
        return {**action, "domain": [("application_id", "=", self.id)], "context": {}}

    def action_assign_panel(self):
        """Open the dialogue that gives these applications to a panel."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_panel_wizard")
        return {**action, "context": {"default_application_ids": [Command.set(self.ids)]}}


class AchievementMixin(models.AbstractModel):
    _inherit = "skill.cert.achievement.mixin"

    detail = fields.Char(
        "Details", compute="_compute_detail", help="Level, grade, rank, role, benefit and number, as far as they apply."
    )

    @api.depends("scope", "grade", "title_rank", "role", "annual_benefit", "number", "kind", "granted")
    def _compute_detail(self):
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("scope", "grade", "title_rank", "role")
        }
        for achievement in self:
            parts = [labels[name].get(achievement[name]) for name in labels]
            if achievement.annual_benefit:
                parts.append(self.env._("%.2f × 10,000 yuan a year", achievement.annual_benefit))
            if achievement.kind == "patent":
                parts.append(achievement.number)
                parts.append(not achievement.granted and self.env._("not granted yet"))
            achievement.detail = " · ".join(part for part in parts if part)


class Achievement(models.Model):
    _inherit = "skill.cert.achievement"

    def action_ask_refusal(self):
        """Open the dialogue that asks why the achievement is refused."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_refusal_wizard")
        return {**action, "context": {"default_achievement_id": self.id}}


class Assessment(models.Model):
    _inherit = "skill.cert.assessment"

    level = fields.Selection(related="application_id.level")
    occupation_id = fields.Many2one(related="application_id.occupation_id")
    applicant_name = fields.Char(related="application_id.applicant_name")
    id_number_masked = fields.Char(related="application_id.id_number_masked")
    employer_name = fields.Char(related="application_id.employer_name")
    technical_specialty = fields.Char(related="application_id.technical_specialty")
    occupation_years = fields.Integer(related="application_id.occupation_years")
    summary = fields.Text(related="application_id.summary")
    eligibility = fields.Text(related="application_id.eligibility")
    user_may_verify = fields.Boolean(related="application_id.user_may_verify")
    # Not as superuser: whoever lost the right to the case loses its lines, too.
    achievement_ids = fields.One2many(related="application_id.achievement_ids", related_sudo=False)
    user_may_edit = fields.Boolean(compute="_compute_user_may_edit")

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_user_may_edit(self):
        for assessment in self:
            assessment.user_may_edit = assessment.state == "draft" and assessment.user_id == self.env.user

    def action_open_application(self):
        """Open the whole application."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "skill.cert.application",
            "views": [(False, "form")],
            "res_id": self.application_id.id,
        }


class Panel(models.Model):
    _inherit = "skill.cert.panel"

    member_expert_ids = fields.Many2many("skill.cert.expert", string="Experts", compute="_compute_member_expert_ids")
    assessment_ids = fields.One2many(
        "skill.cert.assessment", "panel_id", "Assessments", groups="wz_skill_cert.group_county_officer"
    )

    @api.depends("member_ids.expert_id")
    def _compute_member_expert_ids(self):
        for panel in self:
            panel.member_expert_ids = panel.member_ids.expert_id


class CommitteeMember(models.Model):
    _inherit = "skill.cert.committee.member"

    qualification = fields.Selection(related="expert_id.qualification")
    employer_id = fields.Many2one(related="expert_id.employer_id")


class Session(models.Model):
    _inherit = "skill.cert.session"

    user_has_voted = fields.Boolean(compute="_compute_user_has_voted", compute_sudo=True)

    @api.depends("seat_ids.voted")
    @api.depends_context("uid")
    def _compute_user_has_voted(self):
        for session in self:
            session.user_has_voted = any(seat.voted for seat in session.seat_ids if seat.user_id == self.env.user)

    def ballot_paper(self):
        """Return what the ballot paper prints for the current user: exactly the motions that ``cast`` expects.

        :return: {name, voted, open, motions: [{id, applicant, occupation, level, employer}]}
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: a member reads the session's own motions, less those from which the seat is recused.
        session = self.sudo()
        seat = session.seat_ids.filtered(lambda seat: seat.present and seat.user_id == self.env.user)
        if not seat:
            raise UserError(self.env._("You have no seat in this session."))
        motions = session._paper_motions(seat)
        levels = dict(session.env["skill.cert.application"]._fields["level"]._description_selection(self.env))
        return {
            "name": session.name,
            "open": session.state == "open",
            "voted": seat.voted,
            "motions": [
                {
                    "id": motion.id,
                    "applicant": motion.application_id.applicant_name,
                    "occupation": motion.occupation_id.name,
                    "level": levels[motion.level],
                    "employer": motion.employer_name,
                }
                for motion in motions
            ],
        }


class Certificate(models.Model):
    _inherit = "skill.cert.certificate"

    holder_name_masked = fields.Char("Holder (masked)", compute="_compute_holder_name_masked")

    @api.depends("holder_name")
    def _compute_holder_name_masked(self):
        for certificate in self:
            certificate.holder_name_masked = formats.mask_name(certificate.holder_name)
