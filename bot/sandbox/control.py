"""The stand-ins by remote control: JSON over HTTP under `/control/`, and a feed of what changes.

A body that makes no sense is answered 400 with `{"error": text}`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Faults
from bot.sandbox.feed import Change, Feed

Body = dict[str, Any]
Answer = Mapping[str, Any]
Act = Callable[[Body], Answer | Awaitable[Answer]]
Show = Callable[[Mapping[str, str]], Answer]


class Refused(Exception):  # noqa: N818 - an answer on its way out
    """A 400 whose answer says more than `error`."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"error": error, **more}


def posts(acts: Mapping[str, Act]) -> list[web.RouteDef]:
    """`POST /control/{name}` for each act, which takes the body's object (empty where there is no body)."""
    return [web.post(f"/control/{name}", _posted(act)) for name, act in acts.items()]


def shows(views: Mapping[str, Show]) -> list[web.RouteDef]:
    """`GET /control/{name}` for each view, which takes the query."""
    return [web.get(f"/control/{name}", _shown(view)) for name, view in views.items()]


def fault_routes(faults: Faults, settings: Callable[[Body], Answer] = lambda _: {}) -> list[web.RouteDef]:
    """`/control/faults`: GET shows what is switched on, POST changes it, DELETE switches it off.

    DELETE takes one call only where the query names it, as a fault does: `?api=`, `?method=`.
    `settings` takes what else a stand-in lets be set out of the body, and answers with all of that.
    """

    def shown() -> Answer:
        return {**faults.to_json(), **settings({})}

    def changed(body: Body) -> Answer:
        settings(body)
        faults.change(body)
        return shown()

    async def cleared(request: web.Request) -> web.Response:
        faults.clear(request.query.get(faults.called))
        return web.json_response(shown())

    routes = [*shows({"faults": lambda _: shown()}), *posts({"faults": changed})]
    return [*routes, web.delete("/control/faults", cleared)]


def feed_route(feed: Feed) -> web.RouteDef:
    """`GET /control/feed`: server-sent events of what follows `?after=` (or Last-Event-ID), else from now."""

    async def watch(request: web.Request) -> web.StreamResponse:
        after = request.headers.get("Last-Event-ID") or request.query.get("after") or ""
        number = int(after) if after.isdecimal() else feed.last
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        try:
            await response.write(b": connected\n\n")
            async for changes in feed.watch(number):
                await response.write(b"".join(map(_event, changes)) or b": still here\n\n")
        except ConnectionError:
            pass  # the watcher left
        return response

    return web.get("/control/feed", watch)


def _event(change: Change) -> bytes:
    return f"id: {change.number}\nevent: {change.kind}\ndata: {json.dumps(change.data)}\n\n".encode()


def _posted(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            body = await request.json() if request.can_read_body else {}
            if not isinstance(body, dict):
                raise ValueError("the body must be a JSON object")  # noqa: TRY004 - answered below
            answer = act(body)
            return web.json_response(await answer if isawaitable(answer) else answer)
        except _NONSENSE as wrong:
            return _refusal(wrong)

    return handle


def _shown(view: Show) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(view(request.query))
        except _NONSENSE as wrong:
            return _refusal(wrong)

    return handle


_NONSENSE = (Refused, LookupError, TypeError, ValueError)


def _refusal(wrong: Exception) -> web.Response:
    match wrong:
        case Refused():
            answer = wrong.answer
        case KeyError():
            answer = {"error": f"missing field: {wrong.args[0]}"}
        case _:
            answer = {"error": str(wrong)}
    return web.json_response(answer, status=400)
