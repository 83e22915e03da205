"""A guide whose daily review looks at what a test says, and the moments at which it is posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.checklist import ChecklistItem
from bot.domain.evidence import EvidenceSpec, Source
from bot.domain.guide import Guide
from tests.support.harness import World, a_staffed_guide

REVIEW = "health-check"
QUARTER_PAST_NINE = datetime(2026, 3, 17, 13, 15, tzinfo=UTC)
"""In New York, the day after stories begin: the daily review is posted."""


def looks_at(*items: tuple[EvidenceSpec, ...], guide: Guide | None = None, **changes: Any) -> Guide:
    """The guide with this one review alone, an item for each group of things that are looked at."""
    given = guide or a_staffed_guide()
    made = tuple(
        ChecklistItem(key=f"item-{n}", title=f"Item {n}", evidence=specs)
        for n, specs in enumerate(items, start=1)
    )
    review = replace(given.checklists[REVIEW], items=made, **changes)
    return replace(given, checklists={REVIEW: review})


def a_query(title: str, of: str, **changes: Any) -> EvidenceSpec:
    """What Prometheus is asked."""
    return EvidenceSpec(title=title, source=Source.QUERY, of=of, **changes)


async def comes_to_review(world: World) -> None:
    """The bot runs since yesterday, and the time of the review has come."""
    await world.prompts()
    await world.forward_to(QUARTER_PAST_NINE)
    await world.prompts()
