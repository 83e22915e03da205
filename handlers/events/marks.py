"""Pins, reactions and edits: messages of people's that become part of a timeline."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.actor import Actor
from bot.domain.card import MessageRef
from bot.domain.mark import Way
from bot.domain.quote import QUOTE_LIMIT
from bot.domain.text import clean
from bot.ports.talk import Spoken
from bot.services.marking import Marking
from bot.services.requests import Request
from handlers.slack_text import plain
from handlers.who import EVENT, Who

Hear = Callable[[Mapping[str, Any]], Awaitable[None]]


class MarkEvents:
    """Hears what people do with messages. `reaction` is the guide's emoji, None where it has none."""

    def __init__(self, *, marking: Marking, who: Who, reaction: str | None) -> None:
        self._marking = marking
        self._who = who
        self._reaction = reaction

    @property
    def by_subscription(self) -> Mapping[str, Hear]:
        """What is heard, by what the app subscribes to for it."""
        return {
            "pin_added": self._pinned,
            "pin_removed": self._unpinned,
            "reaction_added": self._reacted,
            "reaction_removed": self._unreacted,
            "message.channels": self._said,
            "message.groups": self._said,
        }

    async def _reacted(self, body: Mapping[str, Any]) -> None:
        at = _reacted_to(body["event"])
        if at is not None and self._is_meant(body["event"]):
            await self._marking.react(self._request(body, at.channel), at)

    async def _unreacted(self, body: Mapping[str, Any]) -> None:
        at = _reacted_to(body["event"])
        if at is not None and self._is_meant(body["event"]):
            await self._marking.take_back(self._request(body, at.channel), at, Way.REACTION)

    async def _pinned(self, body: Mapping[str, Any]) -> None:
        event = body["event"]
        message = _pinned_message(event)
        if message is None or _is_bots(message):
            return
        at = MessageRef(channel=event["channel_id"], ts=message["ts"])
        await self._marking.pin(self._request(body, at.channel), at, self._spoken(message))

    async def _unpinned(self, body: Mapping[str, Any]) -> None:
        event = body["event"]
        message = _pinned_message(event)
        if message is not None:
            at = MessageRef(channel=event["channel_id"], ts=message["ts"])
            await self._marking.take_back(self._request(body, at.channel), at, Way.PIN)

    async def _said(self, body: Mapping[str, Any]) -> None:
        """Of all that is said only edits and deletions matter."""
        event = body["event"]
        text: str | None = None
        match event.get("subtype"), event.get("channel"):
            case "message_changed", str(channel):
                message = event.get("message") or {}
                ts, text = message.get("ts"), clean(plain(str(message.get("text") or "")), QUOTE_LIMIT)
            case "message_deleted", str(channel):
                message = event.get("previous_message") or {}
                ts = event.get("deleted_ts")
            case _:
                return
        if isinstance(ts, str):
            request = replace(
                self._request(body, channel), actor=self._person(str(message.get("user") or ""))
            )
            await self._marking.change(request, MessageRef(channel=channel, ts=ts), text)

    def _is_meant(self, event: Mapping[str, Any]) -> bool:
        """Whether it is the guide's emoji, in whatever skin tone."""
        return self._reaction is not None and str(event.get("reaction")).partition("::")[0] == self._reaction

    def _spoken(self, message: Mapping[str, Any]) -> Spoken:
        return Spoken(
            author=self._person(str(message.get("user") or "")),
            text=clean(plain(str(message.get("text") or "")), QUOTE_LIMIT),
            thread=message.get("thread_ts"),
        )

    def _request(self, body: Mapping[str, Any], channel: str) -> Request:
        return Request(
            source=EVENT,
            delivery_id=body["event_id"],
            actor=self._person(str(body["event"].get("user") or "")),
            channel=channel,
        )

    def _person(self, user: str) -> Actor:
        return Actor(id=user, name=self._who.name_of(user) or user or "somebody")


def _reacted_to(event: Mapping[str, Any]) -> MessageRef | None:
    match event.get("item"):
        case {"type": "message", "channel": str(channel), "ts": str(ts)}:
            return MessageRef(channel=channel, ts=ts)
        case _:
            return None


def _pinned_message(event: Mapping[str, Any]) -> dict[str, Any] | None:
    item = event.get("item")
    message = item.get("message") if isinstance(item, dict) else None
    whole = isinstance(message, dict) and isinstance(message.get("ts"), str)
    return message if whole and isinstance(event.get("channel_id"), str) else None


def _is_bots(message: Mapping[str, Any]) -> bool:
    return message.get("bot_id") is not None
