"""Whose employee the applicant is, and whether still (在职职工): asked of HR's own records, where there are any."""

from odoo import api, fields, models

from ... import clock
from .completeness import Requirement


class Employee(models.Model):
    _inherit = "hr.employee"

    def _company_unit(self):
        """Return the employee's company as a unit of the procedure, or nothing where it is none."""
        # sudo: which of the companies of this database nominate; the caller reads the employee.
        unit = self.sudo().company_id.partner_id
        return unit.filtered("skill_cert_unit")

    def _nominating_units(self):
        """Return those of the user's units that may nominate this employee: the company, or an association it belongs to.

        Where the company is no unit of the procedure nobody but the person knows: then all of the user's units.
        """
        own, company = self.env["res.users"]._own_units(), self._company_unit()
        return own & (company | company.association_ids).with_env(self.env) if company else own

    def _left_defect(self):
        """Return the sentence that says that the person has left the company, or False."""
        today = clock.today()
        if not self.active or (self.departure_date and self.departure_date < today):
            return self.env._("%s has left: a unit nominates its own staff.", self.name)
        if self.contract_date_end and self.contract_date_end < today:
            return self.env._(
                "The contract of %(employee)s ended on %(day)s: a unit nominates its own staff.",
                employee=self.name,
                day=self.contract_date_end,
            )
        return False


class Application(models.Model):
    _inherit = "skill.cert.application"

    employee_company_id = fields.Many2one(
        "res.company",
        "Employee's company at the nomination",
        compute="_compute_employee_company_id",
        store=True,
        precompute=True,
        copy=False,
    )

    @api.depends("employee_id")
    def _compute_employee_company_id(self):
        """Keep the company of the day on which the draft was made: that it is another one since is told."""
        for application in self:
            application.employee_company_id = application.employee_id.company_id

    def _require_employed(self):
        return [Requirement("basis", "employer_id", self._employed_defect())]

    def _employed_defect(self):
        """Return the sentence that says that the applicant has left or works for another company, or False."""
        # sudo: HR's record of the case's own applicant; that the person has left or moved is all that is told.
        own = self.sudo()
        return bool(own.employee_id) and (own.employee_id._left_defect() or own._moved_defect())

    def _moved_defect(self):
        """Return the sentence that says that the employee works for another company than the employer, or False."""
        company, employer = self.employee_id.company_id, self.employer_id
        unit = self.employee_id._company_unit()
        if unit:
            elsewhere = employer and unit != employer
        else:
            elsewhere = self.employee_company_id and company != self.employee_company_id
        return elsewhere and self.env._(
            "%(employee)s works for another company than %(employer)s. Please nominate the person from there.",
            employee=self.employee_id.name,
            employer=employer.name,
        )
