"""usergroups.*: whom `@oncall` means."""

from __future__ import annotations

from bot.sandbox.slack.api.method import TIER_2, Answer, Method
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.world import Args, World


def list_groups(world: World, args: Args) -> Answer:
    """usergroups.list: with the users and their number only where asked for."""
    users, count = args.flag("include_users"), args.flag("include_count")
    groups = [group.to_json(users=users) for group in world.workspace.groups.values()]
    if not count:
        for group in groups:
            group.pop("user_count")
    return {"usergroups": groups}


def list_members(world: World, args: Args) -> Answer:
    """usergroups.users.list."""
    group = world.workspace.groups.get(args.need("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


SCOPES = ("usergroups:read",)
METHODS = {
    "usergroups.list": Method(run=list_groups, scopes=SCOPES, a_minute=TIER_2),
    "usergroups.users.list": Method(run=list_members, scopes=SCOPES, a_minute=TIER_2),
}
