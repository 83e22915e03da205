"""Who asks what, where: payloads as requests of the use cases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from bot.domain.actor import Actor
from bot.services.requests import Request

SLASH = "slack/command"
ACTION = "slack/action"
EVENT = "slack/event"
VIEW = "slack/view"
SHORTCUT = "slack/shortcut"

_PRIVATE = "privategroup"
"""What Slack gives instead of a private channel's name."""


class _Channel(TypedDict, total=False):
    channel_name: str | None
    is_private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Reads requests out of payloads. `name_of` knows the name that people show, by user id.

    Where it does not, the account's name of the payload stands in; events tell none, so there the id.
    """

    name_of: Callable[[str], str | None]

    def slash(self, command: Mapping[str, Any]) -> Request:
        """A slash command's request. Slack tells its channel, but never a thread."""
        return Request(
            source=SLASH,
            delivery_id=command["trigger_id"],
            actor=self._actor(command["user_id"], command.get("user_name")),
            channel=command["channel_id"],
            **_told_of(command.get("channel_name")),
            response_url=_url(command),
        )

    def action(self, body: Mapping[str, Any], action: Mapping[str, Any]) -> Request:
        """The request of one button or menu that was used."""
        user = body["user"]
        container = body.get("container") or {}
        return Request(
            source=ACTION,
            delivery_id=f"{body['trigger_id']}/{action['action_ts']}",
            actor=self._actor(user["id"], user.get("name") or user.get("username")),
            channel=container.get("channel_id"),
            **_told_of(name_of(body.get("channel"))),
            thread=container.get("thread_ts"),
            response_url=_url(body),
        )

    def shortcut(self, body: Mapping[str, Any]) -> Request:
        """The request of an entry of a message's menu."""
        user, channel = body["user"], body.get("channel")
        return Request(
            source=SHORTCUT,
            delivery_id=body["trigger_id"],
            actor=self._actor(user["id"], user.get("name") or user.get("username")),
            channel=channel.get("id") if isinstance(channel, Mapping) else None,
            **_told_of(name_of(channel)),
        )

    def view(self, body: Mapping[str, Any], channel: str | None, channel_name: str | None) -> Request:
        """The request of a form that was sent, by the channel in which it was opened."""
        user, view = body["user"], body["view"]
        return Request(
            source=VIEW,
            delivery_id=f"{view['id']}/{view.get('hash', '')}/{_digest(view.get('state'))}",
            actor=self._actor(user["id"], user.get("name") or user.get("username")),
            channel=channel,
            **_told_of(channel_name),
        )

    def event(self, body: Mapping[str, Any]) -> Request:
        """The request of a message."""
        event = body["event"]
        return Request(
            source=EVENT,
            delivery_id=body["event_id"],
            actor=self._actor(event["user"], None),
            channel=event["channel"],
            thread=event.get("thread_ts"),
        )

    def person(self, user: Mapping[str, Any]) -> Actor:
        """Who a payload's user is."""
        return self._actor(user["id"], user.get("name") or user.get("username"))

    def _actor(self, user_id: str, account: str | None) -> Actor:
        return Actor(id=user_id, name=self.name_of(user_id) or account or user_id)


def _digest(state: object) -> str:
    """Tells what is filled in from what was before: a form that was refused is mended, and sent again."""
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


def name_of(channel: object) -> str | None:
    """The name of a payload's channel, as Slack gives it."""
    match channel:
        case {"name": str(name)}:
            return name
        case _:
            return None


def is_closed(channel: object) -> bool:
    """Whether only some may read a payload's channel, or that is not told: a direct message has no name."""
    name = name_of(channel)
    return name is None or name in {_PRIVATE, "directmessage"} or name.startswith("mpdm-")


def told_name(request: Request) -> str | None:
    """What Slack gave as the name of the channel of a request: the inverse of how it was read."""
    return _PRIVATE if request.is_private else request.channel_name


def _url(payload: Mapping[str, Any]) -> str | None:
    """Where an answer may be sent to."""
    url = payload.get("response_url")
    return url if isinstance(url, str) else None


def _told_of(name: str | None) -> _Channel:
    """What a channel's name in a payload tells."""
    if name is None:
        return {}
    private = name == _PRIVATE
    return {"channel_name": None if private else name, "is_private": private}
