"""Where the bot may post, and which message is meant."""

from __future__ import annotations

import re

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.world import Args, World

TIMESTAMP = re.compile(r"\d{1,12}\.\d{1,9}")


def writable(world: World, where: str, *, public: bool = True) -> Channel:
    """The channel that is posted to, by id, name or (direct messages) user.

    `public`: with the scope `chat:write.public` the bot need not be in a public one.
    Raises `channel_not_found`, `cannot_dm_bot`, `messages_tab_disabled`, `is_archived`, `not_in_channel`.
    """
    user = world.workspace.users.get(where)
    if user is not None:
        if user.bot:
            raise SlackError("cannot_dm_bot")
        if not world.app.messages_tab:
            raise SlackError("messages_tab_disabled")
        return world.workspace.direct(user.id)
    channel = world.readable(world.workspace.find_channel(where).id)
    if channel.archived:
        raise SlackError("is_archived")
    open_to_all = public and not channel.hidden and "chat:write.public" in world.scopes
    if world.identity.bot_user not in channel.members and not open_to_all:
        raise SlackError("not_in_channel")
    return channel


def thread_of(channel: Channel, args: Args) -> str | None:
    """The thread that `thread_ts` names, by its first message. Raises `thread_not_found`."""
    thread_ts = args.get("thread_ts")
    if not thread_ts:
        return None
    parent = channel.messages.get(thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def item_of(world: World, args: Args) -> tuple[Channel, Message]:
    """The message that `channel` and `timestamp` name, where the bot is in the channel.

    Raises `no_item_specified`, `bad_timestamp`, `message_not_found`, or why the channel is out of reach.
    """
    channel = world.joined(args.need("channel"))
    if channel.archived:
        raise SlackError("is_archived")
    timestamp = args.get("timestamp")
    if not timestamp:
        raise SlackError("no_item_specified")
    if not TIMESTAMP.fullmatch(timestamp):
        raise SlackError("bad_timestamp")
    message = channel.messages.get(timestamp)
    if message is None:
        raise SlackError("message_not_found")
    return channel, message


def permalink(world: World, channel: Channel, message: Message) -> str:
    """The link that leads to a message."""
    link = f"https://{world.identity.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts is not None:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return link
