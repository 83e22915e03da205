"""The silencer where none is configured: it silences nothing, and says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import NoReturn

from typing_extensions import override

from bot.domain.alert import Labels
from bot.ports.failures import PermanentFailure
from bot.ports.silencer import RemoteAlert, RemoteGroup, RemoteSilence, Silencer, SilenceWish


class NoSilencer(Silencer):
    """Refuses what it is asked to do."""

    @property
    @override
    def is_there(self) -> bool:
        return False

    @override
    async def set(self, wish: SilenceWish, *, uncertain: bool) -> str:
        _refuse()

    @override
    async def end(self, remote_id: str | None, mark: str) -> None:
        _refuse()

    @override
    def silences(self) -> AsyncIterator[RemoteSilence]:
        _refuse()

    @override
    def alerts(self, among: Labels | None = None) -> AsyncIterator[RemoteAlert]:
        _refuse()

    @override
    def groups(self) -> AsyncIterator[RemoteGroup]:
        _refuse()

    @override
    async def up_since(self) -> datetime:
        _refuse()


def _refuse() -> NoReturn:
    raise PermanentFailure("No Alertmanager is configured: set ALERTMANAGER_URL.")
