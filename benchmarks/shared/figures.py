"""What all benchmarks share: their sizes, and how they tell dev/bench what they measured."""

import json
import os

BENCHMARK = ""  # which one runs; set by run.py
TINY = os.environ.get("BENCH_TINY") == "1"


def size(name, full, tiny):
    """Return how many: the environment's ``BENCH_<name>``, ``tiny`` in `make test`, or ``full``."""
    return int(os.environ.get(f"BENCH_{name}") or (tiny if TINY else full))


def figure(line, value, unit="", at_most=None, at_least=None, note=""):
    """Print what was measured and hand it to dev/bench. A line without a target is for information."""
    row = {
        "benchmark": BENCHMARK,
        "line": line,
        "value": value,
        "unit": unit,
        "at_most": at_most,
        "at_least": at_least,
        "note": note,
    }
    if path := os.environ.get("BENCH_FIGURES"):
        with open(path, "a", encoding="utf-8") as target:
            target.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(f"{line}: {shown(value)}{unit and ' ' + unit}{_target(row)}{note and f' ({note})'}")


def shown(value):
    """Return ``value`` with as many digits as say something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _target(row):
    if row["at_most"] is not None:
        return f", at most {row['at_most']:g}"
    return "" if row["at_least"] is None else f", at least {row['at_least']:g}"
