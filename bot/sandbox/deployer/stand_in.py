"""The stand-in as a whole: what it was asked, checked as a careful deployer would, and its control routes."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from aiohttp import web

from bot.sandbox.clock import Clock, wall_clock
from bot.sandbox.control import fault_routes, feed_route, posts, shows
from bot.sandbox.faults import FaultKind, Faults, befalling
from bot.sandbox.feed import Feed

PATH: Final = "/hooks/rollback"
CALL: Final = "rollback"
_KINDS = frozenset(FaultKind) - {FaultKind.DROP, FaultKind.ERROR}
_OLDEST_SECONDS = 300
"""How old a signature may be: an earlier request is not to be sent again by whoever has seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """One rollback that was asked for. `times`: how often that was, under the same key."""

    key: str
    change: str
    title: str
    service: str | None
    reason: str | None
    by: str
    at: int
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What outlives the stand-in."""

    rollbacks: list[Rollback]


class DeployerStandIn:
    """Takes rollbacks on loopback: `app()` serves the webhook and `/control/`.

    It does each once, whatever is sent again under the same key, and refuses what is not signed with its
    secret. `real` is the time by which signatures are judged.
    """

    def __init__(self, *, secret: str, clock: Clock = wall_clock, real: Clock = wall_clock) -> None:
        self.feed = Feed()
        self.faults = Faults(kinds=_KINDS, called="call", calls=(CALL,))
        self.rollbacks: dict[str, Rollback] = {}
        self.refused: list[str] = []
        self._secret = secret
        self._clock = clock
        self._real = real

    def app(self) -> web.Application:
        """The web application."""
        app = web.Application(
            middlewares=[befalling(self.faults, call=_call, throttled=_throttled)], client_max_size=64 * 1024
        )
        app.add_routes([web.post(PATH, self._asked), feed_route(self.feed), *fault_routes(self.faults)])
        app.add_routes(shows({"state": lambda _query: self.state()}))
        app.add_routes(posts({"reset": lambda _body: self.reset()}))
        app.on_shutdown.append(self._end_feed)
        return app

    def state(self) -> dict[str, Any]:
        """What it was asked for, the oldest first, and the faults."""
        asked = [asdict(one) for one in self.rollbacks.values()]
        return {"feed": self.feed.last, "now": self._clock(), "rollbacks": asked, **self.faults.to_json()}

    def reset(self) -> dict[str, Any]:
        """Forget everything."""
        self.rollbacks.clear()
        self.refused.clear()
        self.faults.clear()
        self.feed.publish("reset", {})
        return self.state()

    def kept(self) -> Kept:
        """What is to be there again at another start."""
        return Kept(rollbacks=list(self.rollbacks.values()))

    def restore(self, was: Kept) -> None:
        """Go on from it."""
        self.rollbacks = {one.key: one for one in was.rollbacks}

    async def _asked(self, request: web.Request) -> web.Response:
        body = await request.read()
        wrong = self._wrong(request, body)
        if wrong is not None:
            self.refused.append(wrong)
            return web.json_response({"error": wrong}, status=401)
        key = request.headers.get("Idempotency-Key", "")
        known = self.rollbacks.get(key)
        done = (
            self._rollback(key, json.loads(body)) if known is None else replace(known, times=known.times + 1)
        )
        self.rollbacks[key] = done
        self.feed.publish("rollback", asdict(done))
        return web.json_response({"message": f"Rolling back {done.service or 'the platform'}."}, status=202)

    def _rollback(self, key: str, body: dict[str, Any]) -> Rollback:
        return Rollback(
            key=key,
            change=body["change"],
            title=body["title"],
            service=body["service"],
            reason=body["reason"],
            by=body["by"],
            at=self._clock(),
        )

    def _wrong(self, request: web.Request, body: bytes) -> str | None:
        """Why it is nobody's who has the secret, or is too old; None where it is well."""
        parts = dict(
            part.partition("=")[::2] for part in request.headers.get("X-Opsbot-Signature", "").split(",")
        )
        at = parts.get("t", "")
        expected = hmac.new(self._secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, parts.get("v1", "")):
            return "the signature is not right"
        if abs(self._real() / 1000 - int(at)) > _OLDEST_SECONDS:
            return "the signature is too old"
        return None if request.headers.get("Idempotency-Key") else "there is no Idempotency-Key"

    async def _end_feed(self, _app: web.Application) -> None:
        self.feed.close()


def _call(request: web.Request) -> str | None:
    return CALL if request.path == PATH else None


def _throttled(_request: web.Request, retry_after: int) -> web.Response:
    return web.json_response(
        {"error": "too many requests"}, status=429, headers={"Retry-After": str(retry_after)}
    )
