from . import (
    blank_form_wizard,
    member_sheets,
    nomination_wizard,
    panel_wizard,
    policy_preview,
    print_wizard,
    reason_wizard,
    refusal_wizard,
    replacement_wizard,
    unit_wizard,
)
