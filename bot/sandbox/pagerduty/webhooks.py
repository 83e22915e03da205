"""PagerDuty's v3 webhooks: signed, in order, told again until they are taken."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp

from bot.sandbox.clock import Clock, iso
from bot.sandbox.pagerduty.incidents import Incident

REDELIVERY_SECONDS = (5.0, 20.0, 60.0, 300.0)
"""The pauses before each further try; after the last one the webhook is dropped."""

EVENT_TYPES = frozenset(
    f"incident.{what}"
    for what in (
        "triggered",
        "acknowledged",
        "unacknowledged",
        "escalated",
        "delegated",
        "reassigned",
        "reopened",
        "resolved",
        "priority_updated",
        "annotated",
    )
)
"""What webhooks tell here. PagerDuty has more types, and adds some over time."""

TIMEOUT_SECONDS = 5.0
LOOK_SECONDS = 0.25
DROPPED_IN_A_ROW = 3
"""So many dropped webhooks one after the other disable the subscription."""


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One webhook: what it told, how often it was tried, and the answers' status codes (0: none)."""

    webhook_id: str
    event_type: str
    incident: str
    statuses: list[int]
    state: str = "waiting"  # then "taken", "dropped" or "discarded"

    def to_json(self) -> dict[str, Any]:
        """The delivery as control shows it."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where webhooks go.

    `secret` signs them: several with a comma between while it is rotated. `events`: the types that it wants.
    `copies`: how often each is delivered, as PagerDuty promises only at least once.
    """

    url: str
    secret: str = field(repr=False)
    redelivery_seconds: tuple[float, ...] = REDELIVERY_SECONDS
    copies: int = 1
    events: frozenset[str] = EVENT_TYPES

    def __post_init__(self) -> None:
        """Refuse, as ValueError, types of event that there are none of."""
        if unknown := self.events - EVENT_TYPES:
            raise ValueError(f"{min(unknown)!r} is no type of event: one of {', '.join(sorted(EVENT_TYPES))}")

    def to_json(self) -> dict[str, Any]:
        """The subscription as control shows it: without its secret."""
        return {
            "url": self.url,
            "redelivery_seconds": list(self.redelivery_seconds),
            "copies": self.copies,
            "events": sorted(self.events),
        }


Owed = tuple[Subscription, Delivery, bytes]


class Webhooks:
    """One subscription's queue. Nothing is told while there is none, or once it is disabled."""

    def __init__(self, clock: Clock, told: Callable[[Delivery], None]) -> None:
        self.subscription: Subscription | None = None
        self.disabled = False
        self.shows_keys = True
        self.deliveries: list[Delivery] = []
        self._clock = clock
        self._told = told
        self._dropped = 0
        self._last: Owed | None = None
        self._queue: asyncio.Queue[Owed] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None

    def subscribe(self, subscription: Subscription | None) -> None:
        """Replace the subscription, and enable it."""
        self.subscription, self.disabled, self._dropped = subscription, False, 0

    def publish(self, what: str, incident: Incident, agent: dict[str, Any]) -> None:
        """Owe a webhook that tells what the incident has become, where that is told at all."""
        event_type = f"incident.{what}"
        if self.subscription is None or event_type not in self.subscription.events:
            return
        noted = what == "annotated"
        data = incident.note_to_webhook() if noted else incident.to_webhook(with_key=self.shows_keys)
        self._owe(event_type, "incident", data, agent, incident.id)

    def ping(self) -> Delivery | None:
        """Owe the webhook that people have PagerDuty send to see whether it arrives."""
        data = {"message": "Hello from your friend Pagey!", "type": "ping"}
        return self._owe("pagey.ping", "pagey", data, None, "")

    def redeliver(self) -> Delivery:
        """Tell the last webhook once more, under its own id. Raises ValueError where there is none."""
        if self._last is None:
            raise ValueError("nothing was sent yet")
        subscription, delivery, body = self._last
        self._queue.put_nowait((subscription, delivery, body))
        return delivery

    def _owe(
        self,
        event_type: str,
        resource: str,
        data: dict[str, Any],
        agent: dict[str, Any] | None,
        incident: str,
    ) -> Delivery | None:
        subscription = self.subscription
        if subscription is None or self.disabled:
            return None
        event = {
            "id": str(uuid.uuid4()),
            "event_type": event_type,
            "resource_type": resource,
            "occurred_at": iso(self._clock()),
            "agent": agent,
            "client": None,
            "data": data,
        }
        delivery = Delivery(
            webhook_id=str(uuid.uuid4()), event_type=event_type, incident=incident, statuses=[]
        )
        self.deliveries.append(delivery)
        self._last = (subscription, delivery, json.dumps({"event": event}).encode())
        self._queue.put_nowait(self._last)
        return delivery

    async def settled(self) -> None:
        """Wait until every webhook owed is taken or dropped."""
        await self._queue.join()

    def clear(self) -> None:
        """Forget what was delivered."""
        self.deliveries.clear()
        self._last = None

    def restore(self, deliveries: list[Delivery]) -> None:
        """Remember what was delivered; what was still owed is given up."""
        for delivery in deliveries:
            if delivery.state == "waiting":
                delivery.state = "discarded"
        self.deliveries = deliveries

    def start(self) -> None:
        """Deliver from now on, in the running loop."""
        self._worker = asyncio.get_running_loop().create_task(self._work())

    async def close(self) -> None:
        """Stop; what is still owed is lost."""
        if self._worker is None:
            return
        self._worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._worker

    async def _work(self) -> None:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                subscription, delivery, body = await self._queue.get()
                try:
                    await self._deliver(session, subscription, delivery, body)
                finally:
                    self._queue.task_done()

    async def _deliver(
        self, session: aiohttp.ClientSession, subscription: Subscription, delivery: Delivery, body: bytes
    ) -> None:
        tried_at = self._clock()
        for pause in (0.0, *subscription.redelivery_seconds):
            await self._pause(tried_at, pause)
            tried_at = self._clock()
            if self.disabled or subscription is not self.subscription:
                delivery.state = "discarded"
                return
            status = await _post(session, subscription, delivery, body)
            if 200 <= status < 300:  # noqa: PLR2004 - HTTP's success
                delivery.state, self._dropped = "taken", 0
                self._told(delivery)
                return
            if 400 <= status < 500 and status != 429:  # noqa: PLR2004 - refused for good
                break
        delivery.state = "dropped"
        self._dropped += 1
        self.disabled = self._dropped >= DROPPED_IN_A_ROW
        self._told(delivery)

    async def _pause(self, since: int, seconds: float) -> None:
        """Until so much time has passed by the stand-in's clock, which may jump, or else by the machine's."""
        due, patience = since + int(seconds * 1000), time.monotonic() + seconds
        while self._clock() < due and time.monotonic() < patience:  # noqa: ASYNC110 - the clock is a file
            await asyncio.sleep(LOOK_SECONDS)


async def _post(
    session: aiohttp.ClientSession, subscription: Subscription, delivery: Delivery, body: bytes
) -> int:
    """Post every copy; the last answer's status, or 0 where none came."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "PagerDuty-Webhook/V3.0",
        "X-PagerDuty-Signature": signatures(body, subscription.secret),
        "X-Webhook-Id": delivery.webhook_id,
        "X-Webhook-Subscription": "PSANDBOX",
    }
    for _ in range(subscription.copies):
        try:
            async with session.post(
                subscription.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                delivery.statuses.append(answer.status)
        except (aiohttp.ClientError, TimeoutError):
            delivery.statuses.append(0)
    return delivery.statuses[-1]


def sign(body: bytes, secret: str) -> str:
    """PagerDuty's signature of a raw body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signatures(body: bytes, secret: str) -> str:
    """The signature header: one for each of the secrets."""
    return ",".join(f"v1={sign(body, each.strip())}" for each in secret.split(","))
