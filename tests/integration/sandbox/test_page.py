from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.page import MovedClock, page_app
from bot.sandbox.page.morning import next_morning
from bot.sandbox.page.server import STATIC
from bot.sandbox.slack import SlackStandIn
from tests.support.pagerduty import ServedPagerDuty, served_pagerduty
from tests.support.sandbox import FakeBotProcess
from tests.support.slack import serving, slack_stand_in

MINUTE = 60_000
NEW_YORK = ZoneInfo("America/New_York")


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


async def test_the_clock_goes_on_to_the_next_mornings_reviews(page: Page) -> None:
    _, clock = await page.post("/clock", {"to": "next-morning"})
    there = datetime.fromtimestamp(clock["now"] / 1000, NEW_YORK)
    assert (there.hour, there.minute) == (9, 16)
    assert there.weekday() < 5
    assert clock["offset_ms"] > 0
    _, clock = await page.post("/clock", {"to": "next-morning"})
    assert datetime.fromtimestamp(clock["now"] / 1000, NEW_YORK).date() > there.date()


@pytest.mark.parametrize("there", ["tomorrow", 9, None])
async def test_the_clock_knows_no_other_place_to_go_to(page: Page, clock_file: Path, there: Any) -> None:
    assert await page.post("/clock", {"to": there}) == (400, {"error": '"to" must be "next-morning"'})
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


async def test_a_link_elsewhere_may_lead_to_what_stands_for_a_runbook(page: Page) -> None:
    path, headers = "/elsewhere/runbooks/payment-operations.md", {"Sec-Fetch-Site": "cross-site"}
    async with page.http.get(page.url + path, headers=headers) as answer:
        assert answer.status == 200
    async with page.http.get(f"{page.url}/static/main.js", headers=headers) as answer:
        assert answer.status == 403


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "runbooks/payment-operations.md",
            ["Payment Service Operations", "your runbook", "payment-operations.md", "runbooks.base"],
        ),
        (
            "dashboards/business-metrics",
            ["Business Metrics", "your dashboard", "business-metrics", "dashboards.business-metrics.url"],
        ),
    ],
)
async def test_where_a_link_of_the_guide_would_lead_out_the_page_says_what_would_open(
    page: Page, path: str, words: list[str]
) -> None:
    async with page.http.get(f"{page.url}/elsewhere/{path}") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        text = await answer.text()
    assert [word for word in words if word not in text] == []
    assert "<style" not in text, "which the page's own policy forbids"
    assert "<script>" not in text


@pytest.mark.parametrize("path", ["runbooks/<b>x.md", "dashboards/none", "runbooks/service-health"])
async def test_what_the_guide_does_not_name_is_not_there_and_is_not_repeated(page: Page, path: str) -> None:
    async with page.http.get(f"{page.url}/elsewhere/{path}") as answer:
        assert answer.status == 404
        text = await answer.text()
    assert "The guide names no such" in text
    assert "<b>" not in text


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
        name, hello = await next_event(feed.content)
        assert (name, hello["stand_ins"]) == ("hello", ["slack", "pagerduty"])
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


async def test_the_feed_says_whether_it_is_still_the_same_sandbox(
    page: Page, slack: SlackStandIn, pagerduty: ServedPagerDuty, clock_file: Path
) -> None:
    runs = []
    async with monitored(slack, pagerduty, clock_file) as other:
        for each in (page, page, other):
            async with each.http.get(f"{each.url}/feed") as feed:
                runs.append((await next_event(feed.content))[1]["run"])
    assert runs[0] == runs[1] != runs[2]


class Monitoring:
    """In place of Alertmanager's or Prometheus' stand-in: it has a state, takes acts, and tells of each."""

    def __init__(self) -> None:
        self.acts: list[tuple[str, Any]] = []
        self._wake = asyncio.Event()

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/control/state", self.state),
                web.get("/control/feed", self.feed),
                web.post("/control/{act}", self.act),
            ]
        )
        return app

    async def state(self, _request: web.Request) -> web.Response:
        return web.json_response({"feed": len(self.acts), "alerts": []})

    async def act(self, request: web.Request) -> web.Response:
        self.acts.append((request.match_info["act"], await request.json()))
        self._wake.set()
        return web.json_response({})

    async def feed(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await self._wake.wait()
        name, body = self.acts[-1]
        await response.write(f"id: 1\nevent: {name}\ndata: {json.dumps(body)}\n\n".encode())
        return response


@asynccontextmanager
async def monitored(
    slack: SlackStandIn, pagerduty: ServedPagerDuty, clock_file: Path, **urls: str
) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as http:
        app = page_app(
            slack=slack.url,
            pagerduty=pagerduty.url,
            bot=FakeBotProcess(),
            clock=MovedClock(clock_file),
            http=http,
            **urls,
        )
        async with serving(app) as url:
            yield Page(http, url)


@pytest.mark.parametrize("name", ["alertmanager", "prometheus", "deployer"])
async def test_a_stand_in_of_monitoring_is_reached_and_heard_through_the_page(
    slack: SlackStandIn, pagerduty: ServedPagerDuty, clock_file: Path, name: str
) -> None:
    monitoring = Monitoring()
    async with (
        serving(monitoring.app()) as address,
        monitored(slack, pagerduty, clock_file, **{name: address}) as page,
        page.http.get(f"{page.url}/feed") as feed,
    ):
        assert (await next_event(feed.content))[1]["stand_ins"] == ["slack", "pagerduty", name]
        assert (await page.get(f"/{name}/state"))[1]["alerts"] == []
        await page.post(f"/{name}/fire", {"name": "DiskFull"})
        assert monitoring.acts == [("fire", {"name": "DiskFull"})]
        source, event = await next_event(feed.content)
        assert (source, event["kind"], event["data"]) == (name, "fire", {"name": "DiskFull"})


async def test_without_monitoring_its_routes_are_not_there(page: Page) -> None:
    for name in ("alertmanager", "prometheus", "deployer"):
        async with page.http.get(f"{page.url}/{name}/state") as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-03-03T12:00", "2026-03-04T09:16"),  # Tuesday
        ("2026-03-04T09:15:59.999", "2026-03-04T09:16"),  # before the reviews, the same day
        ("2026-03-04T09:16", "2026-03-05T09:16"),  # strictly ahead
        ("2026-03-06T17:00", "2026-03-09T09:16"),  # Friday; the clocks go forward on Sunday
        ("2026-03-07T03:00", "2026-03-09T09:16"),  # Saturday
        ("2026-03-08T23:59", "2026-03-09T09:16"),  # Sunday
        ("2026-10-30T09:30", "2026-11-02T09:16"),  # Friday; the clocks go back on Sunday
        ("2026-12-31T20:00", "2027-01-01T09:16"),  # holidays are not left out
    ],
)
def test_the_next_morning_is_when_a_business_days_first_reviews_are_posted_in_new_york(
    now: str, morning: str
) -> None:
    at = next_morning(datetime.fromisoformat(now).replace(tzinfo=NEW_YORK))
    assert at.astimezone(NEW_YORK).isoformat(timespec="minutes")[:16] == morning


def test_a_night_in_which_the_clocks_go_forward_is_an_hour_shorter() -> None:
    friday, monday = (
        datetime.fromisoformat(day).replace(tzinfo=UTC) for day in ("2026-03-06T14:16", "2026-03-09T13:16")
    )
    assert next_morning(friday) == monday


def test_the_day_is_new_yorks_and_not_that_of_utc() -> None:
    late_on_monday = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)  # 21:00 on Monday there
    assert next_morning(late_on_monday) == datetime(2026, 3, 3, 14, 16, tzinfo=UTC)
