"""The modals that users have open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import check_view
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
    """One modal: who sees it, what the app gave, and how often that was replaced.

    `errors` are what the app's last `response_action: errors` said, by block_id.
    """

    id: str
    root: str
    user: str
    given: dict[str, Any]
    hash: str
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The modal's blocks, each with a block_id."""
        blocks: list[dict[str, Any]] = self.given["blocks"]
        return blocks


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

    def open(self, user: str, given: dict[str, Any]) -> View:
        """Show a new modal in place of whatever the user had open."""
        check_view(given)
        self.close_all(user)
        return self._push(user, given, None)

    def push(self, user: str, given: dict[str, Any]) -> View:
        """Show a modal on top of the user's. Raises `push_limit_reached`."""
        check_view(given)
        stack = self.stack(user)
        if len(stack) >= STACK:
            raise SlackError("push_limit_reached")
        return self._push(user, given, stack[0].id if stack else None)

    def update(self, view: View, given: dict[str, Any]) -> None:
        """Put another content in the view's place."""
        check_view(given)
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
        identity = self._workspace.identity
        body: dict[str, Any] = {
            "id": view.id,
            "team_id": identity.team_id,
            "type": "modal",
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
            "previous_view_id": None,
            "app_id": identity.app_id,
            "app_installed_team_id": identity.team_id,
            "bot_id": identity.bot_id,
        }

    def _push(self, user: str, given: dict[str, Any], root: str | None) -> View:
        view_id = f"V{secrets.token_hex(5).upper()}"  # random: the bot may outlive the stand-in
        view = View(
            id=view_id,
            root=root or view_id,
            user=user,
            given=self._named(given),
            hash=self._workspace.next_ts(),
        )
        self._views[view_id] = view
        self._stacks.setdefault(user, []).append(view_id)
        self._publish(view)
        return view

    def _named(self, given: dict[str, Any]) -> dict[str, Any]:
        self._workspace.name_blocks(given["blocks"])
        return given

    def _publish(self, view: View) -> None:
        data = {"user": view.user, "view": self.to_json(view), "errors": view.errors}
        self._workspace.feed.publish("view", data)
