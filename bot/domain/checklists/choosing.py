"""Which items of a run somebody means, and why that cannot be: who was first, when, and what is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.act import Act
from bot.domain.actor import Actor
from bot.domain.checklists.run import ItemState, Problem, Run, RunItem, RunState
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.text import TITLE_LIMIT, UPDATE_LIMIT, clean

_MOST_TOLD = 5
"""Of more items than these not each is told of by itself."""


def open_ones(run: Run, positions: Sequence[int] | None, act: Act) -> tuple[list[RunItem], tuple[str, ...]]:
    """Those of the items that are open, and of the others why they are not. Raises where none is."""
    chosen = list(run.items) if positions is None else each(run, positions)
    still = [item for item in chosen if item.is_open]
    over = [] if positions is None else [one for one in chosen if not one.is_open]
    settled = summed(run, over, "settled already", lambda item: who_settled(run, item, act))
    if settled and not still:
        raise AlreadyError(" ".join(settled))
    check_open(run)
    return still, settled


def summed(run: Run, items: Sequence[RunItem], are: str, say: Callable[[RunItem], str]) -> tuple[str, ...]:
    """What is to be said of each, or of many one sentence: what they are."""
    if len(items) <= _MOST_TOLD:
        return tuple(say(item) for item in items)
    return (f"Items {_ranges([item.position for item in items])} of {run.label} are {are}.",)


def _ranges(positions: Sequence[int]) -> str:
    """`1 to 12, 14`."""
    ranges: list[list[int]] = []
    for position in sorted(positions):
        if ranges and position == ranges[-1][-1] + 1:
            ranges[-1][1:] = [position]
        else:
            ranges.append([position])
    return ", ".join(" to ".join(map(str, one)) for one in ranges)


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
    has = act.has(item.by)
    at = f", {act.clock(item.at)}" if item.at else ""
    told = item.problem is not None and not run.security  # what people wrote of that stays in its channel
    said = f": {clean(item.problem.text, TITLE_LIMIT)}" if item.problem and told else ""
    what: dict[ItemState, Callable[[str], str]] = {
        ItemState.DONE: lambda it: f"{has} done {it} already{at}.",
        ItemState.NOT_APPLICABLE: lambda it: f"{has} said already that {it} does not apply{at}.",
        ItemState.PROBLEM: lambda it: f"{has} found a problem with {it} already{at}{said}.",
    }
    return what[item.state](f"item {item.position} of {run.label}")


def who_closed(run: Run, item: RunItem, problem: Problem, act: Act) -> str:
    """Who has closed its problem, and when."""
    at = f", {act.clock(problem.closed_at)}" if problem.closed_at else ""
    return (
        f"{act.has(problem.closed_by)} closed the problem of item {item.position} of {run.label} already{at}."
    )


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


def is_taken(run: Run, item: RunItem, act: Act) -> str:
    """Who has it, and how it is handed over."""
    return (
        f"{act.has(item.owner)} item {item.position} of {run.label} already; "
        f"`give {run.label} {item.position} @…` hands it over."
    )


def who_has(run: Run, act: Act) -> str:
    """Who sees to what is open, as a clause to whoever acts."""
    theirs: dict[str, list[str]] = {}
    for item in run.open_items:
        one = owner_of(run, item)
        mine = one is not None and one.id == act.by.id
        who = "you have" if mine else f"{one.name if one else 'nobody'} has"
        theirs.setdefault(who, []).append(str(item.position))
    has = (
        f"{who} item{'s' if len(all_of) > 1 else ''} {', '.join(all_of)}" for who, all_of in theirs.items()
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
