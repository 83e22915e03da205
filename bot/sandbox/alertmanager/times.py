"""Instants as Go's programs keep and write them: UTC epoch nanoseconds here, RFC 3339 outside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

ZERO = 0
"""No instant: Go's zero time."""

MILLISECOND = 1_000_000
SECOND = 1000 * MILLISECOND
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
_SHAPE = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)")


def parsed(text: str) -> int:
    """An RFC 3339 instant. Raises ValueError in Go's words."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise _no_instant(text)
    day, clock, fraction, zone = found.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone in 'Zz' else zone}")
        if at <= _BEGINNING:
            return ZERO
    except (ValueError, OverflowError):
        raise _no_instant(text) from None
    return (at - _EPOCH) // timedelta(seconds=1) * SECOND + int((fraction or "").ljust(9, "0"))


def with_nanoseconds(instant: int) -> str:
    """As webhooks have it (`time.RFC3339Nano`): as many digits as it needs; zero is the year 1."""
    if instant == ZERO:
        return "0001-01-01T00:00:00Z"
    digits = f".{instant % SECOND:09d}".rstrip("0").rstrip(".")
    return f"{_second(instant)}{digits}Z"


def with_milliseconds(instant: int) -> str:
    """As API v2 has it: three digits."""
    if instant == ZERO:
        return "0001-01-01T00:00:00.000Z"
    return f"{_second(instant)}.{instant % SECOND // MILLISECOND:03d}Z"


def _second(instant: int) -> str:
    at = _EPOCH + timedelta(seconds=instant // SECOND)
    return at.replace(tzinfo=None).isoformat(timespec="seconds")


def _no_instant(text: str) -> ValueError:
    return ValueError(f'parsing time "{text}" as "2006-01-02 15:04:05": cannot parse "{text}" as "2006"')
