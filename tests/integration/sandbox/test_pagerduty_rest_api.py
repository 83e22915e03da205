from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.pagerduty.people import ANA, BOT, routing_key
from tests.support.pagerduty import ServedPagerDuty, served_pagerduty
from tests.support.pagerduty_calls import AUTH, KEY, change, enqueue, event, rest


@pytest.fixture
async def pagerduty() -> AsyncIterator[ServedPagerDuty]:
    async with served_pagerduty() as served_one:
        yield served_one


@pytest.fixture
async def http(pagerduty: ServedPagerDuty) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(pagerduty.url) as session:
        yield session


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


async def test_what_is_referred_to_is_shown_whole_where_that_is_asked_for(
    http: aiohttp.ClientSession,
) -> None:
    _, short = await rest(http, "/services", {"query": "On-call"})
    _, whole = await rest(http, "/services", {"query": "On-call", "include[]": "integrations"})
    _, people = await rest(http, "/oncalls", {"include[]": "users"})

    assert "integration_key" not in json.dumps(short)
    assert whole["services"][0]["integrations"][0]["integration_key"] == routing_key("on-call")
    assert people["oncalls"][0]["user"]["email"] == ANA.email


async def test_who_is_on_call_is_told_by_level(http: aiohttp.ClientSession) -> None:
    _, found = await rest(http, "/oncalls", {"escalation_policy_ids[]": "SONCALLPOLICY"})

    shown = [(each["escalation_level"], each["user"]["summary"]) for each in found["oncalls"]]
    assert shown == [(1, "Ana Ortiz"), (2, "Lee Novak"), (3, "Dia Mensah")]


@pytest.mark.parametrize(
    "path",
    [
        "/abilities",
        "/services",
        "/services/SONCALL",
        "/escalation_policies",
        "/escalation_policies/SONCALLPOLICY",
        "/users",
        "/users/me",
        "/users/PANAORT",
    ],
)
async def test_the_light_resources_answer(http: aiohttp.ClientSession, path: str) -> None:
    assert (await rest(http, path))[0] == 200


@pytest.mark.parametrize(
    "path", ["/incidents/QNOWHERE/notes", "/services/SNOWHERE", "/schedules", "/users/P0"]
)
async def test_what_is_not_there_is_told_in_pagerdutys_words(http: aiohttp.ClientSession, path: str) -> None:
    assert await rest(http, path) == (404, {"error": {"message": "Not Found", "code": 2100}})


async def test_a_list_comes_in_pages(http: aiohttp.ClientSession) -> None:
    _, page = await rest(http, "/users", {"limit": "3", "offset": "2", "total": "true"})

    names = [user["name"] for user in page.pop("users")]
    assert names == ["Dia Mensah", "Opsbot"]
    assert page == {"limit": 3, "offset": 2, "more": False, "total": 4}


@pytest.mark.parametrize("params", [{"limit": "many"}, {"limit": "0"}, {"offset": "-1"}, {"offset": "9990"}])
async def test_a_page_that_cannot_be_is_refused(http: aiohttp.ClientSession, params: dict[str, str]) -> None:
    status, answer = await rest(http, "/users", params)

    assert (status, answer["error"]["message"]) == (400, "Invalid Input Provided")


async def test_every_answer_says_what_is_left_of_the_minute(http: aiohttp.ClientSession) -> None:
    async with http.get("/abilities", headers=AUTH) as first, http.get("/abilities", headers=AUTH) as second:
        left = [answer.headers["ratelimit-remaining"] for answer in (first, second)]

    assert left == ["959", "958"]


async def test_an_incident_is_retitled_handed_over_and_made_quiet(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    await enqueue(http, event())
    incident = pagerduty.stand_in.incident(KEY)

    await change(http, incident.id, title="payments are down", urgency="low")
    await change(http, incident.id, assignments=[{"assignee": {"id": "PDIAMEN", "type": "user_reference"}}])
    _, answer = await change(http, incident.id, escalation_policy={"id": "STEAMLEADPOLICY"})

    shown = answer["incident"]
    assert (shown["title"], shown["urgency"]) == ("payments are down", "low")
    assert shown["escalation_policy"]["id"] == "STEAMLEADPOLICY"
    assert [each.person for each in pagerduty.stand_in.notifications] == [
        "Ana Ortiz",
        "Dia Mensah",
        "Lee Novak",
    ]


async def test_a_resolved_incident_is_not_changed_again(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    await enqueue(http, event())
    incident = pagerduty.stand_in.incident(KEY)
    await change(http, incident.id, status="resolved", resolution="rolled back")

    assert await change(http, incident.id, status="acknowledged") == (
        400,
        {"error": {"message": "Incident Already Resolved", "code": 1001}},
    )
    assert [note.content for note in incident.notes] == ["rolled back"]


async def test_an_incident_is_opened_once_a_key(http: aiohttp.ClientSession) -> None:
    service = {"id": "SONCALL", "type": "service_reference"}
    body = {"incident": {"type": "incident", "title": "checkout", "service": service, "incident_key": KEY}}
    headers = {**AUTH, "From": BOT.email}
    async with (
        http.post("/incidents", json=body, headers=headers) as first,
        http.post("/incidents", json=body, headers=headers) as second,
    ):
        opened, refused = await first.json(), await second.json()

    assert (first.status, opened["incident"]["incident_key"]) == (201, KEY)
    assert (second.status, refused["error"]["errors"]) == (
        400,
        ["Open incident with matching dedup key already exists on this service"],
    )
