"""What can be made to go wrong between the bot and Slack."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """How a call goes wrong."""

    RATELIMITED = "ratelimited"
    """Nothing is done; 429 with `Retry-After: retry_after` seconds."""
    STATUS = "status"
    """Nothing is done; an answer with the HTTP `status` and no JSON, as from a broken proxy."""
    ERROR = "error"
    """Nothing is done; `{"ok": false, "error": error}`."""
    DELAY = "delay"
    """The work waits `delay_ms`."""
    CUT = "cut"
    """The work is done, then the connection is closed without an answer."""
    DOWN = "down"
    """Nothing is done; the connection is closed at once."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault: for one method, or for all (`*`); for the next `count` calls, or until cleared (None)."""

    kind: FaultKind
    method: str = "*"
    count: int | None = None
    retry_after: int = 1
    status: int = 503
    error: str = "internal_error"
    delay_ms: int = 0

    def to_json(self) -> dict[str, Any]:
        """The fault as control shows and takes it."""
        return asdict(self)


class Faults:
    """The faults that are switched on, and the latency of every call in milliseconds."""

    def __init__(self) -> None:
        self.latency_ms = 0
        self.active: list[Fault] = []

    def add(
        self,
        kind: FaultKind | str,
        method: str = "*",
        *,
        count: int | None = None,
        retry_after: int = 1,
        status: int = 503,
        error: str = "internal_error",
        delay_ms: int = 0,
    ) -> Fault:
        """Switch a fault on. `count=None` holds until `clear`."""
        fault = Fault(
            kind=FaultKind(kind),
            method=method,
            count=count,
            retry_after=retry_after,
            status=status,
            error=error,
            delay_ms=delay_ms,
        )
        self.active.append(fault)
        return fault

    def clear(self, method: str | None = None) -> None:
        """Switch off the faults of one method, or all of them and the latency."""
        if method is None:
            self.latency_ms = 0
        self.active = [fault for fault in self.active if method not in {None, fault.method}]

    def take(self, method: str) -> tuple[int, Fault | None]:
        """What befalls the next call of `method`: how long it waits (ms), and the fault, if any.

        Every delay that applies adds up. Of the others only the first applies, and only it is counted.
        """
        if not self.active:
            return self.latency_ms, None
        wait, found = self.latency_ms, None
        for fault in tuple(self.active):
            if fault.method not in {"*", method}:
                continue
            if fault.kind is FaultKind.DELAY:
                wait += fault.delay_ms
            elif found is None:
                found = fault
            else:
                continue
            self._count(fault)
        return wait, found

    def _count(self, fault: Fault) -> None:
        if fault.count is None:
            return
        fault.count -= 1
        if fault.count <= 0:
            self.active.remove(fault)

    def to_json(self) -> dict[str, Any]:
        """Everything that is switched on."""
        return {"latency_ms": self.latency_ms, "faults": [fault.to_json() for fault in self.active]}
