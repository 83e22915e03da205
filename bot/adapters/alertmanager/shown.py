"""What Alertmanager's API v2 shows, read carefully."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.alert import Alert
from bot.domain.text import clean
from bot.ports.silencer import RemoteAlert, RemoteGroup, RemoteSilence, RemoteState

COMMENT_LIMIT = 500
_NAME_LIMIT = 80

_MARK = re.compile(r" ?\[opsbot ([0-9A-Za-z-]{1,64})\]\s*\Z")


def marked(comment: str, mark: str) -> str:
    """A comment as Alertmanager gets it: with the bot's mark at its end, so that it is found again."""
    return f"{comment} [opsbot {mark}]" if comment else f"[opsbot {mark}]"


def silence_of(raw: Any) -> RemoteSilence:
    """A silence as the port has it. Raises ValueError for what has no known form."""
    found = _object(raw)
    comment = found.get("comment")
    comment = comment if isinstance(comment, str) else ""
    mark = _MARK.search(comment)
    return RemoteSilence(
        id=_text(found, "id"),
        state=RemoteState(_text(_object(found.get("status")), "state")),
        by=clean(_optional(found, "createdBy") or "somebody", _NAME_LIMIT) or "somebody",
        comment=clean(comment[: mark.start()] if mark else comment, COMMENT_LIMIT),
        starts_at=_instant(found, "startsAt"),
        ends_at=_instant(found, "endsAt"),
        mark=mark[1] if mark else None,
    )


def alert_of(raw: Any, *, seen_at: datetime) -> RemoteAlert:
    """An alert that fires, as the port has it. Raises ValueError."""
    found = _object(raw)
    status = _object(found.get("status"))
    silenced_by = _texts(status.get("silencedBy"))
    alert = Alert(
        fingerprint=_text(found, "fingerprint"),
        starts_at=_instant(found, "startsAt"),
        ends_at=None,
        labels=_labels(found.get("labels")),
        annotations=_labels(found.get("annotations")),
        graph_url=_optional(found, "generatorURL"),
        seen_at=seen_at,
    )
    receivers = found.get("receivers")
    return RemoteAlert(
        alert=alert,
        receivers=tuple(_text(_object(one), "name") for one in receivers)
        if isinstance(receivers, list)
        else (),
        silenced_by=silenced_by,
        muted=bool(_texts(status.get("inhibitedBy")) or _texts(status.get("mutedBy"))),
    )


def group_of(raw: Any) -> RemoteGroup:
    """A group as the port has it. Raises ValueError."""
    found = _object(raw)
    alerts = found.get("alerts")
    if not isinstance(alerts, list):
        raise ValueError("a group without alerts")  # noqa: TRY004 - what is wrong is a text from outside
    return RemoteGroup(
        receiver=_text(_object(found.get("receiver")), "name"),
        labels=_labels(found.get("labels")),
        fingerprints=frozenset(_text(_object(one), "fingerprint") for one in alerts),
    )


def instant(text: Any) -> datetime:
    """An instant, cut to milliseconds. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError("no instant")  # noqa: TRY004 - the same
    at = datetime.fromisoformat(text).astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _instant(found: Mapping[str, Any], name: str) -> datetime:
    try:
        return instant(found.get(name))
    except OverflowError as error:
        raise ValueError(name) from error


def _labels(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    return {name: text for name, text in _object(value).items() if isinstance(text, str)}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _optional(found: Mapping[str, Any], name: str) -> str | None:
    value = found.get(name)
    return value if isinstance(value, str) and value else None


def _text(found: Mapping[str, Any], name: str) -> str:
    value = _optional(found, name)
    if value is None:
        raise ValueError(f"there is no {name}")
    return value


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - the same
    return value
