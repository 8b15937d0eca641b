from . import (
    outsider,
    discretion,
    guarded,
    trail,
    grouping,
    attachment_owner,
    settings,
    upload_check,
    visit,
    ir_http,
    references,
    mail_words,
)
