"""The stand-in by remote control: what people do, what goes wrong, and what there is to see."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.feed import Change
from bot.sandbox.slack.calls import CallLog
from bot.sandbox.slack.delivery import Reply
from bot.sandbox.slack.dump import dump
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.sender import Sender

Body = Mapping[str, Any]
Answer = dict[str, Any]


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
        actions = (
            self.bot,
            self.command,
            self.click,
            self.act,
            self.submit,
            self.close,
            self.shortcut,
            self.say,
            self.mention,
            self.event,
            self.redeliver,
            self.faults,
            self.channel,
            self.disconnect,
            self.reset,
        )
        return [
            web.get("/control/state", self.state),
            web.get("/control/calls", self.calls),
            web.get("/control/faults", self.show_faults),
            web.get("/control/feed", self.feed),
            *(web.post(f"/control/{action.__name__}", _json(action)) for action in actions),
        ]

    async def state(self, request: web.Request) -> web.Response:
        """`?user=` limits it to what this user sees."""
        world, user = self._people.world, request.query.get("user")
        try:
            viewer = world.workspace.find_user(user).id if user else None
        except SlackError as refusal:
            return web.json_response({"error": refusal.error}, status=400)
        return web.json_response(dump(world, self._people.transport, viewer))

    async def calls(self, request: web.Request) -> web.Response:
        """The bot's calls, the newest `?limit=` of them (200)."""
        limit = request.query.get("limit", "200")
        if not limit.isdecimal():
            return web.json_response({"error": "limit must be a number"}, status=400)
        return web.json_response(self._calls.to_json(int(limit)))

    async def show_faults(self, _request: web.Request) -> web.Response:
        """What is switched on."""
        return web.json_response(self._faults.to_json())

    async def feed(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events of what follows `?after=` (or Last-Event-ID), by default from now on."""
        after = request.headers.get("Last-Event-ID") or request.query.get("after") or ""
        number = int(after) if after.isdecimal() else self._people.world.feed.last
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        try:
            await response.write(b": connected\n\n")
            async for changes in self._people.world.feed.watch(number):
                await response.write(b"".join(map(_sse, changes)) or b": still here\n\n")
        except ConnectionError:
            pass  # the watcher left
        return response

    async def bot(self, body: Body) -> Answer:
        """Where the bot is."""
        self._people.transport.connect(body.get("url"), str(body.get("signing_secret", "")))
        return {"url": self._people.transport.bot_url}

    async def command(self, body: Body) -> Answer:
        """A slash command."""
        text = str(body.get("text", ""))
        return _told(await self._people.command(body["user"], body["channel"], body["command"], text))

    async def click(self, body: Body) -> Answer:
        """An element of a message."""
        return _told(
            await self._people.click(
                body["user"],
                body["channel"],
                body["ts"],
                body["action_id"],
                body.get("value"),
                values=body.get("values") or {},
            )
        )

    async def act(self, body: Body) -> Answer:
        """An element of a modal."""
        return _told(
            await self._people.act(
                body["user"],
                body["action_id"],
                body.get("value"),
                view_id=body.get("view_id"),
                values=body.get("values") or {},
            )
        )

    async def submit(self, body: Body) -> Answer:
        """A modal's submission."""
        values = body.get("values") or {}
        return _told(await self._people.submit(body["user"], values, view_id=body.get("view_id")))

    async def close(self, body: Body) -> Answer:
        """A modal's cancelling."""
        reply = await self._people.close_view(body["user"], view_id=body.get("view_id"))
        return _told(reply) if reply else {"ok": True}

    async def shortcut(self, body: Body) -> Answer:
        """A message shortcut."""
        return _told(
            await self._people.shortcut(body["user"], body["channel"], body["ts"], body["callback_id"])
        )

    async def say(self, body: Body) -> Answer:
        """A person's message."""
        message = self._people.say(
            body["user"], body["channel"], body["text"], thread_ts=body.get("thread_ts")
        )
        return {"message": message.to_json()}

    async def mention(self, body: Body) -> Answer:
        """A mention of the bot."""
        return _told(
            await self._people.mention(
                body["user"], body["channel"], body["text"], thread_ts=body.get("thread_ts")
            )
        )

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

    async def faults(self, body: Body) -> Answer:
        """Switch faults on or (`clear`) off, and set the latency and whether rates are enforced."""
        faults = self._faults
        if body.get("clear"):
            faults.clear(None if body["clear"] is True else str(body["clear"]))
        for fault in body.get("add", ()):
            faults.add(**fault)
        faults.latency_ms = int(body.get("latency_ms", faults.latency_ms))
        self._rates.enforced = bool(body.get("rates", self._rates.enforced))
        return faults.to_json() | {"rates": self._rates.enforced}

    async def channel(self, body: Body) -> Answer:
        """Change a channel: archived, private, members."""
        workspace = self._people.world.workspace
        channel = workspace.find_channel(body["channel"])
        channel.archived = bool(body.get("archived", channel.archived))
        channel.private = bool(body.get("private", channel.private))
        if "members" in body:
            channel.members = {workspace.find_user(member).id for member in body["members"]}
        answer = channel.to_json(workspace.identity.bot_user) | {"members": sorted(channel.members)}
        workspace.feed.publish("channel", answer)
        return answer

    async def disconnect(self, body: Body) -> Answer:
        """Make the bot renew its Socket Mode connections."""
        await self._people.world.sockets.disconnect(str(body.get("reason", "refresh_requested")))
        return {"ok": True}

    async def reset(self, _body: Body) -> Answer:
        """Begin anew."""
        self._reset()
        return {"ok": True}


def _told(reply: Reply) -> Answer:
    return reply.to_json()


def _sse(change: Change) -> bytes:
    return f"id: {change.number}\nevent: {change.kind}\ndata: {json.dumps(change.data)}\n\n".encode()


def _json(action: Callable[[Body], Awaitable[Answer]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            body = await request.json() if request.body_exists else {}
            if not isinstance(body, dict):
                return web.json_response({"error": "the body must be a JSON object"}, status=400)
            return web.json_response(await action(body))
        except SlackError as refusal:
            return web.json_response({"error": refusal.error, "messages": refusal.messages}, status=400)
        except KeyError as unknown:
            return web.json_response({"error": f"missing field: {unknown.args[0]}"}, status=400)
        except (ValueError, TypeError) as wrong:
            return web.json_response({"error": str(wrong)}, status=400)

    return handle
