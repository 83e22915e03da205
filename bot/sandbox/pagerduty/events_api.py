"""Events API v2."""

from __future__ import annotations

import json
import uuid
from typing import Any

from aiohttp import web

from bot.sandbox.pagerduty.account import Account
from bot.sandbox.pagerduty.people import Service
from bot.sandbox.pagerduty.rates import Rates

DROPPED = web.RequestKey("dropped", bool)
"""Set on a request that is to be accepted and forgotten."""

SIZE_LIMIT = 512 * 1024
SUMMARY_LIMIT = 1024
KEY_LIMIT = 255
ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "error", "warning", "info")


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
        return self._accept(event, dropped=request.get(DROPPED, False))

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


def problems_of(event: dict[str, Any]) -> list[str]:
    """What PagerDuty finds wrong with an event, in its words."""
    action = event.get("event_action")
    problems = _routing_key_problems(event.get("routing_key"))
    if action not in ACTIONS:
        problems.append("'event_action' must be one of 'trigger', 'acknowledge', 'resolve'")
    key = event.get("dedup_key")
    if key is not None and (not isinstance(key, str) or len(key) > KEY_LIMIT):
        problems.append(f"'dedup_key' must be a string of at most {KEY_LIMIT} characters")
    if action == "trigger":
        return problems + _payload_problems(event.get("payload")) + _link_problems(event.get("links"))
    if not key:
        problems.append("'dedup_key' is missing or blank")
    return problems


def _routing_key_problems(key: Any) -> list[str]:
    if not isinstance(key, str) or not key:
        return ["'routing_key' is missing or blank"]
    problems = []
    if len(key) != 32:  # noqa: PLR2004 - said in the text
        problems.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    if not (key.isascii() and key.isalnum()):
        problems.append("'routing_key' cannot contain non-alphanumeric characters.")
    return problems


def _payload_problems(payload: Any) -> list[str]:
    if not isinstance(payload, dict):
        return ["'payload' is missing or blank"]
    problems = [
        f"'payload.{name}' is missing or blank"
        for name in ("summary", "source", "severity")
        if not isinstance(payload.get(name), str) or not payload[name].strip()
    ]
    if len(str(payload.get("summary", ""))) > SUMMARY_LIMIT:
        problems.append(f"'summary' is too long (maximum is {SUMMARY_LIMIT} characters)")
    if isinstance(payload.get("severity"), str) and payload["severity"] not in SEVERITIES:
        problems.append(
            "'payload.severity' is invalid (must be one of 'critical', 'error', 'warning', 'info')"
        )
    if not isinstance(payload.get("custom_details", {}), dict):
        problems.append("'payload.custom_details' must be an object")
    return problems


def _link_problems(links: Any) -> list[str]:
    if links is None:
        return []
    if isinstance(links, list) and all(isinstance(each, dict) and each.get("href") for each in links):
        return []
    return ["'links' must be a list of objects with an 'href'"]


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
