"""The webhook of version 4: its body, and posting it until it is taken or time is up."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import aiohttp

from bot.sandbox.alertmanager.alerts import Alert
from bot.sandbox.alertmanager.groups import Telling
from bot.sandbox.alertmanager.labels import LabelSet
from bot.sandbox.alertmanager.routes import RECEIVER
from bot.sandbox.alertmanager.times import SECOND, ZERO, with_nanoseconds

VERSION = "0.25.0"
SENDING = "sending"
USER_AGENT = f"Alertmanager/{VERSION}"

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0
_GROWTH = 1.5
_SPREAD = 0.5
_LEAST_PATIENCE_SECONDS = 10.0

_SUCCESS = range(200, 300)
_PASSING = range(500, 600)

# What Go's JSON encoder escapes beyond need, so that JSON may stand in HTML.
_ESCAPES = {each: f"\\u{ord(each):04x}" for each in "&<>\u2028\u2029"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where notifications go. Pauses between tries are real seconds: the first one, then ever longer."""

    url: str
    token: str | None = field(default=None, repr=False)
    first_pause: float = FIRST_PAUSE_SECONDS


@dataclass(slots=True, kw_only=True)
class Notification:
    """One notification and what became of it: `sending`, then `taken` or `failed`.

    `status` is the HTTP status of the last answer, None where there was none; `error` is what went wrong
    last, in Alertmanager's words, None once it is taken. `at`: epoch milliseconds in the sandbox.
    """

    number: int
    at: int
    group_key: str
    group_labels: LabelSet
    firing: int
    resolved: int
    state: str = SENDING
    attempts: int = 0
    status: int | None = None
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The notification as control shows it."""
        return {
            "number": self.number,
            "at": self.at,
            "receiver": RECEIVER,
            "groupKey": self.group_key,
            "groupLabels": dict(self.group_labels),
            "firing": self.firing,
            "resolved": self.resolved,
            "state": self.state,
            "attempts": self.attempts,
            "status": self.status,
            "error": self.error,
        }


def body(telling: Telling, external_url: str) -> bytes:
    """The webhook's body, byte for byte as Go writes it."""
    alerts = telling.alerts
    message = {
        "receiver": RECEIVER,
        "status": "firing" if telling.firing else "resolved",
        "alerts": [_alert(each) for each in alerts],
        "groupLabels": dict(telling.group.labels),
        "commonLabels": _common([each.labels for each in alerts]),
        "commonAnnotations": _common([each.annotations for each in alerts]),
        "externalURL": external_url,
        "version": "4",
        "groupKey": telling.group.key,
        "truncatedAlerts": 0,
    }
    return encoded(message)


def encoded(message: Any) -> bytes:
    """JSON as Go's encoder writes it: compact, escaped for HTML, a line of its own."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return ("".join(_ESCAPES.get(each, each) for each in text) + "\n").encode()


def patience(telling: Telling) -> float:
    """How long it is tried to tell of a group: its interval, in real seconds, but ten at least."""
    return max(telling.group.route.group_interval / SECOND, _LEAST_PATIENCE_SECONDS)


async def notify(
    http: aiohttp.ClientSession,
    webhook: Webhook,
    content: bytes,
    notification: Notification,
    *,
    seconds: float,
    tried: Callable[[], None],
) -> bool:
    """Post until it is taken, refused, or `seconds` are over; `tried` is told of each failed try.

    A 5xx and a connection that fails are tried again, everything else is final. Whether it was taken.
    """
    pause = webhook.first_pause
    try:
        async with asyncio.timeout(seconds):
            while await _post(http, webhook, content, notification):
                tried()
                await asyncio.sleep(pause * random.uniform(1 - _SPREAD, 1 + _SPREAD))  # noqa: S311 - jitter
                pause = min(pause * _GROWTH, LONGEST_PAUSE_SECONDS)
    except TimeoutError:
        notification.error = notification.error or "context deadline exceeded"
    notification.state = "taken" if notification.error is None else "failed"
    return notification.error is None


async def _post(
    http: aiohttp.ClientSession, webhook: Webhook, content: bytes, notification: Notification
) -> bool:
    """Post once; whether to try again. `notification` has what came of it."""
    notification.attempts += 1
    try:
        async with http.post(webhook.url, data=content, headers=_headers(webhook)) as answer:
            status = answer.status
    except (aiohttp.ClientError, OSError) as error:
        notification.status, notification.error = None, f'Post "{webhook.url}": {_reason(error)}'
        return True
    taken = status in _SUCCESS
    notification.status = status
    notification.error = None if taken else f"unexpected status code {status}: {webhook.url}"
    return status in _PASSING


def _headers(webhook: Webhook) -> Mapping[str, str]:
    headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT}
    return headers if webhook.token is None else {**headers, "Authorization": f"Bearer {webhook.token}"}


def _reason(error: Exception) -> str:
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "EOF"
    if isinstance(error, OSError) and error.errno is not None:
        return (error.strerror or str(error)).lower()
    return str(error) or type(error).__name__


def _alert(each: Alert) -> dict[str, Any]:
    return {
        "status": "firing" if each.ends_at == ZERO else "resolved",
        "labels": dict(each.labels),
        "annotations": dict(each.annotations),
        "startsAt": with_nanoseconds(each.starts_at),
        "endsAt": with_nanoseconds(each.ends_at),
        "generatorURL": each.generator_url,
        "fingerprint": each.fingerprint,
    }


def _common(sets: list[LabelSet]) -> dict[str, str]:
    """What every set has alike."""
    items = reduce(frozenset.intersection, (frozenset(each.items()) for each in sets))
    return dict(sorted(items))
