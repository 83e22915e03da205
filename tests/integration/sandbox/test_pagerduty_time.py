from __future__ import annotations

import aiohttp

from tests.support.pagerduty import served_pagerduty
from tests.support.pagerduty_calls import KEY, control, enqueue, event, state

MINUTE = 60_000


async def test_an_acknowledgement_runs_out_by_the_clock() -> None:
    now = 0
    async with (
        served_pagerduty(clock=lambda: now) as pagerduty,
        aiohttp.ClientSession(pagerduty.url) as http,
    ):
        pagerduty.stand_in.put_service("on-call", acknowledgement_timeout=1800)
        await enqueue(http, event())
        pagerduty.stand_in.acknowledge(KEY)
        now = 30 * MINUTE - 1
        await state(http)
        before = pagerduty.stand_in.incident(KEY).status
        now = 30 * MINUTE
        await state(http)

    assert (before, pagerduty.stand_in.incident(KEY).status) == ("acknowledged", "triggered")
    assert [each.reason for each in pagerduty.stand_in.notifications] == ["triggered", "unacknowledged"]


async def test_an_open_incident_resolves_itself_where_the_service_says_so() -> None:
    now = 0
    async with (
        served_pagerduty(clock=lambda: now) as pagerduty,
        aiohttp.ClientSession(pagerduty.url) as http,
    ):
        await control(http, "services", tier="on-call", auto_resolve_timeout=14_400)
        await enqueue(http, event())
        now = 240 * MINUTE
        shown = (await state(http))["incidents"][0]

    assert (shown["status"], shown["changed_by"]) == ("resolved", "On-call")


async def test_an_incident_climbs_by_the_clock_until_somebody_acknowledges() -> None:
    now = 0
    levels = [["Ana Ortiz"], ["Lee Novak"], ["Dia Mensah"]]
    async with (
        served_pagerduty(clock=lambda: now) as pagerduty,
        aiohttp.ClientSession(pagerduty.url) as http,
    ):
        await control(http, "services", tier="on-call", levels=levels, escalation_minutes=15)
        await enqueue(http, event())
        now = 15 * MINUTE
        await state(http)
        pagerduty.stand_in.acknowledge(KEY, "Lee Novak")
        now = 60 * MINUTE
        await state(http)

    assert [each.person for each in pagerduty.stand_in.notifications] == ["Ana Ortiz", "Lee Novak"]


async def test_time_alone_changes_nothing_by_default() -> None:
    now = 0
    async with (
        served_pagerduty(clock=lambda: now) as pagerduty,
        aiohttp.ClientSession(pagerduty.url) as http,
    ):
        await enqueue(http, event())
        now = 7 * 24 * 60 * MINUTE
        shown = await state(http)

    assert [each["status"] for each in shown["incidents"]] == ["triggered"]
