"""The Web API and the response_urls over HTTP: arguments in, faults and rates, answers out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault, FaultKind, Faults, hang_up
from bot.sandbox.slack.api import METHODS
from bot.sandbox.slack.api.method import Method
from bot.sandbox.slack.calls import Call, CallLog
from bot.sandbox.slack.content import parsed
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.rates import Rates
from bot.sandbox.slack.world import Args, World

RESPONSE_URL = "response_url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The tokens of the app: the bot's, and the app's own for Socket Mode."""

    bot: str = "xoxb-stand-in"
    app: str = "xapp-stand-in"


class WebApi:
    """Answers the bot's calls."""

    def __init__(self, world: World, tokens: Tokens, faults: Faults, rates: Rates, calls: CallLog) -> None:
        self._world = world
        self._tokens = tokens
        self._faults = faults
        self._rates = rates
        self._calls = calls

    async def api(self, request: web.Request) -> web.Response:
        """`/api/{method}`."""
        name = request.match_info["method"]
        wait, fault = self._faults.take(name)
        if wait:
            await asyncio.sleep(wait / 1000)
        if fault is not None and fault.kind is not FaultKind.CUT:
            return await self._fail(request, name, fault)
        values: Mapping[str, Any] = {}
        try:
            values = await _values(request)
            answer = self._run(name, request, _read(name, request, values))
        except SlackError as refusal:
            return self._refuse(name, values, refusal)
        self._record(name, values, "cut" if fault else None)
        if fault is not None:
            return await hang_up(request)
        return web.json_response({"ok": True, **answer}, headers=self._headers(METHODS[name]))

    async def response(self, request: web.Request) -> web.Response:
        """`/response/{id}`: an answer to what a user did."""
        wait, fault = self._faults.take(RESPONSE_URL)
        if wait:
            await asyncio.sleep(wait / 1000)
        if fault is not None and fault.kind is not FaultKind.CUT:
            return await self._fail(request, RESPONSE_URL, fault)
        values: Mapping[str, Any] = {}
        try:
            values = await _values(request)
            self._world.response_urls.use(request.match_info["id"], values)
        except SlackError as refusal:
            self._record(RESPONSE_URL, values, refusal.error)
            gone = refusal.error in {"used_url", "expired_url", "invalid_url"}
            return web.json_response(refusal.to_json(), status=404 if gone else 400)
        self._record(RESPONSE_URL, values, "cut" if fault else None)
        return await hang_up(request) if fault else web.Response(text="ok")

    def _run(self, name: str, request: web.Request, values: Mapping[str, Any]) -> dict[str, Any]:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._check_token(method, request, values)
        if not method.app_level:
            self._world.need_scope(*method.scopes)
        channel = str(values.get("channel")) if method.by_channel else None
        retry_after = self._rates.refuse(name, method.a_minute, channel)
        if retry_after is not None:
            raise SlackError("ratelimited", retry_after=retry_after)
        return method.run(self._world, Args(values, f"{request.scheme}://{request.host}"))

    def _check_token(self, method: Method, request: web.Request, values: Mapping[str, Any]) -> None:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        token = bearer or str(values.get("token") or "")
        if not token:
            raise SlackError("not_authed")
        if token not in {self._tokens.bot, self._tokens.app}:
            raise SlackError("invalid_auth")
        if token != (self._tokens.app if method.app_level else self._tokens.bot):
            raise SlackError("not_allowed_token_type")

    def _refuse(self, name: str, values: Mapping[str, Any], refusal: SlackError) -> web.Response:
        self._record(name, values, refusal.error)
        if refusal.error == "ratelimited":
            return too_many(refusal.extra["retry_after"])
        method = METHODS.get(name)
        return web.json_response(refusal.to_json(), headers=self._headers(method) if method else None)

    async def _fail(self, request: web.Request, name: str, fault: Fault) -> web.Response:
        if fault.kind is FaultKind.RATELIMITED:
            self._record(name, {}, "ratelimited")
            return too_many(fault.retry_after)
        if fault.kind is FaultKind.STATUS:
            self._record(name, {}, f"http_{fault.status}")
            return web.Response(status=fault.status, text="upstream error", content_type="text/html")
        if fault.kind is FaultKind.ERROR:
            self._record(name, {}, fault.error)
            return web.json_response({"ok": False, "error": fault.error})
        self._record(name, {}, "down")
        return await hang_up(request)

    def _headers(self, method: Method) -> dict[str, str]:
        return {
            "X-OAuth-Scopes": ",".join(sorted(self._world.scopes)),
            "X-Accepted-OAuth-Scopes": ",".join(method.scopes),
        }

    def _record(self, name: str, values: Mapping[str, Any], error: str | None) -> None:
        args = {key: value for key, value in values.items() if key != "token"}
        self._calls.record(Call(method=name, at=self._world.clock(), error=error, args=args))


def _read(name: str, request: web.Request, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments that the method reads: some leave a JSON body unread."""
    method = METHODS.get(name)
    if method is not None and method.form_only and request.content_type == "application/json":
        return dict(request.query)
    return values


def too_many(retry_after: int) -> web.Response:
    """Slack's 429."""
    headers = {"Retry-After": str(retry_after)}
    return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)


async def _values(request: web.Request) -> dict[str, Any]:
    """The call's arguments: of the query, and of a form or JSON body."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = parsed((await request.read()).decode("utf-8", "replace") or "{}", "invalid_json")
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        values |= body
    elif request.body_exists:
        values |= dict(await request.post())
    return values
