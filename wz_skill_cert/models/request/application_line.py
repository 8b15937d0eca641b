from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ... import workflow


class ApplicationPart(models.AbstractModel):
    """A line of an application: frozen with it, and free only where ``after_submission=True``."""

    _name = "skill.cert.application.part"
    _description = "Line of an application"
    _inherit = ["skill.cert.guarded", "skill.cert.last.change"]

    application_id = fields.Many2one("skill.cert.application", required=True, ondelete="cascade", index=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Create; refused once the application is submitted."""
        parts = super().create(vals_list)
        parts._check_application_open()
        return parts

    def write(self, vals):
        """Write; refused once the application is submitted, except for fields marked ``after_submission``."""
        self._refuse_guarded(set(vals))
        if not self.env.su:
            if "application_id" in vals:
                raise AccessError(self.env._("A line stays with its application."))
            if self._frozen_fields() & set(vals):
                self._check_application_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_while_open(self):
        self._check_application_open()

    def _frozen_fields(self):
        return {name for name, field in self._fields.items() if not getattr(field, "after_submission", False)}

    def _check_application_open(self):
        if not self.env.su:
            self.application_id._check_content_open()


class ApplicationAchievement(models.Model):
    """An achievement as the application claims it, and what the officers and experts found."""

    _name = "skill.cert.achievement"
    _description = "Claimed achievement"
    _inherit = ["skill.cert.achievement.mixin", "skill.cert.application.part"]
    _owner_field = "application_id"
    _evidence_table = "skill_cert_achievement_evidence_rel"
    _file_field = "evidence_ids"

    source_id = fields.Many2one("hr.employee.achievement", ondelete="set null", copy=False, groups="hr.group_hr_user")
    evidence_ids = fields.Many2many(
        "ir.attachment", "skill_cert_achievement_evidence_rel", "achievement_id", "attachment_id", copy=False
    )
    verified = fields.Selection(
        [("claimed", "Claimed"), ("verified", "Verified"), ("refused", "Refused")],
        "Verification",
        required=True,
        default="claimed",
        guarded=True,
        copy=False,
        readonly=True,
    )
    verified_by_id = fields.Many2one(
        "res.users", guarded=True, copy=False, readonly=True, groups="wz_skill_cert.group_county_officer"
    )
    refusal_reason = fields.Char(guarded=True, copy=False, readonly=True)

    def action_verify(self):
        """Record that the achievement is proven. For officers of the case and experts in its assessment."""
        self._set_verdict("verified", False)

    def action_refuse(self, reason):
        """Record that the achievement is not proven, with ``reason``: it no longer counts for eligibility."""
        if not (reason or "").strip():
            raise UserError(self.env._("Please say why the achievement is refused."))
        self._set_verdict("refused", reason)

    def _set_verdict(self, verdict, reason):
        for achievement in self:
            achievement.application_id._check_verifier()
        before = {achievement.id: achievement.verified for achievement in self}
        # sudo: the verdict is guarded; the verifier has just been checked.
        self.sudo().write({"verified": verdict, "refusal_reason": reason, "verified_by_id": self.env.uid})
        workflow.follow(self, "verdict", before)

    def _counted_sql(self, alias):
        """A refused achievement counts for nothing."""
        return SQL("%s.verified != 'refused'", SQL.identifier(alias))

    def _check_attachments_open(self):
        self._check_application_open()

    def _verdict_on(self):
        return self.verified

    def action_ask_refusal(self):
        """Open the dialogue that asks why the achievement is refused."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_refusal_wizard")
        return {**action, "context": {"default_achievement_id": self.id}}


class History(models.Model):
    """A row of 主要工作简历, from the first job on."""

    _name = "skill.cert.application.history"
    _description = "Work history line"
    _inherit = ["skill.cert.application.part"]
    _order = "application_id, date_start, id"

    date_start = fields.Date("From", required=True)
    date_end = fields.Date("To", help="Empty: until now.")
    description = fields.Char("Unit and occupation", required=True, limit=1_000)
    witness = fields.Char(limit=100)

    _dates_ordered = models.Constraint(
        "CHECK (date_end IS NULL OR date_start <= date_end)", "A line of the history ends before it begins."
    )


class Contribution(models.Model):
    """A row of 承担过关键技术岗位及在生产中技术革新…的情况."""

    _name = "skill.cert.application.contribution"
    _description = "Contribution"
    _inherit = ["skill.cert.application.part"]
    _order = "application_id, date_start, id"

    date_start = fields.Date("From", required=True)
    date_end = fields.Date("To", help="Empty: until now.")
    unit = fields.Char(required=True)
    description = fields.Char("Project and main content", required=True, limit=1_000)
    result = fields.Char(limit=1_000)
    witness = fields.Char(limit=100)

    _dates_ordered = models.Constraint(
        "CHECK (date_end IS NULL OR date_start <= date_end)", "A contribution ends before it begins."
    )
