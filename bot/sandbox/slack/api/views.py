"""views.*: modals."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.api.method import TIER_4, Answer, Method
from bot.sandbox.slack.content import parsed
from bot.sandbox.slack.errors import SlackError, missing
from bot.sandbox.slack.limits import check_view
from bot.sandbox.slack.world import Args, World


def _view(args: Args) -> dict[str, Any]:
    view = parsed(args.values.get("view"), "invalid_arguments")
    if not isinstance(view, dict):
        raise missing("view")
    return view


def open_view(world: World, args: Args) -> Answer:
    """views.open."""
    view = _view(args)
    check_view(view)
    user, _ = world.triggers.exchange(args.need("trigger_id"))
    return {"view": world.modals.to_json(world.modals.open(user, view))}


def push(world: World, args: Args) -> Answer:
    """views.push."""
    view = _view(args)
    check_view(view)
    user, _ = world.triggers.exchange(args.need("trigger_id"))
    return {"view": world.modals.to_json(world.modals.push(user, view))}


def update(world: World, args: Args) -> Answer:
    """views.update, by view_id."""
    view = world.modals.find(args.need("view_id"))
    expected = args.get("hash")
    if expected and expected != view.hash:
        raise SlackError("hash_conflict")
    world.modals.update(view, _view(args))
    return {"view": world.modals.to_json(view)}


METHODS = {
    "views.open": Method(run=open_view, a_minute=TIER_4),
    "views.push": Method(run=push, a_minute=TIER_4),
    "views.update": Method(run=update, a_minute=TIER_4),
}
