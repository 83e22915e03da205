"""How the guide's file writes durations, percentages, times and weekdays: text to values.

Each function raises `ValueError` with a text for the person who edits the guide.
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from decimal import Decimal

NEXT_BUSINESS_DAY = "next business day"

NEVER = "never"

AT_ONCE = "at once"

NONE = "none"

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_MILLISECONDS = {
    "ms": 1,
    "s": 1000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 7 * 86_400_000,
}
_UNITS = {
    "millisecond": "ms",
    "sec": "s",
    "second": "s",
    "min": "m",
    "minute": "m",
    "hour": "h",
    "day": "d",
    "week": "w",
}
_PART = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([a-z]+)\s*")
_PERCENT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*%")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_BUSINESS_DAYS = re.compile(r"([0-9]{1,3}) business days?")
_DAY_RANGE = re.compile(r"\s*(?:-|–|\bto\b)\s*")  # noqa: RUF001 - people type an en dash between days
_DAY_LIST = re.compile(r"\s*(?:,|/|\band\b)\s*")
_SHORTEST_DAY_NAME = 2  # "Tu": two letters tell any two weekdays apart
_SHORTEST_RESPONSE, _LONGEST_RESPONSE = timedelta(minutes=1), timedelta(days=7)
_SHORTEST_PACE, _LONGEST_PACE = timedelta(minutes=5), timedelta(days=1)
_SHORTEST_SPAN, _LONGEST_SPAN = timedelta(minutes=5), timedelta(days=31)
_SHORTEST_APPROVAL, _LONGEST_APPROVAL = timedelta(hours=1), timedelta(days=90)
_SHORTEST_WATCH, _LONGEST_WATCH = timedelta(minutes=1), timedelta(hours=24)
_MOST_BUSINESS_DAYS = 60
_LONGEST_DURATION = timedelta(days=3650)


def duration(value: object) -> timedelta:
    """A length of time: `15m`, `1 hour`, `1h 30m`, `500ms`, `30d`."""
    hint = 'write a duration such as "15m", "1h 30m", "500ms" or "30d"'
    text = value.strip().lower() if isinstance(value, str) else ""
    parts = list(_PART.finditer(text))
    if not text or "".join(part.group() for part in parts) != text:
        raise ValueError(f"{_shown(value)} is no duration: {hint}")
    milliseconds = sum((_milliseconds(part, value, hint) for part in parts), Decimal(0))
    if not 1 <= milliseconds <= _LONGEST_DURATION / timedelta(milliseconds=1):
        raise ValueError(f"{_shown(value)} is out of range for a duration")
    return timedelta(milliseconds=int(milliseconds))


def _milliseconds(part: re.Match[str], value: object, hint: str) -> Decimal:
    number, word = part.groups()
    unit = word if word in _MILLISECONDS else _UNITS.get(word.removesuffix("s"))
    if unit is None:
        raise ValueError(f'{_shown(value)}: "{word}" is no unit of time: {hint}')
    return Decimal(number) * _MILLISECONDS[unit]


def response_time(value: object) -> timedelta | None:
    """A severity's response time: a duration, or None for `next business day`."""
    if isinstance(value, str) and " ".join(value.lower().split()) == NEXT_BUSINESS_DAY:
        return None
    try:
        length = duration(value)
    except ValueError as error:
        raise ValueError(f'{error}, or "{NEXT_BUSINESS_DAY}"') from None
    if not _SHORTEST_RESPONSE <= length <= _LONGEST_RESPONSE:
        raise ValueError(f"{_shown(value)} is no sensible response time: between 1 minute and 7 days")
    return length


def pace(value: object) -> timedelta:
    """How often people are asked for something: a duration that they can live with."""
    length = duration(value)
    if not _SHORTEST_PACE <= length <= _LONGEST_PACE:
        raise ValueError(f"{_shown(value)} is no sensible pace: between 5 minutes and 1 day")
    return length


def approvals_last(value: object) -> timedelta:
    """How long an approval counts: long enough to start what is approved, and not for ever."""
    length = duration(value)
    if not _SHORTEST_APPROVAL <= length <= _LONGEST_APPROVAL:
        raise ValueError(f"{_shown(value)} is no sensible time for an approval: between 1 hour and 90 days")
    return length


def watched_for(value: object) -> timedelta:
    """How long after a change what breaks is thought to come of it."""
    length = duration(value)
    if not _SHORTEST_WATCH <= length <= _LONGEST_WATCH:
        raise ValueError(f"{_shown(value)} is too short or too long to watch: between 1 minute and 24 hours")
    return length


def duration_or_never(value: object) -> timedelta | None:
    """A duration, or None for `never`."""
    if isinstance(value, str) and value.strip().lower() == NEVER:
        return None
    try:
        return duration(value)
    except ValueError as error:
        raise ValueError(f'{error}, or "{NEVER}"') from None


def at_once_or_never(value: object) -> timedelta | None:
    """A duration, zero for `at once`, None for `never`."""
    if isinstance(value, str) and " ".join(value.lower().split()) == AT_ONCE:
        return timedelta()
    try:
        return duration_or_never(value)
    except ValueError as error:
        raise ValueError(f'{error}, or "{AT_ONCE}"') from None


def span_or_none(value: object) -> timedelta | None:
    """How far one looks back in numbers, or None for `none`."""
    if isinstance(value, str) and value.strip().lower() == NONE:
        return None
    try:
        length = duration(value)
    except ValueError as error:
        raise ValueError(f'{error}, or "{NONE}"') from None
    if not _SHORTEST_SPAN <= length <= _LONGEST_SPAN:
        raise ValueError(f"{_shown(value)} is no sensible span to look back: between 5 minutes and 31 days")
    return length


def listed(value: object) -> object:
    """One word, or several."""
    return [value] if isinstance(value, str) else value


def business_days(value: object) -> int:
    """A number of business days: `3 business days`."""
    found = _BUSINESS_DAYS.fullmatch(" ".join(value.lower().split())) if isinstance(value, str) else None
    days = int(found[1]) if found else 0
    if not 1 <= days <= _MOST_BUSINESS_DAYS:
        raise ValueError(
            f'{_shown(value)} is no deadline: write "1 business day" to "{_MOST_BUSINESS_DAYS} business days"'
        )
    return days


def fraction(value: object) -> float:
    """A percentage, `99.9%`, as a fraction strictly between 0 and 1."""
    found = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'{_shown(value)} is no percentage: write it such as "99.9%"')
    percent = Decimal(found[1])
    if not 0 < percent < 100:  # noqa: PLR2004 - per cent
        raise ValueError(f"{_shown(value)} must lie between 0% and 100%, and be neither")
    return float(percent / 100)


def clock_time(value: object) -> time:
    """A local time of day, on 24 hours: `09:00`, `16:30`."""
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return time(int(found[1]), int(found[2])) if found else _no_time(value)
    except ValueError:
        return _no_time(value)


def clock_time_or_none(value: object) -> time | None:
    """A time of day, or None for `none`."""
    if isinstance(value, str) and value.strip().lower() == NONE:
        return None
    try:
        return clock_time(value)
    except ValueError as error:
        raise ValueError(f'{error}, or "{NONE}"') from None


def _no_time(value: object) -> time:
    raise ValueError(f'{_shown(value)} is no time of day: write it on 24 hours, such as "09:00" or "16:30"')


def weekday(value: object) -> int:
    """A weekday by its English name or the beginning of it, `Tuesday` or `Tue`; Monday is 0."""
    text = value.strip().lower() if isinstance(value, str) else ""
    if len(text) >= _SHORTEST_DAY_NAME:
        for number, name in enumerate(WEEKDAYS):
            if name.lower().startswith(text):
                return number
    raise ValueError(f'{_shown(value)} is no weekday: write it such as "Tuesday" or "Tue"')


def weekdays(value: object) -> frozenset[int]:
    """Several weekdays: `Mon-Fri`, `Tuesday and Thursday`, `Tue, Thu`, or a list of such."""
    if isinstance(value, list) and value:
        return frozenset[int]().union(*(weekdays(item) for item in value))
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'{_shown(value)} are no weekdays: write them such as "Tue, Thu" or "Mon-Fri"')
    return frozenset[int]().union(*(_day_range(part) for part in _DAY_LIST.split(value.strip())))


def _day_range(text: str) -> frozenset[int]:
    first, *rest = (weekday(name) for name in _DAY_RANGE.split(text))
    if not rest:
        return frozenset({first})
    if len(rest) > 1:
        raise ValueError(f'"{text}" is no range of weekdays: write it such as "Mon-Fri"')
    days = (rest[0] - first) % len(WEEKDAYS) + 1
    return frozenset((first + count) % len(WEEKDAYS) for count in range(days))


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, (str, int, float)) else "this"


def slug(title: str, otherwise: str) -> str:
    """A key made of a title: `Review alerts!` is `review-alerts`; `otherwise` where nothing remains."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:60].strip("-") or otherwise
