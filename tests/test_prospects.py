"""The company's side of the ledger: who may be nominated, who nearly may, and nominating many at once."""

from datetime import date, timedelta

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id


@tagged("standard", "post_install", "-at_install")
class ProspectCase(SkillCertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr = cls._hr_nominator(cls.enterprise)
        cls.department = cls.env["hr.department"].create({"name": "示例车间"})

    def _staff_member(self, *achievements, sequence=901, **values):
        return self.env["hr.employee"].create(
            {
                "name": f"示例{sequence}",
                "identification_id": resident_id(date(1985, 5, 20), sequence),
                "department_id": self.department.id,
                "occupation_id": self.electrician.id,
                "achievement_ids": [Command.create(self._ledger_vals(**vals)) for vals in achievements],
                **values,
            }
        )

    def _ledger_vals(self, evidence=True, **vals):
        vals = self._achievement_vals(self.env.user, **vals)
        return vals if evidence else {**vals, "evidence_ids": False}

    def _prospects(self, employee):
        return self.env["skill.cert.prospect"].with_user(self.hr).search([("employee_id", "=", employee.id)])

    def _standings(self, employee):
        return {(p.level, p.condition_id.number): p.standing for p in self._prospects(employee)}


class TestProspects(ProspectCase):
    def test_whoever_meets_a_condition_is_listed_with_it(self):
        employee = self._staff_member({"kind": "title", "title_rank": "2"})
        self.assertEqual(self._standings(employee), {("senior_worker", 3): "1_met", ("technician", 4): "1_met"})

    def test_a_missing_proof_is_one_step_away(self):
        employee = self._staff_member({"kind": "breakthrough", "annual_benefit": 30, "evidence": False})
        self.assertEqual(self._standings(employee), {("senior_worker", 4): "2_near"})

    def test_two_failed_thresholds_are_not_one_step_away(self):
        employee = self._staff_member(
            {"kind": "breakthrough", "annual_benefit": 30, "role": "participant", "evidence": False}
        )
        self.assertFalse(self._standings(employee))

    def test_the_first_of_two_patents_is_one_step_from_technician(self):
        employee = self._staff_member({"kind": "patent"})
        self.assertEqual(self._standings(employee), {("senior_worker", 2): "1_met", ("technician", 2): "2_near"})

    def test_an_occupation_whose_dates_have_ended_leaves_nobody_eligible(self):
        employee = self._staff_member({"kind": "title"})
        self.assertEqual(employee.eligible_level, "technician")
        self.electrician.valid_to = clock.today() - timedelta(days=1)
        self.assertFalse(employee.eligible_level)
        self.assertFalse(self._standings(employee))
        self.assertIn(self.electrician.name, employee.eligibility)

    def test_the_last_day_of_validity_counts(self):
        self.electrician.valid_to = clock.today()
        self.assertEqual(self._staff_member({"kind": "title"}).eligible_level, "technician")

    def test_another_companys_staff_is_not_listed(self):
        company = self.env["res.company"].create({"name": "温州示例另一公司（虚构）"})
        employee = self._staff_member({"kind": "title"}, company_id=company.id, department_id=False)
        self.assertFalse(self._prospects(employee))

    def test_only_hr_reads_prospects(self):
        for user in (self.nominator, self.plain_user, self.county_officer, self.manager):
            with self.assertRaises(AccessError):
                self.env["skill.cert.prospect"].with_user(user).search([])

    def test_prospects_can_be_grouped_by_department_and_level(self):
        self._staff_member({"kind": "title"})
        groups = (
            self.env["skill.cert.prospect"]
            .with_user(self.hr)
            ._read_group([("department_id", "=", self.department.id)], ["department_id", "level"], ["__count"])
        )
        self.assertEqual(
            {(level, count) for _department, level, count in groups}, {("senior_worker", 1), ("technician", 1)}
        )


class TestNominationOfMany(ProspectCase):
    def _wizard(self, employees):
        action = employees.with_user(self.hr).action_open_nomination()
        return self.env["skill.cert.nomination.wizard"].with_user(self.hr).browse(action["res_id"])

    def test_those_who_cannot_be_nominated_are_told_why_and_the_others_are_made(self):
        good = self._staff_member({"kind": "title"}, sequence=901)
        without_condition = self._staff_member(sequence=903)
        without_occupation = self._staff_member({"kind": "title"}, sequence=905, occupation_id=False)
        wrong_number = self._staff_member({"kind": "title"}, sequence=907, identification_id="330300198505209999")
        wizard = self._wizard(good + without_condition + without_occupation + wrong_number)
        wizard.action_confirm()
        lines = {line.employee_id: line for line in wizard.line_ids}
        self.assertEqual(lines[good].application_id.state, "draft")
        self.assertEqual(lines[good].application_id.level, "technician")
        self.assertFalse(lines[good].refusal)
        self.assertIn("condition", lines[without_condition].refusal)
        self.assertIn("occupation", lines[without_occupation].refusal)
        self.assertIn("check digit", lines[wrong_number].refusal)
        self.assertEqual((wizard.made_count, wizard.refused_count), (1, 3))

    def test_a_second_nomination_for_the_same_is_refused(self):
        employee = self._staff_member({"kind": "title"})
        self._wizard(employee).action_confirm()
        wizard = self._wizard(employee)
        wizard.action_confirm()
        self.assertFalse(wizard.line_ids.application_id)
        self.assertIn("already", wizard.line_ids.refusal)

    def test_each_prospect_is_nominated_for_the_highest_selected_level(self):
        employee = self._staff_member({"kind": "title"})
        action = self._prospects(employee).action_nominate()
        wizard = self.env["skill.cert.nomination.wizard"].with_user(self.hr).browse(action["res_id"])
        self.assertEqual(wizard.line_ids.mapped("level"), ["technician"])

    def test_the_dialogue_offers_the_own_units_only(self):
        wizard = self._wizard(self._staff_member({"kind": "title"}))
        self.assertEqual(wizard.line_ids.nominator_choice_ids, self.enterprise)
        offered = (
            self.env["res.partner"]
            .with_user(self.hr)
            .name_search("", [("id", "in", wizard.line_ids.nominator_choice_ids.ids)])
        )
        self.assertEqual([partner for partner, _name in offered], self.enterprise.ids)

    def test_whoever_nominates_for_no_unit_is_told_so(self):
        employee = self._staff_member({"kind": "title"})
        self.hr.nominator_unit_ids = False
        with self.assertRaisesRegex(UserError, "no unit"):
            employee.with_user(self.hr).action_open_nomination()


class TestRulesEditor(ProspectCase):
    def _prepare(self):
        super()._prepare()
        self.employee = self._staff_member({"kind": "breakthrough", "annual_benefit": 45})
        self.version = self.policy.with_user(self.manager).copy()

    def _senior_worker_benefit(self, policy):
        return policy.condition_ids.criterion_ids.filtered(
            lambda c: c.kind == "breakthrough" and c.condition_id.level == "senior_worker"
        )

    def test_a_copy_has_all_conditions_and_is_a_draft(self):
        self.assertEqual(self.version.state, "draft")
        self.assertEqual(self.version.condition_ids.mapped("text"), self.policy.condition_ids.mapped("text"))
        self.assertEqual(len(self.version.condition_ids.criterion_ids), len(self.policy.condition_ids.criterion_ids))

    def test_rules_in_force_cannot_be_changed_by_any_road(self):
        criterion = self._senior_worker_benefit(self.policy.with_user(self.manager))
        roads = (
            lambda: criterion.write({"min_benefit": 1}),
            lambda: criterion.condition_id.write({"text": "x"}),
            lambda: criterion.condition_id.write({"criterion_ids": [Command.update(criterion.id, {"min_benefit": 1})]}),
            lambda: self.policy.with_user(self.manager).write({"panel_min": 1}),
            lambda: self.policy.with_user(self.manager).write({"state": "draft"}),
            criterion.unlink,
            criterion.copy,
        )
        for road in roads:
            with self.assertRaises(UserError):
                road()

    def test_a_policy_that_judged_a_submitted_application_does_not_become_a_draft_again(self):
        self._submitted()
        with self.assertRaisesRegex(UserError, "Submitted applications"):
            self.policy.with_user(self.manager).action_reset_draft()

    def test_an_unused_policy_may_be_worked_on_again(self):
        self.version.action_activate()
        self.version.action_reset_draft()
        self._senior_worker_benefit(self.version).min_benefit = 46

    def test_the_preview_counts_who_would_gain_and_lose_before_activation(self):
        self._staff_member({"kind": "breakthrough", "annual_benefit": 25}, sequence=903)
        self._senior_worker_benefit(self.version).min_benefit = 46
        preview = self._preview()
        self.assertEqual((preview.gain_count, preview.loss_count), (0, 1))
        self._senior_worker_benefit(self.version).min_benefit = 20
        preview = self._preview()
        self.assertEqual((preview.gain_count, preview.loss_count), (1, 0))
        self.assertEqual(self.employee.eligible_level, "senior_worker")

    def _preview(self):
        action = self.version.action_preview()
        return self.env["skill.cert.policy.preview"].with_user(self.manager).browse(action["res_id"])

    def test_a_manager_without_hr_rights_sees_counts_and_no_names(self):
        preview = self._preview()
        self.assertNotIn("line_ids", preview.read()[0])
        with self.assertRaises(AccessError):
            self.env["skill.cert.policy.preview.line"].with_user(self.manager).search([])

    def test_activation_recomputes_everybody_and_retirement_too(self):
        self._senior_worker_benefit(self.version).min_benefit = 46
        self.version.date_from = clock.today()
        self.version.action_activate()
        self.assertFalse(self.employee.eligible_level)
        self.version.action_retire()
        self.assertEqual(self.employee.eligible_level, "senior_worker")

    def test_the_daily_refresh_follows_the_calendar(self):
        # As if the row had ended over night, without anybody's edit through the ORM.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE skill_cert_occupation SET valid_to = %s WHERE id = %s",
            (clock.today() - timedelta(days=1), self.electrician.id),
        )
        with self.enter_registry_test_mode():
            self.env.ref("wz_skill_cert.cron_refresh_eligible_levels").method_direct_trigger()
        self.assertFalse(self.employee.eligible_level)

    def test_only_a_manager_edits_rules(self):
        for user in (self.nominator, self.county_officer, self.city_officer, self.plain_user):
            with self.assertRaises(AccessError):
                self.version.with_user(user).write({"panel_min": 1})
            with self.assertRaises(AccessError):
                self.version.with_user(user).action_activate()
