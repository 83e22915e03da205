"""What can be made to go wrong between the bot and PagerDuty."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

EVENTS = "events"
REST = "rest"
EVERY = "*"


class FaultKind(StrEnum):
    """How a call goes wrong."""

    RATELIMITED = "ratelimited"
    """Nothing is done; 429 with `Retry-After: retry_after` seconds."""
    STATUS = "status"
    """Nothing is done; an answer with the HTTP `status` and no JSON, as from a broken proxy."""
    DELAY = "delay"
    """The work is done; the answer waits `delay_ms`."""
    CUT = "cut"
    """The work is done, then the connection is closed without an answer."""
    DROP = "drop"
    """An event is accepted with 202, and nothing comes of it. Means nothing to the REST API."""
    DOWN = "down"
    """Nothing is done; the connection is closed at once."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault: for `events`, `rest` or both (`*`); for the next `count` calls, or until cleared (None)."""

    kind: FaultKind
    api: str = EVERY
    count: int | None = None
    retry_after: int = 1
    status: int = 503
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
        api: str = EVERY,
        *,
        count: int | None = None,
        retry_after: int = 1,
        status: int = 503,
        delay_ms: int = 0,
    ) -> Fault:
        """Switch a fault on. `count=None` holds until `clear`. Raises ValueError for unknown words."""
        if api not in {EVENTS, REST, EVERY}:
            raise ValueError(f"{api!r} is none of {EVENTS!r}, {REST!r} and {EVERY!r}")
        fault = Fault(
            kind=FaultKind(kind),
            api=api,
            count=count,
            retry_after=retry_after,
            status=status,
            delay_ms=delay_ms,
        )
        self.active.append(fault)
        return fault

    def clear(self, api: str | None = None) -> None:
        """Switch off the faults of one API, or all of them and the latency."""
        if api is None:
            self.latency_ms = 0
        self.active = [fault for fault in self.active if api not in {None, fault.api}]

    def take(self, api: str) -> tuple[int, Fault | None]:
        """What befalls the next call of `api`: how long its answer waits (ms), and the fault, if any.

        Every delay that applies adds up. Of the others only the first applies, and only it is counted.
        """
        wait, found = self.latency_ms, None
        for fault in tuple(self.active):
            if fault.api not in {EVERY, api}:
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
