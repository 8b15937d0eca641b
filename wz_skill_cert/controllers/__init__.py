from . import export, forms, keys, printing, uploads, verify
