"""Tells people, once a page, that somebody may not be notified."""

from __future__ import annotations

from bot.domain.escalating import Escalating
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.page import PageMark, PageRecord
from bot.services.record import Record


def tell_page_trouble(
    record: Record, subject: Escalating, page: PageRecord, kind: EventKind, reason: str | None = None
) -> None:
    """Say it loudly in the card's thread, with a mention of the tier that was to be reached."""
    record.tx.pages.mark(page, PageMark.TOLD, record.now)
    data: EventData = {"tier": page.tier, "title": page.title, "step": page.step, "reason": reason}
    record.tell(subject, Happened(kind=kind, data=data, told=True, notify=(page.tier,), loud=True))
    record.show_pages(subject)
