"""What people do with the app: commands, elements, modals, shortcuts, the Home tab."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.slack import happenings, payloads
from bot.sandbox.slack.delivery import Delivery, Kind, Reply
from bot.sandbox.slack.elements import required_missing, state_values
from bot.sandbox.slack.escaping import escape
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.people import Channel, User
from bot.sandbox.slack.talk import Talk

NOTHING: Mapping[str, object] = {}


class Sender(Talk):
    """People at work. Users and channels are given by id or name, `ts` is a message's.

    Raises SlackError where Slack would not let the person do it, ValueError where nothing fits.
    """

    async def command(self, user: str, channel: str, command: str, text: str = "") -> Reply:
        """Enter a slash command."""
        who, where = self._there(user, channel)
        known = self.world.app.command(command)
        if known is None:
            raise ValueError(f"{command} is not a valid command")
        if known.escaped:
            text = escape(self.world.workspace, who.id, text)
        response_id = self.world.response_urls.issue(who.id, where.id)
        payload = payloads.command(
            self.world, who, where, name=command, text=text, response_url=self._url(response_id)
        )
        return await self._deliver(
            Delivery(
                kind=Kind.COMMAND, payload=payload, user=who.id, channel=where.id, response_id=response_id
            )
        )

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: object = None,
        *,
        values: Mapping[str, object] = NOTHING,
    ) -> Reply:
        """Use an element of a message: press a button, choose the option with `value`.

        `values` are what stands in the message's other elements, by action_id or block_id.
        """
        who, where = self._before(user, channel)
        message = self.world.workspace.find_message(where, ts, who.id)
        response_id = self.world.response_urls.issue(who.id, where.id, message)
        payload = payloads.message_action(
            self.world,
            who,
            where,
            message,
            act=payloads.Act(action_id=action_id, value=value, values=values),
            response_url=self._url(response_id),
        )
        return await self._interact(payload, who.id, where.id, response_id=response_id)

    async def act(
        self,
        user: str,
        action_id: str,
        value: object = None,
        *,
        view_id: str | None = None,
        values: Mapping[str, object] = NOTHING,
    ) -> Reply:
        """Use an element of the modal on top, or of `view_id`: another modal, or the Home tab."""
        who, view = self.world.workspace.find_user(user), self._view(user, view_id)
        payload = payloads.view_action(
            self.world, who, view, payloads.Act(action_id=action_id, value=value, values=values)
        )
        return await self._interact(payload, who.id, None, view_id=view.id)

    async def submit(
        self, user: str, values: Mapping[str, object] = NOTHING, *, view_id: str | None = None
    ) -> Reply:
        """Submit the modal on top, or `view_id`. `values` are plain, by action_id or block_id.

        An input that is not named keeps its initial value. Raises ValueError where Slack would not send
        it, as a required input is empty.
        """
        who, view = self.world.workspace.find_user(user), self._view(user, view_id)
        state = state_values(view.blocks, values)
        if empty := required_missing(view.blocks, state):
            raise ValueError(f"required inputs are empty: {', '.join(empty)}")
        payload = payloads.view_submission(self.world, who, view, state)
        return await self._interact(payload, who.id, None, view_id=view.id)

    async def close_view(self, user: str, *, view_id: str | None = None) -> Reply | None:
        """Close a modal; the app is told only where it asked for that."""
        who, view = self.world.workspace.find_user(user), self._view(user, view_id)
        self.world.modals.close(view)
        if not view.given.get("notify_on_close"):
            return None
        payload = payloads.view_closed(self.world, who, view, state_values(view.blocks, {}))
        return await self._interact(payload, who.id, None)

    async def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Reply:
        """Use a shortcut of a message's menu."""
        who, where = self._before(user, channel)
        self._need_shortcut("message", callback_id)
        message = self.world.workspace.find_message(where, ts)
        response_id = self.world.response_urls.issue(who.id, where.id)
        payload = payloads.message_shortcut(
            self.world,
            who,
            where,
            message,
            callback_id=callback_id,
            response_url=self._url(response_id),
        )
        return await self._interact(payload, who.id, where.id, response_id=response_id)

    async def global_shortcut(self, user: str, callback_id: str) -> Reply:
        """Use a shortcut that is there everywhere."""
        who = self.world.workspace.find_user(user)
        self._need_shortcut("global", callback_id)
        return await self._interact(payloads.global_shortcut(self.world, who, callback_id), who.id, None)

    async def home(self, user: str, *, tab: str = "home") -> Reply | None:
        """Open the app's Home tab, or its `messages`; the app is told where it subscribes to that."""
        who, app = self.world.workspace.find_user(user), self.world.app
        if tab not in {"home", "messages"}:
            raise ValueError(f"{tab!r} is no tab of an app: home, messages")
        if not (app.home_tab if tab == "home" else app.messages_tab):
            raise ValueError(f"{app.name} has no {tab} tab")
        if not app.hears("app_home_opened"):
            return None
        where, view = self.world.workspace.direct(who.id), self.world.homes.of(who.id)
        shown = self.world.homes.to_json(view) if view else None
        event = happenings.home_opened(where, who.id, tab, self.world.workspace.next_ts(), shown)
        return await self.event(event)

    def _before(self, user: str, channel: str) -> tuple[User, Channel]:
        """A person and a channel that they look at."""
        who = self.world.workspace.find_user(user)
        return who, self.world.workspace.seen_by(who.id, channel)

    def _need_shortcut(self, kind: str, callback_id: str) -> None:
        if not self.world.app.has_shortcut(kind, callback_id):
            raise ValueError(f"{self.world.app.name} has no {kind} shortcut {callback_id!r}")

    def _view(self, user: str, view_id: str | None) -> View:
        if view_id is not None:
            return self.world.homes.get(view_id) or self.world.modals.find(view_id)
        return self.world.modals.top(self.world.workspace.find_user(user).id)
