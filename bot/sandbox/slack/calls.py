"""What the bot called, for tests and the browser page."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEPT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a Web API method, or of a response_url (method `response_url`).

    `at` is epoch milliseconds; `error` is Slack's name of the refusal, or the fault's, or None.
    """

    method: str
    at: int
    error: str | None
    args: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The call without its arguments, which may be long."""
        return {"method": self.method, "at": self.at, "ok": self.error is None, "error": self.error}


@dataclass(slots=True)
class CallLog:
    """The newest calls, and how many there were of each method."""

    recent: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))
    counts: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def record(self, call: Call) -> None:
        """Note a call."""
        self.recent.append(call)
        self.counts[call.method] += 1
        if call.error is not None:
            self.errors[call.method] += 1

    def of(self, method: str) -> list[Call]:
        """The kept calls of one method, oldest first."""
        return [call for call in self.recent if call.method == method]

    def clear(self) -> None:
        """Forget everything."""
        self.recent.clear()
        self.counts.clear()
        self.errors.clear()

    def to_json(self, limit: int = KEPT) -> dict[str, Any]:
        """The counts, and the newest `limit` calls, oldest first."""
        newest = list(self.recent)[-limit:] if limit else []
        return {
            "counts": dict(self.counts),
            "errors": dict(self.errors),
            "calls": [call.to_json() for call in newest],
        }
