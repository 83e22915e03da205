"""The stand-in beside the real Alertmanager: the same calls, the same answers and notifications."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.alertmanager.routes import Timing
from bot.sandbox.alertmanager.times import MILLISECOND
from tests.support.alertmanager import (
    TOKEN,
    RecordingBot,
    real_alertmanager,
    recording_bot,
    served_alertmanager,
)
from tests.support.programs import do_without

TIMING = Timing(group_wait=100 * MILLISECOND, group_interval=200 * MILLISECOND)

# Instants that a test chose itself are compared as they are; those of the running clock by their form.
_INSTANT = re.compile(r"(?!0001|2020|2099)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?Z")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

ERRORS = {
    "alertname": "HighErrorRate",
    "service": "payment",
    "severity": "critical",
    "team": "platform-team",
}
# The last one is old news, which a group does not wait for: it comes when the others are in.
POSTED: list[dict[str, Any]] = [
    {
        "labels": {**ERRORS, "instance": "b:8080"},
        "annotations": {"summary": "5% & <more> fail", "description": 'ümläut\u2028\nand "quotes"'},
        "startsAt": "2099-01-01T00:00:00.123456789Z",
        "endsAt": "2099-01-02T00:00:00Z",
        "generatorURL": "http://prometheus/graph?g0.expr=up%3D%3D0&g0.tab=1",
    },
    {"labels": {**ERRORS, "instance": "a:8080"}, "annotations": {"summary": "5% & <more> fail"}},
    {"labels": {**ERRORS, "empty": ""}, "annotations": {"summary": "5% & <more> fail", "none": ""}},
    {"labels": {**ERRORS, "job": "z", "instance": "a:8080"}, "startsAt": "2020-03-16T16:30:00.120Z"},
]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: its API, and the bot that it notifies."""

    http: aiohttp.ClientSession
    bot: RecordingBot

    async def call(self, method: str, path: str, **how: Any) -> tuple[int, str, Any]:
        """An answer: status, content type, and body with what differs from run to run put out of sight."""
        async with self.http.request(method, path, **how) as answer:
            text = await answer.text()
            return answer.status, answer.content_type if text else "", steady(text)

    async def post(self, *alerts: Mapping[str, Any]) -> None:
        async with self.http.post("/api/v2/alerts", json=list(alerts)) as answer:
            assert answer.status == 200, await answer.text()

    async def silence(self, **changes: Any) -> str:
        async with self.http.post("/api/v2/silences", json=silence(**changes)) as answer:
            made: str = (await answer.json())["silenceID"]
            return made


@dataclass(frozen=True, slots=True)
class Both:
    real: Side
    stand_in: Side

    async def agree(self, story: Callable[[Side], Awaitable[Any]]) -> Any:
        """Tell both the same story; what came of it, which is the same."""
        real, stand_in = await asyncio.gather(story(self.real), story(self.stand_in))
        assert stand_in == real
        return real


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    async with AsyncExitStack() as stack:
        bots = [await stack.enter_async_context(recording_bot()) for _ in range(2)]
        real = await stack.enter_async_context(
            real_alertmanager(tmp_path, webhook_url=bots[0].url, timing=TIMING)
        )
        stand_in = await stack.enter_async_context(
            served_alertmanager(
                webhook_url=bots[1].url,
                webhook_token=TOKEN,
                timing=TIMING,
                tick_seconds=0.02,
            )
        )
        sessions = [
            await stack.enter_async_context(aiohttp.ClientSession(url)) for url in (real, stand_in.url)
        ]
        yield Both(*(Side(http, bot) for http, bot in zip(sessions, bots, strict=True)))


def silence(**changes: Any) -> dict[str, Any]:
    made = {
        "matchers": [{"name": "alertname", "value": "HighErrorRate", "isRegex": False}],
        "startsAt": "2020-01-01T00:00:00Z",
        "endsAt": "2099-01-01T00:00:00Z",
        "createdBy": "ana",
        "comment": "known",
    }
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def matcher(**changes: Any) -> dict[str, Any]:
    made = {"name": "service", "value": "payment", "isRegex": False, **changes}
    return silence(matchers=[{name: value for name, value in made.items() if value is not None}])


def steady(text: str) -> str:
    text = _INSTANT.sub(lambda found: f"<{len(found[1] or '') == 3 and 'milliseconds'}>", text)
    text = re.sub(r"http://127\.0\.0\.1:\d+", "<url>", text)
    return _UUID.sub("<uuid>", text)


def told(text: str) -> str:
    """A notification's text without what differs from run to run."""
    return re.sub(r"http://127\.0\.0\.1:\d+", "<url>", _INSTANT.sub("<instant>", text))


async def notification(side: Side, number: int) -> str:
    return told((await side.bot.until_received(number)).content.decode())


# Notifications


async def test_a_notification_is_the_same_to_the_byte(both: Both) -> None:
    async def story(side: Side) -> str:
        await side.post(*POSTED)
        return await notification(side, 1)

    text = await both.agree(story)

    assert '"fingerprint":"' in text
    assert '"groupKey":"{}:{alertname=\\"HighErrorRate\\", service=\\"payment\\"}"' in text


async def test_a_notification_says_who_it_is_from(both: Both) -> None:
    async def story(side: Side) -> dict[str, str]:
        await side.post(POSTED[0])
        headers = (await side.bot.until_received(1)).headers
        names = ("Authorization", "Content-Type", "Content-Length", "User-Agent")
        return {name: headers[name].partition("/0.")[0] for name in names if name != "Content-Length"}

    assert await both.agree(story) == {
        "Authorization": f"Bearer {TOKEN}",
        "Content-Type": "application/json",
        "User-Agent": "Alertmanager",
    }


async def test_a_group_key_quotes_as_go_does(both: Both) -> None:
    async def story(side: Side) -> str:
        await side.post({"labels": {"alertname": 'a "b" \\ \n\t\x01\u00e4\u2028\U0001f525', "service": "s"}})
        return await notification(side, 1)

    await both.agree(story)


async def test_an_alert_without_a_service_is_grouped_by_its_name(both: Both) -> None:
    async def story(side: Side) -> str:
        await side.post({"labels": {"alertname": "NodeDown", "instance": "n1"}})
        return await notification(side, 1)

    assert '{}:{alertname=\\"NodeDown\\"}' in await both.agree(story)


async def test_the_watchdog_has_a_route_of_its_own(both: Both) -> None:
    async def story(side: Side) -> str:
        await side.post({"labels": {"alertname": "Watchdog", "severity": "none"}})
        return await notification(side, 1)

    await both.agree(story)


async def test_resolved_alerts_are_told_once_with_those_that_still_fire(both: Both) -> None:
    async def story(side: Side) -> list[str]:
        first, second = ({"labels": {**ERRORS, "instance": name}} for name in ("a", "b"))
        await side.post(first, second)
        await side.bot.until_received(1)
        await side.post({**first, "endsAt": "2020-03-16T16:05:00Z"})
        await side.bot.until_received(2)
        await side.post({**second, "endsAt": "2020-03-16T16:06:00Z"})
        return [await notification(side, number) for number in (1, 2, 3)]

    _, second, third = await both.agree(story)
    assert '"status":"firing"' in second.partition('"alerts"')[0]
    assert '"status":"resolved"' in third.partition('"alerts"')[0]


async def test_a_broken_bot_is_tried_again_and_a_refusal_only_when_the_group_is_due(both: Both) -> None:
    async def story(side: Side) -> list[str]:
        side.bot.answers = [503, 404, 429, 200]
        await side.post({"labels": ERRORS})
        return [await notification(side, number) for number in (1, 2, 3, 4)]

    assert len(set(await both.agree(story))) == 1


async def test_of_a_silenced_alert_nothing_is_told_until_the_silence_ends(both: Both) -> None:
    async def story(side: Side) -> list[str]:
        made = await side.silence(matchers=[{"name": "instance", "value": "a.*", "isRegex": True}])
        await side.post(*({"labels": {**ERRORS, "instance": name}} for name in ("a1", "b1")))
        first = await notification(side, 1)
        await side.http.delete(f"/api/v2/silence/{made}")
        return [first, await notification(side, 2)]

    first, second = await both.agree(story)
    assert '"instance":"a1"' not in first
    assert '"instance":"a1"' in second


# API v2

QUERIES = (
    "/api/v2/alerts",
    "/api/v2/alerts/groups",
    "/api/v2/alerts?active=false",
    "/api/v2/alerts?silenced=false",
    "/api/v2/alerts?inhibited=false&unprocessed=false",
    "/api/v2/alerts?active=what",
    "/api/v2/alerts?receiver=opsb.*",
    "/api/v2/alerts?receiver=other",
    "/api/v2/alerts/groups?receiver=other",
    "/api/v2/alerts/groups?filter=service%3Didentity",
    '/api/v2/alerts?filter=instance%3D"a:8080"',
    '/api/v2/alerts?filter=instance%3D""',
    '/api/v2/alerts?filter=instance!%3D""',
    '/api/v2/alerts?filter=instance%3D~"[ab]:.*"&filter=job%3D""',
    "/api/v2/alerts?filter=service!~pay.*",
    "/api/v2/alerts?filter=service%3D~pay",
    "/api/v2/silences",
    '/api/v2/silences?filter=alertname%3D"DiskWillFill"',
    '/api/v2/silences?filter=alertname%3D~"DiskWillFill"',
    "/api/v2/receivers",
    "/-/healthy",
    "/-/ready",
)


async def test_what_is_asked_is_answered_the_same(both: Both) -> None:
    async def story(side: Side) -> dict[str, Any]:
        await side.post(
            *POSTED,
            {"labels": {"alertname": "DiskWillFill", "service": "content"}},
            {"labels": {"alertname": "HighLatency", "service": "identity"}, "endsAt": "2020-01-01T00:00:00Z"},
        )
        await side.silence(matchers=[{"name": "alertname", "value": "DiskWillFill", "isRegex": False}])
        pending = {"startsAt": "2099-01-01T00:00:00Z", "endsAt": "2099-01-02T00:00:00Z"}
        await side.silence(**pending)
        over = await side.silence(comment="over")
        await side.http.delete(f"/api/v2/silence/{over}")
        answers = {query: await side.call("GET", query) for query in QUERIES}
        one = await side.call("GET", f"/api/v2/silence/{over}")
        return {**answers, "over": (one[0], one[1], re.sub("<[a-zF][^>]*>", "", one[2]))}

    await both.agree(story)


async def test_the_status_has_the_same_parts(both: Both) -> None:
    async def story(side: Side) -> dict[str, Any]:
        async with side.http.get("/api/v2/status") as answer:
            status = await answer.json()
        parts = {name: sorted(value) for name, value in status.items() if isinstance(value, dict)}
        return {"all": sorted(status), "cluster": status["cluster"], "parts": parts}

    await both.agree(story)


async def test_a_silence_is_changed_in_place_or_replaced(both: Both) -> None:
    async def story(side: Side) -> list[Any]:
        first = await side.silence(startsAt="2099-01-01T00:00:00Z", endsAt="2099-01-02T00:00:00Z")
        longer = silence(id=first, startsAt="2099-01-01T00:00:00Z", endsAt="2099-01-03T00:00:00Z")
        same = await side.silence(**longer)
        other = await side.silence(**{**longer, "matchers": [{"name": "a", "value": "b", "isRegex": False}]})
        listed = await side.call("GET", "/api/v2/silences")
        return [same == first, other == first, re.sub(r"<(milli)?[^>]*>", "", listed[2]).count("expired")]

    assert await both.agree(story) == [True, False, 1]


NOBODY = "7d8bfa0b-8c3c-4a7e-8a3c-111111111111"
REFUSED: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/api/v2/nothing", None),
    ("GET", "/api/v2/alerts?filter=foo", None),
    ("GET", '/api/v2/alerts?filter=foo%3D"a"b"', None),
    ("GET", '/api/v2/alerts?filter=foo%3D"a', None),
    ("GET", '/api/v2/alerts?filter=foo%3Da"', None),
    ("GET", '/api/v2/alerts?filter=foo%3D~"["', None),
    ("GET", '/api/v2/alerts?filter=foo%3D~"(?%3Da)b"', None),
    ("GET", "/api/v2/alerts?receiver=%5B", None),
    ("GET", "/api/v2/silences?filter=foo", None),
    ("GET", "/api/v2/silence/nope", None),
    ("GET", f"/api/v2/silence/{NOBODY}", None),
    ("DELETE", "/api/v2/silence/nope", None),
    ("DELETE", f"/api/v2/silence/{NOBODY}", None),
    ("POST", "/api/v2/alerts", b""),
    ("POST", "/api/v2/alerts", b"{"),
    ("POST", "/api/v2/alerts", {}),
    ("POST", "/api/v2/alerts", [{}]),
    ("POST", "/api/v2/alerts", [{"labels": {}}]),
    ("POST", "/api/v2/alerts", [{"labels": {"a-b": "c"}}]),
    ("POST", "/api/v2/alerts", [{"labels": {"a": "b", "c": 7}}]),
    ("POST", "/api/v2/alerts", [{"labels": {"a": "b"}, "annotations": {"x-y": "1"}}, {"labels": {"e": ""}}]),
    ("POST", "/api/v2/alerts", [{"labels": {"a": "b"}, "startsAt": "yesterday"}]),
    ("POST", "/api/v2/alerts", [{"labels": {"a": "b"}, "annotations": {"x": 1}}]),
    ("POST", "/api/v2/alerts", [{"labels": {"a": "b"}, "generatorURL": "nowhere"}]),
    (
        "POST",
        "/api/v2/alerts",
        [{"labels": {"a": "b"}, "startsAt": "2020-01-02T00:00:00Z", "endsAt": "2020-01-01T00:00:00Z"}],
    ),
    ("POST", "/api/v2/silences", b""),
    ("POST", "/api/v2/silences", []),
    *(("POST", "/api/v2/silences", silence(**{each: None})) for each in silence()),
    ("POST", "/api/v2/silences", silence(createdBy="")),
    ("POST", "/api/v2/silences", silence(comment="")),
    ("POST", "/api/v2/silences", silence(matchers=[])),
    ("POST", "/api/v2/silences", silence(id="nope")),
    ("POST", "/api/v2/silences", silence(id=NOBODY)),
    ("POST", "/api/v2/silences", silence(endsAt=7)),
    ("POST", "/api/v2/silences", silence(endsAt="2020-02-01T00:00:00Z")),
    ("POST", "/api/v2/silences", silence(startsAt="2099-01-01T00:00:00Z")),
    *(("POST", "/api/v2/silences", matcher(**{each: None})) for each in ("name", "value", "isRegex")),
    ("POST", "/api/v2/silences", matcher(name="")),
    ("POST", "/api/v2/silences", matcher(name="a-b")),
    ("POST", "/api/v2/silences", matcher(value="")),
    ("POST", "/api/v2/silences", matcher(value="", isEqual=False)),
    ("POST", "/api/v2/silences", matcher(value="[", isRegex=True)),
    ("POST", "/api/v2/silences", matcher(value=".*", isRegex=True)),
    ("POST", "/api/v2/silences", matcher(value="(?=a)b", isRegex=True)),
)


async def test_what_is_refused_is_refused_in_the_same_words(both: Both) -> None:
    async with both.real.http.get("/api/v2/status") as answer:
        version = (await answer.json())["versionInfo"]["version"]
    if not version.startswith("0.25."):
        do_without(f"Alertmanager {version} words its errors otherwise than 0.25 does")

    async def story(side: Side) -> dict[str, Any]:
        answers = {}
        for method, path, body in REFUSED:
            content = {"data": body} if isinstance(body, bytes) else {"json": body}
            headers = {"Content-Type": "application/json"}
            how = {**content, "headers": headers} if body is not None else {}
            answers[f"{method} {path} {body}"] = await side.call(method, path, **how)
        form = await side.call("POST", "/api/v2/alerts", data={"a": "b"})
        return {**answers, "a form": form}

    await both.agree(story)
