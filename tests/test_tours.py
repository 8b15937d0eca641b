"""One person of each role at the screen, from the login page to the end of their work, in a real browser."""

import base64
import io
import itertools
import json
import re
from datetime import datetime, time, timedelta

import weasyprint
from PIL import Image

from odoo import SUPERUSER_ID, api, fields
from odoo.addons.wz_skill_cert import clock
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import HttpCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import file_open

from . import tour_pictures
from .common import SkillCertCase, resident_id

PHONE, SMALL_PHONE = "390x844", "390x600"
# The screens get into the user guide: who works there has a name, and a paper has content.
USERS = itertools.cycle("赵钱吴郑冯褚卫蒋沈韩杨朱秦尤许")
APPLICANTS = itertools.cycle("孙何吕施孔曹严华金魏陶姜戚谢邹喻")
PAPER = """
<style>
    @page { size: 297mm 190mm; margin: 12mm; }
    body { margin: 0; border: 2mm double #8a1c1c; height: 160mm; text-align: center; font: 15pt/2.1 serif; color: #222; }
    h1 { font-size: 30pt; margin: 14mm 0 4mm; color: #8a1c1c; } small { color: #777; }
</style>
<h1>%s</h1>
<p>姓名：某示例　　编号：示例第0001号　　出具单位：示例机构（虚构）</p>
<small>示例材料（虚构）：不是任何证书的复印件，不含任何真实个人或单位的信息</small>
"""
PAPERS = {"proof.pdf": "工程师职称证书", "id.pdf": "身份证复印件"}
STYLES = ("web.assets_frontend", "web.assets_web")
SCRIPTS = (
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.assets_web",
    "web.__assets_tests_call__",
    "web_tour.automatic",
)

# As the step of the tours: see steps.js.
PICTURE = """
    const picture = async (name) => {
        console.log(`skill_cert_picture ${name}`);
        while (window.skillCertPicture !== name) await new Promise((resolve) => setTimeout(resolve, 25));
    };
"""
VERIFY = """
(async () => {
    const ensure = (truth, sentence) => { if (!truth) throw new Error(sentence); };
%s
    const page = document.body.innerText;
    ensure(page.includes("%s"), "The certificate's number is not shown.");
    ensure(document.querySelectorAll("li.yes").length >= 3 && !document.querySelector("li.no"), "A check fails.");
    ensure(!page.includes("%s") && !page.includes("%s"), "The page names the holder in full.");
    await picture("verify");
    console.log("test successful");
})();
"""

# The page knows no scripts, so that the browser is led from outside: fill in, send what the form holds, read the answer.
CHECK = """
(async () => {
    const ensure = (truth, sentence) => { if (!truth) throw new Error(sentence); };
%s
    const [number, digits, answer] = %s;
    const form = document.querySelector("form");
    form.number.value = number;
    await picture("check-form");
    form.digits.value = digits;
    ensure(form.checkValidity(), "The form refuses what is right.");
    // The page lets no script ask the server: what it answers, the test has asked.
    document.open(); document.write(answer); document.close();
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
    takes_long = True

    @classmethod
    def setUpClass(cls):
        cls._keep_bundles()
        super().setUpClass()

    @classmethod
    def _make_world(cls):
        super()._make_world()
        cls.campaign.name = "2099年直接认定（虚构）"
        cls.papers = {name: weasyprint.HTML(string=PAPER % title).write_pdf() for name, title in PAPERS.items()}
        with file_open("wz_skill_cert/demo/images/portrait_1.png", "rb") as portrait:
            cls.portrait = base64.b64encode(portrait.read())

    @classmethod
    def _users(cls, number, *groups):
        users = super()._users(number, *groups)
        for user in users:
            user.name = f"{next(USERS)}示例"
        return users

    @staticmethod
    def _person():
        return f"{next(APPLICANTS)}示例"

    def _file(self, user, name="proof.pdf"):
        if name not in PAPERS:
            return super()._file(user, name)
        values = {"name": f"{PAPERS[name]}（虚构）.pdf", "raw": self.papers[name]}
        return self.env["ir.attachment"].with_user(user).create(values)

    def _draft(self, user=None, **values):
        draft = super()._draft(user, **{"photo": self.portrait, **values})
        draft.material_ids.filtered("required").copies = 2
        return draft

    def _someone(self, sequence, **values):
        """Return what makes an application another person's."""
        birth = clock.today().replace(year=1980, day=1) + timedelta(days=sequence)
        person = {"applicant_name": self._person(), "id_number": resident_id(birth), "birth_date": birth}
        return {**person, **values}

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
        # OdooBot greets new users, on a phone over the whole screen. As the system: a login is its person's to change.
        user = user.with_env(self.env)
        user.write({"login": login, "password": login, "odoobot_state": "disabled"})
        if tour_pictures.wanted():
            user.write({"lang": "zh_CN", "tz": "Asia/Shanghai"})
        self.start_tour("/web/login", f"wz_skill_cert_{role}", timeout=120)
        self.env.invalidate_all()

    def _assert_owns(self, owner, files, name):
        self.assertRecordValues(files, [{"name": name, "res_model": owner._name, "res_id": owner.id}])

    def test_nominator_types_an_application_and_submits_it_when_nothing_is_missing(self):
        earlier = self._work_of_the_unit()
        self._tour("nominator", self.nominator)
        mine = self.env["skill.cert.application"].search([("create_uid", "=", self.nominator.id)])
        application = mine - earlier.sudo()
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
        self.assertEqual(
            sorted(achievement.evidence_ids.mapped("name")), ["事迹材料（虚构）.pdf", "劳动模范证书（虚构）.pdf"]
        )
        for file in achievement.evidence_ids:
            self._assert_owns(achievement, file, file.name)
        self.assertEqual(Image.open(io.BytesIO(base64.b64decode(application.photo))).size, (413, 579))
        identity_card = application.material_ids.filtered("required")
        self._assert_owns(identity_card, application.material_ids.attachment_ids, "身份证复印件（虚构）.pdf")

    def test_officer_checks_the_papers_beside_the_form_accepts_and_returns_with_a_standard_reason(self):
        application = self._submitted()
        for case, days in enumerate((-3, 0, 4, 12)):
            self._submitted(**self._someone(case)).sudo().due_on = clock.today() + timedelta(days=days)
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
        application.sudo().panel_id.name = "2099年电工专家考评组（虚构）"
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
        session.name = "2099年第一次评审会（虚构）"
        session.action_open()
        seat = session.seat_ids[2]
        self._tour("voter", seat.user_id)
        self.assertEqual(session.seat_ids.filtered("voted"), seat)
        ballots = self.env["skill.cert.ballot"].search([("motion_id", "in", session.motion_ids.ids)])
        cast = ballots.filtered("choice")
        self.assertEqual(cast.motion_id, session.motion_ids)
        self.assertEqual(sorted(cast.mapped("choice")), ["against", "agree", "agree"])

    def test_association_records_a_members_consent_and_nominates_for_it(self):
        secretary = self._nominator(self._association(self.other_enterprise, self.enterprise))
        self._work_of_the_association(secretary)
        self._tour("association", secretary)
        membership = self.env["skill.cert.membership"].search([("member_id", "=", self.other_enterprise.id)])
        self.assertRecordValues(membership, [{"consent_state": "given"}])
        self.assertRecordValues(membership.consent_ids, [{"signatory": "周示例", "recorded_by_id": secretary.id}])
        mine = [("create_uid", "=", secretary.id), ("employer_id", "=", self.other_enterprise.id)]
        application = self.env["skill.cert.application"].search(mine)
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
        self._committee(self.city, experts=3, hr=2, appoint=False).name = "2099年电工评审委员会（虚构）"
        self._cases_of_the_city()
        self._tour("city", self.city_officer)
        self.assertRecordValues(application.certificate_id, [{"state": "valid", "bureau_id": self.city.id}])
        report = self.env["skill.cert.annual.report"].search([("create_uid", "=", self.city_officer.id)])
        self.assertTrue(report.content, "the annual report was exported")

    def test_manager_opens_the_first_campaign_from_the_five_steps(self):
        later = {"date_open": clock.today() + timedelta(days=5), "date_close": clock.today() + timedelta(days=35)}
        self.env["skill.cert.campaign"].search([]).write(later)
        self._tour("manager", self.manager)
        campaign = self.env["skill.cert.campaign"].search([("create_uid", "=", self.manager.id)])
        self.assertRecordValues(campaign, [{"name": "2099年高技能人才直接认定（虚构）", "is_open": True}])

    def _ask(self, number, digits):
        """Send the form of the progress page, as the browser does."""
        token = re.search(r'name="token" value="(\w+)"', self.url_open("/skill-cert/check").text)[1]
        return self.url_open("/skill-cert/check", data={"number": number, "digits": digits, "token": token})

    def test_applicant_sees_how_far_the_case_is_and_nothing_else(self):
        self.browser_size, self.touch_enabled = SMALL_PHONE, True
        application = self._accepted()
        digits = application.id_number[-4:]
        wrong, right = (
            self._ask(application.name, typed) for typed in ("1111" if digits == "0000" else "0000", digits)
        )
        self.assertEqual((wrong.status_code, right.status_code), (404, 200))
        self.browser_js(
            "/skill-cert/check",
            CHECK % (PICTURE, json.dumps([application.name, digits, right.text])),
            "!!document.querySelector('form')",
            login=None,
        )

    def test_anyone_verifies_a_certificate_by_its_link_and_learns_no_name(self):
        self.browser_size, self.touch_enabled = PHONE, True
        application = self._passed_technician()
        application.action_certify()
        certificate = application.sudo().certificate_id
        self.browser_js(
            f"/skill-cert/verify/{certificate.token}",
            VERIFY % (PICTURE, certificate.number, application.applicant_name, application.id_number),
            "!!document.querySelector('li.yes')",
            login=None,
        )

    def _application_vals(self, user=None, **values):
        if values.get("applicant_name", "").startswith("示例"):
            values["applicant_name"] = self._person()
        return super()._application_vals(user, **values)

    def _work_of_the_unit(self):
        """Return cases of the nominator's unit at several steps; two of its staff wait to be nominated."""
        self.nominator.group_ids = [Command.link(self.env.ref("hr.group_hr_user").id)]
        for name in ("姜示例", "陶示例"):
            honour = Command.create(self._achievement_vals(self.nominator, "honour", scope="2"))
            self._employee(name, occupation_id=self.electrician.id, achievement_ids=[honour])
        draft = self._draft(**self._someone(1, phone=False, summary=False))
        returned, waiting, certified = (self._submitted(**self._someone(number)) for number in (2, 3, 4))
        returned.action_return(self.env.ref("wz_skill_cert.reason_return_seal").name)
        certified.sudo().write({"state": "certified", "decided_on": fields.Datetime.now()})
        complete = self._draft(**self._someone(5))
        sheet = self.env["skill.cert.submission"].with_user(self.nominator).create({"campaign_id": self.campaign.id})
        (draft | complete).submission_id = sheet
        return draft | returned | waiting | certified | complete

    def _work_of_the_association(self, secretary):
        """One member has agreed and its cases are under way; of the other only the contact is known."""
        memberships = self.env["skill.cert.membership"].search(
            [("association_id", "in", secretary.nominator_unit_ids.ids)]
        )
        agreed = memberships.filtered(lambda membership: membership.member_id == self.enterprise)
        consent = {"membership_id": agreed.id, "signatory": "孔示例", "given_on": clock.today()}
        scan = [Command.set(self._file(secretary, "会员同意书（虚构）.pdf").ids)]
        self.env["skill.cert.consent"].with_user(secretary).create({**consent, "attachment_ids": scan})
        contact = {"contact_name": "严示例", "contact_phone": "0577-00000903", "contact_email": "hr@member.invalid"}
        (memberships - agreed).with_user(secretary).write(contact)
        member = {"employer_id": self.enterprise.id}
        self._draft(secretary, **self._someone(1, phone=False, **member))
        self._submitted(secretary, **self._someone(2, **member))

    def _cases_of_the_city(self):
        """Make cases of several counties and occupations, so that the figures show something."""
        bureaus = self.env["skill.cert.bureau"].search([("city_id", "=", self.city.id)], limit=6)
        in_scope = [("in_scope", "=", True), ("code", "=like", "6-%")]
        occupations = self.env["skill.cert.occupation"].search(in_scope, limit=7)
        now, states = fields.Datetime.now(), ("submitted", "accepted", "passed")
        places = [
            (bureau, occupation)
            for row, bureau in enumerate(bureaus)
            for column, occupation in enumerate(occupations)
            for _case in range((3 * row + 2 * column + row * column + 1) % 5)
        ]
        cases = self.env["skill.cert.application"].create(
            [
                self._application_vals(
                    name=f"{bureau.code}-2099-{number:05d}",
                    bureau_id=bureau.id,
                    occupation_id=occupation.id,
                    state=states[number % 3],
                    submitted_on=now,
                    achievement_ids=[],
                    **self._someone(number),
                )
                for number, (bureau, occupation) in enumerate(places, 1)
            ]
        )
        for number, case in enumerate(cases):
            case.due_on = clock.today() + timedelta(days=number * 3 % 16 - 2)
        self._plan(cases.filtered(lambda case: case.state == "accepted" and case.bureau_id == self.city))

    def _plan(self, cases):
        """Plan the assessment of the cases, one a day and hour, around today: in every week that a calendar may show of it."""
        today = datetime.combine(clock.today(), time(hour=1))
        for number, case in enumerate(cases):
            start = today + timedelta(days=(number + 2) % 5 - 2, hours=number // 5)
            case.write({"assess_on": start, "assess_place": "示例实训中心（虚构）"})

    def _passed_technician(self):
        """Return the case of a technician of the city's own, passed and not certified yet."""
        self.enterprise.skill_cert_bureau_id = self.city
        application = self._qualified(level="technician")
        self._decide(application)
        return application
