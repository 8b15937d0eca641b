"""Rights are asked when the step is taken, from the facts of that moment (issue 14): facts change after the creation, steps are refused."""

import base64
import io

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PROOF, SkillCertCase, resident_id

# What opens a window and changes nothing: its own step asks.
SHOWS = (
    "action_open_", "action_print_", "action_show_", "action_ask_", "action_assign_panel", "action_check_materials",
    "action_record_objection",
)  # fmt: skip
# Arguments of those that need some.
ARGUMENTS = {
    "action_upload_scan": [base64.b64encode(PROOF).decode()],
    "action_return": ["虚构"],
    "action_revoke": ["虚构"],
    "action_return_each": ["虚构"],
    "action_settle": ["虚构"],
    "action_ask_papers": [[{"target": False, "text": "虚构"}]],
    "action_add_file": ["虚构.pdf", base64.b64encode(PROOF).decode()],
    "action_remove_file": [1],
    "action_transfer": [1, "虚构"],
    "action_terminate": ["left", "虚构"],
    "action_send_back": ["虚构"],
    "action_replace": ["虚构"],
    "action_decline": ["time"],
    "action_step_aside": ["虚构"],
}


class StepCase(SkillCertCase):
    def _actions(self, model):
        """Return the public steps of ours on the model, as a client may call them."""
        ours = "odoo.addons.wz_skill_cert."
        names = [
            name for name in dir(type(self.env[model])) if name.startswith("action_") and not name.startswith(SHOWS)
        ]
        methods = {name: getattr(type(self.env[model]), name) for name in names}
        return [name for name in names if getattr(methods[name], "__module__", "").startswith(ours)]

    def _refusal(self, records, method, *args):
        """Call as a client; return the refusal or False. Nothing of it stays."""
        get_public_method(records.browse(), method)
        point = self.env.cr.savepoint(flush=True)
        try:
            with mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"):
                call_kw(records.browse(), method, [records.ids, *args], {})
                records.env.flush_all()
        except UserError as refusal:
            return refusal
        finally:
            point.rollback()
            point.close(rollback=False)
            self.env.invalidate_all()
        return False

    def _facts_of(self, records):
        return [self._facts(record) for record in records]

    def assert_no_step(self, records, *, but=(), words=(), tried=None):
        """Assert that no step of ours is taken on ``records``: each is refused, or changes nothing."""
        names = [name for name in self._actions(records._name) if name not in but]
        self.assertTrue(names)
        for name in tried or names:
            with self.subTest(model=records._name, step=name):
                refusal = self._refusal(records, name, *ARGUMENTS.get(name, ()))
                self.assertTrue(refusal, "taken")
                for word in words:
                    self.assertIn(word, str(refusal))


@tagged("standard", "post_install", "-at_install")
class TestNominator(StepCase):
    def setUp(self):
        super().setUp()
        self.association = self._association(self.enterprise, self.other_enterprise)
        self.secretary = self._nominator(self.association)
        self.draft = self._draft(self.secretary, employer_id=self.enterprise.id)
        self.sheet = self.draft.env["skill.cert.submission"].create({"campaign_id": self.campaign.id})
        self.draft.submission_id = self.sheet
        case = self._submitted(self.secretary, employer_id=self.enterprise.id, id_number=resident_id(sequence=903))
        self.case = case.with_user(self.secretary)

    # Which of the steps are the nominator's; all others are refused anyway, for they are the bureau's.
    STEPS = ("action_submit", "action_withdraw", "action_upload_scan", "action_remove_scan", "action_leave_sheet")

    def _changes(self):
        line = self.draft.history_ids[:1]
        achievement = self.draft.achievement_ids[:1]
        material = self.draft.material_ids[:1]
        return [
            (self.draft, "write", {"summary": "改"}),
            (self.draft, "write", {"submission_id": False}),
            (line, "write", {"description": "改"}),
            (line, "unlink"),
            (achievement, "write", {"name": "改"}),
            (material, "write", {"attachment_ids": [Command.set(self._file(self.secretary).ids)]}),
            (self.sheet, "action_submit"),
            (self.case, "action_withdraw"),
            (self.case, "action_reopen_progress_page"),
        ]

    def assert_everything_refused(self, word, error=UserError):
        for step in self.STEPS:
            with self.subTest(step=step):
                refusal = self._refusal(self.draft, step, *ARGUMENTS.get(step, ()))
                self.assertIsInstance(refusal, error)
                self.assertIn(word, str(refusal))
        for records, method, *args in self._changes():
            with self.subTest(model=records._name, method=method):
                self.assertIsInstance(self._refusal(records, method, *args), error)
        self.assertFalse(self.draft.user_may_edit)
        self.assertFalse(self.draft.user_steps)

    def test_before_anything_changes_the_steps_are_taken(self):
        for records, method, *args in self._changes():
            with self.subTest(model=records._name, method=method):
                self.assertFalse(self._refusal(records, method, *args))
        self.assertFalse(self._refusal(self.draft, "action_submit"))

    def test_a_member_that_left_is_nominated_by_the_association_no_more(self):
        self.enterprise.association_ids = [Command.unlink(self.association.id)]
        self.assert_everything_refused("is not a member of", AccessError)

    def test_a_member_that_came_back_is(self):
        self.enterprise.association_ids = [Command.unlink(self.association.id)]
        self.enterprise.association_ids = [Command.link(self.association.id)]
        self.assertFalse(self._refusal(self.draft, "action_submit"))

    def test_who_is_removed_from_the_unit_takes_no_step(self):
        changes = self._changes()
        self.association.nominator_user_ids = [Command.unlink(self.secretary.id)]
        self.env.flush_all()
        for step in self.STEPS:
            self.assertIsInstance(self._refusal(self.draft, step, *ARGUMENTS.get(step, ())), AccessError)
        for records, method, *args in changes:
            self.assertIsInstance(self._refusal(records, method, *args), AccessError)

    def test_who_lost_the_group_takes_no_step(self):
        self.secretary.group_ids = [Command.unlink(self.env.ref("wz_skill_cert.group_nominator").id)]
        for step in self.STEPS:
            self.assertIsInstance(self._refusal(self.draft, step, *ARGUMENTS.get(step, ())), AccessError)

    def test_who_is_archived_takes_no_step(self):
        self.secretary.sudo().active = False
        for step in self.STEPS:
            self.assertIsInstance(self._refusal(self.draft, step, *ARGUMENTS.get(step, ())), AccessError)

    def test_an_archived_unit_or_employer_takes_no_step(self):
        for unit in (self.association, self.enterprise):
            unit.active = False
            self.assert_everything_refused("is archived")
            unit.active = True

    def test_an_archived_unit_begins_nothing(self):
        self.association.active = False
        vals = {"nominator_id": self.association.id, "employer_id": self.enterprise.id, "campaign_id": self.campaign.id}
        applications = self.env["skill.cert.application"].with_user(self.secretary)
        with self.assert_refused("is archived"):
            applications.create(vals)

    def test_a_file_of_a_member_that_left_is_not_imported(self):
        stream = io.BytesIO()
        Workbook().save(stream)
        file = base64.b64encode(stream.getvalue())
        uploads = self.env["skill.cert.sheet.import"].with_user(self.secretary)
        upload = uploads.create({"submission_id": self.sheet.id, "member_id": self.enterprise.id, "file": file})
        self.enterprise.association_ids = [Command.unlink(self.association.id)]
        self.assertIn("member of your association", str(self._refusal(upload, "action_check")))

    def test_a_consent_is_given_and_ended_by_units_that_are_there(self):
        membership = self.association.with_user(self.secretary).association_member_ids.membership_ids.filtered(
            lambda m: m.member_id == self.enterprise
        )
        self.assertFalse(self._refusal(membership.with_user(self.nominator), "action_agree"))
        self.enterprise.active = False
        self.assertTrue(self._refusal(membership.with_user(self.nominator), "action_agree"))

    def test_an_employee_who_left_is_not_nominated(self):
        employee = self._employee()
        employee.active = False
        hr = self._hr_nominator(self.enterprise)
        self.assertIn("has left", str(self._refusal(employee.with_user(hr), "action_nominate")))


@tagged("standard", "post_install", "-at_install")
class TestOfficer(StepCase):
    """An officer who was taken from the bureau, before each step of the procedure."""

    def _gone(self, bureau, user):
        bureau.user_ids = [Command.unlink(user.id)]
        self.env.flush_all()

    def _back(self, bureau, user):
        bureau.user_ids = [Command.link(user.id)]
        self.env.flush_all()

    def assert_nothing_without_the_bureau(self, *records):
        officer = self.county_officer
        self._gone(self.county, officer)
        for some in records:
            self.assert_no_step(some.with_user(officer))
        self._back(self.county, officer)

    def test_no_step_of_a_case_in_any_state_is_left_to_who_is_no_officer_of_the_bureau(self):
        case = self._submitted()
        self.assert_nothing_without_the_bureau(case)
        case.action_accept()
        self.assert_nothing_without_the_bureau(case)
        self._qualify(case)
        self.assert_nothing_without_the_bureau(case, case.sudo().review_id.panel_id)
        session = self._session(case)
        self.assert_nothing_without_the_bureau(session, session.committee_id)
        session.action_open()
        self.assert_nothing_without_the_bureau(session)
        self._vote(session, 7)
        session.action_close()
        self.assert_nothing_without_the_bureau(case, session)
        objection = case.env["skill.cert.objection"].create(
            {"application_id": case.id, "ground": "虚构", "objector_name": "李示例"}
        )
        self.assert_nothing_without_the_bureau(objection)

    def test_no_certificate_is_replaced_by_who_is_no_officer_of_the_bureau(self):
        case = self._waiting_for_vote(1)
        self._decide(case)
        certificate = case.action_certify()
        self.assert_nothing_without_the_bureau(certificate, case)

    def test_an_archived_expert_assesses_no_more(self):
        case = self._accepted()
        self._start_assessment(case, accept=False)
        assessment = case.sudo().review_id.assessment_ids[:1]
        own = assessment.with_user(assessment.user_id)
        self.assertFalse(self._refusal(own, "action_accept"))
        assessment.expert_id.sudo().active = False
        self.assert_no_step(own)
        self.assertTrue(self._refusal(own, "write", {"opinion": "改"}))
