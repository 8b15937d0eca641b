"""The publicity (公示) [X]: what was published stays as it was, for its days, masked; and holds the certificate back."""

import hashlib
from base64 import b64decode
from datetime import date, timedelta
from unittest.mock import patch

from odoo.addons.wz_skill_cert import clock, formats
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import SkillCertCase, resident_id
from .test_public_routes import PublicCase


def on(day):
    """Return the context in which ``day`` is today in China."""
    return patch.object(clock, "today", lambda: day)


class PublicationCase(SkillCertCase):
    def _prepare(self):
        super()._prepare()
        self.policy.publicity_days = 5
        self.county_officer.lang = "en_US"

    def _passed(self, **values):
        case = self._qualified(**values)
        return case, self._decide(case)

    def _publish(self, session, first_day=None, online=True, user=None):
        wizards = self.env["skill.cert.publication.wizard"].with_user(user or self.county_officer)
        wizard = wizards.create(
            {
                "session_id": session.id,
                "first_day": first_day or clock.today(),
                "contact": "示例路1号",
                "online": online,
            }
        )
        return (
            self.env["skill.cert.publication"]
            .with_user(user or self.county_officer)
            .browse(wizard.action_publish()["res_id"])
        )


@tagged("standard", "post_install", "-at_install")
class TestPublication(PublicationCase):
    def test_five_working_days_after_the_first_over_a_weekend_and_the_turn_of_the_year(self):
        _case, session = self._passed()
        for first, last in (
            (date(2099, 3, 2), date(2099, 3, 9)),  # Monday to Monday
            (date(2099, 3, 6), date(2099, 3, 13)),  # Friday to Friday
            (date(2099, 3, 7), date(2099, 3, 13)),  # Saturday
            (date(2098, 12, 29), date(2099, 1, 5)),
        ):
            self.assertEqual(session._last_day(first), last)

    def test_the_list_is_frozen_with_names_in_full_and_numbers_masked(self):
        case, session = self._passed()
        publication = self._publish(session)
        line = publication.line_ids
        self.assertEqual(
            line.read(["applicant_name", "id_number_masked", "employer_name", "occupation_name"])[0],
            {
                "id": line.id,
                "applicant_name": "张示例",
                "id_number_masked": case.id_number_masked,
                "employer_name": self.enterprise.name,
                "occupation_name": self.electrician.name,
            },
        )
        self.assertIn("*", line.id_number_masked)
        pdf = b64decode(publication.with_context(bin_size=False).content)
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertEqual(publication.sha256, hashlib.sha256(pdf).hexdigest())
        self.enterprise.name = "改名"
        self.electrician.name = "改名"
        self.assertNotIn("改名", (line.employer_name, line.occupation_name))

    def test_no_certificate_until_the_last_published_day_is_over(self):
        case, session = self._passed()
        publication = self._publish(session, first_day=clock.today() + timedelta(days=30))
        with on(publication.last_day), self.assert_refused("is in publicity until", str(publication.last_day)):
            case.action_certify()
        with on(publication.last_day + timedelta(days=1)):
            self.assertTrue(case.action_certify())

    def test_it_waits_for_the_publicity_and_then_for_the_officer_again(self):
        case, session = self._passed()
        self.assertEqual(case.waiting_for, "officer")
        publication = self._publish(session)
        self.assertEqual(case.waiting_for, "publicity")
        expected = case.policy_id._working_day_after(publication.last_day, 10)
        self.assertEqual(case.due_on, expected)
        cases = self.env["skill.cert.application"]
        for day, state in ((0, "publicity"), (1, "officer")):
            with on(publication.last_day + timedelta(days=day)):
                cases._end_publicity()
                self.assertEqual(case.waiting_for, state)
                self.assertFalse(case.is_late)

    def test_only_officers_of_the_sessions_bureau_publish(self):
        _case, session = self._passed()
        for user in (self.other_officer, self.city_officer, self.nominator, self.manager):
            with self.assertRaises(AccessError):
                session.with_user(user)._publish(clock.today(), "x", True)
            with self.assertRaises(AccessError):
                self._publish(session, user=user)

    def test_it_begins_today_or_later(self):
        _case, session = self._passed()
        with self.assert_refused("begins today or later"):
            self._publish(session, clock.today() - timedelta(days=1))

    def test_nobody_is_published_twice_nor_without_a_publicity_in_the_policy(self):
        case, session = self._passed()
        self.policy.publicity_days = 0
        with self.assert_refused("Nobody of this session"):
            self._publish(session)
        self.assertFalse(session.to_publish_count)
        self.policy.publicity_days = 5
        session.invalidate_recordset(["to_publish_count"])
        self.assertEqual(session.to_publish_count, 1)
        self._publish(session)
        self.assertFalse(session.to_publish_count)
        with self.assert_refused("Nobody of this session"):
            self._publish(session)
        self.assertTrue(case.sudo().publication_id)

    def test_a_session_under_way_or_lost_has_nothing_to_publish(self):
        case = self._qualified()
        session = self._session(case)
        with self.assert_refused("Nobody of this session"):
            self._publish(session)
        session.action_open()
        self._vote(session, 0, 7)
        session.action_close()
        with self.assert_refused("Nobody of this session"):
            self._publish(session)

    def test_what_was_published_is_written_and_deleted_by_nobody(self):
        _case, session = self._passed()
        publication = self._publish(session)
        for record in (publication, publication.line_ids):
            for user in (self.county_officer, self.city_officer):
                with self.assertRaises(AccessError):
                    record.with_user(user).write({"bureau_id": False})
            with self.assertRaises(UserError):
                record.sudo().unlink()
        with self.assertRaises(AccessError):
            session.write({"publication_ids": [Command.create({"contact": "x"})]})

    def test_whoever_is_revoked_leaves_the_page_and_not_the_record(self):
        case, session = self._passed()
        publication = self._publish(session)
        case.action_revoke("弄虚作假")
        self.assertFalse(publication.sudo()._public_lines())
        self.assertEqual(publication.line_ids.applicant_name, "张示例")

    def test_whoever_is_terminated_leaves_the_page_and_not_the_record(self):
        case, session = self._passed()
        publication = self._publish(session)
        case.action_terminate("died", "示例")
        self.assertFalse(publication.sudo()._public_lines())
        self.assertEqual(publication.line_ids.applicant_name, "张示例")

    def test_a_new_vote_takes_the_case_off_the_list_and_is_published_anew(self):
        case, session = self._passed()
        publication = self._publish(session)
        objection = self.env["skill.cert.objection"].with_user(self.county_officer)
        objection.create({"application_id": case.id, "ground": "x"}).action_uphold("revote", "y")
        self.assertFalse(publication.sudo()._public_lines())
        second = self._decide(case)
        self.assertEqual(second.to_publish_count, 1)
        self._publish(second)
        self.assertEqual(case.sudo().publication_id.session_id, second)
        self.assertFalse(publication.sudo()._public_lines(), "the list of the first vote stays without the case")


@tagged("standard", "post_install", "-at_install")
class TestPublicPage(PublicationCase, PublicCase, HttpCase):
    def _page(self, code="330302"):
        self.env.flush_all()
        return self.url_open(f"/skill-cert/publicity/{code}")

    def test_the_page_shows_what_is_public_today_and_says_how_to_object(self):
        case, session = self._passed()
        publication = self._publish(session)
        page = self._page()
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(case.sudo().id_number[-4:], page.text)
        for text in (
            "张示例",
            formats.mask_end(case.id_number_masked),
            self.enterprise.name,
            "示例路1号",
            "有异议的",
            str(publication.last_day),
        ):
            self.assertIn(text, page.text)
        for secret in (resident_id(), "13800000901", case.name):
            self.assertNotIn(secret, page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["X-Robots-Tag"], "noindex")
        self.assertNotIn("session_id", page.headers.get("Set-Cookie", ""))

    def test_it_is_there_on_its_first_and_last_day_only(self):
        _case, session = self._passed()
        first = clock.today() + timedelta(days=7)
        publication = self._publish(session, first_day=first)
        pages = self.env["skill.cert.publication"]
        for day, there in (
            (first - timedelta(days=1), False),
            (first, True),
            (publication.last_day, True),
            (publication.last_day + timedelta(days=1), False),
        ):
            with on(day):
                self.assertEqual(bool(pages._on_page("330302")), there, day)
        self.assertEqual(self._page().status_code, 404)

    def test_neither_another_bureaus_page_nor_what_stays_on_paper_shows_it(self):
        _case, session = self._passed()
        self._publish(session, online=False)
        for code in ("330302", "330303", "330300", "999999", "%", "33030_", "330302'--", "３３０３０２"):
            page = self._page(code)
            self.assertEqual(page.status_code, 404, code)
            self.assertNotIn("张示例", page.text)

    def test_it_is_answered_as_often_as_the_verification_page(self):
        self._limit(2)
        self.assertEqual([self._page().status_code for _time in range(3)], [404, 404, 429])
        self.assertNotIn("证书本身", self._page().text)

    def test_a_name_is_text_on_the_page(self):
        _case, session = self._passed(applicant_name="<b>示例</b>")
        self._publish(session)
        self.assertIn("&lt;b&gt;示例", self._page().text)
