"""Who has been paged so far, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from bot.domain.page import PageRecord, PageState
from bot.domain.subject_card import EscalatingCard
from bot.views.markup import Markup, inert, joined, moment
from bot.views.status import NAME_LIMIT

_LIMIT = 1800


def pages_so_far(card: EscalatingCard, zone: tzinfo) -> Markup | None:
    """One line, a part for each tier of this epoch; None where nobody was to be paged."""
    current = [page for page in card.pages if page.epoch == card.subject.epoch]
    by_tier: dict[str, list[PageRecord]] = {}
    for page in current:
        by_tier.setdefault(page.tier, []).append(page)
    parts = [_tier(pages, card, zone) for pages in by_tier.values()]
    earlier = len(card.pages) - len(current)
    if earlier:
        parts.append(Markup(f"{earlier} earlier page{'s' if earlier > 1 else ''}"))
    return joined(parts, " · ", _LIMIT) if parts else None


def _tier(pages: Sequence[PageRecord], card: EscalatingCard, zone: tzinfo) -> Markup:
    last = pages[-1]
    who = inert(last.title, NAME_LIMIT)
    if last.state is PageState.UNREACHABLE:
        return Markup(f"{who}: not paged, mentioned in Slack")
    if last.state is PageState.DROPPED:
        tried = "the page was not taken" if last.sent_at else "not paged"
        return Markup(f"{who}: {tried}, no longer needed")
    times = f" {len(pages)} times, last" if len(pages) > 1 else ""
    at = moment(last.accepted_at or last.requested_at, zone, day=card.subject.epoch_at)
    if last.state is PageState.WAITING:
        trouble = ", *PagerDuty has not taken it yet*" if last.told_at else ", not sent yet"
        return Markup(f"{who} being paged since {at}{trouble}")
    return Markup(f"{who} paged{times} {at}, {_known(last, confirmable=card.confirmable)}")


def _known(page: PageRecord, *, confirmable: bool) -> str:
    if page.state is PageState.CONFIRMED:
        return "confirmed"
    if not confirmable:
        return "accepted, not confirmable"
    return "accepted, *not confirmed*" if page.told_at else "accepted, not confirmed yet"
