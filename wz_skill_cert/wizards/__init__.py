from . import (
    annual_report,
    blank_form_wizard,
    nomination_wizard,
    panel_wizard,
    policy_preview,
    print_wizard,
    reason_wizard,
    refusal_wizard,
    replacement_wizard,
)
