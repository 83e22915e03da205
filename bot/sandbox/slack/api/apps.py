"""apps.*: where Socket Mode connects to."""

from __future__ import annotations

from bot.sandbox.slack.api.method import TIER_1, Answer, Method
from bot.sandbox.slack.world import Args, World


def open_connection(world: World, args: Args) -> Answer:
    """apps.connections.open: a URL whose ticket works once."""
    ticket = world.sockets.issue_ticket()
    base = args.base_url.replace("http", "ws", 1)
    return {"url": f"{base}/link/?ticket={ticket}&app_id={world.identity.app_id}"}


METHODS = {"apps.connections.open": Method(run=open_connection, app_level=True, a_minute=TIER_1)}
