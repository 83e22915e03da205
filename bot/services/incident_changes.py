"""Changes an incident: once a request, in one transaction, where whoever asks may do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.domain.card import IncidentCard
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.incident import Incident
from bot.domain.outcome import Outcome
from bot.domain.rights import Rights
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.answers import changed
from bot.services.cards import read_card
from bot.services.find import find_incident
from bot.services.frame import Frame
from bot.services.receipts import keep_answer
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request
from bot.services.writing import write_outcome

Decide = Callable[[Incident, Record], Outcome]
"""What becomes of an incident. Raises DomainError for what it refuses."""

Act = Callable[[Incident, Record], Answer]
"""Writes what somebody does, once nothing of it is refused any more. Raises DomainError before it writes."""

Say = Callable[[IncidentCard, datetime], str]
"""What the one who asked is answered."""


class IncidentChanges:
    """The frame of every use case that changes one incident."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, rights: Rights) -> None:
        self._frame = Frame(store=store, clock=clock, directory=directory)
        self._rights = rights

    async def change(
        self,
        deed: Deed,
        request: Request,
        ref: Ref,
        decide: Decide,
        *,
        word: str | None = None,
        say: Say = changed,
    ) -> Answer:
        """Change what `ref` means. `word` is the command's for the examples in refusals, where it has others.

        Raises DomainError in words for the one who asked; that is kept, too, so that the same request again
        gets the same reply.
        """

        def act(incident: Incident, record: Record) -> Answer:
            changed_one = write_outcome(record, decide(incident, record))
            return _answer(record, changed_one, say)

        return await self.carry_out(deed, request, ref, act, word=word)

    async def carry_out(
        self, deed: Deed, request: Request, ref: Ref, act: Act, *, word: str | None = None
    ) -> Answer:
        """The same for what belongs to an incident: `act` writes what follows, and answers."""

        def find(tx: Transaction) -> Incident:
            return find_incident(tx, request, ref, verb=word or deed.word, lock=True)

        return await self._frame.carry_out(
            deed, request, ref, name=deed.value, find=find, check=self._rights.check_on, act=act
        )


def as_answer(record: Record, request: Request, incident: Incident, say: Say) -> Answer:
    """The answer, kept as the request's receipt."""
    return keep_answer(record, request, _answer(record, incident, say))


def _answer(record: Record, incident: Incident, say: Say) -> Answer:
    card = read_card(record.tx, incident, record.directory)
    return Answer(text=say(card, record.now), card=card)
