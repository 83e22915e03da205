"""The app's Home tab, as each user sees it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import check_view
from bot.sandbox.slack.modals import View, new_view, view_json
from bot.sandbox.slack.state import Workspace


class Homes:
    """At most one view for each user, as it was published last."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._views: dict[str, View] = {}

    def __iter__(self) -> Iterator[View]:
        """Every Home tab that was published."""
        return iter(tuple(self._views.values()))

    def restore(self, views: Iterable[View]) -> None:
        """Show these, and no others."""
        self._views = {view.user: view for view in views}

    def of(self, user: str) -> View | None:
        """What a user sees, or None where nothing was published for them."""
        return self._views.get(user)

    def get(self, view_id: str) -> View | None:
        """The Home tab with this view's id, or None."""
        return next((view for view in self if view.id == view_id), None)

    def publish(self, user: str, given: dict[str, Any], *, expected: str = "") -> View:
        """Show a user this view from now on; `expected` is the hash of the one that it replaces.

        Raises `user_not_found`, `hash_conflict`, or why the view is refused.
        """
        person = self._workspace.users.get(user)
        if person is None or person.bot or person.deleted:
            raise SlackError("user_not_found")
        check_view(given, kind="home", may_show=self._workspace.files.may_show)
        view = self._views.get(user)
        if expected and (view is None or view.hash != expected):
            raise SlackError("hash_conflict")
        self._workspace.name_blocks(given["blocks"])
        if view is None:
            view = self._views[user] = new_view(user, given, self._workspace.next_ts(), kind="home")
        else:
            view.given, view.hash = given, self._workspace.next_ts()
        self._workspace.feed.publish("home", {"user": user, "view": self.to_json(view)})
        return view

    def to_json(self, view: View) -> dict[str, Any]:
        """The view as views.publish answers."""
        return view_json(view, self._workspace.identity)
