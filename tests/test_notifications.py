"""At each hand-over the right people are told, each once, and nobody else; no e-mail says who it is about."""

from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.wz_skill_cert import workflow
from odoo.addons.wz_skill_cert.models.course.notification import LINES, NOTICES, without_numbers
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import resident_id
from .notification_common import ID_NUMBER, NAME, PHONE, NotificationCase


@tagged("standard", "post_install", "-at_install")
class TestWhoIsTold(NotificationCase):
    def _prepare(self):
        super()._prepare()
        self.colleague = self._officer(self.county, "county")
        self.deputy = self._nominator(self.enterprise)

    def test_a_submission_is_told_to_the_officers_of_the_place_and_to_nobody_else(self):
        self._submitted()
        self.assertEqual(
            self._told(), {self.county_officer: ["submitted"], self.colleague: ["submitted"]}, "no city, no other"
        )

    def test_a_return_and_an_acceptance_are_told_to_all_who_nominate_for_the_unit(self):
        application = self._submitted()
        self._told()
        application.action_return("补充材料")
        self.assertEqual(self._told(), {self.nominator: ["returned"], self.deputy: ["returned"]})
        self._settle(application).action_submit()
        self._told()
        application.action_accept()
        self.assertEqual(self._told(), {self.nominator: ["accepted"], self.deputy: ["accepted"]})

    def test_a_withdrawal_is_told_to_the_officer_in_charge_alone(self):
        application = self._accepted()
        self._told()
        application.with_user(self.nominator).action_withdraw()
        self.assertEqual(self._told(), {application.officer_id: ["withdrawn"]})

    def test_a_draft_that_is_withdrawn_is_nobodys_business(self):
        self._draft().action_withdraw()
        self.assertFalse(self._told())

    def test_only_the_experts_asked_are_invited_and_none_with_a_conflict(self):
        application = self._accepted()
        experts = self._experts(self.county, 4)
        self.env["skill.cert.conflict"].create({"expert_id": experts[3].id, "application_id": application.id})
        self._told()
        self._start_assessment(application, self._panel(self.county, experts=experts), accept=False)
        self.assertEqual(self._told(), {expert.user_id: ["invited"] for expert in experts[:3]})

    def test_when_the_last_assessment_is_in_the_officer_is_told_once(self):
        application = self._accepted()
        self._start_assessment(application)
        self._told()
        *others, last = application.sudo().review_id.assessment_ids
        for assessment in others:
            self._submit(assessment)
        self.assertFalse(self._told())
        self._submit(last)
        self.assertEqual(self._told(), {application.officer_id: ["assessed"]})

    def _submit(self, assessment):
        own = assessment.with_user(assessment.user_id)
        own.application_id.achievement_ids.filtered(lambda a: a.verified == "claimed").action_verify()
        own.write(
            {
                "materials": "complete", "method": "practical", "place": "示例", "held_on": "2099-01-01",
                "opinion": "属实。", "verdict": "qualified", "score_conduct": 90, "score_ability": 90,
                "score_training": 90, "score_results": 90,
            }
        )  # fmt: skip
        own.action_submit()

    def test_that_an_expert_declines_is_told_to_the_officer_and_not_to_the_nominator(self):
        application = self._accepted()
        self._start_assessment(application, accept=False)
        self._told()
        assessment = application.sudo().review_id.assessment_ids[0]
        assessment.with_user(assessment.user_id).action_decline("time")
        self.assertEqual(self._told(), {application.officer_id: ["declined"]})
        rows = self.outbox.search([("notice", "=", "declined")])
        self.assertNotIn(assessment.user_id, rows.create_uid)

    def test_what_the_panel_found_is_no_news_before_the_decision(self):
        application = self._accepted()
        self._start_assessment(application)
        self._assess(application)
        self._told()
        application.action_conclude_assessment()
        self.assertEqual(application.state, "qualified")
        self.assertFalse(self._told())

    def test_a_recommendation_is_told_to_the_city_whose_task_it_becomes(self):
        application = self._qualified(level="technician")
        self._told()
        application.action_recommend()
        self.assertEqual(self._told(), {self.city_officer: ["recommended"]})
        self.assertEqual(application.sudo().activity_ids.user_id, self.city_officer)

    def test_the_opened_vote_is_told_to_the_seated_members_and_the_result_to_the_unit(self):
        application = self._qualified()
        session = self._session(application)
        seated = session.sudo().seat_ids
        self._told()
        session.action_open()
        self.assertEqual(self._told(), {user: ["session_open"] for user in seated.user_id})
        self.assertFalse(session.sudo().activity_ids, "a task that closes would tell who has voted when")
        self._vote(session, 7)
        self.assertFalse(self._told(), "a vote is nobody's news")
        session.action_close()
        self.assertEqual(self._told(), {self.nominator: ["decided"], self.deputy: ["decided"]})

    def test_absent_members_are_not_called_to_vote(self):
        application = self._qualified()
        committee = self._committee(self.county, experts=7)
        session = self._session(application, committee)
        absent = session.seat_ids.filtered(lambda seat: seat.role == "expert")[-1]
        absent.present = False
        self._told()
        session.action_open()
        self.assertNotIn(absent.sudo().user_id, self._told())

    def test_a_rejection_by_the_panel_is_told_to_the_unit_without_the_reason(self):
        application = self._accepted()
        self._start_assessment(application)
        self._assess(application, "unqualified")
        self._told()
        application.action_conclude_assessment()
        mails = self._deliver()
        self.assertEqual(set(mails), {self.nominator, self.deputy})
        self.assertIn("未通过", mails[self.nominator].body_html)
        self.assertNotIn(application.reason, mails[self.nominator].body_html)

    def test_certificate_objection_and_revocation_are_told_to_the_unit(self):
        application = self._qualified()
        self._decide(application)
        self._told()
        objection = (
            self.env["skill.cert.objection"]
            .with_user(self.county_officer)
            .create({"application_id": application.id, "ground": "示例", "objector_name": "示例异议人"})
        )
        both = {self.nominator: ["objection"], self.deputy: ["objection"]}
        self.assertEqual(self._told(), both)
        objection.action_dismiss("查无实据")
        self.assertEqual(self._told(), both)
        application.action_certify()
        self.assertEqual(self._told(), {self.nominator: ["certified"], self.deputy: ["certified"]})
        application.action_revoke("弄虚作假")
        self.assertEqual(self._told(), {self.nominator: ["revoked"], self.deputy: ["revoked"]})

    def test_followers_are_not_written_to(self):
        follower = self.env["res.partner"].create({"name": "Outsider", "email": "outsider@test.invalid"})
        application = self._draft()
        application.sudo().message_subscribe(follower.ids)
        application.action_submit()
        self._deliver()
        mails = self.env["mail.mail"].search([])
        self.assertTrue(mails)
        self.assertNotIn(follower, mails.recipient_ids)
        self.assertFalse(self.env["mail.notification"].search([("res_partner_id", "=", follower.id)]))

    def test_whoever_may_not_read_the_record_any_more_gets_nothing(self):
        self._submitted()
        self.county.user_ids = [Command.unlink(self.colleague.id)]
        self.assertEqual(set(self._deliver()), {self.county_officer})
        rows = self.outbox.search([("user_id", "=", self.colleague.id)])
        self.assertEqual(rows.state, "silent")
        self.assertFalse(self.outbox.with_user(self.colleague).search([]), "nor reads of it")

    def test_an_expert_found_in_conflict_before_the_e_mail_is_sent_gets_none(self):
        application = self._accepted()
        experts = self._experts(self.county, 4)
        self._start_assessment(application, self._panel(self.county, experts=experts), accept=False)
        self.env["skill.cert.conflict"].create({"expert_id": experts[0].id, "application_id": application.id})
        mails = self._deliver()
        self.assertNotIn(experts[0].user_id, mails)
        self.assertIn(experts[1].user_id, mails)

    def test_what_is_done_already_is_not_asked_for_any_more(self):
        application = self._submitted()
        application.action_accept()
        self.assertEqual(set(self._deliver()), {self.nominator, self.deputy}, "accepted; nobody is asked to check")

    def test_every_row_of_the_table_names_a_notification_that_exists(self):
        self.assertLessEqual(
            {row.notice for row in (*workflow.MOMENTS.values(), *(state.hands for state in workflow.STATES))} - {None},
            set(dict(NOTICES)),
        )


@tagged("standard", "post_install", "-at_install")
class TestCollected(NotificationCase):
    def test_many_cases_of_one_batch_are_one_e_mail_a_recipient(self):
        applications = self._waiting_for_vote(LINES + 2)
        applications.sudo().write({"state": "submitted", "name": False})
        for number, case in enumerate(applications.sudo()):
            case.name = f"330302-2099-{number:05d}"
        applications.action_accept()
        mails = self._deliver()
        self.assertEqual({user: len(own) for user, own in mails.items()}, {self.nominator: 1})
        mail = mails[self.nominator]
        self.assertIn(f"等 {LINES + 2} 件", mail.subject)
        self.assertIn("330302-2099-00000", mail.body_html)
        self.assertIn("其余", mail.body_html)
        self.assertNotIn(f"330302-2099-{LINES + 1:05d}", mail.body_html)

    def test_nothing_is_sent_twice(self):
        self._submitted()
        self.assertTrue(self._deliver())
        self.assertFalse(self._deliver())

    def test_a_step_wakes_the_scheduled_action_after_the_time_in_which_clicks_are_collected(self):
        cron = self.env.ref("wz_skill_cert.cron_notification")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self._submitted()
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before)

    def test_the_scheduled_action_sends_what_waits(self):
        self._submitted()
        with self.enter_registry_test_mode():
            self.env.ref("wz_skill_cert.cron_notification").method_direct_trigger()
        self.assertFalse(self.outbox.search([("state", "=", "waiting")]))
        self.assertTrue(self.outbox.search([("state", "=", "mailed"), ("user_id", "=", self.county_officer.id)]))


@tagged("standard", "post_install", "-at_install")
class TestPreference(NotificationCase):
    def test_in_the_system_only_means_no_e_mail(self):
        self.county_officer.skill_cert_notify = "activity"
        application = self._submitted()
        self.assertFalse(self._deliver())
        self.assertEqual(application.sudo().activity_ids.user_id, self.county_officer, "the task is there")

    def test_whoever_wants_one_e_mail_a_day_gets_nothing_in_between_and_all_of_it_then(self):
        self.nominator.skill_cert_notify = "daily"
        for sequence in (901, 903):
            application = self._submitted(id_number=resident_id(sequence=sequence))
            application.action_return("补充")
        with self.enter_registry_test_mode():
            self.env.ref("wz_skill_cert.cron_notification").method_direct_trigger()
        mails = self.env["mail.mail"].search([("recipient_ids", "in", self.nominator.partner_id.ids)])
        self.assertFalse(mails)
        self.outbox._send_daily(self.nominator)
        mails = self.env["mail.mail"].search([("recipient_ids", "in", self.nominator.partner_id.ids)])
        self.assertEqual(len(mails), 1)
        self.assertEqual(mails.body_html.count("退回补正"), 2)
        self.outbox._send_daily(self.nominator)
        self.assertEqual(len(self.env["mail.mail"].search([("recipient_ids", "in", self.nominator.partner_id.ids)])), 1)

    def test_everybody_sets_it_for_oneself_and_for_nobody_else(self):
        own = self.nominator.with_user(self.nominator)
        own.write({"skill_cert_notify": "daily", "skill_cert_announcements": False})
        self.assertEqual(own.skill_cert_notify, "daily")
        with self.assertRaises(AccessError):
            self.county_officer.with_user(self.nominator).write({"skill_cert_notify": "activity"})


@tagged("standard", "post_install", "-at_install")
class TestTasks(NotificationCase):
    def test_the_task_is_to_be_done_by_the_deadline_and_closes_with_the_step(self):
        application = self._submitted()
        task = application.sudo().activity_ids
        self.assertEqual((task.user_id, task.date_deadline), (self.county_officer, application.due_on))
        self.assertTrue(application.due_on)
        application.action_accept()
        self.assertFalse(task.exists())
        self.assertEqual(len(application.sudo().activity_ids), 1)

    def test_whoever_accepts_has_the_next_task_and_not_the_first_of_the_list(self):
        colleague = self._officer(self.county, "county")
        application = self._submitted().with_user(colleague)
        application.action_accept()
        self.assertEqual(application.sudo().activity_ids.user_id, colleague)

    def test_one_desk_has_one_open_task_of_a_case(self):
        self.county_officer.lang = "en_US"
        application = self._accepted()
        self._start_assessment(application, self._panel(self.county, 5), accept=False)
        for assessment in application.sudo().review_id.assessment_ids[:2]:
            assessment.with_user(assessment.user_id).action_decline("time")
        task = application.sudo().activity_ids
        self.assertEqual(len(task), 1)
        application.sudo()._schedule_task(self.county_officer, "Something else")
        self.assertEqual(len(application.sudo().activity_ids), 1)
        self.assertEqual(task.summary, "An expert has declined: see to a replacement; Something else")

    def test_an_experts_task_is_on_the_assessment_and_closes_with_it(self):
        application = self._accepted()
        self._start_assessment(application)
        assessments = application.sudo().review_id.assessment_ids
        self.assertEqual(assessments.activity_ids.mapped("user_id"), assessments.user_id)
        self.assertEqual(set(assessments.activity_ids.mapped("date_deadline")), {application.due_on})
        own = assessments[0].with_user(assessments[0].user_id)
        self.assertEqual(len(own.activity_ids), 1)
        self._assess(application)
        self.assertFalse(assessments.activity_ids)

    def test_no_nominator_reads_an_experts_task(self):
        application = self._accepted()
        self._start_assessment(application)
        experts = application.sudo().review_id.assessment_ids.user_id
        tasks = self.env["mail.activity"].with_user(self.nominator).search([("res_model", "like", "skill.cert")])
        self.assertFalse(tasks.sudo().user_id & experts)
        self.assertFalse(tasks.sudo().create_uid & experts)

    def test_a_task_can_be_ticked_off_by_the_expert(self):
        application = self._accepted()
        self._start_assessment(application)
        assessment = application.sudo().review_id.assessment_ids[0]
        assessment.activity_ids.with_user(assessment.user_id).action_feedback()
        self.assertFalse(assessment.activity_ids)

    def test_whoever_declines_or_is_released_has_no_task(self):
        application = self._accepted()
        self._start_assessment(application, accept=False)
        declined, released, *_rest = application.sudo().review_id.assessment_ids
        declined.with_user(declined.user_id).action_decline("time")
        application.action_revoke("弄虚作假")
        self.assertFalse((declined | released).activity_ids)


@tagged("standard", "post_install", "-at_install")
class TestWords(NotificationCase):
    def _mail_of(self, notice, record, user):
        rows = self.outbox._tell(notice, [(record, user)])
        rows._mail(user, notice)
        self.assertEqual(rows.state, "mailed", notice)
        return self.env["mail.mail"].search([], limit=1, order="id desc")

    def _records(self):
        """Return {kind of record: (record, user)}: all about the sentinel person."""
        application = self._sentinel(contact_name=NAME, contact_phone=PHONE)
        application.action_submit()
        application = application.with_user(self.county_officer)
        application.action_accept()
        self._start_assessment(application)
        self.assessment = application.sudo().review_id.assessment_ids[0]
        session = self.env["skill.cert.session"].create(
            {"name": "第一次评审会", "committee_id": self._committee(self.county).id, "place": "示例会议室"}
        )
        return {
            "case": (application.sudo(), self.county_officer),
            "invited": (self.assessment, self.assessment.user_id),
            "session": (session, session.seat_ids[0].user_id),
            "campaign": (self.campaign, self.nominator),
        }

    def test_no_e_mail_names_a_person_and_no_subject_says_more_than_number_and_step(self):
        records = self._records()
        self.env["mail.mail"].search([]).unlink()
        case = records["case"][0]
        kinds = {
            "invited": "invited", "session_open": "session", "session_soon": "session", "session_vote": "session",
            "closing": "campaign", "campaign": "campaign",
        }  # fmt: skip
        for notice, _label in NOTICES:
            with self.subTest(notice=notice):
                record, user = records[kinds.get(notice, "case")]
                mail = self._mail_of(notice, record, user)
                for text in (mail.subject, mail.body_html):
                    for secret in (NAME, PHONE, ID_NUMBER, *self.assessment.expert_id.mapped("name"), user.name):
                        self.assertNotIn(secret, text)
                self.assertRegex(mail.subject, "^【直接认定】[^{}]+$")
                self.assertIn("【直接认定】", mail.subject)
                if kinds.get(notice, "invited") == "invited" and notice not in ("digest", "holidays"):
                    self.assertIn(case.name, mail.subject)
                self.assertIn(f"/odoo/{record._name}/{record.id}", mail.body_html)
                self.assertNotIn("access_token", mail.body_html)

    def test_e_mails_are_in_chinese_and_in_the_bureaus_name_whatever_the_languages(self):
        self.county_officer.lang = "en_US"
        self.env.company.email = "office@test.invalid"
        self.county.email = "county@test.invalid"
        self._submitted()
        mail = self._deliver()[self.county_officer]
        self.assertIn("待受理申报", mail.subject)
        self.assertIn(self.county.issuer, mail.email_from)
        self.assertIn("office@test.invalid", mail.email_from)
        self.assertEqual(mail.reply_to, "county@test.invalid")
        self.assertNotIn(self.nominator.partner_id, mail.author_id)
        self.assertTrue(mail.auto_delete)
        self.assertFalse(mail.model or mail.res_id, "in no chatter")

    def test_no_number_leaves_the_house_whatever_the_template_says(self):
        template = self.env.ref("wz_skill_cert.mail_template_submitted")
        number = "object.sudo().env['skill.cert.application'].search([], limit=1).id_number"
        body = f'<p><t t-out="{number}"/> {PHONE}</p>'
        template.write({"body_html": body, "subject": f"{{{{ {number} }}}} {PHONE}"})
        self._sentinel().action_submit()
        mail = self._deliver()[self.county_officer]
        for text in (mail.subject, mail.body_html):
            self.assertNotIn(ID_NUMBER, text)
            self.assertNotIn(PHONE, text)
            self.assertIn(ID_NUMBER[:3] + "*" * 11 + ID_NUMBER[-4:], text)

    def test_case_and_certificate_numbers_are_no_numbers_of_persons(self):
        for text in ("330302-2099-00001", "2633010012300001", "/odoo/skill.cert.application/13911112222333"):
            self.assertEqual(without_numbers(text), text)

    def test_a_broken_template_keeps_nobody_elses_mail_back(self):
        template = self.env.ref("wz_skill_cert.mail_template_submitted")
        self.env.cr.execute(
            "UPDATE mail_template SET subject = jsonb_build_object('en_US', '{{ object.nothing }}') WHERE id = %s",
            [template.id],
        )
        template.invalidate_recordset()
        application = self._submitted()
        application.action_return("补充")
        self._settle(application).action_submit()
        with mute_logger(
            "odoo.addons.wz_skill_cert.models.course.notification", "odoo.addons.mail.models.mail_render_mixin"
        ):
            application.action_return("补充")
            self._told_nothing_else()

    def _told_nothing_else(self):
        self.outbox.search([("notice", "=", "submitted")]).res_id = self._submitted(
            id_number=resident_id(sequence=905)
        ).id
        mails = self._deliver()
        self.assertEqual(set(mails), {self.nominator})
        failed = self.outbox.search([("state", "=", "failed")])
        self.assertEqual(set(failed.mapped("notice")), {"submitted"})

    def test_an_archived_template_is_not_sent(self):
        self.env.ref("wz_skill_cert.mail_template_submitted").active = False
        self._submitted()
        self.assertFalse(self._deliver())


@tagged("standard", "post_install", "-at_install")
class TestWithoutMailServer(NotificationCase):
    def test_a_step_does_not_fail_where_no_mail_server_answers(self):
        with patch.object(IrMail_Server, "_connect__", side_effect=OSError("no server")) as connect:
            application = self._submitted()
            self._deliver()
            self.assertFalse(connect.called, "neither the step nor the outbox waits for a server")
            mail = self.env["mail.mail"].search([], limit=1, order="id desc")
            mail.send()
        self.assertEqual(application.state, "submitted")
        self.assertEqual(mail.state, "exception")

    def test_whoever_has_no_address_is_told_in_the_system(self):
        self.county_officer.email = False
        application = self._submitted()
        self.assertFalse(self._deliver())
        self.assertTrue(application.sudo().activity_ids)


@tagged("standard", "post_install", "-at_install")
class TestTemplatesAreTheManagers(NotificationCase):
    def test_a_manager_rewords_a_template_and_the_next_e_mail_says_it(self):
        template = self.env.ref("wz_skill_cert.mail_template_submitted").with_user(self.manager)
        template.write({"subject": "【示例】{{ object.numbers }}", "body_html": "<p>请审核。</p>"})
        application = self._submitted()
        mail = self._deliver()[self.county_officer]
        self.assertEqual(mail.subject, f"【示例】{application.name}")
        self.assertIn("请审核。", mail.body_html)
        chinese = template.with_context(lang="zh_CN")
        chinese.write({"subject": "【改】{{ object.numbers }}"})
        self.assertEqual(template.subject, "【改】{{ object.numbers }}", "one text for all languages")

    def test_nobody_else_changes_one_though_odoo_would_let_every_editor_of_templates(self):
        template = self.env.ref("wz_skill_cert.mail_template_submitted")
        for user in (self.county_officer, self.plain_user):
            user.group_ids = [Command.link(self.env.ref("mail.group_mail_template_editor").id)]
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                template.with_user(user).write({"subject": "示例"})
            self.assertTrue(self.env["mail.template"].with_user(user).create({"name": "示例"}), "of anything else")

    def test_what_one_was_told_is_read_by_oneself_alone(self):
        self._submitted()
        self._deliver()
        own = self.outbox.with_user(self.county_officer).search([])
        self.assertEqual(own.mapped("notice"), ["submitted"])
        for user in (self.nominator, self.other_officer, self.manager):
            self.assertFalse(self.outbox.with_user(user).search([]))
