"""The other papers of the procedure say what is recorded, whole, and only to those who handle it."""

import io
import re

from pypdf import PdfReader

from odoo.addons.wz_skill_cert import clock, formats
from odoo.addons.wz_skill_cert.reports.papers import share
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SkillCertCase, resident_id

HOSTILE = "<script>alert('x')</script> & <img src=\"http://127.0.0.1:9/x.png\"> {{7*7}} "


def in_parts(length):
    """Return a text of four parts, each of which can be found again with its end."""
    return "".join(f"第{part}段{'技' * length}讫{part}" for part in range(4))


# As long as the fields take them, with what is hostile before it: a text, and a name.
LONG = in_parts(1_190)
LONG_NAME = in_parts(20)


def squeezed(text):
    """Return the text without any space, as where lines break says nothing."""
    return re.sub(r"\s", "", text)


class PaperCase(SkillCertCase):
    def _print(self, paper, records=None, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.county_officer)
        reports = reports.with_context(force_report_rendering=True)
        return reports._render_qweb_pdf(f"wz_skill_cert.report_{paper}", records.ids if records else [])[0]

    def _pages(self, paper, records=None, user=None):
        pdf = self._print(paper, records, user)
        pages = [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]
        return [re.sub(r"第\d+页共\d+页", "", page) for page in pages]

    def _text(self, paper, records=None, user=None):
        return "".join(self._pages(paper, records, user))

    def _html(self, paper, records=None, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.county_officer)
        return reports._render_qweb_html(f"wz_skill_cert.report_{paper}", records.ids if records else [])[0].decode()

    def assert_printed_by(self, allowed, refused, paper, records):
        for user in allowed:
            self.assertTrue(self._html(paper, records, user), user.name)
        for user in refused:
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._html(paper, records, user)

    def assert_holds(self, text, *words):
        for word in words:
            self.assertIn(squeezed(word), text)

    def assert_nothing_cut(self, text):
        self.assert_holds(text, HOSTILE)
        for part in range(4):
            self.assert_holds(text, f"第{part}段", f"技讫{part}")

    def assert_no_personal_data(self, text, application, public=False):
        case = application.sudo()
        self.assertNotIn(case.id_number, text)
        self.assertNotIn(case.phone, text)
        self.assertIn(formats.mask_end(case.id_number_masked) if public else case.id_number_masked, text)


@tagged("standard", "post_install", "-at_install")
class TestAssessmentSheet(PaperCase):
    def _prepare(self):
        super()._prepare()
        self.application = self._accepted()
        self._start_assessment(self.application)
        self.sheets = self.application.sudo().review_id.assessment_ids
        self.sheet = self.sheets[0]

    def test_it_says_what_the_expert_found_and_masks_the_number(self):
        self._assess(self.application)
        text = self._text("assessment_sheet", self.sheet)
        self.assert_holds(
            text, "张示例", self.application.name, "电工", "高级工（三级）", "真实完整", "现场技能操作考核", "示例实训中心",
            "2099年1月1日08:00", "90", "88", "85", "92", "属实。", "具备评审资格", self.sheet.expert_id.name, "签名：",
        )  # fmt: skip
        self.assert_no_personal_data(text, self.application)
        self.assertNotIn("草稿", text)

    def test_exactly_the_box_that_was_chosen_is_ticked(self):
        self.assertEqual(self._html("assessment_sheet", self.sheet).count("√"), 0)
        self._assess(self.application, "unqualified")
        text = self._text("assessment_sheet", self.sheet)
        self.assertEqual(text.count("√"), 3)
        self.assert_holds(text, "√真实完整", "√现场技能操作考核", "√不具备评审资格")

    def test_scores_are_left_open_until_they_are_given(self):
        facts = self.env["report.wz_skill_cert.assessment_sheet"]._facts
        seen = self.sheet.with_user(self.county_officer)
        self.assertEqual([score[2] for score in facts(seen)["scores"]], [""] * 4)
        self._assess(self.application)
        self.assertEqual([score[2] for score in facts(seen)["scores"]], ["90", "88", "85", "92"])

    def test_a_usual_sheet_is_one_page(self):
        self._assess(self.application)
        self.assertEqual(len(self._pages("assessment_sheet", self.sheet)), 1)

    def test_without_a_record_and_before_the_assessment_it_is_for_the_pen(self):
        for records in (None, self.sheet):
            text = self._text("assessment_sheet", records)
            self.assertNotIn("草稿", text)
            self.assertNotIn("√", text)
            self.assert_holds(text, "考评意见", "考评结论：", "签名：")
        self.sheet.with_user(self.sheet.user_id).write({"opinion": "未完"})
        self.assertIn("草稿", self._text("assessment_sheet", self.sheet))

    def test_nothing_is_cut(self):
        self.sheet.write({"opinion": HOSTILE + LONG})
        self._assess(self.application.browse())
        self.assert_nothing_cut(self._text("assessment_sheet", self.sheet))

    def test_a_refused_achievement_is_printed_with_its_reason(self):
        self.application.achievement_ids.action_refuse("证书编号查无")
        self.assert_holds(self._text("assessment_sheet", self.sheet), "不予认可：证书编号查无")

    def test_who_prints_it(self):
        other = self.sheets[1].user_id
        self.assert_printed_by(
            (self.sheet.user_id, self.county_officer, self.city_officer),
            (other, self.nominator, self.other_officer, self.manager, self.plain_user),
            "assessment_sheet",
            self.sheet,
        )
        with self.assertRaises(AccessError):
            self._print("assessment_sheet", self.sheet, self.nominator)

    def test_whoever_declared_a_conflict_has_lost_the_sheet(self):
        self.env["skill.cert.conflict"].create(
            {"expert_id": self.sheet.expert_id.id, "application_id": self.application.id}
        )
        self.assert_printed_by((self.county_officer,), (self.sheet.user_id,), "assessment_sheet", self.sheet)


class MeetingCase(PaperCase):
    def _prepare(self):
        super()._prepare()
        self.applications = self._waiting_for_vote(5)
        self.committee = self._committee(self.county, experts=7, hr=1)
        self.session = self._session(self.applications, self.committee)
        self.members = self.session.seat_ids.expert_id

    def _recuse(self, number, *applications):
        """Let the first ``number`` experts be recused from ``applications``."""
        experts = self.committee.sudo().member_ids.filtered(lambda member: member.role == "expert").expert_id[:number]
        self.env["skill.cert.conflict"].create(
            [
                {"expert_id": expert.id, "application_id": application.id}
                for expert in experts
                for application in applications
            ]
        )
        return experts

    def _close(self, agree=5, against=2):
        self.session.action_open()
        self._vote(self.session, agree, against)
        self.session.action_close()


@tagged("standard", "post_install", "-at_install")
class TestBallotPaper(MeetingCase):
    def test_it_names_the_applicants_and_no_voter(self):
        self.session.seat_ids[-1:].present = False
        text = self._text("ballot_paper", self.session)
        self.assert_holds(
            text, *self.applications.mapped("applicant_name"), "同意", "反对", "弃权", "50%以上（含本数）", "共8份"
        )
        for name in self.members.mapped("name"):
            self.assertNotIn(squeezed(name), text)
        for application in self.applications.sudo():
            self.assertNotIn(application.id_number, text)
            self.assertNotIn(application.id_number_masked, text)

    def test_two_prints_are_alike(self):
        """Nothing on a paper tells it from another: no number, time or token."""
        self.assertEqual(self._html("ballot_paper", self.session), self._html("ballot_paper", self.session))
        self.session.action_open()
        self.assertEqual(self._html("ballot_paper", self.session), self._html("ballot_paper", self.session))

    def test_no_paper_has_a_gap_for_a_recused_member(self):
        """Applicants from whom others are recused have sheets of their own, before the opening and after it."""
        self._recuse(1, self.applications[3])
        for step in (lambda: None, self.session.action_open):
            step()
            pages = self._pages("ballot_paper", self.session)
            self.assertEqual(len(pages), 2)
            self.assert_holds(pages[0], "第1组", "共9份")
            self.assert_holds(pages[1], "第2组", "共8份", self.applications[3].applicant_name)
            self.assertNotIn(self.applications[3].applicant_name, pages[0])

    def test_what_will_be_put_off_is_on_no_paper(self):
        self._recuse(3, self.applications[3])
        for step in (lambda: None, self.session.action_open):
            step()
            self.assertNotIn(self.applications[3].applicant_name, self._text("ballot_paper", self.session))

    def test_a_closed_vote_and_an_empty_agenda_have_no_ballot_paper(self):
        empty = self.session.with_user(self.county_officer).copy({"motion_ids": [], "seat_ids": []})
        with self.assert_refused("nothing to vote"):
            self._html("ballot_paper", empty)
        self._close()
        with self.assert_refused("closed"):
            self._html("ballot_paper", self.session)

    def test_a_blank_paper_prints(self):
        self.assert_holds(self._text("ballot_paper"), "表决票", "同意", "10")

    def test_a_hundred_applicants_take_several_pages_with_the_head_on_each(self):
        session = self._session(self._waiting_for_vote(100), self._committee(self.county, experts=7, hr=1))
        pages = self._pages("ballot_paper", session)
        self.assertGreater(len(pages), 4)
        for page in pages[:-1]:
            self.assert_holds(page, "序号", "同意", "反对", "弃权")
        text = "".join(pages)
        self.assert_holds(text, *session.motion_ids.application_id.mapped("applicant_name"))

    def test_who_prints_it(self):
        self.assert_printed_by(
            (self.county_officer, self.city_officer),
            (self.members[0].user_id, self.nominator, self.other_officer, self.manager),
            "ballot_paper",
            self.session,
        )

    def test_a_share_is_written_as_the_notice_writes_it(self):
        self.assertEqual([share(1, 2), share(3, 4), share(2, 3)], ["50%", "75%", "3分之2"])


@tagged("standard", "post_install", "-at_install")
class TestMinutes(MeetingCase):
    def test_they_say_who_was_there_what_was_voted_and_the_seal(self):
        self.session.place = "温州示例会议室（虚构）"
        self.session.seat_ids[-1:].present = False
        absent = self.session.seat_ids[-1:].expert_id.name
        recused = self._recuse(1, self.applications[1])
        self._recuse(3, self.applications[2])
        self._close()
        text = self._text("session_minutes", self.session)
        self.assert_holds(
            text, self.session.seal, "温州示例会议室（虚构）", "共9人，到会8人，其中专家7人", *self.members.mapped("name"),
            f"{self.applications[0].applicant_name}电工高级工（三级）", "8521通过", "主任（签名）", "封存校验码",
            recused.name + "回避，不参加表决", "暂缓表决。评审委员会",
        )  # fmt: skip
        self.assert_holds(text, f"9{absent}企业人力资源管理部门负责人企业人力资源管理部门负责人缺席")
        self.assertNotIn("未达到评审工作设定的比例", text)

    def test_figures_are_those_that_were_sealed(self):
        self._close(agree=3, against=6)
        text = self._text("session_minutes", self.session)
        self.assertEqual(text.count("9360不通过"), 5)

    def test_few_members_are_remarked(self):
        self.policy.sudo().with_context(tracking_disable=True).write({"quorum_numerator": 1, "quorum_denominator": 1})
        self.session.seat_ids[-1:].present = False
        self._close()
        self.assert_holds(self._text("session_minutes", self.session), "到会人数未达到评审工作设定的比例")

    def test_there_are_none_before_the_seal(self):
        for step in (lambda: None, self.session.action_open):
            step()
            with self.assert_refused("closed and sealed"):
                self._html("session_minutes", self.session)

    def test_no_choice_leads_to_a_member_and_no_number_to_a_person(self):
        self._close()
        html = self._html("session_minutes", self.session)
        for token in self.env["skill.cert.ballot"].search([]).mapped("token"):
            self.assertNotIn(token, html)
        for application in self.applications.sudo():
            self.assertNotIn(application.id_number, html)
            self.assertNotIn(application.phone, html)

    def test_who_prints_them(self):
        self._close()
        self.assert_printed_by(
            (self.county_officer, self.city_officer),
            (self.members[0].user_id, self.nominator, self.other_officer, self.manager),
            "session_minutes",
            self.session,
        )

    def test_hostile_and_long_names_are_printed_whole(self):
        self.session.write({"name": HOSTILE + LONG_NAME, "place": HOSTILE})
        self.applications[0].sudo().employer_name = HOSTILE + LONG_NAME
        self._close()
        text = self._text("session_minutes", self.session)
        self.assert_nothing_cut(text)
        self.assertGreaterEqual(text.count(squeezed(HOSTILE)), 3)


@tagged("standard", "post_install", "-at_install")
class TestPublicity(MeetingCase):
    def test_names_are_full_numbers_masked_and_nothing_else_is_said(self):
        self._close()
        for paper, records in (("publicity_list", self.applications), ("session_publicity_list", self.session)):
            text = self._text(paper, records)
            for application in self.applications:
                self.assert_no_personal_data(text, application, public=True)
                self.assert_holds(text, application.applicant_name)
            self.assert_holds(text, f"向{self.county.name}反映", "年月日至年月日。")
            for name in self.members.mapped("name"):
                self.assertNotIn(squeezed(name), text)

    def test_the_period_is_the_policys(self):
        self.policy.sudo().publicity_days = 5
        self._close()
        until = self.applications[0].sudo()._publicity_until()
        day = clock.day_of(until)
        text = self._text("publicity_list", self.applications)
        today = clock.today()
        self.assert_holds(
            text, f"公示时间：{today.year}年{today.month}月{today.day}日至{day.year}年{day.month}月{day.day}日"
        )

    def test_only_those_who_passed_are_made_public(self):
        with self.assert_refused("has not passed"):
            self._html("publicity_list", self.applications)
        self._recuse(3, self.applications[4])
        self._close()
        with self.assert_refused("has not passed"):
            self._html("publicity_list", self.applications)
        self.applications[0].action_revoke("弄虚作假")
        text = self._text("session_publicity_list", self.session)
        for application in (self.applications[0], self.applications[4]):
            self.assertNotIn(application.applicant_name, text)
        self.assert_holds(text, *self.applications[1:4].mapped("applicant_name"))

    def test_a_session_in_which_nobody_passed_has_no_list(self):
        self._close(agree=0, against=9)
        with self.assert_refused("Nobody"):
            self._html("session_publicity_list", self.session)

    def test_one_list_a_bureau(self):
        self._close()
        far = self._waiting_for_vote(1, self.other_county)
        self._decide(far)
        both = (self.applications | far).with_user(self.city_officer)
        pages = self._pages("publicity_list", both, self.city_officer)
        self.assertEqual(len(pages), 2)
        self.assert_holds(pages[0], f"向{self.county.name}反映")
        self.assert_holds(pages[1], f"向{self.other_county.name}反映", far.applicant_name)

    def test_who_prints_it(self):
        self._close()
        refused = (self.members[0].user_id, self.nominator, self.other_officer, self.manager)
        for paper, records in (("publicity_list", self.applications), ("session_publicity_list", self.session)):
            self.assert_printed_by((self.county_officer, self.city_officer), refused, paper, records)

    def test_a_blank_list_prints(self):
        self.assert_holds(self._text("publicity_list"), "公示名单", "8")

    def test_hostile_and_long_text_is_printed_whole(self):
        self.applications[0].sudo().write({"employer_name": HOSTILE + LONG_NAME, "applicant_name": HOSTILE})
        self._close()
        self.assert_nothing_cut(self._text("publicity_list", self.applications))


@tagged("standard", "post_install", "-at_install")
class TestReturnNotice(PaperCase):
    def test_it_gives_the_reasons_and_the_deadline(self):
        application = self._submitted()
        application.action_return("身份证复印件不清晰。\n工龄与简历不一致。")
        close = application.due_on
        for user in (self.county_officer, self.nominator):
            text = self._text("return_notice", application, user)
            self.assert_holds(
                text, "身份证复印件不清晰。", "工龄与简历不一致。", self.enterprise.name, "张示例", application.name,
                f"{close.year}年{close.month}月{close.day}日（含当日）前", self.county.name,
            )  # fmt: skip
            self.assert_no_personal_data(text, application)
            self.assertNotIn("草稿", text)

    def test_nothing_is_cut(self):
        application = self._submitted()
        application.action_return(HOSTILE + LONG)
        self.assert_nothing_cut(self._text("return_notice", application))

    def test_without_a_return_there_is_no_notice(self):
        application = self._submitted()
        with self.assert_refused("has not been returned"):
            self._html("return_notice", application)

    def test_who_prints_it(self):
        application = self._accepted()
        self._start_assessment(application)
        expert = application.sudo().review_id.assessment_ids[0].user_id
        other = self._submitted(id_number=resident_id(sequence=903))
        other.action_return("补充")
        self.assert_printed_by(
            (self.nominator, self.county_officer, self.city_officer),
            (self.other_nominator, self.other_officer, expert, self.manager),
            "return_notice",
            other,
        )

    def test_a_return_from_before_notices_were_kept_is_printed_once_and_kept(self):
        application = self._submitted().sudo()
        application.write({"state": "returned", "reason": "补充材料"})
        first = self._print("return_notice", application)
        self.assertEqual(application.paper_ids.filtered(lambda p: p.form == "return_notice").moment, "returned")
        self.assertEqual(self._print("return_notice", application), first)


@tagged("standard", "post_install", "-at_install")
class TestBindings(PaperCase):
    def test_each_paper_is_offered_only_to_those_who_may_print_it(self):
        offered = {
            "assessment_sheet": {"group_expert", "group_county_officer"},
            "ballot_paper": {"group_county_officer"},
            "session_minutes": {"group_county_officer"},
            "publicity_list": {"group_county_officer"},
            "session_publicity_list": {"group_county_officer"},
            "return_notice": {"group_nominator", "group_county_officer"},
            "dossier": {"group_county_officer"},
        }
        for paper, groups in offered.items():
            report = self.env.ref(f"wz_skill_cert.report_{paper}")
            form = self.env[f"report.wz_skill_cert.{paper}"]
            expected = self.env["res.groups"].union(*(self.env.ref(f"wz_skill_cert.{group}") for group in groups))
            self.assertEqual(report.group_ids, expected, paper)
            self.assertEqual(set(form._groups), {f"wz_skill_cert.{group}" for group in groups}, paper)
            self.assertEqual((report.model, report.engine), (form._paper_model, "weasyprint"), paper)
            self.assertEqual(report.binding_model_id.model, form._paper_model, paper)
