from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Notice, part 4, 专家考评: who may sit on a panel. The other two sit only on committees.
EXPERT_QUALIFICATIONS = ("senior_engineer", "senior_technician", "senior_instructor", "senior_lecturer")


class Expert(models.Model):
    """A person of the pool from which panels and committees are made."""

    _name = "skill.cert.expert"
    _description = "Expert"
    _inherit = ["mail.thread", "skill.cert.guarded"]
    _order = "name, id"

    partner_id = fields.Many2one("res.partner", "Person", required=True, ondelete="restrict", index=True)
    name = fields.Char(related="partner_id.name", string="Full name", store=True)
    user_id = fields.Many2one(
        "res.users", "Login", ondelete="restrict", index=True, help="Needed to assess and to vote."
    )
    qualification = fields.Selection(
        [
            ("senior_engineer", "Senior engineer"),
            ("senior_technician", "Senior technician"),
            ("senior_instructor", "Senior practice instructor"),
            ("senior_lecturer", "Senior lecturer"),
            ("hr_head", "Head of an enterprise's human resources"),
            ("bureau_leader", "Bureau leader in charge"),
        ],
        required=True,
    )
    occupation_ids = fields.Many2many(
        "skill.cert.occupation", "skill_cert_expert_occupation_rel", "expert_id", "occupation_id", string="Occupations"
    )
    employer_id = fields.Many2one("res.partner", ondelete="restrict", domain=[("is_company", "=", True)])
    bureau_id = fields.Many2one("skill.cert.bureau", "Pool of", required=True, ondelete="restrict", index=True)
    is_expert = fields.Boolean("Counts as expert", compute="_compute_is_expert", store=True)
    available = fields.Boolean(default=True)
    active = fields.Boolean(default=True)

    _person_once = models.Constraint("UNIQUE (partner_id, bureau_id)", "This person is already in the bureau's pool.")
    _login_once = models.UniqueIndex(
        "(user_id) WHERE user_id IS NOT NULL", "This login already belongs to another expert."
    )

    @api.depends("qualification")
    def _compute_is_expert(self):
        for expert in self:
            expert.is_expert = expert.qualification in EXPERT_QUALIFICATIONS

    @api.constrains("qualification", "user_id")
    def _check_places(self):
        """Whoever sits on an appointed panel or committee keeps what that place asks for."""
        # sudo: the place may be at another bureau; only the refusal leaves here.
        panels, members = self.env["skill.cert.panel"].sudo(), self.env["skill.cert.committee.member"].sudo()
        panels.search([("member_ids.expert_id", "in", self.ids)])._check_composition()
        members.search([("expert_id", "in", self.ids), ("committee_id.state", "=", "appointed")])._check_role()

    def _conflicts(self, applications):
        """Return {application: those of these experts who have a conflict of interest with it}.

        The one predicate for assigning, assessing, seating, voting and reading: the same
        employer or nominator as the applicant's, or a declared conflict (kin or other).
        """
        # sudo: who declared what is private; the predicate must see all of it to be right.
        experts, applications = self.sudo(), applications.sudo()
        declared = (
            experts.env["skill.cert.conflict"]
            .search(
                [
                    ("expert_id", "in", experts.ids),
                    ("application_id", "in", applications.ids),
                ]
            )
            .grouped("application_id")
        )
        by_employer = experts.grouped("employer_id")
        nobody = experts.browse()
        conflicts = {}
        for application in applications:
            units = application.employer_id | application.nominator_id
            related = nobody.union(*(by_employer.get(unit, nobody) for unit in units))
            found = declared[application].expert_id if application in declared else nobody
            conflicts[application] = (related | found).with_env(self.env)
        return conflicts


class ExpertPlace(models.AbstractModel):
    """A line that names an expert: only one whom the user sees, or the line would tell the name of any other.

    Constraints run as superuser and would not notice.
    """

    _name = "skill.cert.expert.place"
    _description = "Place of an expert"
    _place_of = None
    _expert_field = "expert_id"

    @api.model_create_multi
    def create(self, vals_list):
        """Create; only with experts of the pools that the user sees."""
        self._check_pools(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Write; a member stays with the panel or committee: a move would leave that one without checking it."""
        self._check_pools([vals])
        if self._place_of in vals and any(place[self._place_of].id != vals[self._place_of] for place in self):
            raise UserError(self.env._("A member stays where it is. Remove it there and add a new one here."))
        return super().write(vals)

    def _check_pools(self, vals_list):
        default = self.env.context.get(f"default_{self._expert_field}")
        experts = {vals.get(self._expert_field, default) for vals in vals_list} - {None, False}
        self.env["skill.cert.expert"].browse(experts).check_access("read")


class Conflict(models.Model):
    """A declared conflict of interest of one expert with one application."""

    _name = "skill.cert.conflict"
    _description = "Conflict of interest"
    _inherit = ["skill.cert.expert.place"]
    _place_of = "application_id"
    _order = "id desc"

    expert_id = fields.Many2one("skill.cert.expert", required=True, ondelete="restrict", index=True)
    application_id = fields.Many2one("skill.cert.application", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [("kin", "Kin"), ("other", "Other")],
        required=True,
        default="kin",
        help="Kin: spouse, direct line, collateral within three generations, near in-laws.",
    )
    note = fields.Char()

    _once = models.Constraint("UNIQUE (expert_id, application_id)", "This conflict is already declared.")

    @api.model_create_multi
    def create(self, vals_list):
        """Create; only about cases that the user reads, or a declaration would name the applicants of others."""
        default = self.env.context.get("default_application_id")
        cases = {vals.get("application_id", default) for vals in vals_list} - {None, False}
        self.env["skill.cert.application"].browse(cases).check_access("read")
        return super().create(vals_list)

    @api.constrains("expert_id", "application_id")
    def _check_declared_in_time(self):
        for conflict in self:
            if conflict.application_id.state in ("review", "passed", "certified", "rejected"):
                raise ValidationError(
                    self.env._("The vote has begun: an expert leaves before the session opens, not after.")
                )
