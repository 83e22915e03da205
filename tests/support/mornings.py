"""Mornings on which checklists are due, for stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.checklists.run import Run
from bot.domain.guide import Guide
from bot.ports.store import Transaction
from tests.support.harness import World

TUESDAY = datetime(2026, 3, 17, 13, 15, tzinfo=UTC)
"""09:15 in New York, the day after stories begin: two daily reviews are due."""
DAY = timedelta(days=1)


async def passes_to(world: World, instant: datetime) -> None:
    """Time passes, and the bot looks then what is due; what it owes has a minute to be sent."""
    await world.forward_to(instant)
    await world.prompts()
    await world.forward(minutes=1)


async def until_tuesday(world: World) -> None:
    """A bot that has looked before, so that what comes due is posted, and the first morning."""
    await world.prompts()
    await passes_to(world, TUESDAY)


def with_checklist(guide: Guide, key: str, **changed: Any) -> Guide:
    """The guide with one of its checklists changed."""
    return replace(guide, checklists={**guide.checklists, key: replace(guide.checklists[key], **changed)})


def only(guide: Guide, *keys: str) -> Guide:
    """The guide with these checklists alone."""
    return replace(guide, checklists={key: guide.checklists[key] for key in keys})


async def runs_of(world: World, checklist: str) -> list[Run]:
    """All runs of a checklist, the oldest first."""

    def body(tx: Transaction) -> list[Run]:
        listed = reversed(tx.runs.newest(100, checklist=checklist))
        return [run for one in listed if (run := tx.runs.by_id(one.id)) is not None]

    return await world.bot.store.read(body)
