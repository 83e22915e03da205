"""Who asks what, where: payloads as requests of the use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from bot.domain.actor import Actor
from bot.services.requests import Request

SLASH = "slack/command"
ACTION = "slack/action"
EVENT = "slack/event"
VIEW = "slack/view"

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
            **_told_of(_name(body.get("channel"))),
            thread=container.get("thread_ts"),
        )

    def view(self, body: Mapping[str, Any], channel: str | None) -> Request:
        """The request of a form that was sent; `channel` is where it had been opened."""
        user, view = body["user"], body["view"]
        return Request(
            source=VIEW,
            delivery_id=f"{view['id']}/{view.get('hash', '')}",
            actor=self._actor(user["id"], user.get("name") or user.get("username")),
            channel=channel,
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

    def _actor(self, user_id: str, account: str | None) -> Actor:
        return Actor(id=user_id, name=self.name_of(user_id) or account or user_id)


def _name(channel: object) -> str | None:
    match channel:
        case {"name": str(name)}:
            return name
        case _:
            return None


def _told_of(name: str | None) -> _Channel:
    """What a channel's name in a payload tells."""
    if name is None:
        return {}
    private = name == _PRIVATE
    return {"channel_name": None if private else name, "is_private": private}
