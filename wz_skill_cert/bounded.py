"""Runs a function over a stranger's file in a process of its own, with little memory and time. Nothing here knows Odoo.

A few kilobytes can unfold to gigabytes, or keep a library busy for hours, before anything had a chance to count them: the
server then neither waits nor swells, and goes on answering everybody else.
"""

import importlib
import json
import os
import resource
import subprocess
import sys
import time
import types
from pathlib import Path

MEMORY = 1_000_000_000
# Of work; on a machine that is busy with other things, a few times as much passes.
SECONDS, WAIT = 10, 3
# How often whoever waits is asked whether it still wants to.
POLL = 0.5
# Of the server's environment. No password of the database.
ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
VALUE, BYTES, REFUSED = b"V", b"B", b"R"


class Refused(Exception):
    """The file is not taken; ``code`` says why, ``detail`` names what. "heavy": it took too much memory or time."""

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.code, self.detail = code, detail


def run(function, content, seconds=None, waiting=None, **arguments):
    """Return what ``function``, "module:name" of this addon, makes of ``content`` (bytes) and ``arguments``, as JSON holds it.

    ``waiting()`` is called from time to time and may raise. Raises Refused.
    """
    seconds = SECONDS if seconds is None else seconds
    limits = {"memory": MEMORY, "seconds": seconds}
    task = {"path": sys.path, "function": function, "arguments": arguments, **limits}
    with subprocess.Popen(
        [sys.executable, "-I", "-S", str(Path(__file__).resolve())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
    ) as process:
        try:
            answer = _answer(process, json.dumps(task).encode() + b"\n" + content, WAIT * seconds, waiting)
        finally:
            process.kill()
    return _value(answer)


def _answer(process, question, patience, waiting):
    """Return what the process says, nothing if it does not in time."""
    end, answer = time.monotonic() + patience, None
    while answer is None and time.monotonic() < end:
        answer = _heard(process, question)
        question = None  # it has been put
        if answer is None and waiting:
            waiting()
    return answer or b""


def _heard(process, question):
    try:
        return process.communicate(question, timeout=POLL)[0]
    except subprocess.TimeoutExpired:
        return None


def _value(answer):
    kind, value = answer[:1], answer[1:]
    if kind == BYTES:
        return value
    if kind == VALUE:
        return json.loads(value)
    raise Refused(*(json.loads(value) if kind == REFUSED else ("heavy",)))


# ---------------------------------------------------------------------- in the process


def main():
    """Do the task on the standard input."""
    task = json.loads(sys.stdin.buffer.readline())
    os.nice(5)  # the people at their screens come first
    resource.setrlimit(resource.RLIMIT_AS, (task["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (task["seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path[:] = task["path"]
    # The addon without its __init__, which needs Odoo.
    addon = types.ModuleType("addon")
    addon.__path__ = [str(Path(__file__).resolve().parent)]
    sys.modules["addon"] = addon
    refused = importlib.import_module("addon.bounded").Refused
    try:
        kind, value = _done(task)
    except refused as refusal:
        kind, value = REFUSED, json.dumps([refusal.code, refusal.detail]).encode()
    except MemoryError:
        kind, value = REFUSED, b'["heavy"]'
    sys.stdout.buffer.write(kind + value)


def _done(task):
    module, name = task["function"].split(":")
    function = getattr(importlib.import_module(f"addon.{module}"), name)
    value = function(sys.stdin.buffer.read(), **task["arguments"])
    return (BYTES, value) if isinstance(value, bytes) else (VALUE, json.dumps(value).encode())


if __name__ == "__main__":
    main()
