"""How often PagerDuty lets itself be called."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable

EVENTS_A_MINUTE = 120
REST_A_MINUTE = 960
_WINDOW = 60.0


class Rates:
    """Calls in any 60 s, a routing key or the REST API each. Paced by a monotonic clock in seconds.

    A refused call counts for nothing.
    """

    def __init__(self, monotonic: Callable[[], float], *, enforced: bool = True) -> None:
        self.enforced = enforced
        self.events_a_minute = EVENTS_A_MINUTE
        self.rest_a_minute = REST_A_MINUTE
        self._monotonic = monotonic
        self._calls: dict[str, deque[float]] = defaultdict(deque)

    def refuse_event(self, routing_key: str) -> int | None:
        """The whole seconds until an event is let in again, or None where this one is."""
        return self._refuse(f"events {routing_key}", self.events_a_minute)

    def refuse_rest(self) -> int | None:
        """The whole seconds until a REST call is let in again, or None where this one is."""
        return self._refuse("rest", self.rest_a_minute)

    def rest_headers(self) -> dict[str, str]:
        """How much is left of the REST API's minute, as its answers say."""
        calls = self._calls["rest"]
        left = math.ceil(calls[0] + _WINDOW - self._monotonic()) if calls else 0
        return {
            "ratelimit-limit": str(self.rest_a_minute),
            "ratelimit-remaining": str(max(self.rest_a_minute - len(calls), 0)),
            "ratelimit-reset": str(max(left, 0)),
        }

    def clear(self) -> None:
        """Forget what was called so far."""
        self._calls.clear()

    def _refuse(self, lane: str, a_minute: int) -> int | None:
        if not self.enforced:
            return None
        now, calls = self._monotonic(), self._calls[lane]
        while calls and calls[0] <= now - _WINDOW:
            calls.popleft()
        if len(calls) >= a_minute:
            return math.ceil(calls[0] + _WINDOW - now) or 1
        calls.append(now)
        return None
