"""What each desk shows first: the nominator's, the bureau's, the applicant's."""

from . import (
    getting_started,
    desk,
    public_progress,
)
