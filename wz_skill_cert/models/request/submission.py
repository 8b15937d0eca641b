from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ... import clock, workflow


class Submission(models.Model):
    """A summary sheet (附件2 汇总表): the applications that one unit reports together."""

    _name = "skill.cert.submission"
    _description = "Summary sheet"
    _inherit = ["mail.thread", "skill.cert.guarded"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    nominator_id = fields.Many2one(
        "res.partner",
        "Reporting unit",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env["res.users"]._only_own_unit(),
    )
    campaign_id = fields.Many2one(
        "skill.cert.campaign",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env["skill.cert.campaign"]._current(),
    )
    bureau_id = fields.Many2one(
        "skill.cert.bureau",
        "Reported to",
        required=True,
        ondelete="restrict",
        index=True,
        compute="_compute_bureau_id",
        store=True,
        readonly=False,
        precompute=True,
        help="An association reports to the bureau of its members: one sheet for each bureau.",
    )
    city_id = fields.Many2one(related="bureau_id.city_id", store=True, index=True)
    application_ids = fields.One2many("skill.cert.application", "submission_id", "Applications")
    application_count = fields.Integer(compute="_compute_application_count")
    date = fields.Date("Reported on", default=lambda self: clock.today())
    contact_name = fields.Char("Filled in by", default=lambda self: self.env.user.name)
    contact_phone = fields.Char(default=lambda self: self.env.user.phone)
    state = fields.Selection(
        [("draft", "Draft"), ("submitted", "Submitted")],
        required=True,
        default="draft",
        guarded=True,
        copy=False,
        readonly=True,
        tracking=True,
    )

    @api.depends("nominator_id")
    def _compute_bureau_id(self):
        for submission in self:
            # sudo: the place of the user's own unit.
            submission.bureau_id = submission.bureau_id or submission.nominator_id.sudo().skill_cert_bureau_id

    @api.depends("nominator_id.name", "campaign_id.name", "bureau_id.name")
    def _compute_name(self):
        for submission in self:
            parts = (submission.campaign_id.name, submission.nominator_id.name, submission.bureau_id.name)
            submission.name = " · ".join(part for part in parts if part)

    @api.depends("application_ids")
    def _compute_application_count(self):
        for submission in self:
            submission.application_count = len(submission.application_ids)

    @api.constrains("campaign_id")
    def _check_campaign(self):
        self.campaign_id._check_takes()

    @api.constrains("nominator_id", "campaign_id", "bureau_id", "application_ids")
    def _check_applications(self):
        for submission in self:
            for application in submission.application_ids:
                application._check_submission()

    def write(self, vals):
        """Write; a reported sheet is fixed."""
        if not self.env.su and any(name in self._frozen_names() for name in vals):
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self._check_draft()

    @api.model
    def _frozen_names(self):
        return {"nominator_id", "campaign_id", "bureau_id", "application_ids", "date", "contact_name", "contact_phone"}

    def _check_draft(self):
        if any(submission.state != "draft" for submission in self):
            raise UserError(self.env._("This sheet has been reported and is fixed."))
        # sudo: the user's own unit; whether it still nominates.
        for unit in self.sudo().nominator_id:
            if not unit.active:
                raise UserError(self.env._("%s is archived and nominates nobody.", unit.name))

    def action_add_drafts(self):
        """Put on the sheet all drafts of the unit for this campaign and bureau that are on none."""
        self._check_draft()
        for submission in self:
            submission._free_drafts().submission_id = submission

    def action_submit(self):
        """Submit all applications of the sheet as one: all or none, with every person's defects."""
        self._check_draft()
        for submission in self:
            pending = submission.application_ids.filtered(
                lambda application: application.state in workflow.states("open")
            )
            if not submission.application_ids:
                raise UserError(self.env._("The sheet is empty. Add applications first."))
            pending._check_party("nominator")
            submission._check_no_defects(pending)
            pending.action_submit()
        self.sudo().write({"state": "submitted"})  # sudo: guarded; the applications' own guards have just passed
        workflow.follow(self, "report")

    def _check_no_defects(self, applications):
        found = {application: application._submission_defects() for application in applications}
        if found := {application: defects for application, defects in found.items() if defects}:
            raise UserError(applications._refusal_to_submit(found))

    def _free_drafts(self):
        """Return the drafts of the unit for this campaign and bureau that are on no sheet."""
        self.ensure_one()
        return self.env["skill.cert.application"].search(
            [
                ("nominator_id", "=", self.nominator_id.id),
                ("campaign_id", "=", self.campaign_id.id),
                ("bureau_id", "=", self.bureau_id.id),
                ("state", "in", workflow.states("open")),
                ("submission_id", "=", False),
            ]
        )


class Partner(models.Model):
    _inherit = "res.partner"

    def _take_drafts_along(self):
        """Let drafts of sheets follow employers that have moved to another bureau; who cannot come along leaves the sheet."""
        # sudo: whoever enters where a unit belongs need not read its drafts.
        sheets = self.env["skill.cert.submission"].sudo()
        of_unit = Domain("nominator_id", "in", self.ids) | Domain("application_ids.employer_id", "in", self.ids)
        for sheet in sheets.search(of_unit & Domain("state", "=", "draft")):
            places = sheet.application_ids.bureau_id or sheet.nominator_id.skill_cert_bureau_id
            if len(places) == 1:
                sheet.bureau_id = places
            else:
                gone = sheet.application_ids.filtered(
                    lambda application, here=sheet.bureau_id: application.bureau_id != here
                )
                gone.submission_id = False
