"""Runs of checklists for tests: complete, ordinary, and changed only where a test says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.checklist import Cadence, Unfinished
from bot.domain.checklists.run import Run, RunItem
from tests.support.clock import MONDAY_NOON

TITLES = ("Every service answers", "Open Service Health", "Disks have room")


def a_run(*titles: str, **changes: Any) -> Run:
    """An open run of the health check with items by title, due at five in the afternoon."""
    items = tuple(
        RunItem(position=position, key=title.lower().replace(" ", "-"), title=title)
        for position, title in enumerate(titles or TITLES, start=1)
    )
    run = Run(
        id="run-1",
        number=12,
        checklist="health-check",
        occurrence="2026-03-16",
        title="Health Check",
        purpose="Review service health dashboards",
        cadence=Cadence.DAILY,
        channel="platform-alerts",
        team="platform-team",
        runbook="monitoring-operations",
        security=False,
        planned_at=MONDAY_NOON - timedelta(hours=3),
        begun_at=MONDAY_NOON - timedelta(hours=3),
        due_at=MONDAY_NOON + timedelta(hours=5),
        ends_at=MONDAY_NOON + timedelta(days=1),
        unfinished=Unfinished.CARRY,
        items=items,
    )
    return replace(run, **changes)
