from . import engine, forms, submission_xlsx
