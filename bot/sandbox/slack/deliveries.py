"""How the bot is told: deliveries and their replies, events and their redelivery."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from bot.sandbox.slack import happenings, payloads
from bot.sandbox.slack.background import Background
from bot.sandbox.slack.delivery import Answer, Delivery, Kind, Reply, Retry
from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.showing import Showing
from bot.sandbox.slack.transport import Transport
from bot.sandbox.slack.world import World

REDELIVERY_SECONDS = (0.0, 60.0, 300.0)
LOOK_SECONDS = 0.2
"""How often the sandbox's clock is looked at while a redelivery waits."""


class Deliveries:
    """The stand-in's way to the bot. What happens in the workspace is told where the app subscribes to it."""

    def __init__(self, world: World, transport: Transport, redelivery_seconds: Sequence[float]) -> None:
        self.world = world
        self.transport = transport
        self.background = Background()
        self.url = ""
        """Where the bot reaches the stand-in; whoever serves it says so, for the response_urls."""
        self.last: Delivery | None = None
        self._redelivery_seconds = redelivery_seconds
        self._showing = Showing(world)
        world.listener = self._hear

    async def event(self, body: dict[str, Any]) -> Reply:
        """Send any event. One that is not taken is sent again, beside what follows."""
        user, channel = str(body.get("user", "")), body.get("channel")
        delivery = Delivery(
            kind=Kind.EVENT,
            payload=payloads.event(self.world, body),
            user=user,
            channel=channel if isinstance(channel, str) else None,
        )
        self.last = delivery
        answer = await self._send(delivery, None)
        if answer.error is not None and not answer.no_retry:
            self.background.start(self._redeliver_event(delivery, answer, self.world.clock()))
        return self._reply(delivery, answer)

    async def redeliver(
        self, last: Delivery | Reply | None = None, *, number: int = 1, reason: str = "http_timeout"
    ) -> Reply:
        """Send the identical payload again (by default the last one); events say which retry it is."""
        delivery = last.delivery if isinstance(last, Reply) else last or self.last
        if delivery is None:
            raise ValueError("nothing was sent yet")
        retry = Retry(number=number, reason=reason) if delivery.kind is Kind.EVENT else None
        return self._reply(delivery, await self._send(delivery, retry))

    async def settled(self) -> None:
        """Wait until every event is delivered, and no redelivery is under way any more."""
        await self.background.settled()

    async def _interact(
        self,
        payload: dict[str, Any],
        user: str,
        channel: str | None,
        *,
        response_id: str | None = None,
        view_id: str | None = None,
    ) -> Reply:
        if not self.world.app.interactive:
            raise ValueError(f"{self.world.app.name} is not configured to handle interactive responses")
        return await self._deliver(
            Delivery(
                kind=Kind.INTERACTION,
                payload=payload,
                user=user,
                channel=channel,
                response_id=response_id,
                view_id=view_id,
            )
        )

    async def _deliver(self, delivery: Delivery) -> Reply:
        self.last = delivery
        return self._reply(delivery, await self._send(delivery, None))

    def _url(self, response_id: str) -> str:
        return f"{self.url}/response/{response_id}"

    def _hear(self, channel: Channel | None, event: happenings.Event) -> None:
        if not self.world.app.hears(happenings.subscription(event)):
            return
        if channel is None or self.world.identity.bot_user in channel.members:
            self.background.start(self._tell(event))

    async def _tell(self, event: happenings.Event) -> None:
        await self.event(event)

    async def _redeliver_event(self, delivery: Delivery, answer: Answer, failed_at: int) -> None:
        """Send it again and again. `failed_at`: when, by the sandbox's clock, it was not taken."""
        for number, seconds in enumerate(self._redelivery_seconds, start=1):
            await self._wait(seconds, since=failed_at)
            answer = await self._send(delivery, Retry(number=number, reason=_reason(answer)))
            if answer.error is None or answer.no_retry:
                return
            failed_at = self.world.clock()

    async def _wait(self, seconds: float, *, since: int) -> None:
        """Wait, but no longer than until the sandbox's clock, which may be moved on, has come so far."""
        until, due = time.monotonic() + seconds, since + seconds * 1000
        while (left := until - time.monotonic()) > 0 and self.world.clock() < due:  # noqa: ASYNC110 - a file
            await asyncio.sleep(min(left, LOOK_SECONDS))

    async def _send(self, delivery: Delivery, retry: Retry | None) -> Answer:
        answer = await self.transport.send(delivery, retry)
        told = {
            "what": delivery.name,
            "kind": delivery.kind.value,
            "user": delivery.user,
            "status": answer.status,
            "error": answer.error,
            "ms": round(answer.ms, 3),
            "retry": retry.number if retry else 0,
        }
        self.world.feed.publish("delivery", told)
        return answer

    def _reply(self, delivery: Delivery, answer: Answer) -> Reply:
        message, error = self._showing.show(delivery, answer)
        return Reply(
            delivery=delivery,
            status=answer.status,
            body=answer.body,
            error=error,
            message=message,
            ms=answer.ms,
        )


def _reason(answer: Answer) -> str:
    if answer.error == "operation_timeout":
        return "http_timeout"
    return "connection_failed" if answer.status is None else "http_error"
