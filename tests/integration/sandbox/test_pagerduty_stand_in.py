from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.pagerduty.people import BOT, routing_key
from bot.sandbox.pagerduty.rest_api import API_KEY
from handlers.webhooks.pagerduty_news import is_signed, read_news
from tests.support.pagerduty import ServedPagerDuty, served, served_pagerduty

SECRET = "webhook-secret"
KEY = "incident/1/0"
AUTH = {"Authorization": f"Token token={API_KEY}"}


@pytest.fixture
async def pagerduty() -> AsyncIterator[ServedPagerDuty]:
    async with served_pagerduty() as served_one:
        yield served_one


@pytest.fixture
async def http(pagerduty: ServedPagerDuty) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(pagerduty.url) as session:
        yield session


def event(action: str = "trigger", **changes: Any) -> dict[str, Any]:
    payload = {"summary": "checkout is down", "source": "payment", "severity": "critical"}
    made = {"routing_key": routing_key("on-call"), "event_action": action, "dedup_key": KEY}
    return {**made, **({"payload": payload} if action == "trigger" else {}), **changes}


async def enqueue(http: aiohttp.ClientSession, body: Any) -> tuple[int, dict[str, Any]]:
    async with http.post("/v2/enqueue", json=body) as answer:
        return answer.status, await answer.json()


async def rest(
    http: aiohttp.ClientSession,
    path: str,
    params: Mapping[str, str] | None = None,
    *,
    headers: Mapping[str, str] = AUTH,
) -> tuple[int, Any]:
    async with http.get(path, params=params, headers=headers) as answer:
        return answer.status, await answer.json()


async def change(
    http: aiohttp.ClientSession, identity: str, requester: str = BOT.email, **incident: Any
) -> tuple[int, Any]:
    headers = {**AUTH, "From": requester}
    async with http.put(f"/incidents/{identity}", json={"incident": incident}, headers=headers) as answer:
        return answer.status, await answer.json()


async def control(http: aiohttp.ClientSession, name: str, **body: Any) -> tuple[int, Any]:
    async with http.post(f"/control/{name}", json=body) as answer:
        return answer.status, await answer.json()


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
    ],
)
async def test_an_invalid_event_is_refused_with_its_problems(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty, changes: dict[str, Any], said: str
) -> None:
    status, answer = await enqueue(http, event(**changes))

    assert (status, answer["status"], answer["message"]) == (400, "invalid event", "Event object is invalid")
    assert answer["errors"][0].startswith(said)
    assert pagerduty.stand_in.incidents == []


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


async def test_a_disabled_service_accepts_and_drops(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.put_service("on-call", enabled=False)

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


# REST


async def test_the_rest_api_wants_its_key(http: aiohttp.ClientSession) -> None:
    assert (await rest(http, "/incidents", headers={}))[0] == 401
    assert (await rest(http, "/incidents", headers={"Authorization": "Token token=other"}))[0] == 401


async def test_incidents_are_found_by_key_and_status_newest_first(http: aiohttp.ClientSession) -> None:
    for action in ("trigger", "resolve", "trigger"):
        await enqueue(http, event(action))
    await enqueue(http, event(dedup_key="other"))

    _, both = await rest(http, "/incidents", {"incident_key": KEY, "sort_by": "created_at:desc"})
    _, one = await rest(http, "/incidents", {"incident_key": KEY, "statuses[]": "resolved"})
    _, first = await rest(http, "/incidents", {"incident_key": KEY, "limit": "1"})

    assert [each["status"] for each in both["incidents"]] == ["triggered", "resolved"]
    assert [each["status"] for each in one["incidents"]] == ["resolved"]
    assert ([each["status"] for each in first["incidents"]], first["more"]) == (["resolved"], True)


async def test_an_incident_does_not_show_its_level(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    await enqueue(http, event())

    _, found = await rest(http, f"/incidents/{pagerduty.stand_in.incident(KEY).id}")

    assert "level" not in json.dumps(found)


async def test_a_level_is_set_absolutely(http: aiohttp.ClientSession, pagerduty: ServedPagerDuty) -> None:
    await enqueue(http, event())
    incident = pagerduty.stand_in.incident(KEY)

    status, answer = await change(http, incident.id, escalation_level=3)

    assert (status, incident.level) == (200, 3)
    assert answer["incident"]["assignments"][0]["assignee"]["summary"] == "Dia Mensah"
    assert pagerduty.stand_in.notifications[-1].person == "Dia Mensah"


async def test_an_incident_is_acknowledged_in_the_requesters_name(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    await enqueue(http, event())
    incident = pagerduty.stand_in.incident(KEY)

    _, answer = await change(http, incident.id, status="acknowledged")

    assert answer["incident"]["acknowledgements"][0]["acknowledger"]["summary"] == BOT.name


@pytest.mark.parametrize(
    ("requester", "wanted"),
    [
        ("", {"status": "resolved"}),
        ("nobody@example.com", {"status": "resolved"}),
        (BOT.email, {"status": "open"}),
        (BOT.email, {"escalation_level": "2"}),
        (BOT.email, {"escalation_level": 4}),
    ],
)
async def test_a_change_that_pagerduty_would_refuse_is_refused(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty, requester: str, wanted: dict[str, Any]
) -> None:
    await enqueue(http, event())
    incident = pagerduty.stand_in.incident(KEY)

    status, _ = await change(http, incident.id, requester, **wanted)

    assert (status, incident.status, incident.level) == (400, "triggered", 1)


async def test_an_incident_that_is_not_there_is_not_found(http: aiohttp.ClientSession) -> None:
    assert (await rest(http, "/incidents/QNOWHERE"))[0] == 404


async def test_who_is_on_call_is_told_by_level(http: aiohttp.ClientSession) -> None:
    _, found = await rest(http, "/oncalls", {"escalation_policy_ids[]": "SONCALLPOLICY"})

    shown = [(each["escalation_level"], each["user"]["summary"]) for each in found["oncalls"]]
    assert shown == [(1, "Ana Ortiz"), (2, "Lee Novak"), (3, "Dia Mensah")]


@pytest.mark.parametrize("path", ["/abilities", "/services", "/users", "/users/me"])
async def test_the_light_resources_answer(http: aiohttp.ClientSession, path: str) -> None:
    assert (await rest(http, path))[0] == 200


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
        lines = [(await feed.content.readline()).decode().strip() for _ in range(7)]

    assert [line for line in lines if line.startswith("event:")] == ["event: notification", "event: incident"]


# Webhooks


class Receiver:
    """The bot's side of webhooks: answers with the given statuses, then with 202."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.got: list[tuple[str, str, bytes]] = []

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = request.headers
        self.got.append((headers["X-Webhook-Id"], headers["X-PagerDuty-Signature"], body))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 202)

    @contextlib.asynccontextmanager
    async def subscribed(self, pagerduty: ServedPagerDuty, **options: Any) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_post("/webhooks/pagerduty", self.receive)
        async with served(app) as url:
            options.setdefault("redelivery_seconds", (0, 0))
            pagerduty.stand_in.subscribe(f"{url}/webhooks/pagerduty", SECRET, **options)
            yield

    @property
    def kinds(self) -> list[str]:
        return [read_news(body).kind for _, _, body in self.got]


async def test_webhooks_are_signed_and_in_the_order_of_what_happened(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    receiver, stand_in = Receiver(), pagerduty.stand_in
    async with receiver.subscribed(pagerduty):
        await enqueue(http, event())
        for act in (stand_in.acknowledge, stand_in.unacknowledge, stand_in.escalate, stand_in.resolve):
            act(KEY)
        stand_in.reopen(KEY)
        stand_in.reassign(KEY, "Dia Mensah")
        await stand_in.webhooks.settled()

    assert receiver.kinds == [
        "triggered",
        "acknowledged",
        "unacknowledged",
        "escalated",
        "resolved",
        "reopened",
        "reassigned",
    ]
    assert all(is_signed(body, signature, [SECRET]) for _, signature, body in receiver.got)


async def test_a_webhook_names_the_person_and_the_page(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    receiver = Receiver()
    async with receiver.subscribed(pagerduty):
        await enqueue(http, event())
        pagerduty.stand_in.acknowledge(KEY, "Lee Novak")
        await pagerduty.stand_in.webhooks.settled()

    by_integration, by_person = (read_news(body) for _, _, body in receiver.got)
    assert (by_integration.by_person, by_person.by_person) == (None, "Lee Novak")
    assert (by_person.key, by_person.incident_id) == (KEY, pagerduty.stand_in.incident(KEY).id)


async def test_a_merge_is_told_as_resolved(http: aiohttp.ClientSession, pagerduty: ServedPagerDuty) -> None:
    await enqueue(http, event())
    await enqueue(http, event(dedup_key="other"))
    receiver = Receiver()
    async with receiver.subscribed(pagerduty):
        pagerduty.stand_in.merge(KEY, into="other")
        await pagerduty.stand_in.webhooks.settled()

    news = read_news(receiver.got[0][2])
    assert (news.kind, news.merged) == ("resolved", True)


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_webhook_that_is_not_taken_is_told_again_under_its_id(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty, status: int
) -> None:
    receiver = Receiver(status)
    async with receiver.subscribed(pagerduty):
        await enqueue(http, event())
        await pagerduty.stand_in.webhooks.settled()

    assert len(receiver.got) == 2
    assert receiver.got[0] == receiver.got[1]
    assert pagerduty.stand_in.webhooks.deliveries[0].state == "taken"


async def test_three_webhooks_refused_in_a_row_end_the_subscription(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    receiver = Receiver(400, 400, 400)
    async with receiver.subscribed(pagerduty):
        for number in range(4):
            await enqueue(http, event(dedup_key=str(number)))
            await pagerduty.stand_in.webhooks.settled()

    assert len(receiver.got) == 3
    assert pagerduty.stand_in.webhooks.disabled


async def test_webhooks_can_come_twice(http: aiohttp.ClientSession, pagerduty: ServedPagerDuty) -> None:
    receiver = Receiver()
    async with receiver.subscribed(pagerduty, copies=2):
        await enqueue(http, event())
        await pagerduty.stand_in.webhooks.settled()

    assert receiver.got[0] == receiver.got[1]


async def test_a_receiver_that_is_away_gets_its_webhooks_later(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    await control(http, "webhook", url=f"http://127.0.0.1:{port}/", secret=SECRET, redelivery_seconds=[0, 0])
    await enqueue(http, event())
    await pagerduty.stand_in.webhooks.settled()

    [delivery] = pagerduty.stand_in.webhooks.deliveries
    assert (delivery.statuses, delivery.state) == ([0, 0, 0], "dropped")


async def test_a_webhook_subscription_shows_no_secret_and_can_end(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    _, shown = await control(http, "webhook", url="http://127.0.0.1:9/", secret=SECRET)
    assert SECRET not in json.dumps(shown)

    await control(http, "webhook")

    assert pagerduty.stand_in.webhooks.subscription is None


# The process


async def test_the_stand_in_runs_by_itself_with_a_moved_clock(tmp_path: Path) -> None:
    clock = tmp_path / "offset"
    clock.write_text("86400000")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--port", str(port), "--clock", str(clock)]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot.sandbox.pagerduty", *options)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            first = await state_once_up(http)
            clock.write_text("0")
            async with http.get("/control/state") as answer:
                second = await answer.json()
    finally:
        process.terminate()
        await process.wait()

    assert 86_000_000 < first["now"] - second["now"] <= 86_400_000


async def state_once_up(http: aiohttp.ClientSession) -> Any:
    for _ in range(1000):
        try:
            async with http.get("/control/state") as answer:
                return await answer.json()
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(0.01)  # a process of its own tells no event when it listens
    pytest.fail("the stand-in never came up")


def test_the_stand_in_imports_nothing_of_the_bot() -> None:
    script = (
        "import sys, bot.sandbox.pagerduty.__main__\n"
        "print([name for name in sys.modules if name.startswith('bot.') and '.sandbox' not in name])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)

    assert done.stdout.strip() == b"[]"
