"""Durations and numbers, as Prometheus reads and writes them."""

from __future__ import annotations

import math
import re
from decimal import Decimal

_UNITS = {
    "y": 365 * 86_400_000,
    "w": 7 * 86_400_000,
    "d": 86_400_000,
    "h": 3_600_000,
    "m": 60_000,
    "s": 1000,
    "ms": 1,
}
_DURATION = re.compile("".join(rf"(?:(?P<{unit}>[0-9]+){unit})?" for unit in _UNITS))
_SMALL, _LARGE = 1e-6, 1e21
_EXACT = 2**53
_LONGEST_MS = 2**63 // 10**6


def duration_ms(text: str) -> int:
    """A duration such as `1h30m`, in milliseconds: each unit once, the largest first. Raises ValueError."""
    found = _DURATION.fullmatch(text)
    if not text or found is None:
        raise ValueError(f'not a valid duration string: "{text}"')
    length = sum(int(count) * _UNITS[unit] for unit, count in found.groupdict().items() if count)
    if length > _LONGEST_MS:
        raise ValueError("duration out of range")
    return length


def number(text: str) -> float:
    """A number's value. A leading zero makes a whole number octal, as Go's reader has it."""
    if text[:2] in {"0x", "0X"}:
        return float(int(text, 16))
    if re.fullmatch("0[0-7]+", text):
        return float(int(text, 8))
    return float(text)


def written(value: float) -> str:
    """A sample's value as the API writes it: the fewest digits that read back as the same number."""
    if 0 < value < _EXACT and value.is_integer():
        return str(int(value))
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    shortest = repr(value).removesuffix(".0")
    if value == 0 or _SMALL <= abs(value) < _LARGE:
        return format(Decimal(shortest), "f")
    exact = Decimal(shortest)
    digits = "".join(map(str, exact.as_tuple().digits)).rstrip("0")
    point = f".{digits[1:]}" if digits[1:] else ""
    return f"{'-' if value < 0 else ''}{digits[0]}{point}e{exact.adjusted():+03d}"
