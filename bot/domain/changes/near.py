"""What breaks while production is being changed, or soon after, points at the change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.changes.change import Change
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """How many whole minutes after a change's start, or where it had `ended` after its end."""

    minutes: int
    ended: bool


def near(change: Change, began: datetime) -> Near | None:
    """How soon after it something began; None where it began before."""
    if change.started is None or began < change.started:
        return None
    ended = change.closed is not None and began >= change.closed
    since = change.closed if ended and change.closed is not None else change.started
    return Near(minutes=(began - since) // _MINUTE, ended=ended)


def may_come_of(change: Change, began: datetime, service: str | None, watched_for: timedelta) -> bool:
    """Whether what began then, of a service (None: nobody knows of which), may come of it."""
    if not change.concerns(service) or near(change, began) is None:
        return False
    return change.closed is None or began <= change.closed + watched_for


def suspected(change: Change, label: str, title: str, how: Near, *, told: bool) -> Happened:
    """The entry on the change: whoever leads it is asked whether it is to be taken back."""
    lead = change.lead
    return Happened(
        kind=EventKind.CHANGE_SUSPECTED,
        data={**_facts(how), "label": label, "title": title, "who": lead.name if lead else None},
        told=told,
        loud=told,
        notify_people=(lead.id,) if told and lead else (),
    )


def pointed_at(change: Change, service: str | None, how: Near) -> Happened:
    """The entry on what broke. `service` is a title."""
    data = {**_facts(how), "change": change.label, "title": change.title, "service": service}
    return Happened(kind=EventKind.CHANGE_NEAR, data=data, told=True)


def _facts(how: Near) -> EventData:
    return {"minutes": how.minutes, "ended": how.ended}
