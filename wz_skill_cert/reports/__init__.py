# A model is imported before what extends it.
from . import engine, forms, papers, dossier, certificate, submission_xlsx, announcement  # noqa: I001
