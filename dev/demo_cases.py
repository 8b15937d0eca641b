"""Carries invented cases from the employee's ledger to the certificate, each step by the person who takes it.

    dev/odoo shell -d wz_demo < dev/demo_cases.py

A second run finds what the first made and goes on from there. The printed forms are
written to the folder DEMO_OUTPUT (demo-output/). Where it says sudo(), it only looks up who comes next.
"""

import os
import random
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from odoo.exceptions import UserError
from odoo.fields import Command

OUTPUT = Path(os.environ.get("DEMO_OUTPUT") or "demo-output")
ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT') or 8069}"
# Of seven members; who votes how is drawn by lot, as if by hand.
VOTES = {"county": ["agree"] * 6 + ["against"], "city": ["agree"] * 5 + ["against", "abstain"]}
REVIEW_ROOM = "四楼评审室（虚构）"

env = env(context={**env.context, "lang": "zh_CN", "tz": "Asia/Shanghai"})


class Words(NamedTuple):
    """What a nominator writes into the form by hand: the ledger knows the rest."""

    education: str
    held_issuer: str
    summary: str
    mentoring: str
    recommendation: str
    contributions: tuple = ()  # (from, to, project, result, witness)
    materials: tuple = (2, 3)  # rows of the checklist that have a file


WORDS = {
    "chen": Words(
        education="vocational",
        held_issuer="温州市示例职业技能鉴定机构（虚构）",
        summary="""本人自2006年参加工作以来，一直在生产一线从事电气装配和维修工作，遵纪守法，爱岗敬业，服从安排，注重安全操作，十余年来所负责的设备未发生电气安全责任事故。
在职业道德方面，坚持“质量在手中”的原则，对每一次停机都查清原因、留下记录，主动把故障案例整理成班组的点检手册；台风、抢修期间多次连续值守，保证订单按期交付。
在生产技能方面，熟练掌握低压电器控制线路、可编程控制器和变频调速系统的安装、调试与故障排除，能独立识读和绘制成套电气图纸，能用示波器、绝缘电阻测试仪等仪器判断间歇性故障。2019年以来系统学习了伺服驱动和工业总线技术，参加企业内训六期，考核成绩均为优秀。
在工作实绩方面，负责断路器自动装配线的电气维护，设备综合效率由78%提高到91%；主持改进触头对位夹具，单工位节拍由14秒缩短到9秒，并获得实用新型专利一项；2023年被评为鹿城区技术能手。今后将继续钻研自动化产线检修技术，把经验传给更多的年轻工人。""",
        mentoring="2018年以来先后带徒4名，其中3人取得中级工证书，2人已能独立承担装配线夜班检修；每季度为车间电工讲授“低压电器故障二十例”，累计授课36学时。",
        recommendation="""陈示例同志在我公司从事维修电工工作多年，政治思想端正，作风踏实，团结同事，模范遵守操作规程和职业道德。该同志理论扎实、动手能力强，能解决本职业较高难度的技术问题，是装配线电气维护的骨干；其改进的对位夹具已在三条生产线推广使用，效果明显。
经民主评议并公示，无异议。同意推荐陈示例同志申报电工高级（三级）职业资格直接认定。""",
        contributions=(
            (
                "2019-03-01",
                "2019-11-30",
                "断路器装配线供电与急停回路改造：将分散继电回路改为安全继电器集中控制",
                "误停机每月减少11次，通过公司验收",
                "薛示例",
            ),
            (
                "2021-05-01",
                "2022-02-28",
                "触头自动对位夹具研制：以光电定位代替目视对位",
                "节拍缩短5秒，获实用新型专利1项",
                "贾示例",
            ),
            (
                "2023-04-10",
                "2023-04-28",
                "鹿城区电工职业技能竞赛（虚构），任企业代表队队长",
                "个人第一名，获区技术能手称号",
                "魏示例",
            ),
        ),
        materials=(2, 3, 4, 5, 6),
    ),
    "lin": Words(
        education="bachelor",
        held_issuer="浙江省示例职业技能鉴定机构（虚构）",
        summary="""本人2001年参加工作，2003年起在温州示例电器有限公司（虚构）从事电气安装、调试与检修工作，现任电气技术班长。二十余年来始终工作在一线，热爱本职，诚实守信，坚持安全第一，带头执行“两票三制”，所在班组连续六年无安全责任事故。
职业道德方面，严格要求自己，勇于承担急难险重任务。2020年企业复工期间，带领班组用七天完成两条停用产线的电气恢复，为企业按时交货赢得主动；工作中乐于助人，从不保留技术。
生产技能方面，精通高低压成套设备的装配、调试和故障诊断，熟练使用继电保护测试仪、局部放电检测仪等设备，能独立完成开关柜出厂试验方案的编制；能运用可编程控制器、触摸屏和数据库完成检测设备的二次开发，能解决开关柜二次回路误动、母线局部放电等疑难问题。
工作实绩方面，主持完成“成套开关柜自动检测线改造”，检测工时由每台95分钟缩短至38分钟，漏检率由0.6%降至0.05%，经企业财务核算年直接经济效益68.5万元；作为第一发明人获发明专利、实用新型专利各一项；编写《开关柜调试作业指导书》作为企业标准使用至今。2018年取得工程师职称后，继续参加继电保护、智能配电网等培训五期，并把所学用于生产。""",
        mentoring="2012年担任班长以来，以师徒结对方式培养电工9名，其中高级工3名、中级工5名；徒弟中1人获市级技能竞赛名次。兼任企业内训讲师，开设“开关柜二次回路分析”“局部放电检测”两门课程，累计授课120学时、听课300余人次。",
        recommendation="""林示例同志长期扎根一线，政治立场坚定，品行端正，敬业奉献，具有精益求精的工匠精神。该同志技术全面，在本公司电气调试岗位上是公认的技术带头人，能解决本职业高难度的技术操作和工艺难题；主持的自动检测线改造经我公司财务部核算，年创直接经济效益68.5万元，有效证明附后。该同志还注重传帮带，为公司培养了一批技术骨干。
经公司评议并在厂务公开栏公示五个工作日，无异议。所报材料真实。同意推荐林示例同志申报电工技师（二级）职业资格直接认定。""",
        contributions=(
            (
                "2012-03-01",
                "2013-06-30",
                "开关柜二次回路标准化：编制统一图册和线号规则，解决重复接线错误",
                "接线差错率下降八成，列为企业标准",
                "薛示例",
            ),
            (
                "2016-09-01",
                "2017-12-31",
                "母排绝缘护套安装装置研制：以热风循环腔体代替人工热缩",
                "效率提高2.5倍，获实用新型专利1项",
                "贾示例",
            ),
            (
                "2019-02-01",
                "2020-10-31",
                "开关柜局部放电在线检测方法研究：提取特高频信号并与出厂数据比对",
                "提前发现缺陷17起，获发明专利1项",
                "魏示例",
            ),
            (
                "2020-02-10",
                "2020-02-16",
                "复工期间两条停用产线的电气恢复，任抢修组长",
                "七天恢复生产，按期交付订单",
                "薛示例",
            ),
            (
                "2022-01-01",
                "2023-12-31",
                "成套开关柜自动检测线改造，任项目负责人：自动换接、自动判定、数据追溯",
                "年直接经济效益68.5万元",
                "贾示例",
            ),
        ),
        materials=(2, 3, 4, 5, 6, 7),
    ),
    "huang": Words(
        education="vocational",
        held_issuer="温州市示例职业技能鉴定机构（虚构）",
        summary="本人2016年参加工作，在继电器装配线从事电气维护，遵守纪律，工作认真，能完成日常检修任务，参与了电动螺丝刀供电改造，2023年参加的项目获区科技成果三等奖。",
        mentoring="协助班长指导新进学徒2名。",
        recommendation="黄示例同志工作认真，肯学肯干。同意推荐申报电工高级（三级）职业资格直接认定。",
    ),
    "zhou": Words(
        education="vocational",
        held_issuer="温州市示例职业技能鉴定机构（虚构）",
        summary="（草稿）本人2005年参加工作，从事装配车间设备的电气维修，熟悉可编程控制器，研制的耐压测试工装获实用新型专利。工作总结待补充。",
        mentoring="",
        recommendation="（草稿，待公司评议后填写）",
    ),
    "xu": Words(
        education="senior_high",
        held_issuer="浙江省示例职业技能鉴定机构（虚构）",
        summary="""本人从事模具制造与维修二十余年，热爱岗位，作风严谨，2022年被评为温州市劳动模范（虚构）。精通塑壳断路器外壳精密注塑模的加工、装配和试模，能解决薄壁件翘曲、熔接痕等工艺难题。
近三年主持修复、改进模具60余副，平均寿命由30万模次提高到55万模次；推行模具点检制度，突发故障停机时间减少六成。""",
        mentoring="担任模具班长以来带徒7名，其中高级工2名；建立模具维修案例库，供全厂学习。",
        recommendation="徐示例同志是我公司模具技术带头人，技艺精湛，甘于奉献，为公司降本增效作出突出贡献。经公示无异议，同意推荐申报模具工技师（二级）。",
        materials=(2, 3, 4, 5),
    ),
    "sun": Words(
        education="college",
        held_issuer="温州市示例职业技能鉴定机构（虚构）",
        summary="本人从事铜排和不锈钢薄板焊接十余年，遵守安全规程，所焊产品一次探伤合格率保持在98%以上；2021年取得助理工程师职称。提出的铜排预热工装方案使单件焊接时间缩短三分之一，已在车间推广。",
        mentoring="带徒3名，均取得焊工特种作业操作证。",
        recommendation="孙示例同志技能突出，质量意识强，经公示无异议，同意推荐申报焊工高级（三级）。",
        materials=(2, 3, 4),
    ),
    "hu": Words(
        education="vocational",
        held_issuer="温州市示例职业技能鉴定机构（虚构）",
        summary="本人从事工装夹具的制作与装调十八年，主持的铆接工装革新、快换夹具两个项目先后获区科技成果三等奖、二等奖，换型时间由45分钟缩短到8分钟。工作中团结同事，注重安全和现场管理。",
        mentoring="带徒2名，讲授“夹具设计基础”16学时。",
        recommendation="胡示例同志技术过硬、善于革新，经公示无异议，同意推荐申报钳工高级（三级）。",
        materials=(2, 3, 5),
    ),
}

# Typed by the association, without any ledger: name, ID number, birth, sex, unit, occupation, phone.
TYPED = {
    "he": ("何示例", "330300198507169112", "1985-07-16", "1", "valve", "6_18_01_01", "13800000911"),
    "gao": ("高示例", "330300198901239131", "1989-01-23", "1", "valve", "6_20_01_01", "13800000913"),
    "ma": ("马示例", "330300199312099155", "1993-12-09", "1", "pump", "6_18_02_01", "13800000915"),
}

OPINIONS = (
    "材料真实、完整，与原件一致。现场操作规范熟练，故障判断准确，能讲清原理，达到申报等级的技能水平。",
    "业绩属实，所列项目经询问能说明关键技术和本人作用；实际操作质量好、速度快，安全意识强。",
    "工作总结与现场表现相符，创新成果已在生产中应用，带徒效果较好，同意提交评审。",
)


# ---------------------------------------------------------------- who and what


def ref(name):
    return env.ref(f"wz_skill_cert.{name}")


def user(login):
    return ref(f"user_demo_{login}")


def say(text):
    print(f"   · {text}")


def heading(text):
    print(f"\n{text}")


def as_officer(record, application):
    """Return ``record`` in the name of the officer of the bureau that now handles the case."""
    return record.with_user(application.sudo().handling_bureau_id.user_ids[0])


def place(application):
    """Return ``county`` or ``city``: whose round it is."""
    return application.sudo().handling_bureau_id.level


def bureau_name(application):
    return application.sudo().handling_bureau_id.name


# ---------------------------------------------------------------- 组织申报


def nominate(key):
    """Return (application, whether it is new), made from the ledger by one click and completed by hand."""
    employee = ref(f"employee_demo_{key}").with_user(user("enterprise"))
    existing = employee.application_ids.filtered(lambda application: application.campaign_id == ref("campaign_demo"))
    if existing:
        return existing[0], False
    action = employee.action_nominate()
    application = env["skill.cert.application"].with_user(user("enterprise")).browse(action["res_id"])
    complete(application, WORDS[key])
    env.cr.commit()
    return application, True


def complete(application, words):
    """Write what the ledger does not know, and attach the materials."""
    application.write(
        {
            "education": words.education,
            "held_issuer": words.held_issuer,
            "contact_name": env["res.users"].browse(application.env.uid).name,
            "contact_phone": env["res.users"].browse(application.env.uid).phone,
            "summary": words.summary,
            "mentoring": words.mentoring,
            "recommendation": words.recommendation,
            "contribution_ids": [Command.create(contribution(application, row)) for row in words.contributions],
        }
    )
    attach_materials(application, words.materials)


def contribution(application, row):
    start, end, description, result, witness = row
    return {
        "date_start": start,
        "date_end": end,
        "unit": application.employer_name,
        "description": description,
        "result": result,
        "witness": witness,
    }


def attach_materials(application, rows):
    for material in application.material_ids:
        if material.sequence in rows:
            material.write({"copies": 1, "attachment_ids": [Command.set(sample_file(material).ids)]})
        elif material.sequence == 1:
            material.copies = 2  # the form itself, 一式二份


def sample_file(owner):
    """Return a new file of the user of ``owner``: the page that says that it is a sample."""
    return (
        env["ir.attachment"]
        .with_user(owner.env.user)
        .create(
            {
                "name": "示例材料（虚构）.pdf",
                "datas": ref("evidence_demo_chen_1").datas,
            }
        )
    )


def report_together(applications):
    """Report the applications on one summary sheet (附件2), and return it."""
    sheets = env["skill.cert.submission"].with_user(user("enterprise"))
    if applications.submission_id:
        return applications.submission_id[0]
    sheet = sheets.create({"application_ids": [Command.set(applications.ids)]})
    sheet.action_submit()
    env.cr.commit()
    for application in applications:
        say(f"企业以汇总表报送：{application.display_name}，{application.employer_name} → {application.bureau_id.name}")
    return sheet


def type_in(key):
    """Return an application that the association types in without any ledger."""
    name, number, birth, sex, unit, occupation, phone = TYPED[key]
    applications = env["skill.cert.application"].with_user(user("association"))
    found = [("applicant_name", "=", name), ("campaign_id", "=", ref("campaign_demo").id)]
    if existing := applications.search(found, limit=1):
        return existing
    application = applications.create(
        {
            "applicant_name": name,
            "id_number": number,
            "birth_date": birth,
            "sex": sex,
            "phone": phone,
            "employer_id": ref(f"unit_demo_{unit}").id,
            "occupation_id": ref(f"occupation_{occupation}").id,
            "education": "vocational",
            "career_start": "2010-07-01",
            "occupation_start": "2012-01-01",
            "job": "班组长",
            "summary": "本人长期在泵阀生产一线工作，遵章守纪，钻研技术，先后参与多项工艺改进，产品合格率保持在99%以上。",
            "recommendation": "该同志业绩突出，经协会评议，同意推荐。",
            "history_ids": [Command.create(typed_history(unit))],
            "achievement_ids": [Command.create(typed_title(applications))],
        }
    )
    attach_materials(application, (2, 3, 4))
    env.cr.commit()
    return application


# What the association knows of its members: contact, phone, e-mail, days since the member signed (None: not yet).
MEMBERS = {
    "valve": ("吕示例", "13800000921", "valve@example.com", 30),
    "pump": ("施示例", "13800000922", "pump@example.com", None),
    "electric": ("郑示例", "13800000951", "enterprise@example.com", None),
}


def enter_members():
    """The association enters the contacts of its members, and the consent of the one that has signed."""
    secretary = user("association")
    memberships = (
        env["skill.cert.membership"].with_user(secretary).search([("association_id.user_nominates", "=", True)])
    )
    for key, (name, phone, email, days) in MEMBERS.items():
        membership = memberships.filtered(lambda m, key=key: m.member_id == ref(f"unit_demo_{key}"))
        membership.write({"contact_name": name, "contact_phone": phone, "contact_email": email})
        if days and not membership.consent_ids:
            day = date.today() - timedelta(days=days)
            values = {"membership_id": membership.id, "signatory": name, "given_on": day}
            files = sample_file(membership)
            membership.consent_ids.create({**values, "attachment_ids": [Command.set(files.ids)]})
    env.cr.commit()


def typed_history(unit):
    return {"date_start": "2010-07-01", "description": f"{ref(f'unit_demo_{unit}').name} 操作工", "witness": "冯示例"}


def typed_title(owner):
    return {
        "type_id": ref("achievement_type_title").id,
        "name": "助理工程师（机械）",
        "title_rank": "1",
        "date": "2020-12-18",
        "issuer": "温州市示例职称评审委员会（虚构）",
        "evidence_ids": [Command.set(sample_file(owner).ids)],
    }


# ---------------------------------------------------------------- 专家考评


def accept(application):
    """The officer compares the copies with the originals, and accepts."""
    case = as_officer(application, application)
    case.material_ids.filtered("attachment_ids").original_seen = True
    case.action_accept()
    return f"{bureau_name(application)}核对原件，受理"


def start_assessment(application):
    panel = ref(f"panel_demo_{place(application)}")
    as_officer(panel, application).application_ids = [Command.link(application.id)]
    as_officer(application, application).action_start_assessment()
    return f"交{panel.name}（{len(panel.member_ids)}人）考评"


def assess(application, leave_out=None):
    """Have the experts of the panel write and submit their assessments, but for one whose work is left."""
    todo = application.sudo().review_id.assessment_ids.filtered(lambda a: a.state in ("invited", "draft"))
    for index, assessment in enumerate(todo.filtered(lambda assessment: assessment.user_id != leave_out)):
        own = assessment.with_user(assessment.user_id)
        if own.state == "invited":
            own.action_accept()
        own.write(
            {
                "materials": "complete",
                "method": "practical",
                "place": "技能考核室（虚构）",
                "held_on": env.cr.now(),
                "score_conduct": 92 - index,
                "score_ability": 88 + index,
                "score_training": 86 + index,
                "score_results": 91 - index,
                "opinion": OPINIONS[index % len(OPINIONS)],
                "verdict": "qualified",
            }
        )
        own.application_id.achievement_ids.filtered(
            lambda achievement: achievement.verified == "claimed"
        ).action_verify()
        own.action_submit()


def conclude_assessment(application):
    assess(application)
    as_officer(application, application).action_conclude_assessment()
    return "专家组逐人现场考核、核实业绩，确定参加评审资格"


# ---------------------------------------------------------------- 综合评审、资格确认


def recommend_or_review(application):
    if application.sudo().review_id.purpose == "recommend":
        as_officer(application, application).action_recommend()
        return f"县（市、区）推荐上报{bureau_name(application)}"
    session = open_session(application, f"{application.occupation_id.name}评审会（{application.applicant_name}）")
    return f"{session.committee_id.name}到会{session.seated_count}人，开始表决"


def open_session(application, name):
    sessions = as_officer(env["skill.cert.session"], application)
    session = sessions.create(
        {
            "name": name,
            "committee_id": ref(f"committee_demo_{place(application)}").id,
            "place": REVIEW_ROOM,
            "motion_ids": [Command.create({"application_id": application.id})],
        }
    )
    session.action_all_present()
    for seat in session.seat_ids:
        session.with_user(seat.user_id).action_declare()
    session.action_open()
    return session


def vote(application):
    session = as_officer(application.sudo().review_id.session_id, application)
    cast(session, session.seat_ids, VOTES[place(application)])
    session.action_close()
    motion = session.motion_ids
    tally = f"同意{motion.agree}、反对{motion.against}、弃权{motion.abstain}"
    return f"评审组{motion.base}人无记名投票：{tally}，{'通过' if motion.passed else '未通过'}"


def cast(session, seats, choices):
    """Have each seated member cast a paper of its own; the choices are dealt at random."""
    for seat, choice in zip(seats, random.sample(choices, len(seats)), strict=True):
        session.with_user(seat.user_id).cast({motion.id: choice for motion in session.motion_ids})


def certify(application):
    certificate = as_officer(application, application).action_certify()
    return f"{certificate.bureau_id.issuer}发证：{certificate.number}"


# ---------------------------------------------------------------- the cases

STEPS = {
    "submitted": accept,
    "accepted": start_assessment,
    "recommended": start_assessment,
    "assessment": conclude_assessment,
    "qualified": recommend_or_review,
    "review": vote,
    "passed": certify,
}


def carry(application, until="certified", tell=None):
    """Take step after step from where the case stands; each is told in a sentence."""
    while application.state != until and application.state in STEPS:
        sentence = STEPS[application.state](application)
        env.cr.commit()  # as in life, each step on its own: it gets its line in the chatter
        if tell:
            tell(sentence)


def carry_certified_cases():
    """A 高级工 of the county and a 技师 through county and city, reported on one sheet."""
    chen, lin = nominate("chen")[0], nominate("lin")[0]
    heading("【申报】温州示例电器有限公司（虚构）从员工台账一键生成申请，随汇总表报送")
    sheet = report_together(chen | lin)
    for title, application in (
        ("【一】高级工：县（市、区）认定", chen),
        ("【二】技师：县（市、区）推荐，市级认定", lin),
    ):
        heading(f"{title} —— {application.applicant_name}，{application.occupation_id.name}")
        if application.state == "certified":
            say("此前已办结")
        carry(application, tell=say)
    return chen | lin, sheet


def try_unqualified_case():
    """An employee who meets no condition: refused with the reasons, and the draft is kept."""
    application, new = nominate("huang")
    heading(
        f"【三】不符合条件 —— {application.applicant_name}，{application.occupation_id.name}：提交被拒，系统说明原因"
    )
    if not new and (application.state != "draft" or application.is_eligible):
        say(f"此前已有人补充或处理（状态：{state_label(application)}）")
        return application
    try:
        with env.cr.savepoint():
            application.action_submit()
    except UserError as refusal:
        print("\n".join(f"     {line}" for line in str(refusal).splitlines()))
        say(f"草稿保留，可补充材料后再报（状态：{state_label(application)}）")
        return application
    raise RuntimeError("an applicant who meets no condition could be submitted")


def state_label(application):
    return dict(application._fields["state"]._description_selection(env))[application.state]


def make_other_cases():
    """Cases that wait at other steps, so that every role finds some work. Left alone once they are there."""
    heading("【其他】停在各环节、供各角色继续操作的案例")
    enter_members()
    cases = [nominate("zhou")[0]]
    for key, finish in (("xu", leave_to_expert), ("sun", leave_vote_open), ("hu", leave_accepted)):
        application = nominate(key)[0]
        cases.append(application)
        if application.state == "draft":
            submit(application)
            finish(application)
    cases += [type_in("ma"), *submit_typed_cases()]
    for application in cases:
        say(f"{application.applicant_name} {application.occupation_id.name}：{state_label(application)}")


def submit_typed_cases():
    """One case that waits for the county, and one that it returned."""
    waiting, returned = type_in("he"), type_in("gao")
    if waiting.state == "draft":
        submit(waiting)
    if returned.state == "draft":
        submit(returned)
        as_officer(returned, returned).action_return(
            "工作总结过于简略，请补充近三年工作实绩；职称证书复印件请加盖单位公章后重新上传。"
        )
    return waiting, returned


def submit(application):
    application.action_submit()
    env.cr.commit()


def leave_accepted(application):
    carry(application, "accepted")


def leave_to_expert(application):
    """Two of the panel's three have assessed; the third is the login ``expert``."""
    carry(application, "assessment")
    assess(application, leave_out=user("expert"))


def leave_vote_open(application):
    """Five of seven have voted; the login ``expert`` and the chair have not."""
    carry(application, "qualified")
    session = open_session(application, "焊工评审会（投票进行中）")
    waiting = user("expert") | user("expert12")
    voters = session.seat_ids.filtered(lambda seat: seat.user_id not in waiting)
    cast(session, voters, ["agree"] * len(voters))


# ---------------------------------------------------------------- the papers


def write_forms(applications, sheet):
    """Print 附件1 and 附件3 of each case and 附件2 of the sheet, as the enterprise prints them."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for number, application in enumerate(applications, 1):
        label = f"{number}-{application.applicant_name}"
        write_pdf("report_application_form", application, f"附件1-申请表-{label}.pdf")
        write_pdf("report_material_list", application, f"附件3-佐证材料清单-{label}.pdf")
    write_pdf("report_submission_summary", sheet, "附件2-汇总表.pdf")
    write_file("附件2-汇总表.xlsx", sheet._summary_xlsx())


def write_pdf(report, record, name):
    reports = env["ir.actions.report"].with_user(user("enterprise"))
    content, _kind = reports._render_qweb_pdf(f"wz_skill_cert.{report}", record.ids)
    if not content.startswith(b"%PDF"):
        raise RuntimeError(f"{report} made no PDF")
    write_file(name, content)


def write_file(name, content):
    (OUTPUT / name).write_bytes(content)
    say(name)


def print_certificates(applications):
    heading("【证书】")
    for certificate in applications.sudo().certificate_id:
        levels = dict(certificate._fields["level"]._description_selection(env))
        say(
            f"{certificate.holder_name} {certificate.occupation_name} {levels[certificate.level]}：{certificate.number}"
        )
        say(f"  验证网址 {certificate.verify_url}")


def main():
    # The address on certificates is the one where dev/demo serves.
    env["ir.config_parameter"].set_param("web.base.url", ADDRESS)
    env["skill.cert.public.address"]._set(ADDRESS, "演示：仅在本机查验")
    certified, sheet = carry_certified_cases()
    refused = try_unqualified_case()
    make_other_cases()
    print_certificates(certified)
    heading("【表格】demo-output/")
    write_forms(certified | refused, sheet)
    env.cr.commit()
    print()


main()
