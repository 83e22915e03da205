"""PagerDuty's v3 webhooks: signed, in order, told again until they are taken."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import aiohttp

from bot.sandbox.clock import Clock, iso
from bot.sandbox.pagerduty.incidents import Incident

REDELIVERY_SECONDS = (5.0, 20.0, 60.0, 300.0)
"""The pauses before each further try; after the last one the webhook is dropped."""

TIMEOUT_SECONDS = 5.0
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
    """Where webhooks go. `copies`: how often each is delivered, as PagerDuty promises only at least once."""

    url: str
    secret: str
    redelivery_seconds: tuple[float, ...] = REDELIVERY_SECONDS
    copies: int = 1

    def to_json(self) -> dict[str, Any]:
        """The subscription as control shows it: without its secret."""
        return {
            "url": self.url,
            "redelivery_seconds": list(self.redelivery_seconds),
            "copies": self.copies,
        }


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
        self._queue: asyncio.Queue[tuple[Subscription, Delivery, bytes]] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None

    def subscribe(self, subscription: Subscription | None) -> None:
        """Replace the subscription, and enable it."""
        self.subscription, self.disabled, self._dropped = subscription, False, 0

    def publish(self, what: str, incident: Incident, agent: dict[str, Any]) -> None:
        """Owe a webhook that tells what the incident has become."""
        subscription = self.subscription
        if subscription is None or self.disabled:
            return
        event_type = f"incident.{what}"
        event = {
            "id": str(uuid.uuid4()),
            "event_type": event_type,
            "resource_type": "incident",
            "occurred_at": iso(self._clock()),
            "agent": agent,
            "client": None,
            "data": incident.to_webhook(with_key=self.shows_keys),
        }
        delivery = Delivery(
            webhook_id=str(uuid.uuid4()), event_type=event_type, incident=incident.id, statuses=[]
        )
        self.deliveries.append(delivery)
        self._queue.put_nowait((subscription, delivery, json.dumps({"event": event}).encode()))

    async def settled(self) -> None:
        """Wait until every webhook owed is taken or dropped."""
        await self._queue.join()

    def clear(self) -> None:
        """Forget what was delivered."""
        self.deliveries.clear()

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
        for pause in (0.0, *subscription.redelivery_seconds):
            await asyncio.sleep(pause)
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


async def _post(
    session: aiohttp.ClientSession, subscription: Subscription, delivery: Delivery, body: bytes
) -> int:
    """Post every copy; the last answer's status, or 0 where none came."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "PagerDuty-Webhook/V3.0",
        "X-PagerDuty-Signature": f"v1={sign(body, subscription.secret)}",
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
