from . import (
    annual_report,
    blank_form_wizard,
    issue_result,
    nomination_wizard,
    panel_wizard,
    policy_preview,
    print_wizard,
    publication_wizard,
    reason_wizard,
    refusal_wizard,
    replacement_wizard,
    schedule_wizard,
)
