"""views.*: modals and the Home tab."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.api.method import TIER_4, Answer, Method
from bot.sandbox.slack.content import parsed
from bot.sandbox.slack.errors import SlackError, missing
from bot.sandbox.slack.limits import check_view
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.world import Args, World


def open_view(world: World, args: Args) -> Answer:
    """views.open."""
    view = _given(args)
    _check(world, view)
    user, _ = world.triggers.exchange(args.need("trigger_id"))
    return {"view": world.modals.to_json(world.modals.open(user, view))}


def push(world: World, args: Args) -> Answer:
    """views.push."""
    view = _given(args)
    _check(world, view)
    user, _ = world.triggers.exchange(args.need("trigger_id"))
    return {"view": world.modals.to_json(world.modals.push(user, view))}


def update(world: World, args: Args) -> Answer:
    """views.update, by view_id or external_id: a modal, or a Home tab."""
    given = _given(args)
    view = _view(world, args)
    expected = args.get("hash")
    if expected and expected != view.hash:
        raise SlackError("hash_conflict")
    if view.kind == "home":
        world.homes.publish(view.user, given)
        return {"view": world.homes.to_json(view)}
    world.modals.update(view, given)
    return {"view": world.modals.to_json(view)}


def publish(world: World, args: Args) -> Answer:
    """views.publish: a user's Home tab."""
    if not world.app.home_tab:
        raise SlackError("not_enabled")
    view = world.homes.publish(args.need("user_id"), _given(args), expected=args.get("hash"))
    return {"view": world.homes.to_json(view)}


def _given(args: Args) -> dict[str, Any]:
    view = parsed(args.values.get("view"), "invalid_arguments")
    if not isinstance(view, dict):
        raise missing("view")
    return view


def _check(world: World, view: dict[str, Any]) -> None:
    """Refuse a view before its trigger is used up."""
    check_view(view, may_show=world.workspace.files.may_show)


def _view(world: World, args: Args) -> View:
    if args.get("external_id") and not args.get("view_id"):
        return world.modals.by_external_id(args.get("external_id"))
    view_id = args.need("view_id")
    return world.homes.get(view_id) or world.modals.find(view_id)


METHODS = {
    "views.open": Method(run=open_view, a_minute=TIER_4),
    "views.push": Method(run=push, a_minute=TIER_4),
    "views.update": Method(run=update, a_minute=TIER_4),
    "views.publish": Method(run=publish, a_minute=TIER_4),
}
