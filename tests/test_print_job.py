"""Forms of many applications: in the background, cancellable, across a restart, and for nobody but the requester."""

import io
import re
import zipfile
from datetime import date, timedelta
from unittest.mock import patch
from urllib.parse import quote

import page as archive
from pypdf import PdfReader

from odoo import fields
from odoo.addons.wz_skill_cert.models.papers import print_job
from odoo.addons.wz_skill_cert.reports import press
from odoo.addons.wz_skill_cert.wizards import print_wizard
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase, resident_id

# No installed font has it.
NOWHERE = "\U0002ffff"
LOG = "odoo.addons.wz_skill_cert.models.papers.print_job"


class Desk:
    """Prints in the test's own process, and remembers how many forms it was given."""

    def __init__(self):
        self.forms = 0

    def printed(self, groups):
        self.forms += sum(len(group) for group in groups)
        desk = press.Press()
        return [press._attempt(desk, bodies) for bodies in groups]


class PrintCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        # A job speaks its requester's language, whatever the one of the database is.
        self.nominator.lang = "en_US"

    def _applications(self, number, **values):
        births = [date(1985, 5, 20) + timedelta(days=serial) for serial in range(number)]
        return self.env["skill.cert.application"].union(
            *(
                self.env["skill.cert.application"]
                .with_user(self.nominator)
                .create(
                    self._application_vals(
                        applicant_name=f"示例{serial}甲",
                        birth_date=birth,
                        id_number=resident_id(birth),
                        achievement_ids=[],
                        **values,
                    )
                )
                for serial, birth in enumerate(births)
            )
        )

    def _wizard(self, applications, user=None, **values):
        wizards = self.env["skill.cert.print.wizard"].with_user(user or self.nominator)
        wizards = wizards.with_context(active_model="skill.cert.application", active_ids=applications.ids)
        return wizards.create({"application_form": False, "material_list": True, **values})

    def _job(self, applications, user=None, forms=("material_list",), copies="1", output="pdf"):
        """Return a job as superuser, as the scheduled action has it."""
        applications = applications.with_user(user or self.nominator)
        jobs = self.env["skill.cert.print.job"].with_user(user or self.nominator)
        return jobs._start(applications, forms, copies, output).sudo().with_user(self.env.user)

    def _finish(self, job, desk=None):
        while job.state in print_job.UNFINISHED:
            job._advance(desk or Desk())

    def _files(self, job):
        return {file.name: file.raw for file in job.sudo()._kept("files")}

    def _attachments(self, job):
        return self.env["ir.attachment"].search(
            [("res_model", "=", job._name), ("res_id", "in", job.ids), ("res_field", "!=", False)]
        )

    def _names(self, content):
        """Return the applicants' names on the pages, in order."""
        pages = PdfReader(io.BytesIO(content)).pages
        return [name for page in pages for name in re.findall(r"示例\d+甲", page.extract_text())[:1]]

    def assert_archive_grade(self, content):
        report = archive.validate_pdf_bytes(content, profile=archive.ValidationProfile.PDF_A_3B)
        self.assertTrue(report.is_compliant, [str(failure) for failure in report.failures])


@tagged("standard", "post_install", "-at_install")
class TestDialogue(PrintCase):
    def test_few_are_printed_at_once_in_duplicate_and_archive_grade(self):
        applications = self._applications(2)
        action = self._wizard(applications, copies="2").action_print()
        job = self.env["skill.cert.print.job"].search([], limit=1)
        self.assertEqual((action["type"], job.state, job.user_id), ("ir.actions.act_url", "done", self.nominator))
        (content,) = self._files(job).values()
        self.assert_archive_grade(content)
        self.assertEqual(self._names(content), ["示例0甲"] * 2 + ["示例1甲"] * 2)

    def test_both_forms_lie_together_for_each_application(self):
        job = self._job(self._applications(2), forms=("application_form", "material_list"))
        self._finish(job)
        (content,) = self._files(job).values()
        self.assert_archive_grade(content)
        pages = [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
        marks = [text.replace("草稿", "")[:3] for text in pages if text.replace("草稿", "")[:2] == "附件"]
        self.assertEqual(marks, ["附件1", "附件3"] * 2)

    def test_many_are_printed_by_the_scheduled_action(self):
        applications = self._applications(3)
        with patch.object(print_wizard, "AT_ONCE", 2):
            action = self._wizard(applications).action_print()
        job = self.env["skill.cert.print.job"].browse(action["res_id"])
        self.assertEqual((action["res_model"], job.state, job.total), (job._name, "waiting", 3))
        cron = self.env.ref("wz_skill_cert.cron_print_jobs")
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        job.invalidate_recordset()
        self.assertEqual((job.state, job.done, job.failures), ("done", 3, False))
        (content,) = self._files(job).values()
        self.assertEqual(self._names(content), ["示例0甲", "示例1甲", "示例2甲"])

    def test_nothing_selected_or_no_form_chosen_is_said(self):
        with self.assert_refused("select"):
            self._wizard(self.env["skill.cert.application"]).action_print()
        with self.assert_refused("at least one form"):
            self._wizard(self._applications(1), material_list=False).action_print()

    def test_requester_hears_that_the_forms_are_ready(self):
        job = self._job(self._applications(1))
        with patch.object(type(self.nominator), "_bus_send") as send:
            self._finish(job)
        kind, message = send.call_args.args
        self.assertEqual((kind, message["type"]), ("simple_notification", "success"))


@tagged("standard", "post_install", "-at_install")
class TestWhoMay(PrintCase):
    def test_only_who_may_print_each_form_of_each_application(self):
        application = self._accepted()
        self._start_assessment(application)
        expert = application.sudo().review_id.assessment_ids[:1].user_id
        application.with_user(expert).check_access("read")
        refused = (expert, self.other_nominator, self.other_officer, self.manager, self.plain_user)
        for user in refused:
            with self.assertRaises(AccessError):
                self._job(application, user)
        for user in (expert, self.manager, self.plain_user):
            with self.assertRaises(AccessError):
                self._wizard(application, user).action_print()
        jobs = self.env["skill.cert.print.job"]
        self.assertFalse(jobs.search([("user_id", "in", [user.id for user in refused])]))

    def test_one_foreign_application_among_many_refuses_all(self):
        own = self._applications(2)
        foreign = self._draft(self.other_nominator, applicant_name="王示例", id_number=resident_id(sequence=905))
        with self.assertRaises(AccessError):
            self._wizard(own | foreign.with_user(self.nominator)).action_print()

    def test_nobody_makes_or_moves_a_job_by_hand(self):
        job = self._job(self._applications(1))
        own = job.with_user(self.nominator)
        values = {"user_id": self.nominator.id, "queue": [1], "total": 1}
        for step in (
            lambda: own.create(values),
            lambda: own.write({"queue": [1]}),
            lambda: own.write({"state": "done"}),
        ):
            with self.assertRaises(AccessError):
                step()

    def test_a_job_and_its_files_are_the_requesters_alone(self):
        application = self._submitted()
        colleague = self._officer(self.county, "county")
        admin = self._user()
        admin.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        job = self._job(application, self.county_officer)
        self._finish(job)
        files = self._attachments(job)
        self.assertTrue(job.with_user(self.county_officer).has_access("read"))
        for user in (colleague, self.city_officer, self.nominator, self.manager, admin):
            self.assertFalse(job.with_user(user).has_access("read"))
            self.assertFalse(files.with_user(user)._filtered_access("read"))
            for step in ("action_cancel", "_result", "unlink"):
                with self.assertRaises(AccessError):
                    getattr(job.with_user(user), step)()

    def test_rights_that_end_meanwhile_stop_the_job_and_delete_what_it_has(self):
        with patch.object(print_job, "STEP", 2):
            job = self._job(self._applications(4))
            job._advance(Desk())
            self.assertTrue(self._attachments(job))
            self.enterprise.nominator_user_ids = [Command.unlink(self.nominator.id)]
            self._finish(job)
        self.assertEqual((job.state, job.done), ("failed", 2))
        self.assertIn("no longer", job.reason)
        self.assertFalse(self._attachments(job))

    def test_a_user_who_was_archived_meanwhile_receives_nothing(self):
        job = self._job(self._applications(1))
        self.nominator.active = False
        self._finish(job)
        self.assertEqual(job.state, "failed")
        self.assertFalse(self._attachments(job))

    def test_who_may_no_longer_print_cannot_download_what_is_ready(self):
        job = self._job(self._applications(1))
        self._finish(job)
        own = job.with_user(self.nominator)
        self.assertTrue(own._result())
        self.enterprise.nominator_user_ids = [Command.unlink(self.nominator.id)]
        with self.assertRaises(AccessError):
            own._result()


@tagged("standard", "post_install", "-at_install")
class TestWork(PrintCase):
    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(print_job, "STEP", 2))

    def test_progress_is_counted_step_by_step(self):
        job = self._job(self._applications(3))
        seen = []
        while job.done < job.total:
            job._advance(Desk())
            seen.append((job.state, job.done))
        self.assertEqual(seen, [("running", 2), ("running", 3)])
        self._finish(job)
        self.assertEqual(job.state, "done")

    def test_after_a_restart_no_form_is_printed_twice_and_none_is_missing(self):
        desk, job = Desk(), self._job(self._applications(5))
        job._advance(desk)
        self.assertEqual(desk.forms, 2)

        class Killed(BaseException):
            """Not to be caught: as if the server were ended."""

        # In the middle of the second step, after its part was written.
        with (
            patch.object(type(job), "write", side_effect=Killed),
            self.assertRaises(Killed),
            self.env.cr.savepoint(),
        ):
            job._advance(desk)
        job.invalidate_recordset()
        self.assertEqual((job.done, len(self._attachments(job))), (2, 1))
        again = Desk()
        self._finish(job, again)
        self.assertEqual(again.forms, 3)
        (content,) = self._files(job).values()
        self.assertEqual(self._names(content), [f"示例{serial}甲" for serial in range(5)])

    def test_cancelling_stops_the_work_and_deletes_what_is_printed(self):
        desk, job = Desk(), self._job(self._applications(4))
        job._advance(desk)
        job.with_user(self.nominator).action_cancel()
        self.assertEqual(job.state, "cancelled")
        self.assertFalse(self._attachments(job))
        with self.enter_registry_test_mode():
            self.env.ref("wz_skill_cert.cron_print_jobs").method_direct_trigger()
        job.invalidate_recordset()
        self.assertEqual((job.state, job.done, desk.forms), ("cancelled", 2, 2))

    def test_what_is_ready_cannot_be_cancelled(self):
        job = self._job(self._applications(1))
        self._finish(job)
        job.with_user(self.nominator).action_cancel()
        self.assertEqual(job.state, "done")
        self.assertTrue(self._files(job))

    @mute_logger(LOG)
    def test_one_that_cannot_be_printed_is_named_by_its_number_and_loses_no_other(self):
        applications = self._applications(4)
        applications[1].applicant_name = f"张{NOWHERE}"
        gone = applications[2].id
        job = self._job(applications)
        applications[2].unlink()
        self._finish(job)
        self.assertEqual((job.state, job.done), ("done", 4))
        lines = job.failures.splitlines()
        self.assertEqual([line.split(":")[0] for line in lines], [f"draft {applications[1].id}", f"draft {gone}"])
        self.assertIn(NOWHERE, lines[0])
        (content,) = self._files(job).values()
        self.assertEqual(self._names(content), ["示例0甲", "示例3甲"])

    @mute_logger(LOG)
    def test_when_nothing_can_be_printed_the_job_fails_and_says_so(self):
        job = self._job(self._applications(1, phone="13800000901", recommendation=NOWHERE), forms=("application_form",))
        self._finish(job)
        self.assertEqual((job.state, job.done), ("failed", 1))
        self.assertIn("None", job.reason)

    @mute_logger(LOG)
    def test_an_unforeseen_error_ends_the_job_and_not_the_others(self):
        broken, other = self._job(self._applications(1)), self._job(self._applications(1))
        with patch.object(type(broken), "_print_some", side_effect=ZeroDivisionError):
            broken._advance(Desk())
        self._finish(other)
        self.assertEqual((broken.state, other.state), ("failed", "done"))

    def test_a_zip_has_a_file_for_each_form_under_its_number(self):
        application = self._submitted()
        job = self._job(application, self.county_officer, ("application_form", "material_list"), output="zip")
        self._finish(job)
        files = self._files(job)
        number = application.name
        self.assertEqual(list(files), [f"申请表-{number}.pdf", f"佐证材料清单-{number}.pdf"])
        for name, content in files.items():
            self.assert_archive_grade(content)
            self.assertNotIn(application.sudo().id_number, name)

    def test_much_is_bound_in_volumes(self):
        with patch.object(print_job, "VOLUME", 1):
            job = self._job(self._applications(5))
            self._finish(job)
        files = self._files(job)
        self.assertEqual(list(files), [f"表格-{job.id}-{number}.pdf" for number in (1, 2, 3)])
        names = [self._names(content) for content in files.values()]
        self.assertEqual(names, [["示例0甲", "示例1甲"], ["示例2甲", "示例3甲"], ["示例4甲"]])
        self.assertFalse(job.sudo()._kept("parts"))

    def test_a_small_job_need_not_wait_for_a_big_one(self):
        big = self._job(self._applications(4))
        big._advance(Desk())
        small = self._job(self._applications(1))
        following = self.env["skill.cert.print.job"]._next()
        self.assertEqual((following, following.done, big.done, small.done), (small, 0, 2, 0))

    def test_jobs_are_deleted_with_their_files_after_seven_days(self):
        old, young = (self._job(self._applications(1)) for _age in range(2))
        for job, days in ((old, 8), (young, 6)):
            self._finish(job)
            moment = fields.Datetime.now() - timedelta(days=days)
            self.env.cr.execute("UPDATE skill_cert_print_job SET create_date = %s WHERE id = %s", (moment, job.id))
        self.env.invalidate_all()
        files = self._attachments(old)
        self.env["skill.cert.print.job"]._gc_old()
        self.assertFalse(old.exists() or files.exists())
        self.assertTrue(young.exists() and self._files(young))

    def test_the_requester_deletes_a_printing_with_its_files(self):
        job = self._job(self._applications(1))
        self._finish(job)
        files = self._attachments(job)
        job.with_user(self.nominator).unlink()
        self.assertFalse(files.exists())

    def test_printing_several_in_the_ordinary_way_binds_them_archive_grade_too(self):
        applications = self._applications(3)
        reports = self.env["ir.actions.report"].with_user(self.nominator).with_context(force_report_rendering=True)
        content, _kind = reports._render_qweb_pdf("wz_skill_cert.report_material_list", applications.ids)
        self.assert_archive_grade(content)
        self.assertEqual(self._names(content), [f"示例{serial}甲" for serial in range(3)])
        document = PdfReader(io.BytesIO(content))
        self.assertIn("/StructTreeRoot", document.root_object)
        self.assertEqual(document.root_object["/Lang"], "zh-CN")

    def test_the_ordinary_way_refuses_a_character_without_a_font_by_name(self):
        application = self._applications(1, mentoring=f"带徒{NOWHERE}")
        reports = self.env["ir.actions.report"].with_user(self.nominator).with_context(force_report_rendering=True)
        with self.assertRaisesRegex(UserError, NOWHERE):
            reports._render_qweb_pdf("wz_skill_cert.report_application_form", application.ids)


@tagged("standard", "post_install", "-at_install")
class TestDownload(HttpCase, PrintCase):
    def _get(self, user, path):
        user.password = user.login
        self.authenticate(user.login, user.login)
        return self.url_open(path)

    def test_the_requester_downloads_one_pdf_under_a_name_that_tells_nobody(self):
        job = self._job(self._applications(1))
        self._finish(job)
        response = self._get(self.nominator, job.action_download()["url"])
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self._names(response.content), ["示例0甲"])
        self.assertIn(quote(f"表格-{job.id}-1.pdf"), response.headers["Content-Disposition"])

    def test_the_requester_downloads_a_zip(self):
        job = self._job(self._applications(2), output="zip")
        self._finish(job)
        response = self._get(self.nominator, job.action_download()["url"])
        with zipfile.ZipFile(io.BytesIO(response.content)) as bundle:
            self.assertIsNone(bundle.testzip())
            names = [name for file in bundle.namelist() for name in self._names(bundle.read(file))]
        self.assertEqual(names, ["示例0甲", "示例1甲"])

    def test_for_anybody_else_it_does_not_exist_by_any_road(self):
        application = self._submitted()
        job = self._job(application, self.county_officer)
        self._finish(job)
        file = self._attachments(job)
        roads = (
            f"/skill-cert/print/{job.id}",
            f"/skill-cert/print/{job.id + 10**6}",
            f"/web/content/{file.id}",
            f"/web/content?model=skill.cert.print.job&id={job.id}&field=files",
        )
        for user in (self.nominator, self._officer(self.county, "county"), self.city_officer):
            for road in roads:
                self.assertIn(self._get(user, road).status_code, (403, 404), road)
        # The requester has one door, which asks again whether printing is still allowed.
        for road in roads[1:]:
            self.assertIn(self._get(self.county_officer, road).status_code, (403, 404), road)
        self.assertEqual(self._get(self.county_officer, roads[0]).status_code, 200)

    def test_nothing_is_sent_before_it_is_ready(self):
        job = self._job(self._applications(1))
        self.assertEqual(self._get(self.nominator, f"/skill-cert/print/{job.id}").status_code, 404)
