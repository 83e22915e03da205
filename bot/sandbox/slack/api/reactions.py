"""reactions.*: emoji under messages."""

from __future__ import annotations

from bot.sandbox.slack.api.method import TIER_2, TIER_3, Answer, Method, page
from bot.sandbox.slack.api.posting import item_of, permalink
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.world import Args, World


def add(world: World, args: Args) -> Answer:
    """reactions.add."""
    name = args.need("name")
    _, message = item_of(world, args)
    if message.subtype == "tombstone":
        raise SlackError("not_reactable")
    world.workspace.react(message, world.identity.bot_user, name)
    return {}


def remove(world: World, args: Args) -> Answer:
    """reactions.remove."""
    name = args.need("name")
    _, message = item_of(world, args)
    world.workspace.unreact(message, world.identity.bot_user, name)
    return {}


def get(world: World, args: Args) -> Answer:
    """reactions.get: the message with its reactions."""
    _, message = item_of(world, args)
    return _item(world, message)


def list_reactions(world: World, args: Args) -> Answer:
    """reactions.list: the messages that a user (by default the bot) reacted to, the newest first."""
    user = args.get("user") or world.identity.bot_user
    if user not in world.workspace.users:
        raise SlackError("user_not_found")
    found = [
        message
        for message in world.workspace.all_messages()
        if world.identity.bot_user in world.workspace.channels[message.channel].members
        if any(user in users for users in message.reactions.values())
    ]
    found.sort(key=lambda message: message.ts, reverse=True)
    shown, following = page(found, args)
    return {
        "items": [_item(world, message) for message in shown],
        "response_metadata": {"next_cursor": following},
    }


def _item(world: World, message: Message) -> Answer:
    channel = world.workspace.channels[message.channel]
    body = channel.message_json(message) | {"permalink": permalink(world, channel, message)}
    return {"type": "message", "channel": channel.id, "message": body}


WRITE, READ = ("reactions:write",), ("reactions:read",)
METHODS = {
    "reactions.add": Method(run=add, scopes=WRITE, a_minute=TIER_3),
    "reactions.remove": Method(run=remove, scopes=WRITE, a_minute=TIER_2),
    "reactions.get": Method(run=get, scopes=READ, a_minute=TIER_3),
    "reactions.list": Method(run=list_reactions, scopes=READ, a_minute=TIER_2),
}
