"""How often Slack lets an app call."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

POSTS_A_SECOND = 1.0
POST_BURST = 5.0
LEAST_BURST = 5.0
"""How many calls of the slowest methods may come at once."""


@dataclass(slots=True)
class _Bucket:
    """Tokens that refill with time; each call takes one."""

    size: float
    a_second: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.a_second)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.a_second


class Rates:
    """Posting by channel, and the methods' tiers by minute. Paced by a monotonic clock in seconds.

    Once refused, a method stays refused until its `Retry-After` has passed.
    """

    def __init__(self, monotonic: Callable[[], float], *, enforced: bool) -> None:
        self.enforced = enforced
        self._monotonic = monotonic
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._blocked: dict[str, float] = {}

    def refuse(self, method: str, a_minute: int | None, channel: str | None) -> int | None:
        """The `Retry-After` of this call in whole seconds, or None where it may go on."""
        if not self.enforced:
            return None
        now = self._monotonic()
        wait = self._blocked.get(method, 0.0) - now
        if wait <= 0:
            wait = self._take(method, a_minute, channel, now)
            if wait > 0:
                wait = float(math.ceil(wait))
                self._blocked[method] = now + wait
        return math.ceil(wait) if wait > 0 else None

    def clear(self) -> None:
        """Forget what was called so far."""
        self._buckets.clear()
        self._blocked.clear()

    def _take(self, method: str, a_minute: int | None, channel: str | None, now: float) -> float:
        if channel is not None:
            return self._bucket(method, channel, POST_BURST, POSTS_A_SECOND, now).wait(now)
        if a_minute is not None:
            burst = max(float(a_minute), LEAST_BURST)
            return self._bucket(method, "", burst, a_minute / 60, now).wait(now)
        return 0.0

    def _bucket(self, method: str, channel: str, size: float, a_second: float, now: float) -> _Bucket:
        key = (method, channel)
        if key not in self._buckets:
            self._buckets[key] = _Bucket(size, a_second, size, now)
        return self._buckets[key]
