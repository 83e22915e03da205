"""Numbers of promises as people read them: never nicer than they are, never on the wrong side of a limit."""

from __future__ import annotations

import math
from datetime import timedelta

from bot.domain.slo.counts import Counts, Quantile, Span
from bot.domain.slo.objective import Objective
from bot.domain.slo.words import between

MOST_DIGITS = 6
"""Behind the point of a percentage."""

_FEWEST_DIGITS = 2
_NOISE = 9
"""Behind which there is only the noise of floats: 100 * (1 - 0.999) is 0.10000000000000009."""

_NEAR_ONE = (0.995, 1.1)
_TEN, _HUNDRED = 10, 100
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def target_percent(target: float) -> str:
    """What was promised, with the digits that it has: `99.9 %`."""
    return f"{_plain(round(target * 100, _NOISE))} %"


def good_percent(objective: Objective, bad: float, total: float) -> str:
    """The share that was good: cut, with as many digits as tell it from the promise and from all of it."""
    shown, digits = _cut(objective, bad, total)
    return f"{shown / 10**digits:.{digits}f} %" if digits else f"{shown} %"


def bad_percent(objective: Objective, bad: float, total: float) -> str:
    """The share that was bad: what `good_percent` leaves."""
    shown, digits = _cut(objective, bad, total)
    rest = 100 * 10**digits - shown
    return f"{rest / 10**digits:.{digits}f} %" if digits else f"{rest} %"


def good_span(objective: Objective, counts: Counts) -> str:
    """`99.98 %`, or `between 99.1 % and 99.98 %` where it is not known exactly."""
    worst = good_percent(objective, counts.bad.most, counts.total)
    best = good_percent(objective, counts.bad.least, counts.total)
    return between(worst, best)


def bad_span(objective: Objective, counts: Counts) -> str:
    """The same of what was bad."""
    least = bad_percent(objective, counts.bad.least, counts.total)
    return between(least, bad_percent(objective, counts.bad.most, counts.total))


def times(burn: Span) -> str:
    """A burn rate: `14×`, `0.43×`, `between 0.2× and 3×`."""
    least, most = rate(burn.least), rate(burn.most)
    return between(least, most)


def rate(burn: float) -> str:
    """A burn rate; never on the wrong side of 1, nor as high as a limit (14.4, 6) that it has not reached."""
    if burn <= 0:
        return "0×"
    low, high = _NEAR_ONE
    if low <= burn < high:
        exact = round(burn, _NOISE)
        return "1×" if exact == 1 else ("<1×" if exact < 1 else "just over 1×")
    if burn < 0.01:  # noqa: PLR2004 - two digits behind the point
        return "<0.01×"
    if burn < 1:
        return f"{burn:.2f}×"
    if burn < _HUNDRED:
        return f"{_plain(math.floor(round(burn * 10, _NOISE)) / 10)}×"
    return f"{round(burn, 1 - len(str(int(burn))) + 1):,.0f}×"


def count(number: float) -> str:
    """How many: rounded, with separators. Prometheus has to guess at the edges of a window."""
    return f"{math.floor(round(number, 3) + 0.5):,}"


def whole_left(number: float) -> str:
    """How many more there may be: cut."""
    return f"{math.floor(round(number, 3)):,}"


def quantile(found: Quantile, threshold: timedelta) -> str:
    """Within which time most were answered: about, and never on the wrong side of what was promised."""
    limit = threshold.total_seconds()
    if math.isinf(found.high):
        return f"over {seconds(found.low)}"
    if found.low < limit < found.high:  # where in between it lies nobody knows: no guess at a breach
        return f"between {seconds(found.low)} and {seconds(found.high)}"
    return f"about {seconds(found.estimate, up=found.estimate > limit)}"


def seconds(length: float, *, up: bool = False) -> str:
    """A time that a request takes: `123 ms`, `1.2 s`. Cut, or with `up` rounded up."""
    whole = math.ceil if up else math.floor
    milliseconds = round(length * 1000, 6)
    if milliseconds < 1:
        return "<1 ms" if milliseconds else "0 ms"
    if milliseconds < 1000:  # noqa: PLR2004 - a second
        return f"{whole(milliseconds)} ms"
    return f"{_plain(whole(round(milliseconds / 10, 6)) / 100)} s"


def about(length: timedelta) -> str:
    """A length of time, cut to two units that matter: `3 d 4 h`, `2 h 10 min`, `35 min`, `40 s`."""
    if length >= _DAY:
        days, rest = divmod(length, _DAY)
        hours = 0 if days >= _TEN else rest // _HOUR
        return f"{days} d {hours} h" if hours else f"{days} d"
    if length >= _HOUR:
        hours, rest = divmod(length, _HOUR)
        minutes = 0 if hours >= _TEN else rest // _MINUTE
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if length >= _MINUTE:
        return f"{length // _MINUTE} min"
    return f"{max(0, int(length.total_seconds()))} s"


def window(length: timedelta) -> str:
    """A window, short: `5m`, `6h`, `30d`."""
    if length % _DAY == timedelta():
        return f"{length // _DAY}d"
    return f"{length // _HOUR}h" if length % _HOUR == timedelta() else f"{length // _MINUTE}m"


def days(length: timedelta, share: float = 1.0) -> str:
    """How much of a window: `15.2 of 30 d`; the whole one where no share is given."""
    number = length / _DAY
    whole = _plain(round(number, 1))
    return f"{whole} d" if share >= 1 else f"{_plain(math.floor(number * share * 10) / 10)} of {whole} d"


def _cut(objective: Objective, bad: float, total: float) -> tuple[int, int]:
    """The good share in units of the last digit, and how many digits that is behind the point."""
    target = round(objective.target * 100, _NOISE)
    if bad <= 0:
        return 100, 0
    lost = bad / total * 100
    exact = round(100 - lost, _NOISE)
    digits = min(max(_FEWEST_DIGITS, _digits_of(target), _first_digit(lost)), MOST_DIGITS)
    while _floor(exact, digits) == round(target * 10**digits) and exact != target and digits < MOST_DIGITS:
        digits += 1
    return _floor(exact, digits), digits


def _floor(exact: float, digits: int) -> int:
    """Never all of it: something was bad."""
    size: int = 10**digits
    return max(0, min(math.floor(round(exact * size, 3)), 100 * size - 1))


def _digits_of(number: float) -> int:
    return len(_plain(number).partition(".")[2])


def _first_digit(lost: float) -> int:
    """Which digit behind the point is the first that is not nothing."""
    return max(0, math.ceil(-math.log10(lost))) if lost > 0 else 0


def _plain(number: float) -> str:
    return f"{number:.9f}".rstrip("0").rstrip(".")
