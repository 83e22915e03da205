from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.control import fault_routes, feed_route, posts, shows
from bot.sandbox.faults import MOST_FAULTS, FaultKind, Faults, befalling
from bot.sandbox.feed import Feed
from tests.support.pagerduty import served


class SomeVendor:
    """A stand-in in small: `/work` is counted."""

    def __init__(self) -> None:
        self.worked = 0
        self.feed = Feed()
        self.faults = Faults(kinds=frozenset(FaultKind), called="api", calls=("work",))

    def app(self) -> web.Application:
        befall = befalling(
            self.faults,
            call=lambda request: "work" if request.path == "/work" else None,
            throttled=lambda _request, wait: web.Response(status=429, headers={"Retry-After": str(wait)}),
        )
        app = web.Application(middlewares=[befall])
        app.router.add_post("/work", self._work)
        app.add_routes(posts({"echo": lambda body: {"said": body["text"]}}))
        app.add_routes(shows({"state": lambda query: {"number": int(query["number"])}}))
        app.add_routes([*fault_routes(self.faults), feed_route(self.feed)])
        app.on_shutdown.append(self._end)
        return app

    async def _work(self, _request: web.Request) -> web.Response:
        self.worked += 1
        return web.Response(text="done")

    async def _end(self, _app: web.Application) -> None:
        self.feed.close()


@pytest.fixture
async def vendor() -> SomeVendor:
    return SomeVendor()


@pytest.fixture
async def http(vendor: SomeVendor) -> AsyncIterator[aiohttp.ClientSession]:
    async with served(vendor.app()) as url, aiohttp.ClientSession(url) as session:
        yield session


async def answer(http: aiohttp.ClientSession, method: str, path: str, **how: Any) -> tuple[int, Any]:
    async with http.request(method, path, **how) as got:
        return got.status, await got.json()


async def test_an_act_takes_the_bodys_object(http: aiohttp.ClientSession) -> None:
    assert await answer(http, "POST", "/control/echo", json={"text": "hi"}) == (200, {"said": "hi"})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "missing field: text"),
        (b"[]", "the body must be a JSON object"),
        (b"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ],
)
async def test_a_body_without_sense_is_answered_with_the_reason(
    http: aiohttp.ClientSession, body: bytes, error: str
) -> None:
    assert await answer(http, "POST", "/control/echo", data=body) == (400, {"error": error})


async def test_a_query_without_sense_is_answered_with_the_reason(http: aiohttp.ClientSession) -> None:
    status, body = await answer(http, "GET", "/control/state?number=many")

    assert (status, body["error"]) == (400, "invalid literal for int() with base 10: 'many'")


async def test_faults_are_shown_changed_and_cleared(http: aiohttp.ClientSession) -> None:
    await answer(http, "POST", "/control/faults", json={"kind": "down", "api": "work", "count": 2})
    await answer(http, "POST", "/control/faults", json={"latency_ms": 5, "add": [{"kind": "drop"}]})
    _, shown = await answer(http, "GET", "/control/faults")
    _, left = await answer(http, "DELETE", "/control/faults?api=work")
    _, none = await answer(http, "DELETE", "/control/faults")

    assert shown["latency_ms"] == 5
    assert [(each["kind"], each["api"], each["count"]) for each in shown["faults"]] == [
        ("down", "work", 2),
        ("drop", "*", None),
    ]
    assert [each["kind"] for each in left["faults"]] == ["drop"]
    assert none == {"latency_ms": 0, "faults": []}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "flood"}, "'flood' is not a valid FaultKind"),
        ({"kind": "down", "api": "play"}, "'play' is no api: one of 'work', '*'"),
        ({"kind": "down", "count": 0}, "count must be an integer from 1 to 1000000"),
        ({"kind": "status", "status": 200}, "status must be an integer from 300 to 599"),
        ({"kind": "delay", "delay_ms": "5"}, "delay_ms must be an integer from 0 to 600000"),
        ({"latency_ms": -1}, "latency_ms must be an integer from 0 to 600000"),
        ({"count": 1}, "missing field: kind"),
    ],
)
async def test_a_fault_that_cannot_be_is_refused(
    http: aiohttp.ClientSession, vendor: SomeVendor, fault: dict[str, Any], error: str
) -> None:
    assert await answer(http, "POST", "/control/faults", json=fault) == (400, {"error": error})
    assert vendor.faults.to_json() == {"latency_ms": 0, "faults": []}


def test_a_kind_that_does_not_happen_is_refused() -> None:
    faults = Faults(kinds=[FaultKind.DOWN], called="api")

    with pytest.raises(ValueError, match="'cut' does not happen here: one of 'down'"):
        faults.add("cut")


def test_no_more_faults_are_kept_than_anybody_needs() -> None:
    faults = Faults(kinds=[FaultKind.DOWN], called="api")
    for _ in range(MOST_FAULTS):
        faults.add("down")

    with pytest.raises(ValueError, match="faults are switched on already"):
        faults.add("down")


async def test_what_befalls_a_call_is_done_to_it_alone(
    http: aiohttp.ClientSession, vendor: SomeVendor
) -> None:
    for kind in ("ratelimited", "status", "down", "cut"):
        vendor.faults.add(kind, count=1)
    seen: list[int] = []
    for _ in range(5):
        try:
            async with http.post("/work") as got:
                seen.append(got.status)
        except aiohttp.ClientError:
            seen.append(0)
        await answer(http, "GET", "/control/faults")

    assert seen == [429, 503, 0, 0, 200]
    assert vendor.worked == 2  # what is cut, and the last


async def test_the_feed_tells_what_follows(http: aiohttp.ClientSession, vendor: SomeVendor) -> None:
    for number in range(3):
        vendor.feed.publish("thing", {"number": number})

    async with http.get("/control/feed?after=1") as feed:
        lines = [(await feed.content.readline()).decode().strip() for _ in range(9)]

    told = [line for line in lines if line.startswith("data:")]
    assert told == ['data: {"number": 1}', 'data: {"number": 2}']
