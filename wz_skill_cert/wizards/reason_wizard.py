from odoo import api, fields, models

from ..models.procedure.endings import GROUNDS
from ..models.procedure.further_papers import WITH_FILES


class ReasonWizard(models.TransientModel):
    """Asks for the reason that a return, a handing over, a revocation or a motion put off must give."""

    _name = "skill.cert.reason.wizard"
    _description = "Reason for a decision"

    application_ids = fields.Many2many("skill.cert.application")
    motion_ids = fields.Many2many("skill.cert.motion")
    action = fields.Selection(
        [
            ("return", "Return to the nominator"),
            ("papers", "Ask for further papers"),
            ("transfer", "Hand over to another bureau"),
            ("terminate", "Terminate the case"),
            ("send_back", "Send back to the county"),
            ("revoke", "Revoke the qualification"),
            ("put_off", "Put off to a later session"),
            ("step_aside", "Step aside because of a conflict of interest"),
        ],
        required=True,
        readonly=True,
    )
    bureau_id = fields.Many2one(
        "skill.cert.bureau", "To the bureau", compute="_compute_bureau_id", store=True, readonly=False, precompute=True
    )
    place_ids = fields.Many2many("skill.cert.bureau", string="Employer's bureau", compute="_compute_place_ids")
    beyond_place = fields.Boolean(
        "Although it is not the employer's", help="The bureau takes the case over by agreement: say why."
    )
    ground = fields.Selection(GROUNDS, "Terminated because")
    standard_reason_ids = fields.Many2many("skill.cert.reason", string="Standard reasons")
    reason = fields.Text(compute="_compute_reason", store=True, readonly=False, precompute=True)
    line_ids = fields.One2many("skill.cert.reason.wizard.line", "wizard_id", "Point by point")
    # Of one case alone: another's fields are the same, its rows and papers are not.
    target_choices = fields.Json(compute="_compute_target_choices")

    days = fields.Integer(
        "Working days to answer", compute="_compute_days", store=True, readonly=False, precompute=True
    )

    @api.depends("application_ids")
    def _compute_days(self):
        for wizard in self:
            wizard.days = max(wizard.application_ids.policy_id.mapped("days_to_correct"), default=0)

    @api.depends("application_ids", "action")
    def _compute_target_choices(self):
        for wizard in self:
            cases = wizard.application_ids._origin
            asked = len(cases) == 1 and wizard.action in ("return", "papers")
            choices = list(cases._targets().items()) if asked else []
            if wizard.action == "papers":
                choices = [choice for choice in choices if choice[0].startswith(WITH_FILES)]
            wizard.target_choices = choices or False

    @api.depends("application_ids")
    def _compute_place_ids(self):
        for wizard in self:
            # sudo: the places of the employers of cases that the user reads.
            wizard.place_ids = wizard.application_ids.sudo().employer_id.skill_cert_bureau_id

    @api.depends("application_ids", "action")
    def _compute_bureau_id(self):
        for wizard in self:
            elsewhere = wizard.place_ids - wizard.application_ids.bureau_id
            wizard.bureau_id = elsewhere if wizard.action == "transfer" and len(elsewhere) == 1 else False

    @api.depends("standard_reason_ids")
    def _compute_reason(self):
        offered = self.env["skill.cert.reason"].search([("kind", "in", self.mapped("action"))])
        for wizard in self:
            wizard.reason = wizard.standard_reason_ids._origin._rewrite(wizard.reason, offered) or False

    def action_confirm(self):
        """Carry out the action with the reason; the applications or motions check who may.

        Several applications are returned one by one: a dialogue then says which were not, and why.
        """
        self.ensure_one()
        if self.action == "return" and len(self.application_ids) > 1:
            return self.application_ids.action_return_each(self.reason)
        if self.action == "return":
            self.application_ids.action_return(self.reason, self.line_ids._points())
            return {"type": "ir.actions.act_window_close"}
        if self.action == "papers":
            self.application_ids.action_ask_papers(self.line_ids._points(), self.days)
            return {"type": "ir.actions.act_window_close"}
        if self.action == "transfer":
            self.application_ids.action_transfer(self.bureau_id.id, self.reason, self.beyond_place)
            # What was handed over is read no more.
            return self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_application_inbox")
        if self.action == "terminate":
            self.application_ids.action_terminate(self.ground, self.reason)
            return {"type": "ir.actions.act_window_close"}
        actions = {
            "send_back": self.application_ids.action_send_back,
            "revoke": self.application_ids.action_revoke,
            "put_off": self.motion_ids.action_put_off,
            "step_aside": self.application_ids.action_step_aside,
        }
        actions[self.action](self.reason)
        return {"type": "ir.actions.act_window_close"}


class ReasonWizardLine(models.TransientModel):
    """One point of what is asked of the unit, and what it is tied to."""

    _name = "skill.cert.reason.wizard.line"
    _description = "Point asked of the unit"
    _order = "id"

    wizard_id = fields.Many2one("skill.cert.reason.wizard", required=True, ondelete="cascade")
    target = fields.Char("Tied to")
    standard_reason_id = fields.Many2one("skill.cert.reason", "Standard reason", domain=[("kind", "=", "return")])
    text = fields.Text(
        "What is wrong or missing", required=True, compute="_compute_text", store=True, readonly=False, precompute=True
    )

    @api.depends("standard_reason_id")
    def _compute_text(self):
        for line in self:
            line.text = line.standard_reason_id.name or line.text

    def _points(self):
        """Return the lines as the step takes them."""
        return [{"target": line.target, "text": line.text} for line in self]
