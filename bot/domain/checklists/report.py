"""How routine reviews went over a span of time. Pure: from runs, nothing but figures.

A run belongs to the span in which it was planned; each that was on schedule is one of: done in time, done
late, missed, carried over, skipped, open. One that somebody asked for off schedule is counted apart. An item
belongs to the span in which it was first asked for: carried over, it is counted once, there, by what became
of it in the end. So are problems. What two spans that meet count is what the span of both counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from statistics import median

from bot.domain.checklist import Cadence, called
from bot.domain.checklists.figures import (
    ChecklistFigures,
    ItemFigures,
    OpenProblem,
    Problems,
    Report,
    ReviewWeek,
    Span,
    Tally,
)
from bot.domain.checklists.run import ItemState, Problem, Run, RunItem, RunState

_CADENCES = tuple(Cadence)
_A_WEEK = timedelta(days=7)

_Known = tuple[str, str, datetime, str]
"""What tells a problem from others: checklist, item, when and by whom it was found."""


def report(runs: Iterable[Run], span: Span, zone: tzinfo, *, alike: Container[str] = frozenset()) -> Report:
    """The figures of a span. `runs` go on to the newest, so that it is known what became of carried items.

    `alike`: the keys of checklists that share their title with another.
    """
    there = [one for one in runs if span.checklist in {None, one.checklist}]
    on_schedule, asked_for = _planned(there, span)
    by_checklist = defaultdict(list)
    for one in sorted(there, key=lambda run: (run.planned_at, run.number)):
        by_checklist[one.checklist].append(one)
    checklists = [_checklist(of_it, span, alike) for of_it in by_checklist.values()]
    return Report(
        span=span,
        runs=tally(on_schedule),
        off_schedule=len(asked_for),
        problems=_problems(there, span),
        checklists=tuple(sorted((one for one in checklists if one.counts), key=_in_order)),
        weeks=tuple(_weeks(on_schedule, span, zone)),
    )


def open_problems(
    runs: Iterable[Run],
    span: Span,
    may_read: Callable[[Run], bool],
    *,
    alike: Container[str] = frozenset(),
) -> tuple[OpenProblem, ...]:
    """Those of a span that nobody has closed yet, the oldest first; `may_read`: whose texts may be told."""
    there = (one for one in runs if span.checklist in {None, one.checklist})
    found = {key: (run, item, problem) for key, (run, item, problem) in _found(there, span)}
    told = [
        OpenProblem(
            run=run.label,
            title=_called(run, alike),
            item=item.title,
            found_at=problem.found_at,
            text=problem.text if may_read(run) else None,
            by=problem.found_by.name if may_read(run) else None,
        )
        for run, item, problem in found.values()
        if problem.is_open
    ]
    return tuple(sorted(told, key=lambda one: one.found_at))


def tally(runs: Iterable[Run]) -> Tally:
    """These runs, by what became of them."""
    ends = [_end(one) for one in runs]
    return Tally(**{end: ends.count(end) for end in set(ends)})


def _end(run: Run) -> str:
    if run.state is RunState.DONE:
        return "late" if run.was_late else "in_time"
    return run.state.value


def _called(run: Run, alike: Container[str]) -> str:
    return called(run.title, run.cadence, alike=run.checklist in alike)


def _in_order(figures: ChecklistFigures) -> tuple[int, str, str]:
    return _CADENCES.index(figures.cadence), figures.title.casefold(), figures.key


def _planned(runs: Iterable[Run], span: Span) -> tuple[list[Run], list[Run]]:
    """What was planned in the span: on schedule, and off schedule."""
    planned = [one for one in runs if span.has(one.planned_at)]
    return [one for one in planned if one.on_schedule], [one for one in planned if not one.on_schedule]


def _problems(runs: Iterable[Run], span: Span) -> Problems:
    found = dict(_found(runs, span))
    ends = ((problem.found_at, problem.closed_at) for _, _, problem in found.values())
    took = [(closed - begun).total_seconds() for begun, closed in ends if closed is not None]
    return Problems(
        found=len(found),
        open=len(found) - len(took),
        to_close=timedelta(seconds=median(took)) if took else None,
    )


def _found(runs: Iterable[Run], span: Span) -> Iterator[tuple[_Known, tuple[Run, RunItem, Problem]]]:
    """The problems of a span. One that goes on to the next run, with its item, is the same there."""
    for run in runs:
        for item in run.items:
            problem = item.problem
            if problem is not None and span.has(_asked_at(item, run)):
                yield (run.checklist, item.key, problem.found_at, problem.found_by.id), (run, item, problem)


def _checklist(runs: Sequence[Run], span: Span, alike: Container[str]) -> ChecklistFigures:
    """The figures of one checklist, by its runs in order."""
    newest = runs[-1]
    on_schedule, asked_for = _planned(runs, span)
    return ChecklistFigures(
        key=newest.checklist,
        title=_called(newest, alike),
        cadence=newest.cadence,
        runs=tally(on_schedule),
        off_schedule=len(asked_for),
        problems=_problems(runs, span),
        items=_items(runs, span),
    )


def _items(runs: Sequence[Run], span: Span) -> tuple[ItemFigures, ...]:
    """How its items went, in the order of the newest run that has them."""
    fates: defaultdict[str, list[str]] = defaultdict(list)
    carried: defaultdict[str, int] = defaultdict(int)
    titles: dict[str, str] = {}
    for run in runs:
        for item in run.items:
            fate = _fate(item, run)
            if fate is not None and span.has(_asked_at(item, run)):
                fates[item.key].append(fate)
                carried[item.key] += item.since is not None
                titles[item.key] = item.title
    order = [item.key for run in reversed(runs) for item in run.items]
    return tuple(
        ItemFigures(
            key=key,
            title=titles[key],
            carried=carried[key],
            **{fate: fates[key].count(fate) for fate in set(fates[key])},
        )
        for key in dict.fromkeys(order)
        if key in fates
    )


def _asked_at(item: RunItem, run: Run) -> datetime:
    """When it was asked for first: by the run that it was carried over from, where it was."""
    return item.since or run.planned_at


def _fate(item: RunItem, run: Run) -> str | None:
    """What became of it; None where a later run says that, or where nobody was asked on schedule."""
    if run.state is RunState.SKIPPED or not run.on_schedule:
        return None
    match item.state:
        case ItemState.DONE:
            return "done"
        case ItemState.NOT_APPLICABLE:
            return "not_applicable"
        case ItemState.PROBLEM:
            return "problems"
        case ItemState.OPEN:
            return _unsettled(run)


def _unsettled(run: Run) -> str | None:
    if run.state is RunState.CARRIED:
        return None
    return "open" if run.is_open else "missed"


def _weeks(runs: Iterable[Run], span: Span, zone: tzinfo) -> Iterator[ReviewWeek]:
    """Every calendar week that the span touches, the first and the last of which may be shorter."""
    by_week = defaultdict(list)
    for run in runs:
        by_week[_monday(run.planned_at, zone)].append(run)
    monday = _monday(span.since, zone)
    while monday <= _monday(span.until - timedelta(milliseconds=1), zone):
        yield ReviewWeek(monday=monday, runs=tally(by_week[monday]))
        monday += _A_WEEK


def _monday(at: datetime, zone: tzinfo) -> date:
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
