"""What Prometheus' refusals mean, or those of whatever stands before it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.text import clean
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from bot.ports.metrics import TookTooLong

NO_PROMETHEUS = (
    "What answers at PROMETHEUS_URL is no Prometheus: set the address below which /api/v1/query answers."
)
_WORDS_LIMIT = 300
_LONGEST_WAIT = timedelta(minutes=5)
_TIMEOUT = "timeout"


def parsed(content: bytes) -> Any:
    """The JSON in an answer; None where there is none, as in a proxy's page."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def refusal(status: int, headers: Mapping[str, str], body: Any, *, token: str | None) -> DeliveryFailure:
    """The failure that an answer other than a success stands for, in Prometheus' own words, less `token`."""
    kind, words = _said(body, token)
    told = f"{status}: {kind}: {words}" if words else f"HTTP {status}"
    if kind == _TIMEOUT or status in {408, 504}:
        return TookTooLong(f"Prometheus gave the query up because it took too long ({told}).")
    if status == 429:  # noqa: PLR2004 - HTTP's own name for it
        wait = _retry_after(headers)
        return TemporaryFailure(f"Prometheus takes no more queries for now ({told}).", retry_after=wait)
    if status >= 500:  # noqa: PLR2004 - the same
        return TemporaryFailure(
            f"Prometheus failed at the query ({told}).", retry_after=_retry_after(headers)
        )
    return PermanentFailure(_wrong(status, told, has_token=token is not None))


def _wrong(status: int, told: str, *, has_token: bool) -> str:
    """What a person has to change."""
    if status in {401, 403}:
        todo = "check PROMETHEUS_TOKEN" if has_token else "set PROMETHEUS_TOKEN"
        return f"Prometheus does not let the bot in ({told}): {todo}."
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP's redirects
        return (
            f"PROMETHEUS_URL redirects ({told}), which is not followed: set the address that it leads to, or "
            "PROMETHEUS_TOKEN where it leads to a login."
        )
    if status in {404, 405}:
        return f"{NO_PROMETHEUS[:-1]} ({told})."
    return f"Prometheus refuses the query ({told})."


def hidden(text: str, token: str | None) -> str:
    """Words from outside on one line, without the token, should they repeat it."""
    return clean(text.replace(token, "…") if token else text, _WORDS_LIMIT)


def _said(body: Any, token: str | None) -> tuple[str, str]:
    """The type of an error and its explanation; nothing for what is not Prometheus' own answer."""
    if not isinstance(body, dict):
        return "", ""
    kind, words = body.get("errorType"), body.get("error")
    if not isinstance(kind, str) or not isinstance(words, str):
        return "", ""
    return hidden(kind, token), hidden(words, token)


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    text = headers.get("Retry-After", "")
    return min(timedelta(seconds=int(text[:6])), _LONGEST_WAIT) if text.isdecimal() else None
