from __future__ import annotations

import asyncio
import logging
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from bot.adapters.no_pager import NoPager
from bot.adapters.pagerduty import PagerDuty
from bot.adapters.pagerduty.pager import EVENT_THREADS
from bot.domain.severity import Severity
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.pager import Link, Page, PagerIncidentGoneError, PagerStatus
from bot.sandbox.pagerduty.people import BOT, LEE
from bot.sandbox.pagerduty.rest_api import API_KEY
from tests.support.pagerduty import ServedPagerDuty, served, served_pagerduty

KEY = "0b3c6a52-0000-4000-8000-000000000042/1/0"
CARD_LINK = "https://acme.slack.com/archives/C042"


def page(**changes: Any) -> Page:
    facts: dict[str, Any] = {
        "key": KEY,
        "tier": "on-call",
        "summary": "P0 #42 checkout is down",
        "severity": Severity.P0,
        "source": "payment",
        "links": (Link(href="https://runbooks.example.com/payment", text="Runbook"),),
        "details": (("Incident", "#42"),),
        "channel": "operations",
    }
    return Page(**{**facts, **changes})


def pager_at(url: str, **changes: Any) -> PagerDuty:
    options: dict[str, Any] = {
        "routing_keys": {"on-call": SecretStr("sandboxoncall0000000000000000000")},
        "link_for": lambda channel, room: f"{CARD_LINK}{room or ''}" if channel == "operations" else None,
        "api_key": SecretStr(API_KEY),
        "from_email": BOT.email,
        "events_url": url,
        "api_url": url,
    }
    return PagerDuty(**{**options, **changes})


@asynccontextmanager
async def opened(url: str, **changes: Any) -> AsyncIterator[PagerDuty]:
    pager = pager_at(url, **changes)
    try:
        yield pager
    finally:
        await pager.aclose()


@pytest.fixture
async def pagerduty() -> AsyncIterator[ServedPagerDuty]:
    async with served_pagerduty() as served_one:
        yield served_one


@pytest.fixture
async def pager(pagerduty: ServedPagerDuty) -> AsyncIterator[PagerDuty]:
    async with opened(pagerduty.url) as pager:
        yield pager


def said(error: BaseException) -> str:
    """Everything that a log could show of an error."""
    return "".join(traceback.format_exception(error)) + repr(error)


# Paging


async def test_a_page_notifies_whoever_is_on_call(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())

    [notification] = pagerduty.stand_in.notifications
    assert (notification.key, notification.person, notification.level) == (KEY, "Ana Ortiz", 1)
    assert (notification.summary, notification.urgency) == ("P0 #42 checkout is down", "high")


async def test_a_page_sent_again_notifies_nobody_again(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())
    await pager.trigger(page())

    assert len(pagerduty.stand_in.notifications) == 1


async def test_a_page_links_to_the_card_first(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())

    assert pagerduty.stand_in.incident(KEY).links == [
        {"href": CARD_LINK, "text": "Open in Slack"},
        {"href": "https://runbooks.example.com/payment", "text": "Runbook"},
    ]


async def test_a_page_whose_channel_has_no_link_goes_without(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    await pager.trigger(page(channel="unknown", links=()))

    assert pagerduty.stand_in.incident(KEY).links == []


async def test_a_page_carries_its_details_and_the_clients_name(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    await pager.trigger(page())

    incident = pagerduty.stand_in.incident(KEY)
    assert (incident.details, incident.client) == ({"Incident": "#42"}, "opsbot")


@pytest.mark.parametrize(
    ("severity", "told"),
    [
        (Severity.P0, "critical"),
        (Severity.P1, "error"),
        (Severity.P2, "error"),
        (Severity.P3, "error"),
    ],
)
async def test_every_severity_rings(
    pager: PagerDuty, pagerduty: ServedPagerDuty, severity: Severity, told: str
) -> None:
    await pager.trigger(page(severity=severity))

    incident = pagerduty.stand_in.incident(KEY)
    assert (incident.severity, incident.urgency) == (told, "high")


async def test_a_long_summary_is_cut_to_what_pagerduty_takes(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    await pager.trigger(page(summary="x" * 2000))

    assert len(pagerduty.stand_in.incident(KEY).title) == 1024


async def test_a_summary_is_stripped_of_what_hides_text(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page(summary="P0 \u202eback\x00wards\nnow \ud800"))

    assert pagerduty.stand_in.incident(KEY).title == "P0 backwards now"


async def test_a_page_without_any_visible_text_is_sent_all_the_same(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    await pager.trigger(page(summary="\u202e", source=""))

    assert pagerduty.stand_in.incident(KEY).title == KEY


async def test_many_pages_are_in_flight_at_once(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    pagerduty.stand_in.faults.latency_ms = 20

    await asyncio.gather(*(pager.trigger(page(key=f"{KEY}{number}")) for number in range(64)))

    assert len(pagerduty.stand_in.notifications) == 64
    events = [thread for thread in threading.enumerate() if thread.name.startswith("pagerduty-events")]
    assert len(events) == EVENT_THREADS


async def test_an_acknowledge_and_a_resolve_reach_the_page(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    await pager.trigger(page())

    await pager.acknowledge("on-call", KEY)
    assert pagerduty.stand_in.incident(KEY).status == "acknowledged"
    await pager.resolve("on-call", KEY)
    assert pagerduty.stand_in.incident(KEY).status == "resolved"


def test_only_tiers_with_a_routing_key_are_reached() -> None:
    pager = pager_at("http://127.0.0.1:9")

    assert pager.reaches("on-call")
    assert not pager.reaches("team-lead")


async def test_a_tier_without_a_routing_key_is_refused_with_the_variable_to_set(pager: PagerDuty) -> None:
    with pytest.raises(PermanentFailure, match="PAGERDUTY_ROUTING_KEY_TEAM_LEAD"):
        await pager.trigger(page(tier="team-lead"))


# Failures of events


async def test_a_rate_limit_is_temporary_and_names_wish_and_lane(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.faults.add("ratelimited", "events", count=1, retry_after=30)

    with pytest.raises(TemporaryFailure) as caught:
        await pager.trigger(page())

    assert caught.value.retry_after == timedelta(seconds=30)
    assert caught.value.lane == "pagerduty/on-call"


@pytest.mark.parametrize("kind", ["ratelimited", "status"])
async def test_no_answer_puts_a_page_off_for_longer_than_a_minute(kind: str) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        status = 429 if kind == "ratelimited" else 503
        return web.Response(status=status, headers={"Retry-After": "3600"})

    app = web.Application()
    app.router.add_post("/v2/enqueue", refuse)
    async with served(app) as url, opened(url) as pager:
        with pytest.raises(TemporaryFailure) as caught:
            await pager.trigger(page())

    assert caught.value.retry_after == timedelta(seconds=60)


async def test_a_rate_limit_is_not_tried_again_by_the_library(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.faults.add("ratelimited", "events")

    with pytest.raises(TemporaryFailure):
        await pager.trigger(page())

    assert pagerduty.stand_in.calls["events"] == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_is_temporary_and_not_tried_again(
    pager: PagerDuty, pagerduty: ServedPagerDuty, status: int
) -> None:
    pagerduty.stand_in.faults.add("status", "events", status=status)

    with pytest.raises(TemporaryFailure, match=str(status)):
        await pager.trigger(page())

    assert pagerduty.stand_in.calls["events"] == 1


@pytest.mark.parametrize("status", [401, 403, 404, 405])
async def test_another_refusal_is_permanent(
    pager: PagerDuty, pagerduty: ServedPagerDuty, status: int
) -> None:
    pagerduty.stand_in.faults.add("status", "events", status=status)

    with pytest.raises(PermanentFailure, match=str(status)):
        await pager.trigger(page())


async def test_a_wrong_routing_key_is_permanent_and_told_in_pagerdutys_words(
    pagerduty: ServedPagerDuty,
) -> None:
    async with opened(pagerduty.url, routing_keys={"on-call": "topsecretkey"}) as pager:
        with pytest.raises(PermanentFailure, match="should be 32 characters") as caught:
            await pager.trigger(page())

    assert "topsecretkey" not in said(caught.value)


async def test_an_answer_that_quotes_the_routing_key_is_told_without_it() -> None:
    async def quote(request: web.Request) -> web.Response:
        key = (await request.json())["routing_key"]
        return web.json_response({"message": f"No such key: {key}"}, status=400)

    app = web.Application()
    app.router.add_post("/v2/enqueue", quote)
    async with served(app) as url, opened(url, routing_keys={"on-call": "topsecretkey"}) as pager:
        with pytest.raises(PermanentFailure, match="No such key: …") as caught:
            await pager.trigger(page())

    assert "topsecretkey" not in said(caught.value)


async def test_a_connection_cut_after_sending_leaves_the_outcome_unknown(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.faults.add("cut", "events")

    with pytest.raises(UnknownOutcome):
        await pager.trigger(page())

    assert pagerduty.stand_in.calls["events"] == 1
    assert len(pagerduty.stand_in.notifications) == 1


async def test_a_page_retried_after_a_cut_connection_is_not_doubled(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.faults.add("cut", "events", count=1)
    with pytest.raises(UnknownOutcome):
        await pager.trigger(page())

    await pager.trigger(page())

    assert len(pagerduty.stand_in.notifications) == 1


async def test_an_answer_that_does_not_come_leaves_the_outcome_unknown(pagerduty: ServedPagerDuty) -> None:
    pagerduty.stand_in.faults.add("delay", "events", delay_ms=500)
    async with opened(pagerduty.url, overall_seconds=0.05) as pager:
        with pytest.raises(UnknownOutcome, match=r"within 0\.05 s"):
            await pager.trigger(page())


async def test_a_page_that_found_no_free_thread_in_time_was_not_sent(pagerduty: ServedPagerDuty) -> None:
    pagerduty.stand_in.faults.add("delay", "events", delay_ms=500)
    async with opened(pagerduty.url, overall_seconds=0.2) as pager:
        pages = [pager.trigger(page(key=f"{KEY}{number}")) for number in range(EVENT_THREADS + 1)]
        outcomes = await asyncio.gather(*pages, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [UnknownOutcome] * EVENT_THREADS + [TemporaryFailure]


async def test_a_refused_connection_is_temporary() -> None:
    async with opened(free_address()) as pager:
        with pytest.raises(TemporaryFailure, match="connection refused"):
            await pager.trigger(page())


async def test_an_address_that_is_none_is_permanent() -> None:
    async with opened("nowhere") as pager:
        with pytest.raises(PermanentFailure, match="no valid form"):
            await pager.trigger(page())


async def test_a_redirect_is_not_followed(pagerduty: ServedPagerDuty) -> None:
    app = web.Application()
    app.router.add_post("/v2/enqueue", redirect_to(f"{pagerduty.url}/v2/enqueue"))
    async with served(app) as url, opened(url) as pager:
        with pytest.raises(PermanentFailure, match="redirects"):
            await pager.trigger(page())

    assert pagerduty.stand_in.calls["events"] == 0


async def test_a_success_that_is_not_pagerdutys_counts_for_nothing() -> None:
    app = web.Application()
    app.router.add_post("/v2/enqueue", welcome)
    async with served(app) as url, opened(url) as pager:
        with pytest.raises(UnknownOutcome, match="check the address"):
            await pager.trigger(page())


# Looking up


async def test_what_was_never_triggered_is_not_found(pager: PagerDuty) -> None:
    assert await pager.look_up(KEY) is None


async def test_a_page_is_found_as_triggered(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())

    found = await pager.look_up(KEY)

    assert found is not None
    assert (found.key, found.status) == (KEY, PagerStatus.TRIGGERED)
    assert found.incident_id == pagerduty.stand_in.incident(KEY).id
    assert found.by_person is None
    assert found.html_url == f"https://sandbox.pagerduty.com/incidents/{found.incident_id}"


async def test_a_page_that_was_accepted_and_dropped_is_not_found(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.faults.add("drop", "events", count=1)

    await pager.trigger(page())

    assert await pager.look_up(KEY) is None


async def test_who_acknowledged_is_named(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())
    incident = pagerduty.stand_in.acknowledge(KEY, "Lee Novak")

    found = await pager.look_up(KEY)

    assert found is not None
    assert (found.status, found.by_person) == (PagerStatus.ACKNOWLEDGED, "Lee Novak")
    assert found.at is not None
    assert round(found.at.timestamp() * 1000) == incident.changed_at


async def test_who_resolved_is_named(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())
    pagerduty.stand_in.resolve(KEY, "Dia Mensah")

    found = await pager.look_up(KEY)

    assert found is not None
    assert (found.status, found.by_person) == (PagerStatus.RESOLVED, "Dia Mensah")


async def test_an_acknowledge_of_our_own_is_nobodys(pager: PagerDuty) -> None:
    await pager.trigger(page())
    await pager.acknowledge("on-call", KEY)

    found = await pager.look_up(KEY)

    assert found is not None
    assert (found.status, found.by_person) == (PagerStatus.ACKNOWLEDGED, None)


async def test_the_newest_incident_of_a_key_is_found(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())
    await pager.resolve("on-call", KEY)
    await pager.trigger(page())

    found = await pager.look_up(KEY)

    assert found is not None
    assert (found.incident_id, found.status) == (pagerduty.stand_in.incidents[1].id, PagerStatus.TRIGGERED)


async def test_a_merged_page_is_what_it_was_merged_into(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page(key="other"))
    await pager.trigger(page())
    pagerduty.stand_in.merge(KEY, into="other")

    found = await pager.look_up(KEY)

    assert found is not None
    assert (found.key, found.status) == (KEY, PagerStatus.TRIGGERED)
    assert found.incident_id == pagerduty.stand_in.incident("other").id


async def test_a_page_is_found_where_incidents_hide_their_key(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.configure(shows_keys=False)
    await pager.trigger(page())

    found = await pager.look_up(KEY)

    assert found is not None
    assert found.key == KEY


async def test_a_look_up_is_one_call(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())

    await pager.look_up(KEY)

    assert pagerduty.stand_in.calls["rest"] == 1


async def test_without_an_api_key_nothing_can_be_looked_up(pagerduty: ServedPagerDuty) -> None:
    async with opened(pagerduty.url, api_key=None) as pager:
        assert not pager.can_look_up
        with pytest.raises(PermanentFailure, match="PAGERDUTY_API_KEY"):
            await pager.look_up(KEY)


async def test_a_wrong_api_key_is_permanent_and_not_told(pagerduty: ServedPagerDuty) -> None:
    async with opened(pagerduty.url, api_key="topsecretkey") as pager:
        with pytest.raises(PermanentFailure, match="does not accept the key") as caught:
            await pager.look_up(KEY)

    assert "key" in str(caught.value)
    assert "tkey" not in said(caught.value)  # not even its last characters, as the library would


async def test_an_api_key_that_no_header_takes_is_permanent_and_not_told(pagerduty: ServedPagerDuty) -> None:
    async with opened(pagerduty.url, api_key="topsecret\nkey") as pager:
        with pytest.raises(PermanentFailure, match="no valid form") as caught:
            await pager.look_up(KEY)

    assert "topsecret" not in said(caught.value)


async def test_a_rate_limit_of_the_rest_api_blocks_its_own_lane(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    pagerduty.stand_in.faults.add("ratelimited", "rest", count=1, retry_after=12)

    with pytest.raises(TemporaryFailure) as caught:
        await pager.look_up(KEY)

    assert (caught.value.retry_after, caught.value.lane) == (timedelta(seconds=12), "pagerduty-rest")
    assert pagerduty.stand_in.calls["rest"] == 1


@pytest.mark.parametrize("fault", ["cut", "down"])
async def test_a_look_up_that_breaks_is_temporary(
    pager: PagerDuty, pagerduty: ServedPagerDuty, fault: str
) -> None:
    pagerduty.stand_in.faults.add(fault, "rest")

    with pytest.raises(TemporaryFailure):
        await pager.look_up(KEY)

    assert pagerduty.stand_in.calls["rest"] == 1


async def test_an_answer_of_another_service_is_temporary() -> None:
    app = web.Application()
    app.router.add_get("/incidents", welcome)
    async with served(app) as url, opened(url) as pager:
        with pytest.raises(TemporaryFailure, match="check the address"):
            await pager.look_up(KEY)


async def test_a_netrc_does_not_replace_the_api_key(
    pagerduty: ServedPagerDuty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))

    async with opened(pagerduty.url) as pager:
        await pager.verify_access()


async def test_the_check_of_access_says_what_is_wrong(pagerduty: ServedPagerDuty) -> None:
    async with opened(pagerduty.url, api_key="other") as pager:
        with pytest.raises(PermanentFailure, match="does not accept the key"):
            await pager.verify_access()


# Levels


async def test_a_level_is_raised_and_its_people_notified(
    pager: PagerDuty, pagerduty: ServedPagerDuty
) -> None:
    await pager.trigger(page())

    await pager.set_level(KEY, 2)

    assert [each.person for each in pagerduty.stand_in.notifications] == ["Ana Ortiz", "Lee Novak"]


async def test_a_level_reached_already_notifies_nobody(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())
    await pager.set_level(KEY, 2)

    await pager.set_level(KEY, 2)

    assert len(pagerduty.stand_in.notifications) == 2


async def test_a_level_is_never_lowered(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())
    pagerduty.stand_in.escalate(KEY, 3)

    await pager.set_level(KEY, 2)

    assert pagerduty.stand_in.incident(KEY).level == 3


async def test_a_level_is_raised_although_who_is_on_call_cannot_be_seen() -> None:
    async with served_pagerduty() as pagerduty, opened(pagerduty.url) as pager:
        await pager.trigger(page())
        pagerduty.stand_in.reassign(KEY, LEE.name)
        pagerduty.stand_in.put_service("on-call", levels=(("Ana Ortiz",), ("Dia Mensah",)))

        await pager.set_level(KEY, 2)

        assert pagerduty.stand_in.incident(KEY).level == 2


async def test_a_level_of_what_is_not_shown_yet_is_tried_later(pager: PagerDuty) -> None:
    with pytest.raises(TemporaryFailure, match="no incident yet"):
        await pager.set_level(KEY, 2)


async def test_a_level_of_what_is_resolved_is_refused(pager: PagerDuty, pagerduty: ServedPagerDuty) -> None:
    await pager.trigger(page())
    pagerduty.stand_in.resolve(KEY)

    with pytest.raises(PagerIncidentGoneError, match="resolved in PagerDuty"):
        await pager.set_level(KEY, 2)


async def test_all_calls_that_raise_a_level_share_one_limit_of_time(pagerduty: ServedPagerDuty) -> None:
    async with opened(pagerduty.url) as pager:
        await pager.trigger(page())
    pagerduty.stand_in.faults.add("delay", "rest", delay_ms=200)  # each of three calls is quick enough
    async with opened(pagerduty.url, overall_seconds=0.5) as pager:
        with pytest.raises(TemporaryFailure, match=r"raising the incident to level 2 within 0\.5 s"):
            await pager.set_level(KEY, 2)


async def test_both_calls_that_look_up_a_merged_page_share_one_limit_of_time(
    pagerduty: ServedPagerDuty,
) -> None:
    async with opened(pagerduty.url) as pager:
        await pager.trigger(page(key="other"))
        await pager.trigger(page())
    pagerduty.stand_in.merge(KEY, into="other")
    pagerduty.stand_in.faults.add("delay", "rest", delay_ms=300)
    async with opened(pagerduty.url, overall_seconds=0.5) as pager:
        with pytest.raises(TemporaryFailure, match=r"looking up a page within 0\.5 s"):
            await pager.look_up(KEY)


async def test_a_level_without_a_valid_requester_is_refused_in_pagerdutys_words(
    pagerduty: ServedPagerDuty,
) -> None:
    async with opened(pagerduty.url, from_email="nobody@example.com") as pager:
        await pager.trigger(page())
        with pytest.raises(PermanentFailure, match="Requester User Not Found"):
            await pager.set_level(KEY, 2)


# The process


def test_no_secret_is_in_its_repr() -> None:
    pager = pager_at("http://127.0.0.1:9", routing_keys={"on-call": "topsecretkey"})

    assert "topsecret" not in repr(pager)


async def test_no_secret_is_logged(pagerduty: ServedPagerDuty, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    pagerduty.stand_in.faults.add("status", status=503, count=2)
    async with opened(pagerduty.url, api_key="topsecretkey") as pager:
        for call in (pager.trigger(page()), pager.look_up(KEY), pager.look_up(KEY)):
            with pytest.raises(DeliveryFailure):
                await call

    assert "topsecret" not in caplog.text
    assert "sandboxoncall" not in caplog.text


async def test_closing_drops_what_has_not_begun_and_does_not_wait_for_what_hangs(
    pagerduty: ServedPagerDuty,
) -> None:
    pagerduty.stand_in.faults.add("delay", "events", delay_ms=3000)
    pager = pager_at(pagerduty.url, overall_seconds=0.05)
    with pytest.raises(UnknownOutcome):
        await pager.trigger(page())

    await pager.aclose()

    hanging = [each for each in threading.enumerate() if each.name.startswith("pagerduty-events")]
    assert [each.daemon for each in hanging] == [True]
    pagerduty.stand_in.faults.clear()


def test_a_process_ends_although_a_page_hangs() -> None:
    """The server takes the connection and never answers; joining the thread would last six seconds."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        script = HANGING.format(port=server.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", script], timeout=5, check=False, capture_output=True
        )

    assert (done.returncode, done.stdout.strip()) == (0, b"UnknownOutcome"), done.stderr.decode()


def test_importing_it_warns_of_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import bot.adapters.pagerduty"],
        check=False,
        capture_output=True,
    )

    assert done.returncode == 0, done.stderr.decode()


async def test_without_a_pager_nobody_is_reached_and_that_is_said() -> None:
    pager = NoPager()

    assert not pager.reaches("on-call")
    assert not pager.can_look_up
    with pytest.raises(PermanentFailure, match="No paging service is configured"):
        await pager.trigger(page())


HANGING = """
import asyncio
from bot.adapters.pagerduty import PagerDuty
from bot.ports.failures import DeliveryFailure

async def main():
    pager = PagerDuty(
        routing_keys={{"on-call": "k"}},
        link_for=lambda channel, room: None,
        events_url="http://127.0.0.1:{port}",
        overall_seconds=0.1,
    )
    try:
        await pager.resolve("on-call", "key")
    except DeliveryFailure as failure:
        print(type(failure).__name__)
    await pager.aclose()

asyncio.run(main())
"""


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def redirect_to(address: str) -> Any:
    async def redirect(_request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": address})

    return redirect


async def welcome(_request: web.Request) -> web.Response:
    return web.Response(text="<h1>Welcome</h1>", content_type="text/html")
