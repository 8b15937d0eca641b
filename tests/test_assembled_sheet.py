"""附件2 is put together in one click, checked with all that is wrong at once, and reported as one."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase, resident_id


@tagged("standard", "post_install", "-at_install")
class TestAssembledSheet(SkillCertCase):
    def _person(self, serial, **values):
        return self._draft(applicant_name=f"示例{serial}", id_number=resident_id(sequence=901 + 2 * serial), **values)

    def _elsewhere(self, serial):
        """Return a draft of the unit for another bureau, as the superuser writes it."""
        draft = self._person(serial)
        draft.sudo().bureau_id = self.other_county
        return draft

    def _sheet(self, applications=()):
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        sheet.application_ids = [Command.link(application.id) for application in applications]
        return sheet

    def test_complete_drafts_of_the_unit_and_bureau_are_put_on_and_others_are_counted(self):
        complete = self._person(0) | self._person(1)
        self._person(2, summary=False)
        elsewhere = self._elsewhere(3)
        taken = self._person(4)
        other = self._sheet(taken)
        sheet = self._sheet()
        answer = sheet.action_assemble()
        self.assertEqual(sheet.application_ids, complete)
        self.assertEqual((elsewhere.submission_id, taken.submission_id), (sheet.browse(), other))
        self.assertIn("Added: 2. Left out because incomplete: 1.", answer["params"]["message"])

    def test_a_complete_draft_is_put_on_before_the_campaign_opens(self):
        person = self._person(0)
        self.campaign.date_open = self.campaign.date_close
        sheet = self._sheet()
        sheet.action_assemble()
        self.assertEqual(sheet.application_ids, person)

    def test_the_check_lists_what_is_wrong_with_each_and_submits_nothing(self):
        people = [self._person(0), self._person(1, summary=False), self._person(2, phone=False, achievement_ids=[])]
        sheet = self._sheet(people)
        sheet.action_check()
        found = sheet.problem_ids
        self.assertEqual(found.application_id, people[1] | people[2])
        self.assertEqual(sheet.problem_count, 2)
        self.assertTrue(sheet.checked_on)
        self.assertEqual({person.state for person in people}, {"draft"})
        for person in people[1:]:
            self.assertEqual(
                found.filtered(lambda problem, of=person: problem.application_id == of).mapped("text"),
                person._submission_defects(),
            )
        people[1].summary = "已补充。"
        sheet.action_check()
        self.assertEqual(sheet.problem_ids.application_id, people[2])

    def test_findings_are_written_by_the_check_alone_and_read_by_the_unit_alone(self):
        sheet = self._sheet([self._person(0, summary=False)])
        sheet.action_check()
        finding = sheet.problem_ids
        for step in (
            lambda: finding.write({"text": "x"}),
            finding.unlink,
            lambda: finding.create(
                {"submission_id": sheet.id, "application_id": finding.application_id.id, "kind": "error", "text": "x"}
            ),
            lambda: sheet.write({"problem_ids": [Command.clear()]}),
            lambda: sheet.write({"checked_on": "2099-01-01"}),
            lambda: finding.with_user(self.other_nominator).read(["text"]),
            lambda: sheet.with_user(self.other_nominator).action_check(),
            lambda: sheet.with_user(self.other_nominator).action_assemble(),
            lambda: finding.with_user(self.county_officer).read(["text"]),
        ):
            with self.assertRaises(AccessError):
                step()
        self.assertEqual(len(sheet.problem_ids), 1)

    def test_after_the_submission_nothing_is_left_to_correct_and_the_sheet_is_kept(self):
        sheet = self._sheet([self._person(0)])
        sheet.action_check()
        sheet.action_submit()
        self.assertFalse(sheet.problem_ids)
        self.assertEqual(sheet.sudo().paper_ids.form, "submission_summary")
        for step in (sheet.action_check, sheet.action_assemble, sheet.application_ids.action_leave_sheet):
            with self.assert_refused("fixed"):
                step()

    def test_a_draft_leaves_a_draft_sheet(self):
        person = self._person(0)
        sheet = self._sheet([person])
        person.action_leave_sheet()
        self.assertFalse(sheet.application_ids)
        self.assertTrue(person.exists())

    def test_all_complete_drafts_are_put_on_one_sheet_for_each_bureau(self):
        here, there = self._person(0) | self._person(1), self._elsewhere(2)
        incomplete = self._person(3, summary=False)
        foreign = self._draft(self.other_nominator)
        action = self.env["skill.cert.submission"].with_user(self.nominator).assemble_all()
        sheets = self.env["skill.cert.submission"].with_user(self.nominator).search(action["domain"])
        self.assertEqual(sheets.bureau_id, self.county | self.other_county)
        self.assertEqual((here.submission_id | there.submission_id), sheets)
        self.assertFalse((incomplete | foreign).sudo().submission_id)
        later = self._person(4)
        again = self.env["skill.cert.submission"].with_user(self.nominator).assemble_all()
        self.assertEqual(later.submission_id.id, again["res_id"], "the draft sheet that is there is used")
        self.assertEqual(later.submission_id, here.submission_id)

    def test_where_nothing_is_complete_no_sheet_is_made(self):
        self._person(0, summary=False)
        sheets = self.env["skill.cert.submission"].with_user(self.nominator)
        before = sheets.search_count([])
        self.assertEqual(sheets.assemble_all()["params"]["type"], "warning")
        self.assertEqual(sheets.search_count([]), before)

    def test_bulk_nomination_ends_in_one_reported_sheet(self):
        hr = self._hr_nominator(self.enterprise)
        employees = self.env["hr.employee"]
        for serial, name in enumerate("甲乙丙"):
            employees |= self._employee(
                f"示例{name}",
                occupation_id=self.electrician.id,
                identification_id=resident_id(sequence=941 + 2 * serial),
                private_phone="13800000901",
                certificate="bachelor",
                career_start="2005-07-01",
                resume_line_ids=[Command.create({"name": "电工", "date_start": "2005-07-01"})],
                achievement_ids=[Command.create(self._achievement_vals(self.env.user))],
            )
        wizard = (
            self.env["skill.cert.nomination.wizard"]
            .with_user(hr)
            .browse(employees.with_user(hr).action_open_nomination()["res_id"])
        )
        wizard.action_confirm()
        self.assertEqual((wizard.made_count, wizard.refused_count), (3, 0), wizard.line_ids.mapped("refusal"))
        drafts = wizard.line_ids.application_id
        drafts.write({"summary": "爱岗敬业。", "recommendation": "同意推荐。"})
        for draft in drafts:
            draft.material_ids.filtered("required").attachment_ids = [Command.set(self._file(hr, "id.pdf").ids)]
        self.assertEqual([draft._submission_defects() for draft in drafts], [[]] * 3)
        sheets = self.env["skill.cert.submission"].with_user(hr)
        sheet = sheets.browse(sheets.assemble_all()["res_id"])
        self.assertEqual(sheet.application_ids, drafts)
        sheet.action_check()
        self.assertFalse(sheet.problem_ids)
        sheet.action_submit()
        self.assertEqual(set(drafts.mapped("state")), {"submitted"})
