"""`GET /api/gate?service=payment&type=standard`: whether a pipeline may change it now.

A question that names no change is answered for whichever is running or approved, so while one runs
anybody's pipeline hears its answer. With `require_change=1` such a question is denied: `change=CH12` names
one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from aiohttp import hdrs, web

from bot.domain.changes.gate import GateAnswer, Verdict
from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.nearest import nearest
from bot.ports.store import StoreUnavailable
from bot.services.gates import GateReader
from handlers.bearer import knows

PATH = "/api/gate"
VARIABLE = "OPSBOT_GATE_TOKEN"

ANSWER_SECONDS = 2.0
"""How long the database may take. Who asks waits no longer for an answer that is no yes."""

_SERVICE, _TYPE, _CHANGE = "service", "type", "change"
_REQUIRE = "require_change"
_NAMES: Final = (_SERVICE, _TYPE, _CHANGE)
_TAKEN: Final = (*_NAMES, _REQUIRE)
_YES_OR_NO: Final[Mapping[str, bool]] = {"1": True, "true": True, "0": False, "false": False}
_EXAMPLE = f"`{PATH}?service=payment&type=standard`"
_FRESH: Final[Mapping[str, str]] = {hdrs.CACHE_CONTROL: "no-store"}

_log = logging.getLogger(__name__)


class GateHttp:
    """Answers who knows `token`; without one it is off. A 200 says nothing: the verdict does."""

    def __init__(self, *, gates: GateReader, token: str | None, seconds: float = ANSWER_SECONDS) -> None:
        self._gates = gates
        self._token = token
        self._seconds = seconds

    async def get(self, request: web.Request) -> web.Response:
        """The verdict with every reason; 400 for what means nothing, 503 where the database is silent."""
        if self._token is None:
            return _refused(HTTPStatus.NOT_FOUND, f"the gate is off: set {VARIABLE}")
        if not knows(request.headers.get(hdrs.AUTHORIZATION), self._token):
            return _refused(
                HTTPStatus.UNAUTHORIZED, "unauthorized", headers={hdrs.WWW_AUTHENTICATE: "Bearer"}
            )
        try:
            asked = _asked(request)
            async with asyncio.timeout(self._seconds):
                names = (asked.get(one) for one in _NAMES)
                answer = await self._gates.answer(*names, require_change=_requires(asked))
        except (InvalidError, NotFoundError) as error:
            return _refused(HTTPStatus.BAD_REQUEST, str(error))
        except StoreUnavailable as error:
            return _unknown(str(error))
        except TimeoutError:
            return _unknown("the database does not answer in time")
        return web.json_response(self._told(answer), headers=_FRESH)

    def _told(self, answer: GateAnswer) -> Mapping[str, Any]:
        return {
            "verdict": answer.verdict.value,
            "service": answer.service or "platform",
            "title": self._gates.title(answer.service),
            "type": answer.kind,
            "change": answer.change,
            "at": _instant(answer.at),
            "opens_at": _instant(answer.opens),
            "reasons": [
                {
                    "ground": one.ground.value,
                    "weight": one.weight.value,
                    "text": one.text,
                    "until": _instant(one.until),
                }
                for one in answer.reasons
            ],
            "news": [
                {
                    "of": one.of,
                    "at": _instant(one.at),
                    "age_seconds": None if one.at is None else round((answer.at - one.at).total_seconds()),
                    "idle": one.idle,
                }
                for one in answer.news
            ],
        }


def _asked(request: web.Request) -> Mapping[str, str]:
    """What is asked for. Raises InvalidError: what was typed wrongly must not be taken for something else."""
    for name in request.query:
        if name not in _TAKEN:
            near = nearest(name, _TAKEN)
            hint = f" Did you mean `{near}`?" if near else ""
            shown = ascii(name[:40])[1:-1]
            raise InvalidError(
                f"There is no parameter `{shown}`: `{PATH}?service=payment&type=standard`.{hint}"
            )
        if len(request.query.getall(name)) > 1:
            raise InvalidError(f"`{name}` is asked for once: {_EXAMPLE}.")
    return {name: value for name, value in request.query.items() if value}


def _requires(asked: Mapping[str, str]) -> bool:
    """Whether a change has to be named. Raises InvalidError for what is neither yes nor no."""
    said = asked.get(_REQUIRE, "0").lower()
    if said not in _YES_OR_NO:
        raise InvalidError(f"`{_REQUIRE}` is `1` or `0`: `{PATH}?service=payment&{_REQUIRE}=1`.")
    return _YES_OR_NO[said]


def _unknown(trouble: str) -> web.Response:
    _log.error("the gate cannot be asked: %s", trouble)
    why = "The bot's database does not answer: nobody knows, which is no yes"
    reason = {"ground": "database", "weight": "unknown", "text": why, "until": None}
    said = {"verdict": Verdict.UNKNOWN.value, "error": why, "reasons": [reason]}
    return web.json_response(said, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=_FRESH)


def _refused(status: HTTPStatus, why: str, *, headers: Mapping[str, str] | None = None) -> web.Response:
    fresh: dict[str, str] = {**_FRESH, **(headers or {})}
    return web.json_response({"error": why}, status=status, headers=fresh)


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
