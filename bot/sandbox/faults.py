"""What can be made to go wrong between the bot and a stand-in: which calls, how, how often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

EVERY = "*"
MOST_FAULTS = 100
LONGEST_MS = 600_000


class FaultKind(StrEnum):
    """How a call goes wrong."""

    RATELIMITED = "ratelimited"
    """Nothing is done; 429 with `Retry-After: retry_after` seconds, in the vendor's words."""
    STATUS = "status"
    """Nothing is done; an answer with the HTTP `status` and no JSON, as from a broken proxy."""
    ERROR = "error"
    """Nothing is done; the vendor's own refusal, named `error`."""
    DELAY = "delay"
    """The call takes `delay_ms` longer."""
    CUT = "cut"
    """The work is done, then the connection is closed without an answer."""
    DROP = "drop"
    """The call is answered as if it had been carried out, and nothing comes of it."""
    DOWN = "down"
    """Nothing is done; the connection is closed at once."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault: for one call, or for all (`*`); for the next `count` calls, or until cleared (None)."""

    kind: FaultKind
    call: str = EVERY
    count: int | None = None
    retry_after: int = 1
    status: int = 503
    error: str = "internal_error"
    delay_ms: int = 0

    def __post_init__(self) -> None:
        """Refuse, as ValueError, what no answer can be made of."""
        if self.count is not None:
            _need(self.count, "count", 1, 1_000_000)
        _need(self.retry_after, "retry_after", 0, 86_400)
        _need(self.status, "status", 300, 599)
        _need(self.delay_ms, "delay_ms", 0, LONGEST_MS)

    def befalls(self, call: str) -> bool:
        """Whether it is for this call."""
        return self.call in {EVERY, call}


FAULT = web.RequestKey("fault", Fault)
"""Set on a request whose fault the handler itself carries out: a `Fault` of kind ERROR or DROP."""


class Faults:
    """The faults that are switched on, and the latency of every call in milliseconds.

    `kinds` and `calls` are what this stand-in knows (None: any call has a name of its own); over HTTP a
    fault says under the name `called` which call it is for.
    """

    def __init__(
        self, *, kinds: Collection[FaultKind], called: str, calls: Collection[str] | None = None
    ) -> None:
        self.active: list[Fault] = []
        self._latency_ms = 0
        self._kinds = kinds
        self.called = called
        self._calls = calls

    @property
    def latency_ms(self) -> int:
        """How much longer every call takes. Setting it raises ValueError for what is no such number."""
        return self._latency_ms

    @latency_ms.setter
    def latency_ms(self, milliseconds: int) -> None:
        self._latency_ms = _need(milliseconds, "latency_ms", 0, LONGEST_MS)

    def add(self, kind: FaultKind | str, call: str = EVERY, **how: Any) -> Fault:
        """Switch a fault on; `how` are the further fields of `Fault`. Raises ValueError, TypeError."""
        known = FaultKind(kind)
        if known not in self._kinds:
            raise ValueError(f"{known.value!r} does not happen here: {_listed(self._kinds)}")
        if self._calls is not None and call not in {EVERY, *self._calls}:
            raise ValueError(f"{call!r} is no {self.called}: {_listed((*self._calls, EVERY))}")
        if len(self.active) >= MOST_FAULTS:
            raise ValueError(f"{MOST_FAULTS} faults are switched on already")
        fault = Fault(kind=known, call=call, **how)
        self.active.append(fault)
        return fault

    def clear(self, call: str | None = None) -> None:
        """Switch off the faults of one call, or all of them and the latency."""
        if call is None:
            self._latency_ms = 0
        self.active = [fault for fault in self.active if call not in {None, fault.call}]

    def take(self, call: str) -> tuple[int, Fault | None]:
        """What befalls the next such call: how much longer it takes (ms), and the fault, if any.

        Every delay that applies adds up. Of the others only the first applies, and only it is counted.
        """
        wait, found = self._latency_ms, None
        for fault in tuple(self.active):
            if not fault.befalls(call):
                continue
            if fault.kind is FaultKind.DELAY:
                wait += fault.delay_ms
            elif found is None:
                found = fault
            else:
                continue
            self._count(fault)
        return wait, found

    def change(self, body: Mapping[str, Any]) -> None:
        """What control is told. Raises ValueError, TypeError, KeyError.

        `clear` (true, or one call), `latency_ms`, `add` (a list of faults), or the fields of one fault.
        """
        more = dict(body)
        if cleared := more.pop("clear", None):
            self.clear(None if cleared is True else str(cleared))
        if "latency_ms" in more:
            self.latency_ms = more.pop("latency_ms")
        added = more.pop("add", [])
        for fault in [*added, more] if more else added:
            self._add_shown(fault)

    def to_json(self) -> dict[str, Any]:
        """Everything that is switched on."""
        return {"latency_ms": self._latency_ms, "faults": [self._shown(fault) for fault in self.active]}

    def _add_shown(self, shown: Mapping[str, Any]) -> None:
        how = dict(shown)
        self.add(how.pop("kind"), how.pop(self.called, EVERY), **how)

    def _shown(self, fault: Fault) -> dict[str, Any]:
        names = {"call": self.called}
        return {names.get(name, name): getattr(fault, name) for name in fault.__slots__}

    def _count(self, fault: Fault) -> None:
        if fault.count is None:
            return
        fault.count -= 1
        if fault.count <= 0:
            self.active.remove(fault)


Throttled = Callable[[web.Request, int], web.Response]
"""The vendor's 429 to a request, given the seconds to wait."""


def befalling(
    faults: Faults,
    *,
    call: Callable[[web.Request], str | None],
    throttled: Throttled,
) -> Middleware:
    """The faults as a middleware: the work is done first, then the answer waits.

    `call` names what a request calls, None where nothing can befall it; `throttled` is the vendor's 429.
    """

    @web.middleware
    async def befall(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = call(request)
        if name is None:
            return await handler(request)
        wait, fault = faults.take(name)
        answer = await _answer(request, handler, fault, throttled)
        if wait:
            await asyncio.sleep(wait / 1000)
        return answer

    return befall


async def _answer(
    request: web.Request, handler: Handler, fault: Fault | None, throttled: Throttled
) -> web.StreamResponse:
    if fault is None:
        return await handler(request)
    match fault.kind:
        case FaultKind.RATELIMITED:
            return throttled(request, fault.retry_after)
        case FaultKind.STATUS:
            return web.Response(status=fault.status, text="upstream error", content_type="text/html")
        case FaultKind.DOWN:
            return await hang_up(request)
        case FaultKind.CUT:
            await handler(request)
            return await hang_up(request)
        case FaultKind.ERROR | FaultKind.DROP | FaultKind.DELAY:
            request[FAULT] = fault
            return await handler(request)


async def hang_up(request: web.Request) -> web.Response:
    """Close the connection once the whole request has come; what is returned reaches nobody."""
    await request.read()
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _need(number: Any, name: str, least: int, most: int) -> int:
    if isinstance(number, int) and not isinstance(number, bool) and least <= number <= most:
        return number
    raise ValueError(f"{name} must be an integer from {least} to {most}")


def _listed(words: Collection[str]) -> str:
    return "one of " + ", ".join(repr(str(word)) for word in words)
