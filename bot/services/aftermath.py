"""What follows once an incident is over, or is not after all: the post-mortem that it owes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.domain.delivery import DeliveryKind
from bot.domain.draft import Draft
from bot.domain.due import local
from bot.domain.event import EventData, EventKind
from bot.domain.export import told_in
from bot.domain.face import Face
from bot.domain.incident import Incident
from bot.domain.outcome import Happened
from bot.domain.postmortem import Duty, DutyState, Reminder, ask, first_reminder, next_reminder
from bot.domain.timer import Timer, TimerKind, postmortem_timer
from bot.services.cards import read_card
from bot.services.faces import place_of, where_said
from bot.services.histories import read_page
from bot.services.reading import Reading
from bot.services.record import Record
from bot.services.slo_noting import SCRAPED_AFTER
from bot.services.work import SendDraft

FILES_METHOD = "slack/files"

MOST_ENTRIES = 1000
"""The newest entries of the timeline that a draft holds."""


def write_aftermath(
    record: Record, incident: Incident, kind: EventKind, *, awaited: str | None = None
) -> None:
    """Write what follows from an entry of the history. `awaited` is the order key of what goes before it."""
    then = _FOLLOWS.get(kind)
    if then is not None:
        then(record, incident, awaited)


def owe_draft(record: Record, incident: Incident, asked: Happened, *, awaited: str | None = None) -> None:
    """Note who asks for a draft, and owe it. Each is a file of its own.

    It waits for the first try of what is `awaited`, an order key: of what the incident cost. No longer.
    """
    event = record.note(incident.id, asked)
    record.deliver(
        incident,
        DeliveryKind.DRAFT,
        key=f"draft/{incident.id}/{event.sequence}",
        order_key=awaited or f"draft/{incident.id}",
        lane=place_of(incident, Face.CARD, record.directory).lane,
        method=FILES_METHOD,
        payload={"sequence": event.sequence, "people": list(asked.notify_people), "team": asked.notify_team},
        wait=SCRAPED_AFTER if awaited else timedelta(),
    )


def read_draft(reading: Reading) -> SendDraft:
    """A draft as things are now, and where it is to be posted."""
    tx, delivery, incident = reading.tx, reading.delivery, reading.incident
    facts, directory = delivery.payload, reading.directory
    asked = tx.events.one(incident.id, facts["sequence"])
    if asked is None:
        raise LookupError(delivery.key)
    team = directory.team(incident.service, security=incident.security) if facts["team"] else None
    place, thread = where_said(tx, incident)
    channel = thread.channel if thread else place.room
    draft = Draft(
        card=read_card(tx, incident, directory),
        page=told_in(read_page(tx, incident, limit=MOST_ENTRIES), channel),
        duty=tx.duties.of(incident.id),
        asked=asked,
        mentions=directory.mentions((), team, people=facts["people"]),
        items=tx.items.of(incident.id),
        template=directory.guide.incidents.postmortem.template,
        unmeasured=directory.why_unmeasured(incident),
    )
    return SendDraft(delivery=delivery, draft=draft, place=place, thread=thread)


def fire_reminder(record: Record, incident: Incident, timer: Timer) -> None:
    """Remind whoever owes the post-mortem, and set the next reminder."""
    duty = record.tx.duties.of(incident.id)
    if duty is None or not duty.is_open or duty.epoch != timer.epoch:
        return
    record.tell(incident, _asking(record, duty, EventKind.POSTMORTEM_REMINDED))
    _remind(record, duty, next_reminder(duty, timer.step, record.now, record.directory.business))


def _ask(record: Record, incident: Incident, awaited: str | None) -> None:
    policy = record.directory.guide.incidents.postmortem
    days = policy.days(incident.severity, drill=incident.drill)
    earlier = record.tx.duties.of(incident.id)
    if days is None or (earlier is not None and earlier.state is DutyState.DONE):
        return
    first_role = record.directory.first_role
    business = record.directory.business
    duty = ask(incident, days, record.now, business, first_role.key if first_role else None)
    record.tx.duties.save(duty)
    _remind(record, duty, first_reminder(duty, days, business))
    owe_draft(record, incident, _asking(record, duty, EventKind.POSTMORTEM_ASKED), awaited=awaited)


def _lapse(record: Record, incident: Incident, _awaited: str | None) -> None:
    duty = record.tx.duties.of(incident.id)
    if duty is not None and duty.is_open:
        record.tx.duties.save(duty.lapse())
        record.tx.timers.stop(incident.id, TimerKind.POSTMORTEM)


def _asking(record: Record, duty: Duty, kind: EventKind) -> Happened:
    """Mentions whoever writes it, unless it is their own doing; the team, where nobody writes it."""
    owner = duty.owner
    data: EventData = {
        "owner": owner.name if owner else None,
        "due": local(duty.due, record.directory.guide.organization.zone),
        "late": duty.is_late(record.now),
    }
    people = (owner.id,) if owner and owner.id != record.actor.id else ()
    return Happened(kind=kind, data=data, told=True, notify_people=people, notify_team=owner is None)


def _remind(record: Record, duty: Duty, reminder: Reminder) -> None:
    record.tx.timers.set(postmortem_timer(duty.incident, duty.epoch, reminder.step, reminder.at))


_FOLLOWS: Mapping[EventKind, Callable[[Record, Incident, str | None], None]] = {
    EventKind.RESOLVED: _ask,
    EventKind.REOPENED: _lapse,
    EventKind.CANCELLED: _lapse,
}
