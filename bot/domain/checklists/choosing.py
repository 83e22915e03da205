"""Which items of a run somebody means, and why that cannot be: who was first, when, and what is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.domain.actor import Actor
from bot.domain.checklists.run import ItemState, Problem, Run, RunItem, RunState
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.text import TITLE_LIMIT, UPDATE_LIMIT, clean

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Somebody does something, at an instant; refusals name times as clocks of `zone` show them."""

    by: Actor
    now: datetime
    zone: tzinfo

    def clock(self, at: datetime) -> str:
        """When something was: `09:20`, or `Mon 23 09:20` where that was on another day."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone)
        day = "" if local.date() == today.date() else f"{_DAYS[local.weekday()]} {local.day} "
        return f"{day}{local:%H:%M}"


def open_ones(run: Run, positions: Sequence[int] | None, act: Act) -> tuple[list[RunItem], tuple[str, ...]]:
    """Those of the items that are open, and of the others why they are not. Raises where none is."""
    chosen = list(run.items) if positions is None else each(run, positions)
    still = [item for item in chosen if item.is_open]
    settled = (
        () if positions is None else tuple(who_settled(run, one, act) for one in chosen if not one.is_open)
    )
    if settled and not still:
        raise AlreadyError(" ".join(settled))
    check_open(run)
    return still, settled


def each(run: Run, positions: Sequence[int]) -> list[RunItem]:
    """The items at these positions, each once. Raises NotFoundError."""
    if not positions:
        raise InvalidError(f"Which item? {run.label} has items 1 to {len(run.items)}.")
    return [run.item(position) for position in dict.fromkeys(positions)]


def check_open(run: Run) -> None:
    """Raise AlreadyError for a run that is done, InvalidError for one that is over otherwise."""
    if run.is_open:
        return
    if run.state is RunState.DONE:
        raise AlreadyError(f"Nothing to do: {why_over(run)}")
    raise InvalidError(why_over(run))


def why_over(run: Run) -> str:
    """Why nothing can be checked in it any more, as a sentence."""
    return f"{run.label} {run.title} {_ENDED[run.state]}."


def who_settled(run: Run, item: RunItem, act: Act) -> str:
    """Who was first, when, and how it is undone."""
    who = item.by.name if item.by else "Somebody"
    at = f", {act.clock(item.at)}" if item.at else ""
    told = item.problem is not None and not run.security  # what people wrote of that stays in its channel
    said = f": {clean(item.problem.text, TITLE_LIMIT)}" if item.problem and told else ""
    what: dict[ItemState, Callable[[str], str]] = {
        ItemState.DONE: lambda it: f"{who} has done {it} already{at}.",
        ItemState.NOT_APPLICABLE: lambda it: f"{who} has said already that {it} does not apply{at}.",
        ItemState.PROBLEM: lambda it: f"{who} has found a problem with {it} already{at}{said}.",
    }
    return what[item.state](f"item {item.position} of {run.label}")


def who_closed(run: Run, item: RunItem, problem: Problem, act: Act) -> str:
    """Who has closed its problem, and when."""
    who = problem.closed_by.name if problem.closed_by else "Somebody"
    at = f", {act.clock(problem.closed_at)}" if problem.closed_at else ""
    return f"{who} has closed the problem of item {item.position} of {run.label} already{at}."


def problem_of(run: Run, item: RunItem) -> Problem:
    """Its problem, open or not. Raises InvalidError with the items that have one."""
    if item.problem is not None:
        return item.problem
    others = ", ".join(str(one.position) for one in run.open_problems)
    has = f"Items with open problems: {others}." if others else f"{run.label} has no open problem."
    raise InvalidError(f"Item {item.position} of {run.label} has no problem. {has}")


def owner_of(run: Run, item: RunItem) -> Actor | None:
    """Who sees to it: who has taken it, or whose the run is."""
    return item.owner or run.owner


def is_taken(run: Run, item: RunItem) -> str:
    """Who has it, and how it is handed over."""
    who = item.owner.name if item.owner else "Somebody"
    return (
        f"{who} has item {item.position} of {run.label} already; "
        f"`give {run.label} {item.position} @…` hands it over."
    )


def who_has(run: Run) -> str:
    """Who sees to what is open, as a clause."""
    theirs: dict[str, list[str]] = {}
    for item in run.open_items:
        one = owner_of(run, item)
        theirs.setdefault(one.name if one else "nobody", []).append(str(item.position))
    has = (
        f"{who} has item{'s' if len(all_of) > 1 else ''} {', '.join(all_of)}"
        for who, all_of in theirs.items()
    )
    return "; ".join(has)


def required(text: str, asked: str) -> str:
    """The text on one line. Raises InvalidError, which asks for it, where there is none."""
    said = clean(text, UPDATE_LIMIT)
    if not said:
        raise InvalidError(asked)
    return said


_ENDED = {
    RunState.OPEN: "is open",
    RunState.DONE: "is done",
    RunState.CARRIED: "is over: what was open is in the next run now",
    RunState.MISSED: "is over: it was closed with items that nobody had done",
    RunState.SKIPPED: "was skipped: opsbot was not running when its time came",
}
