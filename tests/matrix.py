"""The table of who may do what: every role × every model of the addon × every state that matters.

``test_matrix.py`` generates all cells and tries each through the ORM, JSON-2 and XML-RPC; a model without a row fails
the suite. A row is ``model, state`` (or what else sets the record apart), a missing role may do nothing.
"""

INTERNAL = (
    "nominator", "other nominator", "association", "expert", "other expert", "recused", "member", "county", "other county",
    "city", "manager", "plain", "hr", "data officer",
)  # fmt: skip
ROLES = (*INTERNAL, "portal", "public")
READ_BY_ALL = dict.fromkeys(INTERNAL, "r")
CASE = {"nominator": "r", "expert": "r", "member": "r", "county": "r", "city": "r"}
DRAFT = {"nominator": "rwcu"}
FILED = {"nominator": "r", "county": "r", "city": "r"}
ASSESSED = {**FILED, "expert": "r"}
RULES = {**READ_BY_ALL, "manager": "rwcu"}
APPLICATION = "skill.cert.application"
MEETING = ("skill.cert.session", "skill.cert.session.seat", "skill.cert.motion")
POLICY = ("skill.cert.policy", "skill.cert.condition", "skill.cert.criterion", "skill.cert.material.template")
PARTS = (
    "skill.cert.achievement", "skill.cert.material", "skill.cert.application.history",
    "skill.cert.application.contribution",
)  # fmt: skip
# A case in each of its states, on the road that leads there: the expert assessed it, the member voted on it.
CASE_STATES = {
    "draft": DRAFT,
    "submitted": FILED,
    "returned": FILED,
    "accepted": FILED,
    "assessment": ASSESSED,
    "qualified": ASSESSED,
    "recommended": ASSESSED,
    "review": CASE,
    "passed": CASE,
    "certified": CASE,
    "rejected": ASSESSED,
    "withdrawn": FILED,
    "terminated": CASE,
    "revoked": CASE,
}


def in_states(models, state, roles):
    """Return the same expectation for each of ``models`` in ``state``."""
    return {f"{model}, {state}": roles for model in models}


# Which of read, write, create and delete each role may do with each record; a role that is missing may do nothing.
EXPECTED = {
    # record: {role: operations}
    **{
        row: roles
        for state, roles in CASE_STATES.items()
        for row, roles in in_states((APPLICATION, *PARTS), state, roles).items()
    },
    # Returned for correction: the lines are open again, the application keeps its number and stays.
    "skill.cert.application, returned": {**FILED, "nominator": "rwc"},
    **in_states(PARTS, "returned", {**FILED, "nominator": "rwcu"}),
    # The officer's remark and whose case it is.
    "skill.cert.application, officer in charge": {**ASSESSED, "county": "rw"},
    "skill.cert.material, officer's remark": {**FILED, "county": "rw"},
    # The copy of the identity card shows what is masked elsewhere.
    "skill.cert.material, personal": FILED,
    "skill.cert.submission, submitted": FILED,
    "skill.cert.submission, draft": DRAFT,
    # Who reads the case, reads its course.
    "skill.cert.step": CASE,
    # What the bureau asks of the unit is between the two; snapshots are nobody's (test_correction_round.py).
    **in_states(("skill.cert.request", "skill.cert.request.point"), "open", FILED),
    **{f"skill.cert.request, {state}": FILED for state in ("closed", "withdrawn", "dropped")},
    # What the check of a sheet found: by the check alone, for the unit alone.
    "skill.cert.submission.problem": {"nominator": "r"},
    # The association's desk; its member ("nominator") reads the own membership and agrees by a step. No other association.
    "skill.cert.membership": {"association": "rw", "nominator": "r", "county": "r", "city": "r", "manager": "r"},
    "skill.cert.consent": {"association": "rc", "nominator": "r", "county": "r", "city": "r", "manager": "r"},
    # As the form that it keeps, which shows the ID number.
    "skill.cert.paper": FILED,
    "skill.cert.paper, of a sheet": FILED,
    "skill.cert.paper, erased": FILED,
    # Before anything is nominated: the unit's own nominators, and rows by the check alone.
    "skill.cert.sheet.import, new": DRAFT,
    "skill.cert.sheet.import, done": {"nominator": "rcu"},
    "skill.cert.sheet.row": {"nominator": "r"},
    "skill.cert.sheet.progress": {"nominator": "r"},
    "skill.cert.expert": {"expert": "r", "county": "rwc", "city": "rwc"},
    # What an officer has recorded about an expert is not for that expert; the own declaration is.
    "skill.cert.conflict": {"county": "rwc", "city": "rwc"},
    "skill.cert.conflict, own": {"recused": "r", "county": "rw", "city": "rw"},
    "skill.cert.draw, draft": {"county": "rwcu", "city": "r"},
    "skill.cert.draw, drawn": {"county": "rc", "city": "r"},
    "skill.cert.draw.line": {"county": "rw", "city": "r"},
    **in_states(
        ("skill.cert.panel", "skill.cert.panel.member"),
        "draft",
        {"expert": "r", "recused": "r", "county": "rwcu", "city": "r"},
    ),
    "skill.cert.panel, appointed": {"expert": "r", "recused": "r", "county": "rwc", "city": "r"},
    "skill.cert.panel.member, appointed": {"expert": "r", "recused": "r", "county": "rwcu", "city": "r"},
    "skill.cert.review": {"county": "r", "city": "r"},
    "skill.cert.assessment, invited": {"expert": "r", "county": "r", "city": "r"},
    "skill.cert.assessment, draft": {"expert": "rw", "county": "r", "city": "r"},
    "skill.cert.assessment, submitted": {"expert": "r", "county": "r", "city": "r"},
    # Whoever declined or was released has no more to do with the case.
    "skill.cert.assessment, declined": {"county": "r", "city": "r"},
    "skill.cert.assessment, released": {"county": "r", "city": "r"},
    "skill.cert.committee, draft": {"county": "rwc", "city": "r"},
    "skill.cert.committee.member, draft": {"county": "rwcu", "city": "r"},
    "skill.cert.committee, appointed": {"county": "rwc", "city": "r"},
    "skill.cert.committee.member, appointed": {"county": "rwc", "city": "r"},
    # Whoever assessed the case and has no seat votes on nothing.
    **in_states(MEETING, "draft", {"member": "r", "county": "rwcu", "city": "r"}),
    **in_states(MEETING, "open", {"member": "r", "county": "r", "city": "r"}),
    **in_states(MEETING, "closed", {"member": "r", "county": "r", "city": "r"}),
    # One with motions is not deleted.
    "skill.cert.session, draft": {"member": "r", "county": "rwc", "city": "r"},
    "skill.cert.session, open": {"member": "r", "county": "rc", "city": "r"},
    "skill.cert.session, closed": {"member": "r", "county": "rc", "city": "r"},
    # No ballot is read before the vote is sealed.
    "skill.cert.ballot, open": {},
    "skill.cert.ballot, closed": {"county": "r", "city": "r"},
    # A count of a paper vote under way is its officer's alone.
    "skill.cert.paper.count, open": {"county": "rw"},
    "skill.cert.paper.count.line, open": {"county": "rw"},
    # Who objects is known to the bureau that handles the case, not even to the city.
    "skill.cert.objection, open": {"county": "rwc"},
    # Asked by the unit or the bureau that has the case, decided by that bureau alone.
    "skill.cert.correction, asked": {"nominator": "rwc", "county": "rwc", "city": "r"},
    "skill.cert.correction.line, allowed": {"nominator": "r", "county": "r", "city": "r"},
    "skill.cert.objection, dismissed": {"county": "rc"},
    # Public by its own page alone, and there for its days alone.
    "skill.cert.publication": {"county": "r", "city": "r"},
    "skill.cert.publication.line": {"county": "r", "city": "r"},
    "skill.cert.certificate, valid": FILED,
    "skill.cert.certificate, revoked": FILED,
    # The public half of a key; the private one is no field that anybody reads (tests/test_signature.py).
    "skill.cert.signing.key": {"county": "r", "other county": "r", "city": "r", "manager": "r"},
    **in_states(POLICY, "draft", RULES),
    # A policy in force is not edited: a change is a new version.
    **in_states(POLICY, "in force", READ_BY_ALL),
    # Asked at the submission alone, and changed at any time.
    "skill.cert.plausibility": RULES,
    "skill.cert.policy, in force": {**READ_BY_ALL, "manager": "rc"},
    "skill.cert.achievement.type": RULES,
    "skill.cert.reason": RULES,
    "skill.cert.holiday": RULES,
    "skill.cert.occupation": RULES,
    "skill.cert.bureau": RULES,
    "skill.cert.campaign": {**RULES, "city": "rwc"},
    # As the application that is counted, without the person.
    "skill.cert.statistics": {"county": "r", "city": "r"},
    "skill.cert.annual.report": {"county": "rwc", "other county": "c", "city": "c"},
    "hr.employee.achievement": {"hr": "rwcu"},
    # A dialogue is its opener's alone.
    "skill.cert.reason.wizard": {"county": "rwcu", "city": "c"},
    "skill.cert.reason.wizard.line": {"county": "rwcu"},
    "skill.cert.refusal.wizard": {"county": "rwcu", "city": "c", "expert": "c", "member": "c"},
    "skill.cert.panel.wizard": {"county": "rwcu", "city": "c"},
    "skill.cert.schedule.wizard": {"county": "rwcu", "city": "c"},
    "skill.cert.publication.wizard": {"county": "rwcu", "city": "c"},
    # What it says is written by the step alone.
    "skill.cert.issue.result": {"county": "r"},
    "skill.cert.issue.result.line": {"county": "r"},
    "skill.cert.replacement.wizard": {"county": "rwc", "city": "c"},
    "skill.cert.blank.form.wizard": {
        "nominator": "rwc", "other nominator": "c", "association": "c", "county": "c", "other county": "c", "city": "c",
    },
    # Whose association and members they are is asked again when the files are read.
    "skill.cert.member.sheets": {"association": "rwc", "nominator": "c"},
    "skill.cert.unit.merge": {"manager": "rwc"},
    "skill.cert.address.wizard": {"manager": "rwc"},
    "skill.cert.unit.wizard": {"nominator": "rwc", "other nominator": "c", "association": "c"},
    "skill.cert.print.wizard": {
        "nominator": "rwc", "other nominator": "c", "association": "c", "county": "c", "other county": "c", "city": "c",
    },
    # What is printed shows ID numbers: nobody but the requester, not even in the same unit or bureau.
    "skill.cert.print.job, waiting": {"nominator": "ru"},
    "skill.cert.print.job, done": {"nominator": "ru"},
    "skill.cert.nomination.wizard": {"nominator": "rwc", "other nominator": "c", "association": "c"},
    # Lines name employees: only for a nominator of the unit's own HR, who is none of these roles.
    "skill.cert.nomination.wizard.line": {},
    "skill.cert.policy.preview": {"manager": "rwc"},
    "skill.cert.policy.preview.line": {},
    "skill.cert.prospect": {"hr": "r"},
    # Ids only, and no case.
    "skill.cert.invariant.check": {"manager": "r"},
    # What one was told is one's own, once it has been sent; nobody writes into the outbox.
    "skill.cert.notification, sent": {"nominator": "r"},
    "skill.cert.notification, waiting": {},
    "skill.cert.notification.mail": {"nominator": "r"},
    # Who saw and did what; nobody writes it, whoever asks.
    "skill.cert.trail": {"data officer": "r"},
    "skill.cert.erasure": {"manager": "r", "data officer": "rc"},
    "skill.cert.person.export": {"data officer": "rwc"},
    # States in which the story above leaves no record: one is put there, and creating has been tried already.
    **{f"skill.cert.erasure, {state}": {"manager": "r", "data officer": "r"} for state in ("running", "done", "cancelled")},
    "skill.cert.objection, upheld": {"county": "r"},
    "skill.cert.objection, overtaken": {"county": "r"},
    "skill.cert.correction, allowed": {"nominator": "r", "county": "r", "city": "r"},
    "skill.cert.correction, refused": {"nominator": "r", "county": "r", "city": "r"},
    "skill.cert.print.job, running": {"nominator": "ru"},
    "skill.cert.print.job, failed": {"nominator": "ru"},
    "skill.cert.print.job, cancelled": {"nominator": "ru"},
    "skill.cert.certificate, replaced": FILED,
    # Whatever is under way, file, sheet and member stay as they were checked (tests/test_sheet_import.py).
    "skill.cert.sheet.import, checking": {"nominator": "rwu"},
    "skill.cert.sheet.import, checked": {"nominator": "rwu"},
    "skill.cert.sheet.import, importing": {"nominator": "rwu"},
    "skill.cert.sheet.import, refused": {"nominator": "rwu"},
    # Scans are added later, figures are not.
    "skill.cert.paper.count, complete": {"county": "rw"},
    "skill.cert.paper.count, discarded": {"county": "rw"},
    # In a session that has not begun.
    "skill.cert.motion, put_off": {"member": "r", "county": "rwu", "city": "r"},
    "skill.cert.signing.key, retired": {"county": "r", "other county": "r", "city": "r", "manager": "r"},
    # A reason is written while one may still refuse.
    "skill.cert.draw.line, accepted": {"county": "rw", "city": "r"},
    **in_states(("skill.cert.draw.line",), "waiting", {"county": "r", "city": "r"}),
    **in_states(("skill.cert.draw.line",), "refused", {"county": "r", "city": "r"}),
    "skill.cert.policy, retired": READ_BY_ALL,
    **{f"skill.cert.notification, {state}": {"nominator": "r"} for state in ("mailed", "silent", "failed")},
}  # fmt: skip
