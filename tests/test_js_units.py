"""The components with logic of their own, in Odoo's unit framework for the web client (Hoot)."""

import logging
import re
from pathlib import Path

from odoo.addons.web.tests.test_js import unit_test_error_checker as is_fatal
from odoo.tests import HttpCase, tagged
from odoo.tools import file_path

ADDON = "wz_skill_cert"
URL = "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
BUNDLE, SUITE = "web.assets_unit_tests", ".test.js"
ALL_PASSED = "[HOOT] Test suite succeeded"
WRITTEN = re.compile(r"^\s*test\(", re.MULTILINE)
PASSED = re.compile(rf'^\[HOOT\] Test "@{ADDON}/.*" passed')
FAILED = re.compile(r'^\[HOOT\] (Test ".*" failed:.*)', re.DOTALL)


class Console(logging.Handler):
    """What the browser said while the tests ran."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.said = []

    def emit(self, record):
        self.said.append(record.getMessage())

    @property
    def passed(self):
        return sum(bool(PASSED.match(message)) for message in self.said)

    @property
    def failures(self):
        return [failed[1] for failed in map(FAILED.match, self.said) if failed]


@tagged("standard", "post_install", "-at_install")
class TestJsUnits(HttpCase):
    def test_each_component_keeps_its_promises(self):
        self._leave_out_the_suites_of_others()
        console, browser = Console(), self._logger.getChild("browser")
        browser.addHandler(console)
        self.addCleanup(browser.removeHandler, console)
        error = self._run_units()
        if error:
            # Odoo's own message names no test.
            self.fail("\n\n".join(console.failures) or error)
        # A file outside the bundle or a skipped test would else be a success.
        self.assertTrue(console.passed)
        self.assertEqual(console.passed, self._written())

    def _leave_out_the_suites_of_others(self):
        """Keep what Odoo's addons offer to tests, and not their own: they need not be built and read."""
        assets = self.env["ir.asset"]
        paths = [path for path, *_rest in assets._get_asset_paths(BUNDLE, {}) if path.endswith(SUITE)]
        others = {path.strip("/").split("/")[0] for path in paths} - {ADDON}
        assets.create(
            [
                {"name": other, "bundle": BUNDLE, "directive": "remove", "path": f"{other}/static/tests/**/*{SUITE}"}
                for other in others
            ]
        )

    def _run_units(self):
        """Run our suites; return why that failed, or nothing."""
        try:
            self.browser_js(URL, "", login="admin", timeout=300, success_signal=ALL_PASSED, error_checker=is_fatal)
        except self.failureException as error:
            return str(error)

    def _written(self):
        folder = Path(file_path(f"{ADDON}/static/tests/unit"))
        return sum(len(WRITTEN.findall(file.read_text("utf-8"))) for file in folder.rglob(f"*{SUITE}"))
