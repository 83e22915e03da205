"""The stand-in by remote control: what goes wrong, what there is to see, and (`acts`) what people do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.control import Refused, fault_routes, feed_route, posts, shows
from bot.sandbox.faults import Faults
from bot.sandbox.slack.acts import Acts
from bot.sandbox.slack.calls import CallLog
from bot.sandbox.slack.delivery import Reply
from bot.sandbox.slack.dump import dump
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.sender import Sender

Body = dict[str, Any]
Answer = Mapping[str, Any]


class Control:
    """JSON over HTTP under `/control/`. A body that makes no sense is answered 400 with `error`."""

    def __init__(
        self, people: Sender, *, faults: Faults, rates: Rates, calls: CallLog, reset: Callable[[], None]
    ) -> None:
        self._people = people
        self._faults = faults
        self._rates = rates
        self._calls = calls
        self._reset = reset

    def routes(self) -> list[web.RouteDef]:
        """Every route."""
        mine = (
            self.bot,
            self.event,
            self.redeliver,
            self.channel,
            self.disconnect,
            self.reset,
        )
        acts = {**Acts(self._people).every(), **{act.__name__: act for act in mine}}
        return [
            *shows({"state": self.state, "calls": self.calls}),
            *posts({name: _refusing(act) for name, act in acts.items()}),
            *fault_routes(self._faults, self._set_rates),
            feed_route(self._people.world.feed),
        ]

    def state(self, query: Mapping[str, str]) -> Answer:
        """`?user=` limits it to what this user sees."""
        world, user = self._people.world, query.get("user")
        try:
            viewer = world.workspace.find_user(user).id if user else None
        except SlackError as refusal:
            raise Refused(refusal.error) from refusal
        return dump(world, self._people.transport, viewer)

    def calls(self, query: Mapping[str, str]) -> Answer:
        """The bot's calls, the newest `?limit=` of them (200)."""
        limit = query.get("limit", "200")
        if not limit.isdecimal():
            raise Refused("limit must be a number")
        return self._calls.to_json(int(limit))

    async def bot(self, body: Body) -> Answer:
        """Where the bot is."""
        self._people.transport.connect(body.get("url"), str(body.get("signing_secret", "")))
        return {"url": self._people.transport.bot_url}

    async def event(self, body: Body) -> Answer:
        """Any event."""
        return _told(await self._people.event(dict(body["event"])))

    async def redeliver(self, body: Body) -> Answer:
        """The last delivery again."""
        return _told(
            await self._people.redeliver(
                number=int(body.get("number", 1)), reason=str(body.get("reason", "http_timeout"))
            )
        )

    async def channel(self, body: Body) -> Answer:
        """Change a channel: archived, private, members."""
        workspace = self._people.world.workspace
        channel = workspace.find_channel(body["channel"])
        channel.archived = bool(body.get("archived", channel.archived))
        channel.private = bool(body.get("private", channel.private))
        if "members" in body:
            channel.members = {workspace.find_user(member).id for member in body["members"]}
        workspace.publish_channel(channel)
        return channel.state(workspace.identity.bot_user)

    async def disconnect(self, body: Body) -> Answer:
        """Make the bot renew its Socket Mode connections."""
        await self._people.world.sockets.disconnect(str(body.get("reason", "refresh_requested")))
        return {"ok": True}

    async def reset(self, _body: Body) -> Answer:
        """Begin anew."""
        self._reset()
        return {"ok": True}

    def _set_rates(self, body: Body) -> Answer:
        """`rates`: whether Slack's rates are enforced."""
        self._rates.enforced = bool(body.pop("rates", self._rates.enforced))
        return {"rates": self._rates.enforced}


def _told(reply: Reply) -> Answer:
    return reply.to_json()


def _refusing(action: Callable[[Body], Awaitable[Answer]]) -> Callable[[Body], Awaitable[Answer]]:
    async def act(body: Body) -> Answer:
        try:
            return await action(body)
        except SlackError as refusal:
            raise Refused(refusal.error, messages=refusal.messages) from refusal

    return act
