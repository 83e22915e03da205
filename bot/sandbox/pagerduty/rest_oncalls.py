"""Who is on call, as `GET /oncalls` shows it: for good, or by the turns of a schedule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from aiohttp import web

from bot.sandbox.pagerduty.people import Person, Schedule, Service, Target, Turn
from bot.sandbox.pagerduty.rest_shapes import asks_for, invalid, user

LONGEST = timedelta(days=90)
_MS = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def oncalls(services: Iterable[Service], request: web.Request, now: int) -> list[dict[str, Any]]:
    """What a request asks for, `now` where it names no range of time. Raises `RestError`."""
    since, until = _range(request, now)
    policies = set(request.query.getall("escalation_policy_ids[]", []))
    people = set(request.query.getall("user_ids[]", []))
    found = [
        _OnCall(service, level, target, person, turn)
        for service in services
        if not policies or service.policy_id in policies
        for level, targets in enumerate(service.levels, start=1)
        for target in targets
        for person, turn in _there(target, since, until)
        if not people or person.id in people
    ]
    if request.query.get("earliest") == "true":
        found = list(_earliest(found))
    whole = asks_for(request, "users")
    return [_shown(one, whole=whole) for one in found]


class _OnCall(NamedTuple):
    """That somebody is on call at a level of a service's policy: for good, or for a turn of a schedule."""

    service: Service
    level: int
    target: Target
    person: Person
    turn: Turn | None


def _earliest(found: Iterable[_OnCall]) -> Iterator[_OnCall]:
    """The first of each person at each level of each policy."""
    seen: set[tuple[str, int, str]] = set()
    for one in found:
        place = (one.service.policy_id, one.level, one.person.id)
        if place not in seen:
            seen.add(place)
            yield one


def _there(target: Target, since: int, until: int) -> Iterator[tuple[Person, Turn | None]]:
    if isinstance(target, Schedule):
        yield from ((turn.person, turn) for turn in target.between(since, until))
    else:
        yield target, None


def _shown(one: _OnCall, *, whole: bool) -> dict[str, Any]:
    """How it is shown; `whole`: with the person's address and time zone."""
    target, turn = one.target, one.turn
    return {
        "escalation_policy": one.service.policy_reference,
        "escalation_level": one.level,
        "schedule": target.reference if isinstance(target, Schedule) else None,
        "user": user(one.person) if whole else one.person.reference,
        "start": _iso(turn.starts) if turn else None,
        "end": _iso(turn.ends) if turn else None,
    }


def _range(request: web.Request, now: int) -> tuple[int, int]:
    since = _instant(request, "since", now)
    until = _instant(request, "until", max(since, now))
    if until < since:
        raise invalid("until must be after since")
    if (until - since) * _MS > LONGEST:
        raise invalid(f"The time range must not exceed {LONGEST.days} days")
    return since, until


def _instant(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name)
    if text is None:
        return default
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"{name} must be an ISO 8601 date") from None
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // _MS


def _iso(milliseconds: int) -> str:
    """An instant as this resource writes it: to the second."""
    return (_EPOCH + milliseconds * _MS).strftime("%Y-%m-%dT%H:%M:%SZ")
