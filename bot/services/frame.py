"""The frame of every use case that changes one subject: request, rights, epoch, receipt, one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.domain.actor import Actor
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import DomainError
from bot.domain.subject import Subject
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.receipts import Refusal, answered, earlier_reply, keep_answer, keep_refusal
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request


class Changeable(Subject, Protocol):
    """What people change by buttons that carry its epoch."""

    def check_epoch(self, epoch: int) -> None:
        """Raise StaleError for what was pressed on a card of an earlier epoch."""


S = TypeVar("S", bound=Changeable)

Find = Callable[[Transaction], S]
"""Finds what is meant, and locks it. Raises DomainError."""

Check = Callable[[Deed, Actor, S, "str | None"], None]
"""Raises ForbiddenError for who may not do it to this one, asked in that channel (Slack's id)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where use cases find what they change."""

    store: Store
    clock: Clock
    directory: Directory

    async def once(
        self, deed: Deed, request: Request, *, name: str, act: Callable[[Record], Answer]
    ) -> Answer:
        """Do what changes no subject that is there already, in a transaction of this `name`.

        `act` checks, and writes once nothing is refused any more. Receipts and errors as below.
        """
        now = self.clock.now()

        def body(tx: Transaction) -> Answer | Refusal:
            earlier = earlier_reply(tx, request)
            if earlier is not None:
                return earlier
            record = Record(tx=tx, now=now, actor=request.actor, directory=self.directory)
            try:
                answer = act(record)
            except DomainError as error:
                return keep_refusal(record, request, error, deed)
            return keep_answer(record, request, answer)

        return answered(await self.store.transaction(name, body))

    async def carry_out(
        self,
        deed: Deed,
        request: Request,
        ref: Ref,
        *,
        name: str,
        find: Find[S],
        check: Check[S],
        act: Callable[[S, Record], Answer],
    ) -> Answer:
        """Do it to what `find` finds, in a transaction of this `name`; once, however often it is asked.

        `act` writes, once nothing is refused any more. Raises DomainError in words for the one who asked;
        that is kept, too, so that the same request again gets the same reply.
        """
        now = self.clock.now()

        def body(tx: Transaction) -> Answer | Refusal:
            earlier = earlier_reply(tx, request)
            if earlier is not None:
                return earlier
            record = Record(tx=tx, now=now, actor=request.actor, directory=self.directory)
            subject = None
            try:
                subject = find(tx)
                check(deed, request.actor, subject, request.channel)
                if ref.epoch is not None:
                    subject.check_epoch(ref.epoch)
                answer = act(subject, record)
            except DomainError as error:
                return keep_refusal(record, request, error, deed, subject)
            return keep_answer(record, request, answer)

        return answered(await self.store.transaction(name, body))
