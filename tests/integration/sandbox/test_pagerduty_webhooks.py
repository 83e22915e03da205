from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from typing_extensions import override

from handlers.webhooks.pagerduty_news import is_signed, read_news
from tests.support.pagerduty import ServedPagerDuty, served, served_pagerduty
from tests.support.pagerduty_calls import KEY, change, control, enqueue, event

SECRET = "webhook-secret"


@pytest.fixture
async def pagerduty() -> AsyncIterator[ServedPagerDuty]:
    async with served_pagerduty() as served_one:
        yield served_one


@pytest.fixture
async def http(pagerduty: ServedPagerDuty) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(pagerduty.url) as session:
        yield session


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
            secret = options.pop("secret", SECRET)
            pagerduty.stand_in.subscribe(f"{url}/webhooks/pagerduty", secret, **options)
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


async def test_a_hand_over_and_a_priority_are_told_and_what_has_no_webhook_is_not(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    receiver, stand_in = Receiver(), pagerduty.stand_in
    async with receiver.subscribed(pagerduty):
        await enqueue(http, event())
        await change(http, stand_in.incident(KEY).id, title="payments are down")
        stand_in.delegate(KEY, "director")
        stand_in.prioritize(KEY, "P1")
        stand_in.annotate(KEY, "looking")
        await control(http, "ping")
        await stand_in.webhooks.settled()

    types = [json.loads(body)["event"]["event_type"] for _, _, body in receiver.got]
    assert types == [
        "incident.triggered",
        "incident.delegated",
        "incident.priority_updated",
        "incident.annotated",
        "pagey.ping",
    ]


async def test_a_webhook_is_signed_with_every_secret_while_they_are_rotated(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    receiver = Receiver()
    async with receiver.subscribed(pagerduty, secret="old, new"):
        await enqueue(http, event())
        await pagerduty.stand_in.webhooks.settled()

    [(_, signature, body)] = receiver.got
    assert all(is_signed(body, signature, [secret]) for secret in ("old", "new"))
    assert not is_signed(body, signature, [SECRET])


async def test_a_subscription_tells_only_what_it_wants(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    receiver = Receiver()
    async with receiver.subscribed(pagerduty, events=["incident.acknowledged"]):
        await enqueue(http, event())
        pagerduty.stand_in.acknowledge(KEY)
        await pagerduty.stand_in.webhooks.settled()

    assert receiver.kinds == ["acknowledged"]


async def test_the_last_webhook_is_told_again_on_demand(
    http: aiohttp.ClientSession, pagerduty: ServedPagerDuty
) -> None:
    receiver = Receiver()
    async with receiver.subscribed(pagerduty):
        await enqueue(http, event())
        await control(http, "redeliver")
        await pagerduty.stand_in.webhooks.settled()

    assert receiver.got[0] == receiver.got[1]


async def test_a_webhook_is_tried_again_when_the_clock_says_so() -> None:
    now = 0

    class Away(Receiver):
        @override
        async def receive(self, request: web.Request) -> web.Response:
            nonlocal now
            now += 3_600_000  # an hour passes while the first one fails
            return await super().receive(request)

    receiver = Away(503)
    async with (
        served_pagerduty(clock=lambda: now) as pagerduty,
        aiohttp.ClientSession(pagerduty.url) as http,
        receiver.subscribed(pagerduty, redelivery_seconds=(3600,)),
    ):
        await enqueue(http, event())
        await pagerduty.stand_in.webhooks.settled()

    assert len(receiver.got) == 2


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
