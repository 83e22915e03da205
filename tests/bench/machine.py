"""What the machine was doing while figures were taken: they are worth no more than it was quiet."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time

from tests.bench.report import p50, p99

_WRITES = 100
_PAGE = b"\0" * 4096


def describe() -> str:
    """Processors, versions, load, and how long the disk takes to make one page durable."""
    syncs = _syncs()
    return (
        f"{os.cpu_count()} processors, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; "
        f"{load()}; fdatasync of one page p50 {p50(syncs):.1f} / p99 {p99(syncs):.1f} ms"
    )


def load() -> str:
    """The load average of the last minute: what runs beside the bench shows in it, and so does the bench."""
    return f"load {os.getloadavg()[0]:.1f}"


def _syncs() -> list[float]:
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(_WRITES):
            file.write(_PAGE)
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return taken
