"""auth.*: whose token it is."""

from __future__ import annotations

from bot.sandbox.slack.api.method import HUNDREDS, Answer, Method
from bot.sandbox.slack.world import Args, World


def test(world: World, _args: Args) -> Answer:
    """auth.test."""
    identity = world.identity
    return {
        "url": f"https://{identity.domain}.slack.com/",
        "team": identity.team_name,
        "user": world.workspace.users[identity.bot_user].name,
        "team_id": identity.team_id,
        "user_id": identity.bot_user,
        "bot_id": identity.bot_id,
        "is_enterprise_install": False,
    }


METHODS = {"auth.test": Method(run=test, a_minute=HUNDREDS)}
