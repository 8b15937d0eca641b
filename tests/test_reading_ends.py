"""Experts read a case for a term after their round, and then no more; what a policy counts keeps its kind."""

from datetime import timedelta

from odoo.addons.wz_skill_cert import clock
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SkillCertCase, resident_id


class ReadingCase(SkillCertCase):
    def setUp(self):
        super().setUp()
        self.case = self._qualified()
        session = self._decide(self.case).sudo()
        self.round = self.case.sudo().review_ids
        self.users = self.round.assessment_ids.user_id | session.seat_ids.user_id
        self.env["ir.config_parameter"].set_param("wz_skill_cert.reading_days", 30)

    def _days_ago(self, days, rounds=None):
        (rounds or self.round).ended_on = clock.today() - timedelta(days=days)
        with self.enter_registry_test_mode():
            self.env.ref("wz_skill_cert.cron_reading").method_direct_trigger()
        self.env.invalidate_all()

    def _readers(self):
        return self.users.filtered(lambda user: self.case.with_user(user).has_access("read"))


@tagged("standard", "post_install", "-at_install")
class TestReadingEnds(ReadingCase):
    def test_until_the_last_day_all_of_the_round_read_and_then_nobody(self):
        self.assertEqual(self.round.ended_on, clock.today())
        self._days_ago(30)
        self.assertEqual(self._readers(), self.users)
        self._days_ago(31)
        self.assertFalse(self._readers())
        achievements = self.case.sudo().achievement_ids
        self.assertFalse(any(achievements.with_user(user).has_access("read") for user in self.users))
        self.assertTrue(self.case.with_user(self.county_officer).has_access("read"))

    def test_a_round_under_way_ends_no_reading(self):
        other = self._qualified(applicant_name="李示例", id_number=resident_id(sequence=911))
        rounds = other.sudo().review_ids
        self.assertFalse(rounds.ended_on)
        self._days_ago(31)
        user = rounds.assessment_ids.user_id[0]
        self.assertTrue(other.with_user(user).has_access("read"))


@tagged("standard", "post_install", "-at_install")
class TestNoCopyIsKept(HttpCase, ReadingCase):
    """A browser's "back", after the term: it has kept nothing to show, and what it asks for again is refused."""

    def _addresses(self, user):
        case = self.case.sudo()
        file, record = case.achievement_ids.evidence_ids[0], f"skill.cert.application/{case.id}"
        return [
            *(f"/web/content/{file.id}{end}" for end in ("", "?unique=0123abc", "?download=1")),
            *(f"/web/image/{file.id}{end}" for end in ("", "-0123abc", "?unique=0123abc")),
            f"/web/image/{record}/photo?unique=0123abc",
            f"/report/html/wz_skill_cert.report_material_list/{case.id}",
            f"/odoo/skill.cert.application/{case.id}",
            f"/web/image/res.users/{user.id}/avatar_128?unique=0123abc",
        ]

    def _read(self):
        params = {
            "model": self.case._name,
            "method": "web_read",
            "args": [self.case.ids],
            "kwargs": {"specification": {"name": {}}},
        }
        return self.url_open("/web/dataset/call_kw", json={"jsonrpc": "2.0", "method": "call", "params": params})

    def _as(self, user):
        user.password = user.login
        self.authenticate(user.login, user.login)

    def _reads(self):
        return "result" in self._read().json()

    def test_of_no_answer_to_somebody_from_outside_a_browser_keeps_a_copy(self):
        for user in (self.users[0], self.nominator):
            self._as(user)
            with mute_logger("odoo.http", "odoo.addons.base.models.ir_http"):
                answers = [self.url_open(address) for address in self._addresses(user)] + [self._read()]
            self.assertIn(200, {answer.status_code for answer in answers[:6]})
            for answer in answers:
                with self.subTest(user=user.login, address=answer.url):
                    self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_after_the_term_what_is_asked_for_again_is_refused(self):
        user, file = self.round.assessment_ids.user_id[0], self.case.sudo().achievement_ids.evidence_ids[0]
        self._as(user)
        self.assertEqual((self.url_open(f"/web/content/{file.id}").status_code, self._reads()), (200, True))
        self._days_ago(31)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            self.assertEqual((self.url_open(f"/web/content/{file.id}").status_code, self._reads()), (404, False))

    def test_scripts_and_an_officers_pictures_are_kept_as_before(self):
        self._as(self.users[0])
        page = self.url_open("/odoo").text
        script = next(part for part in page.split('"') if part.startswith("/web/assets/"))
        self.assertIn("max-age", self.url_open(script).headers["Cache-Control"])
        officer = self.county_officer
        self._as(officer)
        picture = self.url_open(f"/web/image/res.users/{officer.id}/avatar_128?unique=0123abc")
        self.assertNotEqual(picture.headers["Cache-Control"], "no-store")


@tagged("standard", "post_install", "-at_install")
class TestKindOfType(SkillCertCase):
    def test_a_type_counted_by_a_policy_in_force_or_retired_keeps_its_kind(self):
        counted = self.env.ref("wz_skill_cert.achievement_type_title").with_user(self.manager)
        with self.assert_refused("its kind is fixed"):
            counted.kind = "talent"
        self.policy.action_retire()
        with self.assert_refused("its kind is fixed"):
            counted.kind = "talent"
        counted.write({"kind": counted.kind, "name": "职称"})
        new = counted.create({"name": "示例", "kind": "title"})
        new.kind = "talent"
        self.assertEqual(new.kind, "talent")
