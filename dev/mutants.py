"""Puts one small fault after another into the code and sees whether the tests of that code notice it.

Odoo is imported once. Each mutant gets a fork of that process in which the addon is not imported yet, so that a fault may
stand anywhere, in a field or a table as in a method; the fork loads the registry and runs the tests that come past the
faulty line, until one fails. Forks have a database each: what a test has not committed is another's lock.

Not mutated: what the database holds (see mutant_operators.IN_THE_DATABASE), the words of messages, views and rules.
"""

import argparse
import ast
import ctypes
import difflib
import functools
import hashlib
import importlib.machinery
import json
import os
import signal
import sys
import time
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import coverage
import mutants_scope
import pytest
from mutant_operators import mutants

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".dev" / "mutants"
LOGS = STATE / "logs"
ENOUGH = 0.9
# Seconds that any run may take, and how many times as long as without a fault; and those of a run without one.
PATIENCE, TIMES, WITHOUT_A_FAULT = 30, 4, 1800
DIE_WITH_PARENT = 1
KILLED, TIMED_OUT, SURVIVED = "killed", "timed out", "survived"


class Mutant(NamedTuple):
    path: str
    operator: str
    line: int
    code: str
    change: str
    # Which of the same changes in the file.
    number: int

    @property
    def key(self):
        """The same as long as the line is, whatever changes around it."""
        return hashlib.sha256(f"{self.path}\n{self.operator}\n{self.change}\n{self.number}".encode()).hexdigest()

    @property
    def faulty(self):
        """The line as it would then be; where nothing is in its place, the line that is gone."""
        return self.change.splitlines()[-1][1:].strip()

    @property
    def reason(self):
        """Why nobody could notice it, or None."""
        return mutants_scope.EQUIVALENT.get((self.path, self.faulty))


def source(path):
    return ROOT / mutants_scope.ADDON / path


def mutants_of(path):
    code = source(path).read_text(encoding="utf-8")
    same, found = Counter(), []
    for operator, line, faulty in mutants(code):
        changed = change(code, faulty)
        found.append(Mutant(path, operator, line, faulty, changed, same[operator, changed]))
        same[operator, changed] += 1
    return found


def change(before, after):
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in list(lines)[2:] if not line.startswith("@@"))


# ------------------------------------------------------------------ a fork that runs tests


def fork(database, tests, log, prepare=None, *plugins):
    """Start pytest with ``tests`` in a fork, after ``prepare()``; return its process id."""
    if pid := os.fork():
        return pid
    status = pytest.ExitCode.INTERNAL_ERROR
    try:
        os.setsid()
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with log.open("w") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        if prepare:
            prepare()
        status = pytest.main(arguments(database, tests), plugins=plugins)
        sys.stdout.flush()
    finally:
        os._exit(status)


def arguments(database, tests):
    options = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-W", "ignore", "-c", str(ROOT / "pyproject.toml"))
    return [*options, f"--odoo-config={os.environ['ODOO_RC']}", f"--odoo-database={database}", "--odoo-http", *tests]


def put_in(mutant):
    """Let Python find the faulty code when it imports the file."""
    ordinary, faulty = importlib.machinery.SourceFileLoader.get_code, str(source(mutant.path))

    def get_code(loader, name):
        path = loader.get_filename(name)
        if os.path.realpath(path) == faulty:
            return compile(mutant.code, path, "exec", dont_inherit=True)
        return ordinary(loader, name)

    importlib.machinery.SourceFileLoader.get_code = get_code


class Run:
    """A fork under way."""

    def __init__(self, log, limit, *args):
        self.log, self.until = LOGS / log, time.monotonic() + limit
        self.pid = fork(*args[:2], self.log, *args[2:])

    def verdict(self):
        """Return None while it runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            return SURVIVED if status == 0 else KILLED
        if time.monotonic() < self.until:
            return None
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return TIMED_OUT


def expect_nothing_noticed(runs):
    """Wait for runs without a fault, or end everything: tests that fail anyhow notice nothing."""
    waiting = list(runs)
    while waiting:
        time.sleep(0.1)
        for run in list(waiting):
            if verdict := run.verdict():
                waiting.remove(run)
                if verdict != SURVIVED:
                    sys.exit(f"The tests fail without a fault:\n{run.log.read_text(encoding='utf-8')}")


# ------------------------------------------------------------------ which tests come past which line


class Contexts:
    """Notes for coverage which test comes past a line, or which class does while it prepares, and how long each test takes."""

    def __init__(self, measured, file):
        self.measured, self.file, self.current, self.seconds = measured, file, "", {}

    @contextmanager
    def within(self, context):
        before, self.current = self.current, context
        self.measured.switch_context(context)
        try:
            yield
        finally:
            self.current = before
            self.measured.switch_context(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        began = time.monotonic()
        with self.within(item.nodeid):
            result = yield
        self.seconds[item.nodeid] = time.monotonic() - began
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        context = {"function": self.current, "class": class_of(self.current)}.get(fixturedef.scope, "")
        with self.within(context):
            return (yield)

    def pytest_collection_finish(self):
        """Count what a class prepares in its first test for all of its tests."""
        common = sys.modules["tests.common"]
        ordinary = common.SkillCertCase._prepare_once

        def prepare_once(case):
            with self.within(class_of(self.current)):
                ordinary(case)

        common.SkillCertCase._prepare_once = prepare_once

    def pytest_sessionfinish(self):
        self.measured.stop()
        self.measured.save()
        found = {"seconds": self.seconds, "modules": sorted(sys.modules)}
        self.file.write_text(json.dumps(found), encoding="utf-8")


def class_of(test):
    return test.rpartition("::")[0]


def measure(paths, database):
    """Run the tests of these files without a fault, and return {file: Tests}."""
    data, notes = STATE / "coverage", STATE / "before.json"
    measured = coverage.Coverage(data_file=str(data), include=[str(source(path)) for path in paths], config_file=False)
    measured.erase()
    run = Run("before.log", WITHOUT_A_FAULT, database, files(paths), measured.start, Contexts(measured, notes))
    expect_nothing_noticed([run])
    found = coverage.CoverageData(str(data))
    found.read()
    noted = json.loads(notes.read_text(encoding="utf-8"))
    import_for_all(noted["modules"])
    return {path: Tests(path, found.contexts_by_lineno(str(source(path))), noted["seconds"]) for path in paths}


def import_for_all(modules):
    """Import here what is not ours, and not again in each fork."""
    for name in modules:
        if name.partition(".")[0] not in ("odoo", "tests", "__main__"):
            with suppress(ImportError):
                importlib.import_module(name)


def files(paths):
    return sorted({f"tests/{file}" for path in paths for file in mutants_scope.SCOPE[path]})


class Tests:
    """The tests of one file of the addon: how long each takes, and which come past which line."""

    def __init__(self, path, contexts, seconds):
        mapped = set(files([path]))
        self.seconds = {test: time for test, time in seconds.items() if test.partition("::")[0] in mapped}
        self.contexts, self.statements = contexts, spans(source(path).read_text(encoding="utf-8"))

    def past(self, line):
        """Return the tests that come past the statement of ``line``, by class, those classes first that are quick."""
        first, last = min(
            (span for span in self.statements if span[0] <= line <= span[1]),
            key=lambda span: span[1] - span[0],
            default=(line, line),
        )
        contexts = {context for number in range(first, last + 1) for context in self.contexts.get(number, ())}
        chosen = [test for test in self.seconds if contexts & {"", test, class_of(test)}]
        took = defaultdict(float)
        for test in chosen:
            took[class_of(test)] += self.seconds[test]
        return sorted(chosen, key=lambda test: (took[class_of(test)], class_of(test)))

    def limit(self, tests):
        return PATIENCE + TIMES * sum(self.seconds[test] for test in tests)


def spans(code):
    """Return (first, last line) of each statement; of one with a body, those before the body."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno
            found.append((node.lineno, max(node.lineno, last)))
    return found


# ------------------------------------------------------------------ all mutants of a file


class Judge:
    """Runs the tests for each mutant of a file, with as many forks as there are databases."""

    def __init__(self, path, tests, databases, known, found):
        self.path, self.tests, self.free, self.found = path, tests, list(databases), found
        self.verdicts, self.running = {}, []
        self.todo = mutants_of(path)
        self.take_over(known)

    def take_over(self, known):
        """Believe what was found in an earlier run; what survived then is tried anew."""
        noticed = {key: verdict for key, verdict in known.items() if verdict != SURVIVED}
        self.verdicts = {mutant: noticed[mutant.key] for mutant in self.todo if mutant.key in noticed}
        self.todo = [mutant for mutant in self.todo if mutant not in self.verdicts]

    def judge(self):
        """Return {mutant: verdict}."""
        while self.todo or self.running:
            while self.todo and self.free:
                self.begin(self.todo.pop(0))
            self.collect()
            time.sleep(0.02)
        return self.verdicts

    def begin(self, mutant):
        tests = self.tests.past(mutant.line)
        if not tests:
            self.note(mutant, SURVIVED)
            return
        log, database = f"{mutant.key[:12]}.log", self.free.pop()
        run = Run(log, self.tests.limit(tests), database, tests, functools.partial(put_in, mutant))
        self.running.append((mutant, database, run))

    def collect(self):
        for entry in list(self.running):
            mutant, database, run = entry
            if verdict := run.verdict():
                self.running.remove(entry)
                self.free.append(database)
                self.note(mutant, verdict)

    def note(self, mutant, verdict):
        self.verdicts[mutant] = verdict
        print(verdict.ljust(9), f"{self.path}:{mutant.line}", mutant.operator, flush=True)
        with self.found.open("a") as file:
            file.write(f"{mutant.key} {verdict}\n")


# ------------------------------------------------------------------ what is told


def share(verdicts):
    """Return the share of the noticed among those that can be noticed."""
    counted = [verdict for mutant, verdict in verdicts.items() if not mutant.reason]
    return sum(verdict != SURVIVED for verdict in counted) / max(len(counted), 1)


def table(results):
    yield "| file | mutants | killed | timed out | survived | of these equivalent | noticed |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for path, verdicts in results.items():
        counts = Counter(verdicts.values())
        equal = sum(bool(mutant.reason) for mutant, verdict in verdicts.items() if verdict == SURVIVED)
        figures = (len(verdicts), counts[KILLED], counts[TIMED_OUT], counts[SURVIVED], equal)
        yield f"| {path} | {' | '.join(map(str, figures))} | {share(verdicts):.1%} |"


def survivors(results):
    for path, verdicts in results.items():
        for mutant in sorted(mutant for mutant, verdict in verdicts.items() if verdict == SURVIVED):
            yield f"{path}:{mutant.line} {mutant.operator} {mutant.reason or ''}\n{mutant.change}\n"


def unused_reasons(results):
    used = {(mutant.path, mutant.faulty) for verdicts in results.values() for mutant in verdicts}
    return [entry for entry in mutants_scope.EQUIVALENT if entry[0] in results and entry not in used]


def report(results):
    text = "\n".join([*table(results), "", *survivors(results)])
    (STATE / "report.md").write_text(text, encoding="utf-8")
    print(text)
    bad = [path for path, verdicts in results.items() if share(verdicts) < ENOUGH]
    for entry in unused_reasons(results):
        print("no such mutant any more:", *entry)
    return bool(bad or unused_reasons(results))


# ------------------------------------------------------------------ all files


def import_all_but_the_addon():
    """Import what each fork needs; what is imported once is not imported by each."""
    import pytest_odoo  # noqa: F401

    import odoo.addons
    import odoo.tests
    from odoo.modules import module

    odoo.tools.config.parse_config(["--config", os.environ["ODOO_RC"], "--log-level", "critical"])
    seen, todo = {mutants_scope.ADDON}, list(module.Manifest.for_addon(mutants_scope.ADDON)["depends"])
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += module.Manifest.for_addon(name)["depends"]
            importlib.import_module(f"odoo.addons.{name}")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--again", type=int, default=0)
    parser.add_argument("--databases", nargs="+", required=True)
    parser.add_argument("files", nargs="*")
    chosen = parser.parse_args()
    if unknown := set(chosen.files) - set(mutants_scope.SCOPE):
        parser.error(f"not in dev/mutants_scope.py: {', '.join(sorted(unknown))}")
    return chosen


def take_up(found, again):
    """Return {mutant's key: verdict} of the runs before, where they are asked for."""
    if not again:
        found.unlink(missing_ok=True)
    return dict(line.split(" ", 1) for line in found.read_text().splitlines()) if found.exists() else {}


def main():
    chosen = options()
    LOGS.mkdir(parents=True, exist_ok=True)
    known = take_up(STATE / "found", chosen.again)
    import_all_but_the_addon()
    paths = chosen.files or list(mutants_scope.SCOPE)
    tests, results = measure(paths, chosen.databases[0]), {}
    for path in paths:
        results[path] = Judge(path, tests[path], chosen.databases, known, STATE / "found").judge()
    # A fault may have written what stays: then whatever came after it would seem to be noticed.
    runs = [Run(f"after-{name}.log", WITHOUT_A_FAULT, name, files(paths)) for name in chosen.databases]
    expect_nothing_noticed(runs)
    return report(results)


if __name__ == "__main__":
    sys.exit(main())
