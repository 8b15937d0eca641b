"""What only the views need: no rule lives here, and nothing here changes a case."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ... import formats, workflow
from ..assessment.assessment import REQUIRED
from ..platform.enumeration import enumerate_names

# What an assessment shows of the application once the expert has accepted.
CASE_FACTS = (
    "id_number_masked",
    "technical_specialty",
    "occupation_years",
    "summary",
    "eligibility",
    "user_may_verify",
    "achievement_ids",
)


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
    certificate_state = fields.Selection(
        lambda self: self.env["skill.cert.certificate"]._fields["state"]._description_selection(self.env),
        "State of the certificate",
        compute="_compute_certificate_state",
        groups="wz_skill_cert.group_nominator,wz_skill_cert.group_county_officer",
    )

    @api.model
    def _expand_states(self, values, domain):
        """Return the states of a board in the order of the procedure.

        The main path is shown with its empty columns, unless the list is narrowed by state.
        """
        narrowed = any(condition.field_expr == "state" for condition in Domain(domain).iter_conditions())
        always = () if narrowed else workflow.states("main_path")
        return [state.key for state in workflow.STATES if state.key in values or state.key in always]

    @api.depends("certificate_ids.state")
    def _compute_certificate_state(self):
        for application in self:
            application.certificate_state = application.certificate_id.state

    @api.depends("state", "user_is_nominator")
    @api.depends_context("uid")
    def _compute_user_may_edit(self):
        for application in self:
            application.user_may_edit = workflow.row(application.state).open and application.user_is_nominator

    @api.depends("state", "handling_bureau_id")
    @api.depends_context("uid")
    def _compute_user_may_verify(self):
        for application in self:
            # sudo: an expert does not read the round; only yes or no leaves here.
            assessing = application.sudo().review_id.assessment_ids.filtered(lambda a: a.state == "draft").user_id
            application.user_may_verify = workflow.row(application.state).verifiable and (
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

    def action_print_certificate(self):
        """Print the certificate, with the user's own rights to it. Raises as the certificate itself: one that is not in force is not."""
        self.ensure_one()
        return self.env.ref("wz_skill_cert.report_certificate").report_action(self.certificate_id)

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
    employer_name = fields.Char(related="application_id.employer_name")
    # The case itself opens with the acceptance: until then, and where the right to it is lost, these are empty.
    id_number_masked = fields.Char("ID number (masked)", compute="_compute_case_facts")
    technical_specialty = fields.Char(compute="_compute_case_facts")
    occupation_years = fields.Integer("Years in the occupation", compute="_compute_case_facts")
    summary = fields.Text("Personal summary", compute="_compute_case_facts")
    eligibility = fields.Text(compute="_compute_case_facts")
    user_may_verify = fields.Boolean(compute="_compute_case_facts")
    achievement_ids = fields.Many2many("skill.cert.achievement", string="Achievements", compute="_compute_case_facts")
    user_may_edit = fields.Boolean(compute="_compute_user_may_edit")
    user_may_answer = fields.Boolean(compute="_compute_user_may_edit")
    missing = fields.Char("Still missing", compute="_compute_missing", help="What the submission will ask for.")

    @api.depends("state", *REQUIRED, "application_id.achievement_ids.verified")
    @api.depends_context("uid", "lang")
    def _compute_missing(self):
        for assessment in self:
            missing = assessment._missing_labels() if assessment.state == "draft" else []
            assessment.missing = enumerate_names(self.env, missing) if missing else False

    def _missing_labels(self):
        labels = [self._fields[name]._description_string(self.env) for name in REQUIRED if not self[name]]
        claimed = self.achievement_ids.filtered(lambda achievement: achievement.verified == "claimed")
        return [*labels, *([self.env._("a verdict on %s achievements", len(claimed))] if claimed else [])]

    @api.depends("state", "application_id.achievement_ids.verified")
    @api.depends_context("uid")
    def _compute_case_facts(self):
        for assessment in self:
            application = assessment.application_id._filtered_access("read")
            for name in CASE_FACTS:
                assessment[name] = application[name]

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_user_may_edit(self):
        for assessment in self:
            own = assessment.user_id == self.env.user
            assessment.user_may_edit = own and assessment.state == "draft"
            assessment.user_may_answer = own and assessment.state == "invited"

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

    user_has_voted = fields.Boolean(compute="_compute_user_seat", compute_sudo=True)
    user_must_declare = fields.Boolean(compute="_compute_user_seat", compute_sudo=True)
    user_has_declared = fields.Boolean(compute="_compute_user_seat", compute_sudo=True)

    @api.depends("state", "seat_ids.voted", "seat_ids.declared")
    @api.depends_context("uid")
    def _compute_user_seat(self):
        for session in self:
            seat = session.seat_ids.filtered(lambda seat: seat.user_id == self.env.user)
            session.user_has_voted = seat.voted
            session.user_has_declared = seat.declared
            session.user_must_declare = session.state == "draft" and bool(seat) and not seat.declared

    def turnout(self):
        """Return {voted, seated, state}: how many have voted, for those who read the session. No choice leads here."""
        self.ensure_one()
        self.check_access("read")
        return {"voted": self.voted_count, "seated": self.seated_count, "state": self.state}

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
            "open": session.state == "open" and session.voting == "electronic",
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


class Motion(models.Model):
    _inherit = "skill.cert.motion"

    user_may_declare = fields.Boolean(related="session_id.user_must_declare")

    def action_declare_kin(self):
        """Declare kinship with the applicant: spouse, direct line, collateral within three generations, near in-laws."""
        return self._declare_and_go_on("kin")

    def action_declare_other(self):
        """Declare another conflict of interest with the applicant."""
        return self._declare_and_go_on("other")

    def _declare_and_go_on(self, kind):
        # The motion is gone for the member: the page is read anew.
        self.action_declare_conflict(kind)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_ask_put_off(self):
        """Open the dialogue that asks why these motions are put off."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_reason_wizard")
        return {**action, "context": {"default_motion_ids": self.ids, "default_action": "put_off"}}


class PaperCount(models.Model):
    _inherit = "skill.cert.paper.count"

    user_may_count = fields.Boolean(compute="_compute_user_may_count")

    @api.depends("state", "session_id.state", "officer_id")
    @api.depends_context("uid")
    def _compute_user_may_count(self):
        for count in self:
            open_count = count.state == "draft" and count.session_id.state == "open"
            count.user_may_count = open_count and count.officer_id == self.env.user

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count the paper votes"),
            "res_model": "skill.cert.paper.count",
            "views": [(False, "form")],
            "res_id": self.id,
        }


class Certificate(models.Model):
    _inherit = "skill.cert.certificate"

    holder_name_masked = fields.Char("Holder (masked)", compute="_compute_holder_name_masked")

    @api.depends("holder_name")
    def _compute_holder_name_masked(self):
        for certificate in self:
            certificate.holder_name_masked = formats.mask_name(certificate.holder_name)
