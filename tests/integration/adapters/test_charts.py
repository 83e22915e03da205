"""Charts are drawn by a child process, one after the other, and it ends when it should."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import select
import signal
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from bot.adapters.charts.child import SIGNATURE, ChildCharts
from bot.adapters.charts.worker import DRAWING, Worker
from bot.domain.incidents_chart import IncidentsChart, incidents_chart
from bot.domain.severity import Severity
from bot.domain.statistics import Counted, Span, statistics
from bot.ports.failures import PermanentFailure, TemporaryFailure
from tests.support.bot_process import surroundings
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON

PATIENCE_SECONDS = 60.0
READS = (
    "import sys, struct; i, o = sys.stdin.buffer, sys.stdout.buffer; "
    "i.read(*struct.unpack('>I', i.read(4))); "
)
HANGS = READS + "import time; time.sleep(600)"


@pytest.fixture
def before() -> list[psutil.Process]:
    """The children that are there before a test."""
    return children()


@asynccontextmanager
async def child_charts(
    code: str | None = None, *, seconds: float = PATIENCE_SECONDS, idle_seconds: float = PATIENCE_SECONDS
) -> AsyncIterator[ChildCharts]:
    """Charts that are drawn as in the bot, or by a program that says what `code` says."""
    command = DRAWING if code is None else (sys.executable, "-I", "-c", code)
    charts = ChildCharts(seconds=seconds, idle_seconds=idle_seconds, command=command)
    try:
        yield charts
    finally:
        await charts.aclose()


def a_chart(
    *, days: int = 30, taken: float | None = 4, title: str = "Incidents of the last 30 d"
) -> IncidentsChart:
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
    return incidents_chart(statistics(incidents, span, NEW_YORK), title)


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def children() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]


def worker_of(charts: ChildCharts) -> Worker:
    assert charts._worker is not None
    return charts._worker


def pid_of(charts: ChildCharts) -> int:
    return worker_of(charts)._process.pid


@pytest.mark.parametrize(
    "chart",
    [
        a_chart(),
        a_chart(days=1, taken=None),
        a_chart(days=731, taken=600, title="Incidents of the last 731 d, $x^2$ Größe 障害 🚀 " + "x" * 30),
    ],
    ids=["a month", "a day, not acknowledged", "two years"],
)
async def test_a_picture_is_as_large_as_a_phone_shows_it(chart: IncidentsChart) -> None:
    async with child_charts() as charts:
        picture = await charts.draw(chart)
    assert picture.startswith(SIGNATURE)
    assert picture.endswith(b"IEND\xaeB`\x82")
    assert size(picture) == (1024, 960)
    assert 10_000 < len(picture) < 300_000


async def test_several_are_drawn_one_after_the_other_by_the_same_child(before: list[psutil.Process]) -> None:
    async with child_charts() as charts:
        pictures = await asyncio.gather(*(charts.draw(a_chart(days=days)) for days in (7, 7, 60)))
        assert len(children()) == len(before) + 1
        assert await charts.draw(a_chart(days=7)) == pictures[0]
    assert pictures[0] == pictures[1] != pictures[2]
    assert children() == before


async def test_one_that_hangs_is_killed_and_the_next_chart_has_a_new_one(tmp_path: Path) -> None:
    first = tmp_path / "hung"
    hangs_once = (
        "import os, runpy, time\n"
        f"if not os.path.exists({str(first)!r}):\n"
        f"    open({str(first)!r}, 'w')\n"
        "    time.sleep(600)\n"
        f"runpy.run_path({DRAWING[-1]!r}, run_name='__main__')"
    )
    async with child_charts(hangs_once, seconds=1) as charts:
        with pytest.raises(TemporaryFailure, match=r"took longer than 1 s"):
            await charts.draw(a_chart())
        assert not worker_of(charts).is_there
        charts._seconds = PATIENCE_SECONDS
        assert (await charts.draw(a_chart())).startswith(SIGNATURE)


async def test_one_that_is_no_longer_wanted_is_killed(before: list[psutil.Process]) -> None:
    async with child_charts(HANGS) as charts:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await charts.draw(a_chart())
        assert children() == before


async def test_who_waits_for_anothers_chart_waits_no_longer_than_for_its_own(
    before: list[psutil.Process],
) -> None:
    async with child_charts(HANGS, seconds=0.5) as charts:
        failures = await asyncio.gather(*(charts.draw(a_chart()) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in failures] == [TemporaryFailure] * 3
    assert children() == before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_where_it_has_died_a_new_one_draws(number: signal.Signals) -> None:
    async with child_charts() as charts:
        await charts.draw(a_chart())
        died = pid_of(charts)
        os.kill(died, number)
        assert (await charts.draw(a_chart())).startswith(SIGNATURE)
        assert pid_of(charts) != died


async def test_without_work_it_ends_after_a_while_and_the_next_chart_has_a_new_one(
    before: list[psutil.Process],
) -> None:
    async with child_charts(idle_seconds=0.01) as charts:
        await charts.draw(a_chart())
        first = worker_of(charts)
        await first._process.wait()
        assert children() == before
        assert (await charts.draw(a_chart())).startswith(SIGNATURE)
        assert worker_of(charts) is not first


async def test_when_the_bot_stops_what_is_drawn_is_given_up(
    before: list[psutil.Process], tmp_path: Path
) -> None:
    asked = tmp_path / "asked"
    os.mkfifo(asked)
    says_so = f"open({str(asked)!r}, 'w').close(); "
    async with child_charts(READS + says_so + "i.read()") as charts, asyncio.TaskGroup() as group:
        drawing = group.create_task(_failure_of(charts))
        await asyncio.to_thread(asked.read_text)
        await charts.aclose()
        assert "stopping" in await drawing
    assert "stopping" in await _failure_of(charts)
    assert children() == before


async def _failure_of(charts: ChildCharts) -> str:
    with pytest.raises(TemporaryFailure) as failed:
        await charts.draw(a_chart())
    return failed.value.reason


async def test_when_the_bot_is_killed_it_ends_by_itself() -> None:
    code = (
        "import asyncio\n"
        "from tests.integration.adapters import test_charts as t\n"
        "async def main():\n"
        "    charts = t.ChildCharts(seconds=60)\n"
        "    await charts.draw(t.a_chart())\n"
        "    print(t.pid_of(charts), flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stdout=subprocess.PIPE, env=surroundings()
    )
    assert bot.stdout is not None
    pid = int(await bot.stdout.readline())
    watched = os.pidfd_open(pid)
    try:
        bot.kill()
        await bot.wait()
        ended, _, _ = await asyncio.to_thread(select.select, [watched], [], [], PATIENCE_SECONDS)
        assert ended == [watched]
    finally:
        os.close(watched)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise SystemExit(3)", "Charts need matplotlib"),
        ("raise SystemExit(1)", "could not be drawn"),
        ("print('no picture, but something', flush=True); i.read()", "could not be drawn"),
        ("o.write(struct.pack('>cI', b'P', 2) + b'no'); o.flush(); i.read()", "could not be drawn"),
        ("o.write(struct.pack('>cI', b'P', 2_000_000) + bytes(2_000_000)); i.read()", "could not be drawn"),
        ("o.write(struct.pack('>cI', b'F', 2) + b'no'); o.flush(); i.read()", "could not be drawn"),
        ("o.write(struct.pack('>cI', b'P', 9) + b'half'); o.flush()", "could not be drawn"),
    ],
)
async def test_what_is_no_picture_is_not_handed_on(
    code: str, reason: str, before: list[psutil.Process]
) -> None:
    async with child_charts(READS + code) as charts:
        with pytest.raises(PermanentFailure, match=reason):
            await charts.draw(a_chart())
    assert children() == before


async def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(TemporaryFailure, match="could not be started"):
        await ChildCharts(command=("/nowhere/python",)).draw(a_chart())


def week(**other: object) -> dict[str, object]:
    return {"from": "2 Mar", "counts": [1], "minutes": 4.0} | other


def weekly(**other: object) -> str:
    given = {"kind": "incidents", "title": "x", "severities": ["P0"], "weeks": [week()]}
    return json.dumps(given | other)


def said_to(asked: bytes) -> tuple[int, bytes]:
    """Exit code and answers of the drawing to what it is told."""
    ran = subprocess.run(DRAWING, input=asked, capture_output=True, timeout=60, check=False)
    return ran.returncode, ran.stdout


def framed(given: str) -> bytes:
    asked = given.encode()
    return struct.pack(">I", len(asked)) + asked


def test_what_is_no_chart_is_refused_without_repeating_it_and_the_next_is_drawn() -> None:
    refused = [
        "",
        "[]",
        "{}",
        weekly(kind="secret"),
        weekly(weeks=[]),
        weekly(severities=["P9"]),
        weekly(title=7),
        weekly(title="secret" * 1000),
        weekly(weeks=[week()] * 1000),
        weekly(weeks=[week(counts=[-1])]),
        weekly(weeks=[week(counts=[1, 1])]),
        weekly(weeks=[week(counts=7)]),
        weekly(weeks=[week(minutes=float("inf"))]),
        weekly(weeks=[week(minutes="secret")]),
        weekly(weeks=["secret"]),
    ]
    code, said = said_to(b"".join(framed(given) for given in [*refused, weekly()]))
    assert code == 0
    for _ in refused:
        letter, length = struct.unpack(">cI", said[:5])
        assert letter == b"R"
        assert said[5 : 5 + length].startswith(b"this is no chart: ")
        assert b"secret" not in said[5 : 5 + length]
        said = said[5 + length :]
    assert said[:1] == b"P"


def test_how_large_the_bot_is_does_not_end_the_drawing() -> None:
    """What is started takes over the bot's own memory for a moment, as the system counts it."""
    large = b"x" * (400 << 20)
    code, said = said_to(framed(weekly()) * 2)
    assert (code, said.count(SIGNATURE), len(large)) == (0, 2, 400 << 20)


@pytest.mark.parametrize("asked", [b"\0\0", b"\xff\xff\xff\xff{}", b"\0\0\0\x09half"])
def test_what_is_no_conversation_ends_it(asked: bytes) -> None:
    assert said_to(asked) == (2, b"")


def test_the_drawing_imports_matplotlib_and_nothing_of_the_bot() -> None:
    files = list(Path(DRAWING[-1]).glob("*.py"))
    known = {"matplotlib", *sys.stdlib_module_names, *(file.stem for file in files)}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= known, file


def test_no_module_of_the_drawing_hides_one_that_it_needs() -> None:
    files = [file.stem for file in Path(DRAWING[-1]).glob("*.py") if file.stem != "__main__"]
    ran = subprocess.run(
        [sys.executable, "-I", "-c", f"import importlib.util as u; print([u.find_spec(n) for n in {files}])"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert set(ast.literal_eval(ran.stdout)) == {None}


def test_the_bot_itself_never_has_matplotlib_in_it() -> None:
    code = (
        "import sys; import bot.settings, bot.app, bot.adapters.pagerduty, storage.sqlite; "
        "print([name for name in ('matplotlib', 'numpy', 'PIL') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.stdout == "[]\n", ran.stderr
