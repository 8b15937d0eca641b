"""Whose a case is follows from facts, and nobody who nominates chooses it (notice, part 3, 属地; issue 15, no. 8)."""

import ast
from datetime import timedelta
from pathlib import Path

import odoo.addons.wz_skill_cert as addon
from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SkillCertCase, resident_id

TAGS = ("standard", "post_install", "-at_install")
ROOT = Path(addon.__file__).parent
# Computed fields that a person may overwrite, each with the word why that decides nothing.
OVERWRITTEN = {
    "skill.cert.application.employer_id": "a member of the nominating association, or refused",
    "skill.cert.application.sex": "must agree with the ID number",
    "skill.cert.application.birth_date": "must agree with the ID number",
    "skill.cert.application.employer_name": "printed; the employer is the record",
    "skill.cert.application.employer_address": "printed",
    "skill.cert.application.employer_assets": "printed",
    "skill.cert.application.employer_sales": "printed",
    "skill.cert.application.employer_headcount": "printed",
    "skill.cert.holiday.last_day": "the manager's",
    "skill.cert.panel.application_ids": "each case is asked whether it goes to that panel",
    "skill.cert.bureau.issuer": "the manager's",
    "skill.cert.expert.name": "the bureau's",
    "skill.cert.submission.bureau_id": "what is on the sheet must belong to that bureau, or is refused",
    "skill.cert.publication.wizard.contact": "an address on a list",
    "skill.cert.replacement.wizard.reissued_as": "the officer's choice, checked by the step",
    "skill.cert.reason.wizard.line.text": "the officer's words",
    "skill.cert.reason.wizard.days": "the officer's term",
    "skill.cert.reason.wizard.reason": "the officer's words",
    "skill.cert.reason.wizard.bureau_id": "the officer's choice, checked by the step",
    "skill.cert.nomination.wizard.line.nominator_id": "one of the units that the employee's company allows",
    **dict.fromkeys(
        (
            f"skill.cert.unit.wizard.{name}"
            for name in ("contact", "phone", "email", "city", "street", "assets", "sales", "headcount")
        ),
        "figures of the own unit",
    ),
}
# Where one of several is taken, and why no unit, employer, bureau or policy is chosen by it for anybody.
FIRST = {
    "controllers/verify.py:_certificate_page": "by a token, of which there is one",
    "models/request/submission_check.py:_draft_for": "the latest draft sheet of the same unit, campaign and bureau",
    "models/request/renewal.py:action_copy_last_application": "the person's own last case; its unit is checked",
    "models/request/member_progress.py:_state_counts": "of which campaign figures are shown",
    "models/request/campaign.py:_check_unused": "whether there is one",
    "models/request/campaign.py:_current": "proposed and shown; another city's is refused",
    "models/request/campaign.py:_check_judged_nothing": "whether there is one",
    "models/request/sheet_import.py:_compute_progress": "a counter, of which there is one",
    "models/request/application.py:_compute_eligibility": "a number in the statistics: any condition suffices",
    "models/platform/trail.py:_record_refusal": "an entry for many",
    "models/platform/upload_check.py:_kind_of_accepted_copy": "whether there is one",
    "models/ledger/eligibility.py:_keys": "whether these are saved",
    "models/ledger/eligibility.py:_ledger": "whether these are saved",
    "models/parties/expert.py:_enter_person": "whether there is one",
    "models/parties/expert.py:action_my_record": "the user's own record, of which there is one",
    "models/parties/separate_duties.py:_check_exclusive_groups": "a name in a sentence",
    "models/parties/separate_duties.py:_check_one_side": "a name in a sentence",
    "models/parties/outsiders.py:_anybody_acts": "whether there is one",
    "models/rules/achievement_type.py:write": "whether there is one",
    "models/rules/holiday.py:_knows": "whether there is one",
    "models/rules/policy.py:_in_force": "the newest in force; a case's is its campaign's",
}


def _takes_first(node):
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.slice.lower is None:
        return isinstance(node.slice.upper, ast.Constant) and node.slice.upper.value == 1
    return isinstance(node, ast.keyword) and node.arg == "limit" and getattr(node.value, "value", None) == 1


def _firsts(folders):
    """Return {file:function} in which the first of several is taken."""
    found = set()
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            body = getattr(function, "name", "field") if isinstance(function, ast.FunctionDef) else None
            if isinstance(function, ast.ClassDef):
                # Defaults of fields stand in the class itself.
                nodes = [node for line in function.body if isinstance(line, ast.Assign) for node in ast.walk(line)]
                body = "field"
            else:
                nodes = ast.walk(function) if body else ()
            if any(_takes_first(node) for node in nodes):
                found.add(f"{path.relative_to(ROOT)}:{body}")
    return found


@tagged(*TAGS)
class TestKind(SkillCertCase):
    def test_no_computed_field_that_decides_is_overwritten(self):
        found = {
            f"{model._name}.{name}"
            for model in self.env.registry.values()
            for name, field in model._fields.items()
            if "wz_skill_cert" in field._modules
            and model._name.startswith("skill.cert.")
            and field.compute
            and not field.related
            and not field.readonly
        }
        self.assertEqual(found, set(OVERWRITTEN))

    def test_nobody_is_given_the_first_of_a_list(self):
        rooms = ("controllers", "models/platform", "models/rules", "models/parties", "models/ledger", "models/request")
        self.assertEqual(_firsts(rooms), set(FIRST))

    def test_no_default_and_no_dialogue_takes_the_first_of_a_list(self):
        fields_of_all = {found for found in _firsts(["models", "wizards"]) if found.endswith(":field")}
        self.assertEqual(fields_of_all, set())
        contacts = {"wizards/publication_wizard.py:_compute_contact"}
        self.assertEqual(_firsts(["wizards"]), contacts, "an address on a list is no authority")


@tagged(*TAGS)
class TestBureau(SkillCertCase):
    def _refuses(self, draft, values):
        with self.assertRaises(AccessError):
            draft.write(values)

    def test_no_nominator_writes_the_bureau_on_any_road(self):
        draft = self._draft()
        applications = draft.browse()
        for bureau in (self.other_county, self.city):
            with self.subTest(bureau=bureau.name):
                self._refuses(draft, {"bureau_id": bureau.id})
                self._refuses(draft, {"place_bureau_id": bureau.id})
                with self.assertRaises(AccessError):
                    applications.create(self._application_vals(bureau_id=bureau.id))
                by_default = applications.with_context(default_bureau_id=bureau.id)
                self.assertEqual(by_default.create(self._application_vals()).bureau_id, self.county)
                loaded = applications.load(["id", "bureau_id/.id"], [[False, str(bureau.id)]])
                self.assertFalse(loaded["ids"])
                sheet = draft.env["skill.cert.submission"].create({"campaign_id": self.campaign.id})
                with self.assertRaises(UserError):
                    sheet.write({"application_ids": [Command.update(draft.id, {"bureau_id": bureau.id})]})
        self.assertEqual(draft.bureau_id, self.county)

    def test_the_form_shows_the_bureau_and_takes_none(self):
        form = Form(self.env["skill.cert.application"].with_user(self.nominator))
        self.assertEqual(form.bureau_id, self.county)
        with self.assertRaises(AssertionError):
            form.bureau_id = self.city

    def test_a_nominator_who_keeps_contacts_moves_no_unit(self):
        self.nominator.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        association = self._association()
        office = "is entered by the manager"
        unit = self.enterprise.with_user(self.nominator)
        unit.write({"street": "示例路1号"})
        for values in (
            {"skill_cert_bureau_id": self.city.id},
            {"association_ids": [Command.link(association.id)]},
            {"skill_cert_unit": "association"},
        ):
            with self.subTest(values=values), self.assert_refused(office, error=AccessError):
                unit.sudo(False).write(values)
        partners = unit.browse()
        with self.assert_refused(office, error=AccessError):
            partners.create({"name": "温州示例新厂（虚构）", "skill_cert_bureau_id": self.city.id})
        with self.assert_refused(office, error=AccessError):
            partners.with_context(default_skill_cert_unit="enterprise").create({"name": "温州示例新厂（虚构）"})

    def test_drafts_follow_an_employer_that_moves_and_what_was_submitted_stays(self):
        draft, case = self._draft(), self._submitted(id_number=resident_id(sequence=903))
        returned = self._submitted(id_number=resident_id(sequence=905))
        returned.action_return("虚构")
        sheet = draft.env["skill.cert.submission"].create({"campaign_id": self.campaign.id})
        draft.submission_id = sheet
        self.enterprise.with_user(self.manager).sudo().skill_cert_bureau_id = self.other_county
        self.assertEqual((draft.bureau_id, sheet.bureau_id), (self.other_county, self.other_county))
        self.assertEqual((case.sudo().bureau_id, returned.sudo().bureau_id), (self.county, self.county))
        self._settle(returned).action_submit()
        self.assertEqual(returned.sudo().bureau_id, self.county)
        sheet.action_submit()
        self.assertEqual(draft.sudo().handling_bureau_id, self.other_county)

    def test_of_an_associations_sheet_only_who_moved_leaves(self):
        association = self._association(self.enterprise, self.other_enterprise)
        self.other_enterprise.skill_cert_bureau_id = self.county
        secretary = self._nominator(association)
        one = self._draft(secretary, employer_id=self.enterprise.id)
        two = self._draft(secretary, employer_id=self.other_enterprise.id, id_number=resident_id(sequence=903))
        sheets = one.env["skill.cert.submission"]
        sheet = sheets.create({"campaign_id": self.campaign.id, "application_ids": [Command.set((one | two).ids)]})
        self.other_enterprise.skill_cert_bureau_id = self.other_county
        self.assertEqual(sheet.application_ids, one)
        self.assertEqual((one.bureau_id, two.bureau_id), (self.county, self.other_county))

    def test_a_returned_case_takes_no_employer_of_another_place(self):
        secretary = self._nominator(self._association(self.enterprise, self.other_enterprise))
        case = self._submitted(secretary, employer_id=self.enterprise.id)
        case.action_return("虚构")
        with self.assert_refused("was submitted to", error=ValidationError):
            case.with_user(secretary).employer_id = self.other_enterprise
        self.assertEqual(case.sudo().bureau_id, self.county)

    def test_a_unit_without_a_bureau_is_told_whom_to_ask(self):
        draft = self._draft()
        self.enterprise.skill_cert_bureau_id = False
        with self.assert_refused("belongs to no bureau yet"):
            draft.action_submit()
        self.enterprise.skill_cert_bureau_id = self.county
        draft.action_submit()

    def test_the_invariant_finds_a_case_elsewhere(self):
        case = self._submitted()
        checks = self.env["skill.cert.invariant.check"]
        self.assertNotIn("jurisdiction", checks._find())
        case.sudo().bureau_id = self.other_county
        self.env.flush_all()
        self.assertEqual(checks._find()["jurisdiction"]["ids"], case.ids)


@tagged(*TAGS)
class TestHandingOver(SkillCertCase):
    REASON = "单位已迁址（虚构）"

    def _move_employer(self):
        self.enterprise.skill_cert_bureau_id = self.other_county

    def test_an_officer_hands_over_on_record_and_the_others_get_the_task(self):
        case = self._submitted()
        case.officer_id = self.county_officer
        papers = case.sudo().paper_ids
        self._move_employer()
        case.action_transfer(self.other_county.id, self.REASON)
        full = case.sudo()
        self.assertEqual((full.state, full.bureau_id, full.handling_bureau_id), ("submitted", *[self.other_county] * 2))
        self.assertFalse(full.officer_id)
        self.assertEqual(full.paper_ids, papers, "it is still what was submitted")
        step = full.step_ids[-1]
        self.assertRecordValues(
            step, [{"bureau_id": self.other_county.id, "from_bureau_id": self.county.id, "reason": self.REASON}]
        )
        self.assertEqual(full.activity_ids.user_id, self.other_officer)
        told = self.env["skill.cert.notification"].search([("res_id", "=", case.id), ("res_model", "=", case._name)])
        self.assertIn((self.nominator, "transferred"), [(row.user_id, row.notice) for row in told])
        self.assertIn((self.other_officer, "submitted"), [(row.user_id, row.notice) for row in told])
        self.assertFalse(case.with_user(self.county_officer)._filtered_access("read"))
        self.assertEqual(case.with_user(self.nominator).reason, self.REASON)
        case.with_user(self.other_officer).action_accept()
        self.assertEqual(full.review_id.bureau_id, self.other_county)
        self.assertFalse(self.env["skill.cert.invariant.check"]._find())

    def test_what_was_accepted_is_checked_anew_by_the_receiving_bureau(self):
        case = self._accepted()
        self._move_employer()
        case.action_transfer(self.other_county.id, self.REASON)
        self.assertEqual((case.sudo().state, case.sudo().review_ids.outcome), ("submitted", "transferred"))
        self.assertEqual(case.sudo().handling_bureau_id, self.other_county)
        self.assertFalse(self.env["skill.cert.invariant.check"]._find())
        case.with_user(self.other_officer).action_accept()
        self.assertEqual(case.sudo().review_ids.mapped("outcome"), ["transferred", "pending"])
        self.assertFalse(self.env["skill.cert.invariant.check"]._find())

    def test_another_place_needs_a_word_and_the_same_city(self):
        case = self._submitted()
        with self.assert_refused("all the same"):
            case.action_transfer(self.other_county.id, self.REASON)
        with self.assert_refused("reason"):
            case.action_transfer(self.other_county.id, " ", beyond_place=True)
        with self.assert_refused("is at"):
            case.action_transfer(self.county.id, self.REASON, beyond_place=True)
        other_city = self.city.copy({"code": "330900", "name": "示例市（虚构）"})
        for bureau in (other_city.id,):
            with self.assert_refused("of the same city"):
                case.action_transfer(bureau, self.REASON, beyond_place=True)
        empty = self.env.ref("wz_skill_cert.bureau_330304")
        with self.assert_refused("has no officers"):
            case.action_transfer(empty.id, self.REASON, beyond_place=True)
        case.action_transfer(self.other_county.id, self.REASON, beyond_place=True)
        self.assertEqual(case.sudo().bureau_id, self.other_county)

    def test_only_the_bureau_that_has_it_hands_over_and_not_once_it_is_assessed(self):
        case = self._submitted()
        self._move_employer()
        for user in (self.nominator, self.other_officer, self.city_officer, self.manager, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(UserError):
                case.with_user(user).action_transfer(self.other_county.id, self.REASON)
        case.action_accept()
        self._start_assessment(case)
        with self.assertRaises(UserError):
            case.action_transfer(self.other_county.id, self.REASON)
        self.assertEqual(case.sudo().bureau_id, self.county)

    def test_a_draft_is_nobodys_to_hand_over_and_a_submission_hands_nothing_over(self):
        draft = self._draft()
        with self.assertRaises(UserError):
            draft.action_transfer(self.other_county.id, self.REASON)
        case = self._submitted(id_number=resident_id(sequence=903))
        with self.assertRaises(UserError):
            case.action_submit()
        self.assertEqual(case.state, "submitted")

    def test_the_dialogue_proposes_the_employers_bureau(self):
        case = self._submitted()
        self._move_employer()
        self.assertTrue(case.employer_moved)
        action = case.with_context(reason_for="transfer").action_ask_reason()
        form = Form(self.env["skill.cert.reason.wizard"].with_user(self.county_officer).with_context(action["context"]))
        self.assertEqual(form.bureau_id, self.other_county)
        form.reason = self.REASON
        form.save().action_confirm()
        self.assertEqual(case.sudo().bureau_id, self.other_county)


@tagged(*TAGS)
class TestWhoseEmployee(SkillCertCase):
    def _prepare(self):
        """A group of two companies, and HR of both."""
        self.hr = self._hr_nominator(self.enterprise)
        self.hr.nominator_unit_ids += self.other_enterprise
        companies = self.env["res.company"]
        self.first, self.second = (
            companies.create({"name": unit.name, "partner_id": unit.id})
            for unit in (self.enterprise, self.other_enterprise)
        )
        self.hr.company_ids += self.first | self.second
        self.hr.company_id = self.first

    def _in(self, company, **values):
        facts = {
            "identification_id": resident_id(),
            "sex": "male",
            "birthday": "1985-05-20",
            "private_phone": "13800000901",
        }
        return self._employee("张示例", company_id=company.id, occupation_id=self.electrician.id, **facts, **values)

    def _nominated(self, employee):
        companies = self.hr.company_ids.ids
        action = employee.with_user(self.hr).with_context(allowed_company_ids=companies).action_nominate()
        return self.env[action["res_model"]].with_user(self.hr).browse(action["res_id"])

    def test_the_unit_is_the_employees_company(self):
        for company in (self.first, self.second):
            with self.subTest(company=company.name):
                draft = self._nominated(self._in(company))
                self.assertEqual((draft.nominator_id, draft.employer_id), (company.partner_id, company.partner_id))
                self.assertEqual(draft.bureau_id, company.partner_id.skill_cert_bureau_id)

    def test_an_association_names_the_employees_company(self):
        association = self._association(self.enterprise)
        self.hr.nominator_unit_ids = association
        draft = self._nominated(self._in(self.first))
        self.assertEqual((draft.nominator_id, draft.employer_id), (association, self.enterprise))
        with self.assert_refused("You do not nominate for the company"):
            self._nominated(self._in(self.second))

    def test_where_nobody_knows_it_is_asked(self):
        third = self.env["res.company"].create({"name": "温州示例三厂（虚构）"})
        self.hr.company_ids += third
        wizard = self._nominated(self._in(third))
        self.assertEqual(wizard._name, "skill.cert.nomination.wizard")
        self.assertFalse(wizard.line_ids.nominator_id)
        self.assertEqual(wizard.line_ids.nominator_choice_ids, self.enterprise | self.other_enterprise)
        wizard.action_confirm()
        self.assertIn("Please choose the unit", wizard.line_ids.refusal)

    def test_no_form_is_filled_in_with_the_first_of_two_units(self):
        for model in ("skill.cert.application", "skill.cert.submission"):
            defaults = self.env[model].with_user(self.hr).default_get(["nominator_id", "bureau_id"])
            self.assertFalse(defaults.get("nominator_id"))
            self.assertFalse(defaults.get("bureau_id"))
        self.assertFalse(self.env["skill.cert.unit.wizard"].with_user(self.hr).default_get(["unit_id"]).get("unit_id"))

    def test_the_dialogue_takes_no_unit_that_is_not_the_employees(self):
        employee = self._in(self.second).with_user(self.hr)
        lines = [
            Command.create({"employee_id": employee.id, "level": "senior_worker", "nominator_id": self.enterprise.id})
        ]
        wizard = self.env["skill.cert.nomination.wizard"].with_user(self.hr).create({"line_ids": lines})
        wizard.action_confirm()
        self.assertIn("does not work for", wizard.line_ids.refusal)
        self.assertFalse(wizard.line_ids.application_id)

    def _complete(self, **values):
        employee = self._in(self.first)
        draft = self._draft(self.hr, nominator_id=self.enterprise.id, employee_id=employee.id, **values)
        return employee, draft

    def assert_not_submitted(self, draft, *words):
        with self.assert_refused(*words):
            draft.action_submit()
        self.assertTrue(any(words[0] in defect for defect in draft._content_defects()), "form and desk say so, too")

    def test_who_left_is_not_submitted_without_a_word(self):
        yesterday = clock.today() - timedelta(days=1)
        for values, words in (
            ({"departure_date": yesterday}, "has left"),
            ({"contract_date_start": "2010-01-01", "contract_date_end": yesterday}, "The contract of"),
            ({"active": False}, "has left"),
        ):
            with self.subTest(values=values):
                employee, draft = self._complete(id_number=resident_id(sequence=903 + 2 * len(values)))
                employee.write(values)
                self.assert_not_submitted(draft, words)

    def test_who_still_works_is_submitted(self):
        employee, draft = self._complete()
        employee.write({"contract_date_start": "2010-01-01", "contract_date_end": clock.today()})
        draft.action_submit()
        self.assertEqual(draft.state, "submitted")

    def test_who_was_transferred_since_the_draft_is_not_submitted_without_a_word(self):
        employee, draft = self._complete()
        employee.company_id = self.second
        self.assert_not_submitted(draft, "works for another company")
        self.other_enterprise.skill_cert_unit = False
        self.assert_not_submitted(draft, "works for another company")
        employee.company_id = self.first
        draft.action_submit()

    def test_also_where_the_companies_are_no_units(self):
        third, fourth = self.env["res.company"].create(
            [{"name": name} for name in ("示例三厂（虚构）", "示例四厂（虚构）")]
        )
        self.hr.company_ids += third | fourth
        employee = self._in(third)
        hr = self.hr.with_context(allowed_company_ids=self.hr.company_ids.ids)
        draft = self._draft(hr, nominator_id=self.enterprise.id, employee_id=employee.id)
        self.assertFalse(draft._moved_defect(), "whose unit is whose company nobody knows")
        employee.company_id = fourth
        self.assert_not_submitted(draft, "works for another company")
