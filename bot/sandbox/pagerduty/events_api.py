"""Events API v2."""

from __future__ import annotations

import json
import uuid
from typing import Any

from aiohttp import web

from bot.sandbox.faults import FAULT
from bot.sandbox.pagerduty.account import Account
from bot.sandbox.pagerduty.event_problems import problems_of
from bot.sandbox.pagerduty.people import Service
from bot.sandbox.pagerduty.rates import Rates

SIZE_LIMIT = 512 * 1024


class EventsApi:
    """`POST /v2/enqueue`."""

    def __init__(self, account: Account, rates: Rates) -> None:
        self._account = account
        self._rates = rates

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        return [web.post("/v2/enqueue", self._enqueue)]

    async def _enqueue(self, request: web.Request) -> web.Response:
        body = await request.read()
        if len(body) > SIZE_LIMIT:
            return web.json_response({"status": "invalid event", "message": "Event is too large"}, status=413)
        try:
            event = json.loads(body)
        except ValueError:
            return _unrecognized()
        if not isinstance(event, dict):
            return _unrecognized()
        return self._accept(event, dropped=request.get(FAULT) is not None)

    def _accept(self, event: dict[str, Any], *, dropped: bool) -> web.Response:
        problems = problems_of(event)
        if problems:
            return _invalid(problems)
        service = self._account.service_of(event["routing_key"])
        if service is None:
            return _invalid(["Invalid routing key"])
        wait = self._rates.refuse_event(service.routing_key)
        if wait is not None:
            return throttled(wait)
        key = event.get("dedup_key") or uuid.uuid4().hex
        if not dropped:
            self._carry_out(service, key, event)
        return web.json_response(
            {"status": "success", "message": "Event processed", "dedup_key": key}, status=202
        )

    def _carry_out(self, service: Service, key: str, event: dict[str, Any]) -> None:
        match event["event_action"]:
            case "trigger":
                self._account.trigger(service, key, event)
            case "acknowledge":
                self._account.acknowledge_event(service, key)
            case _:
                self._account.resolve_event(service, key)


def throttled(wait: int) -> web.Response:
    """The answer to an event that is one too many. PagerDuty itself does not say for how long."""
    return web.json_response(
        {
            "status": "throttle exceeded",
            "message": "Requests for this service are arriving too quickly.  Please retry later.",
        },
        status=429,
        headers={"Retry-After": str(wait)},
    )


def _invalid(problems: list[str]) -> web.Response:
    body = {"status": "invalid event", "message": "Event object is invalid", "errors": problems}
    return web.json_response(body, status=400)


def _unrecognized() -> web.Response:
    body = {
        "status": "Unrecognized object",
        "message": "Event object format is unrecognized",
        "errors": ["JSON parse error"],
    }
    return web.json_response(body, status=400)
