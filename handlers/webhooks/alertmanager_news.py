"""Alertmanager's webhook of version 4: what it says of a group, or where it says something odd."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from bot.domain.alert import Alert, GroupNews
from bot.domain.text import clean

VERSION = "4"

_KEY_LIMIT = 1000
_NAME_LIMIT = 200
_VALUE_LIMIT = 1000
_ANNOTATION_LIMIT = 2000
_ADDRESS_LIMIT = 2000
_MOST_LABELS = 100
_MOST_TRUNCATED = 1_000_000
_FIRST_YEAR = 1971  # before the year 1 that Go writes for "none", nothing in use has begun to fire
_LAST_YEAR = 9998  # one that no time zone can carry out of what can be written

_CLOCKS_APART = timedelta(days=1)  # an end that lies further ahead than clocks can be apart is none

_WORDS: dict[type, str] = {dict: "an object", list: "a list", str: "text"}


class MalformedNewsError(ValueError):
    """The body is not what Alertmanager sends. The text names the place; it holds nothing of the body."""


def read_news(body: bytes, now: datetime) -> GroupNews:
    """What the webhook says. Raises MalformedNewsError.

    Keys that are not known are left out. Texts are made fit for one line and cut, all but the labels by
    which the group is made: a silence needs them as they are. An alert that is resolved, and
    is told to end in the far future, has ended now.
    """
    message = _message(body)
    alerts = _field(message, "alerts", list, "")
    return GroupNews(
        key=_key(_field(message, "groupKey", str, "")),
        receiver=clean(_text(message.get("receiver")), _NAME_LIMIT),
        group_labels=_texts(message, "groupLabels", "", exact=True),
        common_labels=_texts(message, "commonLabels", ""),
        common_annotations=_texts(message, "commonAnnotations", "", limit=_ANNOTATION_LIMIT),
        external_url=_address(message.get("externalURL")),
        alerts=tuple(_alert(alert, f"alerts[{index}]", now) for index, alert in enumerate(alerts)),
        truncated=_count(message.get("truncatedAlerts")),
    )


def _message(body: bytes) -> Mapping[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedNewsError("the body is not JSON") from error
    if not isinstance(message, dict):
        raise MalformedNewsError("the body is no JSON object")
    version = message.get("version")
    if version != VERSION:
        what = "missing" if version is None else "not the one that opsbot knows"
        raise MalformedNewsError(
            f'version: {what}; expected "{VERSION}", the webhook of Alertmanager 0.9 and later'
        )
    return message


def _alert(alert: Any, place: str, now: datetime) -> Alert:
    if not isinstance(alert, dict):
        raise MalformedNewsError(f"{place}: expected an object")
    labels = _texts(alert, "labels", place, required=True)
    starts_at = _instant(alert.get("startsAt"), f"{place}.startsAt")
    if starts_at is None:
        raise MalformedNewsError(f"{place}.startsAt: missing; expected when it began to fire")
    return Alert(
        fingerprint=_fingerprint(alert.get("fingerprint"), labels),
        starts_at=starts_at,
        ends_at=_end(alert, place, starts_at, now),
        labels=labels,
        annotations=_texts(alert, "annotations", place, limit=_ANNOTATION_LIMIT),
        graph_url=_address(alert.get("generatorURL")),
        seen_at=now,
    )


def _end(alert: Mapping[str, Any], place: str, starts_at: datetime, now: datetime) -> datetime | None:
    """When it was over; None while it fires, whatever is foretold of its end."""
    ends_at = _instant(alert.get("endsAt"), f"{place}.endsAt")
    match alert.get("status"):
        case "firing":
            return None
        case "resolved":
            believed = ends_at if ends_at and ends_at <= now + _CLOCKS_APART else now
            return max(starts_at, believed)
        case _:
            raise MalformedNewsError(f'{place}.status: expected "firing" or "resolved"')


def _instant(value: Any, place: str) -> datetime | None:
    """An instant to the millisecond; None for the year 1, which stands for none."""
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise MalformedNewsError(f"{place}: {_EXPECTED_TIME}") from error
    if at.year < _FIRST_YEAR:
        return None
    if at.year > _LAST_YEAR:
        raise MalformedNewsError(f"{place}: too far in the future")
    at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return at - timedelta(microseconds=at.microsecond % 1000)


_EXPECTED_TIME = "expected a time such as 2026-11-28T09:30:00.123Z"


def _field(holder: Mapping[str, Any], name: str, kind: type, place: str) -> Any:
    found = holder.get(name)
    where = f"{place}.{name}" if place else name
    if found is None:
        raise MalformedNewsError(f"{where}: missing; expected {_WORDS[kind]}")
    if not isinstance(found, kind):
        raise MalformedNewsError(f"{where}: expected {_WORDS[kind]}")
    return found


def _texts(
    holder: Mapping[str, Any],
    name: str,
    place: str,
    *,
    limit: int = _VALUE_LIMIT,
    exact: bool = False,
    required: bool = False,
) -> dict[str, str]:
    """Labels or annotations; what Go has nothing for is null."""
    if holder.get(name) is None and not required:
        return {}
    found: dict[str, Any] = _field(holder, name, dict, place)
    where = f"{place}.{name}" if place else name
    texts: dict[str, str] = {}
    for key, value in islice(found.items(), _MOST_LABELS):
        if not isinstance(value, str):
            shown = clean(key, 60)
            raise MalformedNewsError(f"{where}.{shown}: expected text")
        texts[clean(key, _NAME_LIMIT)] = _exact(value) if exact else clean(value[: 2 * limit], limit)
    return texts


def _exact(value: str) -> str:
    """A text as it is, but for what no database keeps."""
    return value[:_VALUE_LIMIT].replace("\0", "").encode(errors="replace").decode()


def _key(key: str) -> str:
    """The group's key; of one that is too long or cannot be kept the beginning, and what tells it apart."""
    if not key:
        raise MalformedNewsError("groupKey: empty; expected the key of the group")
    kept = key[:_KEY_LIMIT].replace("\0", "").encode(errors="replace").decode()
    if kept == key:
        return key
    return f"{kept}#{hashlib.sha256(key.encode(errors='surrogatepass')).hexdigest()}"


def _fingerprint(value: Any, labels: Mapping[str, str]) -> str:
    """What stands for the labels, also where the sender is too old to say it."""
    if isinstance(value, str) and value.isascii() and value.isalnum() and len(value) <= _NAME_LIMIT:
        return value
    return hashlib.sha256(json.dumps(sorted(labels.items())).encode()).hexdigest()[:16]


def _address(value: Any) -> str | None:
    """An address as text; whether it may be linked is decided where it is shown."""
    return clean(value[: 2 * _ADDRESS_LIMIT], _ADDRESS_LIMIT) or None if isinstance(value, str) else None


def _text(value: Any) -> str:
    return value[:_VALUE_LIMIT] if isinstance(value, str) else ""


def _count(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return min(max(0, value), _MOST_TRUNCATED)
    return 0
