"""Alerts and silences as JSON: in API v2, and for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.sandbox.alertmanager.alerts import Alert
from bot.sandbox.alertmanager.matchers import Matcher
from bot.sandbox.alertmanager.routes import RECEIVER
from bot.sandbox.alertmanager.silences import Silence
from bot.sandbox.alertmanager.times import ZERO, with_milliseconds, with_nanoseconds


def alert_json(alert: Alert, silenced_by: Sequence[str]) -> dict[str, Any]:
    """A `gettableAlert` of API v2."""
    return {
        "annotations": dict(alert.annotations),
        "endsAt": with_milliseconds(alert.ends_at),
        "fingerprint": alert.fingerprint,
        "receivers": [{"name": RECEIVER}],
        "startsAt": with_milliseconds(alert.starts_at),
        "status": {"inhibitedBy": [], "silencedBy": list(silenced_by), "state": _state(silenced_by)},
        "updatedAt": with_milliseconds(alert.updated_at),
        **({"generatorURL": alert.generator_url} if alert.generator_url else {}),
        "labels": dict(alert.labels),
    }


def silence_json(silence: Silence, now: int) -> dict[str, Any]:
    """A `gettableSilence` of API v2."""
    return {
        "id": silence.id,
        "status": {"state": silence.state(now)},
        "updatedAt": with_milliseconds(silence.updated_at),
        "comment": silence.comment,
        "createdBy": silence.created_by,
        "endsAt": with_milliseconds(silence.ends_at),
        "matchers": [_matcher_json(each) for each in silence.matchers],
        "startsAt": with_milliseconds(silence.starts_at),
    }


def shown_alert(alert: Alert, silenced_by: Sequence[str], now: int) -> dict[str, Any]:
    """An alert as control shows it: while it lasts without an end, which is put off again and again."""
    over = alert.over(now)
    return {
        "fingerprint": alert.fingerprint,
        "labels": dict(alert.labels),
        "annotations": dict(alert.annotations),
        "generatorURL": alert.generator_url,
        "startsAt": with_nanoseconds(alert.starts_at),
        "endsAt": with_nanoseconds(alert.ends_at if over else ZERO),
        "state": "resolved" if over else _state(silenced_by),
        "silencedBy": [] if over else list(silenced_by),
    }


def _state(silenced_by: Sequence[str]) -> str:
    return "suppressed" if silenced_by else "active"


def _matcher_json(matcher: Matcher) -> dict[str, Any]:
    return {
        "isEqual": matcher.is_equal,
        "isRegex": matcher.is_regex,
        "name": matcher.name,
        "value": matcher.value,
    }
