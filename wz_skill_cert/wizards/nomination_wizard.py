from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.rules.selections import LEVELS


class NominationWizard(models.TransientModel):
    """Nominates several employees at once and says, for each who could not be, why."""

    _name = "skill.cert.nomination.wizard"
    _description = "Nominate employees"

    campaign_id = fields.Many2one(
        "skill.cert.campaign", required=True, default=lambda self: self.env["skill.cert.campaign"]._current()
    )
    line_ids = fields.One2many("skill.cert.nomination.wizard.line", "wizard_id", "Employees")
    done = fields.Boolean(readonly=True)
    made_count = fields.Integer("Drafts made", compute="_compute_counts")
    refused_count = fields.Integer("Not made", compute="_compute_counts")

    @api.depends("line_ids.application_id", "line_ids.refusal")
    def _compute_counts(self):
        for wizard in self:
            wizard.made_count = len(wizard.line_ids.application_id)
            wizard.refused_count = len(wizard.line_ids.filtered("refusal"))

    def action_confirm(self):
        """Make a draft for each employee; a refusal stops only the one whom it concerns."""
        self.ensure_one()
        for line in self.line_ids.filtered(lambda line: not line.application_id):
            line._nominate()
        self.done = True
        return {**self._reopen(), "res_id": self.id}

    def action_open_applications(self):
        """Open the drafts that were made."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_application")
        return {**action, "domain": [("id", "in", self.line_ids.application_id.ids)], "context": {}}

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Nominate"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
        }


class NominationWizardLine(models.TransientModel):
    _name = "skill.cert.nomination.wizard.line"
    _description = "Employee to nominate"
    _order = "wizard_id, id"

    wizard_id = fields.Many2one("skill.cert.nomination.wizard", required=True, ondelete="cascade")
    employee_id = fields.Many2one("hr.employee", required=True, ondelete="cascade")
    nominator_id = fields.Many2one("res.partner", compute="_compute_nominator_id", store=True, readonly=False)
    nominator_choice_ids = fields.Many2many("res.partner", compute="_compute_nominator_choice_ids")
    level = fields.Selection(LEVELS, required=True)
    occupation_id = fields.Many2one("skill.cert.occupation", domain=[("in_scope", "=", True)])
    application_id = fields.Many2one("skill.cert.application", readonly=True, ondelete="cascade")
    refusal = fields.Text("Why not", readonly=True)

    @api.depends("employee_id")
    def _compute_nominator_id(self):
        for line in self:
            units = line.nominator_choice_ids._origin
            line.nominator_id = units if len(units) == 1 else False

    @api.depends("employee_id")
    @api.depends_context("uid")
    def _compute_nominator_choice_ids(self):
        for line in self:
            line.nominator_choice_ids = line.employee_id._nominating_units()

    @api.model_create_multi
    def create(self, vals_list):
        """Create; a line shows its employee's name: only of those whom the user reads anyway."""
        lines = super().create(vals_list)
        lines.employee_id.check_access("read")
        return lines

    def write(self, vals):
        """Write; see ``create``."""
        result = super().write(vals)
        self.employee_id.check_access("read")
        return result

    def _nominate(self):
        self.refusal = self._defect()
        if self.refusal:
            return
        try:
            # A refusal by a constraint must not undo the drafts made before it.
            with self.env.cr.savepoint():
                self.application_id = self.env["skill.cert.application"].create(self._prepare())
        except UserError as error:
            self.refusal = str(error)

    def _prepare(self):
        return {
            **self.employee_id._prepare_application(self.nominator_id),
            "level": self.level,
            "occupation_id": self.occupation_id.id,
            "campaign_id": self.wizard_id.campaign_id.id,
        }

    def _defect(self):
        """Return why this employee cannot be nominated for the level, or False."""
        occupation = self.occupation_id
        if defect := self.employee_id._unit_defect(self.nominator_id):
            return defect
        if not occupation:
            return self.env._("Please choose the occupation.")
        if not occupation.in_scope:
            return occupation._out_of_scope_reason()
        if self._twin():
            return self.env._("There is already an application for this occupation and level in this campaign.")
        policy = self.wizard_id.campaign_id.policy_id
        verdict = policy._evaluate(self.employee_id)[self.employee_id.id][self.level]
        return False if verdict.met else policy._explain({self.level: verdict})

    def _twin(self):
        return self.employee_id.application_ids.filtered(
            lambda application: (
                (application.campaign_id, application.occupation_id, application.level)
                == (self.wizard_id.campaign_id, self.occupation_id, self.level)
                and application.state != "withdrawn"
            )
        )


class Employee(models.Model):
    _inherit = "hr.employee"

    def action_open_nomination(self, prospects=None):
        """Open the wizard that nominates these employees, each for the highest level of ``prospects``.

        Raises UserError where the user nominates for no unit.
        """
        if not self.env["res.users"]._own_units():
            raise UserError(self._no_unit_message())
        wizard = self.env["skill.cert.nomination.wizard"].create(
            {"line_ids": [fields.Command.create(employee._nomination_line(prospects)) for employee in self]}
        )
        return {**wizard._reopen(), "res_id": wizard.id}

    def _nomination_line(self, prospects):
        # "technician" sorts after "senior_worker": the last is the higher level.
        levels = sorted(prospects.filtered(lambda p: p.employee_id == self).mapped("level")) if prospects else []
        return {
            "employee_id": self.id,
            "occupation_id": self.occupation_id.id,
            "level": levels[-1] if levels else self.eligible_level or "senior_worker",
        }
