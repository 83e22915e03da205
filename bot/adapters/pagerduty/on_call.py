"""Who is on call, by PagerDuty's REST API.

A tier is known by its routing key alone. That leads to the service that it belongs to, and the service to
its escalation policy. Which service it is stays so, and is looked for once; its policy may be changed, and is
read each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from typing_extensions import override

from bot.adapters.pagerduty.calls import API_URL, OVERALL_SECONDS, Json, RestCalls, Secret, revealed
from bot.domain.on_call import Turn
from bot.domain.text import clean
from bot.ports.failures import PermanentFailure, TemporaryFailure
from bot.ports.on_call import OnCall, OnCallPerson

THREADS = 2
CLOSE_SECONDS = 0.5
PAGE = 100
MOST_PAGES = 20
"""Two thousand services are looked through."""

MOST_TURN_PAGES = 5
"""Five hundred turns are looked through: more than there are in the weeks that are asked for."""

_NAME_LIMIT = 80
_WHAT = "who is on call"


class PagerDutyOnCall(OnCall):
    """Asks PagerDuty; an answer is there, or has failed, within ten seconds."""

    def __init__(
        self,
        *,
        routing_keys: Mapping[str, Secret | str],
        api_key: Secret | str,
        api_url: str = API_URL,
        overall_seconds: float = OVERALL_SECONDS,
    ) -> None:
        self._routing_keys = dict(routing_keys)
        self._services: dict[str, str] = {}
        self._calls = RestCalls(
            api_key=api_key,
            api_url=api_url,
            name="pagerduty-on-call",
            count=THREADS,
            overall_seconds=overall_seconds,
        )

    @override
    async def who(self, tier: str, level: int | None = None) -> tuple[OnCallPerson, ...]:
        async with self._calls.in_time(_WHAT):
            policy = await self._policy(tier)
            query = {
                "escalation_policy_ids": [policy],
                "include": ["users"],
                "earliest": "true",
                "limit": PAGE,
            }
            found = await self._calls.get(_WHAT, ("oncalls",), query)
            return _people(_rows(found, "oncalls"), level or 1)

    @override
    async def turns(
        self, tier: str, level: int | None = None, *, since: datetime, until: datetime
    ) -> tuple[Turn, ...]:
        async with self._calls.in_time(_WHAT):
            policy = await self._policy(tier)
            turns: list[Turn] = []
            for page in range(MOST_TURN_PAGES):
                query = {
                    "escalation_policy_ids": [policy],
                    "include": ["users"],
                    "earliest": "false",
                    "since": _written(since),
                    "until": _written(until),
                    "limit": PAGE,
                    "offset": page * PAGE,
                }
                found = await self._calls.get(_WHAT, ("oncalls",), query)
                turns.extend(_turns(_rows(found, "oncalls"), level or 1))
                if found.get("more") is not True:
                    break
            return tuple(turns)

    async def aclose(self) -> None:
        """Let go of the threads, also of those that hang."""
        await self._calls.aclose(CLOSE_SECONDS)

    async def _policy(self, tier: str) -> str:
        """The id of the escalation policy of the service that a tier's routing key belongs to."""
        if tier in self._services:
            try:
                found = await self._calls.get(_WHAT, ("services", self._services[tier]))
            except PermanentFailure:  # removed, and the key may belong to another one now
                del self._services[tier]
            else:
                return _policy_of(_object(found.get("service")))
        service = await self._service(tier)
        self._services[tier] = str(service["id"])
        return _policy_of(service)

    async def _service(self, tier: str) -> Json:
        routing_key = self._routing_keys.get(tier)
        if routing_key is None:
            variable = f"PAGERDUTY_ROUTING_KEY_{tier.upper().replace('-', '_')}"
            raise PermanentFailure(f"Nobody can be asked who is on call for {tier}: set {variable}.")
        wanted = revealed(routing_key)
        for page in range(MOST_PAGES):
            query = {"include": ["integrations"], "limit": PAGE, "offset": page * PAGE}
            found = await self._calls.get(_WHAT, ("services",), query)
            for service in _rows(found, "services"):
                if wanted in _keys(service) and _text(service.get("id")):
                    return service
            if found.get("more") is not True:
                break
        raise PermanentFailure(
            f"PagerDuty shows no service with the routing key of {tier}: give opsbot an API key that "
            "may read all services."
        )


def _turns(oncalls: Iterator[Json], level: int) -> Iterator[Turn]:
    """Those of a level, as they come: somebody may have several, by one schedule or more."""
    for each in oncalls:
        user = _object(each.get("user"))
        name = _name(user)
        if each.get("escalation_level") == level and name:
            yield Turn(
                name=name,
                email=_text(user.get("email")),
                zone=_zone(_text(user.get("time_zone"))),
                starts=_instant(each.get("start")),
                ends=_instant(each.get("end")),
            )


def _people(oncalls: Iterator[Json], level: int) -> tuple[OnCallPerson, ...]:
    """Those of a level, each once: somebody may be on call by more than one schedule."""
    found: dict[str, OnCallPerson] = {}
    for each in oncalls:
        user = _object(each.get("user"))
        identity = _text(user.get("id"))
        name = _name(user)
        if each.get("escalation_level") == level and identity and name:
            found[identity] = OnCallPerson(name=name, email=_text(user.get("email")))
    return tuple(found.values())


def _name(user: Json) -> str:
    return clean(_text(user.get("name")) or _text(user.get("summary")) or "", _NAME_LIMIT)


def _zone(name: str | None) -> ZoneInfo | None:
    """The zone of a user's clock; None where its name is none that is known here."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _instant(value: Any) -> datetime | None:
    """None for what goes on for good. Raises TemporaryFailure for what is no instant."""
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _unknown_form("oncalls") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rows(found: Json, name: str) -> Iterator[Json]:
    rows = found.get(name)
    if not isinstance(rows, list):
        raise _unknown_form(name)
    return map(_object, rows)


def _policy_of(service: Json) -> str:
    policy = _text(_object(service.get("escalation_policy")).get("id"))
    if policy is None:
        raise _unknown_form("services")
    return policy


def _keys(service: Json) -> Iterator[Any]:
    integrations = service.get("integrations")
    rows = integrations if isinstance(integrations, list) else []
    return (_object(each).get("integration_key") for each in rows)


def _unknown_form(what: str) -> TemporaryFailure:
    return TemporaryFailure(
        f"PagerDuty's REST API shows {what} in a form that is not known here: check PAGERDUTY_API_URL."
    )


def _object(value: Any) -> Json:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
