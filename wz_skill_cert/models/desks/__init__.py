from . import (
    getting_started,
    desk,
    public_progress,
)
