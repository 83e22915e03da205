"""What PagerDuty's refusals mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.text import clean
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure

LONGEST_WAIT = timedelta(seconds=60)
"""A longer wish is cut: one answer does not put off a page for longer."""

_MESSAGE_LIMIT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One call: what it does, as an error says it, and the lane that a rate limit blocks.

    `reads`: it changes nothing, so that it can never be half done.
    """

    what: str
    lane: str
    reads: bool = False


def refusal(
    errand: Errand, status: int, headers: Mapping[str, str], body: Any, *, secret: str
) -> DeliveryFailure:
    """The failure that a status code other than 2xx stands for, in PagerDuty's own words, less `secret`.

    A 5xx may hide that an event was taken; it is temporary all the same, because the de-duplication
    key (or an absolute level) makes the next try harmless.
    """
    said = message(body).replace(secret, "…")
    told = f"{status}: {said}" if said else str(status)
    if status == 429:  # noqa: PLR2004 - HTTP's own name for it
        return TemporaryFailure(
            f"PagerDuty takes no more calls for now, {errand.what} among them ({told}).",
            retry_after=retry_after(headers),
            lane=errand.lane,
        )
    if status >= 500 or status == 408:  # noqa: PLR2004 - the same
        return TemporaryFailure(
            f"PagerDuty failed at {errand.what} ({told}).", retry_after=retry_after(headers)
        )
    if status in {401, 403}:
        return PermanentFailure(f"PagerDuty does not accept the key for {errand.what} ({told}).")
    return PermanentFailure(f"PagerDuty refused {errand.what} ({told}).")


def message(body: Any) -> str:
    """PagerDuty's own explanation in an error's body, on one line, or an empty string.

    The Events API answers `{"message", "errors"}`, the REST API the same under `error`.
    """
    if not isinstance(body, dict):
        return ""
    inner = body.get("error")
    if isinstance(inner, str):
        return clean(inner, _MESSAGE_LIMIT)
    said = inner if isinstance(inner, dict) else body
    errors = said.get("errors")
    parts = [said.get("message"), *(errors if isinstance(errors, list) else [errors])]
    return clean(": ".join(part for part in parts if isinstance(part, str) and part), _MESSAGE_LIMIT)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """How long PagerDuty asks to wait: `Retry-After` or `ratelimit-reset`, both in seconds."""
    for name in ("Retry-After", "ratelimit-reset"):
        try:
            seconds = float(headers.get(name, ""))
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))
    return None
