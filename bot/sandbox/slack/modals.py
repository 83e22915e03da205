"""The modals that users have open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import check_view
from bot.sandbox.slack.places import Identity
from bot.sandbox.slack.state import Workspace

STACK = 3
GIVEN = (
    "title",
    "submit",
    "close",
    "blocks",
    "private_metadata",
    "callback_id",
    "external_id",
    "clear_on_close",
    "notify_on_close",
)


@dataclass(slots=True, kw_only=True)
class View:
    """One modal, or (`kind`) a Home tab: who sees it, what the app gave, and under which hash.

    `under` is the id of the modal that it lies on. `errors` are what the app's last
    `response_action: errors` said, by block_id.
    """

    id: str
    root: str
    user: str
    given: dict[str, Any]
    hash: str
    kind: str = "modal"
    under: str | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The modal's blocks, each with a block_id."""
        blocks: list[dict[str, Any]] = self.given["blocks"]
        return blocks


def new_view(
    user: str, given: dict[str, Any], hash_: str, *, kind: str = "modal", over: View | None = None
) -> View:
    """A view that was not shown before, `over` another one where it is pushed."""
    view_id = f"V{secrets.token_hex(5).upper()}"  # random: the bot may outlive the stand-in
    root, under = (over.root, over.id) if over else (view_id, None)
    return View(id=view_id, root=root, user=user, given=given, hash=hash_, kind=kind, under=under)


def view_json(view: View, identity: Identity) -> dict[str, Any]:
    """The view as views.open answers, without its state."""
    body: dict[str, Any] = {
        "id": view.id,
        "team_id": identity.team_id,
        "type": view.kind,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
    }
    return body | {
        **{key: view.given[key] for key in GIVEN if key in view.given},
        "state": {"values": {}},
        "hash": view.hash,
        "root_view_id": view.root,
        "previous_view_id": view.under,
        "app_id": identity.app_id,
        "app_installed_team_id": identity.team_id,
        "bot_id": identity.bot_id,
    }


class Modals:
    """A stack of at most three views for each user."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._views: dict[str, View] = {}
        self._stacks: dict[str, list[str]] = {}

    def stack(self, user: str) -> list[View]:
        """The views that a user has open, the one on top last."""
        return [self._views[view_id] for view_id in self._stacks.get(user, ())]

    def top(self, user: str) -> View:
        """The view that a user sees. Raises `not_found`."""
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found")
        return stack[-1]

    def get(self, view_id: str) -> View | None:
        """An open view by its id, or None."""
        return self._views.get(view_id)

    def find(self, view_id: str) -> View:
        """An open view by its id. Raises `not_found`."""
        view = self._views.get(view_id)
        if view is None:
            raise SlackError("not_found")
        return view

    def by_external_id(self, external_id: str) -> View:
        """An open view by the id that the app gave it. Raises `not_found`."""
        for view in self._views.values():
            if view.given.get("external_id") == external_id:
                return view
        raise SlackError("not_found")

    def open(self, user: str, given: dict[str, Any]) -> View:
        """Show a new modal in place of whatever the user had open."""
        self._check(given)
        self.close_all(user)
        return self._push(user, given, None)

    def push(self, user: str, given: dict[str, Any]) -> View:
        """Show a modal on top of the user's. Raises `push_limit_reached`, or `not_found` without one."""
        self._check(given)
        top = self.top(user)
        if len(self.stack(user)) >= STACK:
            raise SlackError("push_limit_reached")
        return self._push(user, given, top)

    def update(self, view: View, given: dict[str, Any]) -> None:
        """Put another content in the view's place."""
        self._check(given, view)
        view.given = self._named(given)
        view.hash = self._workspace.next_ts()
        self.show_errors(view, {})

    def show_errors(self, view: View, errors: dict[str, str]) -> None:
        """Show the app's errors under the view's fields."""
        view.errors = errors
        self._publish(view)

    def close(self, view: View) -> None:
        """Close one view; the one under it is seen again."""
        self._views.pop(view.id, None)
        self._stacks[view.user].remove(view.id)
        self._workspace.feed.publish("view_closed", {"user": view.user, "view_id": view.id})

    def close_all(self, user: str) -> None:
        """Close every view of a user."""
        for view in reversed(self.stack(user)):
            self.close(view)

    def to_json(self, view: View) -> dict[str, Any]:
        """The view as views.open answers, without its state."""
        return view_json(view, self._workspace.identity)

    def _check(self, given: dict[str, Any], instead_of: View | None = None) -> None:
        check_view(given, may_show=self._workspace.files.may_show)
        name = given.get("external_id")
        others = (view for view in self._views.values() if view is not instead_of)
        if name and any(view.given.get("external_id") == name for view in others):
            raise SlackError("duplicate_external_id")

    def _push(self, user: str, given: dict[str, Any], over: View | None) -> View:
        view = new_view(user, self._named(given), self._workspace.next_ts(), over=over)
        self._views[view.id] = view
        self._stacks.setdefault(user, []).append(view.id)
        self._publish(view)
        return view

    def _named(self, given: dict[str, Any]) -> dict[str, Any]:
        self._workspace.name_blocks(given["blocks"])
        return given

    def _publish(self, view: View) -> None:
        data = {"user": view.user, "view": self.to_json(view), "errors": view.errors}
        self._workspace.feed.publish("view", data)
