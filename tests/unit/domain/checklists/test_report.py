from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checklist import Cadence, keys_alike
from bot.domain.checklists.figures import Problems, Report, Span, Tally
from bot.domain.checklists.report import open_problems, report
from bot.domain.checklists.run import ItemState, Run, RunItem, RunState
from tests.support.builders import ANA, NEW_YORK
from tests.support.clock import MONDAY_NOON
from tests.support.reviews import a_problem, an_item, reviewed

DAY = timedelta(days=1)
OPEN, DONE, NOT_APPLICABLE, PROBLEM = ItemState


def counted(*runs: Run, days: int = 30, before: timedelta = timedelta(), only: str | None = None) -> Report:
    """The report of the days before an instant that is `before` Monday noon."""
    until = MONDAY_NOON - before
    return report(runs, Span(since=until - days * DAY, until=until, checklist=only), NEW_YORK)


def ago(days: float) -> datetime:
    return MONDAY_NOON - days * DAY


def test_each_run_is_counted_by_what_became_of_it() -> None:
    states = (
        RunState.DONE,
        RunState.DONE,
        RunState.MISSED,
        RunState.CARRIED,
        RunState.SKIPPED,
        RunState.OPEN,
    )
    took = (1, 6, 24, 24, 24, 0)
    shown = counted(
        *(
            reviewed(ago(7 - n), state, number=n, took=timedelta(hours=hours))
            for n, (state, hours) in enumerate(zip(states, took, strict=True), start=1)
        )
    )
    assert shown.runs == Tally(in_time=1, late=1, missed=1, carried=1, skipped=1, open=1)
    assert (shown.runs.planned, shown.runs.over, shown.runs.done) == (6, 4, 2)
    [checklist] = shown.checklists
    assert (checklist.title, checklist.runs) == ("Health Check", shown.runs)


def test_what_somebody_asked_for_is_counted_apart_and_its_problems_with_all() -> None:
    found = an_item(state=PROBLEM, problem=a_problem(ago(1)))
    shown = counted(reviewed(ago(1), items=[found], asked_by=ANA), reviewed(ago(2), number=2))
    assert (shown.runs.planned, shown.off_schedule, shown.problems.found) == (1, 1, 1)
    [item] = shown.checklists[0].items
    assert (item.asked, item.problems) == (1, 0)


def test_an_item_that_was_carried_over_counts_once_for_the_run_that_asked_first() -> None:
    first = reviewed(ago(3), RunState.CARRIED, items=[an_item(1), an_item(2, OPEN)])
    second = reviewed(ago(2), RunState.CARRIED, items=[an_item(1), an_item(2, OPEN, since=ago(3))], number=2)
    third = reviewed(ago(1), items=[an_item(1), an_item(2, DONE, since=ago(3))], number=3)
    one, two = counted(first, second, third).checklists[0].items
    assert (one.asked, one.done, one.carried) == (3, 3, 0)
    assert (two.asked, two.done, two.carried) == (1, 1, 1)
    early = counted(first, second, third, before=DAY * 2.5).checklists[0].items
    assert [(item.asked, item.done) for item in early] == [(1, 1), (1, 1)]
    late = counted(first, second, third, days=2).checklists[0].items
    assert [(item.key, item.asked) for item in late] == [("item-1", 2)]


@pytest.mark.parametrize(
    ("state", "figure"), [(RunState.MISSED, "missed"), (RunState.OPEN, "open"), (RunState.SKIPPED, None)]
)
def test_an_item_that_is_not_settled_counts_as_its_run_has_ended(state: RunState, figure: str | None) -> None:
    items = counted(reviewed(ago(1), state)).checklists[0].items
    assert [getattr(item, figure) for item in items if figure] == ([1] if figure else [])
    assert sum(item.asked for item in items) == (1 if figure else 0)


def test_an_item_goes_by_what_it_was_called_last_and_keeps_its_place() -> None:
    old = reviewed(
        ago(2), items=[an_item(1, key="disks", title="Disks"), an_item(2, key="backups", title="Backups")]
    )
    new = reviewed(ago(1), items=[an_item(1, key="backups", title="All backups"), an_item(2)], number=2)
    items = counted(old, new).checklists[0].items
    assert [(item.key, item.title, item.asked) for item in items] == [
        ("backups", "All backups", 2),
        ("item-2", "Item 2", 1),
        ("disks", "Disks", 1),
    ]


def test_closing_takes_as_long_as_in_the_median_and_what_is_open_has_none() -> None:
    took = (timedelta(days=1), timedelta(days=3), timedelta(days=20), None)
    found = [a_problem(ago(9 - n), closed_after=closed) for n, closed in enumerate(took)]
    runs = [
        reviewed(problem.found_at, items=[an_item(1, PROBLEM, problem=problem)], number=n)
        for n, problem in enumerate(found)
    ]
    assert counted(*runs).problems == Problems(found=4, open=1, to_close=timedelta(days=3))
    assert counted().problems == Problems()


def test_daily_checklists_come_first_and_one_alone_can_be_asked_for() -> None:
    monthly = reviewed(ago(1), checklist="dr-testing", title="DR Testing", cadence=Cadence.MONTHLY)
    weekly = reviewed(ago(1), checklist="cost", title="Cost Review", cadence=Cadence.WEEKLY)
    alerts = reviewed(ago(1), checklist="alerts", title="Alert Review")
    everything = (monthly, weekly, reviewed(ago(1)), alerts)
    assert [one.key for one in counted(*everything).checklists] == [
        "alerts",
        "health-check",
        "cost",
        "dr-testing",
    ]
    alone = counted(*everything, only="cost")
    assert ([one.key for one in alone.checklists], alone.runs.planned) == (["cost"], 1)


def test_weeks_are_those_of_the_calendar_also_where_nothing_was_planned() -> None:
    weeks = counted(reviewed(ago(0.1)), reviewed(ago(15), RunState.MISSED, number=2), days=17).weeks
    assert [week.monday.isoformat() for week in weeks] == [
        "2026-02-23",
        "2026-03-02",
        "2026-03-09",
        "2026-03-16",
    ]
    assert [week.runs.planned for week in weeks] == [1, 0, 0, 1]


def test_nothing_is_an_empty_report() -> None:
    assert counted(reviewed(ago(40))).is_empty
    assert not counted(reviewed(ago(4))).is_empty


# --- Whatever happened


@dataclass
class Life:
    """A checklist as it was run, and what is to be counted of it."""

    runs: list[Run] = field(default_factory=list)
    asked: list[tuple[datetime, str]] = field(default_factory=list)
    waiting: dict[str, datetime] = field(default_factory=dict)

    def run(self, at: datetime, deeds: tuple[ItemState, ...], ends: RunState, *, asked: bool) -> None:
        """One more run: what it has from the one before, what people do, how it ends."""
        keys = dict.fromkeys([*(f"item-{n}" for n in range(1, len(deeds) + 1)), *self.waiting])
        does = dict(zip(keys, (*deeds, *[DONE] * len(keys)), strict=False))
        items = [self._item(n, key, does[key], at) for n, key in enumerate(keys, start=1)]
        self.waiting = {}
        left = [item for item in items if item.is_open]
        state = ends if left else RunState.DONE
        for item in items:
            first = item.since or at
            if item.is_open and state is RunState.CARRIED:
                self.waiting[item.key] = first
            elif not asked:
                self.asked.append((first, item.state.value if not item.is_open else state.value))
        number = len(self.runs) + 1
        self.runs.append(reviewed(at, state, items=items, number=number, asked_by=ANA if asked else None))

    def _item(self, position: int, key: str, state: ItemState, at: datetime) -> RunItem:
        problem = a_problem(at) if state is PROBLEM else None
        return an_item(position, state, key=key, since=self.waiting.get(key), problem=problem)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Up to twelve days of a checklist; the last run may be open."""
    life = Life()
    days = draw(st.integers(1, 12))
    for day in range(days):
        at = ago(days - day)
        if draw(st.integers(0, 9)) == 0 and not life.waiting:
            life.runs.append(reviewed(at, RunState.SKIPPED, number=len(life.runs) + 1))
            continue
        deeds = tuple(draw(st.lists(st.sampled_from(ItemState), min_size=1, max_size=3)))
        ends = draw(st.sampled_from((RunState.CARRIED, RunState.MISSED)))
        if day == days - 1 and ends is RunState.CARRIED:
            ends = RunState.OPEN  # no next run has its items
        life.run(at, deeds, ends, asked=not life.waiting and draw(st.integers(0, 9)) == 0)
    return life


@given(lives())
def test_nothing_is_counted_twice_or_left_out(life: Life) -> None:
    shown = counted(*life.runs)
    figures = {"done": 0, "not_applicable": 0, "problem": 0, "missed": 0, "open": 0}
    for _, fate in life.asked:
        figures[fate] += 1
    items = [item for one in shown.checklists for item in one.items]
    assert {
        "done": sum(item.done for item in items),
        "not_applicable": sum(item.not_applicable for item in items),
        "problem": sum(item.problems for item in items),
        "missed": sum(item.missed for item in items),
        "open": sum(item.open for item in items),
    } == figures
    found = [item for run in life.runs for item in run.items if item.problem]
    assert shown.problems.found == len(found)
    assert shown.runs.planned + shown.off_schedule == len(life.runs)


@given(lives(), lives(), st.integers(0, 12 * 24))
def test_two_spans_that_meet_count_what_the_span_of_both_counts(one: Life, two: Life, hours: int) -> None:
    others = [replace(run, checklist="alerts", id=f"other-{run.number}") for run in two.runs]
    runs, middle = [*one.runs, *others], timedelta(hours=hours)
    early = counted(*runs, before=middle)
    late = report(runs, Span(since=MONDAY_NOON - middle, until=MONDAY_NOON), NEW_YORK)
    whole = report(runs, Span(since=early.span.since, until=late.span.until), NEW_YORK)
    for figure in ("in_time", "late", "missed", "carried", "skipped", "open", "planned"):
        both = getattr(early.runs, figure) + getattr(late.runs, figure)
        assert both == getattr(whole.runs, figure)
    assert early.off_schedule + late.off_schedule == whole.off_schedule
    assert early.problems.found + late.problems.found == whole.problems.found
    assert asked_in(early) + asked_in(late) == asked_in(whole)


@given(lives(), lives())
def test_the_parts_are_the_whole(one: Life, two: Life) -> None:
    others = [replace(run, checklist="alerts", id=f"other-{run.number}") for run in two.runs]
    shown = counted(*one.runs, *others)
    assert sum(part.runs.planned for part in shown.checklists) == shown.runs.planned
    assert sum(part.off_schedule for part in shown.checklists) == shown.off_schedule
    assert sum(part.problems.found for part in shown.checklists) == shown.problems.found
    for figure in ("in_time", "late", "missed", "carried"):
        assert sum(getattr(week.runs, figure) for week in shown.weeks) == getattr(shown.runs, figure)
    assert sum(part.problems.open for part in shown.checklists) == shown.problems.open


def asked_in(shown: Report) -> int:
    return sum(item.asked for one in shown.checklists for item in one.items)


def test_checklists_that_are_titled_alike_are_named_with_their_cadence() -> None:
    problem = an_item(state=ItemState.PROBLEM, problem=a_problem(MONDAY_NOON - 2 * DAY))
    there = [
        reviewed(MONDAY_NOON - 2 * DAY, items=[problem]),
        reviewed(MONDAY_NOON - DAY, checklist="monthly", cadence=Cadence.MONTHLY),
    ]
    span = Span(since=MONDAY_NOON - 30 * DAY, until=MONDAY_NOON)
    alike = keys_alike((run.checklist, run.title) for run in there)
    told = report(there, span, NEW_YORK, alike=alike)
    assert [one.title for one in told.checklists] == ["Health Check (daily)", "Health Check (monthly)"]
    assert [one.title for one in open_problems(there, span, lambda _: True, alike=alike)] == [
        "Health Check (daily)"
    ]
    assert not keys_alike((run.checklist, run.title) for run in there[:1])
