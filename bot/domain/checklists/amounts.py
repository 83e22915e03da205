"""Numbers of evidence as people read them: short, with their unit, never on the wrong side of a bound."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.domain.evidence import Threshold, Unit
from bot.domain.text import duration

MINUS = "\N{MINUS SIGN}"
NO_NUMBER = "no number"

_DIGITS = 3
"""That matter; more only where fewer would hide on which side of a bound a number lies."""

_MOST_DIGITS = 9
_PLAIN = (1e-4, 1e7)
_ENDLESS = 1e300
_MANY = (("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12))
_THOUSAND = 1000
_BYTES = (("KiB", 2.0**10), ("MiB", 2.0**20), ("GiB", 2.0**30), ("TiB", 2.0**40), ("PiB", 2.0**50))
_LENGTHS_NAMED = {timedelta(hours=1): "an hour", timedelta(days=1): "a day", timedelta(days=7): "a week"}
_LENGTHS = (("min", 60.0), ("h", 3600.0), ("d", 86_400.0))
_FROM_MINUTES = 120
_MILLISECOND, _MICROSECOND = 1e-3, 1e-6


def amount(value: float | None, unit: Unit, fine: Threshold | None = None) -> str:
    """`61`, `0.12 %`, `240 ms`, `1.5 GiB`, `12/s`.

    Where the bound of what is `fine` would read the same though it is another number, more digits are told.
    """
    if value is None or math.isnan(value):
        return NO_NUMBER
    if abs(value) > _ENDLESS:
        return f"{MINUS if value < 0 else ''}∞"
    digits, said = _DIGITS, _told(value, unit, _DIGITS)
    while fine is not None and value != fine.bound and digits < _MOST_DIGITS:
        if said != _told(fine.bound, unit, digits):
            break
        digits += 1
        said = _told(value, unit, digits)
    return said


def wanted(fine: Threshold, unit: Unit) -> str:
    """What is fine: `< 0.1 %`."""
    return f"{fine.sign} {_told(fine.bound, unit, _MOST_DIGITS)}"


def ago(length: timedelta) -> str:
    """How long before: `a week ago`, `2 d ago`."""
    return f"{_LENGTHS_NAMED.get(length) or duration(length)} ago"


def _told(value: float, unit: Unit, digits: int) -> str:
    sign = MINUS if value < 0 else ""
    return sign + _UNITS[unit](abs(value), digits)


def _number(value: float, digits: int) -> str:
    """`0.25`, `61`, `12,345`, `1.23 M`. What is counted is told exactly while it is short."""
    if value == math.floor(value) and value < 100 * _THOUSAND:
        return f"{value:,.0f}"
    if value < 10 * _THOUSAND:
        return _plain(value, digits)
    name, size = next(one for one in reversed(_MANY) if value >= one[1])
    return f"{_plain(value / size, digits)} {name}"


def _ratio(value: float, digits: int) -> str:
    return f"{_plain(value * 100, digits)} %"


def _seconds(value: float, digits: int) -> str:
    if value == 0:
        return "0 s"
    if value < _MILLISECOND:
        return f"{_plain(value / _MICROSECOND, digits)} µs"
    if value < 1:
        return f"{_plain(value / _MILLISECOND, digits)} ms"
    if value < _FROM_MINUTES:
        return f"{_plain(value, digits)} s"
    name, size = _LENGTHS[0] if value < 2 * 3600 else _LENGTHS[1] if value < 2 * 86_400 else _LENGTHS[2]
    return f"{_plain(value / size, digits)} {name}"


def _bytes(value: float, digits: int) -> str:
    found = [one for one in _BYTES if value >= one[1]]
    name, size = found[-1] if found else ("B", 1.0)
    return f"{_plain(value / size, digits)} {name}"


def _per_second(value: float, digits: int) -> str:
    return f"{_number(value, digits)}/s"


def _plain(value: float, digits: int) -> str:
    """At least so many digits that matter, without noise and without zeros at the end: `0.0123`, `1,234`."""
    if value == 0:
        return "0"
    least, most = _PLAIN
    if not least <= value < most:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        return f"{_short(mantissa)}e{int(exponent)}"
    places = max(0, digits - 1 - math.floor(math.log10(value)))
    return _short(f"{value:,.{places}f}")


def _short(said: str) -> str:
    return said.rstrip("0").rstrip(".") if "." in said else said


_UNITS: Mapping[Unit, Callable[[float, int], str]] = {
    Unit.NUMBER: _number,
    Unit.RATIO: _ratio,
    Unit.SECONDS: _seconds,
    Unit.BYTES: _bytes,
    Unit.PER_SECOND: _per_second,
}
