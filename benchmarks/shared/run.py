"""Runs the benchmarks BENCH_SCRIPTS, one path a line. Run by dev/bench through `odoo shell`.

What one leaves in its transaction is undone before the next. All are run, whichever fails.
"""

import os
import runpy
import sys
import time
import traceback
from pathlib import Path

import figures

failed = []
for script in map(Path, os.environ["BENCH_SCRIPTS"].splitlines()):
    print(f"== {script.stem}")
    figures.BENCHMARK, start = script.stem, time.perf_counter()
    try:
        runpy.run_path(str(script), init_globals={"env": env})
    except Exception:
        traceback.print_exc()
        failed.append(script.stem)
    env.cr.rollback()
    env.invalidate_all(flush=False)
    print(f"   {time.perf_counter() - start:.1f} s", flush=True)
if failed:
    sys.exit(f"benchmarks: {', '.join(failed)} failed.")
