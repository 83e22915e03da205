"""Who asks what, where: payloads as requests of the use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.domain.actor import Actor
from bot.services.requests import Request

NameOf = Callable[[str], str | None]
"""The name of a user id, where it is known."""

SLASH = "slack/command"
ACTION = "slack/action"
EVENT = "slack/event"


def slash_request(command: Mapping[str, Any]) -> Request:
    """A slash command's request. Slack tells its channel, but never a thread."""
    return Request(
        source=SLASH,
        delivery_id=command["trigger_id"],
        actor=Actor(id=command["user_id"], name=command.get("user_name") or command["user_id"]),
        channel=command["channel_id"],
    )


def action_request(body: Mapping[str, Any], action: Mapping[str, Any]) -> Request:
    """The request of one button or menu that was used."""
    user = body["user"]
    container = body.get("container") or {}
    return Request(
        source=ACTION,
        delivery_id=f"{body['trigger_id']}/{action['action_ts']}",
        actor=Actor(id=user["id"], name=user.get("name") or user.get("username") or user["id"]),
        channel=container.get("channel_id"),
        thread=container.get("thread_ts"),
    )


def event_request(body: Mapping[str, Any], name_of: NameOf) -> Request:
    """The request of a message. Events tell no names: `name_of` knows them, or the id stands in."""
    event = body["event"]
    return Request(
        source=EVENT,
        delivery_id=body["event_id"],
        actor=Actor(id=event["user"], name=name_of(event["user"]) or event["user"]),
        channel=event["channel"],
        thread=event.get("thread_ts"),
    )
