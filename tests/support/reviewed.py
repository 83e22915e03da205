"""A guide whose daily review looks at what a test says, and the moments at which it is posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

import manifests
from bot.adapters.holidays import PublicHolidays
from bot.domain.business_time import BusinessCalendar
from bot.domain.checklist import ChecklistItem
from bot.domain.checklists.schedule import next_occurrence
from bot.domain.evidence import EvidenceSpec, Source
from bot.domain.guide import Guide
from bot.guide.load import load_guide
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


def shipped_with_only(*keys: str) -> str:
    """The shipped guide's text with these reviews alone."""
    shipped = Path(manifests.__file__).parent / "operations-guide.yaml"
    document = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    document["checklists"] = {key: document["checklists"][key] for key in keys}
    return yaml.safe_dump(document, sort_keys=False)


def seconds_until_due(key: str, now: datetime) -> float:
    """Until a moment after a review of the shipped guide is due next."""
    guide = load_guide(None)
    organization = guide.organization
    holidays = PublicHolidays(organization.country, organization.subdivision)
    calendar = BusinessCalendar(
        zone=organization.zone, hours=organization.business_hours, is_holiday=holidays.is_holiday
    )
    coming = next_occurrence(guide.checklists[key], calendar, now)
    assert coming is not None
    return (coming.at - now + timedelta(seconds=1)).total_seconds()


async def comes_to_review(world: World) -> None:
    """The bot runs since yesterday, and the time of the review has come."""
    await world.prompts()
    await world.forward_to(QUARTER_PAST_NINE)
    await world.prompts()
