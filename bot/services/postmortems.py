"""Use cases of what is written about an incident once it is over."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.actor import Actor
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.due import local
from bot.domain.errors import InvalidError
from bot.domain.event import EventData, EventKind
from bot.domain.incident import Incident
from bot.domain.outcome import Happened
from bot.domain.postmortem import Duty, DutyState, read_link
from bot.domain.rights import Rights
from bot.domain.timer import TimerKind
from bot.ports.store import Store, Transaction
from bot.services.aftermath import owe_draft
from bot.services.incident_changes import IncidentChanges
from bot.services.incident_reader import IncidentReader
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedPostmortem:
    """A post-mortem that is still to be written. `shown` is whether its incident's title may be shown."""

    duty: Duty
    incident: Incident
    shown: bool


class Postmortems:
    """Drafts, deadlines and ends of post-mortems. Methods raise DomainError in words for who asks."""

    def __init__(
        self,
        *,
        changes: IncidentChanges,
        store: Store,
        directory: Directory,
        reader: IncidentReader,
        rights: Rights,
    ) -> None:
        self._changes = changes
        self._rights = rights
        self._store = store
        self._directory = directory
        self._reader = reader

    async def draft(self, request: Request, ref: Ref) -> Answer:
        """Post a fresh draft where the incident is talked about."""

        def decide(incident: Incident, record: Record) -> Answer:
            owe_draft(record, incident, Happened(kind=EventKind.POSTMORTEM_DRAFTED))
            state = self._state(record, incident)
            return Answer(text=f"A fresh draft for {incident.label} comes where it is talked about. {state}")

        return await self._changes.carry_out(Deed.POSTMORTEM, request, ref, decide, word="postmortem")

    async def finish(self, request: Request, ref: Ref, link: str | None) -> Answer:
        """It is written; `link`, where one is given, says where."""
        where = read_link(link) if link else None

        def decide(incident: Incident, record: Record) -> Answer:
            duty = record.tx.duties.of(incident.id) or _unasked(incident, record)
            _end(record, incident, duty.finish(where))
            data: EventData = {"link": where}
            record.tell(incident, Happened(kind=EventKind.POSTMORTEM_DONE, data=data, told=True))
            done = f"The post-mortem of {incident.label} is done."
            return Answer(text=f"{done} Nobody is reminded of it any more.")

        return await self._changes.carry_out(Deed.POSTMORTEM, request, ref, decide, word="postmortem")

    async def waive(self, request: Request, ref: Ref, reason: str) -> Answer:
        """None is needed, and why."""

        def decide(incident: Incident, record: Record) -> Answer:
            duty = _existing(record, incident).waive(reason)
            _end(record, incident, duty)
            data: EventData = {"reason": duty.reason}
            record.tell(incident, Happened(kind=EventKind.POSTMORTEM_WAIVED, data=data, told=True))
            return Answer(text=f"{incident.label} needs no post-mortem. Nobody is reminded of it any more.")

        return await self._changes.carry_out(Deed.WAIVE_POSTMORTEM, request, ref, decide, word="postmortem")

    async def hand_over(self, request: Request, ref: Ref, to: Actor) -> Answer:
        """Somebody else writes it."""

        def decide(incident: Incident, record: Record) -> Answer:
            self._rights.check_may_hold(to)
            record.tx.duties.save(_existing(record, incident).hand_over(to))
            record.tell(
                incident,
                Happened(
                    kind=EventKind.POSTMORTEM_GIVEN,
                    data={"to": to.name},
                    told=True,
                    notify_people=() if to.id == request.actor.id else (to.id,),
                ),
            )
            record.show(incident)
            return Answer(text=f"{to.name} writes the post-mortem of {incident.label}.")

        return await self._changes.carry_out(Deed.POSTMORTEM, request, ref, decide, word="postmortem")

    async def open(self, channel: str | None) -> tuple[OwedPostmortem, ...]:
        """What is still to be written, the earliest deadline first."""

        def body(tx: Transaction) -> tuple[OwedPostmortem, ...]:
            found = ((duty, tx.incidents.by_id(duty.incident)) for duty in tx.duties.open())
            return tuple(
                OwedPostmortem(duty=duty, incident=one, shown=self._reader.may_read(one, channel))
                for duty, one in found
                if one is not None
            )

        return await self._store.read(body)

    def _state(self, record: Record, incident: Incident) -> str:
        duty = record.tx.duties.of(incident.id)
        if duty is None or duty.state is DutyState.LAPSED:
            return "Nobody is asked for a post-mortem."
        if not duty.is_open:
            return f"Its post-mortem is {duty.state.replace('_', ' ')}."
        who = duty.owner.name if duty.owner else "Somebody"
        return f"{who} is asked for it by {local(duty.due, self._directory.guide.organization.zone)}."


def _existing(record: Record, incident: Incident) -> Duty:
    duty = record.tx.duties.of(incident.id)
    if duty is None or duty.state is DutyState.LAPSED:
        over = "" if not incident.status.is_open else ": it is not over yet"
        raise InvalidError(f"Nobody is asked for a post-mortem of {incident.label}{over}.")
    return duty


def _unasked(incident: Incident, record: Record) -> Duty:
    """One that is written though the guide asks for none."""
    return Duty(
        incident=incident.id, epoch=incident.epoch, owner=record.actor, asked_at=record.now, due=record.now
    )


def _end(record: Record, incident: Incident, duty: Duty) -> None:
    record.tx.duties.save(replace(duty, epoch=incident.epoch))
    record.tx.timers.stop(incident.id, TimerKind.POSTMORTEM)
    record.show(incident)
