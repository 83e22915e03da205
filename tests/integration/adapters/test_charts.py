"""Charts are drawn by a child process that comes to its end."""

from __future__ import annotations

import asyncio
import json
import struct
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from bot.adapters.charts.child import DRAWING, SIGNATURE, ChildCharts
from bot.domain.chart import Chart, chart_of
from bot.domain.severity import Severity
from bot.domain.statistics import Counted, Span, statistics
from bot.ports.failures import PermanentFailure, TemporaryFailure
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON

PATIENCE_SECONDS = 60.0
HANGS = (sys.executable, "-I", "-c", "import time; time.sleep(600)")


def a_chart(*, days: int = 30, taken: float | None = 4, title: str = "Incidents of the last 30 d") -> Chart:
    incidents = [
        Counted(
            severity=list(Severity)[age % 4],
            service="payment",
            security=False,
            declared_at=MONDAY_NOON - timedelta(days=age),
            acknowledged_at=None
            if taken is None
            else MONDAY_NOON - timedelta(days=age) + timedelta(minutes=taken * (1 + age % 3)),
        )
        for age in range(days)
    ]
    span = Span(since=MONDAY_NOON - timedelta(days=days), until=MONDAY_NOON)
    return chart_of(statistics(incidents, span, NEW_YORK), title)


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def children() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize(
    "chart",
    [
        a_chart(),
        a_chart(days=1, taken=None),
        a_chart(days=731, taken=600, title="Incidents of the last 731 d, $x^2$ Größe 障害 " + "x" * 30),
    ],
    ids=["a month", "a day, not acknowledged", "two years"],
)
async def test_a_picture_is_as_large_as_a_phone_shows_it(chart: Chart) -> None:
    picture = await ChildCharts(seconds=PATIENCE_SECONDS).draw(chart)
    assert picture.startswith(SIGNATURE)
    assert picture.endswith(b"IEND\xaeB`\x82")
    assert size(picture) == (1024, 960)
    assert 10_000 < len(picture) < 300_000


async def test_several_are_drawn_one_after_the_other() -> None:
    charts = ChildCharts(seconds=PATIENCE_SECONDS)
    pictures = await asyncio.gather(*(charts.draw(a_chart(days=days)) for days in (7, 7, 60)))
    assert pictures[0] == pictures[1] != pictures[2]


async def test_one_that_hangs_is_killed() -> None:
    before = children()
    with pytest.raises(TemporaryFailure, match=r"took longer than 0\.2 s"):
        await ChildCharts(seconds=0.2, command=HANGS).draw(a_chart())
    assert children() == before


async def test_one_that_is_no_longer_wanted_is_killed() -> None:
    before = children()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await ChildCharts(seconds=PATIENCE_SECONDS, command=HANGS).draw(a_chart())
    assert children() == before


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(3)", "Charts need matplotlib"),
        ("raise SystemExit(1)", "could not be drawn"),
        ("print('no picture')", "could not be drawn"),
        ("import sys; sys.stdout.buffer.write(b'\\x89PNG\\r\\n\\x1a\\n' + bytes(2_000_000))", "not be drawn"),
    ],
)
async def test_what_is_no_picture_is_not_handed_on(code: str, reason: str) -> None:
    charts = ChildCharts(seconds=PATIENCE_SECONDS, command=(sys.executable, "-I", "-c", code))
    with pytest.raises(PermanentFailure, match=reason):
        await charts.draw(a_chart())


async def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(TemporaryFailure, match="could not be started"):
        await ChildCharts(command=("/nowhere/python",)).draw(a_chart())


def week(**other: object) -> dict[str, object]:
    return {"from": "2 Mar", "counts": [1], "minutes": 4.0} | other


@pytest.mark.parametrize(
    "given",
    [
        "",
        "[]",
        "{}",
        json.dumps({"title": "x", "severities": ["P0"], "weeks": []}),
        json.dumps({"title": "x", "severities": ["P9"], "weeks": [week()]}),
        json.dumps({"title": 7, "severities": ["P0"], "weeks": [week()]}),
        json.dumps({"title": "x" * 1000, "severities": ["P0"], "weeks": [week()]}),
        json.dumps({"title": "x", "severities": ["P0"], "weeks": [week()] * 1000}),
        json.dumps({"title": "x", "severities": ["P0"], "weeks": [week(counts=[-1])]}),
        json.dumps({"title": "x", "severities": ["P0"], "weeks": [week(counts=[1, 1])]}),
        json.dumps({"title": "x", "severities": ["P0"], "weeks": [week(counts=7)]}),
        json.dumps({"title": "x", "severities": ["P0"], "weeks": [week(minutes=float("inf"))]}),
        json.dumps({"title": "x", "severities": ["P0"], "weeks": ["week"]}),
    ],
)
def test_what_is_no_chart_is_refused_without_repeating_it(given: str) -> None:
    ran = subprocess.run(DRAWING, input=given.encode(), capture_output=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr.startswith(b"this is no chart: ")


def test_the_bot_itself_never_has_matplotlib_in_it(tmp_path: Path) -> None:
    code = (
        "import sys; import bot.settings, bot.app, bot.adapters.pagerduty, storage.sqlite; "
        "print([name for name in ('matplotlib', 'numpy', 'PIL') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout == "[]\n", ran.stderr
