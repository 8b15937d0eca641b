"""Whom the cases of a user concern, for what an outsider may see of Odoo's own partners."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..parties.outsiders import NOBODY_SEES
from ..parties.own_numbers import is_true

# From a round to those who assess, and to those who vote.
ROADS = ("assessment_ids", "motion_ids.session_id.seat_ids")
# All from which _conflict_facts and _conflict_index draw: a change of any of them moves who may read a case.
CONFLICT_INPUTS = (
    "employer_id.nominator_user_ids",
    "nominator_id.nominator_user_ids",
    "employer_id.skill_cert_merged_into_id",
    "nominator_id.skill_cert_merged_into_id",
    "applicant_name",
    "contact_name",
    "employee_id.user_id",
    "employee_id.work_contact_id",
    "history_ids.witness",
    "contribution_ids.witness",
    "conflict_ids.expert_id",
    *(
        f"review_ids.{road}.expert_id.{fact}"
        for road in ROADS
        for fact in ("name", "employer_id", "partner_id", "user_id.partner_id")
    ),
)


class Users(models.Model):
    _inherit = "res.users"

    def _partners_of_cases(self):
        """Return whom the user's cases concern: employers and nominators, and the officers of the bureaus that handle them."""
        applications = self.env["skill.cert.application"]
        nominated = applications._read_group(
            [("nominator_id", "in", self.nominator_unit_ids.ids)], ["employer_id", "bureau_id"]
        )
        assessed = applications._read_group(
            [("expert_user_ids", "in", self.ids)], ["employer_id", "bureau_id", "nominator_id"]
        )
        expert = self.env["skill.cert.expert"].search([("user_id", "in", self.ids)])
        bureaus = expert.bureau_id.union(*(bureau for _employer, bureau, *_rest in nominated + assessed))
        units = expert.employer_id.union(
            *(unit for employer, _bureau, *rest in nominated + assessed for unit in (employer, *rest))
        )
        return units | expert.partner_id | (bureaus | bureaus.city_id)._officers_by_name().partner_id


class Application(models.Model):
    _inherit = "skill.cert.application"

    user_assesses = fields.Boolean(
        "Assessed by me",
        compute="_compute_user_assesses",
        search="_search_user_assesses",
        compute_sudo=True,
        groups=NOBODY_SEES,
    )
    conflict_ids = fields.One2many(
        "skill.cert.conflict", "application_id", "Conflicts of interest", groups="wz_skill_cert.group_county_officer"
    )
    # Who is named here may read the case as an expert. Stored, so that the record rule is one
    # indexed lookup; whoever has a conflict of interest is not in it, on any channel.
    expert_user_ids = fields.Many2many(
        "res.users",
        "skill_cert_application_expert_user_rel",
        "application_id",
        "user_id",
        string="Experts on the case",
        compute="_compute_expert_user_ids",
        store=True,
        guarded=True,
        groups="wz_skill_cert.group_county_officer",
    )
    # Who is asked to assess or to vote learns the name, the employer, the occupation and the level,
    # which is what one needs to know a conflict of interest, and nothing else before the answer.
    invited_user_ids = fields.Many2many(
        "res.users",
        "skill_cert_application_invited_user_rel",
        "application_id",
        "user_id",
        string="Experts asked",
        compute="_compute_expert_user_ids",
        store=True,
        groups="wz_skill_cert.group_county_officer",
    )
    # Of everyone who assesses or may vote; the others are asked for when they are appointed.
    recused_expert_ids = fields.Many2many(
        "skill.cert.expert",
        "skill_cert_application_recused_expert_rel",
        "application_id",
        "expert_id",
        string="Left out",
        compute="_compute_recused_expert_ids",
        store=True,
        groups="wz_skill_cert.group_county_officer",
    )
    recusals = fields.Text(
        "Left out, and why",
        compute="_compute_recusals",
        compute_sudo=True,
        groups="wz_skill_cert.group_county_officer",
    )
    late_conflicts = fields.Text(
        "Conflicts found late",
        compute="_compute_late_conflicts",
        compute_sudo=True,
        groups="wz_skill_cert.group_county_officer",
        help="Experts with a conflict of interest who had already assessed or voted when it was found.",
    )

    @api.depends("expert_user_ids")
    @api.depends_context("uid")
    def _compute_user_assesses(self):
        own = self._assessed_by_user()
        for application in self:
            application.user_assesses = application in own

    def _assessed_by_user(self):
        experts = self._fields["expert_user_ids"]
        rows = self.env.execute_query(
            SQL(
                "SELECT application_id FROM skill_cert_application_expert_user_rel"
                " WHERE user_id = %s AND application_id = ANY(%s)",
                self.env.uid,
                self._origin.ids,
                to_flush=experts,
            )
        )
        own = {number for [number] in rows}
        return self.filtered(lambda application: application._origin.id in own)

    def _search_user_assesses(self, operator, value):
        return Domain.custom(to_sql=self._assessed_sql) if is_true(operator, value) else NotImplemented

    @api.model
    def _assessed_sql(self, model, alias, query):
        """Return the condition that the current user assesses the case.

        An expert has some hundred cases among hundreds of thousands. As a join the database would rather walk back
        through all cases until it has met eighty of these; an array it looks up.
        """
        return SQL(
            "%s = ANY(ARRAY(SELECT application_id FROM skill_cert_application_expert_user_rel WHERE user_id = %s))",
            SQL.identifier(alias, "id"),
            model.env.uid,
            to_flush=self._fields["expert_user_ids"],
        )

    @api.depends(
        *CONFLICT_INPUTS,
        "review_ids.reading_ended",
        "review_ids.assessment_ids.state",
        "review_ids.motion_ids.session_id.seat_ids.declared",
        *(f"review_ids.{road}.user_id" for road in ROADS),
    )
    def _compute_expert_user_ids(self):
        experts = self.env["skill.cert.expert"].union(*(place.expert_id for place in self.review_ids._invited()))
        conflicts = experts._conflicts(self)
        for application in self:
            rounds = application.review_ids.filtered(lambda review: not review.reading_ended)
            conflicting = conflicts[application]
            application.invited_user_ids = self._logins_of(rounds._invited(), conflicting)
            application.expert_user_ids = self._logins_of(rounds._experts(), conflicting)

    def _logins_of(self, places, conflicting):
        users = self.env["res.users"]
        return users.union(*(place.user_id for place in places if place.expert_id not in conflicting))

    @api.depends(*CONFLICT_INPUTS)
    def _compute_recused_expert_ids(self):
        conflicts = self.review_ids._involved()._conflicts(self)
        for application in self:
            application.recused_expert_ids = application.review_ids._involved() & conflicts[application]

    @api.depends("recused_expert_ids", "review_id.panel_id.member_ids.expert_id")
    @api.depends_context("lang")
    def _compute_recusals(self):
        people = {
            application: application.review_ids._involved() | application.review_id.panel_id.member_ids.expert_id
            for application in self
        }
        everyone = self.env["skill.cert.expert"].union(*people.values())
        reasons = everyone._conflict_reasons(self)
        for application, own in people.items():
            application.recusals = own._conflict_text(reasons[application])

    @api.depends(
        "recused_expert_ids",
        "review_ids.assessment_ids.state",
        "review_ids.motion_ids.state",
        "review_ids.motion_ids.session_id.seat_ids.voted",
    )
    @api.depends_context("lang")
    def _compute_late_conflicts(self):
        for application in self:
            application.late_conflicts = "\n".join(application._late_conflict_lines()) or False

    def _late_conflict_lines(self):
        assessed = self.review_ids.assessment_ids.filtered(lambda a: a.recused and a.state == "submitted")
        return [
            *(
                self.env._("%s has assessed the case: the assessment no longer counts.", expert.name)
                for expert in assessed.expert_id
            ),
            *(
                self.env._(
                    "%s has voted on the case: a secret ballot cannot be taken back. A new session may vote again.",
                    seat.expert_id.name,
                )
                for motion in self.review_ids.motion_ids.filtered(lambda motion: motion.state == "voted")
                for seat in motion.session_id.seat_ids - motion.recused_seat_ids
                if seat.present and seat.voted and seat.expert_id in self.recused_expert_ids
            ),
        ]

    def _voted_on_by_me(self):
        # sudo: as _assessed_by_me.
        motions = self.sudo().review_ids.motion_ids
        seats = motions.session_id.seat_ids.filtered(lambda seat: seat.user_id == self.env.user)
        return motions.filtered(lambda motion: motion.session_id in seats.session_id).application_id.with_env(self.env)


class Review(models.Model):
    _inherit = "skill.cert.review"

    def _involved(self):
        """Return whoever is or was to assess or to vote in these rounds, whether or not the person accepted."""
        return self.assessment_ids.expert_id | self.motion_ids.session_id.seat_ids.expert_id


class Assessment(models.Model):
    _inherit = "skill.cert.assessment"

    recused = fields.Boolean(
        "Left out",
        compute="_compute_recused",
        compute_sudo=True,
        groups="wz_skill_cert.group_county_officer",
        help="The expert has a conflict of interest with the case: the assessment does not count.",
    )

    @api.depends("expert_id", "application_id.recused_expert_ids")
    def _compute_recused(self):
        for assessment in self:
            assessment.recused = assessment.expert_id in assessment.application_id.recused_expert_ids
