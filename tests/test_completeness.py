"""One judgement: the form, the desk, the summary sheet and the submission ask for the same things, in the same words."""

from datetime import timedelta
from unittest.mock import patch

from odoo.addons.wz_skill_cert import clock
from odoo.addons.wz_skill_cert.models.request import completeness
from odoo.addons.wz_skill_cert.models.request.completeness import Requirement
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SkillCertCase

MADE_UP = "The chief has not nodded."


class JudgementCase(SkillCertCase):
    def setUp(self):
        super().setUp()
        # Each leaves a complete draft with this one thing to correct.
        self.faults = {
            "_require_fields": lambda: self._draft(summary=False),
            # No save leaves these two wrong: such a draft is older than the check.
            "_require_identity": lambda: self._older_draft("sex", "2"),
            "_require_phone": lambda: self._older_draft("phone", "12345"),
            "_require_window": self._late_draft,
            "_require_employed": self._draft_of_who_left,
            "_require_city": self._draft_for_another_city,
            "_require_occupation": self._draft_out_of_scope,
            "_require_place": self._second_draft_of_a_person,
            "_require_plausible": lambda: self._draft(occupation_start="2001-07-01"),
            "_require_eligibility": lambda: self._draft(level="technician", **self._with_title("1")),
            "_require_materials": self._draft_without_a_paper,
            "_require_evidence": self._draft_without_proof,
            "_require_stamped_scan": self._draft_without_scan,
            "_require_settled": self._returned_and_not_settled,
            "_require_consent": lambda: self._draft_without_consent(required=True),
        }

    def _with_title(self, rank, **values):
        return {"achievement_ids": [Command.create(self._achievement_vals(self.nominator, title_rank=rank, **values))]}

    def _older_draft(self, column, value):
        draft = self._draft()
        self.env.flush_all()
        self.env.cr.execute(f"UPDATE skill_cert_application SET {column} = %s WHERE id = %s", (value, draft.id))
        self.env.invalidate_all()
        return draft

    def _late_draft(self):
        self.campaign.write({"date_close": clock.today() - timedelta(days=1)})
        return self._draft()

    def _draft_for_another_city(self):
        draft = self._draft()
        self.campaign.bureau_id = self.env["skill.cert.bureau"].create(
            {"name": "示例市", "code": "999900", "level": "city"}
        )
        return draft

    def _draft_of_who_left(self):
        draft = self._draft()
        left = self._employee(departure_date=clock.today() - timedelta(days=1))
        draft.sudo().employee_id = left
        return draft

    def _draft_out_of_scope(self):
        draft = self._draft()
        self.electrician.province_unified = True
        return draft

    def _returned_and_not_settled(self):
        case = self._submitted()
        case.action_return("示例")
        return case.with_user(self.nominator)

    def _second_draft_of_a_person(self):
        self._submitted()
        return self._draft()

    def _draft_without_a_paper(self):
        draft = self._draft()
        draft.material_ids.filtered("required")[:1].attachment_ids = [Command.clear()]
        return draft

    def _draft_without_proof(self):
        draft = self._draft()
        draft.achievement_ids = [Command.create(self._achievement_vals(self.nominator, "honour", evidence_ids=[]))]
        return draft

    def _draft_without_scan(self):
        self.policy.stamped_scan_required = True
        return self._draft()

    def _draft_without_consent(self, required):
        self.policy.consent_required = required
        secretary = self._nominator(self._association(self.enterprise))
        return self._draft(secretary, employer_id=self.enterprise.id)

    # ------------------------------------------------------------------ what each of the four says

    def _sheet_of(self, draft):
        place = {name: draft[name].id for name in ("nominator_id", "campaign_id", "bureau_id")}
        return draft.env["skill.cert.submission"].create(place)

    def _form_says(self, draft):
        """Return what the form lists."""
        parts = draft.completeness["parts"]
        return [one["text"] for part in parts for one in part["missing"]]

    def _sheet_says(self, draft, kind):
        """Put ``draft`` on a sheet, though it may not be complete, and return what the check finds of that kind."""
        sheet = draft.submission_id or self._sheet_of(draft)
        draft.submission_id = sheet
        sheet.action_check()
        return sheet.problem_ids.filtered(lambda problem: problem.kind == kind).mapped("text")

    def _refusal(self, step):
        """Return the sentence with which ``step`` is refused, False where it is taken; either way nothing of it stays."""
        point = self.env.cr.savepoint(flush=True)
        try:
            step()
        except UserError as refusal:
            return str(refusal)
        finally:
            point.rollback()
            point.close(rollback=False)
            self.env.invalidate_all()
        return False

    def assert_all_say_no(self, draft, window=False):
        """Assert that the four refuse ``draft`` for one and the same thing; return the sentence."""
        [sentence] = self._sheet_says(draft, "error")
        [listed] = self._form_says(draft)
        self.assertTrue(listed)
        # The field's name, or the sentence's first line.
        self.assertIn(listed, sentence.partition("\n")[0])
        self.assertEqual(draft.missing_count, 1)
        self.assertLess(draft.completeness["percent"], 100)
        for step in (draft.action_submit, draft.submission_id.action_submit):
            refusal = self._refusal(step)
            self.assertTrue(refusal, "submitted")
            self.assertEqual(refusal.partition("• ")[2], sentence)
        self.assertEqual(self._desk_row(draft), {"left": 1, "percent": draft.completeness["percent"]})
        # A sheet is put together also before the campaign opens.
        self.assertEqual(self._is_assembled(draft), window)
        return sentence

    def assert_all_say_yes(self, draft):
        self.assertEqual((self._form_says(draft), draft.missing_count), ([], 0))
        self.assertEqual(draft.completeness["percent"], 100)
        self.assertEqual(self._desk_row(draft), {"left": 0, "percent": 100})
        self.assertEqual(self._sheet_says(draft, "error"), [])
        self.assertTrue(self._is_assembled(draft))
        for step in (draft.action_submit, draft.submission_id.action_submit):
            self.assertFalse(self._refusal(step))

    def _desk_row(self, draft):
        desk = draft.env["skill.cert.desk"].overview()
        rows = [*desk["drafts"], *desk["returned"]]
        return next({name: row[name] for name in ("left", "percent")} for row in rows if row["id"] == draft.id)

    def _is_assembled(self, draft):
        """Tell whether both ways to put a sheet together take ``draft``."""
        before, taken = draft.submission_id, set()
        for assemble in (self._sheet_of(draft).action_assemble, draft.env["skill.cert.submission"].assemble_all):
            draft.submission_id = False
            assemble()
            taken.add(bool(draft.submission_id))
        self.assertEqual(len(taken), 1, "one way takes it, the other does not")
        draft.submission_id = before
        return taken.pop()


@tagged("standard", "post_install", "-at_install")
class TestOneJudgement(JudgementCase):
    def test_each_requirement_has_a_draft_that_fails_it_and_nothing_else(self):
        self.assertEqual(list(self.faults), list(completeness.REQUIREMENTS))
        for name, make in self.faults.items():
            with self.subTest(requirement=name):
                point = self.env.cr.savepoint(flush=True)
                self.assertEqual([unmet.rule for unmet in make()._unmet()], [name])
                point.rollback()
                point.close(rollback=False)
                self.env.invalidate_all()

    def test_whatever_is_asked_for_is_told_by_form_desk_sheet_and_submission_alike(self):
        for name in completeness.REQUIREMENTS:
            with self.subTest(requirement=name):
                point = self.env.cr.savepoint(flush=True)
                self.assert_all_say_no(self.faults[name](), window=name == "_require_window")
                point.rollback()
                point.close(rollback=False)
                self.env.invalidate_all()

    def test_a_complete_draft_is_complete_for_all_four(self):
        self.assert_all_say_yes(self._draft())

    def test_a_consent_that_is_not_required_stops_nobody_and_the_sheet_warns(self):
        draft = self._draft_without_consent(required=False)
        self.assert_all_say_yes(draft)
        [warning] = self._sheet_says(draft, "warning")
        self.assertEqual(warning, draft._consent_sentence())


@tagged("standard", "post_install", "-at_install")
class TestOneMoreRequirement(JudgementCase):
    def _add(self, defect, **kind):
        def require(_application):
            return [Requirement("check", "summary", defect, **kind)]

        self.startPatcher(patch.object(completeness, "REQUIREMENTS", (*completeness.REQUIREMENTS, "_require_made_up")))
        model_class = self.env.registry["skill.cert.application"]
        self.startPatcher(patch.object(model_class, "_require_made_up", require, create=True))

    def test_a_line_more_in_the_list_is_told_by_all_four(self):
        self._add(MADE_UP)
        self.assertEqual(self.assert_all_say_no(self._draft()), MADE_UP)

    def test_once_it_is_met_nobody_says_a_word(self):
        self._add(False)
        self.assert_all_say_yes(self._draft())

    def test_as_a_warning_it_stands_on_the_sheet_alone(self):
        self._add(MADE_UP, warning=True)
        draft = self._draft()
        self.assert_all_say_yes(draft)
        self.assertEqual(self._sheet_says(draft, "warning"), [MADE_UP])
