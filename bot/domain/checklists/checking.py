"""What people do with a run: pure verbs, each of which says what has become of it, and what happened.

An item is settled once: whoever is second is told who was first, and when. A run is done exactly while no
item of it is open. Every verb raises AlreadyError for what is so already and InvalidError (or NotFoundError)
for what cannot be, in words for the one who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.act import Act
from bot.domain.actor import MACHINES, PAGERDUTY, Actor
from bot.domain.checklists.choosing import (
    check_open,
    each,
    is_taken,
    open_ones,
    owner_of,
    problem_of,
    required,
    summed,
    who_closed,
    who_has,
    who_settled,
    why_over,
)
from bot.domain.checklists.run import ItemState, Problem, Run, RunItem, RunState
from bot.domain.errors import AlreadyError, InvalidError
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.text import TITLE_LIMIT, UPDATE_LIMIT, clean

_NOT_IN_SLACK = MACHINES | {PAGERDUTY}
_REOPENABLE = frozenset({RunState.OPEN, RunState.DONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The run as it is now, and what happened. `items` are the positions that it was about.

    `passed_over` says why of some that were asked for nothing was to be done.
    """

    run: Run
    happened: tuple[Happened, ...]
    items: tuple[int, ...] = ()
    passed_over: tuple[str, ...] = ()


def check(run: Run, positions: Sequence[int] | None, act: Act) -> Checked:
    """Check items off; without positions, all that are open."""
    chosen, passed = open_ones(run, positions, act)
    done = [replace(item, state=ItemState.DONE, by=act.by, at=act.now) for item in chosen]
    return _after(run, done, EventKind.CHECKED, act, passed_over=passed)


def not_applicable(run: Run, positions: Sequence[int], reason: str, act: Act) -> Checked:
    """They need not be done this time, for a reason."""
    said = required(
        reason, f"Why does it not apply? `na {run.label} {_first(positions)} no deploys this week`."
    )
    chosen, passed = open_ones(run, positions, act)
    settled = [
        replace(item, state=ItemState.NOT_APPLICABLE, by=act.by, at=act.now, reason=said) for item in chosen
    ]
    return _after(run, settled, EventKind.NOT_APPLICABLE, act, {"reason": said}, passed_over=passed)


def find_problem(run: Run, position: int, text: str, act: Act) -> Checked:
    """It was looked at, and something is wrong. Whoever has the item learns of it."""
    said = required(text, f"What is wrong? `problem {run.label} {position} the last backup is 40 hours old`.")
    if run.item(position).state in {ItemState.DONE, ItemState.NOT_APPLICABLE}:
        again = f"`open {run.label} {position}` opens it again." if run.state in _REOPENABLE else ""
        raise AlreadyError(f"{who_settled(run, run.item(position), act)} {again}".strip())
    [item], _ = open_ones(run, [position], act)
    problem = Problem(text=said, found_by=act.by, found_at=act.now)
    found = replace(item, state=ItemState.PROBLEM, by=act.by, at=act.now, problem=problem)
    told = {item.owner.id} if item.owner else set()
    return _after(
        run, [found], EventKind.PROBLEM_FOUND, act, {"text": said}, told=True, notify=told - {act.by.id}
    )


def solve_problem(run: Run, position: int, how: str | None, act: Act) -> Checked:
    """What was wrong is so no more. Also of a run that is over; whoever found it learns of it."""
    item = run.item(position)
    problem = problem_of(run, item)
    if not problem.is_open:
        raise AlreadyError(who_closed(run, item, problem, act))
    said = clean(how or "", UPDATE_LIMIT) or None
    solved = replace(problem, closed_by=act.by, closed_at=act.now, how=said)
    data: EventData = {"text": problem.text, "how": said}
    told = {problem.found_by.id} - {act.by.id}
    return _after(
        run,
        [replace(item, problem=solved)],
        EventKind.PROBLEM_CLOSED,
        act,
        data,
        told=True,
        notify=told,
    )


def link_incident(run: Run, position: int, incident: str, label: str, act: Act) -> Checked:
    """An incident was declared for its problem (by id; `label` names it), which is closed with it."""
    item = run.item(position)
    problem = problem_of(run, item)
    if not problem.is_open:
        raise AlreadyError(who_closed(run, item, problem, act))
    declared = replace(item, problem=replace(problem, incident=incident))
    data: EventData = {"text": problem.text, "incident": label}
    return _after(run, [declared], EventKind.PROBLEM_DECLARED, act, data, told=True)


def reopen(run: Run, positions: Sequence[int], act: Act) -> Checked:
    """They are to be done again. A run that was done is open again with them.

    Whether it may be (it is its checklist's newest) is the caller's to know.
    """
    if run.state not in _REOPENABLE:
        raise InvalidError(why_over(run))
    chosen = each(run, positions)
    settled = [item for item in chosen if not item.is_open]
    still = [item for item in chosen if item.is_open]
    passed = summed(run, still, "open", lambda item: f"Item {item.position} of {run.label} is open.")
    if not settled:
        raise AlreadyError(f"Nothing to do: {' '.join(passed)}")
    for item in settled:
        if item.problem and item.problem.is_open:
            raise InvalidError(
                f"Item {item.position} of {run.label} has a problem that is open. "
                f"`solved {run.label} {item.position} what was done` closes it; then it can be opened again."
            )
    opened = [replace(item, state=ItemState.OPEN, by=None, at=None, reason=None) for item in settled]
    told = run.state is RunState.DONE
    return _after(run, opened, EventKind.CHECK_REOPENED, act, told=told, passed_over=passed)


def take(run: Run, positions: Sequence[int] | None, act: Act) -> Checked:
    """Whoever acts sees to them; without positions, to all that nobody has.

    Whose the run is learns of it: they thought that it was theirs.
    """
    check_open(run)
    if positions is None:
        chosen = [item for item in run.open_items if owner_of(run, item) is None]
        mine = run.owner is not None and run.owner.id == act.by.id
        chosen = chosen or [item for item in run.open_items if item.owner is None and not mine]
        passed: tuple[str, ...] = ()
        if not chosen:
            raise AlreadyError(f"Nothing to take: {who_has(run, act)}.")
    else:
        wanted, passed = open_ones(run, positions, act)
        chosen = [item for item in wanted if item.owner is None]
        passed += _taken(run, [item for item in wanted if item.owner is not None], act)
        if not chosen:
            raise AlreadyError(" ".join(passed))
    taken = [replace(item, owner=act.by) for item in chosen]
    whose = {run.owner.id} - {act.by.id} if run.owner else set()
    return _after(
        run,
        taken,
        EventKind.CHECK_GIVEN,
        act,
        {"to": act.by.name},
        told=bool(whose),
        notify=whose,
        passed_over=passed,
    )


def give(run: Run, positions: Sequence[int] | None, to: Actor, act: Act) -> Checked:
    """`to` sees to them from now on; without positions, to the run as a whole.

    Then what somebody else has taken stays theirs. Who may have it is the caller's to know.
    """
    check_open(run)
    if positions is None:
        return _give_run(run, to, act)
    wanted, passed = open_ones(run, positions, act)
    chosen = [item for item in wanted if item.owner is None or item.owner.id != to.id]
    passed += _taken(run, [item for item in wanted if item not in chosen], act)
    if not chosen:
        raise AlreadyError(" ".join(passed))
    given = [replace(item, owner=to) for item in chosen]
    return _after(
        run,
        given,
        EventKind.CHECK_GIVEN,
        act,
        {"to": to.name},
        told=to.id != act.by.id,
        notify={to.id} - {act.by.id},
        passed_over=passed,
    )


def note(run: Run, position: int | None, text: str, act: Act) -> Checked:
    """Write something down, of an item or of the run as a whole, over or not."""
    about = f"{run.label} {position}" if position else run.label
    said = required(text, f"What is to be noted? `note {about} disk of db-2 is at 78 %`.")
    if run.state is RunState.SKIPPED:
        raise InvalidError(why_over(run))
    item = run.item(position) if position is not None else None
    data: EventData = {
        "items": str(position) if position else None,
        "title": item.title if item else None,
        "text": said,
    }
    happened = Happened(kind=EventKind.CHECK_NOTED, data=data, actor=act.by, told=True)
    return Checked(run=run, happened=(happened,), items=(position,) if position else ())


def _taken(run: Run, items: Sequence[RunItem], act: Act) -> tuple[str, ...]:
    return summed(run, items, "taken already", lambda item: is_taken(run, item, act))


def _give_run(run: Run, to: Actor, act: Act) -> Checked:
    """Every item is theirs then, so that what they leave open is theirs in the next run, too."""
    before = {one.id for one in (run.owner, act.by) if one is not None}
    theirs = [item for item in run.open_items if item.owner is None or item.owner.id in before]
    same = run.owner is not None and run.owner.id == to.id
    if same and all(item.owner is None or item.owner.id == to.id for item in theirs):
        whose = "yours" if to.id == act.by.id else f"{to.name}'s"
        raise AlreadyError(f"Nothing to do: {run.label} is {whose} already.")
    given = replace(run.with_items(replace(item, owner=to) for item in theirs), owner=to)
    happened = Happened(
        kind=EventKind.RUN_GIVEN,
        data={"to": to.name, "open": len(run.open_items), "due": act.clock(run.due_at)},
        actor=act.by,
        told=to.id != act.by.id,
        notify_people=(to.id,) if to.id != act.by.id else (),
    )
    return Checked(run=given, happened=(happened,), items=tuple(item.position for item in given.open_items))


def _after(
    run: Run,
    changed: Sequence[RunItem],
    kind: EventKind,
    act: Act,
    data: EventData | None = None,
    *,
    told: bool = False,
    notify: Iterable[str] = (),
    passed_over: tuple[str, ...] = (),
) -> Checked:
    """The run with these items, and what happened. Whether it is done now, or open again, follows here."""
    facts: EventData = {
        "items": ", ".join(str(item.position) for item in changed),
        "title": clean(changed[0].title, TITLE_LIMIT) if len(changed) == 1 else None,
        **(data or {}),
    }
    happened = Happened(
        kind=kind, data=facts, actor=act.by, told=told, notify_people=tuple(sorted({*notify} - _NOT_IN_SLACK))
    )
    become, followed = _followed(run.with_items(changed), act)
    return Checked(
        run=become,
        happened=(happened, *followed),
        items=tuple(item.position for item in changed),
        passed_over=passed_over,
    )


def _followed(run: Run, act: Act) -> tuple[Run, tuple[Happened, ...]]:
    """What an open run, or one that was done, becomes by its items. What ended otherwise stays so."""
    if run.state is RunState.OPEN and not run.open_items:
        done = replace(run, state=RunState.DONE, closed_at=act.now)
        found = sum(item.problem is not None for item in done.items)
        facts: EventData = {"problems": found, "late": done.was_late}
        return done, (Happened(kind=EventKind.RUN_DONE, data=facts, actor=act.by),)
    if run.state is RunState.DONE and run.open_items:
        return replace(run, state=RunState.OPEN, closed_at=None), ()
    return run, ()


def _first(positions: Sequence[int]) -> int:
    return positions[0] if positions else 1
