"""What Slack tells an app that happened: the bodies of events."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Channel

Event = dict[str, Any]

CHANNEL_TYPES = {"channels": "channel", "groups": "group", "im": "im", "mpim": "mpim"}


def said(channel: Channel, message: Message) -> Event:
    """A message that was posted."""
    return message.to_json(metadata=True) | _where(channel, message.ts)


def mentioned(message: Message) -> Event:
    """A message that mentions the app."""
    body: Event = {
        "type": "app_mention",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "team": message.team_id,
        "channel": message.channel,
        "event_ts": message.ts,
    }
    if message.thread_ts is not None:
        body["thread_ts"] = message.thread_ts
    return body


def edited(channel: Channel, message: Message, before: Event, at: str) -> Event:
    """A message that says something else now."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "ts": at,
        "message": channel.message_json(message, metadata=True),
        "previous_message": before,
        **_where(channel, at),
    }


def deleted(channel: Channel, before: Event, at: str) -> Event:
    """A message that is gone."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "ts": at,
        "deleted_ts": before["ts"],
        "previous_message": before,
        **_where(channel, at),
    }


def reacted(message: Message, user: str, name: str, at: str, *, added: bool) -> Event:
    """An emoji under a message, put or taken away."""
    return {
        "type": "reaction_added" if added else "reaction_removed",
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "item_user": message.user,
        "event_ts": at,
    }


def pinned(channel: Channel, message: Message, user: str, at: str, *, added: bool) -> Event:
    """A message pinned to its channel, or taken from there."""
    body: Event = {
        "type": "pin_added" if added else "pin_removed",
        "user": user,
        "channel_id": channel.id,
        "item": {
            "type": "message",
            "channel": channel.id,
            "created": int(at.partition(".")[0]),
            "created_by": user,
            "message": channel.message_json(message),
        },
        "item_user": message.user,
        "pin_count": len(channel.pins),
        "event_ts": at,
    }
    return body if added else body | {"has_pins": bool(channel.pins)}


def membership(channel: Channel, user: str, team: str, at: str, *, inviter: str | None = None) -> Event:
    """Somebody who came into a channel."""
    body = _membership("member_joined_channel", channel, user, team, at)
    return body | {"inviter": inviter} if inviter else body


def departure(channel: Channel, user: str, team: str, at: str) -> Event:
    """Somebody who left a channel."""
    return _membership("member_left_channel", channel, user, team, at)


def channel_made(channel: Channel, at: str) -> Event:
    """A public channel that is new; it is told wherever the app is."""
    about = {"id": channel.id, "name": channel.name, "created": channel.created, "creator": channel.creator}
    return {"type": "channel_created", "channel": about, "event_ts": at}


def channel_renamed(channel: Channel, at: str) -> Event:
    """A channel under another name."""
    about = {"id": channel.id, "name": channel.name, "created": channel.created}
    return {"type": f"{_old_word(channel)}_rename", "channel": about, "event_ts": at}


def channel_archived(channel: Channel, user: str, at: str) -> Event:
    """A channel archived, or (where it is not any more) restored."""
    act = "archive" if channel.archived else "unarchive"
    return {"type": f"{_old_word(channel)}_{act}", "channel": channel.id, "user": user, "event_ts": at}


def app_left(channel: Channel, at: str) -> Event:
    """The app itself left, or was taken out of, a channel."""
    return {"type": f"{_old_word(channel)}_left", "channel": channel.id, "event_ts": at}


def home_opened(channel: Channel, user: str, tab: str, at: str, view: dict[str, Any] | None) -> Event:
    """Somebody who opened the app's Home tab (`tab` home), with what they see there, or its messages."""
    body: Event = {
        "type": "app_home_opened",
        "user": user,
        "channel": channel.id,
        "tab": tab,
        "event_ts": at,
    }
    return body | {"view": view} if view is not None and tab == "home" else body


def subscription(event: Event) -> str:
    """The event that an app subscribes to for this one: `message.im` for a direct message, say."""
    if event["type"] != "message":
        return str(event["type"])
    families = {kind: family for family, kind in CHANNEL_TYPES.items()}
    return f"message.{families[event['channel_type']]}"


def _where(channel: Channel, at: str) -> Event:
    return {"channel": channel.id, "channel_type": CHANNEL_TYPES[channel.family], "event_ts": at}


def _old_word(channel: Channel) -> str:
    return "group" if channel.hidden else "channel"


def _membership(kind: str, channel: Channel, user: str, team: str, at: str) -> Event:
    return {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.hidden else "C",
        "team": team,
        "event_ts": at,
    }
