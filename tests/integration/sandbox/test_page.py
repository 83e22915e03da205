from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.page import MovedClock, page_app
from bot.sandbox.page.server import STATIC
from bot.sandbox.slack import SlackStandIn
from tests.support.pagerduty import ServedPagerDuty, served_pagerduty
from tests.support.sandbox import FakeBotProcess
from tests.support.slack import serving, slack_stand_in

MINUTE = 60_000


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@dataclass(frozen=True, slots=True)
class Page:
    """The page's server, as its scripts use it."""

    http: aiohttp.ClientSession
    url: str

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.http.get(self.url + path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        async with self.http.post(self.url + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    async with slack_stand_in() as slack:
        yield slack


@pytest.fixture
async def pagerduty() -> AsyncIterator[ServedPagerDuty]:
    async with served_pagerduty() as pagerduty:
        yield pagerduty


@pytest.fixture
def clock_file(tmp_path: Path) -> Path:
    return tmp_path / "clock"


@pytest.fixture
async def page(slack: SlackStandIn, pagerduty: ServedPagerDuty, clock_file: Path) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as http:
        app = page_app(
            slack=slack.url,
            pagerduty=pagerduty.url,
            bot=FakeBotProcess(),
            clock=MovedClock(clock_file),
            http=http,
        )
        async with serving(app) as url:
            yield Page(http, url)


async def test_the_page_is_served_and_may_run_its_own_scripts_only(page: Page) -> None:
    async with page.http.get(page.url) as answer:
        text, policy = await answer.text(), answer.headers["Content-Security-Policy"]
    assert "<title>opsbot sandbox</title>" in text
    assert "script-src 'self';" in policy
    assert "<script>" not in text


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.iterdir()))
async def test_every_static_file_is_served(page: Page, name: str) -> None:
    async with page.http.get(f"{page.url}/static/{name}") as answer:
        assert answer.status == 200


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_no_script_ever_makes_elements_of_text(path: Path) -> None:
    text = path.read_text()
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in text


async def test_slacks_control_routes_are_reached_under_the_pages_origin(page: Page) -> None:
    said = {"user": "ana", "channel": "platform-alerts", "text": "hello"}
    assert (await page.post("/slack/say", said))[0] == 200
    _, state = await page.get("/slack/state?user=ana")
    texts = [message["text"] for channel in state["channels"] for message in channel["messages"]]
    assert texts == ["hello"]


async def test_a_refusal_of_a_stand_in_is_passed_on(page: Page) -> None:
    assert await page.post("/slack/say", {"user": "ana"}) == (400, {"error": "missing field: channel"})


async def test_pagerdutys_faults_are_switched_on_and_off_through_the_page(
    page: Page, pagerduty: ServedPagerDuty
) -> None:
    await page.post("/pagerduty/faults", {"kind": "down"})
    assert [fault.kind for fault in pagerduty.stand_in.faults.active] == ["down"]
    async with page.http.delete(f"{page.url}/pagerduty/faults") as answer:
        assert answer.status == 200
    assert pagerduty.stand_in.faults.active == []


async def test_the_bots_own_routes_of_the_stand_ins_are_not_under_the_pages_origin(page: Page) -> None:
    for path in ("/slack/api/auth.test", "/pagerduty/v2/enqueue", "/slack/feed"):
        async with page.http.post(page.url + path) as answer:
            assert answer.status == 404


async def test_a_stand_in_that_is_gone_is_named(clock_file: Path, slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as http:
        app = page_app(
            slack=slack.url,
            pagerduty="http://127.0.0.1:1",
            bot=FakeBotProcess(),
            clock=MovedClock(clock_file),
            http=http,
        )
        async with serving(app) as url:
            status, body = await Page(http, url).get("/pagerduty/state")
    assert (status, body["error"]) == (502, "the stand-in for pagerduty does not answer")


async def test_the_clock_moves_on_for_all_who_read_its_file(page: Page, clock_file: Path) -> None:
    await page.post("/clock", {"advance_ms": 15 * MINUTE})
    _, clock = await page.post("/clock", {"advance_ms": MINUTE})
    assert clock["offset_ms"] == 16 * MINUTE
    assert contents(clock_file.parent) == {"clock": str(16 * MINUTE)}


async def test_the_clock_says_the_moved_present(page: Page) -> None:
    _, before = await page.get("/clock")
    await page.post("/clock", {"advance_ms": 60 * MINUTE})
    _, after = await page.get("/clock")
    assert after["now"] - before["now"] >= 60 * MINUTE


@pytest.mark.parametrize("advance", [0, -1, 1.5, "60000", True, None, 10**12])
async def test_the_clock_takes_whole_steps_forward_only(page: Page, clock_file: Path, advance: Any) -> None:
    status, body = await page.post("/clock", {"advance_ms": advance})
    assert status == 400
    assert body["error"].startswith("advance_ms must be a whole number")
    assert contents(clock_file.parent) == {}


async def test_the_bot_is_killed_and_started(page: Page) -> None:
    assert (await page.post("/bot/kill"))[1]["state"] == "down"
    assert (await page.get("/bot"))[1] == {"state": "down", "exit_code": None, "log": ["a line"]}
    assert (await page.post("/bot/start"))[1]["state"] == "running"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "example.com"},
        {"Host": "127.0.0.1.example.com"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_pages_in_the_browser_can_do_nothing(page: Page, headers: dict[str, str]) -> None:
    assert (await page.post("/bot/kill", **headers))[0] == 403
    assert (await page.get("/slack/state", **headers))[0] == 403
    assert (await page.get("/bot"))[1]["state"] == "running"


async def test_the_page_itself_may_act(page: Page) -> None:
    headers = {"Origin": page.url, "Sec-Fetch-Site": "same-origin"}
    assert (await page.post("/bot/kill", **headers))[0] == 200


async def test_a_link_elsewhere_may_lead_to_the_page(page: Page) -> None:
    async with page.http.get(page.url, headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert answer.status == 200


async def next_event(lines: aiohttp.StreamReader) -> tuple[str, Any]:
    kind = ""
    while True:
        line = (await lines.readline()).decode().strip()
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        if line.startswith("data: "):
            return kind, json.loads(line.removeprefix("data: "))


async def test_one_feed_tells_what_changes_anywhere(page: Page, pagerduty: ServedPagerDuty) -> None:
    async with page.http.get(f"{page.url}/feed") as feed:
        assert await next_event(feed.content) == ("hello", {})
        await page.post("/slack/say", {"user": "ana", "channel": "platform-alerts", "text": "hello"})
        source, event = await next_event(feed.content)
        assert (source, event["kind"], event["data"]["message"]["text"]) == ("slack", "message", "hello")
        pagerduty.stand_in.account.trigger(
            pagerduty.stand_in.account.services[0],
            "key",
            {"payload": {"summary": "P0 checkout is down", "severity": "critical"}},
        )
        source, event = await next_event(feed.content)
        assert (source, event["kind"], event["data"]["person"]) == ("pagerduty", "notification", "Ana Ortiz")
        assert (await next_event(feed.content))[1]["kind"] == "incident"
        await page.post("/clock", {"advance_ms": MINUTE})
        source, event = await next_event(feed.content)
        assert (source, event["offset_ms"]) == ("clock", MINUTE)
        await page.post("/bot/kill")
        assert (await next_event(feed.content))[1]["state"] == "down"


async def test_the_feed_is_refused_while_a_stand_in_is_gone(clock_file: Path, slack: SlackStandIn) -> None:
    async with aiohttp.ClientSession() as http:
        app = page_app(
            slack=slack.url,
            pagerduty="http://127.0.0.1:1",
            bot=FakeBotProcess(),
            clock=MovedClock(clock_file),
            http=http,
        )
        async with serving(app) as url:
            assert (await Page(http, url).get("/feed"))[0] == 502
