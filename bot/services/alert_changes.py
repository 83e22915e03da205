"""Changes an alert group: once a request, in one transaction, where whoever asks may do it."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.alert import AlertGroup
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.rights import Rights
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.find_alert import find_group
from bot.services.frame import Frame
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request

ActOnAlert = Callable[[AlertGroup, Record], str]
"""Writes what somebody does to a group, which is locked, and says so. Raises DomainError before it writes."""


class AlertChanges:
    """The frame of every use case that changes one alert group."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, rights: Rights) -> None:
        self._frame = Frame(store=store, clock=clock, directory=directory)
        self._rights = rights

    async def carry_out(
        self, deed: Deed, request: Request, ref: Ref, act: ActOnAlert, *, word: str | None = None
    ) -> Answer:
        """Do it to the group that `ref` means. `word` is the command's for the examples in refusals.

        Raises DomainError in words for the one who asked.
        """

        def find(tx: Transaction) -> AlertGroup:
            return find_group(tx, request, ref, verb=word or deed.word, lock=True)

        return await self._frame.carry_out(
            deed,
            request,
            ref,
            name=f"{deed.value}_alert",
            find=find,
            check=self._rights.check_alert,
            act=lambda group, record: Answer(text=act(group, record)),
        )
