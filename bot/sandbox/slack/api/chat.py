"""chat.*: what the bot says."""

from __future__ import annotations

from bot.sandbox.slack.api.method import TIER_3, TIER_4, Answer, Method
from bot.sandbox.slack.content import UPDATE_TEXT, content_of
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.world import Args, World


def _writable(world: World, args: Args) -> Channel:
    """The channel that is posted to, by id, name or (direct messages) user."""
    where = args.need("channel")
    if where in world.workspace.users:
        return world.workspace.direct(where)
    try:
        channel = world.readable(world.workspace.find_channel(where).id)
    except SlackError:
        raise SlackError("channel_not_found") from None
    if channel.archived:
        raise SlackError("is_archived")
    open_to_all = "chat:write.public" in world.scopes
    if world.identity.bot_user not in channel.members and not open_to_all:
        raise SlackError("not_in_channel")
    return channel


def _thread(channel: Channel, args: Args) -> str | None:
    thread_ts = args.get("thread_ts")
    if not thread_ts:
        return None
    parent = channel.messages.get(thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def post_message(world: World, args: Args) -> Answer:
    """chat.postMessage."""
    channel = _writable(world, args)
    content = content_of(args.values)
    message = world.workspace.post(
        channel,
        world.identity.bot_user,
        content,
        thread_ts=_thread(channel, args),
        broadcast=args.flag("reply_broadcast"),
    )
    return {"channel": channel.id, "ts": message.ts, "message": message.to_json(metadata=True)}


def update(world: World, args: Args) -> Answer:
    """chat.update. A text alone takes the blocks away; metadata and attachments stay where not given."""
    channel = _writable(world, args)
    message = channel.messages.get(args.need("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.user != world.identity.bot_user:
        raise SlackError("cant_update_message")
    values = dict(args.values)
    if not values.get("text") and "blocks" not in values and "attachments" in values:
        values["blocks"] = message.content.blocks
    content = content_of(values, longest=UPDATE_TEXT)
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
    channel = _writable(world, args)
    user = args.need("user")
    content = content_of(args.values)
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = world.workspace.whisper(channel, user, content, thread_ts=_thread(channel, args))
    return {"message_ts": message.ts}


def delete(world: World, args: Args) -> Answer:
    """chat.delete."""
    channel = _writable(world, args)
    message = channel.messages.get(args.need("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if message.user != world.identity.bot_user:
        raise SlackError("cant_delete_message")
    world.workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(world: World, args: Args) -> Answer:
    """chat.getPermalink."""
    channel = world.readable(args.need("channel"))
    message = channel.messages.get(args.need("message_ts"))
    if message is None:
        raise SlackError("message_not_found")
    link = f"https://{world.identity.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts is not None:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


WRITE = ("chat:write",)
METHODS = {
    "chat.postMessage": Method(run=post_message, scopes=WRITE, by_channel=True),
    "chat.update": Method(run=update, scopes=WRITE, a_minute=TIER_3),
    "chat.postEphemeral": Method(run=post_ephemeral, scopes=WRITE, a_minute=TIER_4),
    "chat.delete": Method(run=delete, scopes=WRITE, a_minute=TIER_3),
    "chat.getPermalink": Method(run=get_permalink),
}
