"""Makes tables of what the benchmarks have measured.

python bench_table.py results FIGURES LOAD COMMIT    benchmarks/RESULTS.md, on standard output
python bench_table.py compare OLD NEW [OLD NEW …]    new ÷ old of each line, over the rounds; each pair ran in turn

A figure's *cost* is the figure where less is better, and its inverse where more is better.
"""

import json
import os
import platform
import statistics
import sys
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks" / "shared"))
from figures import shown

MOST_COST = 1.05  # of another commit's
CALM = 0.25  # load a core, before the benchmarks begin


def read(path):
    with open(path, encoding="utf-8") as source:
        return [json.loads(line) for line in source]


def row_of(cells):
    return "| " + " | ".join(cells) + " |"


# ------------------------------------------------------------------ results


def target_of(row):
    """Return (its words, how the figure stands to it: at most 1 is met), or two Nones."""
    if row["at_most"] is not None:
        return f"at most {row['at_most']:g}", row["value"] / row["at_most"]
    if row["at_least"] is not None:
        return f"at least {row['at_least']:g}", row["at_least"] / row["value"]
    return None, None


def result(row):
    target, ratio = target_of(row)
    figure = " ".join(filter(None, (shown(row["value"]), row["unit"])))
    verdict = "for information" if ratio is None else "met" if ratio <= 1 else "**missed**"
    cells = row["benchmark"], row["line"], figure, target or "", "" if ratio is None else f"{ratio:.2f}", verdict
    return row_of([*cells, row["note"]])


def processor():
    """Return the model of the processor as the kernel names it."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def machine(load):
    cores, memory = os.cpu_count(), os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    yield f"- Machine: {cores} cores, {processor()}, {memory:.0f} GB of memory, Linux {platform.release().split('-')[0]}"
    if load / cores > CALM:
        yield (
            f"- **The machine was busy with other work** (load {load:.1f} on {cores} cores before the first benchmark): what is "
            "given in seconds, milliseconds or a second is slower than on a calm one. Ratios of two figures of one run still hold."
        )
    else:
        yield f"- The machine was calm (load {load:.1f} on {cores} cores before the first benchmark)."


def results(path, load, commit):
    figures = read(path)
    missed = sum(ratio is not None and ratio > 1 for _target, ratio in map(target_of, figures))
    print("# Results of the benchmarks\n")
    print("Written by `make bench`; not edited by hand. *Ratio*: the figure to its target; at most 1.00 is met.\n")
    print(*machine(load), sep="\n")
    print(f"- Commit: {commit}")
    print(f"- Date: {datetime.now(timezone.utc):%Y-%m-%d}")
    print(f"- {len(figures)} lines, {missed} targets missed\n")
    print(row_of(["Benchmark", "Line", "Figure", "Target", "Ratio", "Verdict", "Note"]))
    print(row_of(["---"] * 7))
    print(*map(result, figures), sep="\n")


# ------------------------------------------------------------------ compare


def costs(path):
    """Return {(benchmark, line): cost} of the lines whose better direction is known."""
    rows = [row for row in read(path) if target_of(row)[1] is not None]
    return {
        (row["benchmark"], row["line"]): row["value"] if row["at_most"] is not None else 1 / row["value"]
        for row in rows
    }


def compare(paths):
    rounds = [(costs(old), costs(new)) for old, new in zip(paths[::2], paths[1::2], strict=True)]
    print(f"Cost of the new ÷ cost of the old, paired in each of {len(rounds)} rounds; at most {MOST_COST} wanted:")
    for key in rounds[0][1]:
        ratios = [new[key] / old[key] for old, new in rounds if key in old and key in new]
        if not ratios:
            print(f"    -   {': '.join(key)} (the old one did not measure it)")
            continue
        middle = statistics.median(ratios)
        verdict = "" if middle <= MOST_COST else "  MORE"
        print(f"  {middle:5.2f} ({min(ratios):.2f} to {max(ratios):.2f})  {': '.join(key)}{verdict}")


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "results":
        results(arguments[0], float(arguments[1]), arguments[2])
    else:
        compare(arguments)
