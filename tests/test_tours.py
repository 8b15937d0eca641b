"""Four persons at their screens, from the login page to the end of their work, in a real browser."""

import base64
import io

from PIL import Image

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import HttpCase, tagged
from odoo.tests.common import get_db_name

from . import tour_pictures
from .common import SkillCertCase

PHONE = "390x844"
STYLES = ("web.assets_frontend", "web.assets_web")
SCRIPTS = (
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.assets_web",
    "web.__assets_tests_call__",
    "web_tour.automatic",
)


@tagged("standard", "post_install", "-at_install")
class TestTours(HttpCase, SkillCertCase):
    @classmethod
    def setUpClass(cls):
        cls._keep_bundles()
        super().setUpClass()

    @staticmethod
    def _keep_bundles():
        """Make the web client's bundles once: those made within a test are rolled back with it."""
        with Registry(get_db_name()).cursor() as cr:
            qweb = api.Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
            for name in STYLES:
                qweb._get_asset_bundle(name, js=False).css()
            for name in SCRIPTS:
                qweb._get_asset_bundle(name, css=False).js()

    def _tour(self, role, user):
        login = f"tour-{role}"
        # OdooBot greets new users, on a phone over the whole screen.
        user.write({"login": login, "password": login, "odoobot_state": "disabled"})
        if tour_pictures.wanted():
            user.lang = "zh_CN"
        self.start_tour("/web/login", f"wz_skill_cert_{role}", timeout=120)
        self.env.invalidate_all()

    def _assert_owns(self, owner, files, name):
        self.assertRecordValues(files, [{"name": name, "res_model": owner._name, "res_id": owner.id}])

    def test_nominator_types_an_application_and_submits_it_when_nothing_is_missing(self):
        self._tour("nominator", self.nominator)
        application = self.env["skill.cert.application"].search([("create_uid", "=", self.nominator.id)])
        self.assertRecordValues(
            application,
            [
                {
                    "state": "submitted",
                    "nominator_id": self.enterprise.id,
                    "bureau_id": self.county.id,
                    "occupation_id": self.electrician.id,
                    "sex": "1",
                    "birth_date": fields.Date.to_date("1985-05-20"),
                    "career_start": fields.Date.to_date("2005-07-01"),
                }
            ],
        )
        self.assertTrue(application.name)
        self.assertRecordValues(
            application.history_ids, [{"date_start": fields.Date.to_date("2005-07-01"), "witness": "李示例"}]
        )
        achievement = application.achievement_ids
        self.assertRecordValues(achievement, [{"kind": "honour", "name": "劳动模范", "scope": "2"}])
        self.assertEqual(sorted(achievement.evidence_ids.mapped("name")), ["honour.pdf", "report.pdf"])
        for file in achievement.evidence_ids:
            self._assert_owns(achievement, file, file.name)
        self.assertEqual(Image.open(io.BytesIO(base64.b64decode(application.photo))).size, (413, 579))
        identity_card = application.material_ids.filtered("required")
        self._assert_owns(identity_card, application.material_ids.attachment_ids, "id.pdf")

    def test_officer_checks_the_papers_beside_the_form_accepts_and_returns_with_a_standard_reason(self):
        application = self._submitted()
        self._tour("officer", self.county_officer)
        reason = self.env.ref("wz_skill_cert.reason_return_seal").name
        self.assertRecordValues(
            application, [{"state": "returned", "reason": reason, "officer_id": self.county_officer.id}]
        )
        checked = {"original_seen": True, "copies_counted": 2, "checked_by_id": self.county_officer.id}
        self.assertRecordValues(application.material_ids.filtered("attachment_ids"), [checked])
        self.assertEqual(application.achievement_ids.verified, "verified")
        self.assertEqual(application.review_ids.mapped("outcome"), ["returned"])

    def test_expert_fills_in_and_submits_the_own_assessment(self):
        application = self._accepted()
        self._start_assessment(application, accept=False)
        own, *others = application.sudo().review_id.assessment_ids
        self._tour("expert", own.user_id)
        self.assertRecordValues(
            own,
            [
                {
                    "state": "submitted",
                    "materials": "complete",
                    "method": "practical",
                    "place": "示例实训中心",
                    "score_conduct": 91,
                    "score_ability": 82,
                    "score_training": 73,
                    "score_results": 94,
                    "verdict": "qualified",
                    "opinion": "操作规范，业绩属实。",
                }
            ],
        )
        self.assertEqual(application.achievement_ids.verified, "verified")
        self.assertEqual([other.state for other in others], ["invited", "invited"])

    def test_expert_votes_once_and_in_secret_on_a_phone(self):
        self.browser_size, self.touch_enabled = PHONE, True
        session = self._session(self._waiting_for_vote(3)).sudo()
        session.action_open()
        seat = session.seat_ids[2]
        self._tour("voter", seat.user_id)
        self.assertEqual(session.seat_ids.filtered("voted"), seat)
        ballots = self.env["skill.cert.ballot"].search([("motion_id", "in", session.motion_ids.ids)])
        cast = ballots.filtered("choice")
        self.assertEqual(cast.motion_id, session.motion_ids)
        self.assertEqual(sorted(cast.mapped("choice")), ["against", "agree", "agree"])
