from . import check, export, forms, keys, printing, publicity, uploads, verify
