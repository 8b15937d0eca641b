"""The applicant's page: who has number and ending learns the state; who guesses learns nothing and soon gets nothing."""

import itertools
import re
import threading
from unittest.mock import patch

import psycopg2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import sql_db
from odoo.addons.wz_skill_cert import clock, workflow
from odoo.addons.wz_skill_cert.models.desks import public_progress
from odoo.addons.wz_skill_cert.models.desks.public_progress import (
    FAILURES_PER_NETWORK,
    FAILURES_PER_NUMBER,
    FAILURES_PER_PAIR,
    REOPENINGS,
)
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import resident_id
from .test_public_routes import TEXT, PublicCase

PAGE = "/skill-cert/check"
ADDRESS = "203.0.113.1"
ADDRESSES = itertools.cycle(range(1, 255))


@tagged("standard", "post_install", "-at_install")
class CheckCase(PublicCase):
    def _prepare(self):
        super()._prepare()
        self._limit(10**6)
        self.case = self._submitted()
        self.number, self.digits = self.case.name, resident_id()[-4:]
        self.env.flush_all()
        self.wrong = "0000" if self.digits != "0000" else "1111"

    def _forget_visits(self):
        super()._forget_visits()
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("DELETE FROM skill_cert_check")

    def _failures(self):
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT failures FROM skill_cert_check ORDER BY place")
            return [failures for (failures,) in cr.fetchall()]

    def _ask(self, number=None, digits=None, address=ADDRESS):
        check = self.env["skill.cert.case.check"].with_user(self.env.ref("base.public_user"))
        return check._answer(number or self.number, digits or self.digits, address)

    def _kind(self, *args, **kwargs):
        return self._ask(*args, **kwargs)[0]


class TestAnswer(CheckCase):
    def test_number_and_ending_tell_the_state_and_since_when(self):
        kind, answer = self._ask()
        self.assertEqual(kind, "found")
        self.assertEqual(answer["status"].title, "已报送，等待受理")
        self.assertEqual(answer["since"], clock.day_of(self.case.sudo().waiting_since))
        self.assertEqual(set(answer), {"status", "since"})

    def test_it_may_be_typed_in_full_width_small_letters_or_with_blanks(self):
        person = self._submitted(id_number=self._ending_in_x()).sudo()
        self.env.flush_all()
        digits = person.id_number[-4:]
        for typed in (digits, digits.lower(), f" {digits} ", "".join(chr(ord(c) + 0xFEE0) for c in digits)):
            self.assertEqual(self._kind(f" {person.name} ", typed), "found")

    def _ending_in_x(self):
        return next(number for number in (resident_id(sequence=n) for n in range(903, 999, 2)) if number.endswith("X"))

    def test_every_state_with_a_number_is_told_in_words(self):
        self.assertEqual({row.key for row in workflow.STATES if not row.public}, {"draft"})
        for row in workflow.STATES[1:]:
            self.case.sudo().state = row.key
            self.env.flush_all()
            self.assertEqual(self._ask()[1]["status"], row.public)

    def test_since_is_the_day_in_china_of_the_last_step(self):
        self.case.action_accept()
        self.env.flush_all()
        self.case.sudo().submitted_on = "2026-01-01 00:00:00"
        last = max(self.case.sudo().step_ids.ids)
        self.env.flush_all()
        self.env.cr.execute("UPDATE skill_cert_step SET at = '2026-03-31 17:00' WHERE id = %s", [last])
        self.env.invalidate_all()
        self.env.add_to_compute(self.case._fields["waiting_since"], self.case)
        self.assertEqual(str(self._ask()[1]["since"]), "2026-04-01")

    def test_since_does_not_depend_on_the_trail_which_is_pruned(self):
        self.case.action_accept()
        self.env.flush_all()
        before = self._ask()
        self.env.cr.execute("ALTER TABLE skill_cert_trail DISABLE TRIGGER USER; DELETE FROM skill_cert_trail")
        self.assertEqual(self._ask(), before)

    def test_without_a_trail_it_is_the_decision_or_the_submission(self):
        case = self._waiting_for_vote(1).sudo()
        case.submitted_on = "2026-01-31 17:00:00"
        self.assertEqual(clock.day_of(case.waiting_since).isoformat(), "2026-02-01")
        case.decided_on = "2026-02-03 01:00:00"
        self.assertEqual(clock.day_of(case.waiting_since).isoformat(), "2026-02-03")

    def test_a_draft_has_no_number_and_is_not_found(self):
        self._draft(id_number=resident_id(sequence=905))
        self.env.flush_all()
        for number in ("", "-", "False", "false", "%", "NULL", "*"):
            self.assertEqual(self._kind(number or " ", resident_id(sequence=905)[-4:]), "unknown")

    def test_what_was_erased_is_not_found_by_anything(self):
        self.env.cr.execute("UPDATE skill_cert_application SET id_number = NULL WHERE id = %s", [self.case.id])
        self.env.invalidate_all()
        for digits in (self.digits, "----", " ", "None", "alse", "\0\0\0\0"):
            self._forget_visits()
            self.assertEqual(self._kind(digits=digits), "unknown")

    def test_nothing_but_four_characters_of_the_right_kind_is_compared(self):
        for digits in (
            self.digits[-3:],
            "1" + self.digits,
            resident_id(),
            "%",
            "____",
            "----",
            "−−−−",
            "X" + self.digits[1:],
        ):
            self._forget_visits()
            self.assertEqual(self._kind(digits=digits), "unknown", digits)


class TestGuessing(CheckCase):
    def test_a_wrong_number_and_a_wrong_ending_take_the_same_way(self):
        ways = []
        # What Odoo looks up once and keeps is looked up now.
        self._ask("330302-2099-11111", self.wrong)
        for number, digits in ((self.number, self.wrong), ("330302-2099-99999", self.digits), ("x" * 99, self.digits)):
            self.env.invalidate_all()
            queries = []
            execute = sql_db.Cursor.execute

            def noted(cr, query, params=None, log_exceptions=True, queries=queries, execute=execute):
                queries.append(re.sub(r"\s+", " ", str(getattr(query, "code", query)))[:200])
                return execute(cr, query, params, log_exceptions)

            compared = []
            with patch.object(sql_db.Cursor, "execute", noted), patch.object(
                public_progress, "consteq", lambda a, b, compared=compared: bool(compared.append((len(a), len(b))))
            ):  # fmt: skip
                answer = self._ask(number, digits)
            ways.append((answer, queries, compared))
        self.assertEqual(ways[0], ways[1])
        self.assertEqual(ways[0], ways[2])
        self.assertEqual(ways[0][0], ("unknown", None))
        self.assertEqual(ways[0][2], [(4, 4)], "compared once, in constant time, whatever is there to compare")

    def test_after_so_many_failures_even_the_right_ending_is_not_answered(self):
        for _time in range(FAILURES_PER_PAIR):
            self.assertEqual(self._kind(digits=self.wrong), "unknown")
        self.assertEqual(self._kind(), "locked")

    def test_the_last_try_within_the_limit_is_answered(self):
        for _time in range(FAILURES_PER_PAIR - 1):
            self.assertEqual(self._kind(digits=self.wrong), "unknown")
        self.assertEqual(self._kind(), "found")

    def test_a_number_that_does_not_exist_is_locked_alike(self):
        kinds = {}
        for number in (self.number, "330302-2099-99999"):
            kinds[number] = [self._kind(number, self.wrong) for _time in range(FAILURES_PER_PAIR + 2)]
        self.assertEqual(len({tuple(answers) for answers in kinds.values()}), 1, kinds)

    def test_a_stranger_alone_locks_the_own_network_and_not_the_applicant(self):
        for _time in range(10 * FAILURES_PER_NUMBER):
            self._kind(digits=self.wrong)
        self.assertEqual(self._kind(), "locked")
        self.assertEqual(self._kind(address="198.51.100.1"), "found")

    def test_all_networks_together_try_no_more_than_so_many_endings_a_day(self):
        kinds = [
            self._kind(digits=self.wrong, address=f"203.0.{network}.{host}")
            for network in range(20)
            for host in range(FAILURES_PER_PAIR)
        ]
        self.assertEqual(kinds.count("unknown"), FAILURES_PER_NUMBER)
        self.assertEqual(self._kind(address="198.51.100.1"), "locked")
        self.assertGreater(11_000 / FAILURES_PER_NUMBER, 3 * 365)

    def test_who_is_locked_out_by_strangers_is_let_in_by_unit_or_bureau(self):
        for user in (self.nominator, self.county_officer):
            self._lock()
            self.assertEqual(self._kind(address="198.51.100.1"), "locked")
            self._call(user)
            self.assertEqual(self._kind(address="198.51.100.1"), "found", user.name)

    def test_opening_again_is_bounded_traced_and_for_the_own_case_only(self):
        # The city reads the case and does not handle it.
        for user in (self.other_nominator, self.other_officer, self.city_officer, self.plain_user):
            with self.assertRaises(AccessError), mute_logger("odoo.http"):
                self._call(user)
        with self.assertRaises(ValueError):
            (self.case | self._submitted(id_number=resident_id(sequence=903))).action_reopen_progress_page()
        guesses = 0
        for _time in range(REOPENINGS):
            guesses += self._lock()
            self._call(self.nominator)
        guesses += self._lock()
        self.assertEqual(guesses, FAILURES_PER_NUMBER * (1 + REOPENINGS))
        with self.assert_refused("opened again often enough"):
            self._call(self.county_officer)
        self.assertEqual(self._kind(address="198.51.100.1"), "locked")
        entries = self.env["skill.cert.trail"].search([("event", "=", "page_reopened"), ("res_id", "=", self.case.id)])
        self.assertEqual(len(entries), REOPENINGS)

    def test_to_a_stranger_a_case_sounds_as_if_there_were_none(self):
        said = []
        for case in (self.case, self.case.browse(10**9)):
            with self.assertRaises(UserError) as caught:
                case.with_user(self.other_nominator).action_reopen_progress_page()
            said.append(str(caught.exception))
        self.assertEqual(*said)

    def test_no_two_kinds_are_counted_in_the_same_row(self):
        check, quarter = self.env["skill.cert.case.check"], public_progress.PLACES // 4
        for kind, first in zip(public_progress.KINDS, range(0, 4 * quarter, quarter), strict=True):
            places = {check._place(kind, number) for number in range(200)}
            self.assertTrue(first <= min(places) and max(places) < first + quarter, kind)
            self.assertGreater(len(places), 150)

    def _call(self, user):
        return call_kw(self.case.with_user(user).browse(), "action_reopen_progress_page", [self.case.ids], {})

    def _lock(self):
        """Guess from ever new networks until nothing is answered any more; return how many guesses were."""
        kinds = [self._kind(digits=self.wrong, address=f"192.0.2.{next(ADDRESSES)}") for _time in range(20)]
        return kinds.count("unknown")

    def test_one_locked_number_locks_no_other(self):
        for _time in range(FAILURES_PER_PAIR + 1):
            self._kind("330302-2099-99999", self.wrong)
        self.assertEqual(self._kind(), "found")

    def test_right_answers_are_no_failures(self):
        for _time in range(3 * FAILURES_PER_PAIR):
            self.assertEqual(self._kind(), "found")
        self.assertEqual(self._failures(), [0, 0, 0])

    def test_a_right_answer_forgives_nobody_elses_failures(self):
        for _time in range(3):
            self._kind("330302-2099-99999", self.wrong, address="198.51.100.1")
        before = self._failures()
        self.assertEqual(sorted(before), [3, 3, 3])
        self.assertEqual(self._kind(), "found")
        self.assertEqual(sorted(self._failures()), [0, 0, 0, 3, 3, 3])

    def test_who_walks_through_the_numbers_is_stopped_by_the_address(self):
        for number in range(FAILURES_PER_NETWORK):
            self.assertEqual(self._kind(f"330302-2099-{number:05d}", self.wrong), "unknown")
        self.assertEqual(self._kind(), "locked")
        self.assertEqual(self._kind(address="198.51.100.1"), "found")

    def test_the_next_day_begins_anew(self):
        for _time in range(FAILURES_PER_PAIR + 1):
            self._kind(digits=self.wrong)
        self.assertEqual(self._kind(), "locked")
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("UPDATE skill_cert_check SET day = day - 1")
        self.assertEqual(self._kind(), "found")

    def test_the_limits_are_those_that_the_decisions_tell(self):
        limits = {"pair": 5, "network": 100, "number": 10, "reopened": 3}
        self.assertEqual(public_progress.LIMITS, limits)
        self.assertEqual(public_progress.PLACES, 1_048_576, "rows that the table has at most")

    def test_those_who_guess_at_once_gain_nothing(self):
        check = self.env["skill.cert.case.check"]
        everywhere = [check._places_of(self.number, f"203.0.113.{network}") for network in range(6)]
        allowed = []
        threads = [
            threading.Thread(
                target=lambda places=places: allowed.extend(check._count_try(places) for _time in range(10))
            )
            for places in everywhere
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sum(allowed), FAILURES_PER_NUMBER)

    def test_without_a_count_nobody_is_answered(self):
        log = "odoo.addons.wz_skill_cert.models.desks.public_progress"
        with self.assertLogs(log, "WARNING") as logs, patch.object(
            type(self.env["skill.cert.case.check"]), "_execute", side_effect=psycopg2.OperationalError
        ):  # fmt: skip
            self.assertEqual(self._kind(), "locked")
        self.assertIn("could not be counted", logs.output[0])
        self.assertTrue(logs.records[0].exc_info, "why, for whoever keeps the server")

    def test_neither_number_nor_address_is_kept(self):
        self._kind(digits=self.wrong)
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'skill_cert_check'")
            self.assertEqual({name for (name,) in cr.fetchall()}, {"place", "day", "failures"})

    def test_whatever_is_typed_is_unknown_and_breaks_nothing(self):
        @settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(TEXT | st.just(self.number), TEXT | st.just(self.wrong), TEXT)
        def ask(number, digits, address):
            self.assertIn(self._kind(number or " ", digits or " ", address), ("unknown", "locked"))

        ask()


class TestPage(CheckCase):
    def _open(self):
        page = self.url_open(PAGE)
        self.assertEqual(page.status_code, 200)
        return re.search(r'name="token" value="(\w+)"', page.text)[1]

    def _send(self, number=None, digits=None, **values):
        data = {"number": number or self.number, "digits": digits or self.digits, "token": self._open(), **values}
        with mute_logger("odoo.http"):
            return self.url_open(PAGE, data=data)

    def test_the_page_shows_state_since_and_what_comes_next_and_nothing_else(self):
        self.case.sudo().reason = "缺少原件（虚构）"
        page = self._send()
        self.assertEqual(page.status_code, 200)
        status = workflow.row("submitted").public
        for words in (status.title, status.then, "年", 'aria-current="step"'):
            self.assertIn(words, page.text)
        case = self.case.sudo()
        for secret in (
            case.applicant_name, case.id_number, self.digits, case.phone, case.employer_name, case.occupation_id.name,
            case.reason, self.county.name, self.county_officer.name, case.name,
        ):  # fmt: skip
            self.assertNotIn(secret, page.text)

    def test_a_wrong_number_and_a_wrong_ending_look_the_same(self):
        pages = [self._send(digits=self.wrong), self._send("330302-2099-99999"), self._send("x\x00'", "<b>1")]
        tokens = re.compile(r'name="token" value="\w+"')
        self.assertEqual({page.status_code for page in pages}, {404})
        self.assertEqual(len({tokens.sub("", page.text) for page in pages}), 1)
        self.assertEqual(len({tuple(sorted(page.headers.keys())) for page in pages}), 1)

    def test_a_locked_number_says_when_to_come_back(self):
        for _time in range(FAILURES_PER_PAIR):
            self._send(digits=self.wrong)
        page = self._send()
        self.assertEqual(page.status_code, 429)
        self.assertIn("明日再试", page.text)
        self.assertNotIn(workflow.row("submitted").public.title, page.text)

    def test_what_another_site_sends_is_refused_and_does_not_count(self):
        for token in ("", "0" * 64, "é"):
            page = self._send(token=token)
            self.assertEqual(page.status_code, 400)
            self.assertNotIn(workflow.row("submitted").public.title, page.text)
        self._open()
        token = self._open()
        self.opener.cookies.clear()
        with mute_logger("odoo.http"):
            page = self.url_open(PAGE, data={"number": self.number, "digits": self.digits, "token": token})
        self.assertEqual(page.status_code, 400, "a token without its cookie")
        self.assertFalse(self._failures())

    def test_the_cookie_stays_on_this_page_and_this_site(self):
        cookie = self.url_open(PAGE).headers["Set-Cookie"]
        for words in ("HttpOnly", "SameSite=Strict", f"Path={PAGE}"):
            self.assertIn(words, cookie)
        self.assertNotIn("session_id", cookie)
        self.assertNotIn("expires", cookie.lower())

    def test_an_address_with_number_and_digits_is_answered_like_an_empty_one(self):
        page = self.url_open(f"{PAGE}?number={self.number}&digits={self.digits}")
        self.assertNotIn(workflow.row("submitted").public.title, page.text)
        self.assertNotIn(self.number, page.text)
        token = self._open()
        with mute_logger("odoo.http"):
            page = self.url_open(f"{PAGE}?number={self.number}&digits={self.digits}", data={"token": token})
        self.assertNotIn(workflow.row("submitted").public.title, page.text)
        self.assertEqual(page.status_code, 404)

    def test_neither_number_nor_digits_reach_the_log(self):
        with self.assertLogs(level="DEBUG") as logs:
            self._send(digits=self.wrong)
        self.assertTrue(logs.output)
        for secret in (self.number, f"digits={self.wrong}"):
            self.assertFalse([line for line in logs.output if secret in line and "odoo.sql_db" not in line])

    def test_the_page_is_answered_so_often_a_minute_as_the_verification_page(self):
        self._limit(3)
        statuses = [self.url_open(PAGE).status_code for _time in range(4)]
        self.assertEqual(statuses, [200, 200, 200, 429])
        answer = self.url_open(PAGE)
        self.assertTrue(0 < int(answer.headers["Retry-After"]) <= 120)
        self.assertIn(answer.headers["Retry-After"], answer.text)

    def test_nobody_keeps_a_copy_and_no_search_engine_lists_it(self):
        page = self._send()
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["X-Robots-Tag"], "noindex")
        self.assertIn('name="referrer" content="no-referrer"', page.text)

    def test_every_field_has_its_label_and_a_failure_is_announced(self):
        page = self._send(digits=self.wrong)
        for name in ("number", "digits"):
            self.assertIn(f'<label for="{name}">', page.text)
            self.assertRegex(page.text, f'<input[^>]*id="{name}"[^>]*required')
        self.assertIn('role="alert"', page.text)
        self.assertIn('lang="zh-CN"', page.text)
