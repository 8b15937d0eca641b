"""The other papers of the procedure: what bureaus, panels and committees sign, post and send."""

import functools
from types import SimpleNamespace

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import file_open

from .. import clock, formats, workflow
from . import engine, press, wording

# Always in Chinese, as wording.py: an official paper does not follow the user's language.
LEVELS = {"senior_worker": "高级工（三级）", "technician": "技师（二级）"}
QUALIFICATIONS = {
    "senior_engineer": "高级工程师",
    "senior_technician": "高级技师",
    "senior_instructor": "高级实习指导教师",
    "senior_lecturer": "高级讲师",
    "hr_head": "企业人力资源管理部门负责人",
    "bureau_leader": "人社局分管领导",
}
SEAT_ROLES = {"chair": "主任", "expert": "专家", "hr": "企业人力资源管理部门负责人"}
PURPOSES = {"recommend": "推荐上报", "certify": "认定"}
OUTCOMES = {
    "pending": "进行中",
    "qualified": "具备评审资格",
    "recommended": "已推荐上报",
    "passed": "通过",
    "rejected": "不通过",
    "returned": "退回",
    "withdrawn": "撤回",
    "terminated": "终止办理",
    "sent_back": "市级退回",
    "transferred": "移交",
    "revoked": "取消资格",
}
MATERIALS = {"complete": "真实完整", "incomplete": "材料不完整", "false": "真实性存疑"}
METHODS = {"practical": "现场技能操作考核", "interview": "面试"}
VERDICTS = {"qualified": "具备评审资格", "unqualified": "不具备评审资格"}
FINDINGS = {"claimed": "待核实", "verified": "已核实", "refused": "不予认可"}
# Notice, part 1, 四个方面: the four headings and what each is about.
HEADINGS = (
    ("score_conduct", "思想品德", "职业道德、劳动态度等"),
    ("score_ability", "工作能力", "实际操作、解决关键生产技术难题、创新、传授技艺等能力"),
    ("score_training", "培训提高", "参加培训，学习应用新技术、新设备、新材料、新工艺情况"),
    ("score_results", "工作业绩", "为单位创造效益和突出贡献，先进荣誉称号和竞赛获奖情况"),
)
ACHIEVEMENT_WORDS = {
    "scope": {"1": "县级", "2": "市级", "3": "省级", "4": "国家级"},
    "grade": {"0": "特等奖", "1": "一等奖", "2": "二等奖", "3": "三等奖", "4": "四等奖"},
    "title_rank": {"1": "初级", "2": "中级", "3": "副高级", "4": "正高级"},
    "role": {"main_contributor": "主要完成者", "main_participant": "主要参与者", "participant": "参与者"},
}
# QWeb refuses modules, whose imports would lead out of the template.
WORDS = SimpleNamespace(
    mask_end=formats.mask_end,
    LEVELS=LEVELS,
    QUALIFICATIONS=QUALIFICATIONS,
    SEAT_ROLES=SEAT_ROLES,
    PURPOSES=PURPOSES,
    OUTCOMES=OUTCOMES,
    MATERIALS=MATERIALS,
    METHODS=METHODS,
    VERDICTS=VERDICTS,
    FINDINGS=FINDINGS,
    HEADINGS=HEADINGS,
)


@functools.cache
def papers_stylesheet():
    """Return what these papers add to the forms' stylesheet."""
    with file_open("wz_skill_cert/static/src/forms/papers.css") as css:
        return Markup(css.read().replace("CHINESE-FAMILIES", engine.quoted_families()))


def achievement_detail(achievement):
    """Return what an achievement states beside its name, in the papers' words."""
    parts = [words.get(achievement[name]) for name, words in ACHIEVEMENT_WORDS.items()]
    if achievement.annual_benefit:
        parts.append(f"年创效益{achievement.annual_benefit:.2f}万元")
    return "，".join(part for part in [*parts, achievement.number, achievement.issuer] if part)


def time_of(moment):
    """Return a moment as it is written in minutes, e.g. ``2026年11月24日 14:30``."""
    if not moment:
        return ""
    return f"{wording.day(moment)} {moment.replace(tzinfo=clock.UTC).astimezone(clock.CHINA):%H:%M}"


def share(numerator, denominator):
    """Return a share as the notice writes it: ``50%``, and otherwise as a fraction."""
    if 100 * numerator % denominator == 0:
        return f"{100 * numerator // denominator}%"
    return f"{denominator}分之{numerator}"


class OfficePaper(models.AbstractModel):
    """What these papers share: who prints them, and their facts as one call of the template."""

    _name = "skill.cert.office.paper"
    _description = "Paper of the procedure"
    _inherit = ["skill.cert.form"]

    _groups = ("wz_skill_cert.group_county_officer",)
    # Several records make one paper.
    _one_document = False

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the values of the template; ``facts(record)`` are what the paper says about a record."""
        values = super()._get_report_values(docids, data)
        values["stylesheet"] += papers_stylesheet()
        return {
            **values,
            "words": WORDS,
            "facts": self._facts,
            "time_of": time_of,
            "detail": achievement_detail,
            "today": clock.today(),
        }

    def _check_personal_data(self, applications):
        # These papers mask the ID number and show neither phone nor photo; who else may not have them, says the group.
        if not self.env.su and not any(self.env.user.has_group(group) for group in self._groups):
            raise AccessError(self.env._("This paper is printed by those who handle the case only."))

    def _is_draft(self, record):
        return False

    def _facts(self, record):
        return {}


class AssessmentSheet(models.AbstractModel):
    """专家考评表: one expert's findings about one applicant; empty where it is filled in by hand."""

    _name = "report.wz_skill_cert.assessment_sheet"
    _description = "Assessment sheet"
    _inherit = ["skill.cert.office.paper"]
    _paper_model = "skill.cert.assessment"
    _groups = ("wz_skill_cert.group_expert", "wz_skill_cert.group_county_officer")

    @api.model
    def _printable(self, docids):
        """Return the assessments; whoever declared a conflict since then has lost the case, and its sheet."""
        sheets = super()._printable(docids)
        sheets.application_id.check_access("read")
        return sheets

    def _is_draft(self, record):
        # Nothing written yet: a sheet for the pen, and no draft.
        begun = any(record[name] for name in ("materials", "method", "opinion", "verdict"))
        return record.state == "draft" and begun

    def _facts(self, record):
        # sudo: the names of expert, panel and bureau; the sheet itself is read with the user's rights.
        application, names = record.application_id, record.sudo()
        return {
            "case": application,
            "expert": names.expert_id,
            "panel": names.panel_id.name,
            "bureau": names.bureau_id.name,
            "achievements": wording.padded(application.achievement_ids, 2),
            "scores": [
                (title, about, str(record[name]) if record.state == "submitted" else record[name] or "")
                for name, title, about in HEADINGS
            ],
        }


class BallotPaper(models.AbstractModel):
    """表决票 for a vote on paper.

    All copies of a sheet are alike: no name, number or code that leads to a voter. Applicants from
    whom somebody is recused have sheets of their own, which the recused member is not given: a
    paper with a gap would tell whose it is.
    """

    _name = "report.wz_skill_cert.ballot_paper"
    _description = "Ballot paper"
    _inherit = ["skill.cert.office.paper"]
    _paper_model = "skill.cert.session"

    @api.model
    def _printable(self, docids):
        """Return the sessions, or raise UserError where the vote is over."""
        sessions = super()._printable(docids)
        if sessions.filtered(lambda session: session.state == "closed"):
            raise UserError(self.env._("The vote is closed: no more ballot papers are printed."))
        for session in sessions:
            if not self._sheets(session):
                raise UserError(self.env._("%s: there is nothing to vote on yet.", session.name))
        return sessions

    def _facts(self, record):
        policy = record.policy_id
        return {
            "sheets": self._sheets(record) if record else [(record.motion_ids, "")],
            "share": share(policy.pass_share_numerator, policy.pass_share_denominator) if policy else "50%",
        }

    def _sheets(self, session):
        """Return [(motions, copies)]: those that the same members vote on, together on a sheet."""
        seats = session.seat_ids.filtered("present") or session.seat_ids
        recused = self._recused(session, seats)
        motions = session.motion_ids.filtered(lambda motion: motion.state in ("pending", "open"))
        sheets = motions.grouped(lambda motion: recused[motion]).items()
        # Where the others would be no committee, the motion will be put off.
        defect = session.policy_id._committee_defect
        return [
            (together, len(seats - absent)) for absent, together in sheets if not defect(*(seats - absent)._figures())
        ]

    def _recused(self, session, seats):
        if session.state == "open":
            # sudo: hidden while the vote is open in the system; on paper nobody's vote shows in it.
            return {motion: motion.sudo().recused_seat_ids.with_env(self.env) for motion in session.motion_ids}
        # Before the opening: those who will be.
        conflicts = seats.expert_id._conflicts(session.motion_ids.application_id)
        return {motion: seats._of(conflicts[motion.application_id]) for motion in session.motion_ids}


class SessionMinutes(models.AbstractModel):
    """评审会议纪要, once the vote is closed."""

    _name = "report.wz_skill_cert.session_minutes"
    _description = "Minutes of a review session"
    _inherit = ["skill.cert.office.paper"]
    _paper_model = "skill.cert.session"

    @api.model
    def _printable(self, docids):
        """Return the sessions, or raise UserError where one is not closed."""
        sessions = super()._printable(docids)
        if sessions.filtered(lambda session: session.state != "closed"):
            raise UserError(self.env._("Minutes are printed once the vote is closed and sealed."))
        return sessions

    def _facts(self, record):
        return minutes_facts(record, record.motion_ids)


class MinutesExtract(models.AbstractModel):
    """What the minutes say of one applicant, for the dossier: the session's other applicants are no part of the case."""

    _name = "report.wz_skill_cert.minutes_extract"
    _description = "Extract of the minutes of a review session"
    _inherit = ["skill.cert.office.paper"]
    _paper_model = "skill.cert.motion"

    @api.model
    def _printable(self, docids):
        """Return the motions, or raise UserError where the vote is not closed."""
        motions = super()._printable(docids)
        if motions.session_id.filtered(lambda session: session.state != "closed"):
            raise UserError(self.env._("Minutes are printed once the vote is closed and sealed."))
        return motions

    def _facts(self, record):
        return minutes_facts(record.session_id, record)


def minutes_facts(session, motions):
    """Return what minutes say of a session about ``motions``."""
    present = session.seat_ids.filtered("present")
    # sudo: hidden while a vote is open; minutes are of a closed one.
    motions = motions.sudo()
    members, experts, _chairs = present._figures()
    appointed = len(session.committee_id.member_ids)
    policy = session.policy_id
    put_off = motions.filtered(lambda motion: motion.state == "put_off")
    return {
        "present": present,
        "members": members,
        "experts": experts,
        "appointed": appointed,
        "lacks_quorum": policy._lacks_quorum(members, appointed) if policy else False,
        "chair": present.filtered(lambda seat: seat.role == "chair")[:1],
        "voted": motions.filtered(lambda motion: motion.state == "voted"),
        "put_off": [(motion, *_put_off_reason(motion, present)) for motion in put_off],
        "recused": motions.filtered("recused_seat_ids"),
        "share": share(policy.pass_share_numerator, policy.pass_share_denominator) if policy else "50%",
    }


def _put_off_reason(motion, present):
    """Return (whether too few remained after recusal, the reason)."""
    # Anew, since the stored sentence is in the language of whoever opened the vote.
    figures = (present - motion.recused_seat_ids)._figures()
    defect = motion.session_id.policy_id._committee_defect(*figures)
    return bool(defect), defect or motion.put_off_reason


class PublicityList(models.AbstractModel):
    """公示名单: names in full, since whoever objects must know the person; ID numbers masked, no phone."""

    _name = "report.wz_skill_cert.publicity_list"
    _description = "Publicity list"
    _inherit = ["skill.cert.office.paper"]
    _paper_model = "skill.cert.application"
    _one_document = True

    @api.model
    def _printable(self, docids):
        """Return the applications, or raise UserError where one has not passed."""
        applications = super()._printable(docids)
        if others := applications.filtered(lambda application: not workflow.row(application.state).published):
            raise UserError(self.env._("%s has not passed, and is not made public.", others[0].display_name))
        return applications

    @api.model
    def _kept_and_live(self, applications):
        """Return the kept lists on which these applications were made public, and the applications that are on none."""
        # sudo: what was published is no secret; the caller has checked that the user may print it.
        published = applications.sudo().publication_id
        papers = published.env["skill.cert.paper"]
        kept = papers.union(*(papers._for(publication, "publicity_list") for publication in published))
        return kept, applications.filtered(lambda application: not application.publication_id)

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the values of the template: one list a bureau."""
        values = super()._get_report_values(docids, data)
        applications = self._paper_env()[self._paper_model].browse(docids or [])
        lists = applications.grouped("handling_bureau_id").items() if applications else [(None, applications)]
        return {**values, "lists": [self._list(bureau, persons) for bureau, persons in lists]}

    def _list(self, bureau, applications):
        decided = applications.filtered("decided_on").sorted("decided_on")
        until = {application._publicity_until() for application in decided}
        last = max((day for day in until if day), default=None)
        published = applications.publication_id[:1]
        return {
            "bureau": bureau.name if bureau else "",
            "persons": wording.padded(applications.sorted("name"), 1 if applications else 8),
            "year": applications[:1].campaign_id.year or "20\u3000\u3000",
            # A period that no policy sets is written in by hand.
            "first_day": wording.day(last and (published.first_day or decided[:1].decided_on), wording.BLANK_DATE),
            "last_day": wording.day(last, wording.BLANK_DATE),
            "contact": published.contact,
            "date": wording.day(published.first_day, wording.BLANK_DATE),
        }


class SessionPublicityList(models.AbstractModel):
    """公示名单 of all that a session passed."""

    _name = "report.wz_skill_cert.session_publicity_list"
    _description = "Publicity list of a session"
    _inherit = ["skill.cert.office.paper"]
    _paper_model = "skill.cert.session"

    @api.model
    def _frozen_pdf(self, record):
        """Return the list or lists as they were made public, or None while somebody is still to be."""
        if record.to_publish_count or not record.publication_ids:
            return None
        # sudo: as in the list of applications.
        papers = self.env["skill.cert.paper"].sudo()
        kept = [
            papers._for(publication, "publicity_list")._pdf() for publication in record.publication_ids.sorted("id")
        ]
        return kept[0] if len(kept) == 1 else press.merged(kept)

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the values of the template: the lists of each session's applicants who passed and are still to be published."""
        values = super()._get_report_values(docids, data)
        # Whose qualification was cancelled since then is not made public.
        passed = self._printable(docids).motion_ids.filtered("passed").application_id
        passed = passed.filtered(lambda application: workflow.row(application.state).published)
        if docids and not passed:
            raise UserError(self.env._("Nobody has passed in this session."))
        passed = passed.filtered(lambda application: not application.publication_id) or passed
        lists = self.env["report.wz_skill_cert.publicity_list"]._get_report_values(passed.ids)["lists"]
        return {**values, "lists": lists}


class ReturnNotice(models.AbstractModel):
    """退回通知书: why an application was returned, and until when it can be submitted again."""

    _name = "report.wz_skill_cert.return_notice"
    _description = "Notice of return"
    _inherit = ["skill.cert.office.paper"]
    _paper_model = "skill.cert.application"
    _groups = ("wz_skill_cert.group_nominator", "wz_skill_cert.group_county_officer")

    @api.model
    def _printable(self, docids):
        """Return the applications, or raise UserError where one was never returned."""
        applications = super()._printable(docids)
        for application in applications:
            if not application._counted_at("return_notice"):
                raise UserError(self.env._("%s has not been returned.", application.display_name))
        return applications

    def _facts(self, record):
        # Until the campaign closes a late correction is taken, too.
        last = record.campaign_id.date_close
        final = not record.due_on or not last or record.due_on >= last
        return {"deadline": record.due_on, "final": final, "bureau": record.handling_bureau_id.name}
