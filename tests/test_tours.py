"""Four people at their screens: real browsers, from the login page to the end of the work."""

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import HttpCase, tagged
from odoo.tests.common import get_db_name

from .common import SkillCertCase

PHONE = "390x844"
BUNDLES = (
    "web.assets_web",
    "web.assets_frontend",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
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
        """Bundle the web client before the tests: what is bundled within one is rolled back with it."""
        import time

        t = time.time()
        with Registry(get_db_name()).cursor() as cr:
            qweb = api.Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
            for name in BUNDLES:
                t = time.time()
                bundle = qweb._get_asset_bundle(name)
                bundle.css()
                bundle.js()
                print(name, time.time() - t)

    def _tour(self, role, user):
        # OdooBot would greet a new user, on a phone with the whole screen.
        user.write({"odoobot_state": "disabled", "login": f"tour-{role}", "password": f"tour-{role}"})
        self.start_tour("/web/login", f"wz_skill_cert_{role}")
        self.env.invalidate_all()

    def test_nominator_types_and_submits_an_application(self):
        self._tour("nominator", self.nominator)
        application = self.env["skill.cert.application"].search([("create_uid", "=", self.nominator.id)])
        self.assertRecordValues(
            application,
            [{"state": "submitted", "sex": "1", "bureau_id": self.county.id, "occupation_id": self.electrician.id}],
        )
        self.assertEqual(application.history_ids.witness, "李示例")
        achievement = application.achievement_ids
        self.assertEqual((achievement.kind, achievement.scope), ("honour", "2"))
        for owner, files, name in (
            (achievement, achievement.evidence_ids, "honour.pdf"),
            (application.material_ids.filtered("required"), application.material_ids.attachment_ids, "id.pdf"),
        ):
            self.assertRecordValues(files, [{"name": name, "res_model": owner._name, "res_id": owner.id}])

    def test_officer_accepts_and_returns_with_a_reason(self):
        application = self._submitted()
        self._tour("officer", self.county_officer)
        self.assertRecordValues(
            application, [{"state": "returned", "reason": "缺少效益证明的公章。", "officer_id": self.county_officer.id}]
        )
        self.assertEqual(application.review_ids.mapped("outcome"), ["returned"])

    def test_expert_fills_in_and_submits_an_assessment(self):
        application = self._accepted()
        self._start_assessment(application)
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
        self.assertEqual({other.state for other in others}, {"draft"})

    def test_expert_votes_on_a_phone(self):
        self.browser_size, self.touch_enabled = PHONE, True
        session = self._session(self._waiting_for_vote(3))
        session.action_open()
        seat = session.sudo().seat_ids[2]
        self._tour("voter", seat.user_id)
        self.assertEqual(session.sudo().seat_ids.filtered("voted"), seat)
        cast = self.env["skill.cert.ballot"].search(
            [("motion_id.session_id", "=", session.id), ("choice", "!=", False)]
        )
        self.assertEqual(len(cast.motion_id), 3)
        self.assertEqual(sorted(cast.mapped("choice")), ["against", "agree", "agree"])
