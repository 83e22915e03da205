"""Checklists, and runs of them that begin in a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from bot.domain.actor import Actor
from bot.domain.checklist import Cadence, Checklist, ChecklistItem
from bot.domain.checklists import course
from bot.domain.checklists.course import Beginning
from bot.domain.checklists.run import ItemState, Problem, Run
from tests.support.builders import ANA, a_calendar


def a_checklist(*keys: str, key: str = "health-check") -> Checklist:
    """A daily one at nine, with items of these keys."""
    return Checklist(
        key=key,
        title="Health Check",
        purpose="Review service health dashboards",
        cadence=Cadence.DAILY,
        at=time(9),
        channel="platform-alerts",
        team="platform-team",
        items=tuple(ChecklistItem(key=one, title=one.capitalize()) for one in keys or ("look", "answer")),
    )


def begun(
    checklist: Checklist, now: datetime, *, owner: Actor | None = None, planned_at: datetime | None = None
) -> Run:
    """A run that begins now."""
    at = planned_at or now
    beginning = Beginning(occurrence=at.isoformat(), planned_at=at)
    return course.begin(
        checklist, beginning, a_calendar(), now, run_id=f"run-{at.isoformat()}", security=False, owner=owner
    )


def with_item(run: Run, position: int, **changed: Any) -> Run:
    """The run with one item changed."""
    return run.with_items([replace(run.item(position), **changed)])


def settled(run: Run, position: int, now: datetime) -> Run:
    """The run with one item done."""
    return with_item(run, position, state=ItemState.DONE, by=ANA, at=now)


def with_problem(run: Run, position: int, now: datetime, *, incident: str | None = None) -> Run:
    """The run with a problem in one item."""
    problem = Problem(text="the disk is full", found_by=ANA, found_at=now, incident=incident)
    return with_item(run, position, state=ItemState.PROBLEM, by=ANA, at=now, problem=problem)
