"""What people and tests do to the account and its surroundings, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.pagerduty.account import UnknownError
from bot.sandbox.pagerduty.acts import StandIn

Act = Callable[[dict[str, Any]], dict[str, Any] | None]
_HEARTBEAT = 15.0


class Control:
    """The routes under `/control/`. Bodies are JSON objects; an error comes as `{"error": text}` and 400."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        acts: dict[str, Act] = {
            "acknowledge": lambda body: self._person_act("acknowledge", body),
            "resolve": lambda body: self._person_act("resolve", body),
            "escalate": lambda body: self._person_act("escalate", body, level=body.get("level")),
            "reassign": lambda body: self._person_act("reassign", body, to=body.get("to", "")),
            "reopen": lambda body: self._person_act("reopen", body),
            "merge": lambda body: self._person_act("merge", body, into=body.get("into", "")),
            "unacknowledge": lambda body: self._stand_in.unacknowledge(_incident(body)).to_json(),
            "faults": self._fault,
            "settings": self._settings,
            "services": self._service,
            "webhook": self._webhook,
            "reset": lambda _body: self._stand_in.reset(),
        }
        return [
            web.get("/control/state", self._state),
            web.get("/control/feed", self._feed),
            web.delete("/control/faults", self._clear_faults),
            *(web.post(f"/control/{name}", _handler(act)) for name, act in acts.items()),
        ]

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(self._stand_in.state())

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._stand_in.faults.clear(request.query.get("api"))
        return web.json_response(self._stand_in.faults.to_json())

    async def _feed(self, request: web.Request) -> web.StreamResponse:
        feed = self._stand_in.feed
        try:
            number = int(request.headers.get("Last-Event-ID") or request.query.get("since") or feed.last)
        except ValueError:
            number = feed.last
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        async for changes in feed.watch(number, heartbeat=_HEARTBEAT):
            lines = [
                f"id: {change.number}\nevent: {change.kind}\ndata: {json.dumps(change.data)}\n\n"
                for change in changes
            ]
            try:
                await response.write("".join(lines or [": still here\n\n"]).encode())
            except ConnectionError:
                break
        return response

    def _person_act(self, name: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        act = getattr(self._stand_in, name)
        given = {key: value for key, value in more.items() if value is not None}
        if "person" in body:
            given["person"] = body["person"]
        shown: dict[str, Any] = act(_incident(body), **given).to_json()
        return shown

    def _fault(self, body: dict[str, Any]) -> dict[str, Any]:
        if "latency_ms" in body:
            self._stand_in.faults.latency_ms = int(body.pop("latency_ms"))
        if body:
            self._stand_in.faults.add(**body)
        return self._stand_in.faults.to_json()

    def _settings(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._stand_in.configure(**body)

    def _service(self, body: dict[str, Any]) -> dict[str, Any]:
        return self._stand_in.put_service(**body).to_json()

    def _webhook(self, body: dict[str, Any]) -> dict[str, Any] | None:
        if not body:
            self._stand_in.webhooks.subscribe(None)
            return None
        return self._stand_in.subscribe(**body).to_json()


def _incident(body: dict[str, Any]) -> str:
    found = body.get("incident") or body.get("key")
    if isinstance(found, str):
        return found
    raise ValueError("\"incident\" is missing: a page's key, or PagerDuty's id")


async def _body(request: web.Request) -> dict[str, Any]:
    body = await request.json() if request.can_read_body else {}
    if isinstance(body, dict):
        return body
    raise ValueError("the body must be a JSON object")


def _handler(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(act(await _body(request)) or {})
        except (ValueError, TypeError, UnknownError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return handle
