from . import (
    kept_form,
    print_job,
)
