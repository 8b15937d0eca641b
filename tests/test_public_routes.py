"""What everybody may ask for (issue 7, Input): no input breaks a public page, and nobody asks without end."""

import re
import threading
import time
from urllib.parse import unquote_to_bytes

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder, run_wsgi_app

from odoo import http, sql_db
from odoo.addons.wz_skill_cert.models.platform.settings import (
    UPLOAD_MB,
    VERIFY_IN_ALL,
    VERIFY_PER_CLIENT,
    verify_limits,
)
from odoo.addons.wz_skill_cert.models.platform.visit import IN_ALL, PLACES, network_of, seconds_to_wait
from odoo.tests import HttpCase, tagged
from odoo.tools import config, mute_logger

from .common import SkillCertCase

INPUTS = 10_000
PUBLIC = ("/skill-cert/verify/", "/skill-cert/key/", "/skill-cert/publicity/", "/skill-cert/check")
CLOSED = {"Cache-Control": "no-store", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"}
SLOWEST = 10  # seconds on a busy machine; a hang is anything longer

TEXT = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="%0123456789abcdefABCDEF/\\.?#&=;+-_\x00\r\n '\"<>{}$", max_size=60),
    st.sampled_from(
        ["", ".", "..", "%", "%00", "%2f..%2f", "a" * 5000, "{{7*7}}", "1' OR '1'='1", "None", "\ud7ff", "１"]
    ),
    st.binary(max_size=30).map(lambda data: data.decode("latin-1")),
)
NUMBERS = st.one_of(st.integers().map(str), TEXT)
HEADER_NAMES = st.sampled_from(
    ["Accept", "Accept-Language", "Accept-Encoding", "User-Agent", "Referer", "Range", "If-None-Match", "Content-Type",
     "If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Authorization", "Cookie", "Origin",
     "X-Requested-With", "X-Odoo-Database", "Sec-Fetch-Mode", "Cache-Control"]
)  # fmt: skip
HEADER_VALUES = st.one_of(
    TEXT.map(lambda text: text.replace("\r", "").replace("\n", "").replace("\0", "").encode("latin-1", "ignore").decode("latin-1")),
    st.sampled_from(["bytes=0-0,1-1", "zh_CN", "zh-TW,zh;q=0.9", "session_id=x", "frontend_lang=xx_XX; tz=Mars/Base", "Basic Og=="]),
)  # fmt: skip
METHODS = st.sampled_from(["GET"] * 6 + ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])


@st.composite
def requests(draw, rules):
    """Return what to send: a route of the addon with anything in the place of its arguments, and around it."""
    rule = draw(st.sampled_from(rules))
    path = "".join(
        draw(NUMBERS if part.startswith("int") else TEXT) if is_argument else part for is_argument, part in rule
    )
    return {
        "public": any(not is_argument and part.startswith(PUBLIC) for is_argument, part in rule),
        "path": path,
        "method": draw(METHODS),
        "query": draw(st.lists(st.tuples(st.one_of(st.sampled_from(["lang", "debug", "db"]), TEXT), TEXT), max_size=3)),
        "headers": draw(st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=3)),
        "body": draw(st.one_of(st.just(b""), st.binary(max_size=50))),
    }


def encoded(text):
    """Return a path as it may stand in a request line: what is not ASCII or would end the line is escaped."""
    return "".join(
        chr(b) if 33 <= b < 127 and chr(b) not in "?#" else f"%{b:02X}" for b in text.encode("utf-8", "replace")
    )


class PublicCase(SkillCertCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget_visits)
        self._forget_visits()

    def _forget_visits(self):
        """Empty the counts: they are committed at once, so that neither test nor process shares them unseen."""
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("DELETE FROM skill_cert_visit")

    def _visits(self):
        with sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SELECT place, hits FROM skill_cert_visit")
            return dict(cr.fetchall())

    def _limit(self, client, in_all=10**6):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param(VERIFY_PER_CLIENT, client)
        parameters.set_param(VERIFY_IN_ALL, in_all)
        self.env.flush_all()

    def _wait(self, address):
        return self.env["skill.cert.visit"]._seconds_to_wait(address)


@tagged("standard", "post_install", "-at_install")
class TestFuzz(PublicCase):
    takes_long = True

    def setUp(self):
        super().setUp()
        # Requests are answered in this thread, as by a worker; each finds its database by the thread.
        thread = threading.current_thread()
        before = dict(vars(thread))
        self.addCleanup(lambda: (vars(thread).clear(), vars(thread).update(before)))
        thread.dbname = self.env.cr.dbname

    def _rules(self):
        """Return [route as [(is an argument, text or argument)]] of every address of the addon."""
        rules = [rule.rule for rule in self.env["ir.http"].routing_map().iter_rules()]
        return [
            [(bool(index % 2), part) for index, part in enumerate(re.split(r"<([^>]*)>", rule))]
            for rule in rules
            if rule.startswith("/skill-cert/")
        ]

    def test_ten_thousand_inputs_break_nothing(self):
        rules = self._rules()
        for page in PUBLIC:
            self.assertTrue(any(page in part for rule in rules for _is_argument, part in rule), page)
        self._limit(10**6)
        seen = {}

        @settings(max_examples=INPUTS, deadline=SLOWEST * 1000, database=None, suppress_health_check=list(HealthCheck))
        @given(requests(rules))
        def ask(wanted):
            status, headers, body = self._answer(wanted)
            seen[status] = seen.get(status, 0) + 1
            self.assertLess(status, 500, wanted)
            self.assertNotIn(b"Traceback", body)
            if status == 200 and wanted["public"]:
                self.assertLessEqual(CLOSED.items(), dict(headers).items(), wanted)

        quiet = mute_logger("odoo.http", "werkzeug", "odoo.addons.base.models.ir_http")
        with quiet, self.allow_requests(all_requests=True):
            ask()
        self.assertGreaterEqual(sum(seen.values()), INPUTS)
        self.assertTrue({303, 404, 405} <= set(seen), seen)

    def _answer(self, wanted):
        builder = EnvironBuilder(
            path="/",
            method=wanted["method"],
            query_string="&".join(f"{encoded(name)}={encoded(value)}" for name, value in wanted["query"]),
            headers=wanted["headers"],
            data=wanted["body"],
            base_url=self.base_url(),
        )
        environ = builder.get_environ()
        path = encoded(wanted["path"])
        environ["REQUEST_URI"] = environ["RAW_URI"] = path
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
        # Straight into the server's entry: a test client would refuse or mend what an attacker would send.
        body, status, headers = run_wsgi_app(http.root, environ, buffered=True)
        return int(status.split()[0]), headers, b"".join(body)


@tagged("standard", "post_install", "-at_install")
class TestClosed(PublicCase):
    """Walks over all addresses of ours that need no login."""

    def setUp(self):
        super().setUp()
        # The map of addresses finds its database by the thread.
        thread = threading.current_thread()
        before = dict(vars(thread))
        self.addCleanup(lambda: (vars(thread).clear(), vars(thread).update(before)))
        thread.dbname = self.env.cr.dbname

    def _addresses(self):
        rules = self.env["ir.http"].routing_map().iter_rules()
        public = {
            rule.rule
            for rule in rules
            if rule.rule.startswith("/skill-cert/") and rule.endpoint.routing["auth"] == "public"
        }
        return sorted(re.sub("<[^>]*>", "0123456789abcdef", rule) for rule in public)

    def test_no_public_page_loads_frames_or_refers_to_anything(self):
        addresses = self._addresses()
        self.assertGreaterEqual(len(addresses), 4)
        self._limit(10**6)
        for limit in (10**6, 1):
            # Also the page that says how long to wait.
            self._limit(limit)
            for address in addresses:
                with self.subTest(address=address, limit=limit), mute_logger("odoo.http"):
                    headers = self.url_open(address).headers
                    policy = headers["Content-Security-Policy"]
                    for words in (
                        "default-src 'none'",
                        "frame-ancestors 'none'",
                        "base-uri 'none'",
                        "form-action 'self'",
                    ):
                        self.assertIn(words, policy)
                    self.assertEqual(headers["X-Frame-Options"], "DENY")
                    self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                    self.assertEqual(headers["Referrer-Policy"], "no-referrer")
                    self.assertIn("camera=()", headers["Permissions-Policy"])
                    self.assertEqual(headers["Cache-Control"], "no-store")
                    self.assertNotIn("session_id", headers.get("Set-Cookie", ""))

    def test_every_public_page_is_answered_so_often_a_minute(self):
        for address in self._addresses():
            self._forget_visits()
            self._limit(2)
            with self.subTest(address=address), mute_logger("odoo.http"):
                statuses = [self.url_open(address).status_code for _time in range(3)]
                self.assertNotIn(429, statuses[:2])
                self.assertEqual(statuses[2], 429)


@tagged("standard", "post_install", "-at_install")
class TestRateLimit(PublicCase):
    def test_one_address_is_answered_so_often_a_minute_and_then_told_to_wait(self):
        self._limit(5)
        self.assertEqual([self._wait("203.0.113.1") for _time in range(5)], [0] * 5)
        wait = self._wait("203.0.113.1")
        self.assertTrue(0 < wait <= 120, wait)

    def test_the_page_says_so_with_429_and_when_to_come_back(self):
        self._limit(3)
        url = "/skill-cert/verify/unknown"
        with mute_logger("odoo.http"):
            self.assertEqual([self.url_open(url).status_code for _time in range(3)], [404] * 3)
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 429)
        self.assertTrue(0 < int(answer.headers["Retry-After"]) <= 120)
        self.assertIn("请稍后再试", answer.text)
        self.assertIn(answer.headers["Retry-After"], answer.text)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_an_address_that_the_client_invents_does_not_help(self):
        self.assertFalse(config["proxy_mode"])
        self._limit(3)
        with mute_logger("odoo.http"):
            statuses = [
                self.url_open("/skill-cert/verify/x", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code
                for n in range(4)
            ]
        self.assertEqual(statuses, [404, 404, 404, 429])

    def test_visitors_leave_no_session(self):
        answer = self.url_open("/skill-cert/verify/unknown", allow_redirects=False)
        self.assertNotIn("session_id", answer.headers.get("Set-Cookie", ""))

    def test_nobody_uses_up_what_others_are_due(self):
        self._limit(20, in_all=40)
        for _time in range(200):
            self._wait("203.0.113.1")
        self.assertTrue(self._wait("203.0.113.1"))
        self.assertEqual(self._visits()[IN_ALL], 20, "what was refused does not count in all")
        self.assertEqual(self._wait("203.0.113.2"), 0)

    def test_beyond_the_limit_in_all_those_who_ask_seldom_are_still_answered(self):
        self._limit(20, in_all=40)
        for number in range(1, 4):
            for _time in range(15):
                self._wait(f"203.0.113.{number}")
        self.assertGreater(self._visits()[IN_ALL], 40)
        self.assertTrue(self._wait("203.0.113.1"))
        self.assertEqual([self._wait("203.0.113.200") for _time in range(2)], [0, 0])
        self.assertTrue(self._wait("203.0.113.200"))

    def test_the_table_does_not_grow_with_the_addresses(self):
        self._limit(20)
        for number in range(300):
            self._wait(f"2001:db8:1:2::{number:x}")
        self.assertEqual(len(self._visits()), 2, "one network of IPv6, and the sum")
        places = {self.env["skill.cert.visit"]._place_of(f"198.51.{n % 256}.{n // 256}") for n in range(2000)}
        self.assertTrue(all(0 <= place < PLACES for place in places))
        self.assertGreater(len(places), 1900)

    def test_what_counts_as_one_client(self):
        for address, network in (
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("", "unknown"),
            (None, "unknown"),
            ("unix:", "unknown"),
        ):
            self.assertEqual(network_of(address), network)

    def test_those_who_ask_at_once_are_all_counted(self):
        self._limit(10**6)
        visits, limits = self.env["skill.cert.visit"], verify_limits(self.env)
        place = visits._place_of("203.0.113.9")
        threads = [
            threading.Thread(target=lambda: [visits._count_visit(place, *limits) for _time in range(25)])
            for _thread in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self._visits(), {place: 200, IN_ALL: 200})

    def test_counting_that_fails_does_not_close_the_page(self):
        with mute_logger("odoo.addons.wz_skill_cert.models.platform.visit", "odoo.sql_db"):
            self.patch(type(self.env["skill.cert.visit"]), "_place_of", lambda self, address: 2**40)
            self.assertEqual(self._wait("203.0.113.1"), 0)

    def test_until_they_are_set_the_limits_are_the_defaults(self):
        self.assertEqual(verify_limits(self.env), (60, 1200))
        parameters = self.env["ir.config_parameter"]
        for nonsense in ("", "0", "-1", "many", "6.5"):
            parameters.set_param(VERIFY_PER_CLIENT, nonsense)
            self.assertEqual(verify_limits(self.env), (60, 1200))
        self.assertNotEqual(UPLOAD_MB, VERIFY_PER_CLIENT)


@tagged("standard", "post_install", "-at_install")
class TestWaiting(SkillCertCase):
    """The estimate itself: whoever waits as told is answered, and no sooner than that."""

    @settings(max_examples=500, deadline=None)
    @given(st.integers(1, 200), st.integers(1, 500), st.integers(0, 200), st.floats(0, 0.999))
    @example(200, 200, 1, 0.005)
    def test_whoever_waits_as_told_is_answered(self, limit, hits, before, elapsed):
        before = min(before, limit)
        wait = seconds_to_wait(hits, before, elapsed, limit)
        later = elapsed + wait / 60
        if not wait:
            self.assertLessEqual(hits + before * (1 - elapsed), limit)
        elif later < 1:
            self.assertLessEqual(hits + 1 + before * (1 - later), limit + 1e-6)
        elif later < 2:
            self.assertEqual(seconds_to_wait(1, min(hits, limit), later - 1, limit), 0)

    def test_a_first_request_never_waits(self):
        start = time.perf_counter()
        self.assertEqual(seconds_to_wait(1, 0, 0.0, 1), 0)
        self.assertLess(time.perf_counter() - start, 1)
