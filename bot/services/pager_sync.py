"""What people do in the paging service reaches what they were paged for: by webhook, and by looking."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.actor import OPSBOT
from bot.domain.directory import Directory
from bot.domain.escalating import Escalating
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.page import PageRecord
from bot.ports.clock import Clock
from bot.ports.failures import DeliveryFailure, PermanentFailure
from bot.ports.pager import Pager, PagerIncident, PagerStatus
from bot.ports.pager_news import PagerNews, PagerNewsKind
from bot.ports.store import Store, Transaction
from bot.services.pager_news import News, apply_news, news_of
from bot.services.record import Record
from bot.services.subjects import escalating, find_subject, paged_subjects

WEBHOOK = "pagerduty/webhook"
HEARD = "pagerduty/heard"
"""The fact that says when PagerDuty has said something last, asked or unasked."""

ASKED = "pagerduty/asked"
"""The fact that says when PagerDuty was asked last, and did not answer."""

FIRST_LOOKS = 30
"""Pages that every round of looking asks for: the newest of those that nobody has taken."""

OTHER_LOOKS = 30
"""Pages that a round asks for beside them, in turn."""

_STATUS = {
    PagerNewsKind.TRIGGERED: PagerStatus.TRIGGERED,
    PagerNewsKind.ACKNOWLEDGED: PagerStatus.ACKNOWLEDGED,
    PagerNewsKind.RESOLVED: PagerStatus.RESOLVED,
}

_log = logging.getLogger(__name__)


def heard_at(tx: Transaction) -> datetime | None:
    """When PagerDuty has said something last; None: never yet."""
    said = tx.facts.get(HEARD)
    return None if said is None else datetime.fromisoformat(said)


def was_asked(tx: Transaction) -> bool:
    """Whether PagerDuty has been asked anything in vain."""
    return tx.facts.get(ASKED) is not None


class PagerSync:
    """Follows the paging service."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, pager: Pager) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._pager = pager
        self._turn = 0

    async def hear(self, news: PagerNews) -> None:
        """Take one webhook message in. Messages about what the bot did not send are left alone."""

        def body(tx: Transaction) -> None:
            if tx.receipts.find(WEBHOOK, news.event_id) is not None:
                return
            place = _place(news.key) or _known(tx, news.incident_id)
            found = _page_at(tx, *place) if place else None
            if found is not None:
                self._heard(self._record(tx), *found, news)
            tx.receipts.keep(WEBHOOK, news.event_id, "", self._clock.now())
            self._note_heard(tx)

        await self._store.transaction("hear", body)

    async def poll(self) -> int:
        """Look at every page that may have been answered. Returns how many looks succeeded."""
        if not self._pager.can_look_up:
            return 0
        looks = 0
        pages = await self._store.read(_open_pages)
        for page in self._round(pages):
            try:
                shown = await self._pager.look_up(page.key)
            except PermanentFailure as failure:
                _log.warning("PagerDuty cannot be asked for %s: %s", page.key, failure.reason)
                continue
            except DeliveryFailure as failure:
                _log.warning("PagerDuty cannot be asked; trying again later: %s", failure.reason)
                break
            looks += 1
            if shown is not None:
                await self._saw(page, shown)
        if looks:
            await self._store.transaction("pager_heard", self._note_heard)
        elif pages:
            await self._store.transaction("pager_silent", self._note_silence)
        return looks

    def _round(self, pages: Sequence[PageRecord]) -> Iterator[PageRecord]:
        """What this round asks for: the first always, the others in turn over several rounds."""
        yield from pages[:FIRST_LOOKS]
        others = pages[FIRST_LOOKS:]
        for place in range(min(OTHER_LOOKS, len(others))):
            yield others[(self._turn + place) % len(others)]
        self._turn += OTHER_LOOKS

    async def _saw(self, page: PageRecord, shown: PagerIncident) -> None:
        if shown.status is PagerStatus.TRIGGERED and page.confirmed_at is not None:
            return

        def body(tx: Transaction) -> None:
            found = _page_at(tx, page.subject, page.epoch, page.step)
            if found is not None:
                apply_news(self._record(tx), *found, news_of(shown))

        await self._store.transaction("saw", body)

    def _heard(self, record: Record, subject: Escalating, page: PageRecord, news: PagerNews) -> None:
        status = _STATUS.get(news.kind)
        if status is None:
            data: EventData = {"status": news.kind.value, "by": news.by_person}
            record.tell(subject, Happened(kind=EventKind.PAGER_CHANGED, data=data))
            return
        final = news.by_person is not None and not news.merged
        word = News(
            status=status,
            pager_incident=news.incident_id,
            person=news.by_person,
            at=news.at,
            final=final,
        )
        apply_news(record, subject, page, word)

    def _note_heard(self, tx: Transaction) -> None:
        tx.facts.put(HEARD, self._clock.now().isoformat())

    def _note_silence(self, tx: Transaction) -> None:
        tx.facts.put(ASKED, self._clock.now().isoformat())

    def _record(self, tx: Transaction) -> Record:
        return Record(tx=tx, now=self._clock.now(), actor=OPSBOT, directory=self._directory)


def _open_pages(tx: Transaction) -> tuple[PageRecord, ...]:
    """Pages that may have been answered: of what nobody has taken first, the newest first."""
    asked = [
        (not subject.waits, page)
        for subject in paged_subjects(tx)
        for page in tx.pages.of(subject.id)
        if page.epoch >= subject.answers_from and _is_asked_for(page)
    ]
    asked.sort(key=lambda each: (each[0], -each[1].requested_at.timestamp()))
    return tuple(page for _, page in asked)


def _page_at(tx: Transaction, subject_id: str, epoch: int, step: int) -> tuple[Escalating, PageRecord] | None:
    subject = find_subject(tx, subject_id, lock=True)
    page = tx.pages.one(subject_id, epoch, step) if subject else None
    return (escalating(subject), page) if page else None


def _is_asked_for(page: PageRecord) -> bool:
    """Whether a look may tell news. A raised level shares another page's key: one look is enough."""
    own = (page.subject, page.epoch, page.step)
    return page.accepted_at is not None and page.closed_at is None and _place(page.key) == own


def _known(tx: Transaction, pager_incident: str | None) -> tuple[str, int, int] | None:
    """Where the page is of which PagerDuty made this incident; its news may come without the page's key."""
    page = tx.pages.by_pager_incident(pager_incident) if pager_incident else None
    return (page.subject, page.epoch, page.step) if page else None


def _place(key: str | None) -> tuple[str, int, int] | None:
    """Subject, epoch and step of a page's key; None for a key that the bot did not make."""
    parts = (key or "").split("/")
    if len(parts) != 3 or not (parts[1].isdecimal() and parts[2].isdecimal()):  # noqa: PLR2004 - id/epoch/step
        return None
    return parts[0], int(parts[1]), int(parts[2])
