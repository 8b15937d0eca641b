"""What was submitted, returned or decided is kept as it was, and printed from there for ever."""

import hashlib
import time
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.addons.wz_skill_cert.models.papers import kept_form as paper_module
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase, resident_id

PDF = b"%PDF-"


class FrozenCase(SkillCertCase):
    def _print(self, form, record, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.nominator)
        reports = reports.with_context(force_report_rendering=True)
        return reports._render_qweb_pdf(f"wz_skill_cert.report_{form}", record.ids)[0]

    def _papers(self, record, form=None):
        """Return the papers of ``record``, the oldest first."""
        papers = record.sudo().paper_ids.sorted("id")
        return papers.filtered(lambda paper: paper.form == form) if form else papers

    def _kinds(self, record):
        return [(paper.form, paper.moment) for paper in self._papers(record)]

    def _change_template(self, form="application_form"):
        """Replace the form's whole template, as an upgrade or a customer may."""
        view = self.env.ref(f"wz_skill_cert.{form}")
        view.arch = f'<t t-name="wz_skill_cert.{form}"><html><body>改版</body></html></t>'

    def _change_all_that_it_prints(self, application):
        case = application.sudo()
        self._change_template()
        self._change_template("material_list")
        case.occupation_id.name = "改名的职业"
        case.handling_bureau_id.name = "改名的局"
        case.employer_id.name = "改名的单位（虚构）"
        case.policy_id.material_template_ids.write({"name": "改名的材料"})


@tagged("standard", "post_install", "-at_install")
class TestKept(FrozenCase):
    def test_each_step_that_counts_keeps_its_forms(self):
        application = self._submitted()
        submitted = [("application_form", "submitted"), ("material_list", "submitted")]
        self.assertEqual(self._kinds(application), submitted)
        application.action_return("补充")
        returned = [*submitted, ("return_notice", "returned")]
        self.assertEqual(self._kinds(application), returned)
        self._settle(application).action_submit()
        self.assertEqual(self._kinds(application), [*returned, *submitted])
        application.action_accept()
        self._qualify(application)
        self.assertEqual(self._kinds(application), [*returned, *submitted])
        self._decide(application, 4, 3)
        self.assertEqual(self._kinds(application)[-1], ("application_form", "decided"))
        paper = self._papers(application)[-1]
        self.assertEqual(paper.moment_on, application.decided_on)

    def test_a_rejection_is_kept_too(self):
        for sequence, reject in enumerate((self._reject_by_panel, self._reject_by_vote)):
            application = self._accepted(id_number=resident_id(sequence=901 + 2 * sequence))
            reject(application)
            self.assertEqual(application.state, "rejected")
            self.assertEqual(self._kinds(application)[-1], ("application_form", "decided"))

    def _reject_by_panel(self, application):
        self._start_assessment(application)
        self._assess(application, "unqualified")
        application.action_conclude_assessment()

    def _reject_by_vote(self, application):
        self._qualify(application)
        self._decide(application, 3, 4)

    def test_a_reported_sheet_is_kept(self):
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        sheet.application_ids = [Command.link(self._draft().id)]
        self.assertFalse(sheet.paper_ids)
        sheet.action_submit()
        self.assertEqual(self._kinds(sheet), [("submission_summary", "submitted")])
        kept = self._print("submission_summary", sheet)
        self.enterprise.name = "改名的单位（虚构）"
        self._change_template("submission_summary")
        self.assertEqual(self._print("submission_summary", sheet), kept)

    def test_the_words_are_those_of_the_step_though_the_file_is_made_later(self):
        """Between the step and the first print a template, a name and the policy change."""
        application = self._submitted()
        paper = self._papers(application, "application_form")
        self.assertEqual(paper.state, "pending")
        self.assertTrue(paper.frozen_on)
        self._change_all_that_it_prints(application)
        page = paper.page
        self.assertIn("电工", page)
        for word in ("改版", "改名"):
            self.assertNotIn(word, page)
        with patch.object(type(self.env["ir.actions.report"]), "_run_wkhtmltopdf", autospec=True) as engine:
            engine.return_value = PDF + b" typeset"
            self.assertEqual(self._print("application_form", application), PDF + b" typeset")
        self.assertEqual(engine.call_args.args[1], [page])
        self.assertFalse(paper.page, "The page is gone once the file is there")

    def test_the_same_bytes_for_ever(self):
        application = self._submitted()
        forms = ("application_form", "material_list")
        kept = {form: self._print(form, application) for form in forms}
        hashes = {form: self._papers(application, form).sha256 for form in forms}
        self._change_all_that_it_prints(application)
        self.env.invalidate_all()
        for form, pdf in kept.items():
            self.assertTrue(pdf.startswith(PDF))
            for user in (self.nominator, self.county_officer, self.city_officer):
                self.assertEqual(self._print(form, application, user), pdf, user.name)
            paper = self._papers(application, form)
            self.assertEqual(hashlib.sha256(pdf).hexdigest(), paper.sha256)
            self.assertEqual(paper.sha256, hashes[form])

    def test_several_are_printed_together_from_what_was_kept(self):
        first, second = self._submitted(), self._submitted(id_number=resident_id(sequence=903))
        self._print("application_form", first)
        self._print("application_form", second)
        self._change_template()
        with patch.object(type(self.env["ir.actions.report"]), "_run_wkhtmltopdf", autospec=True) as engine:
            self.assertTrue(self._print("application_form", first | second).startswith(PDF))
        self.assertFalse(engine.called)

    def test_the_decided_form_follows_the_submitted_one(self):
        application = self._qualified()
        submitted = self._print("application_form", application)
        self._decide(application)
        decided = self._print("application_form", application)
        self.assertNotEqual(decided, submitted)
        self._change_all_that_it_prints(application)
        application.action_certify()
        self.assertEqual(self._print("application_form", application), decided)
        application.action_revoke("弄虚作假")
        self.assertEqual(self._print("application_form", application), decided)
        first = self._papers(application, "application_form")[0]
        self.assertEqual(first._pdf(), submitted)

    def test_a_returned_application_is_a_draft_again(self):
        application = self._submitted()
        kept = self._print("application_form", application)
        application.action_return("补充")
        html = self._live("application_form", application)
        self.assertIn("草稿", html)
        self.assertNotEqual(self._print("application_form", application), kept)
        own = self._settle(application)
        own.summary = "补充后的总结"
        own.action_submit()
        first, second = self._papers(application, "application_form")
        self.assertEqual(first._pdf(), kept)
        self.assertIn("补充后的总结", second.page)
        self.assertNotIn("草稿", second.page)

    def _live(self, form, record):
        reports = self.env["ir.actions.report"].with_user(self.nominator)
        return reports._render_qweb_html(f"wz_skill_cert.report_{form}", record.ids)[0].decode()

    def test_a_draft_is_printed_live(self):
        draft = self._draft()
        self.assertFalse(draft.paper_ids)
        self._print("application_form", draft)
        self.assertFalse(draft.paper_ids)
        self.assertIn("草稿", self._live("application_form", draft))
        draft.action_withdraw()
        self._print("application_form", draft)
        self.assertFalse(draft.paper_ids, "Nothing was ever submitted")

    def test_a_notice_of_return_outlives_the_return(self):
        application = self._submitted()
        application.action_return("身份证不清晰")
        page = self._papers(application, "return_notice").page
        self.assertIn("身份证不清晰", page)
        self._settle(application).action_submit()
        self.assertFalse(application.reason)
        self.assertTrue(self._print("return_notice", application).startswith(PDF))
        self.assertEqual(len(self._papers(application, "return_notice")), 1)

    def test_what_was_decided_before_forms_were_kept_is_kept_when_first_printed(self):
        application = self._waiting_for_vote(1)
        application.sudo().write({"state": "passed", "decided_on": "2099-01-02 03:00:00"})
        self.assertFalse(application.paper_ids)
        first = self._print("application_form", application, self.county_officer)
        paper = application.paper_ids
        self.assertEqual((paper.moment, str(paper.moment_on)), ("decided", "2099-01-02 03:00:00"))
        self.assertNotEqual(paper.frozen_on, paper.moment_on)
        self._change_template()
        self.assertEqual(self._print("application_form", application, self.county_officer), first)

    def test_the_page_says_the_same_whoever_took_the_step(self):
        """It is worded as the program, without any context: no name, language or time zone of a user can be in it."""
        draft = self._draft().with_context(lang="en_US", tz="America/New_York")
        report = type(self.env["ir.actions.report"])
        with patch.object(report, "_render_qweb_html", autospec=True, return_value=(b"<html/>", "html")) as render:
            draft.action_submit()
        self.assertEqual(render.call_count, 2)
        for call in render.call_args_list:
            env = call.args[0].env
            self.assertEqual((env.uid, env.su, dict(env.context)), (SUPERUSER_ID, True, {}))

    def test_no_text_of_a_form_runs(self):
        hostile = "<script>alert('x')</script>" * 290
        page = self._papers(self._submitted(summary=hostile), "application_form").page
        self.assertNotIn("<script", page)
        self.assertEqual(page.count("&lt;script&gt;"), page.count("&lt;/script&gt;"))
        self.assertGreaterEqual(page.count("&lt;script&gt;"), 290)


@tagged("standard", "post_install", "-at_install")
class TestMany(FrozenCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(paper_module, "AT_ONCE", 10))

    def test_many_at_once_are_asked_for_and_made_by_the_scheduled_action(self):
        """A session of many closes without typesetting; nothing waits for an hour."""
        cron = self.env.ref("wz_skill_cert.cron_papers")
        applications = self._waiting_for_vote(12)
        session = self._session(applications)
        session.action_open()
        self._vote(session, 5)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        session.action_close()
        papers = applications.sudo().paper_ids
        self.assertEqual(len(papers), 12)
        self.assertFalse(any(papers.mapped("frozen_on")))
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]) - triggers)
        with patch.object(type(self.env["ir.actions.report"]), "_run_wkhtmltopdf", autospec=True) as engine:
            engine.return_value = PDF
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(set(papers.mapped("state")), {"rendered"})
        kept = papers | session.sudo().paper_ids | session.sudo().motion_ids.paper_ids
        # Of each its form and its extract of the minutes; of the session its ballot paper and minutes.
        self.assertEqual((engine.call_count, len(kept)), (26, 26))

    def test_what_waits_is_worded_before_the_case_changes(self):
        applications = self._waiting_for_vote(12)
        self._decide(applications)
        first = applications[0]
        paper = first.sudo().paper_ids
        self.assertFalse(paper.frozen_on)
        first.action_revoke("弄虚作假")
        self.assertTrue(paper.frozen_on)
        self.assertTrue(paper.page)

    def test_one_that_fails_stops_no_other_and_is_tried_again(self):
        papers = self._papers(self._submitted()) | self._papers(self._submitted(id_number=resident_id(sequence=903)))
        bad = papers[0]

        def typeset(reports, bodies, **options):
            if bodies == [bad.page]:
                raise UserError("no font")
            return PDF

        cron = self.env.ref("wz_skill_cert.cron_papers")
        report = type(self.env["ir.actions.report"])
        with (
            patch.object(report, "_run_wkhtmltopdf", typeset),
            self.enter_registry_test_mode(),
            mute_logger("odoo.addons.wz_skill_cert.models.papers.kept_form"),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((papers - bad).mapped("state"), ["rendered"] * 3)
        self.assertEqual(bad.state, "pending")
        self.assertTrue(bad.page)
        with patch.object(report, "_run_wkhtmltopdf", return_value=PDF), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(bad.state, "rendered")

    def test_a_missing_font_stops_no_submission(self):
        with patch("odoo.addons.wz_skill_cert.reports.engine.has_chinese_font", return_value=False):
            application = self._submitted()
            self.assertEqual(application.state, "submitted")
            with self.assert_refused("font"):
                self._print("application_form", application)
        self.assertEqual(set(self._papers(application).mapped("state")), {"pending"})

    def test_five_hundred_papers_are_asked_for_in_half_a_second(self):
        """The budget of closing a session is a second for 500 motions; measured: 0.1 to 0.2 s."""
        applications = self._waiting_for_vote(500).sudo()
        self.env.flush_all()
        began = time.process_time()
        papers = self.env["skill.cert.paper"]._freeze(applications, "decided", ("application_form",), "decided_on")
        self.env.flush_all()
        self.assertLess(time.process_time() - began, 0.5)
        self.assertEqual(len(papers), 500)


@tagged("standard", "post_install", "-at_install")
class TestUntouched(FrozenCase):
    def _prepare(self):
        super()._prepare()
        self.application = self._submitted()
        self._print("application_form", self.application)
        self.paper = self._papers(self.application, "application_form")

    def test_nobody_changes_or_deletes_a_paper_not_even_the_program(self):
        change = {"sha256": "0" * 64}
        for user in (
            self.nominator,
            self.county_officer,
            self.city_officer,
            self.manager,
            self.env.ref("base.user_admin"),
        ):
            own = self.paper.with_user(user)
            with self.subTest(user=user.name):
                with self.assertRaises(UserError):
                    own.write(change)
                with self.assertRaises(UserError):
                    own.unlink()
        for step in (lambda: self.paper.write(change), lambda: self.paper.write({"content": False}), self.paper.unlink):
            with self.assertRaises(UserError):
                step()
        pending = self._papers(self.application, "material_list")
        self.assertEqual(pending.state, "pending")
        with self.assertRaises(UserError):
            pending.unlink()

    def test_nobody_writes_papers_through_the_application(self):
        draft = self._draft(id_number=resident_id(sequence=903))
        values = {"form": "application_form", "moment": "submitted", "moment_on": fields.Datetime.now()}
        for command in (
            Command.create(values),
            Command.link(self.paper.id),
            Command.update(self.paper.id, {"sha256": "0"}),
        ):
            with self.assertRaises(UserError):
                draft.write({"paper_ids": [command]})
                self.env.flush_all()

    def test_nobody_touches_the_file(self):
        file = self.env["ir.attachment"].search(
            [("res_model", "=", self.paper._name), ("res_id", "=", self.paper.id), ("res_field", "=", "content")]
        )
        self.assertTrue(file)
        for user in (self.nominator, self.county_officer, self.manager, self.env.ref("base.user_admin")):
            own = file.with_user(user)
            for step in (lambda own=own: own.write({"raw": b"x"}), own.unlink):
                with self.subTest(user=user.name), self.assertRaises(UserError):
                    step()

    def test_a_paper_follows_its_case_to_another_unit(self):
        self.application.action_return("改由协会推荐")
        association = self._association(self.enterprise)
        self._nominator(association)
        self.application.sudo().nominator_id = association
        self.env.flush_all()
        self.assertEqual(self.paper.nominator_id, association)
        self.assertFalse(self.paper.with_user(self.nominator).has_access("read"))
        self.assertTrue(self.paper.with_user(association.nominator_user_ids).has_access("read"))

    def test_the_page_is_given_to_nobody(self):
        pending = self._papers(self.application, "material_list")
        for user in (self.nominator, self.county_officer):
            own = pending.with_user(user)
            self.assertNotIn("page", own.fields_get())
            with self.assertRaises(AccessError):
                own.read(["page"])

    def test_who_may_read_and_print_it(self):
        expert = self._expert(self.county).user_id
        for user in (self.other_nominator, self.other_officer, expert, self.manager, self.plain_user):
            with self.subTest(user=user.name):
                self.assertFalse(self.paper.with_user(user).has_access("read"))
                with self.assertRaises(AccessError):
                    self._print("application_form", self.application, user)
        for user in (self.nominator, self.county_officer, self.city_officer):
            self.assertTrue(self.paper.with_user(user).has_access("read"))

    def test_an_expert_on_the_case_receives_no_paper(self):
        self.application.action_accept()
        self._start_assessment(self.application)
        expert = self.application.sudo().review_id.assessment_ids[0].user_id
        seen = self.application.with_user(expert)
        self.assertTrue(seen.has_access("read"))
        for step in (
            lambda: seen.paper_ids,
            lambda: self.env["skill.cert.paper"].with_user(expert).search([]),
            lambda: self.paper.with_user(expert).action_verify(),
            lambda: self._print("application_form", seen, expert),
        ):
            with self.assertRaises(AccessError):
                step()

    def test_a_check_tells_a_kept_file_from_an_altered_one(self):
        officer = self.paper.with_user(self.county_officer)
        self.assertEqual(officer.action_verify()["params"]["type"], "success")
        file = self.env["ir.attachment"].search(
            [("res_model", "=", self.paper._name), ("res_id", "=", self.paper.id), ("res_field", "=", "content")]
        )
        file.raw = PDF + b" altered by whoever holds the server"
        self.env.invalidate_all()
        with self.assert_refused("altered"):
            officer.action_verify()

    def test_what_is_not_yet_made_is_not_called_unaltered(self):
        pending = self._papers(self.application, "material_list")
        with self.assert_refused("being made"):
            pending.with_user(self.county_officer).action_verify()


@tagged("standard", "post_install", "-at_install")
class TestDownload(FrozenCase, HttpCase):
    def test_the_report_address_sends_the_kept_bytes(self):
        """/report/pdf begins with a read-only transaction: the first print has to write all the same."""
        application = self._submitted()
        self.nominator.password = self.nominator.login
        self.authenticate(self.nominator.login, self.nominator.login)
        address = f"/report/pdf/wz_skill_cert.application_form/{application.id}?context=%7B%22force_report_rendering%22%3A+true%7D"
        first = self.url_open(address)
        self.assertEqual(first.status_code, 200)
        self.env.invalidate_all()
        paper = self._papers(application, "application_form")
        self.assertEqual(hashlib.sha256(first.content).hexdigest(), paper.sha256)
        self._change_template()
        self.assertEqual(self.url_open(address).content, first.content)
