"""REST API v2: incidents, and whom they reach."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiohttp import web

from bot.sandbox.clock import Clock
from bot.sandbox.pagerduty import rest_shapes as shapes
from bot.sandbox.pagerduty.account import Account, UnknownError
from bot.sandbox.pagerduty.event_problems import KEY_LIMIT
from bot.sandbox.pagerduty.incidents import Incident
from bot.sandbox.pagerduty.people import API, BOT, Person
from bot.sandbox.pagerduty.rates import Rates
from bot.sandbox.pagerduty.rest_changes import TITLE_LIMIT, change
from bot.sandbox.pagerduty.rest_oncalls import oncalls
from bot.sandbox.pagerduty.rest_shapes import RestError, invalid, not_found, page_of

Handler = Callable[[web.Request], Awaitable[web.Response]]

API_KEY = "sandbox-pagerduty-api-key"
ABILITIES = ["sso", "advanced_reports", "teams", "urgencies", "event_rules"]


class RestApi:
    """Incidents and their notes, who is on call, services, escalation policies, users and abilities.

    `shows_keys=False` leaves `incident_key` out, as PagerDuty says it does where incidents have alerts.
    """

    def __init__(self, account: Account, rates: Rates, api_key: str, clock: Clock) -> None:
        self.shows_keys = True
        self._clock = clock
        self._account = account
        self._rates = rates
        self._api_key = api_key

    def routes(self) -> list[web.RouteDef]:
        """What it serves; any other path is not found, in PagerDuty's words."""
        handlers: dict[tuple[str, str], Handler] = {
            ("GET", "/abilities"): self._abilities,
            ("GET", "/users/me"): self._me,
            ("GET", "/users"): self._users,
            ("GET", "/users/{id}"): self._user,
            ("GET", "/services"): self._services,
            ("GET", "/services/{id}"): self._service,
            ("GET", "/escalation_policies"): self._policies,
            ("GET", "/escalation_policies/{id}"): self._policy,
            ("GET", "/oncalls"): self._oncalls,
            ("GET", "/incidents"): self._list,
            ("POST", "/incidents"): self._create,
            ("GET", "/incidents/{id}"): self._get,
            ("PUT", "/incidents/{id}"): self._put,
            ("GET", "/incidents/{id}/notes"): self._notes,
            ("POST", "/incidents/{id}/notes"): self._annotate,
            ("*", "/{path:.*}"): self._nothing,
        }
        return [web.route(method, path, self._guarded(of)) for (method, path), of in handlers.items()]

    def _guarded(self, handler: Handler) -> Handler:
        async def guarded(request: web.Request) -> web.Response:
            if request.headers.get("Authorization") != f"Token token={self._api_key}":
                return RestError(401, 2006, "Authentication failed").response()
            wait = self._rates.refuse_rest()
            if wait is not None:
                return shapes.rate_limited(wait)
            try:
                answer = await handler(request)
            except UnknownError:
                answer = not_found().response()
            except RestError as refusal:
                answer = refusal.response()
            answer.headers.update(self._rates.rest_headers())
            return _as_asked(request, answer)

        return guarded

    async def _nothing(self, _request: web.Request) -> web.Response:
        raise not_found()

    async def _abilities(self, _request: web.Request) -> web.Response:
        return web.json_response({"abilities": ABILITIES})

    async def _me(self, _request: web.Request) -> web.Response:
        return web.json_response({"user": shapes.user(BOT)})

    async def _users(self, request: web.Request) -> web.Response:
        people = [shapes.user(each) for each in self._account.people]
        return page_of(request, "users", _asked_for(request, people, "name", "email"))

    async def _user(self, request: web.Request) -> web.Response:
        return _one("user", request, [shapes.user(each) for each in self._account.people])

    async def _services(self, request: web.Request) -> web.Response:
        whole = shapes.asks_for(request, "integrations")
        services = [shapes.service(each, whole=whole) for each in self._account.services]
        return page_of(request, "services", _asked_for(request, services, "name"))

    async def _service(self, request: web.Request) -> web.Response:
        return _one("service", request, [shapes.service(each) for each in self._account.services])

    async def _policies(self, request: web.Request) -> web.Response:
        policies = [shapes.policy(each) for each in self._account.services]
        return page_of(request, "escalation_policies", _asked_for(request, policies, "name"))

    async def _policy(self, request: web.Request) -> web.Response:
        return _one("escalation_policy", request, [shapes.policy(each) for each in self._account.services])

    async def _oncalls(self, request: web.Request) -> web.Response:
        found = oncalls(self._account.services, request, self._clock())
        return page_of(request, "oncalls", found)

    async def _list(self, request: web.Request) -> web.Response:
        key = request.query.get("incident_key")
        found: Iterable[Incident]
        found = self._account.incidents if key is None else reversed(self._account.under(key))
        statuses = set(request.query.getall("statuses[]", []))
        services = set(request.query.getall("service_ids[]", []))
        matching = [
            each
            for each in found
            if (not statuses or each.status in statuses) and (not services or each.service.id in services)
        ]
        if request.query.get("sort_by", "").endswith(":desc"):
            matching.reverse()
        return page_of(request, "incidents", [self._shown(each) for each in matching])

    async def _get(self, request: web.Request) -> web.Response:
        return web.json_response({"incident": self._shown(self._incident(request))})

    async def _create(self, request: web.Request) -> web.Response:
        requester, wanted = self._requester(request), await _sent(request, "incident")
        title, key = wanted.get("title"), wanted.get("incident_key") or uuid.uuid4().hex
        if not isinstance(title, str) or not 0 < len(title.strip()) <= TITLE_LIMIT:
            raise invalid(f"Title must be a string of 1 to {TITLE_LIMIT} characters")
        if not isinstance(key, str) or len(key) > KEY_LIMIT:
            raise invalid(f"Incident key must be a string of at most {KEY_LIMIT} characters")
        wanted_service = wanted.get("service")
        identity = wanted_service.get("id") if isinstance(wanted_service, dict) else None
        service = next((each for each in self._account.services if each.id == identity), None)
        if service is None:
            raise RestError(400, 5002, "Service Not Found")
        if not service.at_level(1, self._clock()):
            raise RestError(400, 1015, "Escalation Policy Has No User On Call")
        incident = self._account.create(service, key, title, requester.reference)
        if incident is None:
            raise invalid("Open incident with matching dedup key already exists on this service")
        return web.json_response({"incident": self._shown(incident)}, status=201)

    async def _put(self, request: web.Request) -> web.Response:
        incident, requester = self._incident(request), self._requester(request)
        change(self._account, incident, await _sent(request, "incident"), requester)
        return web.json_response({"incident": self._shown(incident)})

    async def _notes(self, request: web.Request) -> web.Response:
        return web.json_response({"notes": [note.to_rest() for note in self._incident(request).notes]})

    async def _annotate(self, request: web.Request) -> web.Response:
        incident, requester = self._incident(request), self._requester(request)
        content = (await _sent(request, "note")).get("content")
        if not isinstance(content, str) or not content.strip():
            raise invalid("Content cannot be empty")
        note = self._account.annotate(incident, content, requester.reference)
        return web.json_response({"note": note.to_rest()}, status=201)

    def _incident(self, request: web.Request) -> Incident:
        return self._account.by_id(request.match_info["id"])

    def _requester(self, request: web.Request) -> Person:
        """In whose name something is changed: the `From` header must be a user's address."""
        sender = request.headers.get("From", "")
        for person in self._account.people:
            if sender and sender == person.email:
                return person
        raise RestError(400, 1008, "Requester User Not Found")

    def _shown(self, incident: Incident) -> dict[str, Any]:
        return incident.to_rest(with_key=self.shows_keys)


def _as_asked(request: web.Request, answer: web.Response) -> web.Response:
    """The answer with `self` leading to where it was asked for, as in each of PagerDuty's regions."""
    answer.text = (answer.text or "").replace(f'"{API}/', f'"{request.url.origin()}/')
    return answer


async def _sent(request: web.Request, name: str) -> dict[str, Any]:
    """The object that a body wraps under its name."""
    try:
        sent = json.loads(await request.read())[name]
    except (ValueError, KeyError, TypeError):
        raise invalid(f"{name} is missing") from None
    if not isinstance(sent, dict):
        raise invalid(f"{name} must be an object")
    return sent


def _one(name: str, request: web.Request, items: list[dict[str, Any]]) -> web.Response:
    for each in items:
        if each["id"] == request.match_info["id"]:
            return web.json_response({name: each})
    raise not_found()


def _asked_for(request: web.Request, items: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """What `?query=` finds by one of these fields."""
    text = request.query.get("query", "").casefold()
    return [each for each in items if any(text in each[name].casefold() for name in names)]
