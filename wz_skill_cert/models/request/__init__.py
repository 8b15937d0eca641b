"""四（一）组织申报: the application, its papers, the summary sheet, what is still missing."""

from . import (
    campaign,
    application,
    round,
    application_line,
    material,
    original_check,
    evidence,
    submission,
    submission_check,
    bulk_draft,
    sheet_import,
    case_readers,
    stamped_scan,
    completeness,
    free_place,
    nomination,
    member_progress,
    case_flags,
    renewal,
    personal_access,
)
