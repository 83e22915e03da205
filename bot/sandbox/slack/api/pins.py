"""pins.*: what a channel keeps at hand."""

from __future__ import annotations

from bot.sandbox.slack.api.method import TIER_2, Answer, Method
from bot.sandbox.slack.api.posting import item_of, permalink
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.world import Args, World

MOST = 100
PINNABLE = frozenset({None, "file_share", "thread_broadcast", "bot_message"})
"""The subtypes of what people and apps say. Slack's own notes cannot be pinned."""


def add(world: World, args: Args) -> Answer:
    """pins.add."""
    channel, message = item_of(world, args)
    if message.subtype not in PINNABLE:
        raise SlackError("not_pinnable")
    if len(channel.pins) >= MOST and message.ts not in channel.pins:
        raise SlackError("too_many_pins")
    world.workspace.pin(message, world.identity.bot_user)
    return {}


def remove(world: World, args: Args) -> Answer:
    """pins.remove."""
    _, message = item_of(world, args)
    world.workspace.unpin(message, world.identity.bot_user)
    return {}


def list_pins(world: World, args: Args) -> Answer:
    """pins.list: the newest first."""
    channel = world.joined(args.need("channel"))
    return {
        "items": [
            {
                "type": "message",
                "channel": channel.id,
                "created": pin.at,
                "created_by": pin.by,
                "message": world.workspace.message_json(channel.messages[ts])
                | {"permalink": permalink(world, channel, channel.messages[ts])},
            }
            for ts, pin in reversed(channel.pins.items())
        ]
    }


WRITE = ("pins:write",)
METHODS = {
    "pins.add": Method(run=add, scopes=WRITE, a_minute=TIER_2),
    "pins.remove": Method(run=remove, scopes=WRITE, a_minute=TIER_2),
    "pins.list": Method(run=list_pins, scopes=("pins:read",), a_minute=TIER_2),
}
