from . import export, forms, keys, printing, publicity, uploads, verify
