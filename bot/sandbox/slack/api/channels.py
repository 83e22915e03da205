"""conversations.*: what the bot does with channels: make, enter, invite, describe, archive."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.sandbox.slack import channels
from bot.sandbox.slack.api.method import TIER_2, TIER_3, Answer, Method
from bot.sandbox.slack.errors import SlackError, missing
from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.world import Args, World

INVITED_AT_ONCE = 100
Scopes = Mapping[str, tuple[str, ...]]
"""By family of channels: those of which the token needs one."""
CHANGE: Scopes = {"channels": ("channels:manage",), "groups": ("groups:write",)}
INVITE: Scopes = {
    "channels": ("channels:manage", "channels:write.invites"),
    "groups": ("groups:write", "groups:write.invites"),
}
DESCRIBE: Scopes = {
    "channels": ("channels:manage", "channels:write.topic"),
    "groups": ("groups:write", "groups:write.topic"),
}
JOIN: Scopes = {"channels": ("channels:join",)}


def _every(scopes: Scopes) -> tuple[str, ...]:
    return tuple(scope for family in scopes.values() for scope in family)


def _channel(world: World, args: Args, scopes: Scopes) -> Channel:
    """The channel that a call is about, of a kind that has `scopes`."""
    channel = world.readable(args.need("channel"))
    if channel.family not in scopes:
        raise SlackError("method_not_supported_for_channel_type")
    world.need_scope(*scopes[channel.family])
    return channel


def _own(world: World, args: Args, scopes: Scopes = CHANGE) -> Channel:
    """The channel, which the bot is in and which is open."""
    channel = _channel(world, args, scopes)
    if world.identity.bot_user not in channel.members:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def _shown(world: World, channel: Channel) -> Answer:
    return {"channel": channel.to_json(world.identity.bot_user)}


def create(world: World, args: Args) -> Answer:
    """conversations.create: public, or private where `is_private`."""
    private = args.flag("is_private")
    world.need_scope(*CHANGE["groups" if private else "channels"])
    name, bot = args.get("name"), world.identity.bot_user
    return _shown(world, channels.create(world.workspace, name, bot, private=private))


def join(world: World, args: Args) -> Answer:
    """conversations.join: a public channel."""
    channel = _channel(world, args, JOIN)
    if channel.archived:
        raise SlackError("is_archived")
    bot = world.identity.bot_user
    if bot not in channel.members:
        channels.enter(world.workspace, channel, bot)
        return _shown(world, channel)
    told = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return _shown(world, channel) | told


def leave(world: World, args: Args) -> Answer:
    """conversations.leave: no error where the bot is not in the channel."""
    channel, bot = _channel(world, args, CHANGE), world.identity.bot_user
    if bot not in channel.members:
        return {"not_in_channel": True}
    if channel.archived:
        raise SlackError("is_archived")
    channels.leave(world.workspace, channel, bot)
    return {}


def _cannot_invite(world: World, channel: Channel, user: str) -> str | None:
    found = world.workspace.users.get(user)
    if found is None:
        return "user_not_found"
    if user == world.identity.bot_user:
        return "cant_invite_self"
    if user in channel.members:
        return "already_in_channel"
    return "cant_invite" if found.deleted or found.stranger else None


def invite(world: World, args: Args) -> Answer:
    """conversations.invite: all of `users` or none; with `force`, those who can be invited."""
    channel = _own(world, args, INVITE)
    users = args.words("users")
    if not users:
        raise SlackError("no_user")
    if len(users) > INVITED_AT_ONCE:
        raise SlackError("invalid_arguments", messages=[f"no more than {INVITED_AT_ONCE} users allowed"])
    errors = [
        {"user": user, "ok": False, "error": error}
        for user in users
        if (error := _cannot_invite(world, channel, user)) is not None
    ]
    wrong = {error["user"] for error in errors}
    invited = [user for user in users if user not in wrong]
    if errors and not (args.flag("force") and invited):
        raise SlackError(str(errors[0]["error"]), errors=errors)
    for user in invited:
        channels.enter(world.workspace, channel, user, inviter=world.identity.bot_user)
    return _shown(world, channel) | ({"errors": errors} if errors else {})


def kick(world: World, args: Args) -> Answer:
    """conversations.kick."""
    channel, user = _own(world, args), args.need("user")
    bot = world.identity.bot_user
    if user not in world.workspace.users:
        raise SlackError("user_not_found")
    if user == bot:
        raise SlackError("cant_kick_self")
    if channel.is_general:
        raise SlackError("cant_kick_from_general")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    channels.remove(world.workspace, channel, user, bot)
    return {"errors": {}}


def set_topic(world: World, args: Args) -> Answer:
    """conversations.setTopic; an empty one takes it away."""
    channel = _own(world, args, DESCRIBE)
    channels.set_topic(world.workspace, channel, world.identity.bot_user, _note(args, "topic"))
    return _shown(world, channel) | {"topic": channel.topic.value}


def set_purpose(world: World, args: Args) -> Answer:
    """conversations.setPurpose; an empty one takes it away."""
    channel = _own(world, args, DESCRIBE)
    channels.set_purpose(world.workspace, channel, world.identity.bot_user, _note(args, "purpose"))
    return _shown(world, channel) | {"purpose": channel.purpose.value}


def _note(args: Args, name: str) -> str:
    if args.values.get(name) is None:
        raise missing(name)
    return args.get(name)


def rename(world: World, args: Args) -> Answer:
    """conversations.rename."""
    channel = _own(world, args)
    channels.rename(world.workspace, channel, world.identity.bot_user, args.get("name"))
    return _shown(world, channel)


def _of_members(change: Callable[..., None]) -> Callable[[World, Args], Answer]:
    def run(world: World, args: Args) -> Answer:
        channel, bot = _channel(world, args, CHANGE), world.identity.bot_user
        if bot not in channel.members:
            raise SlackError("not_in_channel")
        change(world.workspace, channel, bot)
        return {}

    return run


CHANGES = _every(CHANGE)
DESCRIBES = _every(DESCRIBE)
METHODS = {
    "conversations.create": Method(run=create, scopes=CHANGES, a_minute=TIER_2),
    "conversations.join": Method(run=join, scopes=_every(JOIN), a_minute=TIER_3),
    "conversations.leave": Method(run=leave, scopes=CHANGES, a_minute=TIER_3),
    "conversations.invite": Method(run=invite, scopes=_every(INVITE), a_minute=TIER_3),
    "conversations.kick": Method(run=kick, scopes=CHANGES, a_minute=TIER_3),
    "conversations.setTopic": Method(run=set_topic, scopes=DESCRIBES, a_minute=TIER_2),
    "conversations.setPurpose": Method(run=set_purpose, scopes=DESCRIBES, a_minute=TIER_2),
    "conversations.rename": Method(run=rename, scopes=CHANGES, a_minute=TIER_2),
    "conversations.archive": Method(run=_of_members(channels.archive), scopes=CHANGES, a_minute=TIER_2),
    "conversations.unarchive": Method(run=_of_members(channels.unarchive), scopes=CHANGES, a_minute=TIER_2),
}
