from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.pagerduty.people import BOT, routing_key
from bot.sandbox.pagerduty.rest_api import API_KEY
from tests.support.pagerduty import ServedPagerDuty, served_pagerduty
from tests.support.pagerduty_calls import KEY, enqueue, event

with warnings.catch_warnings():  # it says at each import that it is deprecated
    warnings.simplefilter("ignore", UserWarning)
    import pdpyras


@pytest.fixture
async def pagerduty() -> AsyncIterator[ServedPagerDuty]:
    async with served_pagerduty() as served_one:
        yield served_one


@pytest.fixture
async def http(pagerduty: ServedPagerDuty) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(pagerduty.url) as session:
        yield session


async def test_pdpyras_pages_acknowledges_and_resolves(pagerduty: ServedPagerDuty) -> None:
    def drive() -> list[str]:
        with events_session(pagerduty) as session:
            key = session.trigger("checkout is down", "payment", severity="critical", dedup_key=KEY)
            session.acknowledge(key)
            acknowledged = pagerduty.stand_in.incident(key).status
            session.resolve(key)
            return [acknowledged, pagerduty.stand_in.incident(key).status]

    assert await asyncio.to_thread(drive) == ["acknowledged", "resolved"]


async def test_pdpyras_finds_lists_and_changes(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    for number in range(30):
        await enqueue(http, event(dedup_key=f"key {number}"))

    def drive() -> tuple[Any, ...]:
        with rest_session(pagerduty) as session:
            found = session.find("users", "lee.novak@example.com", attribute="email")
            incidents = session.list_all("incidents", params={"statuses[]": ["triggered"]})
            first = session.rput(incidents[0], json={"type": "incident_reference", "status": "acknowledged"})
            note = session.rpost(f"/incidents/{first['id']}/notes", json={"content": "on it"})
            on_call = session.list_all("oncalls", params={"escalation_policy_ids[]": ["SONCALLPOLICY"]})
            return found["name"], len(incidents), first["status"], note["user"]["summary"], len(on_call)

    assert await asyncio.to_thread(drive) == ("Lee Novak", 30, "acknowledged", BOT.name, 3)


async def test_pdpyras_says_why_it_was_refused(pagerduty: ServedPagerDuty) -> None:
    def drive() -> int:
        with rest_session(pagerduty) as session, pytest.raises(pdpyras.PDHTTPError, match="404") as refused:
            session.rget("/incidents/QNOWHERE")
        return int(refused.value.response.status_code)

    assert await asyncio.to_thread(drive) == 404


def events_session(pagerduty: ServedPagerDuty) -> pdpyras.EventsAPISession:
    session = pdpyras.EventsAPISession(routing_key("on-call"))
    session.url = pagerduty.url
    return session


def rest_session(pagerduty: ServedPagerDuty) -> pdpyras.APISession:
    session = pdpyras.APISession(API_KEY, default_from=BOT.email)
    session.url = pagerduty.url
    return session
