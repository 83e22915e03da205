from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.pagerduty.people import routing_key
from tests.support.pagerduty import ServedPagerDuty, served_pagerduty
from tests.support.pagerduty_calls import AUTH, KEY, PAYLOAD, control, enqueue, event, state


@pytest.fixture
async def pagerduty() -> AsyncIterator[ServedPagerDuty]:
    async with served_pagerduty() as served_one:
        yield served_one


@pytest.fixture
async def http(pagerduty: ServedPagerDuty) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(pagerduty.url) as session:
        yield session


# Events


async def test_an_event_is_accepted_in_pagerdutys_words(http: aiohttp.ClientSession) -> None:
    assert await enqueue(http, event()) == (
        202,
        {"status": "success", "message": "Event processed", "dedup_key": KEY},
    )


async def test_a_trigger_without_a_key_is_given_one(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    _, answer = await enqueue(http, event(dedup_key=None))

    assert pagerduty.stand_in.incident(answer["dedup_key"]).status == "triggered"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"routing_key": "short"}, "Length of 'routing_key' is incorrect (should be 32 characters)"),
        ({"routing_key": "-" * 32}, "'routing_key' cannot contain non-alphanumeric characters."),
        ({"routing_key": "x" * 32}, "Invalid routing key"),
        ({"dedup_key": "x" * 256}, "'dedup_key' must be a string of at most 255 characters"),
        ({"dedup_key": 7}, "'dedup_key' must be a string of at most 255 characters"),
        ({"event_action": "shout"}, "'event_action' must be one of 'trigger', 'acknowledge', 'resolve'"),
        ({"payload": None}, "'payload' is missing or blank"),
        ({"payload": {"summary": " ", "source": "s", "severity": "error"}}, "'payload.summary' is missing"),
        ({"payload": {"summary": "x" * 1025, "source": "s", "severity": "error"}}, "'summary' is too long"),
        ({"payload": {"summary": "x", "source": "s", "severity": "bad"}}, "'payload.severity' is invalid"),
        ({"links": [{"text": "nowhere"}]}, "'links' must be a list of objects with an 'href'"),
        ({"links": [{"href": "runbook.md"}]}, "'links' must be a list of objects with an 'href'"),
        (
            {"images": [{"src": "http://example.com/a.png"}]},
            "'images' must be a list of objects with a 'src'",
        ),
        ({"client_url": 7}, "'client_url' must be a string"),
        ({"payload": {**PAYLOAD, "timestamp": "today"}}, "'payload.timestamp' must be in ISO 8601"),
        ({"payload": {**PAYLOAD, "custom_details": "text"}}, "'payload.custom_details' must be an object"),
    ],
)
async def test_an_invalid_event_is_refused_with_its_problems(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty, changes: dict[str, Any], said: str
) -> None:
    status, answer = await enqueue(http, event(**changes))

    assert (status, answer["status"], answer["message"]) == (400, "invalid event", "Event object is invalid")
    assert answer["errors"][0].startswith(said)
    assert pagerduty.stand_in.incidents == []


async def test_a_link_of_the_guide_keeps_its_scheme(http: aiohttp.ClientSession) -> None:
    links = [{"href": "http://wiki.internal/checkout", "text": "Runbook"}]
    images = [{"src": "https://example.com/graph.png"}]

    assert (await enqueue(http, event(links=links, images=images)))[0] == 202


async def test_an_event_of_more_than_512_kib_is_too_large(http: aiohttp.ClientSession) -> None:
    payload = {**PAYLOAD, "custom_details": {"log": "x" * 512 * 1024}}

    assert (await enqueue(http, event(payload=payload)))[0] == 413


async def test_what_is_no_json_is_not_recognized(http: aiohttp.ClientSession) -> None:
    async with http.post("/v2/enqueue", data=b"{") as answer:
        assert (answer.status, (await answer.json())["status"]) == (400, "Unrecognized object")


async def test_a_trigger_on_an_open_key_notifies_nobody(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    await enqueue(http, event())
    await enqueue(http, event("acknowledge"))
    await enqueue(http, event())

    assert len(pagerduty.stand_in.notifications) == 1
    assert pagerduty.stand_in.incident(KEY).status == "acknowledged"


async def test_a_trigger_on_an_open_key_changes_its_severity(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    await enqueue(http, event(payload={**PAYLOAD, "severity": "warning"}))
    await enqueue(http, event())

    incident = pagerduty.stand_in.incident(KEY)
    assert (incident.severity, incident.urgency, incident.triggers) == ("critical", "high", 2)


async def test_a_trigger_after_a_resolve_opens_another_incident(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    for action in ("trigger", "resolve", "trigger"):
        await enqueue(http, event(action))

    assert [each.status for each in pagerduty.stand_in.incidents] == ["resolved", "triggered"]
    assert len(pagerduty.stand_in.notifications) == 2


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
async def test_what_has_no_open_alert_is_accepted_and_dropped(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty, action: str
) -> None:
    status, _ = await enqueue(http, event(action))
    await enqueue(http, event())

    assert status == 202
    assert pagerduty.stand_in.incident(KEY).status == "triggered"


async def test_a_key_belongs_to_its_routing_key(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    await enqueue(http, event())
    await enqueue(http, event(routing_key=routing_key("team-lead")))

    assert [each.person for each in pagerduty.stand_in.notifications] == ["Ana Ortiz", "Lee Novak"]


@pytest.mark.parametrize("out", ["disabled", "in maintenance"])
async def test_a_service_that_is_out_accepts_and_drops(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty, out: str
) -> None:
    disabled = out == "disabled"
    pagerduty.stand_in.put_service("on-call", enabled=not disabled, maintenance=not disabled)

    status, _ = await enqueue(http, event())

    assert (status, pagerduty.stand_in.incidents) == (202, [])


async def test_where_nobody_is_on_call_an_event_is_dropped(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.put_service("on-call", levels=())

    status, _ = await enqueue(http, event())

    assert (status, pagerduty.stand_in.notifications) == (202, [])


async def test_a_warning_is_of_low_urgency(http: aiohttp.ClientSession, pagerduty: ServedPagerDuty) -> None:
    await enqueue(http, event(payload={"summary": "s", "source": "s", "severity": "warning"}))

    assert pagerduty.stand_in.notifications[0].urgency == "low"


# Rates


async def test_the_121st_event_in_a_minute_of_a_key_is_refused() -> None:
    now = 0.0
    async with (
        served_pagerduty(monotonic=lambda: now) as pagerduty,
        aiohttp.ClientSession(pagerduty.url) as http,
    ):
        statuses = [(await enqueue(http, event()))[0] for _ in range(121)]
        other, _ = await enqueue(http, event(routing_key=routing_key("director")))
        now = 60.0
        later, _ = await enqueue(http, event())

    assert statuses == [202] * 120 + [429]
    assert (other, later) == (202, 202)


async def test_rates_can_be_switched_off(http: aiohttp.ClientSession) -> None:
    await control(http, "settings", enforce_rates=False)

    assert {(await enqueue(http, event()))[0] for _ in range(121)} == {202}


async def test_the_rest_api_says_when_it_lets_in_again() -> None:
    async with (
        served_pagerduty(monotonic=lambda: 0.0) as pagerduty,
        aiohttp.ClientSession(pagerduty.url, headers=AUTH) as http,
    ):
        pagerduty.stand_in.rates.rest_a_minute = 1
        async with http.get("/abilities") as first, http.get("/abilities") as second:
            assert (first.status, second.status, second.headers["ratelimit-reset"]) == (200, 429, "60")


# Faults


async def test_faults_are_counted_and_end(http: aiohttp.ClientSession) -> None:
    await control(http, "faults", kind="status", api="events", status=502, count=2)

    async def status() -> int:
        async with http.post("/v2/enqueue", json=event()) as answer:
            return answer.status

    assert [await status() for _ in range(3)] == [502, 502, 202]


async def test_a_fault_of_one_interface_leaves_the_other_alone(http: aiohttp.ClientSession) -> None:
    await control(http, "faults", kind="ratelimited", api="rest", retry_after=7)

    status, _ = await enqueue(http, event())
    async with http.get("/abilities", headers=AUTH) as answer:
        assert (status, answer.status, answer.headers["ratelimit-reset"]) == (202, 429, "7")


async def test_what_is_down_does_nothing_and_what_is_cut_does_it(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    for kind in ("down", "cut"):
        pagerduty.stand_in.faults.add(kind, count=1)
        with pytest.raises(aiohttp.ClientError):
            await enqueue(http, event(dedup_key=kind))

    assert [each.key for each in pagerduty.stand_in.incidents] == ["cut"]


async def test_an_event_can_be_accepted_and_dropped(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.faults.add("drop")

    assert (await enqueue(http, event()))[0] == 202
    assert pagerduty.stand_in.incidents == []


async def test_faults_are_switched_off(http: aiohttp.ClientSession, pagerduty: ServedPagerDuty) -> None:
    await control(http, "faults", kind="down")
    await control(http, "faults", latency_ms=150)
    assert pagerduty.stand_in.faults.latency_ms == 150

    async with http.delete("/control/faults") as answer:
        assert await answer.json() == {"latency_ms": 0, "faults": []}
    assert (await enqueue(http, event()))[0] == 202


# Control


async def test_a_person_acts_over_control(http: aiohttp.ClientSession) -> None:
    await enqueue(http, event())

    status, shown = await control(http, "acknowledge", incident=KEY, person="Lee Novak")

    assert (status, shown["status"], shown["acknowledged_by"]) == (200, "acknowledged", ["Lee Novak"])


async def test_every_act_of_a_person_is_there(http: aiohttp.ClientSession) -> None:
    await enqueue(http, event())
    await enqueue(http, event(dedup_key="other"))
    seen = []
    for name, more in (
        ("acknowledge", {}),
        ("unacknowledge", {}),
        ("escalate", {}),
        ("escalate", {"level": 1}),
        ("reassign", {"to": "Dia Mensah"}),
        ("resolve", {}),
        ("reopen", {}),
        ("delegate", {"to": "director"}),
        ("prioritize", {"priority": "P1"}),
        ("annotate", {"content": "looking"}),
        ("merge", {"into": "other"}),
    ):
        _, shown = await control(http, name, incident=KEY, **more)
        seen.append((shown["status"], shown["level"], shown["assignees"]))

    assert seen == [
        ("acknowledged", 1, ["Ana Ortiz"]),
        ("triggered", 1, ["Ana Ortiz"]),
        ("triggered", 2, ["Lee Novak"]),
        ("triggered", 1, ["Ana Ortiz"]),
        ("triggered", 1, ["Dia Mensah"]),
        ("resolved", 1, []),
        ("triggered", 1, ["Ana Ortiz"]),
        ("triggered", 1, ["Dia Mensah"]),
        ("triggered", 1, ["Dia Mensah"]),
        ("triggered", 1, ["Dia Mensah"]),
        ("resolved", 1, []),
    ]


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("acknowledge", {}, '"incident" is missing'),
        ("acknowledge", {"incident": "nothing"}, "no incident"),
        ("faults", {"kind": "flood"}, "flood"),
        ("faults", {"kind": "down", "api": "slack"}, "slack"),
        ("settings", {"speed": 1}, "speed"),
        ("annotate", {"incident": KEY}, "missing field: content"),
        ("redeliver", {}, "nothing was sent yet"),
        ("ping", {}, "no webhook"),
        ("webhook", {"url": "http://127.0.0.1:9/", "secret": "s", "events": ["incident.eaten"]}, "eaten"),
    ],
)
async def test_control_says_what_it_cannot_do(
    http: aiohttp.ClientSession, name: str, body: dict[str, Any], said: str
) -> None:
    status, answer = await control(http, name, **body)

    assert status == 400
    assert said in answer["error"]


async def test_the_state_shows_who_was_notified(http: aiohttp.ClientSession) -> None:
    await enqueue(http, event())

    async with http.get("/control/state") as answer:
        state = await answer.json()

    [notification] = state["notifications"]
    assert (notification["key"], notification["person"], notification["level"]) == (KEY, "Ana Ortiz", 1)
    assert state["calls"] == {"events": 1, "rest": 0}


async def test_a_reset_forgets_what_happened(http: aiohttp.ClientSession, pagerduty: ServedPagerDuty) -> None:
    await enqueue(http, event())
    first = pagerduty.stand_in.incident(KEY).id

    await control(http, "reset")
    await enqueue(http, event())

    assert [each.id == first for each in pagerduty.stand_in.incidents] == [False]


async def test_the_feed_tells_changes_as_they_come(http: aiohttp.ClientSession) -> None:
    async with http.get("/control/feed") as feed:
        await enqueue(http, event())
        lines = [(await feed.content.readline()).decode().strip() for _ in range(9)]

    assert [line for line in lines if line.startswith("event:")] == ["event: notification", "event: incident"]


# The process


@contextlib.asynccontextmanager
async def running(*options: str) -> AsyncIterator[tuple[str, list[str]]]:
    """The stand-in as a process: its address, and what it says to a bot."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox.pagerduty", *options, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        said = [(await process.stdout.readline()).decode().strip() for _ in range(8)]
        yield said[0].removeprefix("PagerDuty stand-in: "), said[1:]
    finally:
        process.terminate()
        assert await process.wait() == 0


async def test_by_itself_it_says_what_a_bot_needs() -> None:
    async with running() as (url, said):
        assert said[:2] == [f"PAGERDUTY_EVENTS_URL={url}", f"PAGERDUTY_API_URL={url}"]
        assert f"PAGERDUTY_ROUTING_KEY_TEAM_LEAD={routing_key('team-lead')}" in said


async def test_the_stand_in_runs_by_itself_with_a_moved_clock(tmp_path: Path) -> None:
    clock = tmp_path / "offset"
    clock.write_text("86400000")
    async with running("--clock", str(clock)) as (url, _), aiohttp.ClientSession(url) as http:
        first = await state(http)
        clock.write_text("0")
        second = await state(http)

    assert 86_000_000 < first["now"] - second["now"] <= 86_400_000


def test_the_stand_in_imports_nothing_of_the_bot() -> None:
    script = (
        "import sys, bot.sandbox.pagerduty.__main__\n"
        "print([name for name in sys.modules if name.startswith('bot.') and '.sandbox' not in name])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)

    assert done.stdout.strip() == b"[]"
