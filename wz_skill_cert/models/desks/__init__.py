from . import (
    getting_started,
    desk,
    ui,
    public_progress,
)
