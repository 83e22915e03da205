"""users.* and usergroups.*: who there is."""

from __future__ import annotations

from bot.sandbox.slack.api.method import TIER_2, TIER_4, Answer, Method, page
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.world import Args, World


def info(world: World, args: Args) -> Answer:
    """users.info."""
    user = world.workspace.users.get(args.need("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user.to_json()}


def list_users(world: World, args: Args) -> Answer:
    """users.list."""
    users, following = page(list(world.workspace.users.values()), args)
    return {
        "members": [user.to_json() for user in users],
        "cache_ts": world.clock() // 1000,
        "response_metadata": {"next_cursor": following},
    }


def list_groups(world: World, args: Args) -> Answer:
    """usergroups.list."""
    users = args.flag("include_users")
    return {"usergroups": [group.to_json(users=users) for group in world.workspace.groups.values()]}


METHODS = {
    "users.info": Method(run=info, scopes=("users:read",), a_minute=TIER_4),
    "users.list": Method(run=list_users, scopes=("users:read",), a_minute=TIER_2),
    "usergroups.list": Method(run=list_groups, scopes=("usergroups:read",), a_minute=TIER_2),
}
