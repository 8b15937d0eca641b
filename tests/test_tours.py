"""One person of each role at the screen, from the login page to the end of their work, in a real browser."""

import base64
import io
from datetime import timedelta

from PIL import Image

from odoo import SUPERUSER_ID, api, fields
from odoo.addons.wz_skill_cert import clock
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

# The page knows no scripts, so that the browser is led from outside: fill in, send what the form holds, read the answer.
CHECK = """
(async () => {
    const ensure = (truth, sentence) => { if (!truth) throw new Error(sentence); };
    const picture = async (name) => {
        console.log(`skill_cert_picture ${name}`);
        while (window.skillCertPicture !== name) await new Promise((resolve) => setTimeout(resolve, 25));
    };
    const ask = async (number, digits) => {
        const form = document.querySelector("form");
        form.number.value = number;
        form.digits.value = digits;
        ensure(form.checkValidity(), "The form refuses what is right.");
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
        document.open(); document.write(await answer.text()); document.close();
        return answer.status;
    };
    const [number, digits] = ["%s", "%s"];
    ensure((await ask(number, digits === "0000" ? "1111" : "0000")) === 404, "Wrong digits are answered.");
    ensure((await ask(number, digits)) === 200, "Right digits are refused.");
    const page = document.body.innerText;
    ensure(document.querySelector("li[aria-current=step]"), "The step is not shown.");
    ensure(!page.includes("示例"), "The page names somebody.");
    ensure(!page.includes(digits), "The page repeats the digits.");
    await picture("check");
    console.log("test successful");
})();
"""


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

    def test_association_records_a_members_consent_and_nominates_for_it(self):
        secretary = self._nominator(self._association(self.other_enterprise))
        self._tour("association", secretary)
        membership = self.env["skill.cert.membership"].search([("member_id", "=", self.other_enterprise.id)])
        self.assertRecordValues(membership, [{"consent_state": "given"}])
        self.assertRecordValues(membership.consent_ids, [{"signatory": "周示例", "recorded_by_id": secretary.id}])
        application = self.env["skill.cert.application"].search([("create_uid", "=", secretary.id)])
        self.assertRecordValues(
            application,
            [
                {
                    "applicant_name": "王示例",
                    "nominator_id": secretary.nominator_unit_ids.id,
                    "employer_id": self.other_enterprise.id,
                    "bureau_id": self.other_county.id,
                }
            ],
        )

    def test_city_officer_issues_a_technicians_certificate_and_reads_the_figures(self):
        application = self._passed_technician()
        self._tour("city", self.city_officer)
        self.assertRecordValues(application.certificate_id, [{"state": "valid", "bureau_id": self.city.id}])
        report = self.env["skill.cert.annual.report"].search([("create_uid", "=", self.city_officer.id)])
        self.assertTrue(report.content, "the annual report was exported")

    def test_manager_opens_the_first_campaign_from_the_five_steps(self):
        self.campaign.date_open = clock.today() + timedelta(days=5)
        self._tour("manager", self.manager)
        campaign = self.env["skill.cert.campaign"].search([("create_uid", "=", self.manager.id)])
        self.assertRecordValues(campaign, [{"name": "2099年高技能人才直接认定（虚构）", "is_open": True}])

    def test_applicant_sees_how_far_the_case_is_and_nothing_else(self):
        application = self._accepted()
        self.browser_js(
            "/skill-cert/check",
            CHECK % (application.name, application.id_number[-4:]),
            "!!document.querySelector('form')",
            login=None,
        )

    def _passed_technician(self):
        """Return the case of a technician of the city's own, passed and not certified yet."""
        self.enterprise.skill_cert_bureau_id = self.city
        application = self._qualified(level="technician")
        self._decide(application)
        return application
