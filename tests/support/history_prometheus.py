"""The real Prometheus over the history of the ten services. Import `told` into a conftest.

The history is stored once for all workers of a session; each has its own Prometheus over the same blocks.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from tests.support.history import History, Told
from tests.support.history_services import history
from tests.support.prometheus import address_in, importing, serving

_READY = "Server is ready to receive web requests"
_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ToldHistory:
    """What happened, and the address of a Prometheus that has seen it. Ask it at fixed instants."""

    history: History
    url: str


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToldHistory]:
    """The history, and the real Prometheus that was told it. Skipped where that is not installed."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with telling(tmp_path_factory.mktemp("told"), shared / "history") as one:
        yield one


@contextmanager
def telling(own: Path, shared: Path) -> Iterator[ToldHistory]:
    """The real Prometheus, in a folder of its own, over the history that is kept in another."""
    command = serving(own)
    stored = _stored(shared, history())
    shutil.copytree(stored / "data", own / "data", copy_function=os.link)
    with _served(command) as url:
        yield ToldHistory(history(), url)


def _stored(folder: Path, past: History) -> Path:
    """The folder that holds the blocks, made by whoever comes first."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (done := folder / "done").exists():
            samples = folder / "samples.om"
            with samples.open("w") as file:
                file.writelines(map(_written, past.series()))
                file.write("# EOF\n")
            subprocess.run(importing(samples, folder), check=True, capture_output=True)
            samples.unlink()
            done.touch()
    return folder


def _written(told: Told) -> str:
    """A series as OpenMetrics."""
    (_, name), *labels = told[0]
    shown = ",".join(f'{label}="{value}"' for label, value in labels)
    begin = f"{name}{{{shown}}} "
    return "".join([f"{begin}{value} {at // 1000}\n" for at, value in zip(told[1], told[2], strict=True)])


@contextmanager
def _served(command: list[str]) -> Iterator[str]:
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stderr is not None
        # What does not start in time is killed, which ends the reading of what it says.
        patience = threading.Timer(_START_SECONDS, process.kill)
        # What it says later must not fill the pipe.
        reader = threading.Thread(target=deque, args=(process.stderr, 0))
        patience.start()
        try:
            url = _announced(process.stderr)
            patience.cancel()
            reader.start()
            yield url
        finally:
            patience.cancel()
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if reader.is_alive():
                reader.join()


def _announced(stderr: IO[str]) -> str:
    """The address that it listens on, once it answers there. It says either first."""
    lines, url, is_ready = [], None, False
    for line in stderr:
        lines.append(line)
        url, is_ready = address_in(line) or url, is_ready or _READY in line
        if url is not None and is_ready:
            return url
    raise AssertionError("Prometheus did not start:\n" + "".join(lines))
