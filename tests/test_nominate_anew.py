"""Last year's application is this year's draft: its content and its files, and nothing of what was found."""

import base64
from datetime import timedelta

from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PROOF, SkillCertCase
from .test_uploads import picture

PHOTO = base64.b64encode(picture("JPEG", (413, 579)))
CONTENT = (
    "applicant_name", "id_number", "sex", "birth_date", "education", "phone", "career_start", "occupation_start", "summary",
    "recommendation", "mentoring", "level", "occupation_id", "nominator_id", "employer_id", "bureau_id",
)  # fmt: skip


class AnewCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.nominator.lang = self.other_nominator.lang = "en_US"
        self.last_year = self.campaign

    def _years_pass(self):
        """Close the campaign, and open this year's."""
        today = clock.today()
        self.last_year.write({"date_open": today - timedelta(days=400), "date_close": today - timedelta(days=370)})
        self.this_year = self.last_year.copy(
            {"name": "this year", "date_open": today, "date_close": today + timedelta(days=30)}
        )

    def _ended(self, **values):
        contribution = {"date_start": "2010-01-01", "unit": "示例", "description": "技术改造（虚构）", "result": "好"}
        case = self._submitted(photo=PHOTO, contribution_ids=[Command.create(contribution)], **values)
        case.achievement_ids.action_verify()
        case.material_ids.filtered("required").original_seen = True
        case.action_return("补充")
        case = case.with_user(self.nominator)
        case.action_withdraw()
        self._years_pass()
        return case

    def _copied(self, case):
        action = case.action_copy_to_campaign()
        return self.env["skill.cert.application"].with_user(self.nominator).browse(action["res_id"])


@tagged("standard", "post_install", "-at_install")
class TestNominateAnew(AnewCase):
    def test_content_and_files_are_carried_into_the_open_campaign(self):
        case = self._ended()
        draft = self._copied(case)
        self.assertEqual((draft.state, draft.campaign_id, draft.name), ("draft", self.this_year, False))
        for name in CONTENT:
            self.assertEqual(draft[name], case[name], name)
        self.assertEqual(draft.photo, case.photo)
        self.assertEqual(draft.history_ids.mapped("description"), case.history_ids.mapped("description"))
        self.assertEqual(draft.contribution_ids.mapped("result"), ["好"])
        evidence = draft.achievement_ids.evidence_ids
        self.assertEqual((evidence.raw, evidence.res_id), (PROOF, draft.achievement_ids.id))
        self.assertNotEqual(evidence, case.achievement_ids.evidence_ids)
        card = draft.material_ids.filtered("required")
        self.assertEqual((card.attachment_ids.raw, card.attachment_ids.res_id), (PROOF, card.id))
        self.assertEqual(draft.missing_count, 0)
        draft.action_submit()

    def test_what_was_found_is_not_carried(self):
        case = self._ended()
        draft = self._copied(case)
        self.assertEqual(case.achievement_ids.verified, "verified")
        self.assertEqual(draft.achievement_ids.verified, "claimed")
        self.assertFalse(draft.achievement_ids.sudo().verified_by_id)
        self.assertFalse(any(draft.material_ids.mapped("original_seen")))
        self.assertFalse(draft.reason or draft.submitted_on or draft.stamped_scan_on)

    def test_the_earlier_application_stays_as_it_was(self):
        case = self._ended()
        before = [self._facts(record) for record in (case, case.achievement_ids, *case.material_ids)]
        self._copied(case)
        self.assertEqual([self._facts(record) for record in (case, case.achievement_ids, *case.material_ids)], before)

    def test_a_draft_left_over_from_a_closed_campaign_is_copied(self):
        case = self._draft()
        self.assertFalse(case.user_may_copy)
        with self.assert_refused("is not ended yet"):
            case.action_copy_to_campaign()
        self._years_pass()
        case.invalidate_recordset()
        self.assertTrue(case.user_may_copy)
        self.assertEqual(self._copied(case).applicant_name, case.applicant_name)

    def test_whoever_has_one_in_the_campaign_gets_no_second(self):
        case = self._ended()
        self._copied(case)
        with self.assert_refused("already has an application", "this year"):
            case.action_copy_to_campaign()

    def test_where_another_unit_has_submitted_one_the_submission_says_so(self):
        case = self._ended()
        association = self._association(self.enterprise)
        self._submitted(self._nominator(association), campaign_id=self.this_year.id, employer_id=self.enterprise.id)
        draft = self._copied(case)
        with self.assert_refused("already has an application") as refused:
            draft.action_submit()
        self.assertNotIn(association.name, str(refused.exception))

    def test_two_of_one_person_are_not_copied_at_once(self):
        case = self._ended()
        self.this_year.date_open = clock.today() + timedelta(days=1)
        self.last_year.date_close = clock.today()
        again = self._draft()
        again.action_withdraw()
        self._years_pass()
        with self.assert_refused("already has an application"):
            (case | again).action_copy_to_campaign()

    def test_without_an_open_campaign_there_is_nothing_to_copy_into(self):
        case = self._ended()
        self.env["skill.cert.campaign"].search([]).write(
            {"date_open": clock.today() + timedelta(days=5), "date_close": clock.today() + timedelta(days=9)}
        )
        with self.assert_refused("No campaign is open today"):
            case.action_copy_to_campaign()

    def test_what_was_revoked_for_fraud_is_not_copied(self):
        case = self._submitted()
        case.action_revoke("弄虚作假")
        self._years_pass()
        with self.assert_refused("was revoked"):
            case.with_user(self.nominator).action_copy_to_campaign()

    def test_nobody_copies_what_is_not_the_own_units(self):
        case = self._ended()
        for user in (self.other_nominator, self.county_officer, self.plain_user):
            with self.assertRaises(AccessError):
                case.with_user(user).action_copy_to_campaign()

    def test_from_the_employee_the_last_one_is_copied(self):
        user = self._hr_nominator(self.enterprise)
        user.lang = "en_US"
        employee = self._employee().with_user(user)
        with self.assert_refused("no earlier application"):
            employee.action_copy_last_application()
        case = self._draft(user, employee_id=employee.id)
        case.action_withdraw()
        self._years_pass()
        action = employee.action_copy_last_application()
        draft = self.env["skill.cert.application"].with_user(user).browse(action["res_id"])
        self.assertEqual((draft.employee_id, draft.campaign_id), (employee, self.this_year))

    def test_the_list_offers_it_as_one_action_for_several(self):
        cases = self._ended()
        action = self.env.ref("wz_skill_cert.action_copy_applications")
        run = action.with_user(self.nominator).with_context(
            active_model=cases._name, active_ids=cases.ids, active_id=cases.id
        )
        self.assertEqual(run.run()["res_model"], cases._name)
        with self.assertRaises(AccessError):
            action.with_user(self.county_officer).with_context(active_model=cases._name, active_ids=cases.ids).run()
