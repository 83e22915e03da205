"""Opens runbooks in incidents: read as owed, kept as they are then, shown in one message that is edited."""

from __future__ import annotations

from bot.domain.actor import Actor
from bot.domain.card import MessageRef
from bot.domain.delivery import Delivery, DeliveryKind, priority
from bot.domain.event import EventData, EventKind
from bot.domain.guide import Runbook
from bot.domain.incident import Incident
from bot.domain.outcome import Happened
from bot.domain.runbooks.markdown import Page
from bot.domain.runbooks.opened import OpenedRunbook, OpenStep
from bot.domain.subject import Subject, has_room
from bot.ports.chat import CardGoneError
from bot.ports.failures import DeliveryFailure
from bot.services.faces import where_said
from bot.services.reading import Reading
from bot.services.record import NO_METHOD, POST_METHOD, UPDATE_LANE, Record
from bot.services.runbook_work import PostRunbook, ReadRunbook, RunbookRead
from bot.services.settlement import Settling
from bot.services.work import Claimed, Posted, Sent


def owe_reading_of(record: Record, incident: Incident, runbook: Runbook) -> None:
    """Owe that it is read, and opened then; once, however often it is asked for meanwhile."""
    key = f"runbook-read/{incident.id}/{runbook.key}"
    record.deliver(
        incident,
        DeliveryKind.RUNBOOK_READ,
        key=key,
        order_key=key,
        lane="library",
        payload={"runbook": runbook.key, "by": record.actor.id, "by_name": record.actor.name},
    )


def show_opened(
    record: Record, incident: Incident, opened: OpenedRunbook, *, uncertain: bool = False
) -> None:
    """Owe its newest state, once however often it is asked for. Its message goes after the card."""
    place, _ = where_said(record.tx, incident)
    posted = opened.at is not None
    record.tx.outbox.owe_again(
        Delivery(
            key=f"runbook/{opened.id}",
            kind=DeliveryKind.RUNBOOK,
            subject=incident.id,
            epoch=incident.epoch,
            order_key=f"runbook/{opened.id}" if posted else f"chat/{incident.id}",
            lane=UPDATE_LANE if posted else place.lane,
            method=NO_METHOD if posted else POST_METHOD,
            priority=priority(DeliveryKind.RUNBOOK, incident.severity),
            not_before=record.now,
            created_at=record.now,
            payload={"opened": opened.id},
            uncertain=uncertain,
        )
    )


def load_runbook(reading: Reading) -> ReadRunbook:
    """What is to be read. Raises LookupError where the guide has it no more."""
    key = reading.delivery.payload["runbook"]
    runbook = reading.directory.guide.runbooks.get(key)
    if runbook is None:
        raise LookupError(reading.delivery.key)
    return ReadRunbook(delivery=reading.delivery, runbook=runbook)


def load_opened(reading: Reading) -> PostRunbook:
    """How far it has come, and where that is shown."""
    tx, delivery, incident = reading.tx, reading.delivery, reading.incident
    opened = tx.opened_runbooks.one(delivery.payload["opened"])
    if opened is None:
        raise LookupError(delivery.key)
    place, thread = where_said(tx, incident)
    _, home = where_said(tx, incident, at_home=True)
    return PostRunbook(
        delivery=delivery,
        opened=opened,
        incident=incident,
        place=place,
        thread=thread,
        at=opened.at if _is_in_reach(opened.at, incident, home) else None,
    )


def runbook_read(settling: Settling, work: ReadRunbook, sent: Sent) -> None:
    """Keep its steps as they are now, for the incident; or say why there are none."""
    if not settling.held or not isinstance(sent, RunbookRead):
        return  # without the lease it is another dispatcher's to open
    record, incident, runbook = settling.record, settling.incident, work.runbook
    facts = settling.delivery.payload
    by = Actor(id=facts["by"], name=facts["by_name"])
    data: EventData = {"runbook": runbook.key, "title": runbook.title, "url": runbook.url}
    if sent.page is None or not sent.page.steps:
        why = sent.why or "it has no steps"
        unread = Happened(kind=EventKind.RUNBOOK_UNREAD, data={**data, "why": why}, actor=by, told=True)
        record.tell(incident, unread)
        return
    if any(one.runbook == runbook.key for one in record.tx.opened_runbooks.of(incident.id)):
        return
    opened = _opened(settling, runbook, sent.page, by)
    record.tx.opened_runbooks.add(opened)
    steps = {"steps": len(opened.steps)}
    record.tell(incident, Happened(kind=EventKind.RUNBOOK_OPENED, data={**data, **steps}, actor=by))
    show_opened(record, incident, opened)
    record.show_pages(incident)


def runbook_shown(settling: Settling, work: PostRunbook, sent: Sent) -> None:
    """Remember where it stands. Where that was in doubt, what was found may show what an earlier try knew."""
    if not isinstance(sent, Posted):
        return
    record, opened = settling.record, settling.record.tx.opened_runbooks
    opened.stand(work.opened.id, sent.at)
    if work.at != sent.at:
        record.show_pages(settling.incident)  # the card leads to it
    now = opened.one(work.opened.id)
    if now is not None and (work.delivery.uncertain or now.steps != work.opened.steps):
        show_opened(record, settling.incident, now)


def is_runbook_posted_anew(
    record: Record, subject: Subject, claimed: Claimed, failure: DeliveryFailure
) -> bool:
    """Somebody has deleted its message: another takes its place."""
    work, tx = claimed.work, record.tx
    if not isinstance(work, PostRunbook) or not isinstance(failure, CardGoneError) or work.at is None:
        return False
    tx.opened_runbooks.stand(work.opened.id, None)
    tx.outbox.settle(work.delivery, claimed.token)
    opened = tx.opened_runbooks.one(work.opened.id)
    if opened is not None and isinstance(subject, Incident):
        show_opened(record, subject, opened)
    return True


def _opened(settling: Settling, runbook: Runbook, page: Page, by: Actor) -> OpenedRunbook:
    return OpenedRunbook(
        # One an incident and runbook: nothing that is drawn again would be another one.
        id=f"{settling.incident.id}/{runbook.key}",
        incident=settling.incident.id,
        runbook=runbook.key,
        title=runbook.title,
        url=runbook.url,
        opened_by=by,
        opened_at=settling.record.now,
        steps=tuple(OpenStep(step=step) for step in page.steps),
        left=page.left,
    )


def _is_in_reach(at: MessageRef | None, incident: Incident, home: MessageRef | None) -> bool:
    """Whether its message can still be edited: it stands in the room, or where the incident began."""
    if at is None:
        return False
    if incident.room is not None and has_room(incident) and at.channel == incident.room.id:
        return True
    return home is None or at.channel == home.channel
