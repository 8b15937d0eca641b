"""From an employee to a draft application: facts once, taken from where HR keeps them."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.image import image_data_uri

# hr's own five levels say less than the form's eight: "graduate" fits several.
EDUCATION_OF_CERTIFICATE = {
    "bachelor": "bachelor",
    "master": "postgraduate",
    "doctor": "postgraduate",
    "other": "other",
}
SEX_OF_EMPLOYEE = {"male": "1", "female": "2"}


class Employee(models.Model):
    _inherit = "hr.employee"

    application_ids = fields.One2many(
        "skill.cert.application", "employee_id", "Applications", groups="wz_skill_cert.group_nominator"
    )
    application_count = fields.Integer(compute="_compute_application_count", groups="wz_skill_cert.group_nominator")

    @api.depends("application_ids")
    def _compute_application_count(self):
        counts = dict(
            self.env["skill.cert.application"]._read_group(
                [("employee_id", "in", self.ids)], ["employee_id"], ["__count"]
            )
        )
        for employee in self:
            employee.application_count = counts.get(employee._origin, 0)

    def action_nominate(self):
        """Create one draft application per employee, filled from the records at hand.

        :return: the window action that opens them; where the user nominates for several units that may be theirs, the
            dialogue that asks for which. Raises UserError where the user nominates for no unit.
        """
        if any(len(employee._nominating_units()) > 1 for employee in self):
            return self.action_open_nomination()
        applications = self.env["skill.cert.application"].create([employee._prepare_application() for employee in self])
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_application")
        if len(applications) == 1:
            return {**action, "views": [(False, "form")], "res_id": applications.id}
        return {**action, "domain": [("id", "in", applications.ids)]}

    def action_open_applications(self):
        """Open the applications made from this employee."""
        action = self.env["ir.actions.act_window"]._for_xml_id("wz_skill_cert.action_application")
        return {**action, "domain": [("employee_id", "in", self.ids)], "context": {}}

    def _prepare_application(self, unit=None):
        """Return the values of a draft application by ``unit``: facts once, taken from where HR keeps them."""
        self.ensure_one()
        units = self._nominating_units()
        # sudo: the dates of contracts are for HR's managers; that one has ended is all that is told.
        left = self.sudo()._left_defect()
        if defect := self._unit_defect(unit or units) or left:
            raise UserError(defect)
        return {
            **self._prepare_person(),
            **self._prepare_unit(unit or units),
            "employee_id": self.id,
            "level": self.eligible_level or "senior_worker",
            "occupation_id": self.occupation_id.id,
            "achievement_ids": [
                fields.Command.create({**achievement._copy_vals(), "source_id": achievement.id})
                for achievement in self.achievement_ids
            ],
            "history_ids": [fields.Command.create(vals) for vals in self._prepare_history()],
        }

    def _unit_defect(self, chosen):
        """Return why ``chosen`` is not the one unit that nominates this employee, or False."""
        if not self.env["res.users"]._own_units():
            return self._no_unit_message()
        if not (units := self._nominating_units()):
            return self.env._("You do not nominate for the company of %s.", self.name)
        if len(chosen) != 1:
            return self.env._("Please choose the unit that %s works for.", self.name)
        if chosen not in units:
            return self.env._(
                "%(employee)s does not work for %(unit)s, nor for a member of it.", employee=self.name, unit=chosen.name
            )
        return False

    def _prepare_unit(self, unit):
        company = self._company_unit()
        # An association names the member; an enterprise is the employer itself.
        return {"nominator_id": unit.id, **({"employer_id": company.id} if company and company != unit else {})}

    @api.model
    def _no_unit_message(self):
        return self.env._(
            "You nominate for no unit yet. Ask your administrator to enter you as an officer of your unit."
        )

    def _prepare_person(self):
        title = self.achievement_ids.filtered(lambda a: a.kind == "title").sorted("title_rank")[-1:]
        stated = {"sex": SEX_OF_EMPLOYEE.get(self.sex), "birth_date": self.birthday}
        return {
            **self._prepare_certification(),
            # What HR has not entered is read from the ID number.
            **{name: value for name, value in stated.items() if value},
            "applicant_name": self.legal_name or self.name,
            "id_number": self.identification_id,
            "education": EDUCATION_OF_CERTIFICATE.get(self.certificate),
            "phone": self.private_phone or self.mobile_phone,
            "photo": self._prepare_photo(),
            "job": self.job_title,
            "career_start": self.career_start,
            "occupation_start": self.occupation_start,
            "technical_specialty": self.technical_specialty,
            "current_occupation": self.occupation_id.name,
            "title_name": title.name,
            "title_date": title.date,
        }

    def _prepare_photo(self):
        # hr draws initials as an SVG where there is no photo: no portrait. Other kinds may not be kept with a case.
        kept = ("data:image/png", "data:image/jpg")
        is_photo = self.image_1920 and image_data_uri(self.image_1920).startswith(kept)
        return self.image_1920 if is_photo else False

    def _prepare_certification(self):
        """Return the existing vocational certificate, kept as a certification of hr_skills."""
        certification = self.employee_skill_ids.filtered("is_certification").sorted("valid_from")[-1:]
        return {
            "held_level": certification.skill_level_id.name,
            "held_on": certification.valid_from,
        }

    def _prepare_history(self):
        """Return the lines from the first job on (附件1, 注：简历从参加工作后开始填写), courses left out."""
        lines = self.resume_line_ids.filtered(
            lambda line: (
                not line.is_course and not (line.date_end and self.career_start and line.date_end < self.career_start)
            )
        )
        return [
            {
                "date_start": line.date_start,
                "date_end": line.date_end,
                "description": line.name,
                "witness": line.witness,
            }
            for line in lines.sorted("date_start")
        ]
