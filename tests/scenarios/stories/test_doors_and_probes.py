"""The bot's doors: Socket Mode, what is refused at the HTTP door, and what monitoring reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import aiohttp
import pytest

from tests.support.harness import World
from tests.support.worlds import OpenWorld


@asynccontextmanager
async def connected(world: World) -> AsyncIterator[None]:
    """The bot's Socket Mode runs while the block does."""
    socket = world.bot.socket
    assert socket is not None
    async with asyncio.TaskGroup() as group:
        group.create_task(socket.run())
        while not socket.is_connected:  # noqa: ASYNC110 - nobody is told of it
            await asyncio.sleep(0)
        yield
        await socket.close()


async def test_everything_works_by_socket_mode_alone(a_world: OpenWorld) -> None:
    world = await a_world(socket=True)
    assert await world.get("/slack/events") == (HTTPStatus.NOT_FOUND, "404: Not Found")
    async with connected(world):
        reply = await world.kim.types("/incident p0 checkout is down")
        assert reply.text.startswith("P0 #1 is declared")
        assert world.paged() == ["on-call"]
        await world.lee.mentions("escalate", thread=world.card())
        assert world.paged() == ["on-call", "team-lead"]
        await world.lee.presses("Acknowledge")
        assert world.card().says("*Acknowledged* by *lee*")
        again = await world.slack.redeliver(reply)
        assert again.text == reply.text
    assert len(world.cards()) == 1


async def test_a_request_with_a_wrong_signature_does_nothing(world: World) -> None:
    world.slack.connect(world.url, "another-secret")
    reply = await world.kim.types("/incident p0 checkout is down")
    assert reply.status == HTTPStatus.UNAUTHORIZED
    assert not world.slack.messages
    assert not world.alerts()


async def test_a_webhook_with_a_wrong_signature_does_nothing(a_world: OpenWorld) -> None:
    world = await a_world(webhook=True)
    world.pagerduty.subscribe(f"{world.url}/webhooks/pagerduty", "another-secret", redelivery_seconds=())
    await world.kim.types("/incident p0 checkout is down")
    world.pagerduty.acknowledge(world.alerts()[0].key)
    await world.settle()
    assert world.pagerduty.webhooks.deliveries[-1].statuses == [HTTPStatus.UNAUTHORIZED]
    assert world.card().says("Not acknowledged")


async def test_without_a_webhook_secret_the_webhook_is_off(world: World) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{world.url}/webhooks/pagerduty", data=b"{}") as response,
    ):
        assert response.status == HTTPStatus.NOT_FOUND
        assert "PAGERDUTY_WEBHOOK_SECRET is not set" in await response.text()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"command=%2Fincident", "application/x-www-form-urlencoded"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"[]", "application/json"),
        (b"\xff\xfe", "text/plain"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_does_nothing(
    world: World, body: bytes, content_type: str
) -> None:
    async with aiohttp.ClientSession() as session:
        url, headers = f"{world.url}/slack/events", world.signed(body, content_type)
        async with session.post(url, data=body, headers=headers) as response:
            assert response.status == HTTPStatus.BAD_REQUEST
    status, _ = await world.get("/livez")
    assert status == HTTPStatus.OK


async def test_the_probes_tell_how_the_bot_is(world: World) -> None:
    assert await world.get("/livez") == (HTTPStatus.OK, "alive\n")
    status, text = await world.get("/readyz")
    assert status == HTTPStatus.OK
    assert text.splitlines() == [
        "ok database: answers",
        "ok clock: 0.0 s apart from the database's",
        "ok slack: reached",
        "ok process: running",
    ]
    world.bot.heart.is_stopping = True
    status, text = await world.get("/readyz")
    assert (status, "FAILED process: stopping" in text) == (HTTPStatus.SERVICE_UNAVAILABLE, True)


async def test_a_bot_that_cannot_reach_slack_is_not_ready_and_says_why(a_world: OpenWorld) -> None:
    world = await a_world(started=False)
    world.slack.faults.add("error", "auth.test", error="invalid_auth")
    await world.start()
    status, text = await world.get("/readyz")
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "FAILED slack: Slack does not accept the token: set SLACK_BOT_TOKEN" in text
    world.slack.faults.clear()
    await world.bot.watch.refresh_if_troubled()
    assert (await world.get("/readyz"))[0] == HTTPStatus.OK


async def test_people_who_cannot_be_listed_leave_the_bot_ready_and_are_looked_at_again(
    a_world: OpenWorld,
) -> None:
    world = await a_world(started=False)
    world.slack.faults.add("status", "users.list", status=502)
    await world.start()
    status, text = await world.get("/readyz")
    assert (status, "users.list" in text) == (HTTPStatus.OK, True)
    kept = await world.bot.store.read(lambda tx: tx.facts.get("slack/workspace"))
    assert kept is not None, "the channels were found, and are remembered"
    await world.bot.watch.refresh("slack/groups")
    assert "users.list" in (await world.get("/readyz"))[1], "another part's success says nothing of this one"
    world.slack.faults.clear()
    await world.bot.watch.refresh_if_troubled()
    assert "users.list" not in (await world.get("/readyz"))[1]
    assert "may look, but not declare" in (await world.gus.types("/incident p0 checkout is down")).text


async def test_the_metrics_count_incidents_and_what_waits(world: World) -> None:
    await world.kim.types("/incident p0 checkout is down")
    await world.kim.types("/incident p1 search is slow")
    world.slack.faults.add("down")
    await world.ana.types("/incident resolve 2")
    world.clock.advance(minutes=16)
    _, text = await world.get("/metrics")
    lines = text.splitlines()
    assert 'opsbot_incidents{severity="P0",state="triggered"} 1.0' in lines
    assert 'opsbot_incidents{severity="P1",state="resolved"} 1.0' in lines
    assert 'opsbot_deliveries_total{kind="page",result="done"} 2.0' in lines
    assert 'opsbot_outbox_depth{kind="line"} 1.0' in lines
    assert any(line.startswith('opsbot_outbox_age_seconds{kind="line"} 96') for line in lines)
    assert "opsbot_overdue_seconds 900.0" in lines  # the watch over the pages, due after a minute
