"""附件2: a summary sheet is reported as a whole, and is then fixed."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id


@tagged("standard", "post_install", "-at_install")
class TestSheet(SkillCertCase):
    def _elsewhere(self, number):
        """Return a draft of the unit whose bureau is another: from before it moved, as the superuser writes it."""
        draft = self._person(number)
        draft.sudo().bureau_id = self.other_county
        return draft

    def _person(self, serial, **values):
        number = resident_id(sequence=901 + 2 * serial)
        return self._draft(applicant_name=f"示例{serial}", id_number=number, **values)

    def _sheet(self, applications):
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        sheet.application_ids = [Command.set(applications.ids)]
        return sheet

    def test_all_of_a_sheet_are_submitted_with_numbers_of_their_own(self):
        people = self._person(0) | self._person(1) | self._person(2)
        sheet = self._sheet(people)
        sheet.action_submit()
        self.assertEqual(sheet.state, "submitted")
        self.assertEqual(set(people.mapped("state")), {"submitted"})
        self.assertEqual(len(set(people.mapped("name"))), 3)
        self.assertTrue(all(people.mapped("name")))

    def test_one_defect_stops_all_and_every_persons_defects_are_said(self):
        good, no_summary, no_phone = self._person(0), self._person(1, summary=False), self._person(2, phone=False)
        sheet = self._sheet(good | no_summary | no_phone)
        records = (good, no_summary, no_phone, sheet)
        before = [self._facts(record) for record in records]
        with self.assert_refused(
            "Nothing was submitted", "示例1", "Personal summary", "示例2", "Mobile phone"
        ) as caught:
            sheet.action_submit()
        self.assertNotIn("示例0", str(caught.exception))
        self.assertEqual([self._facts(record) for record in records], before)

    def test_an_empty_sheet_is_not_reported(self):
        sheet = self._sheet(self.env["skill.cert.application"])
        with self.assert_refused("The sheet is empty"):
            sheet.action_submit()
        self.assertEqual(sheet.state, "draft")

    def test_the_drafts_of_the_unit_for_the_same_bureau_are_added(self):
        mine = self._person(0)
        elsewhere = self._elsewhere(1)
        foreign = self._draft(self.other_nominator)
        sheet = self._sheet(self.env["skill.cert.application"])
        sheet.action_add_drafts()
        self.assertEqual(sheet.application_ids, mine)
        self.assertFalse((elsewhere | foreign).sudo().submission_id)

    def test_an_application_for_another_bureau_does_not_belong_on_the_sheet(self):
        elsewhere = self._elsewhere(0)
        sheet = self._sheet(self.env["skill.cert.application"])
        with self.assert_refused("does not belong on this sheet", error=ValidationError):
            sheet.application_ids = [Command.link(elsewhere.id)]
        self.assertFalse(elsewhere.submission_id)

    def test_another_units_application_cannot_be_put_on_the_sheet(self):
        foreign = self._draft(self.other_nominator)
        sheet = self._sheet(self.env["skill.cert.application"])
        with self.assertRaises(AccessError):
            sheet.application_ids = [Command.link(foreign.id)]
        self.assertFalse(foreign.sudo().submission_id)

    def test_a_reported_sheet_is_fixed(self):
        sheet = self._sheet(self._person(0))
        sheet.action_submit()
        before = self._facts(sheet)
        later = self._person(1)
        for values in (
            {"date": "2099-12-31"},
            {"contact_name": "别人"},
            {"contact_phone": "13900000901"},
            {"bureau_id": self.other_county.id},
            {"campaign_id": self.campaign.copy().id},
            {"application_ids": [Command.link(later.id)]},
            {"application_ids": [Command.clear()]},
        ):
            with self.subTest(values=values), self.assert_refused("fixed"):
                sheet.write(values)
        for step in (sheet.unlink, sheet.action_submit, sheet.action_add_drafts):
            with self.subTest(step=step.__name__), self.assertRaises(UserError):
                step()
        self.assertEqual(self._facts(sheet), before)

    def test_nobody_joins_or_leaves_a_reported_sheet_from_the_applications_side(self):
        person = self._person(0)
        sheet = self._sheet(person)
        sheet.action_submit()
        person.with_user(self.county_officer).action_return("补充材料")
        for step in (
            lambda: person.write({"submission_id": False}),
            lambda: self._person(1, submission_id=sheet.id),
            lambda: self._person(2).write({"submission_id": sheet.id}),
        ):
            with self.assert_refused("fixed"):
                step()
        self.assertEqual(sheet.application_ids, person)

    def test_whoever_was_returned_is_corrected_and_submitted_again_on_the_same_sheet(self):
        person = self._person(0)
        sheet = self._sheet(person)
        sheet.action_submit()
        number = person.name
        person.with_user(self.county_officer).action_return("补充材料")
        person.summary = "已补充。"
        self._settle(person)
        person.action_submit()
        self.assertEqual((person.state, person.name, person.submission_id), ("submitted", number, sheet))

    def test_the_bureau_sees_the_sheet_only_when_it_is_reported(self):
        sheet = self._sheet(self._person(0))
        sheets = self.env["skill.cert.submission"].with_user(self.county_officer)
        self.assertNotIn(sheet, sheets.search([]))
        sheet.action_submit()
        self.assertIn(sheet, sheets.search([]))
        self.assertNotIn(sheet, sheets.with_user(self.other_officer).search([]))

    def test_nobody_else_reports_the_sheet(self):
        sheet = self._sheet(self._person(0))
        for user in (self.other_nominator, self.county_officer, self.manager, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                sheet.with_user(user).action_submit()
        self.assertEqual(sheet.state, "draft")
