"""What is owed so that an incident's history holds how its error budget stood: readings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.domain.delivery import Delivery, DeliveryKind
from bot.domain.directory import Directory
from bot.domain.event import Event, EventKind
from bot.domain.incident import Incident, Status
from bot.domain.slo.note import Noted
from bot.domain.times import Moment, times_of
from bot.services.reading import Reading
from bot.services.record import Record
from bot.services.work import ReadBudget

LANE = "prometheus"

SCRAPED_AFTER = timedelta(seconds=30)
"""How long a reading waits, so that the newest samples of its instant are there; it asks for that instant."""

FIRST_PAUSE = timedelta(seconds=1)

_AGAIN = "/again"
_NOTED = {
    EventKind.DECLARED: Noted.DECLARED,
    EventKind.ACKNOWLEDGED: Noted.ACKNOWLEDGED,
    EventKind.RESOLVED: Noted.RESOLVED,
}
_BEGIN_AND_END = frozenset({Moment.STARTED.value, Moment.DETECTED.value, Moment.RESOLVED.value})
_NOTHING_WRONG = frozenset({Status.CANCELLED, Status.MERGED})


def owe_reading(record: Record, incident: Incident, event: Event) -> str | None:
    """Owe the reading that goes with an entry of the history, where there is one.

    Returns the order key under which its first try goes: what is owed under it waits for that, and no longer.
    """
    moment = _moment_of(incident, event)
    if moment is None or record.directory.promise(incident) is None:
        return None
    key = f"reading/{incident.id}/{event.sequence}"
    corrected = event.kind is EventKind.TIME_SET
    at = incident.ended_at if corrected and incident.ended_at else event.at
    payload = {"moment": moment.value, "at": at.isoformat(), "told": not corrected}
    _owe(record, incident, key, payload, wait=SCRAPED_AFTER)
    return key


def is_first(delivery: Delivery) -> bool:
    """Whether something may wait for this try."""
    return not delivery.key.endswith(_AGAIN)


def owe_again(record: Record, incident: Incident, delivery: Delivery) -> None:
    """Owe by itself what has failed at its first try, which is settled: nothing waits for it any more."""
    _owe(record, incident, f"{delivery.key}{_AGAIN}", delivery.payload, wait=FIRST_PAUSE)


def _owe(
    record: Record, incident: Incident, key: str, payload: Mapping[str, object], *, wait: timedelta
) -> None:
    record.deliver(
        incident,
        DeliveryKind.READING,
        key=key,
        order_key=key,  # each by itself: one that cannot be had holds up no other
        lane=LANE,
        payload=payload,
        wait=wait,
    )


def is_reading_owed(incident: Incident, directory: Directory) -> bool:
    """Whether it is still wanted: a false alarm costs nothing, and what was merged goes on elsewhere."""
    return incident.status not in _NOTHING_WRONG and directory.promise(incident) is not None


def load_reading(reading: Reading) -> ReadBudget:
    """What there is to ask. Raises LookupError where nothing is promised any more."""
    facts: Mapping[str, Any] = reading.delivery.payload
    incident, moment = reading.incident, Noted(facts["moment"])
    promise = reading.directory.promise(incident)
    if promise is None:
        raise LookupError(reading.delivery.key)
    return ReadBudget(
        delivery=reading.delivery,
        promise=promise,
        moment=moment,
        at=datetime.fromisoformat(facts["at"]),
        told=facts["told"],
        since=times_of(incident).at[Moment.STARTED] if moment is Noted.RESOLVED else None,
    )


def _moment_of(incident: Incident, event: Event) -> Noted | None:
    """Who mitigates what nobody has acknowledged acknowledges it with that.

    Where somebody says later when it began or ended, it has cost something else.
    """
    if event.kind is EventKind.MITIGATED and incident.acknowledged_at == event.at:
        return Noted.ACKNOWLEDGED
    if event.kind is EventKind.TIME_SET and incident.status is Status.RESOLVED:
        return Noted.RESOLVED if event.data.get("moment") in _BEGIN_AND_END else None
    return _NOTED.get(event.kind)
