"""PagerDuty's v3 webhooks: is one signed by PagerDuty, and what does it say."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.text import clean
from bot.ports.pager_news import PagerNews, PagerNewsKind

SIGNATURE_HEADER = "X-PagerDuty-Signature"
DELIVERY_HEADER = "X-Webhook-Id"

_VERSION = "v1="
_TEXT_LIMIT = 255
_NAME_LIMIT = 80
_PREFIX = "incident."


class MalformedNewsError(ValueError):
    """The body of a webhook is not what PagerDuty sends. The text says what is missing."""


def is_signed(body: bytes, signature: str | None, secrets: Iterable[str]) -> bool:
    """Whether one of the header's signatures is that of the raw body with one of the secrets.

    There are several signatures while PagerDuty rotates a secret, and several secrets while we do.
    """
    claimed = [part.strip() for part in (signature or "").split(",")]
    given = [part.removeprefix(_VERSION).encode() for part in claimed if part.startswith(_VERSION)]
    right = [
        hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode() for secret in secrets if secret
    ]
    # A list, not a generator: each pair is compared, so that time tells nothing of where one matched.
    return any([hmac.compare_digest(one, other) for one in given for other in right])  # noqa: C419


def read_news(body: bytes) -> PagerNews:
    """What the webhook says. Raises `MalformedNewsError`.

    Types of event that are not known come as kind OTHER: they are to be answered with 202 as well,
    because PagerDuty gives up on a subscription that refuses three.
    """
    event = _event(body)
    kind = _kind(_required(event, "event_type"))
    data = _object(event.get("data"))
    incident = data if kind is not PagerNewsKind.OTHER else _object(data.get("incident"))
    return PagerNews(
        event_id=_required(event, "id"),
        kind=kind,
        key=_text(incident.get("incident_key")),
        incident_id=_incident_id(incident, kind),
        at=_instant(event.get("occurred_at")),
        by_person=_person(_object(event.get("agent"))),
        merged=_object(incident.get("resolve_reason")).get("type") == "merge_resolve_reason",
        html_url=_text(incident.get("html_url")),
    )


def _event(body: bytes) -> Mapping[str, Any]:
    try:
        event = _object(json.loads(body)).get("event")
    except (ValueError, RecursionError) as error:
        raise MalformedNewsError("The webhook's body is not JSON.") from error
    if not isinstance(event, dict):
        raise MalformedNewsError("The webhook's body has no event.")
    return event


def _kind(event_type: str) -> PagerNewsKind:
    if event_type.startswith(_PREFIX):
        try:
            return PagerNewsKind(event_type.removeprefix(_PREFIX))
        except ValueError:
            pass
    return PagerNewsKind.OTHER


def _incident_id(incident: Mapping[str, Any], kind: PagerNewsKind) -> str | None:
    found = _text(incident.get("id"))
    if found is None and kind is not PagerNewsKind.OTHER:
        raise MalformedNewsError("The webhook's event names no incident: event.data.id is missing.")
    return found


def _instant(text: Any) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise MalformedNewsError("The webhook's event has no occurred_at, or it is no instant.") from error
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _person(agent: Mapping[str, Any]) -> str | None:
    if agent.get("type") != "user_reference":
        return None
    return clean(_text(agent.get("summary")) or "", _NAME_LIMIT) or "somebody"


def _required(event: Mapping[str, Any], name: str) -> str:
    found = _text(event.get(name))
    if found is None:
        raise MalformedNewsError(f"The webhook's event has no {name}.")
    return found


def _text(value: Any) -> str | None:
    return clean(value, _TEXT_LIMIT) or None if isinstance(value, str) else None


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
