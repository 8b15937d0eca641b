from . import check, export, forms, keys, printing, uploads, verify
