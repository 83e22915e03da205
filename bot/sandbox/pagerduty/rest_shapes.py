"""What the REST API's answers look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.sandbox.pagerduty.people import Person, Service

PAGE = 25
LARGEST_PAGE = 100
FURTHEST = 10_000
LONGEST_DELAY_MINUTES = 1440


class RestError(Exception):
    """A refusal: HTTP status, PagerDuty's code and message, and what it adds for humans."""

    def __init__(self, status: int, code: int, message: str, *errors: str) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"message": message, "code": code}
        if errors:
            self.body["errors"] = list(errors)

    def response(self) -> web.Response:
        """It as an answer."""
        return web.json_response({"error": self.body}, status=self.status)


def invalid(*errors: str) -> RestError:
    """The refusal of arguments."""
    return RestError(400, 2001, "Invalid Input Provided", *errors)


def not_found() -> RestError:
    """The refusal of what is not there."""
    return RestError(404, 2100, "Not Found")


def rate_limited(wait: int) -> web.Response:
    """The answer to a call that is one too many."""
    response = RestError(429, 2020, "Rate Limit Exceeded").response()
    response.headers.update({"ratelimit-limit": "960", "ratelimit-remaining": "0"})
    response.headers["ratelimit-reset"] = str(wait)
    return response


def page_of(request: web.Request, name: str, items: Sequence[dict[str, Any]]) -> web.Response:
    """The part of a list that `limit` and `offset` ask for; `total` only where that is asked for, too.

    Raises `RestError`.
    """
    try:
        limit = min(int(request.query.get("limit", PAGE)), LARGEST_PAGE)
        offset = int(request.query.get("offset", 0))
    except ValueError:
        raise invalid("limit and offset must be integers") from None
    if limit < 1 or offset < 0:
        raise invalid("limit must be positive, and offset must not be negative")
    if limit + offset > FURTHEST:
        raise invalid(f"Offset and limit must not exceed {FURTHEST} together")
    return web.json_response(
        {
            name: items[offset : offset + limit],
            "limit": limit,
            "offset": offset,
            "more": len(items) > offset + limit,
            "total": len(items) if request.query.get("total") == "true" else None,
        }
    )


def user(person: Person) -> dict[str, Any]:
    """A user."""
    return {
        **person.reference,
        "type": "user",
        "name": person.name,
        "email": person.email,
        "time_zone": person.time_zone,
        "role": "user",
    }


def asks_for(request: web.Request, what: str) -> bool:
    """Whether what is referred to is to be shown whole: `include[]=users`."""
    return what in request.query.getall("include[]", ())


def service(shown: Service, *, whole: bool = False) -> dict[str, Any]:
    """A service; `whole`: with its integration and the key of that, which is only referred to otherwise."""
    integration = shown.integration_reference
    if whole:
        integration |= {
            "type": "events_api_v2_inbound_integration",
            "name": "Events API v2",
            "service": shown.reference,
            "integration_key": shown.routing_key,
        }
    return {
        **shown.reference,
        "type": "service",
        "name": shown.name,
        "status": shown.status,
        "auto_resolve_timeout": shown.auto_resolve_timeout,
        "acknowledgement_timeout": shown.acknowledgement_timeout,
        "alert_creation": "create_alerts_and_incidents",
        "incident_urgency_rule": {"type": "constant", "urgency": "severity_based"},
        "escalation_policy": shown.policy_reference,
        "integrations": [integration],
        "teams": [],
    }


def policy(shown: Service) -> dict[str, Any]:
    """A service's escalation policy. One that never climbs by itself shows the longest delay there is."""
    return {
        **shown.policy_reference,
        "type": "escalation_policy",
        "name": f"{shown.name} policy",
        "num_loops": 0,
        "on_call_handoff_notifications": "if_has_services",
        "escalation_rules": [
            {
                "id": f"{shown.policy_id}RULE{level}",
                "escalation_delay_in_minutes": shown.escalation_minutes or LONGEST_DELAY_MINUTES,
                "targets": [target.reference for target in targets],
            }
            for level, targets in enumerate(shown.levels, start=1)
        ],
        "services": [shown.reference],
        "teams": [],
    }
