"""Prometheus for tests: its stand-in on a free loopback port, and the real program over given samples."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.prometheus import PrometheusStandIn
from bot.sandbox.prometheus.promql.labels import Labels
from bot.sandbox.prometheus.promql.numbers import written
from bot.sandbox.prometheus.promql.samples import Point
from bot.sandbox.served import listening
from tests.support.programs import real_program

PACKAGE = "prometheus"
_LISTENING = re.compile(r'msg="Listening on"(?: component=\w+)? address=(\S+)')
_START_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class ServedPrometheus:
    """The stand-in, its address, and every query that it was sent, in order."""

    stand_in: PrometheusStandIn
    url: str
    queries: list[str]


@asynccontextmanager
async def served_prometheus(**options: Any) -> AsyncIterator[ServedPrometheus]:
    """Serve a stand-in made with `options`; it ends with the block."""
    stand_in = PrometheusStandIn(**options)
    app, queries = stand_in.app(), list[str]()
    app.middlewares.append(_noting(queries))
    async with listening(app, 0, grace=0.1) as url:
        yield ServedPrometheus(stand_in, url, queries)


def _noting(queries: list[str]) -> Any:
    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        form = await request.post() if request.method == "POST" else {}
        if query := request.query.get("query") or form.get("query"):
            queries.append(str(query))
        return await handler(request)

    return note


def series_of(stand_in: PrometheusStandIn) -> Iterator[tuple[Labels, Iterable[Point]]]:
    """Everything that a stand-in has, as it is now."""
    now = stand_in.clock()
    for series in stand_in.database.present(now).select(()):
        samples = series.samples(0, now)
        if samples is not None:
            yield series.labels, samples.points()


def exposition(series: Iterable[tuple[Labels, Iterable[Point]]]) -> Iterator[str]:
    """Series as OpenMetrics, line by line. Label sets hold the metric's name; instants are epoch ms."""
    for labels, points in series:
        pairs = dict(labels)
        name = pairs.pop("__name__")
        shown = ",".join(f'{label}="{value}"' for label, value in pairs.items())
        for at, value in points:
            yield f"{name}{{{shown}}} {written(value)} {at / 1000}\n"
    yield "# EOF\n"


def serving(folder: Path, *, rules: Path | None = None, scrapes: str = "") -> list[str]:
    """The command that serves what is stored in a folder, on a free port.

    It follows a file of rules, and `scrapes`, a part of its configuration.
    """
    program = real_program("prometheus", package=PACKAGE)
    files = "" if rules is None else f"rule_files: ['{rules}']\n"
    (folder / "prometheus.yml").write_text(f"global: {{}}\n{files}{scrapes}")
    return [
        program,
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        "--storage.tsdb.retention.time=100y",
        "--web.listen-address=127.0.0.1:0",
    ]


def importing(samples: Path, folder: Path) -> list[str]:
    """The command that stores samples in a folder, as one block.

    Without that flag it would make one for every two hours, which takes minutes.
    """
    program = real_program("promtool", package=PACKAGE)
    build = [program, "tsdb", "create-blocks-from", "--max-block-duration=1464h", "--quiet"]
    return [*build, "openmetrics", str(samples), str(folder / "data")]


def address_in(line: str) -> str | None:
    """The address that it says it listens on, if this is the line that says so."""
    found = _LISTENING.search(line)
    return None if found is None else f"http://{found[1]}"


@asynccontextmanager
async def real_prometheus(
    folder: Path, series: Iterable[tuple[Labels, Iterable[Point]]], *, rules: Path | None = None
) -> AsyncIterator[str]:
    """The real Prometheus over these samples and nothing else; gives its address, ends with the block.

    Ask it with a `time=` that fits the samples. `folder` is an empty one for its files; `rules` is a file of
    rules that it follows. The test is skipped where the program is missing, or fails where real parts are
    required.
    """
    command = serving(folder, rules=rules)
    await _imported(folder, series)
    async with running(command) as url:
        yield url


@asynccontextmanager
async def running(command: list[str]) -> AsyncIterator[str]:
    """A Prometheus started by this command; gives its address, ends with the block."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stderr is not None
    try:
        async with asyncio.timeout(_START_SECONDS):
            url = await _announced(process.stderr)
            await _until_ready(url)
        yield url
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


async def _imported(folder: Path, series: Iterable[tuple[Labels, Iterable[Point]]]) -> None:
    samples = folder / "samples.om"
    with samples.open("w") as file:
        file.writelines(exposition(series))
    process = await asyncio.create_subprocess_exec(
        *importing(samples, folder),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode(errors="replace")


async def _announced(stderr: asyncio.StreamReader) -> str:
    """The address that it listens on, which it prints."""
    lines = []
    async for raw in stderr:
        lines.append(raw.decode(errors="replace"))
        if (address := address_in(lines[-1])) is not None:
            return address
    raise AssertionError("Prometheus did not start:\n" + "".join(lines))


async def _until_ready(url: str) -> None:
    async with aiohttp.ClientSession(url) as http:
        while True:
            async with http.get("/-/ready") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.05)
