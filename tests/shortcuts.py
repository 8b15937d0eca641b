"""What tests need not do again and again: to look up what is known, and to judge the same file.

Odoo's test cases forget after each test all that was looked up. A test ends as a failed request does, its transaction
rolled back: what it has not changed is still true. So a test forgets what a server would forget then
(``Registry.reset_changes``), and the bundles of the web client, whose files are rolled back, too.

A PDF is judged in a process of its own, for an eighth of a second. Most tests upload the same one: the verdict on each
content is found once and remembered, with the limits that it was found under.
"""

from hashlib import sha256

from odoo.addons.wz_skill_cert import upload_kinds
from odoo.modules.registry import Registry

ODOO_CLEAR_CACHE = Registry.clear_cache
ALWAYS_FORGOTTEN = ("assets",)
PDF_REASON = upload_kinds.CHECKS[upload_kinds.PDF]
VERDICTS = {}


def _clear_cache(registry, *names):
    for changed in _changed(registry):
        changed.update(names or ("default",))
    ODOO_CLEAR_CACHE(registry, *names)


def _forget_test(registry):
    """Stand in for ``Registry.clear_all_caches``."""
    by_test, _by_class = _changed(registry)
    ODOO_CLEAR_CACHE(registry, *by_test, *ALWAYS_FORGOTTEN)
    by_test.clear()


def forget_class(registry):
    """Forget what the class of tests before this one changed."""
    _by_test, by_class = _changed(registry)
    ODOO_CLEAR_CACHE(registry, *by_class, *ALWAYS_FORGOTTEN)
    by_class.clear()


def _changed(registry):
    """Return the names of the caches that were cleared in this test, and in this class, in whichever thread."""
    return vars(registry).setdefault("_skill_cert_changed", (set(), set()))


def _pdf_reason(content):
    known = (sha256(content).digest(), upload_kinds.PROCESS_SECONDS, upload_kinds.PROCESS_MEMORY)
    if known not in VERDICTS:
        VERDICTS[known] = PDF_REASON(content)
    return VERDICTS[known]


def take():
    """Take the shortcuts, in this process."""
    Registry.clear_cache = _clear_cache
    Registry.clear_all_caches = _forget_test
    upload_kinds.CHECKS[upload_kinds.PDF] = _pdf_reason
