"""What a request asks for: instants, steps and durations, as Prometheus reads them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from aiohttp import web

from bot.sandbox.prometheus.answers import Refusal
from bot.sandbox.prometheus.promql.numbers import duration_ms

LONGEST_SECONDS = 30.0
"""How long a query may take, whatever it asks for."""
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
_LATEST_MS = 253_402_300_799_999  # the end of the year 9999


@dataclass(frozen=True, slots=True)
class Given:
    """The parameters of a request: pairs of name and value. Where a name comes twice, the first counts."""

    pairs: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """A parameter's value, empty where it is not given."""
        return next(iter(self.every(name)), "")

    def every(self, name: str) -> list[str]:
        """All values of a parameter."""
        return [value for each, value in self.pairs if each == name]


async def parameters(request: web.Request) -> Given:
    """The parameters of the path, of a form and of the address, in this order."""
    form = (await request.post()).items() if request.method == "POST" else ()
    texts = ((name, value) for name, value in form if isinstance(value, str))
    return Given((*request.match_info.items(), *texts, *request.query.items()))


def instant(given: Given, name: str, default: int | None = None) -> int:
    """An instant in epoch milliseconds, given in seconds or in RFC 3339."""
    text = given.get(name)
    if not text and default is not None:
        return default
    try:
        return _epoch_ms(text)
    except (ValueError, OverflowError):
        raise _bad(name, f'cannot parse "{text}" to a valid timestamp') from None


def step(given: Given) -> int:
    """The step of a range query in milliseconds, which is more than nothing."""
    length = _duration(given, "step")
    if length <= 0:
        raise _bad(
            "step", "zero or negative query resolution step widths are not accepted. Try a positive integer"
        )
    return length


def deadline(given: Given) -> float:
    """By when the query has to be answered, on the monotonic clock in seconds."""
    asked = _duration(given, "timeout") / 1000 if given.get("timeout") else LONGEST_SECONDS
    return monotonic() + min(asked, LONGEST_SECONDS)


def _epoch_ms(text: str) -> int:
    if _RFC3339.fullmatch(text):
        return math.floor(datetime.fromisoformat(text.upper()).astimezone(UTC).timestamp() * 1000 + 1e-3)
    if not _is_number(text) or abs(at := round(float(text) * 1000)) > _LATEST_MS:
        raise ValueError(text)
    return at


def _duration(given: Given, name: str) -> int:
    text = given.get(name)
    try:
        return math.trunc(float(text) * 1000) if _is_number(text) else duration_ms(text)
    except (ValueError, OverflowError):
        raise _bad(name, f'cannot parse "{text}" to a valid duration') from None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) is not None


def _bad(name: str, text: str) -> Refusal:
    return Refusal("bad_data", f'invalid parameter "{name}": {text}')
