"""Changes an alert group: once a request, in one transaction, where whoever asks may do it."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.alert import AlertGroup
from bot.domain.directory import Directory
from bot.domain.errors import DomainError
from bot.domain.rights import Deed, Rights
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.find_alert import find_group
from bot.services.receipts import Refusal, answered, earlier_reply, keep_answer, keep_refusal
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request

ActOnAlert = Callable[[AlertGroup, Record], str]
"""Writes what somebody does to a group, which is locked, and says so. Raises DomainError before it writes."""


class AlertChanges:
    """The frame of every use case that changes one alert group."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, rights: Rights) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._rights = rights

    async def carry_out(
        self, deed: Deed, request: Request, ref: Ref, act: ActOnAlert, *, word: str | None = None
    ) -> Answer:
        """Do it to the group that `ref` means. `word` is the command's for the examples in refusals.

        Raises DomainError in words for the one who asked; that is kept, too, so that the same request again
        gets the same reply.
        """
        now = self._clock.now()
        directory = self._directory

        def body(tx: Transaction) -> Answer | Refusal:
            earlier = earlier_reply(tx, request)
            if earlier is not None:
                return earlier
            record = Record(tx=tx, now=now, actor=request.actor, directory=directory)
            group = None
            try:
                group = find_group(tx, request, ref, verb=word or deed.word, lock=True)
                self._rights.check_alert(deed, request.actor, group, request.channel)
                if ref.epoch is not None:
                    group.check_epoch(ref.epoch)
                text = act(group, record)
            except DomainError as error:
                return keep_refusal(record, request, error, deed, group)
            return keep_answer(record, request, Answer(text=text))

        return answered(await self._store.transaction(f"{deed.value}_alert", body))
