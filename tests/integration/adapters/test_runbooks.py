"""Runbooks' texts: out of a folder and off the web, bounded, and kept."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from typing_extensions import override

from bot.adapters.runbooks import Folder, KeptLibrary, NoLibrary, Web
from bot.adapters.runbooks.source import Source
from bot.domain.guide import Runbook
from bot.domain.runbooks.markdown import SIZE_LIMIT
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from tests.support.clock import FakeClock
from tests.support.slack import serving


def book(file: str = "pay.md", url: str | None = None) -> Runbook:
    return Runbook(key="pay", title="Payment", file=file, section="S", url=url, is_readable=True)


async def why(source: Source, runbook: Runbook) -> DeliveryFailure:
    with pytest.raises(DeliveryFailure) as raised:
        await source.read(runbook)
    return raised.value


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    (tmp_path / "books").mkdir()
    opened = Folder(tmp_path / "books")
    yield opened
    await opened.aclose()


async def test_a_file_of_the_folder_is_read(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "books" / "pay.md").write_bytes(b"\xef\xbb\xbf# P\xff")
    assert await folder.read(book()) == "# P\ufffd"
    (tmp_path / "books" / "deep").mkdir()
    (tmp_path / "books" / "deep" / "x.md").write_text("x")
    assert await folder.read(book("deep/x.md")) == "x"


async def test_nothing_outside_the_folder_is_read(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "books" / "pay.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "books" / "out").symlink_to(tmp_path)
    for name in ("pay.md", "../secret.md", "out/secret.md", str(tmp_path / "secret.md")):
        failure = await why(folder, book(name))
        assert isinstance(failure, PermanentFailure)
        assert "no file within the runbooks' folder" in failure.reason
    (tmp_path / "books" / "in.md").symlink_to(tmp_path / "books" / "real.md")
    (tmp_path / "books" / "real.md").write_text("in it")
    assert await folder.read(book("in.md")) == "in it"


async def test_what_is_no_file_is_too_large_or_is_not_there_says_so(folder: Folder, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "books" / "pipe.md")
    assert "no file" in (await why(folder, book("pipe.md"))).reason
    (tmp_path / "books" / "big.md").write_bytes(b"x" * (SIZE_LIMIT + 1))
    assert (await why(folder, book("big.md"))).reason == "big.md is larger than 256 KiB."
    assert (await why(folder, book())).reason == "pay.md is not in the runbooks' folder."
    (tmp_path / "books" / "loop.md").symlink_to("loop.md")
    assert "loop.md" in (await why(folder, book("loop.md"))).reason
    gone = Folder(tmp_path / "nowhere")
    assert "no folder nowhere beside the guide" in (await why(gone, book())).reason


class Served:
    """A web server of runbooks, that answers as a test says."""

    def __init__(self) -> None:
        self.answers: dict[str, dict[str, Any]] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/endless.md":
            return await _endless(request)
        return web.Response(**self.answers.get(request.path, {"status": 404}))


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/markdown"})
    await response.prepare(request)
    for _ in range(4 * SIZE_LIMIT // 65536):
        await response.write(b"x" * 65536)
    return response


@pytest.fixture
async def served() -> AsyncIterator[tuple[Served, str, Web]]:
    server, app = Served(), web.Application()
    app.router.add_get("/{path:.*}", server.answer)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(app))
        source = Web()
        stack.push_async_callback(source.aclose)
        yield server, url, source


async def test_a_text_is_fetched_and_redirects_of_the_same_host_are_followed(
    served: tuple[Served, str, Web],
) -> None:
    server, url, source = served
    server.answers["/pay.md"] = {"status": 302, "headers": {"Location": "moved/pay.md"}}
    server.answers["/moved/pay.md"] = {"text": "# Pay"}
    assert await source.read(book(url=f"{url}/pay.md")) == "# Pay"


async def test_another_host_and_circles_are_not_followed(served: tuple[Served, str, Web]) -> None:
    server, url, source = served
    for where in (
        "http://169.254.169.254/latest",
        url.replace("127.0.0.1", "localhost"),
        "file:///etc/passwd",
    ):
        server.answers["/pay.md"] = {"status": 301, "headers": {"Location": where}}
        failure = await why(source, book(url=f"{url}/pay.md"))
        assert "leads to another host" in failure.reason, where
    server.answers["/pay.md"] = {"status": 301, "headers": {"Location": "/pay.md"}}
    assert "leads in a circle" in (await why(source, book(url=f"{url}/pay.md"))).reason


async def test_refusals_say_what_is_wrong_and_no_address(served: tuple[Served, str, Web]) -> None:
    server, url, source = served
    server.answers |= {
        "/late.md": {"status": 503},
        "/page.md": {"text": "<html>", "content_type": "text/html"},
        "/big.md": {"body": b"x" * (SIZE_LIMIT + 1)},
    }
    for name, kind, words in (
        ("none.md", PermanentFailure, "there is no pay.md (HTTP 404)"),
        ("late.md", TemporaryFailure, "cannot be given now (HTTP 503)"),
        ("page.md", PermanentFailure, "is a page for browsers there"),
        ("big.md", PermanentFailure, "is larger than 256 KiB"),
        ("endless.md", PermanentFailure, "is larger than 256 KiB"),
    ):
        failure = await why(source, book(url=f"{url}/{name}"))
        assert isinstance(failure, kind)
        assert words in failure.reason
        assert "127.0.0.1" not in failure.reason
    closed = await why(source, book(url="http://127.0.0.1:9/pay.md"))
    assert isinstance(closed, TemporaryFailure)
    assert closed.reason == "Where the runbooks are cannot be reached."


class Slow(Source):
    """A source that a test lets answer, fail, or hang."""

    def __init__(self) -> None:
        self.asked = 0
        self.text: str | DeliveryFailure = "one"
        self.gate = asyncio.Event()
        self.gate.set()

    @override
    async def read(self, runbook: Runbook) -> str:
        self.asked += 1
        await self.gate.wait()
        if isinstance(self.text, DeliveryFailure):
            raise self.text
        return self.text

    @override
    async def aclose(self) -> None:
        """Nothing is open."""


async def _opened(gate: asyncio.Event) -> None:
    gate.set()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


async def test_a_text_is_kept_for_five_minutes_and_many_who_ask_at_once_read_it_once(
    clock: FakeClock,
) -> None:
    source = Slow()
    library = KeptLibrary(source, clock=clock)
    source.gate.clear()
    *texts, _ = await asyncio.gather(*(library.text(book()) for _ in range(5)), _opened(source.gate))
    assert {one.text for one in texts if one} == {"one"}
    assert source.asked == 1
    source.text = "two"
    clock.advance(timedelta(minutes=4, seconds=59))
    assert (await library.text(book())).text == "one"
    clock.advance(timedelta(seconds=1))
    assert (await library.text(book())).text == "two"


async def test_what_cannot_be_read_anew_is_given_with_its_age_and_not_tried_again_at_once(
    clock: FakeClock,
) -> None:
    source = Slow()
    library = KeptLibrary(source, clock=clock)
    await library.text(book())
    source.text = TemporaryFailure("away")
    clock.advance(timedelta(minutes=20))
    stale = await library.text(book())
    assert (stale.text, stale.age) == ("one", timedelta(minutes=20))
    asked = source.asked
    clock.advance(timedelta(seconds=29))
    assert (await library.text(book())).age == timedelta(minutes=20, seconds=29)
    assert source.asked == asked
    clock.advance(timedelta(seconds=1))
    source.text = "back"
    again = await library.text(book())
    assert (again.text, again.age) == ("back", None)


async def test_a_source_that_hangs_is_given_up_and_keeps_only_the_first_waiting(
    clock: FakeClock,
) -> None:
    source = Slow()
    source.gate.clear()
    library = KeptLibrary(source, clock=clock, within=0.05)
    for _ in range(3):
        with pytest.raises(TemporaryFailure, match=r"pay\.md could not be read in time"):
            await library.text(book())
    assert source.asked == 1


async def test_without_a_place_nothing_can_be_read() -> None:
    library = NoLibrary()
    assert not library.is_there
    with pytest.raises(PermanentFailure, match=r"set `runbooks\.base` or `runbooks\.folder`"):
        await library.text(book())
