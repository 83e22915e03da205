"""Runs of checklists as they were: one after the other, with what people and time made of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.domain.actor import Actor
from bot.domain.checklists.run import ItemState, Problem, Run, RunItem, RunState
from bot.ports.store import Transaction
from tests.support.builders import ANA, a_run, a_run_item
from tests.support.clock import MONDAY_NOON
from tests.support.harness import World


def an_item(position: int = 1, state: ItemState = ItemState.DONE, **changes: Any) -> RunItem:
    """An item that somebody has seen to."""
    return a_run_item(position, state=state, **changes)


def a_problem(
    at: datetime = MONDAY_NOON,
    *,
    text: str = "disk is full",
    closed_after: timedelta | None = None,
    by: Actor = ANA,
) -> Problem:
    """Something that was found; closed where it says after how long."""
    found = Problem(text=text, found_by=by, found_at=at)
    return found if closed_after is None else replace(found, closed_by=by, closed_at=at + closed_after)


def reviewed(
    at: datetime = MONDAY_NOON,
    state: RunState = RunState.DONE,
    *,
    items: Iterable[RunItem] = (),
    took: timedelta = timedelta(hours=1),
    number: int = 1,
    asked_by: Actor | None = None,
    checklist: str = "health-check",
    **changes: Any,
) -> Run:
    """A run that was planned then, to be done within five hours; one that is over has ended after `took`."""
    done = ItemState.DONE if state is RunState.DONE else ItemState.OPEN
    return a_run(
        *(tuple(items) or (an_item(state=done),)),
        **{
            "id": f"{checklist}-{number}",
            "number": number,
            "checklist": checklist,
            "planned_at": at,
            "begun_at": at,
            "state": state,
            "asked_by": asked_by,
            "occurrence": f"asked/{number}" if asked_by else f"{at:%Y-%m-%d}",
            "closed_at": None if state is RunState.OPEN else at + took,
            **changes,
        },
    )


async def were(world: World, runs: Iterable[Run]) -> None:
    """These runs have been."""
    for run in runs:
        await world.bot.store.transaction("a run", partial(was, run))


def was(run: Run, tx: Transaction) -> None:
    added = tx.runs.add(run)
    assert added is not None
    tx.runs.save(replace(run, number=added.number))
