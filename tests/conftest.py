"""What holds for every test: the browser, and that none is skipped unseen."""

import contextlib
import os
import shutil

import pytest

from odoo.modules.registry import Registry
from odoo.tests import common
from odoo.tools import config

from . import crowd, tour_pictures

# Debian's package of Odoo lacks this file, so that each page of the web client
# logs one error about it; any error in the console fails a browser test.
MISSING_IN_DEBIAN = "selfie_segmentation"

# The browser must not look for updates or the like while a test runs.
QUIET = ("--disable-component-update", "--disable-quic", "--disable-sync")

# Nor outlive a test run that is killed.
DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")

ODOO_HANDLE_CONSOLE = common.ChromeBrowser._handle_console
ODOO_SPAWN_CHROME = common.ChromeBrowser._spawn_chrome


def _handle_console(browser, type, args=None, **kwargs):
    if MISSING_IN_DEBIAN not in str(args):
        tour_pictures.answer(browser, str(args))
        ODOO_HANDLE_CONSOLE(browser, type, args=args, **kwargs)


def _spawn_chrome(browser, command):
    program, *arguments = command
    command = [*tour_pictures.ENVIRONMENT, program, *QUIET, *tour_pictures.ARGUMENTS, *arguments]
    return ODOO_SPAWN_CHROME(browser, [*DIES_WITH_US, *command])


common.ChromeBrowser._handle_console = _handle_console
common.ChromeBrowser._spawn_chrome = _spawn_chrome


class Counts:
    """Prints the closing line, and fails a run that skipped a test or ran none."""

    def __init__(self, config):
        self.config = config
        self.finished = False

    @property
    def reporter(self):
        return self.config.pluginmanager.get_plugin("terminalreporter")

    def number(self, *outcomes):
        return sum(len(self.reporter.stats.get(outcome, ())) for outcome in outcomes)

    @property
    def skipped(self):
        return self.number("skipped", "xfailed")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        self.finished = True
        if self.skipped and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self):
        if not self.finished:
            return
        line = f"{self.number('passed')} passed, {self.number('failed', 'error', 'subtests failed')} failed"
        if self.skipped:
            line += f", {self.skipped} skipped"
        with contextlib.suppress(BrokenPipeError):
            self.reporter.write_line(line)


@pytest.fixture(scope="session", autouse=True)
def _shortcuts(load_registry):
    from . import shortcuts  # not before Odoo knows where the addon is

    shortcuts.take()
    # One of several processes has a filter of its own, for which each request would ask PostgreSQL for its databases.
    config["dbfilter"] = ""
    crowd.settle()
    return shortcuts


@pytest.fixture(scope="class", autouse=True)
def _forget_the_class_before(_shortcuts):
    _shortcuts.forget_class(Registry(common.get_db_name()))


@pytest.fixture(scope="session", autouse=True)
def _own_filestore(load_registry, tmp_path_factory):
    """Give each of several processes its own copy of the files, as it has one of the database.

    pytest-odoo lets them share one, in which files of the same content are one file: what a test damages in it, or what
    Odoo finds unused in one database, the tests of another process would miss.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        own = tmp_path_factory.mktemp("filestore")
        shared = config.filestore(common.get_db_name())
        if os.path.isdir(shared):
            shutil.copytree(shared, own, dirs_exist_ok=True)
        config.filestore = lambda dbname: str(own)


def pytest_collection_modifyitems(items):
    """Begin with the classes that say of themselves that they take long: whoever ends last, ends soon after the others."""
    items.sort(key=lambda item: not getattr(item.cls, "takes_long", False))


def pytest_configure(config):
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        config.pluginmanager.register(Counts(config), "counts")
