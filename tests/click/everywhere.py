"""Whatever a role can click on opens without an error: every menu of the addon, every view of it, every filter.

Run by dev/test-click on the demo's data, whose passwords are the logins.
"""

import re

from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser

CRAWLER = (
    "odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader').startClickEverywhere('wz_skill_cert.menu_root')"
)
# A crawl that opens this few has missed the menus, not found them in order.
LEAST_MENUS = 3


@tagged("standard", "post_install", "-at_install")
class TestEverythingOpens(HttpCase):
    allow_end_on_form = True

    def _crawl(self, login):
        said, handle = [], ChromeBrowser._handle_console

        def listen(browser, type, args=None, **kwargs):
            said.append(str(args))
            handle(browser, type, args=args, **kwargs)

        self.patch(ChromeBrowser, "_handle_console", listen)
        self.browser_js(
            "/odoo", CRAWLER, "odoo.isReady === true", login, timeout=900, success_signal="clickbot test succeeded"
        )
        tested = re.search(r"Successfully tested (\d+) menus", "".join(said))
        self.assertGreaterEqual(int(tested[1]), LEAST_MENUS)

    def test_for_an_enterprise(self):
        self._crawl("enterprise")

    def test_for_an_association(self):
        self._crawl("association")

    def test_for_an_expert(self):
        self._crawl("expert")

    def test_for_an_officer_of_a_county(self):
        self._crawl("county")

    def test_for_an_officer_of_the_city(self):
        self._crawl("city")

    def test_for_a_manager(self):
        self._crawl("manager")

    def test_for_a_data_officer(self):
        self._crawl("data")
