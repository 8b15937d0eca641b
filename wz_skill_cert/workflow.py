"""The procedure of the notice's part 4 as tables: what a state is, which steps lead where, and what a step brings with it.

Plain Python, no Odoo: everything may import it. A new state is one row of STATES and its rows of TRANSITIONS.
"""

from typing import NamedTuple

# Whose turn it is. The first two are parties: they take steps.
NOMINATOR, OFFICER, EXPERTS, COMMITTEE = "nominator", "officer", "experts", "committee"
PARTY_GROUPS = {
    NOMINATOR: "wz_skill_cert.group_nominator",
    OFFICER: "wz_skill_cert.group_county_officer",
}
# Nominators and experts, where they come from outside into a bureau's database.
OUTSIDER = "wz_skill_cert.group_external"
# Whoever works for the bureau or keeps the database is no outsider, also when on a committee.
STAFF = ("wz_skill_cert.group_county_officer", "wz_skill_cert.group_manager", "base.group_erp_manager")
# How all models of ours begin.
OURS = "skill.cert."
# The ledger is HR's and ours, too: its lines stay with the own company's employees.
OUR_MODELS = (OURS, "hr.employee.achievement")
# What the audit trail calls a record: what the procedure has named, and nobody by hand, who might have named a person.
NAMED_BY = {
    "skill.cert.application": "name",
    "skill.cert.certificate": "number",
    "skill.cert.submission": "name",
    "skill.cert.erasure": "display_name",
}


class Public(NamedTuple):
    """How a state is told to the applicant, in Chinese and English: what it is and what comes next.

    ``step`` of 1 to 5 is under way, 6 the certificate, 0 an end without one. Nothing of the reason, the experts or the votes: for
    those, the applicant asks the unit or the bureau.
    """

    step: int
    title: str
    then: str
    title_en: str
    then_en: str


class HandOver(NamedTuple):
    """Whose task the case becomes, who is told, and by which notification (``notification.NOTICES``)."""

    turn: str | None = None
    told: str | None = None
    notice: str | None = None


class Keeps(NamedTuple):
    """Which forms are kept as they are when a step is taken: the moment's name, the forms, and the field of its date."""

    moment: str
    forms: tuple
    moment_on: str | None = None


class State(NamedTuple):
    """One row of the procedure: what it means that a case is in this state.

    ``turn``: whose turn it is; nobody's at the end. ``days``: the policy's field with the working days until the next step.
    ``desk``: as the official papers call what waits here. ``public``: what the applicant is told; nothing of a draft. ``hands``:
    the task and the news of reaching it; until the decision, what panel and committee find is theirs and the bureau's. ``keeps``:
    the forms that count from here on. ``tone``: the colour of a badge. ``main_path``: a column that a board always shows.
    """

    key: str
    label: str
    turn: str | None = None
    days: str | None = None
    desk: str | None = None
    public: Public | None = None
    hands: HandOver = HandOver()
    keeps: Keeps | None = None
    tone: str | None = None
    # Its column in the annual report (statistics.OUTCOMES), where it is more than being under way.
    outcome: str | None = None
    main_path: bool = False
    # The person's place for occupation and level in the campaign is taken.
    placed: bool = True
    # The papers are before the bureau, which has not begun the assessment: originals are ticked.
    checkable: bool = False
    # Achievements are verified or refused.
    verifiable: bool = False
    # The scan of the stamped form may still be exchanged.
    scannable: bool = False
    # An assessment may be planned.
    planned: bool = False
    # Further papers may be asked for [X].
    papers_asked: bool = False
    # The committee's decision is known.
    decided: bool = False
    # The decision is for the case: it is published, and may be objected to.
    published: bool = False
    # Ended, and no fraud found: the template of a case in a later campaign.
    copyable: bool = False
    # The person holds what was applied for: its certificate is in force.
    holds: bool = False
    # It has just come to the bureau.
    new: bool = False
    # The reason is shown above the case.
    reasoned: bool = False
    # Comes about also while a vote is open, which then decides nothing about the case.
    cuts_short: bool = False
    # Shown on the bar of states even before the case comes there.
    on_bar: bool = False
    # The step is handed over when the next bureau's round has begun: before, there is nobody to hand it to.
    with_next_round: bool = False

    @property
    def open(self):
        """The nominator writes the content; in all other states it is a frozen snapshot."""
        return self.turn == NOMINATOR

    @property
    def sent_back(self):
        """The unit has again what it had submitted."""
        return self.open and self.placed

    @property
    def at_bureau(self):
        """The bureau, its experts or its committee have to decide."""
        return self.turn in (OFFICER, EXPERTS, COMMITTEE)

    @property
    def on_desk(self):
        """The officers of the bureau have to act, or see to it that its experts do."""
        return self.turn in (OFFICER, EXPERTS)

    @property
    def ended(self):
        """Nobody's turn."""
        return self.turn is None

    @property
    def dropped(self):
        """Ended without a certificate."""
        return self.ended and not self.published

    @property
    def on_county_bar(self):
        """As ``on_bar``, with the step from one bureau to the next."""
        return self.on_bar or self.with_next_round

    @property
    def begins_anew(self):
        """A round has ended here and another follows, with a schedule of its own."""
        return self.open or self.with_next_round

    @property
    def correctable(self):
        """The content is fixed, and the case or its certificate stands: a person's data is put right on record (更正)."""
        return self.at_bureau or self.published

    @property
    def told(self):
        """The applicant may be told."""
        return self.public is not None

    @property
    def under_way(self):
        """Submitted and not taken back: the bureau may still decide or revoke (弄虚作假, at any time)."""
        return any(step.target == "revoked" and self.key in step.sources for step in TRANSITIONS)

    @property
    def awaits_panel(self):
        """The next step is to a panel."""
        return any(step.target == "assessment" and self.key in step.sources for step in TRANSITIONS)


STATES = (
    State(
        "draft", "Draft", NOMINATOR, main_path=True, placed=False, scannable=True, tone="muted", on_bar=True,
    ),
    # 组织申报
    State(
        "submitted", "Submitted", OFFICER, "days_to_accept", "待受理",
        Public(
            1, "已报送，等待受理", "受理的人社部门审核材料，决定受理或者退回补正。",
            "Submitted", "The bureau checks the papers and accepts them or returns them for correction.",
        ),
        HandOver(OFFICER, OFFICER, "submitted"),
        Keeps("submitted", ("application_form", "material_list"), "submitted_on"),
        tone="info", main_path=True, checkable=True, verifiable=True, scannable=True, new=True, on_bar=True,
    ),
    State(
        "returned", "Returned", NOMINATOR, "days_to_correct", "退回补正",
        Public(
            1, "已退回补正", "请联系推荐单位，按退回意见补正后重新报送。",
            "Returned for correction", "Please ask your unit to correct the application and to submit it again.",
        ),
        HandOver(NOMINATOR, NOMINATOR, "returned"),
        Keeps("returned", ("return_notice",)),
        tone="warning", scannable=True, reasoned=True,
    ),
    State(
        "accepted", "Accepted", OFFICER, "days_to_start", "待组织考评",
        Public(
            2, "已受理", "人社部门组织专家考评，请留意推荐单位的通知。",
            "Accepted", "The bureau has the case assessed by experts. Your unit will be told.",
        ),
        HandOver(OFFICER, NOMINATOR, "accepted"),
        tone="info", main_path=True, checkable=True, verifiable=True, planned=True, papers_asked=True, on_bar=True,
    ),
    # 专家考评
    State(
        "assessment", "In assessment", EXPERTS, "days_to_assess", "专家考评中",
        Public(
            3, "专家考评中", "专家考评组审核材料，并进行现场技能考核或面试。",
            "In assessment", "The experts check the papers and hold a skills test or an interview.",
        ),
        tone="info", main_path=True, verifiable=True, planned=True, papers_asked=True, on_bar=True,
    ),
    State(
        "qualified", "Qualified for review", OFFICER, "days_to_review", "待评审（推荐）",
        Public(
            4, "已通过专家考评", "提交综合评审；县（市、区）申报技师的，推荐至市鉴定中心。",
            "Assessment passed", "The review committee votes; a county's technician is recommended to the city.",
        ),
        HandOver(OFFICER),
        tone="info", main_path=True, papers_asked=True, on_bar=True,
    ),
    State(
        "recommended", "Recommended to the city", OFFICER, "days_to_start", "待市级组织考评",
        Public(
            4, "已推荐至市鉴定中心", "市鉴定中心组织考评和综合评审。",
            "Recommended to the city", "The city's appraisal centre assesses and reviews the case.",
        ),
        HandOver(OFFICER, OFFICER, "recommended"),
        tone="info", checkable=True, verifiable=True, planned=True, papers_asked=True, with_next_round=True, new=True,
    ),
    # 综合评审
    State(
        "review", "In review", COMMITTEE, "days_to_vote", "评审表决中",
        Public(
            4, "综合评审中", "评审委员会召开评审会投票表决。",
            "In review", "The review committee meets and votes.",
        ),
        tone="info", main_path=True,
    ),
    # 资格确认: a result is news only once it is decided, and its reason is read in the system alone
    State(
        "passed", "Passed", OFFICER, "days_to_certify", "待发证",
        Public(
            5, "已通过评审", "按规定公示后核发证书。",
            "Passed", "The certificate is issued after the publicity period, if any.",
        ),
        HandOver(OFFICER, NOMINATOR, "decided"),
        Keeps("decided", ("application_form",), "decided_on"),
        tone="success", outcome="2_passed", main_path=True, decided=True, published=True, on_bar=True,
    ),
    State(
        "certified", "Certified",
        public=Public(
            6, "证书已核发", "请向推荐单位或者发证机关领取证书。",
            "Certificate issued", "Please ask your unit or the issuing bureau for the certificate.",
        ),
        hands=HandOver(told=NOMINATOR, notice="certified"),
        tone="success", outcome="1_certified", main_path=True, holds=True, decided=True, published=True, copyable=True, on_bar=True,
    ),
    State(
        "rejected", "Rejected",
        public=Public(
            0, "未通过", "如需了解情况，请联系推荐单位或者受理的人社部门。",
            "Not passed", "Please ask your unit or the bureau if you want to know more.",
        ),
        hands=HandOver(told=NOMINATOR, notice="decided"),
        keeps=Keeps("decided", ("application_form",), "decided_on"),
        tone="danger", outcome="3_rejected", decided=True, copyable=True, reasoned=True,
    ),
    State(
        "withdrawn", "Withdrawn",
        public=Public(
            0, "推荐单位已撤回", "如需继续申报，请联系推荐单位。",
            "Withdrawn by the unit", "Please ask your unit if you want to apply again.",
        ),
        hands=HandOver(told=OFFICER, notice="withdrawn"),
        tone="muted", outcome="4_withdrawn", placed=False, copyable=True,
    ),
    State(
        "terminated", "Terminated",
        public=Public(
            0, "已终止办理", "如需了解情况，请联系推荐单位或者受理的人社部门。",
            "Terminated", "Please ask your unit or the bureau if you want to know more.",
        ),
        hands=HandOver(told=NOMINATOR, notice="terminated"),
        tone="muted", outcome="5_terminated", placed=False, copyable=True, reasoned=True, cuts_short=True,
    ),
    # 弄虚作假
    State(
        "revoked", "Revoked",
        public=Public(
            0, "认定资格已取消", "如需了解情况，请联系受理的人社部门。",
            "Qualification cancelled", "Please ask the bureau if you want to know more.",
        ),
        hands=HandOver(told=NOMINATOR, notice="revoked"),
        tone="danger", outcome="5_revoked", reasoned=True, cuts_short=True,
    ),
)  # fmt: skip

# What holds where there is no case.
NO_CASE = State("", "", placed=False)
# Moments that hand a case over and change no state.
MOMENTS = {
    "declined": HandOver(OFFICER, OFFICER, "declined"),
    "assessed": HandOver(OFFICER, OFFICER, "assessed"),
    "objection": HandOver(told=NOMINATOR, notice="objection"),
    "transferred": HandOver(told=NOMINATOR, notice="transferred"),
    "sent_back": HandOver(OFFICER, OFFICER, "sent_back"),
    "correction_asked": HandOver(told=OFFICER, notice="correction_asked"),
    "correction_decided": HandOver(told=NOMINATOR, notice="correction_decided"),
    "papers": HandOver(NOMINATOR, NOMINATOR, "papers"),
    "papers_in": HandOver(OFFICER, OFFICER, "papers_in"),
}


class Transition(NamedTuple):
    """One step of the procedure: from which states, to which, by which party, under which guard.

    ``jointly``: what is asked last, of all cases that take the step at once.
    """

    sources: tuple
    target: str
    party: str
    guard: str | None = None
    jointly: str | None = None


# Nothing else changes a state: buttons, RPC and import all end in _move(). "officer" is an officer of the bureau that handles
# the current round: the bureau of the place, and for a recommended 技师 the city.
TRANSITIONS = (
    # 组织申报
    Transition(("draft", "returned"), "submitted", NOMINATOR, "_guard_submit", "_guard_free_places"),
    # Until the vote is open
    Transition(
        ("draft", "submitted", "returned", "accepted", "assessment", "qualified", "recommended"),
        "withdrawn",
        NOMINATOR,
    ),
    Transition(("submitted", "accepted"), "returned", OFFICER, "_guard_reason"),
    Transition(("submitted",), "accepted", OFFICER, "_guard_originals"),
    # 属地: it comes before another bureau, which looks at the papers itself
    Transition(("submitted", "accepted"), "submitted", OFFICER, "_guard_transfer"),
    # 专家考评
    Transition(("accepted", "recommended"), "assessment", OFFICER, "_guard_panel"),
    Transition(("assessment",), "qualified", OFFICER, "_guard_assessed"),
    Transition(("assessment",), "rejected", OFFICER, "_guard_assessed"),
    Transition(("qualified",), "recommended", OFFICER, "_guard_recommend"),
    # What the city cannot take over goes back to the county [X]
    Transition(("recommended",), "qualified", OFFICER, "_guard_send_back"),
    # 综合评审
    Transition(("qualified",), "review", OFFICER, "_guard_review"),
    Transition(("review",), "passed", OFFICER, "_guard_voted"),
    Transition(("review",), "rejected", OFFICER, "_guard_voted"),
    # Too few had voted when the vote ended [R]: it waits for a later session
    Transition(("review",), "qualified", OFFICER, "_guard_put_off"),
    # 资格确认
    Transition(("passed",), "certified", OFFICER, "_guard_certify"),
    # An objection was upheld: the committee votes anew, in a round of its own [X]
    Transition(("passed",), "qualified", OFFICER, "_guard_vote_anew"),
    # 终止: nothing is left to decide, and nobody is at fault [X]
    Transition(
        ("submitted", "returned", "accepted", "assessment", "qualified", "recommended", "review", "passed"),
        "terminated",
        OFFICER,
        "_guard_termination",
    ),
    # Notice, part 5, 弄虚作假: at any time after submission
    Transition(
        (
            "submitted",
            "returned",
            "accepted",
            "assessment",
            "qualified",
            "recommended",
            "review",
            "passed",
            "certified",
        ),
        "revoked",
        OFFICER,
        "_guard_reason",
    ),
)

# The way of part 4, and the round of the county that comes before it for its 技师.
FILED = ("submitted", "accepted", "assessment", "qualified")
ONE_ROUND = (*FILED, "review", "passed", "certified")
COUNTY_ROUND = (*FILED, "recommended", "assessment", "qualified", "review", "passed", "certified")

# What each act brings with it, in the order in which it happens. Each feature supplies one method of the model, which says
# there why it does it; only these lists call it. The order of imports decides nothing.
CONSEQUENCES = {
    # To the place of another bureau
    ("res.partner", "move_place"): ("_take_drafts_along",),
    # Into force, out of it, or back to a draft
    ("skill.cert.policy", "enter"): ("_judge_everybody_anew",),
    # Which days are working days
    ("skill.cert.holiday", "announce"): ("_extend_terms",),
    ("skill.cert.application", "create"): ("_begin_first_term",),
    # _move(): before the state is written, and after
    ("skill.cert.application", "leave"): ("_word_pending_forms",),
    ("skill.cert.application", "move"): (
        "_leave_bureau",
        "_forget_stale_checks",
        "_note_submitted_files",
        "_close_requests",
        # Before the forms: the notice of return says until when.
        "_begin_step_term",
        "_keep_forms",
        "_forget_schedule",
        "_hand_over_step",
        "_leave_publicity",
        "_trace_step",
        "_record_step",
        "_end_file_links",
    ),
    ("skill.cert.application", "open_round"): ("_hand_over_round",),
    # The city to its county
    ("skill.cert.application", "send_back"): ("_hand_over_sent_back",),
    # 弄虚作假: everything falls that rests on the case
    ("skill.cert.application", "revoke"): (
        "_revoke_certificates",
        "_end_revoked",
        "_warn_of_others",
    ),
    # Further papers: asked for, all handed in, and closed or withdrawn
    ("skill.cert.request", "ask"): ("_hand_over_request", "_trace_request"),
    ("skill.cert.request", "answer"): ("_hand_over_answer", "_trace_request"),
    ("skill.cert.request", "close"): ("_end_task_of_unit", "_trace_request"),
    ("skill.cert.application", "object"): ("_hand_over_objection",),
    ("skill.cert.application", "publish"): ("_begin_publicity_term",),
    ("skill.cert.objection", "find_fraud"): ("_revoke_qualification",),
    ("skill.cert.submission", "report"): ("_forget_findings", "_keep_summary", "_trace_report"),
    ("skill.cert.achievement", "verdict"): ("_keep_condition_of_case", "_keep_checked_content", "_trace_verdict"),
    ("skill.cert.conflict", "declare"): ("_warn_of_late", "_pass_tasks_on"),
    ("skill.cert.session", "open"): ("_call_to_vote", "_keep_ballot_paper", "_trace_opened"),
    ("skill.cert.session", "seal"): ("_keep_minutes", "_trace_sealed"),
    ("skill.cert.session", "publish"): ("_keep_list", "_trace_published"),
    ("skill.cert.assessment", "submit"): ("_keep_sheet", "_trace_submitted"),
    ("skill.cert.assessment", "decline"): ("_report_decline",),
    # After a removal by mistake, or a refusal for lack of time
    ("skill.cert.assessment", "ask_again"): ("_trace_asked_again", "_ask"),
    ("skill.cert.assessment", "change_state"): ("_settle_tasks",),
    # 更正
    ("skill.cert.correction", "ask"): ("_tell_officer",),
    ("skill.cert.correction", "correct"): ("_word_forms_before",),
    ("skill.cert.correction", "allow"): ("_keep_corrected_forms", "_tell_unit", "_trace_decision"),
    ("skill.cert.correction", "refuse"): ("_tell_unit", "_trace_decision"),
    ("skill.cert.certificate", "issue"): ("_sign", "_award", "_keep_certificate", "_trace_issued"),
    ("skill.cert.certificate", "revoke"): ("_withdraw_award", "_trace_revoked"),
}
# What may stand against an act: each method raises where it does. Asked before the act, in this order.
CONDITIONS = {
    ("skill.cert.policy", "reset"): ("_check_judged_nothing",),
    # An officer's own fields, which are written at any time
    ("skill.cert.application", "plan"): ("_check_plannable",),
    ("skill.cert.application", "group"): ("_refuse_values_of_groups",),
    # A vote: enough to count it
    ("skill.cert.session", "open"): ("_check_counters",),
    # An officer's step: 回避
    ("skill.cert.application", "officiate"): ("_check_officer_without_conflict",),
    # Another login for an expert: nobody acts in another's place
    ("skill.cert.expert", "change_login"): ("_check_no_open_assessment", "_check_no_open_seat"),
    # Asked before and after: of a file that comes to a record, stays with it or leaves it.
    ("ir.attachment", "keep"): ("_check_owner_open", "_check_no_stamped_scan"),
    ("ir.attachment", "change"): ("_check_scans_open",),
    ("skill.cert.certificate", "issue"): ("_check_public_address",),
    ("skill.cert.certificate", "replace"): ("_check_holder_known",),
    ("skill.cert.certificate", "print"): ("_check_holder_known",),
    ("skill.cert.form", "print"): ("_check_not_erased",),
    ("skill.cert.paper", "read"): ("_check_not_erased",),
}

# Whose case it is, as the record rules ask: the field, and the method that judges many cases at once.
READERS = {
    "user_nominates": "_nominated_by_user",
    "user_acts": "_acted_on_by_user",
    "user_oversees": "_overseen_by_user",
    "user_assesses": "_assessed_by_user",
}
# What several features know a part of: each method returns its part.
QUESTIONS = {
    # The last day on which what was returned may come back, None where the policy sets none
    ("skill.cert.application", "corrected_until"): ("_corrected_until",),
    # What else the office has of the same ID number, in rows for the officer (Earlier)
    ("skill.cert.application", "earlier"): ("_earlier_cases", "_earlier_certificates"),
    # Why the case is not the template of a new one
    ("skill.cert.application", "copy_defects"): ("_erased_defect", "_employed_defect"),
    # Whether the user is one who judges the case's achievements
    ("skill.cert.application", "verifies"): ("_is_assessed_by_me", "_is_handled_by_me"),
    # The cases among these on which the user has an assessment or a seat, readable or not
    ("skill.cert.application", "assigned"): ("_assessed_by_me", "_voted_on_by_me"),
    ("res.users", "partners_known"): ("_partners_of_cases",),
    # The places of those who learn the applicant's name, and who read the case; conflicts of interest not yet removed
    ("skill.cert.review", "invited"): ("_asked_to_assess", "_asked_to_vote"),
    ("skill.cert.review", "experts"): ("_accepted_to_assess", "_declared_to_vote"),
}
# Groups of a list that are computed as it is read: the method that returns their SQL.
COMPUTED_GROUPS = {("skill.cert.application", "due_band"): "_due_band_sql"}


def follow(records, act, *args):
    """Let everything follow that ``act`` brings with it for ``records``: CONSEQUENCES, in that order."""
    for name in CONSEQUENCES[records._name, act]:
        getattr(records, name)(*args)


def row(state):
    """Return the row of ``state``; of no case, as a blank form is printed of, the row of none. Raises KeyError for others."""
    return {row.key: row for row in (*STATES, NO_CASE)}[state or ""]


def states(flag):
    """Return the keys of the states for which ``flag`` (a column or property of State) holds, in the procedure's order."""
    return tuple(state.key for state in STATES if getattr(state, flag))


def labels():
    """Return the selection of the field ``state``."""
    return [(state.key, state.label) for state in STATES]


def steps_from(state, *parties):
    """Return the states to which ``parties`` may take a case that is in ``state``, its guards apart."""
    return [step.target for step in TRANSITIONS if state in step.sources and step.party in parties]


def is_transfer(source, target):
    """Tell whether the step from ``source`` to ``target`` hands a case over (移交) to another bureau."""
    return target == "submitted" and not row(source).open


def asks_reason(source, target):
    """Tell whether the step from ``source`` to ``target`` is taken with a reason, which stays on record with it."""
    guards = ("_guard_reason", "_guard_transfer", "_guard_termination")
    return any(step.target == target and source in step.sources and step.guard in guards for step in TRANSITIONS)


def hand_over(moment):
    """Return whose task a case becomes, and who is told, when it reaches the state or the moment of that name."""
    return MOMENTS.get(moment) or row(moment).hands


def ask(records, question, *args):
    """Return what each feature knows of ``question``: QUESTIONS, in that order."""
    return [getattr(records, name)(*args) for name in QUESTIONS[records._name, question]]


def require(records, act, *args):
    """Let whatever stands against ``act`` with ``records`` refuse it: CONDITIONS, in that order."""
    for name in CONDITIONS[records._name, act]:
        getattr(records, name)(*args)
