"""Who is on call, by PagerDuty's stand-in."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.adapters.no_on_call import NoOnCall
from bot.adapters.pagerduty import PagerDutyOnCall
from bot.adapters.pagerduty.on_call import PAGE
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from bot.ports.on_call import OnCallPerson
from bot.sandbox.pagerduty.people import ANA, DIA, LEE, Schedule, routing_key
from bot.sandbox.pagerduty.rest_api import API_KEY
from tests.support.pagerduty import ServedPagerDuty, served, served_pagerduty

KEYS = {tier: SecretStr(routing_key(tier)) for tier in ("on-call", "team-lead", "director")}


@asynccontextmanager
async def opened(url: str, **changes: Any) -> AsyncIterator[PagerDutyOnCall]:
    options: dict[str, Any] = {"routing_keys": KEYS, "api_key": SecretStr(API_KEY), "api_url": url}
    on_call = PagerDutyOnCall(**{**options, **changes})
    try:
        yield on_call
    finally:
        await on_call.aclose()


@pytest.fixture
async def pagerduty() -> AsyncIterator[ServedPagerDuty]:
    async with served_pagerduty() as served_one:
        yield served_one


@pytest.fixture
async def on_call(pagerduty: ServedPagerDuty) -> AsyncIterator[PagerDutyOnCall]:
    async with opened(pagerduty.url) as opened_one:
        yield opened_one


def names(people: tuple[OnCallPerson, ...]) -> list[str]:
    return [person.name for person in people]


async def test_a_tier_is_answered_by_the_first_level_of_its_services_policy(
    on_call: PagerDutyOnCall,
) -> None:
    assert await on_call.who("on-call") == (OnCallPerson(name=ANA.name, email=ANA.email),)
    assert names(await on_call.who("team-lead")) == [LEE.name]


async def test_a_level_of_a_policy_is_asked_for(on_call: PagerDutyOnCall) -> None:
    assert [names(await on_call.who("on-call", level)) for level in (2, 3, 4)] == [[LEE.name], [DIA.name], []]


async def test_several_may_be_on_call_and_nobody(
    on_call: PagerDutyOnCall, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.put_service("on-call", levels=((LEE.name, ANA.name), (DIA.name,)))
    assert names(await on_call.who("on-call")) == [LEE.name, ANA.name]
    pagerduty.stand_in.put_service("on-call", levels=((), (DIA.name,)))
    assert await on_call.who("on-call") == ()


async def test_the_service_of_a_tier_is_looked_for_once_and_its_people_each_time(
    on_call: PagerDutyOnCall, pagerduty: ServedPagerDuty
) -> None:
    await on_call.who("on-call")
    before = pagerduty.stand_in.calls["rest"]
    pagerduty.stand_in.put_service("on-call", levels=((DIA.name,),))
    assert names(await on_call.who("on-call")) == [DIA.name]
    assert pagerduty.stand_in.calls["rest"] - before == 2


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({}, r"who is on call for on-call: set PAGERDUTY_ROUTING_KEY_ON_CALL\.$"),
        ({"on-call": "0" * 32}, "no service with the routing key of on-call"),
    ],
)
async def test_a_tier_whose_service_is_not_shown_is_refused_with_what_is_missing(
    pagerduty: ServedPagerDuty, keys: dict[str, str], reason: str
) -> None:
    async with opened(pagerduty.url, routing_keys=keys) as on_call:
        with pytest.raises(PermanentFailure, match=reason):
            await on_call.who("on-call")


async def test_an_answer_takes_no_longer_than_it_may(pagerduty: ServedPagerDuty) -> None:
    pagerduty.stand_in.faults.add("delay", "rest", delay_ms=300)
    begun = time.monotonic()
    async with opened(pagerduty.url, overall_seconds=0.5) as on_call:
        with pytest.raises(TemporaryFailure, match=r"did not answer who is on call within 0\.5 s"):
            await on_call.who("on-call")
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("status", "failure"), [(503, TemporaryFailure), (429, TemporaryFailure), (403, PermanentFailure)]
)
async def test_what_pagerduty_refuses_is_told_and_asked_again_the_next_time(
    on_call: PagerDutyOnCall, pagerduty: ServedPagerDuty, status: int, failure: type[DeliveryFailure]
) -> None:
    pagerduty.stand_in.faults.add("status", "rest", status=status, count=1)
    with pytest.raises(failure, match="who is on call"):
        await on_call.who("on-call")
    assert names(await on_call.who("on-call")) == [ANA.name]


async def test_a_service_that_is_found_no_more_is_looked_for_again(
    on_call: PagerDutyOnCall, pagerduty: ServedPagerDuty
) -> None:
    await on_call.who("on-call")
    pagerduty.stand_in.faults.add("status", "rest", status=404, count=1)
    assert names(await on_call.who("on-call")) == [ANA.name]


async def test_no_key_is_logged_or_told(pagerduty: ServedPagerDuty, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with opened(pagerduty.url, api_key="topsecretkey") as on_call:
        with pytest.raises(PermanentFailure, match="does not accept the key") as refused:
            await on_call.who("on-call")
    assert "topsecret" not in caplog.text + str(refused.value) + repr(on_call)
    assert "sandboxoncall" not in caplog.text + str(refused.value) + repr(on_call)


def shown(answers: dict[str, Any]) -> web.Application:
    """A server that answers paths with these; lists of services by their page."""

    async def answer(request: web.Request) -> web.Response:
        found = answers[request.path]
        if isinstance(found, list):
            return web.json_response(found[int(request.query.get("offset", 0)) // PAGE])
        return web.json_response(found)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    return app


SERVICE = {
    "id": "S1",
    "escalation_policy": {"id": "P1"},
    "integrations": [{"id": "I0"}, {"id": "I1", "integration_key": KEYS["on-call"].get_secret_value()}],
}


async def test_a_service_is_found_on_a_later_page() -> None:
    pages = [
        {"services": [{"id": "S0"}, {"integrations": None}, None], "more": True},
        {"services": [SERVICE], "more": False},
    ]
    someone = {"escalation_level": 1, "user": {"id": "U1", "summary": "One"}}
    app = shown({"/services": pages, "/oncalls": {"oncalls": [someone, someone, {"user": None}]}})
    async with served(app) as url, opened(url) as on_call:
        assert await on_call.who("on-call") == (OnCallPerson(name="One"),)


@pytest.mark.parametrize(
    "answers",
    [
        {"/services": {}},
        {"/services": {"services": [{**SERVICE, "escalation_policy": None}]}},
        {"/services": {"services": [SERVICE]}, "/oncalls": {"oncalls": "nobody"}},
    ],
)
async def test_an_answer_in_another_form_is_no_answer(answers: dict[str, Any]) -> None:
    async with served(shown(answers)) as url, opened(url) as on_call:
        with pytest.raises(TemporaryFailure, match="in a form that is not known here"):
            await on_call.who("on-call")


async def test_where_nobody_can_be_asked_that_is_said() -> None:
    with pytest.raises(PermanentFailure, match="set PAGERDUTY_API_KEY"):
        await NoOnCall().who("on-call")


NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 11, 23, 14, tzinfo=UTC)


@asynccontextmanager
async def at_noon() -> AsyncIterator[tuple[PagerDutyOnCall, ServedPagerDuty]]:
    clock = partial(round, NOON.timestamp() * 1000)
    async with served_pagerduty(clock=clock) as pagerduty, opened(pagerduty.url) as on_call:
        yield on_call, pagerduty


async def test_turns_of_a_schedule_come_with_their_times_and_where_the_people_are() -> None:
    async with at_noon() as (on_call, pagerduty):
        pagerduty.stand_in.put_service("on-call", levels=(((ANA.name, LEE.name),), (DIA.name,)))
        turns = await on_call.turns("on-call", since=NOON, until=NOON + timedelta(days=10))
        week = timedelta(days=7)
        assert [(turn.starts, turn.ends) for turn in turns] == [
            (MONDAY_NINE, MONDAY_NINE + week),
            (MONDAY_NINE + week, MONDAY_NINE + 2 * week),
        ]
        assert {turn.name for turn in turns} == {ANA.name, LEE.name}
        zones = {turn.name: str(turn.zone) for turn in turns}
        assert zones == {ANA.name: ANA.time_zone, LEE.name: LEE.time_zone}
        [dia] = await on_call.turns("on-call", 2, since=NOON, until=NOON)
        assert (dia.name, dia.email, dia.starts, dia.ends) == (DIA.name, DIA.email, None, None)


async def test_who_is_on_call_now_follows_the_schedule() -> None:
    async with at_noon() as (on_call, pagerduty):
        pagerduty.stand_in.put_service("on-call", levels=(((ANA.name, LEE.name),),))
        [turn, _] = await on_call.turns("on-call", since=NOON, until=NOON + timedelta(days=10))
        assert names(await on_call.who("on-call")) == [turn.name]


async def test_many_turns_are_read_page_by_page() -> None:
    async with at_noon() as (on_call, pagerduty):
        hourly = Schedule(id="RHOUR", name="Hourly", people=(ANA, LEE), turn_seconds=3600)
        made = replace(pagerduty.stand_in.put_service("on-call"), levels=((hourly,),))
        pagerduty.stand_in.account.put_service(made)
        turns = await on_call.turns("on-call", since=NOON, until=NOON + timedelta(hours=250))
        assert len(turns) == 251


@pytest.mark.parametrize(
    ("zone", "known"), [("Europe/Berlin", "Europe/Berlin"), ("Nowhere/Land", "None"), ("../x", "None")]
)
async def test_a_zone_that_is_none_is_left_out(zone: str, known: str) -> None:
    user = {"id": "U1", "summary": "One", "time_zone": zone}
    rows = {"oncalls": [{"escalation_level": 1, "user": user, "start": "2026-11-23T09:00:00-05:00"}]}
    app = shown({"/services": {"services": [SERVICE]}, "/oncalls": rows})
    async with served(app) as url, opened(url) as on_call:
        [turn] = await on_call.turns("on-call", since=NOON, until=NOON)
        assert str(turn.zone) == known
        assert turn.starts == MONDAY_NINE


async def test_a_turn_that_begins_at_no_time_is_no_answer() -> None:
    rows = {"oncalls": [{"escalation_level": 1, "user": {"id": "U1", "summary": "One"}, "start": "soon"}]}
    app = shown({"/services": {"services": [SERVICE]}, "/oncalls": rows})
    async with served(app) as url, opened(url) as on_call:
        with pytest.raises(TemporaryFailure, match="in a form that is not known here"):
            await on_call.turns("on-call", since=NOON, until=NOON)
    with pytest.raises(PermanentFailure, match="set PAGERDUTY_API_KEY"):
        await NoOnCall().turns("on-call", since=NOON, until=NOON)
