"""users.*: the people, and where they are."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.api.conversations import READ, asked_kinds
from bot.sandbox.slack.api.method import TIER_2, TIER_3, TIER_4, Answer, Method, page
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import User
from bot.sandbox.slack.world import Args, World


def _shown(world: World, user: User) -> dict[str, Any]:
    """A user; the address only where the token may know it."""
    body = user.to_json()
    if "users:read.email" not in world.scopes:
        body["profile"].pop("email")
    return body


def info(world: World, args: Args) -> Answer:
    """users.info."""
    user = world.workspace.users.get(args.need("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": _shown(world, user)}


def list_users(world: World, args: Args) -> Answer:
    """users.list."""
    users, following = page(list(world.workspace.users.values()), args)
    return {
        "members": [_shown(world, user) for user in users],
        "cache_ts": world.clock() // 1000,
        "response_metadata": {"next_cursor": following},
    }


def lookup_by_email(world: World, args: Args) -> Answer:
    """users.lookupByEmail."""
    email = args.need("email").casefold()
    for user in world.workspace.users.values():
        if user.email and user.email.casefold() == email and not user.deleted:
            return {"user": _shown(world, user)}
    raise SlackError("users_not_found")


def conversations(world: World, args: Args) -> Answer:
    """users.conversations: the channels that a user (by default the bot) is in and the bot knows of."""
    kinds, bot = asked_kinds(world, args), world.identity.bot_user
    user = args.get("user", bot)
    if user not in world.workspace.users:
        raise SlackError("user_not_found")
    seen = [
        channel
        for channel in world.workspace.channels.values()
        if channel.kind in kinds and user in channel.members and world.workspace.sees(bot, channel)
        if not (channel.archived and args.flag("exclude_archived"))
    ]
    channels, following = page(seen, args)
    return {
        "channels": [channel.to_json(bot) for channel in channels],
        "response_metadata": {"next_cursor": following},
    }


def bot_info(world: World, args: Args) -> Answer:
    """bots.info, of the app's own bot."""
    identity = world.identity
    if args.get("bot", identity.bot_id) != identity.bot_id:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": identity.bot_id,
            "deleted": False,
            "name": world.app.name,
            "updated": 0,
            "app_id": identity.app_id,
            "user_id": identity.bot_user,
            "icons": {},
        }
    }


USERS = ("users:read",)
METHODS = {
    "bots.info": Method(run=bot_info, scopes=USERS, a_minute=TIER_3),
    "users.info": Method(run=info, scopes=USERS, a_minute=TIER_4),
    "users.list": Method(run=list_users, scopes=USERS, a_minute=TIER_2),
    "users.lookupByEmail": Method(run=lookup_by_email, scopes=("users:read.email",), a_minute=TIER_3),
    "users.conversations": Method(run=conversations, scopes=READ, a_minute=TIER_3),
}
