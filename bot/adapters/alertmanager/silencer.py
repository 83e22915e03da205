"""The silencer by Alertmanager's API v2."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from typing_extensions import override

from bot.adapters.alertmanager.calls import LIST_SECONDS, Calls, Errand, RefusedError
from bot.adapters.alertmanager.shown import alert_of, group_of, instant, marked, silence_of
from bot.domain.alert import Labels
from bot.ports.clock import Clock
from bot.ports.failures import TemporaryFailure, UnknownOutcome
from bot.ports.silencer import RemoteAlert, RemoteGroup, RemoteSilence, RemoteState, Silencer, SilenceWish

_SET = Errand(what="setting the silence", method="POST", path="silences", adds=True)
_LOOK = Errand(what="silences", path="silences")
_STATUS = Errand(what="asking how it is", path="status")
_ALERTS = Errand(what="alerts", path="alerts", seconds=LIST_SECONDS)
_GROUPS = Errand(what="groups of alerts", path="alerts/groups", seconds=LIST_SECONDS)

_PLAIN = re.compile(r"[\w.:/-]+", re.ASCII)
"""Values that mean the same in every version's grammar of filters."""
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)

T = TypeVar("T")


class Alertmanager(Silencer):
    """Alertmanager at an address, whose path and credentials are kept."""

    def __init__(self, url: str, *, clock: Clock) -> None:
        self._calls = Calls(url)
        self._clock = clock

    async def aclose(self) -> None:
        """Close what is open."""
        await self._calls.aclose()

    @property
    @override
    def is_there(self) -> bool:
        return True

    @override
    async def set(self, wish: SilenceWish, *, uncertain: bool) -> str:
        if uncertain and (made := await self._marked(wish.mark)):
            return made[0].id
        answer = await self._calls.call(_SET, _body(wish))
        made_id = answer.get("silenceID") if isinstance(answer, dict) else None
        if not isinstance(made_id, str) or not made_id:
            raise UnknownOutcome("Alertmanager does not say which silence it has made.")
        return made_id

    @override
    async def end(self, remote_id: str | None, mark: str) -> None:
        ids = [remote_id] if remote_id else [one.id for one in await self._marked(mark)]
        for one in ids:
            errand = Errand(what="ending the silence", method="DELETE", path=f"silence/{one}")
            try:
                await self._calls.call(errand)
            except RefusedError as refused:
                if refused.status != 404:  # noqa: PLR2004 - there is none, or it is over: that was wanted
                    raise

    @override
    def silences(self) -> AsyncIterator[RemoteSilence]:
        errand = replace(_LOOK, seconds=LIST_SECONDS)
        return self._listed(errand, silence_of)

    @override
    async def alerts(self, among: Labels | None = None) -> AsyncIterator[RemoteAlert]:
        wanted, seen_at = (among or {}).items(), self._clock.now()
        plain = [
            ("filter", f'{name}="{value}"')
            for name, value in wanted
            if _PLAIN.fullmatch(value) and _NAME.fullmatch(name)
        ]
        async for one in self._listed(_ALERTS, lambda raw: alert_of(raw, seen_at=seen_at), plain):
            if wanted <= one.alert.labels.items():
                yield one

    @override
    def groups(self) -> AsyncIterator[RemoteGroup]:
        return self._listed(_GROUPS, group_of)

    @override
    async def up_since(self) -> datetime:
        answer = await self._calls.call(_STATUS)
        try:
            return instant(answer.get("uptime"))
        except (AttributeError, ValueError, OverflowError):
            raise TemporaryFailure("Alertmanager does not say since when it runs.") from None

    async def _marked(self, mark: str) -> list[RemoteSilence]:
        """The silences with a mark that are not over."""
        return [
            one
            async for one in self._listed(_LOOK, silence_of)
            if one.mark == mark and one.state is not RemoteState.EXPIRED
        ]

    async def _listed(
        self, errand: Errand, read: Callable[[Any], T], query: list[tuple[str, str]] | None = None
    ) -> AsyncIterator[T]:
        async for raw in self._calls.list(errand, query or ()):
            try:
                one = read(raw)
            except ValueError as error:
                raise TemporaryFailure(
                    f"Alertmanager shows {errand.what} in an unknown form: check ALERTMANAGER_URL."
                ) from error
            yield one


def _body(wish: SilenceWish) -> dict[str, Any]:
    if not any(value for _, value in wish.matchers):
        raise ValueError("a silence of everything is never wanted")
    return {
        "matchers": [
            {"name": name, "value": value, "isRegex": False, "isEqual": True} for name, value in wish.matchers
        ],
        "startsAt": wish.starts_at.isoformat(),
        "endsAt": wish.ends_at.isoformat(),
        "createdBy": wish.by,
        "comment": marked(wish.comment, wish.mark),
    }
