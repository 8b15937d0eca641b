"""After the term, what leads to a person goes and the statistics stay; two people decide, and it is recorded."""

import base64
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.addons.wz_skill_cert import clock, formats
from odoo.addons.wz_skill_cert.models.keeping.erasure import DELETED, ERASED
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import resident_id
from .test_trail import TrailCase

# Columns that are kept on purpose: no words about the person, or needed for what is kept.
KEPT = {
    "skill.cert.application": {
        "name", "employer_name", "employer_address", "submitted_on", "decided_on", "erased_on", "stamped_scan_on",
        "waiting_since", "term_on", "due_on", "publicity_ends_on", "assess_on", "assess_place", "occupation_name",
        "occupation_code", "bureau_name", "nominator_name", "corrected_on",
    },
    "skill.cert.achievement": {"name"},
    "skill.cert.assessment": {"answered_on", "held_on", "assess_on", "assess_place"},
    # Of its signature and issuer nothing leads to the person; "erased_on" says what happened.
    "skill.cert.certificate": {
        "number", "id_number_masked", "occupation_name", "issued_on", "revoked_on", "replaced_on", "token", "signature", "issuer",
        "erased_on", "signed_format", "bureau_code", "key_name", "serial",
    },
    "skill.cert.objection": {"received_on", "resolved_on"},
    "skill.cert.review": {"concluded_on", "ended_on"},
    "skill.cert.paper": {"moment_on", "frozen_on", "rendered_on", "sha256", "words_sha256"},
    "skill.cert.publication.line": {"employer_name", "occupation_name"},
    "skill.cert.submission": {"name", "date", "checked_on"},
    "skill.cert.step": {"at"},
    "skill.cert.session": {"name", "date", "place", "warning", "opened_on", "ends_on", "closed_on", "seal"},
}  # fmt: skip
SECRETS = (
    "张示例",
    "李示例",
    resident_id(),
    "13800000901",
    "爱岗敬业",
    "同意推荐",
    "工程师",
    "异议人甲",
    "异议内容",
    "属实。",
)


class RetentionCase(TrailCase):
    def _prepare(self):
        super()._prepare()
        self.second_manager = self._user("group_manager")

    def _certified(self):
        draft = self._draft(
            photo=False,
            contact_name="李示例",
            contribution_ids=[
                Command.create({"date_start": "2010-01-01", "unit": "x", "description": "技术改造（虚构）"})
            ],
        )
        draft.action_submit()
        application = draft.with_user(self.county_officer)
        application.action_accept()
        self._qualify(application)
        session = self._session(application, self._committee(self.county))
        session.action_open()
        self._vote(session, 7)
        session.action_close()
        self._objected(application)
        application.action_certify()
        application.message_post(body="已电话联系张示例")
        return application

    def _objected(self, application):
        objection = (
            self.env["skill.cert.objection"]
            .with_user(self.county_officer)
            .create({"application_id": application.id, "objector_name": "异议人甲", "ground": "异议内容（虚构）"})
        )
        objection.action_dismiss("查无实据（虚构）")

    def _let_years_pass(self, years=5, days=1):
        # The dates of a campaign say when its term begins; nothing else here looks at them.
        close = clock.today() - relativedelta(years=years) - timedelta(days=days)
        self.campaign.write({"date_open": close - timedelta(days=30), "date_close": close})

    def _requested(self, user=None):
        return (
            self.env["skill.cert.erasure"]
            .with_user(user or self.data_officer)
            .create({"campaign_id": self.campaign.id})
        )

    def _erased(self):
        erasure = self._requested()
        erasure.with_user(self.manager).action_confirm()
        self._run()
        return erasure

    def _run(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("wz_skill_cert.cron_erasure").method_direct_trigger()
        self.env.invalidate_all()

    def _all_rows(self):
        """Return the text of every row of every table of the addon and of what Odoo keeps about its records."""
        self.env.flush_all()
        tables = [model._table for name, model in self.env.items() if name.startswith("skill.cert.") and model._auto]
        tables += ["mail_message", "mail_tracking_value", "mail_activity", "ir_attachment", "mail_mail"]
        existing = [t for t in set(tables) if self.env.execute_query(SQL("SELECT to_regclass(%s)", t))[0][0]]
        rows = []
        for table in existing:
            rows += self.env.execute_query(SQL("SELECT %s, to_jsonb(t)::text FROM %s t", table, SQL.identifier(table)))
        return rows


@tagged("standard", "post_install", "-at_install")
class TestErasure(RetentionCase):
    def test_what_leads_to_a_person_goes_and_the_statistics_stay(self):
        application = self._certified()
        kept = {
            name: application[name]
            for name in (
                "level",
                "occupation_id",
                "bureau_id",
                "employer_id",
                "sex",
                "education",
                "state",
                "decided_on",
                "name",
            )
        }
        kinds = application.achievement_ids.mapped(lambda a: (a.kind, a.title_rank, a.verified))
        tally = (application.vote_base, application.vote_agree, application.vote_passed)
        files = application.sudo()._files_of_person()
        self.assertTrue(files)
        found = {secret for secret in SECRETS if any(secret in text for _table, text in self._all_rows())}
        self.assertEqual(found, set(SECRETS), "before, all of them are there to be found")
        self._let_years_pass()
        erasure = self._erased()
        self.assertEqual((erasure.state, erasure.done), ("done", erasure.total))
        for table, text in self._all_rows():
            for secret in SECRETS:
                self.assertNotIn(secret, text, table)
        self.assertFalse(files.exists())
        self.assertEqual({name: application[name] for name in kept}, kept)
        self.assertEqual(str(application.birth_date), "1985-01-01")
        self.assertEqual(application.achievement_ids.mapped(lambda a: (a.kind, a.title_rank, a.verified)), kinds)
        self.assertEqual((application.vote_base, application.vote_agree, application.vote_passed), tally)
        self.assertEqual(self.env["skill.cert.invariant.check"].sudo()._find(), {}, "what must always hold still does")

    def test_a_certificate_in_force_can_still_be_verified(self):
        application = self._certified()
        certificate = application.sudo().certificate_id
        before = (
            certificate.number,
            certificate.token,
            certificate.occupation_name,
            certificate.level,
            certificate.state,
        )
        self._let_years_pass()
        self._erased()
        after = (
            certificate.number,
            certificate.token,
            certificate.occupation_name,
            certificate.level,
            certificate.state,
        )
        self.assertEqual(after, before)
        self.assertEqual((certificate.holder_name, certificate.id_number_masked), ("张**", formats.mask(resident_id())))
        page = self._public_page(certificate)
        for words in (
            "证书有效",
            "张**",
            "内容与发证机关的电子签名一致",
            f"已于 <span>{clock.today()}</span> 依规删除",
        ):
            self.assertIn(words, page)

    def _tamper(self, certificate, **values):
        self.env.flush_all()
        for column, value in values.items():
            self.env.cr.execute(
                f"UPDATE skill_cert_certificate SET {column} = %s WHERE id = %s", (value, certificate.id)
            )
        self.env.invalidate_all()

    def _public_page(self, certificate):
        return self.env["ir.qweb"]._render("wz_skill_cert.verify_page", {"certificate": certificate.sudo()})

    def test_the_paper_is_still_verified_offline_and_what_is_left_is_signed_anew(self):
        certificate = self._certified().sudo().certificate_id
        paper, signature = certificate._signed_content(), base64.b64decode(certificate.signature)
        key = certificate.signing_key_id
        self.assertNotIn("依规删除", self._public_page(certificate))
        self._let_years_pass()
        self._erased()
        self.assertTrue(key._is_genuine(paper, signature), "the paper in the holder's hand")
        self.assertTrue(certificate.is_unaltered)
        self.assertNotEqual(certificate._signed_content(), paper)
        self.assertIn(f'"erased_on":"{clock.today()}"', certificate._signed_content().decode())
        self._tamper(certificate, occupation_name="别的工种")
        self.assertFalse(certificate.is_unaltered)

    def test_an_erasure_signs_nothing_that_was_altered_before(self):
        certificate = self._certified().sudo().certificate_id
        self._tamper(certificate, level="technician")
        self._let_years_pass()
        self._erased()
        self.assertFalse(certificate.is_unaltered)
        self.assertIn("证书无法确认", self._public_page(certificate))

    def test_a_certificate_without_its_holders_name_is_neither_printed_nor_replaced_and_can_be_revoked(self):
        application = self._certified()
        certificate = application.sudo().certificate_id
        self._let_years_pass()
        self._erased()
        own = certificate.with_user(self.county_officer)
        for step in (
            lambda: own.action_replace("遗失（虚构）"),
            lambda: own.env["report.wz_skill_cert.certificate_paper"]._get_report_values(own.ids),
        ):
            with self.assert_refused("holder's data has been erased"):
                step()
        with self.assert_refused("has been erased"):
            application.paper_ids[:1].action_verify()
        application.action_revoke("虚构")
        self.assertEqual(certificate.state, "revoked")
        self.assertIn("证书已撤销", self._public_page(certificate))

    def test_another_campaign_keeps_its_data(self):
        application = self._certified()
        other = self.campaign.copy({"name": "2099 other", "date_open": clock.today(), "date_close": clock.today()})
        untouched = self._draft(campaign_id=other.id, applicant_name="王示例", id_number=resident_id(sequence=903))
        before = self._facts(untouched)
        self._let_years_pass()
        self._erased()
        self.assertTrue(application.sudo().erased_on)
        self.assertEqual(self._facts(untouched), before)

    def test_an_erased_case_is_printed_no_more(self):
        application = self._certified()
        self._let_years_pass()
        self._erased()
        with self.assert_refused("has been erased"):
            self.env["report.wz_skill_cert.application_form"].with_user(self.county_officer)._printable(application.ids)
        session = application.sudo().review_id.session_id
        with self.assert_refused("has been erased"):
            self.env["report.wz_skill_cert.session_minutes"].with_user(self.county_officer)._printable(session.ids)

    def test_each_column_with_words_or_days_is_erased_or_kept_on_purpose(self):
        audit = {"create_date", "write_date"}
        for name in ERASED:
            model = self.env[name]
            worded = {
                field.name
                for field in model._fields.values()
                if field.store
                and field.column_type
                and field.type in ("char", "text", "html", "date", "datetime", "json")
            }
            with self.subTest(model=name):
                unknown = worded - set(ERASED[name]) - KEPT.get(name, set()) - audit
                self.assertFalse({n for n in unknown if not n.startswith(("message_", "activity_", "my_activity"))})
        owners = {
            name
            for name, model in self.env.items()
            if "application_id" in model._fields
            and model._auto
            and not model._transient
            and name.startswith("skill.cert.")
        }
        without_words = {"skill.cert.review", "skill.cert.paper.count.line"}
        self.assertEqual(
            owners - set(ERASED) - set(DELETED) - without_words, set(), "each model of a case is thought of"
        )


@tagged("standard", "post_install", "-at_install")
class TestTwoSteps(RetentionCase):
    def test_nothing_is_erased_before_the_term_whatever_the_setting(self):
        self._certified()
        self._let_years_pass(days=0)
        with self.assert_refused("is kept until"):
            self._requested()
        self._let_years_pass(days=1)
        self.env["ir.config_parameter"].sudo().set_param("wz_skill_cert.retention_years", "10")
        with self.assert_refused("is kept until"):
            self._requested()
        self.env["ir.config_parameter"].sudo().set_param("wz_skill_cert.retention_years", "1")
        self._let_years_pass(years=4)
        with self.assert_refused("is kept until"):
            self._requested()
        with self.assertRaises(UserError):
            self.env["res.config.settings"].create({"skill_cert_retention_years": 4})

    def test_a_case_that_is_not_decided_keeps_its_campaign(self):
        self._accepted()
        self._let_years_pass()
        with self.assert_refused("1 cases are not decided"):
            self._requested()

    def test_the_data_officer_asks_and_a_manager_confirms(self):
        application = self._certified()
        self._let_years_pass()
        for user in (self.manager, self.county_officer, self.city_officer, self.nominator, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._requested(user)
        erasure = self._requested()
        self.assertIn("1 applications with", erasure.preview)
        with self.assertRaises(AccessError):
            erasure.action_confirm()
        for user in (self.county_officer, self.city_officer, self.nominator, self.plain_user):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                erasure.with_user(user).action_confirm()
        self._run()
        self.assertFalse(application.sudo().erased_on, "nothing happens before it is confirmed")
        erasure.with_user(self.manager).action_confirm()
        self.assertEqual((erasure.requested_by_id, erasure.confirmed_by_id), (self.data_officer, self.manager))
        self._run()
        self.assertTrue(application.sudo().erased_on)
        entries = self._entries("erasure", erasure)
        self.assertEqual([entry.detail["to"] for entry in entries], ["waiting", "running", "done"])
        self.assertEqual(entries.mapped("user_id"), self.data_officer | self.manager)

    def test_the_form_of_a_new_request_shows_nothing_before_a_campaign_is_chosen(self):
        erasures = self.env["skill.cert.erasure"].with_user(self.data_officer)
        self.assertFalse(erasures.new({}).preview)
        self._certified()
        self.assertIn("1 applications with", erasures.new({"campaign_id": self.campaign.id}).preview)

    def test_nobody_confirms_the_own_request(self):
        self._let_years_pass()
        both = self._user("group_data_officer", "group_manager")
        erasure = self._requested(both)
        with self.assertRaises(AccessError):
            erasure.action_confirm()
        erasure.with_user(self.manager).action_confirm()
        self.assertEqual(erasure.state, "running")

    def test_a_cancelled_request_erases_nothing_and_stays_on_record(self):
        application = self._certified()
        self._let_years_pass()
        erasure = self._requested()
        erasure.action_cancel()
        with self.assert_refused("no longer waiting"):
            erasure.with_user(self.manager).action_confirm()
        self._run()
        self.assertFalse(application.sudo().erased_on)
        for user in (self.data_officer, self.manager):
            with self.assertRaises(UserError):
                erasure.with_user(user).unlink()
        with self.assertRaises(UserError):
            erasure.sudo().unlink()

    def test_no_road_forges_a_step_of_an_erasure(self):
        self._let_years_pass()
        erasures = self.env["skill.cert.erasure"].with_user(self.data_officer)
        with self.assertRaises(AccessError):
            erasures.create({"campaign_id": self.campaign.id, "state": "running"})
        erasure = self._requested()
        for vals in ({"state": "running"}, {"confirmed_by_id": self.manager.id}, {"campaign_id": self.campaign.id}):
            for user in (self.data_officer, self.manager):
                with self.assertRaises(AccessError):
                    erasure.with_user(user).write(vals)
        smuggled = erasures.with_context(default_state="running")
        erasure.action_cancel()
        self.env.flush_all()
        self.assertEqual(smuggled.create({"campaign_id": self.campaign.id}).state, "waiting")

    def test_an_interrupted_erasure_goes_on_where_it_stopped(self):
        first = self._certified()
        second = self._submitted(id_number=resident_id(sequence=903), applicant_name="李示例")
        second.action_revoke("虚构")
        self._let_years_pass()
        erasure = self._requested()
        erasure.with_user(self.manager).action_confirm()
        first.sudo()._erase()
        moment = first.sudo().erased_on
        self._run()
        self.assertEqual((erasure.state, first.sudo().erased_on), ("done", moment))
        self.assertTrue(second.sudo().erased_on)
        self.assertEqual(second.sudo().reason, "***")
