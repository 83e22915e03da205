"""What stands in the way of a change, and what explains a chart: from rows that are open to everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.alert import AlertGroup, AlertStatus
from bot.domain.incident import Incident, Status
from bot.domain.severity import Severity
from bot.domain.slo.chart import BudgetChart
from bot.domain.slo.gate import Permission
from bot.domain.slo.objective import PLATFORM
from bot.domain.slo.plan import Of, chart_step, rounded
from bot.domain.slo.samples import Course, Line, Point
from bot.services.slo_reader import SloReader
from bot.services.slo_surroundings import MOST_OBSTACLES
from storage.open import OpenStore
from tests.support.builders import ANA, a_guide, a_path, an_alert_group, an_incident
from tests.support.clock import FakeClock
from tests.support.metric_source import BOUNDS, FakeMetrics

HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> FakeClock:
    clock = FakeClock()
    clock.advance(days=10)
    return clock


@pytest.fixture
def reader(store: OpenStore, clock: FakeClock, source: FakeMetrics) -> SloReader:
    made = SloReader(source=source, guide=a_guide(), clock=clock, store=store)
    for promise in made.promises.values():
        source.know(promise)
    return made


async def declared(store: OpenStore, **changes: Any) -> Incident:
    incident = an_incident(**{"id": repr(changes), "number": 0, "service": "payment", **changes})

    def body(tx: Any) -> Incident:
        added: Incident = tx.incidents.add(incident)
        return added

    return await store.transaction("declare", body)


async def firing(store: OpenStore, **changes: Any) -> AlertGroup:
    given = {"id": repr(changes), "key": repr(changes), "number": 0, "service": "payment", "name": "Slow"}
    group = an_alert_group(**{**given, **changes})

    def body(tx: Any) -> AlertGroup:
        added: AlertGroup = tx.alert_groups.add(group)
        return added

    return await store.transaction("fire", body)


@pytest.mark.parametrize("severity", [Severity.P0, Severity.P1])
async def test_a_grave_incident_holds_its_service_and_the_platform(
    reader: SloReader, store: OpenStore, severity: Severity
) -> None:
    incident = await declared(store, severity=severity, status=Status.ACKNOWLEDGED)
    for key in ("payment", PLATFORM):
        gate = await reader.gate(key)
        assert gate.permission is Permission.HOLD
        assert [one.label for one in gate.obstacles] == [f"#{incident.number} {severity} “checkout is down”"]
    assert (await reader.gate("content")).permission is Permission.SHIP


async def test_a_grave_incident_that_names_no_service_holds_all(reader: SloReader, store: OpenStore) -> None:
    await declared(store, severity=Severity.P0, service=None)
    held = [(await reader.gate(key)).permission for key in reader.promises]
    assert held == [Permission.HOLD] * len(held)


@pytest.mark.parametrize(
    "changes",
    [
        {"severity": Severity.P2},
        {"drill": True},
        {"security": True},
        {"status": Status.RESOLVED},
        {"status": Status.CANCELLED},
    ],
    ids=repr,
)
async def test_other_incidents_hold_nothing(
    reader: SloReader, store: OpenStore, changes: dict[str, Any]
) -> None:
    await declared(store, **changes)
    assert [(await reader.gate(key)).permission for key in ("payment", PLATFORM)] == [Permission.SHIP] * 2


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"acknowledged_by": ANA},
        {"path": replace(a_path(), at_once=False), "paged_at": True},
        {"service": None},
    ],
    ids=["waits", "acknowledged", "paged since", "of no service, so perhaps of this"],
)
async def test_an_alert_that_pages_holds_its_service(
    reader: SloReader, store: OpenStore, clock: FakeClock, changes: dict[str, Any]
) -> None:
    times = {name: clock.now() for name in changes if name.endswith("_at")}
    group = await firing(store, **{**changes, **times})
    gate = await reader.gate("payment")
    assert (gate.permission, [one.label for one in gate.obstacles]) == (
        Permission.HOLD,
        [f"{group.label} Slow"],
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"security": True},
        {"silenced": True},
        {"status": AlertStatus.RESOLVED},
        {"path": replace(a_path(), at_once=False)},
        {"path": replace(a_path(), pages=False)},
        {"service": "content"},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_other_alerts_do_not(
    reader: SloReader, store: OpenStore, clock: FakeClock, changes: dict[str, Any]
) -> None:
    quiet = {"silenced_by": ANA, "silenced_until": clock.now() + HOUR} if "silenced" in changes else changes
    await firing(store, **quiet)
    assert (await reader.gate("payment")).permission is Permission.SHIP


async def test_an_obstacle_holds_although_nothing_can_be_asked(
    reader: SloReader, store: OpenStore, source: FakeMetrics
) -> None:
    await declared(store)
    source.there = False
    gate = await reader.gate("payment")
    assert (gate.permission, gate.report) == (Permission.HOLD, None)
    assert gate.trouble is not None


async def test_of_many_obstacles_the_most_urgent_are_told(reader: SloReader, store: OpenStore) -> None:
    for number in range(MOST_OBSTACLES + 5):
        await declared(store, severity=Severity.P1, title=f"{number}")
    await declared(store, severity=Severity.P0)
    obstacles = (await reader.gate("payment")).obstacles
    assert len(obstacles) == MOST_OBSTACLES
    assert " P0 " in obstacles[0].label


def course(clock: FakeClock, window: timedelta, **by_part: float) -> Course:
    """The same numbers in each step of the last day."""
    now, step = rounded(clock.now()), chart_step(window)
    lines = tuple(
        Line(
            labels={"of": of},
            points=tuple(Point(at=now - step * back, value=value) for back in reversed(range(24))),
        )
        for of, value in by_part.items()
    )
    return Course(lines=lines)


async def drawn(reader: SloReader, key: str = "payment") -> BudgetChart | None:
    report = (await reader.report(key)).report
    assert report is not None
    return await reader.chart(report)


async def test_a_chart_is_of_what_stands_worst_over_the_whole_window(
    reader: SloReader, source: FakeMetrics, clock: FakeClock
) -> None:
    promise = reader.promises["payment"]
    source.know(promise, bounds={"0.3": 930.0, "0.5": 940.0, "+Inf": 1000.0})  # 950 have to be within
    source.course_answer = course(clock, timedelta(days=30), **{Of.TOTAL: 1000, Of.WITHIN: 940})
    chart = await drawn(reader)
    assert chart is not None
    [(query, since, until, step)] = source.spans
    assert 'le=~"0\\\\.50*"' in query
    assert until - since + step == timedelta(days=30)
    assert chart.allowed == pytest.approx(0.05)
    assert len(chart.points) == timedelta(days=30) // step
    assert chart.points[-1].left == pytest.approx(1 - 60 / 50)


async def test_where_the_threshold_is_no_bound_something_else_is_drawn(
    reader: SloReader, source: FakeMetrics, clock: FakeClock
) -> None:
    bounds = {bound: count for bound, count in BOUNDS.items() if bound != "0.5"}
    source.know(reader.promises["payment"], bounds={**bounds, "0.3": 900.0})
    source.course_answer = course(clock, timedelta(days=30), **{Of.TOTAL: 1000, Of.BAD: 0})
    chart = await drawn(reader)
    assert chart is not None
    assert "availability" in chart.title


async def test_what_is_exact_by_chance_only_is_not_drawn(
    reader: SloReader, source: FakeMetrics, clock: FakeClock
) -> None:
    """Nobody happened to take between 0.3 and 1 s, and 0.5 s is no bound: there is no line of it."""
    source.know(reader.promises["payment"], bounds={"0.3": 940.0, "1": 940.0, "+Inf": 1000.0})
    source.course_answer = course(clock, timedelta(days=30), **{Of.TOTAL: 1000, Of.BAD: 0})
    chart = await drawn(reader)
    assert len(source.spans) == 2
    assert chart is not None
    assert "availability" in chart.title


async def test_without_numbers_there_is_no_chart(reader: SloReader, source: FakeMetrics) -> None:
    assert await drawn(reader) is None
    source.answers.clear()
    assert await drawn(reader, "content") is None


async def test_a_chart_has_the_incidents_of_its_service_that_everybody_may_know(
    reader: SloReader, source: FakeMetrics, store: OpenStore, clock: FakeClock
) -> None:
    source.course_answer = course(clock, timedelta(days=30), **{Of.TOTAL: 1000, Of.BAD: 0})
    at = {"declared_at": clock.now() - 3 * HOUR}
    over = {**at, "status": Status.RESOLVED, "ended_at": clock.now() - 2 * HOUR}
    seen = [await declared(store, **at), await declared(store, **over, severity=Severity.P2)]
    for hidden in (
        {"security": True},
        {"drill": True},
        {"status": Status.CANCELLED},
        {"status": Status.MERGED},
    ):
        await declared(store, **{**at, **hidden})
    await declared(store, **at, service="content")
    labels = {f"#{one.number} {one.severity}" for one in seen}
    chart, whole = await drawn(reader), await drawn(reader, PLATFORM)
    assert chart is not None
    assert {mark.label for mark in chart.marks} == labels
    assert whole is not None
    assert len(whole.marks) == len(labels) + 1
