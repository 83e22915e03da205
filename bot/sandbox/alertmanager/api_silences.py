"""API v2: silences."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.sandbox.alertmanager.acts import StandIn
from bot.sandbox.alertmanager.api_alerts import filters
from bot.sandbox.alertmanager.checks import Decoder, RefusedError, answered, identity, read, required, some
from bot.sandbox.alertmanager.matchers import Matcher
from bot.sandbox.alertmanager.showing import silence_json
from bot.sandbox.alertmanager.silences import NoSilenceError, Silence

_BAD_REQUEST = 400
_NOT_FOUND = 404
_BROKEN = 500


class SilencesApi:
    """`/api/v2/silences` and `/api/v2/silence/{id}`."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        return [
            web.get("/api/v2/silences", self._list, allow_head=False),
            web.post("/api/v2/silences", self._post),
            web.get("/api/v2/silence/{id}", self._get, allow_head=False),
            web.delete("/api/v2/silence/{id}", self._delete),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        now, wanted = self._stand_in.now(), filters(request)
        found = [each for each in self._stand_in.silences.all(now) if set(wanted) <= set(each.matchers)]
        return answered([silence_json(each, now) for each in found])

    async def _get(self, request: web.Request) -> web.Response:
        try:
            found = self._stand_in.silences.get(identity(request.match_info["id"]))
        except NoSilenceError:
            return answered(None, _NOT_FOUND)
        return answered(silence_json(found, self._stand_in.now()))

    async def _delete(self, request: web.Request) -> web.Response:
        try:
            self._stand_in.expire_silence(identity(request.match_info["id"]))
        except NoSilenceError as error:
            # Newer versions answer 404 without a body.
            raise RefusedError(_BROKEN, str(error)) from None
        return answered(None)

    async def _post(self, request: web.Request) -> web.Response:
        wanted = _decoded(await read(request, "silence", dict))
        if wanted.starts_at >= wanted.ends_at:
            raise _failed("start time must be before end time")
        if wanted.ends_at < self._stand_in.now():
            raise _failed("end time can't be in the past")
        try:
            made = self._stand_in.put_silence(wanted)
        except NoSilenceError as error:
            raise RefusedError(_NOT_FOUND, str(error)) from None
        except ValueError as error:
            raise RefusedError(_BAD_REQUEST, str(error)) from None
        return answered({"silenceID": made.id})


def _failed(reason: str) -> RefusedError:
    return RefusedError(_BAD_REQUEST, f"Failed to create silence: {reason}")


def _decoded(posted: dict[str, Any]) -> Silence:
    decoder = Decoder("silence", "Silence")
    starts_at, ends_at = (decoder.instant(posted, each) for each in ("startsAt", "endsAt"))
    created_by, comment = (decoder.text(posted, each) for each in ("createdBy", "comment"))
    given = _listed(posted.get("matchers"))
    required(posted, ("comment", "createdBy", "endsAt", "matchers", "startsAt"))
    some(given, "matchers")
    matchers = tuple(_matcher(each, number) for number, each in enumerate(given))
    return Silence(
        id=Decoder("silence", "").text(posted, "id"),
        matchers=matchers,
        starts_at=starts_at,
        ends_at=ends_at,
        updated_at=0,
        created_by=created_by,
        comment=comment,
    )


def _listed(value: Any) -> list[Any]:
    if value is None or isinstance(value, list):
        return value or []
    return [value]


def _matcher(posted: Any, number: int) -> Matcher:
    decoder = Decoder("silence", "Matcher")
    found = decoder.object(posted)
    required(found, ("isRegex", "name", "value"), f"matchers.{number}.")
    return Matcher(
        name=decoder.text(found, "name"),
        value=decoder.text(found, "value"),
        is_equal=decoder.truth(found, "isEqual", default=True),
        is_regex=decoder.truth(found, "isRegex", default=False),
    )
