from odoo import fields, models

LEVEL_REFS = {
    "senior_worker": "wz_skill_cert.skill_level_senior_worker",
    "technician": "wz_skill_cert.skill_level_technician",
}


class Certificate(models.Model):
    """The award on the employee, where the enterprise nominates from inside its own Odoo."""

    _inherit = "skill.cert.certificate"

    employee_skill_id = fields.Many2one(
        "hr.employee.skill", "Certification of the employee", guarded=True, readonly=True, copy=False,
        ondelete="set null", groups="hr.group_hr_user",
    )  # fmt: skip

    def _award(self):
        """Enter the award among the employee's certifications."""
        for certificate in self.filtered("application_id.employee_id"):
            certificate.employee_skill_id = certificate._own_award() or certificate._new_award()

    def _own_award(self):
        """Return what a certificate before this one has entered: a replacement is no second award."""
        return self.application_id.certificate_ids.employee_skill_id[:1]

    def _new_award(self):
        level = self.env.ref(LEVEL_REFS[self.level])
        return self.env["hr.employee.skill"].create(
            {
                "employee_id": self.application_id.employee_id.id,
                "skill_type_id": level.skill_type_id.id,
                "skill_id": self._skill_of_occupation(level.skill_type_id).id,
                "skill_level_id": level.id,
                "valid_from": self.issued_on,
            }
        )

    def _skill_of_occupation(self, skill_type):
        skills = self.env["hr.skill"]
        values = {"skill_type_id": skill_type.id, "name": self.occupation_name}
        found = skills.search([(name, "=", value) for name, value in values.items()], limit=1)
        return found or skills.create(values)

    def _withdraw_award(self, _revoked):
        """The employee no longer holds the certification. That it was held stays on the certificate."""
        self.employee_skill_id.unlink()
