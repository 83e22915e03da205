"""What the paging service says of a page, applied to its incident."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import escalation
from bot.domain.actor import pagerduty_person
from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.outcome import Happened
from bot.domain.page import PageMark, PageRecord
from bot.domain.page_news import confirmed
from bot.ports.pager import PagerIncident, PagerStatus
from bot.services.prompts import note_pager_answer
from bot.services.record import Record
from bot.services.writing import write_outcome

EDIT_WAIT = timedelta(seconds=1)
"""What the machine has learned may wait this long for the card, so that several share one edit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The paging service's word on one page, and when it came to be so.

    `pager_incident` is its own id of what it made of the page; `final` says that a person meant it to
    be over.
    """

    status: PagerStatus
    pager_incident: str | None
    person: str | None
    at: datetime | None
    final: bool


def news_of(shown: PagerIncident) -> News:
    """What a look-up says: only a resolve that names a person is somebody's decision."""
    return News(
        status=shown.status,
        pager_incident=shown.incident_id,
        person=shown.by_person,
        at=shown.at,
        final=shown.by_person is not None,
    )


def apply_news(record: Record, incident: Incident, page: PageRecord, news: News) -> None:
    """Confirm the page, and follow an acknowledgement or a person's resolve of the current epoch.

    Effects only go forward: news that arrive late, twice or in another order change nothing more.
    """
    record = replace(record, actor=pagerduty_person(news.person))
    if page.confirmed_at is None:
        record.tell(incident, confirmed(page))
        record.tx.pages.mark(page, PageMark.CONFIRMED, record.now)
        if news.pager_incident is not None:
            record.tx.pages.name(page, news.pager_incident)
        record.show_pages(incident, wait=EDIT_WAIT)
    if not incident.status.is_open or page.closed_at or not incident.is_answered_by(page.epoch, news.at):
        return
    if news.status is PagerStatus.ACKNOWLEDGED and incident.status is Status.TRIGGERED:
        write_outcome(
            record,
            escalation.acknowledge(incident, record.actor, record.now, role=record.directory.first_role),
        )
    elif news.status is PagerStatus.ACKNOWLEDGED and news.person is not None:
        note_pager_answer(record, incident, news.at)
    if news.status is PagerStatus.RESOLVED:
        _resolved(record, incident, news)


def _resolved(record: Record, incident: Incident, news: News) -> None:
    if news.final:
        write_outcome(record, escalation.resolve(incident, record.actor, record.now))
        return
    if incident.status is Status.TRIGGERED and not _was_told(record, incident):
        data = {"status": PagerStatus.RESOLVED.value}
        record.tell(incident, Happened(kind=EventKind.PAGER_CHANGED, data=data, told=True))


def _was_told(record: Record, incident: Incident) -> bool:
    """Whether this epoch's thread says already that the service has resolved it."""
    since = (event for event in record.tx.events.of(incident.id) if event.at >= incident.epoch_at)
    changes = (event for event in since if event.kind is EventKind.PAGER_CHANGED)
    return any(event.data.get("status") == PagerStatus.RESOLVED for event in changes)
