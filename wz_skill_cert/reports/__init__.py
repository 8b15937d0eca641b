import logging

# It reports each of its steps for each form, which drowns what matters in the server's log;
# the first ones already while it is imported.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

from . import engine, forms, submission_xlsx  # noqa: E402
