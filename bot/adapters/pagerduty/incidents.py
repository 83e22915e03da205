"""What PagerDuty's REST API shows of an incident, read carefully."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.text import clean
from bot.ports.failures import TemporaryFailure
from bot.ports.pager import PagerIncident, PagerStatus

_NAME_LIMIT = 80

Json = Mapping[str, Any]


def newest_of(found: Json) -> Json | None:
    """The first incident of a list, which is checked. Raises TemporaryFailure where it has no known form."""
    incidents = found.get("incidents")
    if not isinstance(incidents, list):
        raise _unknown_form()
    return _checked(incidents[0]) if incidents else None


def incident_in(found: Json) -> Json:
    """The incident of an answer, which is checked. Raises TemporaryFailure where it has no known form."""
    return _checked(found.get("incident"))


def incident_of(raw: Json, *, key: str) -> PagerIncident:
    """A checked incident as the port has it."""
    by, at = _last_act(raw)
    return PagerIncident(
        key=key,
        incident_id=raw["id"],
        status=PagerStatus(raw["status"]),
        by_person=person(by),
        at=_instant(at),
        html_url=_text(raw.get("html_url")),
    )


def merged_into(raw: Json) -> str | None:
    """The id of the incident that this one was merged into: it shows as resolved, but nobody resolved it."""
    reason = _object(raw.get("resolve_reason"))
    if reason.get("type") != "merge_resolve_reason":
        return None
    return _text(_object(reason.get("incident")).get("id"))


def assignees(raw: Json) -> tuple[str, ...]:
    """The ids of those who hold the incident now."""
    held = (_object(_object(each).get("assignee")).get("id") for each in _list(raw.get("assignments")))
    return tuple(found for found in map(_text, held) if found)


def policy(raw: Json) -> str | None:
    """The id of the escalation policy by which the incident climbs."""
    return _text(_object(raw.get("escalation_policy")).get("id"))


def lowest_level(oncalls: Any) -> int | None:
    """The lowest escalation level of those on call, or None where nobody is shown.

    PagerDuty's incidents do not say at which level they are; whoever holds one is on call at it.
    """
    shown = (_object(each).get("escalation_level") for each in _list(oncalls))
    levels = [level for level in shown if isinstance(level, int)]
    return min(levels, default=None)


def person(agent: Any) -> str | None:
    """The name of an agent, if it is a person: services and integrations act, too."""
    agent = _object(agent)
    if agent.get("type") not in {"user_reference", "user"}:
        return None
    return clean(_text(agent.get("summary")) or "", _NAME_LIMIT) or "somebody"


def _checked(raw: Any) -> Json:
    incident = _object(raw)
    if _text(incident.get("id")) is None or incident.get("status") not in set(PagerStatus):
        raise _unknown_form()
    return incident


def _unknown_form() -> TemporaryFailure:
    return TemporaryFailure(
        "PagerDuty's REST API shows incidents in a form that is not known here: check PAGERDUTY_API_URL."
    )


def _last_act(raw: Json) -> tuple[Any, Any]:
    acknowledgements = _list(raw.get("acknowledgements"))
    if raw.get("status") == PagerStatus.ACKNOWLEDGED and acknowledgements:
        last = _object(acknowledgements[-1])
        return last.get("acknowledger"), last.get("at")
    return raw.get("last_status_change_by"), raw.get("last_status_change_at")


def _instant(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
