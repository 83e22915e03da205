"""REST API v2, as far as the bot uses it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.pagerduty.account import Account, UnknownError
from bot.sandbox.pagerduty.incidents import Incident
from bot.sandbox.pagerduty.people import BOT, Person, Service
from bot.sandbox.pagerduty.rates import Rates

API_KEY = "sandbox-pagerduty-api-key"
PAGE = 25
LARGEST_PAGE = 100
ABILITIES = ["sso", "advanced_reports", "teams", "urgencies", "event_rules"]


class RestApi:
    """Incidents, who is on call, services, users and abilities.

    `shows_keys=False` leaves `incident_key` out, as PagerDuty says it does where incidents have alerts.
    """

    def __init__(self, account: Account, rates: Rates, api_key: str) -> None:
        self.shows_keys = True
        self._account = account
        self._rates = rates
        self._api_key = api_key

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        return [
            web.get("/abilities", self._guarded(self._abilities)),
            web.get("/users/me", self._guarded(self._me)),
            web.get("/users", self._guarded(self._users)),
            web.get("/services", self._guarded(self._services)),
            web.get("/oncalls", self._guarded(self._oncalls)),
            web.get("/incidents", self._guarded(self._list)),
            web.get("/incidents/{id}", self._guarded(self._get)),
            web.put("/incidents/{id}", self._guarded(self._put)),
        ]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.StreamResponse:
            if request.headers.get("Authorization") != f"Token token={self._api_key}":
                return error(401, 2006, "Unauthorized")
            wait = self._rates.refuse_rest()
            if wait is not None:
                return rate_limited(wait)
            try:
                return await handler(request)
            except UnknownError:
                return error(404, 2100, "Not Found")

        return guarded

    async def _abilities(self, _request: web.Request) -> web.Response:
        return web.json_response({"abilities": ABILITIES})

    async def _me(self, _request: web.Request) -> web.Response:
        return web.json_response({"user": _user(BOT)})

    async def _users(self, _request: web.Request) -> web.Response:
        return _listed("users", [_user(person) for person in self._account.people])

    async def _services(self, _request: web.Request) -> web.Response:
        return _listed("services", [_service(each) for each in self._account.services])

    async def _oncalls(self, request: web.Request) -> web.Response:
        policies = set(request.query.getall("escalation_policy_ids[]", []))
        people = set(request.query.getall("user_ids[]", []))
        found = [
            _oncall(service, level, person)
            for service in self._account.services
            for level, on_call in enumerate(service.levels, start=1)
            for person in on_call
            if (not policies or service.policy_id in policies) and (not people or person.id in people)
        ]
        return _listed("oncalls", found)

    async def _list(self, request: web.Request) -> web.Response:
        try:
            limit = min(int(request.query.get("limit", PAGE)), LARGEST_PAGE)
            offset = int(request.query.get("offset", 0))
        except ValueError:
            return error(400, 2001, "Invalid Input Provided", ["limit and offset must be integers"])
        key = request.query.get("incident_key")
        found: Iterable[Incident]
        found = self._account.incidents if key is None else reversed(self._account.under(key))
        statuses = set(request.query.getall("statuses[]", []))
        matching = [each for each in found if not statuses or each.status in statuses]
        if request.query.get("sort_by", "").endswith(":desc"):
            matching.reverse()
        page = matching[offset : offset + limit]
        shown = [each.to_rest(with_key=self.shows_keys) for each in page]
        return _listed("incidents", shown, limit=limit, offset=offset, more=len(matching) > offset + limit)

    async def _get(self, request: web.Request) -> web.Response:
        incident = self._account.by_id(request.match_info["id"])
        return web.json_response({"incident": incident.to_rest(with_key=self.shows_keys)})

    async def _put(self, request: web.Request) -> web.Response:
        incident = self._account.by_id(request.match_info["id"])
        try:
            requester = self._account.person(request.headers.get("From", ""))
        except UnknownError:
            return error(400, 1008, "Requester User Not Found")
        try:
            change = json.loads(await request.read())["incident"]
        except (ValueError, KeyError, TypeError):
            return error(400, 2001, "Invalid Input Provided", ["incident is missing"])
        problem = self._problem(incident, change)
        if problem is not None:
            return error(400, 2001, "Invalid Input Provided", [problem])
        self._change(incident, change, requester)
        return web.json_response({"incident": incident.to_rest(with_key=self.shows_keys)})

    def _problem(self, incident: Incident, change: Any) -> str | None:
        if not isinstance(change, dict):
            return "incident must be an object"
        if not incident.open:
            return "Incident Already Resolved"
        if change.get("status") not in {None, "acknowledged", "resolved"}:
            return "Status must be one of acknowledged, resolved"
        level = change.get("escalation_level")
        if level is None:
            return None
        if isinstance(level, bool) or not isinstance(level, int):
            return "Escalation level must be an integer"
        if level > len(incident.service.levels):
            return "Escalation level is invalid"
        return None

    def _change(self, incident: Incident, change: dict[str, Any], requester: Person) -> None:
        if (level := change.get("escalation_level")) is not None:
            self._account.escalate(incident, level, requester.reference)
        match change.get("status"):
            case "acknowledged":
                self._account.acknowledge(incident, requester.reference)
            case "resolved":
                self._account.resolve(incident, requester.reference)
            case _:
                pass


def error(status: int, code: int, message: str, errors: list[str] | None = None) -> web.Response:
    """An error as the REST API words it."""
    body: dict[str, Any] = {"message": message, "code": code}
    if errors:
        body["errors"] = errors
    return web.json_response({"error": body}, status=status)


def rate_limited(wait: int) -> web.Response:
    """The answer to a call that is one too many."""
    response = error(429, 2020, "Rate Limit Exceeded")
    response.headers.update({"ratelimit-limit": "960", "ratelimit-remaining": "0"})
    response.headers["ratelimit-reset"] = str(wait)
    return response


def _listed(
    name: str, items: list[dict[str, Any]], *, limit: int = LARGEST_PAGE, offset: int = 0, more: bool = False
) -> web.Response:
    return web.json_response({name: items, "limit": limit, "offset": offset, "total": None, "more": more})


def _user(person: Person) -> dict[str, Any]:
    return {**person.reference, "type": "user", "name": person.name, "email": person.email}


def _service(service: Service) -> dict[str, Any]:
    return {
        **service.reference,
        "type": "service",
        "name": service.name,
        "status": "active" if service.enabled else "disabled",
        "auto_resolve_timeout": None,
        "acknowledgement_timeout": None,
        "escalation_policy": service.policy_reference,
        "integrations": [service.integration_reference],
    }


def _oncall(service: Service, level: int, person: Person) -> dict[str, Any]:
    return {
        "escalation_policy": service.policy_reference,
        "escalation_level": level,
        "schedule": None,
        "user": person.reference,
        "start": None,
        "end": None,
    }
