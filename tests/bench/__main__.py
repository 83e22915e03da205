"""`python -m tests.bench [--quick] [TABLE ...]`: the figures of docs/performance.md.

Everything runs on loopback, with commits that wait for the disk. Compared variants take turns within one
run, since a shared machine changes from minute to minute; nothing here asserts a time.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import time
from pathlib import Path

from tests.bench import acks, charts, footprint, gate, lateness, machine, slo, storm, ticks, timeline

TABLES = {
    "acks": acks.run,
    "ticks": ticks.run,
    "lateness": lateness.run,
    "footprint": footprint.run,
    "timeline": timeline.run,
    "storm": storm.run,
    "charts": charts.run,
    "slo": slo.run,
    "gate": gate.run,
}


def main() -> None:
    """Take and print the tables that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=f"of {', '.join(TABLES)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="few rounds: shows that it works")
    options = parser.parse_args()
    unknown = set(options.tables) - set(TABLES)
    if unknown:
        parser.error(f"no such table: {', '.join(sorted(unknown))}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends what was started, as Ctrl-C does
    began = time.monotonic()
    print(f"Machine: {machine.describe()}.", flush=True)
    for name, run in TABLES.items():
        if name in (options.tables or TABLES):
            with tempfile.TemporaryDirectory(prefix="opsbot-bench-") as folder:
                run(Path(folder), quick=options.quick)
    print(f"Machine: {machine.describe()}. Taken in {time.monotonic() - began:.0f} s.")


if __name__ == "__main__":
    main()
