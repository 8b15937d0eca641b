"""What would serve any addon: guarded fields, the audit trail, uploads, discretion."""

from . import (
    outsider,
    discretion,
    guarded,
    trail,
    grouping,
    attachment_owner,
    settings,
    neutralized,
    upload_check,
    counter,
    visit,
    ir_http,
    text_limits,
    amounts,
    on_behalf,
    references,
    refusals,
    mail_words,
)
