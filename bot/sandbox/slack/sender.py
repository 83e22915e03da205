"""What people do in Slack, and how the bot is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox.slack import payloads
from bot.sandbox.slack.background import Background
from bot.sandbox.slack.delivery import Answer, Delivery, Kind, Reply, Retry
from bot.sandbox.slack.elements import required_missing, state_values
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Content, Message
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.showing import Showing
from bot.sandbox.slack.transport import Transport
from bot.sandbox.slack.world import World

REDELIVERY_SECONDS = (0.0, 60.0, 300.0)
NOTHING: Mapping[str, object] = {}


class Sender:
    """People at work. Users and channels are given by id or name, `ts` is a message's.

    Raises SlackError where Slack would not let the person do it, ValueError where nothing fits.
    """

    def __init__(self, world: World, transport: Transport, redelivery_seconds: Sequence[float]) -> None:
        self.world = world
        self.transport = transport
        self.background = Background()
        self.url = ""
        """Where the bot reaches the stand-in; whoever serves it says so, for the response_urls."""
        self.last: Delivery | None = None
        self._redelivery_seconds = redelivery_seconds
        self._showing = Showing(world)

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Reply:
        """Enter a slash command."""
        who, where = self.world.workspace.find_user(user), self.world.workspace.find_channel(channel)
        if where.archived:
            raise SlackError("is_archived")
        response_id = self.world.response_urls.issue(who.id, where.id)
        payload = payloads.command(
            self.world, who, where, name=command, text=text, response_url=self._url(response_id)
        )
        return await self._deliver(
            Delivery(
                kind=Kind.COMMAND, payload=payload, user=who.id, channel=where.id, response_id=response_id
            )
        )

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: object = None,
        *,
        values: Mapping[str, object] = NOTHING,
    ) -> Reply:
        """Use an element of a message: press a button, choose the option with `value`.

        `values` are what stands in the message's other elements, by action_id or block_id.
        """
        who, where = self.world.workspace.find_user(user), self.world.workspace.find_channel(channel)
        message = self.world.workspace.find_message(where, ts, who.id)
        response_id = self.world.response_urls.issue(who.id, where.id, message)
        payload = payloads.message_action(
            self.world,
            who,
            where,
            message,
            act=payloads.Act(action_id=action_id, value=value, values=values),
            response_url=self._url(response_id),
        )
        return await self._interact(payload, who.id, where.id, response_id=response_id)

    async def act(
        self,
        user: str,
        action_id: str,
        value: object = None,
        *,
        view_id: str | None = None,
        values: Mapping[str, object] = NOTHING,
    ) -> Reply:
        """Use an element of the modal on top, or of `view_id`."""
        who, view = self.world.workspace.find_user(user), self._view(user, view_id)
        payload = payloads.view_action(
            self.world, who, view, payloads.Act(action_id=action_id, value=value, values=values)
        )
        return await self._interact(payload, who.id, None, view_id=view.id)

    async def submit(
        self, user: str, values: Mapping[str, object] = NOTHING, *, view_id: str | None = None
    ) -> Reply:
        """Submit the modal on top, or `view_id`. `values` are plain, by action_id or block_id.

        An input that is not named keeps its initial value. Raises ValueError where Slack would not send
        it, as a required input is empty.
        """
        who, view = self.world.workspace.find_user(user), self._view(user, view_id)
        state = state_values(view.blocks, values)
        if empty := required_missing(view.blocks, state):
            raise ValueError(f"required inputs are empty: {', '.join(empty)}")
        payload = payloads.view_submission(self.world, who, view, state)
        return await self._interact(payload, who.id, None, view_id=view.id)

    async def close_view(self, user: str, *, view_id: str | None = None) -> Reply | None:
        """Close a modal; the app is told only where it asked for that."""
        who, view = self.world.workspace.find_user(user), self._view(user, view_id)
        self.world.modals.close(view)
        if not view.given.get("notify_on_close"):
            return None
        payload = payloads.view_closed(self.world, who, view, state_values(view.blocks, {}))
        return await self._interact(payload, who.id, None)

    async def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Reply:
        """Use a shortcut of a message's menu."""
        who, where = self.world.workspace.find_user(user), self.world.workspace.find_channel(channel)
        message = self.world.workspace.find_message(where, ts)
        response_id = self.world.response_urls.issue(who.id, where.id)
        payload = payloads.message_shortcut(
            self.world,
            who,
            where,
            message,
            callback_id=callback_id,
            response_url=self._url(response_id),
        )
        return await self._interact(payload, who.id, where.id, response_id=response_id)

    def say(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Message:
        """Write a message as a person; no app is told."""
        workspace = self.world.workspace
        who, where = workspace.find_user(user), workspace.find_channel(channel)
        if where.archived:
            raise SlackError("is_archived")
        if thread_ts is not None and thread_ts not in where.messages:
            raise SlackError("thread_not_found")
        return workspace.post(where, who.id, Content(text=text), thread_ts=thread_ts)

    async def mention(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Reply:
        """Write `@opsbot text`, in a thread too. The bot must be in the channel."""
        where = self.world.workspace.find_channel(channel)
        bot = self.world.identity.bot_user
        if bot not in where.members:
            raise SlackError("not_in_channel")
        message = self.say(user, where.id, f"<@{bot}> {text}".rstrip(), thread_ts=thread_ts)
        return await self.event(payloads.app_mention(message))

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
            self.background.start(self._redeliver_event(delivery, answer))
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
        """Wait until no redelivery is under way any more."""
        await self.background.settled()

    def _url(self, response_id: str) -> str:
        return f"{self.url}/response/{response_id}"

    def _view(self, user: str, view_id: str | None) -> View:
        if view_id is not None:
            return self.world.modals.find(view_id)
        return self.world.modals.top(self.world.workspace.find_user(user).id)

    async def _interact(
        self,
        payload: dict[str, Any],
        user: str,
        channel: str | None,
        *,
        response_id: str | None = None,
        view_id: str | None = None,
    ) -> Reply:
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

    async def _redeliver_event(self, delivery: Delivery, answer: Answer) -> None:
        for number, seconds in enumerate(self._redelivery_seconds, start=1):
            await asyncio.sleep(seconds)
            answer = await self._send(delivery, Retry(number=number, reason=_reason(answer)))
            if answer.error is None or answer.no_retry:
                return

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
