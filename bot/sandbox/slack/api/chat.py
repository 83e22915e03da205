"""chat.*: what the bot says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack.api.method import HUNDREDS, TIER_3, TIER_4, Answer, Method
from bot.sandbox.slack.api.posting import permalink, thread_of, writable
from bot.sandbox.slack.content import POST_TEXT, UPDATE_TEXT, content_of
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Content, Message
from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.world import Args, World


def post_message(world: World, args: Args) -> Answer:
    """chat.postMessage."""
    if args.flag("as_user"):
        raise SlackError("as_user_not_supported")
    channel = writable(world, args.need("channel"))
    message = world.workspace.post(
        channel,
        world.identity.bot_user,
        _content(world, args.values),
        thread_ts=thread_of(channel, args),
        broadcast=args.flag("reply_broadcast"),
    )
    return {"channel": channel.id, "ts": message.ts, "message": message.to_json(metadata=True)}


def update(world: World, args: Args) -> Answer:
    """chat.update. A text alone takes the blocks away; metadata and attachments stay where not given."""
    channel, message = _own(world, args, "cant_update_message")
    values = dict(args.values)
    said = any(values.get(key) for key in ("text", "markdown_text")) or "blocks" in values
    if not said and "attachments" in values:
        values["blocks"] = message.content.blocks
    content = _content(world, values, longest=UPDATE_TEXT)
    if "metadata" not in values:
        content.metadata = message.content.metadata
    if "attachments" not in values:
        content.attachments = message.content.attachments
    world.workspace.edit(message, content, shown_as_edited=not content.blocks)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.to_json(metadata=True),
    }


def post_ephemeral(world: World, args: Args) -> Answer:
    """chat.postEphemeral."""
    channel = writable(world, args.need("channel"))
    user = args.need("user")
    content = _content(world, args.values)
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = world.workspace.whisper(channel, user, content, thread_ts=thread_of(channel, args))
    return {"message_ts": message.ts}


def delete(world: World, args: Args) -> Answer:
    """chat.delete."""
    channel, message = _own(world, args, "cant_delete_message")
    world.workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(world: World, args: Args) -> Answer:
    """chat.getPermalink."""
    channel = world.readable(args.need("channel"))
    message = channel.messages.get(args.need("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    return {"channel": channel.id, "permalink": permalink(world, channel, message)}


def _content(world: World, values: Mapping[str, Any], *, longest: int = POST_TEXT) -> Content:
    return content_of(values, longest=longest, may_show=world.workspace.files.may_show)


def _own(world: World, args: Args, foreign: str) -> tuple[Channel, Message]:
    """The bot's message at `ts`. Raises `message_not_found`, or `foreign` where it is not the bot's."""
    channel = writable(world, args.need("channel"))
    message = channel.messages.get(args.need("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.user != world.identity.bot_user or message.bot_id is None:
        raise SlackError(foreign)
    return channel, message


WRITE = ("chat:write",)
METHODS = {
    "chat.postMessage": Method(run=post_message, scopes=WRITE, by_channel=True),
    "chat.update": Method(run=update, scopes=WRITE, a_minute=TIER_3),
    "chat.postEphemeral": Method(run=post_ephemeral, scopes=WRITE, a_minute=TIER_4),
    "chat.delete": Method(run=delete, scopes=WRITE, a_minute=TIER_3),
    "chat.getPermalink": Method(run=get_permalink, a_minute=HUNDREDS),
}
