"""The order of imports decides nothing: whatever a step brings with it happens in the order of the tables."""

import json
import subprocess
import sys
from pathlib import Path

from odoo.tests import TransactionCase, tagged
from odoo.tools import config

ROOT = Path(__file__).parents[1]
# As the files are imported, the other way round, and drawn: of any two classes, the second order changes the places.
ORDERS = ("0", "-1", "1")


@tagged("standard", "post_install", "-at_install")
class TestImportOrder(TransactionCase):
    def _courses(self):
        odoo = ["-c", config["config"], "-d", self.env.cr.dbname]
        command = [sys.executable, "-m", "tests.course.run", *ORDERS, "--", *odoo]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        return json.loads(done.stdout)

    def test_whole_cases_leave_the_same_whatever_the_order(self):
        imported, *others = self._courses()
        for table in (
            "skill_cert_step",
            "skill_cert_notification",
            "skill_cert_paper",
            "mail_activity",
            "mail_message",
        ):
            self.assertTrue(imported[table], table)
        states = [row["state"] for row in imported["skill_cert_application"]]
        self.assertEqual(states, ["revoked", "certified", "submitted", "accepted", "assessment"])
        for order, left in zip(ORDERS[1:], others, strict=True):
            for table, rows in imported.items():
                with self.subTest(order=order, table=table):
                    self.assertEqual(left[table], rows)
