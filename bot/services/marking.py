"""Use cases by which messages of people's become part of a timeline, and follow what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.domain.actor import Actor
from bot.domain.card import IncidentCard, MessageRef
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import AlreadyError, ForbiddenError, NotFoundError
from bot.domain.incident import Incident
from bot.domain.mark import Way, deleted, edited, taken_back
from bot.domain.outcome import Outcome
from bot.domain.quote import Quote
from bot.domain.rights import Rights
from bot.domain.room import is_private_room
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.ports.talk import Spoken
from bot.ports.workspace import Workspace
from bot.services.incident_changes import IncidentChanges
from bot.services.marked import (
    add_mark,
    incident_near,
    incident_of,
    last_said,
    locked_mark,
    look_at,
    look_key,
)
from bot.services.receipts import Refusal, earlier_reply, keep_answer
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request

MOST_CANDIDATES = 100
"""Open incidents to choose from: as many as a menu of Slack's holds."""


class Marking:
    """Adds messages, takes them back, and follows their edits. What concerns no incident does nothing."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        directory: Directory,
        workspace: Workspace,
        rights: Rights,
    ) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._workspace = workspace
        self._rights = rights
        changes = IncidentChanges(store=store, clock=clock, directory=directory, rights=rights)
        self._change = changes.change

    async def react(self, request: Request, at: MessageRef) -> None:
        """Somebody put the guide's emoji under a message: it is added once its thread is known."""

        def act(record: Record) -> None:
            incident = incident_near(record.tx, at)
            if incident is None or record.tx.marks.at(at) is not None:
                return
            look_at(record, incident, at, request.actor, private=self._is_private(at.channel, incident))

        await self._once(request, act)

    async def pin(self, request: Request, at: MessageRef, spoken: Spoken) -> None:
        """Somebody pinned a message: it is added, where it is in an incident's thread or room."""

        def act(record: Record) -> None:
            incident = incident_of(record.tx, at, spoken.thread, lock=True)
            if incident is not None:
                quote = Quote(
                    channel=at.channel,
                    ts=at.ts,
                    author=spoken.author,
                    text=spoken.text,
                    private=self._is_private(at.channel, incident),
                )
                add_mark(record, incident, quote, by=request.actor, way=Way.PIN)

        await self._once(request, act)

    async def take_back(self, request: Request, at: MessageRef, way: Way) -> None:
        """Whoever added a message so has taken the pin or the reaction away."""

        def act(record: Record) -> None:
            mark = locked_mark(record.tx, at)  # before the outbox, as everywhere
            near = incident_near(record.tx, at)
            if near is not None:
                record.tx.outbox.drop([look_key(near, at, request.actor)])
            if mark is None or mark.way is not way or mark.by != request.actor.id:
                return
            record.note(mark.incident, taken_back(mark))
            record.tx.marks.forget(at)

        await self._once(request, act)

    async def change(self, request: Request, at: MessageRef, text: str | None) -> None:
        """A message says something else now; without a text it is deleted. Whoever writes may be anybody."""
        if await self._store.read(lambda tx: tx.marks.at(at)) is None:
            return

        def act(record: Record) -> None:
            mark = locked_mark(record.tx, at)
            said = last_said(record.tx, mark) if mark is not None else None
            if mark is None or text == said or (text and not said):  # what was withheld stays withheld
                return
            record.note(mark.incident, deleted(mark) if text is None else edited(mark, text))
            if text is None:
                record.tx.marks.forget(at)

        await self._once(request, act, by_anybody=True)

    async def candidates(self, request: Request, quote: Quote, thread: str | None) -> tuple[Incident, ...]:
        """The incident in whose thread or room a message stands; else those that are open.

        Raises ForbiddenError for somebody who may not add it, NotFoundError where there is none.
        """
        self._rights.check(Deed.ADD_MESSAGE, request.actor)

        def body(tx: Transaction) -> tuple[Incident, ...]:
            at = MessageRef(channel=quote.channel, ts=quote.ts)
            if (here := incident_of(tx, at, thread)) is not None:
                return (here,)
            return tx.incidents.open(MOST_CANDIDATES)

        found = await self._store.read(body)
        if not found:
            raise NotFoundError("No incident is open, and the message is in no incident's thread or channel.")
        return found

    async def add(self, request: Request, ref: Ref, quote: Quote) -> Answer:
        """Add a message by its menu. Raises DomainError."""
        at = MessageRef(channel=quote.channel, ts=quote.ts)

        def decide(incident: Incident, record: Record) -> Outcome:
            if record.tx.marks.at(at) is not None:
                raise AlreadyError("Nothing to do: that message is in a timeline already.")
            add_mark(record, incident, self._told(quote, incident), by=request.actor, way=Way.MENU)
            return Outcome(incident=incident, happened=())

        def say(card: IncidentCard, _now: datetime) -> str:
            return f"Added to the timeline of {card.incident.label}."

        return await self._change(Deed.ADD_MESSAGE, request, ref, decide, say=say)

    async def _once(
        self, request: Request, act: Callable[[Record], None], *, by_anybody: bool = False
    ) -> None:
        """Do it once for an event, where whoever did it may; nobody is told where they may not."""

        def body(tx: Transaction) -> Answer | Refusal | None:
            if (earlier := earlier_reply(tx, request)) is not None:
                return earlier
            if not by_anybody and not self._may(request.actor):
                return None
            record = Record(tx=tx, now=self._clock.now(), actor=request.actor, directory=self._directory)
            act(record)
            return keep_answer(record, request, Answer(text=""))

        await self._store.transaction(Deed.ADD_MESSAGE.value, body)

    def _told(self, quote: Quote, incident: Incident) -> Quote:
        """The text of a private channel's message stays out of histories that are read elsewhere."""
        home = incident.room.id if incident.room else self._workspace.channel_id(incident.channel)
        return quote if not quote.private or quote.channel == home else quote.without_text()

    def _may(self, actor: Actor) -> bool:
        try:
            self._rights.check(Deed.ADD_MESSAGE, actor)
        except ForbiddenError:
            return False
        return True

    def _is_private(self, channel: str, incident: Incident) -> bool:
        """Whether only some may read what is said there, or that is not known."""
        if incident.room is not None and incident.room.id == channel:
            return is_private_room(incident, self._directory)
        return self._workspace.channel_key(channel) is None or not self._workspace.is_open(channel)
