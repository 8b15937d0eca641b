"""What the office has of the same ID number: told to the officer of the case, and refused where it is held (issue 15, no. 9)."""

from datetime import timedelta
from uuid import uuid4

from odoo import sql_db
from odoo.addons.wz_skill_cert import clock
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import SkillCertCase, resident_id

TAGS = ("standard", "post_install", "-at_install")
HELD = "holds a certificate of this office"


class HeldCase(SkillCertCase):
    def _new_asker(self):
        """Return a nominator of the other enterprise, of this test alone: its entries outlive the refusal, and the test."""
        asker = new_test_user(
            self.env,
            f"asker-{uuid4().hex}",
            groups="base.group_user,wz_skill_cert.group_nominator",
            context={"no_reset_password": True},
        )
        self.other_enterprise.nominator_user_ids = [Command.link(asker.id)]
        return asker

    def _certified(self, **values):
        case = self._accepted(**values)
        self._qualify(case)
        self._decide(case)
        case.action_certify()
        return case

    def _next_campaign(self):
        return self.campaign.copy(
            {"name": "2100", "date_open": clock.today(), "date_close": clock.today() + timedelta(9)}
        )


@tagged(*TAGS)
class TestHeld(HeldCase):
    def _again(self, user=None, **values):
        return self._draft(user, campaign_id=self._next_campaign().id, **values)

    def assert_refused_as_held(self, draft):
        with self.assert_refused(HELD):
            draft.action_submit()
        self.assertEqual(draft.state, "draft")

    def test_what_is_held_is_refused_whichever_unit_nominates_and_told_at_the_submission_alone(self):
        self._certified()
        asker = self._new_asker()
        draft = self._again(asker)
        self.assertNotIn(HELD, str(draft._submission_defects() + draft._submission_warnings()))
        self.assertEqual(draft.missing_count, 0)
        self.assert_refused_as_held(draft)
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT event FROM skill_cert_trail WHERE user_id = %s", [asker.id])
            self.assertEqual(cr.fetchall(), [("place_asked",)], "traced as any such answer")

    def test_the_own_units_form_says_so_before(self):
        self._certified()
        draft = self._again()
        self.assertEqual(draft.missing_count, 1)
        self.assertIn(HELD, str(draft._submission_defects()))
        self.assert_refused_as_held(draft)

    def test_a_higher_level_of_the_occupation_says_it_too_and_nothing_else_does(self):
        case = self._certified()
        case.sudo().level = "technician"
        for values, refused in (
            ({}, True),
            ({"level": "technician"}, True),
            ({"occupation_id": self._other_occupation().id}, False),
            ({"id_number": resident_id(sequence=903)}, False),
        ):
            with self.subTest(values=values):
                draft = self._again(self._new_asker(), **values)
                if values.get("level"):
                    draft.achievement_ids = [Command.create(self._achievement_vals(draft.env.user, "honour"))]
                if refused:
                    self.assert_refused_as_held(draft)
                else:
                    draft.action_submit()
                    self.assertEqual(draft.state, "submitted")

    def _other_occupation(self):
        return self.electrician.copy({"name": "示例工", "code": "9-99-99-99"})

    def test_whoever_holds_the_lower_level_goes_on(self):
        self._certified()
        draft = self._again(
            level="technician", achievement_ids=[Command.create(self._achievement_vals(self.nominator, "honour"))]
        )
        draft.action_submit()
        self.assertEqual(draft.state, "submitted")

    def test_a_revoked_certificate_is_held_no_more(self):
        self._certified().action_revoke("虚构")
        draft = self._again(self._new_asker())
        draft.action_submit()
        self.assertEqual(draft.state, "submitted")

    def test_the_policy_may_leave_it(self):
        self._certified()
        self.policy.with_user(self.manager).refuse_held = False
        draft = self._again()
        self.assertEqual(draft.missing_count, 0)
        draft.action_submit()
        self.assertEqual(draft.state, "submitted")


@tagged(*TAGS)
class TestEarlier(HeldCase):
    def _prepare(self):
        super()._prepare()
        self.first = self._submitted(self.other_nominator, applicant_name="王示例")
        campaign = self._next_campaign()
        self.case = self._submitted(campaign_id=campaign.id)

    def test_the_officer_of_the_case_sees_them_with_a_warning_for_another_name(self):
        table = self.case.earlier_cases
        for words in (
            self.first.name,
            "王示例",
            self.electrician.name,
            self.other_county.name,
            str(self.campaign.year),
        ):
            self.assertIn(words, table)
        self.assertIn("<strong>王示例</strong>", table)
        self.assertTrue(self.case.earlier_other_name)
        self.first.sudo().applicant_name = "张 示例"
        self.env.invalidate_all()
        self.assertFalse(self.case.earlier_other_name, "blanks make no other name")

    def test_nobody_else_sees_them(self):
        for user in (self.city_officer, self.other_officer, self.nominator, self.plain_user, self.manager):
            with self.subTest(user=user.name):
                try:
                    shown = self.case.with_user(user).read(["earlier_cases", "earlier_other_name"])[0]
                except (AccessError, UserError):
                    continue
                self.assertEqual((shown["earlier_cases"], shown["earlier_other_name"]), (False, False))

    def test_drafts_and_other_people_are_not_shown(self):
        other = self._submitted(id_number=resident_id(sequence=903))
        self.assertFalse(other.earlier_cases)
        self.assertNotIn(other.name, self.case.earlier_cases)
        self.assertEqual(self.case.earlier_cases.count("<tr>"), 2)

    def test_a_name_breaks_out_of_no_cell(self):
        self.first.sudo().applicant_name = "<script>x</script>"
        self.env.invalidate_all()
        self.assertNotIn("<script>", self.case.earlier_cases)

    def test_of_an_erased_case_the_certificate_is_shown_by_its_masked_number(self):
        certified = self._certified(id_number=resident_id(sequence=905))
        number = certified.sudo().certificate_id.number
        certified.sudo().write({"id_number": False})
        self.env.flush_all()
        certified.sudo().certificate_id.flush_recordset()
        again = self._submitted(
            campaign_id=self._next_campaign().id, id_number=resident_id(sequence=905), applicant_name="赵示例"
        )
        self.assertIn(number, again.earlier_cases)
        self.assertIn("perhaps this person", again.earlier_cases)
        self.assertFalse(again.earlier_other_name, "a masked number says nothing of a name")
