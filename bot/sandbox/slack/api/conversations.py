"""conversations.*: the channels that there are, who is in them, and what was said there."""

from __future__ import annotations

from bot.sandbox.slack.api.method import TIER_2, TIER_3, TIER_4, Answer, Method, page
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import FAMILIES, Channel
from bot.sandbox.slack.world import Args, World


def asked_kinds(world: World, args: Args) -> set[str]:
    """The kinds of channels that `types` names, each of which needs its scope. Raises `invalid_types`."""
    asked = {kind.strip() for kind in (args.get("types") or "public_channel").split(",")}
    if asked - FAMILIES.keys():
        raise SlackError("invalid_types")
    for kind in sorted(asked):
        world.need_scope(f"{FAMILIES[kind]}:read")
    return asked


def list_channels(world: World, args: Args) -> Answer:
    """conversations.list: every public channel, and what else the bot is in."""
    kinds, bot = asked_kinds(world, args), world.identity.bot_user
    seen = [
        channel
        for channel in world.workspace.channels.values()
        if channel.kind in kinds
        if not channel.hidden or bot in channel.members
        if not (channel.archived and args.flag("exclude_archived"))
    ]
    channels, following = page(seen, args)
    return {
        "channels": [channel.to_json(bot) for channel in channels],
        "response_metadata": {"next_cursor": following},
    }


def info(world: World, args: Args) -> Answer:
    """conversations.info; the number of members only where asked for."""
    channel = world.readable(args.need("channel"))
    world.need_scope(f"{channel.family}:read")
    body = channel.to_json(world.identity.bot_user)
    if not args.flag("include_num_members"):
        body.pop("num_members", None)
    return {"channel": body}


def members(world: World, args: Args) -> Answer:
    """conversations.members."""
    channel = world.readable(args.need("channel"))
    world.need_scope(f"{channel.family}:read")
    found, following = page(sorted(channel.members), args)
    return {"members": list(found), "response_metadata": {"next_cursor": following}}


def _ts(args: Args, name: str) -> tuple[int, int] | None:
    """A timestamp as numbers that compare: seconds and microseconds."""
    value = args.get(name)
    if not value:
        return None
    seconds, _, micros = value.partition(".")
    try:
        return int(seconds), int(micros[:6].ljust(6, "0"))
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _within(messages: list[Message], args: Args) -> list[Message]:
    oldest, latest = _ts(args, "oldest"), _ts(args, "latest")
    inclusive = args.flag("inclusive")

    def fits(message: Message) -> bool:
        seconds, _, micros = message.ts.partition(".")
        at = (int(seconds), int(micros))
        if at in {oldest, latest}:
            return inclusive
        return (oldest is None or at > oldest) and (latest is None or at < latest)

    if oldest is None and latest is None:
        return messages
    return [message for message in messages if fits(message)]


def _joined(world: World, args: Args) -> Channel:
    channel = world.joined(args.need("channel"))
    world.need_scope(f"{channel.family}:history")
    return channel


def _told(world: World, args: Args, messages: list[Message]) -> Answer:
    found, following = page(messages, args)
    metadata = args.flag("include_all_metadata")
    answer: Answer = {
        "messages": [world.workspace.message_json(message, metadata=metadata) for message in found],
        "has_more": bool(following),
    }
    if following:
        answer["response_metadata"] = {"next_cursor": following}
    return answer


def history(world: World, args: Args) -> Answer:
    """conversations.history: newest first, without the replies in threads."""
    channel = _joined(world, args)
    told = _told(world, args, _within(channel.top_level()[::-1], args))
    return told | {"pin_count": len(channel.pins)}


def replies(world: World, args: Args) -> Answer:
    """conversations.replies: the message and its thread, oldest first."""
    channel = _joined(world, args)
    parent = channel.messages.get(args.need("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    return _told(world, args, [parent, *_within(channel.replies(parent.ts), args)])


READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
METHODS = {
    "conversations.list": Method(run=list_channels, scopes=READ, a_minute=TIER_2),
    "conversations.info": Method(run=info, scopes=READ, a_minute=TIER_3),
    "conversations.members": Method(run=members, scopes=READ, a_minute=TIER_4),
    "conversations.history": Method(run=history, scopes=HISTORY, a_minute=TIER_3),
    "conversations.replies": Method(run=replies, scopes=HISTORY, a_minute=TIER_3),
}
