"""What the paging service says of a page, applied to what it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.actor import pagerduty_person
from bot.domain.escalating import Escalating
from bot.domain.event import EventKind
from bot.domain.outcome import Happened
from bot.domain.page import PageMark, PageRecord
from bot.domain.page_news import confirmed
from bot.ports.pager import PagerIncident, PagerStatus
from bot.services.conduct import conduct_of
from bot.services.record import Record

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


def apply_news(record: Record, subject: Escalating, page: PageRecord, news: News) -> None:
    """Confirm the page, and follow an acknowledgement or a person's resolve of the current epoch.

    Effects only go forward: news that arrive late, twice or in another order change nothing more.
    """
    record = replace(record, actor=pagerduty_person(news.person))
    if page.confirmed_at is None:
        record.tell(subject, confirmed(page))
        record.tx.pages.mark(page, PageMark.CONFIRMED, record.now)
        if news.pager_incident is not None:
            record.tx.pages.name(page, news.pager_incident)
        record.show_pages(subject, wait=EDIT_WAIT)
    if not subject.is_open or page.closed_at or not subject.is_answered_by(page.epoch, news.at):
        return
    if news.status is PagerStatus.ACKNOWLEDGED and subject.waits:
        conduct_of(subject).acknowledge(record, subject)
    elif news.status is PagerStatus.ACKNOWLEDGED and news.person is not None:
        conduct_of(subject).answer_again(record, subject, news.at)
    if news.status is PagerStatus.RESOLVED:
        _resolved(record, subject, news)


def _resolved(record: Record, subject: Escalating, news: News) -> None:
    if news.final:
        conduct_of(subject).resolve(record, subject)
        return
    if subject.waits and not _was_told(record, subject):
        data = {"status": PagerStatus.RESOLVED.value}
        record.tell(subject, Happened(kind=EventKind.PAGER_CHANGED, data=data, told=True))


def _was_told(record: Record, subject: Escalating) -> bool:
    """Whether this epoch's thread says already that the service has resolved it."""
    since = (event for event in record.tx.events.of(subject.id) if event.at >= subject.epoch_at)
    changes = (event for event in since if event.kind is EventKind.PAGER_CHANGED)
    return any(event.data.get("status") == PagerStatus.RESOLVED for event in changes)
