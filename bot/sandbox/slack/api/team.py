"""team.info: which workspace it is."""

from __future__ import annotations

from bot.sandbox.slack.api.method import TIER_3, Answer, Method
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.world import Args, World


def info(world: World, args: Args) -> Answer:
    """team.info, of the app's own team."""
    identity = world.identity
    if args.get("team", identity.team_id) != identity.team_id:
        raise SlackError("team_not_found")
    return {
        "team": {
            "id": identity.team_id,
            "name": identity.team_name,
            "domain": identity.domain,
            "url": f"https://{identity.domain}.slack.com/",
            "email_domain": "example.com",
            "icon": {"image_default": True},
            "is_verified": False,
        }
    }


METHODS = {"team.info": Method(run=info, scopes=("team:read",), a_minute=TIER_3)}
