"""What is said of a page once it turns out well, and whether anybody has to be told."""

from __future__ import annotations

from datetime import datetime

from bot.domain.actor import pagerduty_person
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.page import PageRecord


def taken_after_all(page: PageRecord, now: datetime) -> Happened | None:
    """The paging service takes a page now of which people were told that it does not."""
    if page.told_at is None:
        return None
    waited = round((now - page.requested_at).total_seconds())
    return Happened(kind=EventKind.PAGE_TAKEN, data={**_facts(page), "after_s": waited}, told=True)


def confirmed(page: PageRecord) -> Happened:
    """The paging service shows an incident for a page. Told where it was said that it shows none."""
    doubted = page.told_at is not None and page.accepted_at is not None and page.told_at >= page.accepted_at
    return Happened(
        kind=EventKind.PAGE_CONFIRMED, data=_facts(page), actor=pagerduty_person(None), told=doubted
    )


def _facts(page: PageRecord) -> EventData:
    return {"tier": page.tier, "title": page.title, "step": page.step}
