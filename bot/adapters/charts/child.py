"""Has charts drawn by a child process, which is gone with what it used when the picture is there."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from typing_extensions import override

from bot.domain.chart import Chart, week_name
from bot.domain.statistics import Week
from bot.ports.charts import Charts
from bot.ports.failures import PermanentFailure, TemporaryFailure

DRAWING_SECONDS = 7.0
"""From being asked to the picture, waiting for others' included; the rest of the time is the upload's."""

LARGEST = 1_000_000
"""Bytes. A chart has about 60,000."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"
DRAWING = (sys.executable, "-I", str(Path(__file__).with_name("drawing.py")))
"""Isolated: neither the folder that it runs in nor PYTHONPATH decides what it imports."""

_NO_LIBRARY = 3
_PASSED_ON = ("HOME", "PATH", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR", "SYSTEMROOT")
"""Where fonts and caches are; of the bot's settings and secrets nothing."""

_log = logging.getLogger(__name__)


class ChildCharts(Charts):
    """One drawing at a time, bounded in time, killed where it takes longer."""

    def __init__(self, *, seconds: float = DRAWING_SECONDS, command: Sequence[str] = DRAWING) -> None:
        self._seconds = seconds
        self._command = command
        self._one_at_a_time = asyncio.Semaphore(1)

    @override
    async def draw(self, chart: Chart) -> bytes:
        asked = json.dumps(_asked(chart)).encode()
        try:
            async with asyncio.timeout(self._seconds), self._one_at_a_time:
                code, drawn, said = await self._run(asked)
        except TimeoutError as error:
            raise TemporaryFailure(f"Drawing it took longer than {self._seconds:g} s.") from error
        except OSError as error:
            raise TemporaryFailure(f"The drawing could not be started ({error.strerror}).") from error
        if code == _NO_LIBRARY:
            raise PermanentFailure(
                "Charts need matplotlib, which is not installed beside the bot: reinstall opsbot."
            )
        if code != 0 or not drawn.startswith(SIGNATURE) or len(drawn) > LARGEST:
            _log.error("a chart was not drawn: code %d, %d bytes; %s", code, len(drawn), _last_line(said))
            raise PermanentFailure("It could not be drawn, which is a bug in opsbot.")
        return drawn

    async def _run(self, asked: bytes) -> tuple[int, bytes, bytes]:
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=_surroundings()
        )
        try:
            drawn, said = await process.communicate(asked)
        finally:
            await _ended(process)
        assert process.returncode is not None, "it has ended"
        return process.returncode, drawn, said


async def _ended(process: Process) -> None:
    """See to it that it has ended; a killed one ends at once."""
    if process.returncode is None:
        process.kill()
        await process.wait()


def _surroundings() -> Mapping[str, str]:
    return {key: os.environ[key] for key in _PASSED_ON if key in os.environ}


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "it said nothing"


def _asked(chart: Chart) -> dict[str, Any]:
    """What `drawing.py` reads."""
    return {
        "title": chart.title,
        "severities": [severity.value for severity in chart.severities],
        "weeks": [_week(week, chart) for week in chart.weeks],
    }


def _week(week: Week, chart: Chart) -> dict[str, Any]:
    taken = week.to_acknowledge
    return {
        "from": week_name(week, chart.weeks),
        "counts": [week.by_severity.get(severity, 0) for severity in chart.severities],
        "minutes": taken.median.total_seconds() / 60 if taken else None,
    }
