"""conversations.open: direct messages, with one person or several."""

from __future__ import annotations

from bot.sandbox.slack import channels
from bot.sandbox.slack.api.method import TIER_3, Answer, Method
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.places import SLACKBOT
from bot.sandbox.slack.world import Args, World

MOST = 8


def open_direct(world: World, args: Args) -> Answer:
    """conversations.open: by `users`, or again by `channel`."""
    known = args.get("channel")
    if known:
        return _again(world, args, known)
    users = args.words("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    others = _others(world, users)
    world.need_scope("im:write" if len(others) == 1 else "mpim:write")
    if len(others) == 1:
        channel, existed = world.workspace.direct(others[0]), True
    else:
        channel, existed = _several(world, {*others, world.identity.bot_user}, args)
    return _shown(world, args, channel, existed=existed)


def _again(world: World, args: Args, channel_id: str) -> Answer:
    channel = world.readable(channel_id)
    if channel.kind not in {"im", "mpim"}:
        raise SlackError("method_not_supported_for_channel_type")
    world.need_scope(f"{channel.family}:write")
    return _shown(world, args, channel, existed=True)


def _others(world: World, users: list[str]) -> list[str]:
    bot = world.identity.bot_user
    for user in users:
        found = world.workspace.users.get(user)
        if found is None:
            raise SlackError("user_not_found")
        if found.deleted:
            raise SlackError("user_disabled")
        if user == SLACKBOT:
            raise SlackError("invalid_user_combination")
    others = [user for user in dict.fromkeys(users) if user != bot]
    if not others:
        raise SlackError("not_enough_users")
    if len(others) > MOST:
        raise SlackError("too_many_users")
    return others


def _several(world: World, members: set[str], args: Args) -> tuple[Channel, bool]:
    known = channels.group_direct(world.workspace, members)
    if known is not None:
        return known, True
    if args.flag("prevent_creation"):
        raise SlackError("channel_not_found")
    return channels.open_group_direct(world.workspace, members, world.identity.bot_user), False


def _shown(world: World, args: Args, channel: Channel, *, existed: bool) -> Answer:
    whole = channel.to_json(world.identity.bot_user)
    body: Answer = {"channel": whole if args.flag("return_im") else {"id": channel.id}}
    return body | ({"no_op": True, "already_open": True} if existed else {})


METHODS = {
    "conversations.open": Method(run=open_direct, scopes=("im:write", "mpim:write"), a_minute=TIER_3),
}
