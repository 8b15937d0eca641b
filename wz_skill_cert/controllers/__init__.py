from . import check, export, forms, keys, printing, publicity, sign_up, uploads, verify
