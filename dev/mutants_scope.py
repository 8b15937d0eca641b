"""What `make mutants` puts faults into, the tests that promise to notice them, and the faults that are none."""

ADDON = "wz_skill_cert"
VOTE = ("test_vote.py", "test_early_closing.py", "test_paper_vote.py", "test_lent_logins.py", "test_transitions.py")

# {file of the addon: files of tests, those first that are quick and know most of it}
SCOPE = {
    "models/assessment/conflict.py": ("test_conflicts.py", "test_officers_step_aside.py", "test_transitions.py"),
    "models/review/ballot.py": VOTE,
    "models/review/seat.py": VOTE,
    "models/review/session.py": VOTE,
    "models/review/motion.py": (*VOTE, "test_conflicts.py", "test_composition.py"),
    "workflow.py": (
        "test_workflow.py",
        "test_transitions.py",
        "test_case_check.py",
        "test_notifications.py",
        "test_frozen.py",
        "test_trail.py",
    ),
    "models/procedure/procedure.py": (
        "test_procedure.py",
        "test_transitions.py",
        "test_workflow.py",
        "test_objection.py",
        "test_publication.py",
        "test_acceptance.py",
        "test_paper_check.py",
    ),
    "models/request/case_readers.py": ("test_isolation.py", "test_conflicts.py", "test_reading_ends.py"),
    "models/request/personal_access.py": ("test_personal_data.py", "test_trail.py", "test_acceptance.py"),
    "models/desks/public_progress.py": ("test_case_check.py",),
}

# Faults that change nothing that anybody could notice: {(file, faulty line): why}.
PROGRESS = "models/desks/public_progress.py"
FOUND = 'return applications.search_fetch(domain, ["id_number", "state", "waiting_since"], limit='
EQUIVALENT = {
    (PROGRESS, f"{FOUND} 2)"): "an application's number is unique in the database",
    (PROGRESS, f"{FOUND} 0)"): "the same; 0 is no limit",
    (PROGRESS, 'given = digits if DIGITS.fullmatch(digits) else NO_DIGITS[::- 2] + "-"'): (
        "of three characters instead of five, which no four characters equal either"
    ),
    (PROGRESS, "WHERE place = ANY(%s) OR day = (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date"): (
        "more rows, of which the caller takes the one of its place"
    ),
}
