"""Nominate a person anew: last year's application as the draft of this year's."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ... import workflow
from ...workflow import NOMINATOR, ask

HR = "hr.group_hr_user"
# What the person and the unit wrote. The employer's figures are taken from the unit as it is today.
COPIED = (
    "level", "applicant_name", "id_number", "sex", "birth_date", "education", "phone", "career_start", "current_occupation",
    "occupation_start", "job", "held_level", "held_issuer", "held_on", "title_name", "title_date", "technical_specialty",
    "summary", "mentoring", "contact_name", "contact_phone", "recommendation",
)  # fmt: skip
LINKS = ("occupation_id", "nominator_id", "employer_id")
HISTORY = ("date_start", "date_end", "description", "witness")
CONTRIBUTION = (*HISTORY, "unit", "result")


def _lines(lines, names):
    return [Command.create({name: line[name] for name in names}) for line in lines]


class Application(models.Model):
    _inherit = "skill.cert.application"

    user_may_copy = fields.Boolean(compute="_compute_user_may_copy")

    @api.depends("state", "campaign_id", "user_is_nominator")
    @api.depends_context("uid")
    def _compute_user_may_copy(self):
        for application in self:
            # Only a withdrawn application leaves its place in a campaign that is still open.
            placed = application.campaign_id.is_open and application.state != "withdrawn"
            application.user_may_copy = application.user_is_nominator and not (placed or application._copy_defect())

    def _copy_defect(self):
        """Return why this application is not the template of a new one, or False."""
        left_over = workflow.row(self.state).open and not self.campaign_id.is_open and self._window_defect()
        if defects := [defect for defect in ask(self, "copy_defects") if defect]:
            return defects[0]
        if self.state == "revoked":
            return self.env._("%s was revoked: what was found false is not copied.", self.display_name)
        if not left_over and not workflow.row(self.state).copyable:
            return self.env._("%s is not ended yet. Go on with it instead.", self.display_name)
        return False

    def action_copy_to_campaign(self):
        """Draft anew in the campaign that is open today, with the content and the files of these applications.

        What officers and experts found is not copied: achievements are claimed anew, originals are to be seen anew.

        :return: the window action that opens the drafts. Raises AccessError for others than the nominator, UserError where
            no campaign is open, an application is not ended, or the person has one in the campaign already.
        """
        campaign = self.env["skill.cert.campaign"]._current()
        if not campaign:
            raise UserError(self.env._("No campaign is open today."))
        self._check_copies(campaign)
        drafts = self.create([application._prepare_copy(campaign) for application in self])
        for application, draft in zip(self, drafts, strict=True):
            application._copy_materials_to(draft)
        return self._open_drafts(drafts)

    @api.model
    def _open_drafts(self, drafts):
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_application_nominator")
        if len(drafts) == 1:
            return {**action, "views": [(False, "form")], "res_id": drafts.id}
        return {**action, "domain": [("id", "in", drafts.ids)], "context": {}}

    def _check_copies(self, campaign):
        self._check_party(NOMINATOR)
        taken = self._places_taken(campaign)
        for application in self:
            if defect := application._copy_defect():
                raise UserError(defect)
            if (place := application._place()) and place in taken:
                raise UserError(
                    self.env._(
                        "%(application)s: this person already has an application for this occupation and level in %(campaign)s.",
                        application=application.display_name,
                        campaign=campaign.name,
                    )
                )
            taken.add(place)

    def _places_taken(self, campaign):
        """Return the places in ``campaign`` of these persons at the user's units; of others, the submission tells."""
        taken = self._taken_domain(campaign, own=self.nominator_id) & self._own_domain()
        # sudo: as for the draft itself, of the own units alone.
        applications = self.sudo().search(taken & Domain("id_number", "in", self.mapped("id_number")))
        return {application._place() for application in applications}

    def _prepare_copy(self, campaign):
        return {
            **{name: self[name] for name in COPIED},
            **{name: self[name].id for name in LINKS},
            **self._prepare_copied_employee(),
            "campaign_id": campaign.id,
            "photo": self.with_context(bin_size=False).photo,
            "history_ids": _lines(self.history_ids, HISTORY),
            "contribution_ids": _lines(self.contribution_ids, CONTRIBUTION),
            "achievement_ids": [Command.create(achievement._copy_vals()) for achievement in self.achievement_ids],
        }

    def _prepare_copied_employee(self):
        return {"employee_id": self.employee_id.id} if self.env.user.has_group(HR) else {}

    def _copy_materials_to(self, draft):
        """Hand copies of the files on to the rows of the new checklist, which another policy may have worded anew."""
        rows = {material.name: material for material in draft.material_ids}
        for material in self.material_ids.filtered("attachment_ids"):
            files = [file.copy({"res_model": False, "res_id": 0}).id for file in material.attachment_ids]
            if row := rows.get(material.name):
                row.attachment_ids = [Command.set(files)]
            else:
                draft.material_ids = [Command.create({"name": material.name, "attachment_ids": [Command.set(files)]})]


class Employee(models.Model):
    _inherit = "hr.employee"

    def action_copy_last_application(self):
        """Draft anew from the employee's last application that has ended. See ``action_copy_to_campaign``."""
        self.ensure_one()
        last = self.application_ids.sorted("id", reverse=True).filtered("user_may_copy")[:1]
        if not last:
            raise UserError(self.env._("There is no earlier application of this employee that has ended."))
        return last.action_copy_to_campaign()
