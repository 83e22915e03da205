"""Runs of checklists and their cards for the tests of what is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.actor import Actor
from bot.domain.checklist import Cadence, Unfinished
from bot.domain.checklists.card import EarlierProblem, RunCard
from bot.domain.checklists.run import ItemState, Problem, Run, RunItem
from bot.domain.evidence import EvidenceSpec, Found, Judgement, Sign, Source, Threshold, Unit, Value
from bot.domain.guide import Runbook
from tests.support.cards import ANA, KIM

BEGUN = datetime(2026, 11, 30, 14, 15, tzinfo=UTC)
"""A Monday, 09:15 in New York."""
RUN_ID = "0b1c7d52-8a3e-4f6d-9a51-6f0c5d0e7a11"
LEE = Actor(id="U0LEE0001", name="Lee Novak")

DOWN = EvidenceSpec(
    title="Targets that are down",
    source=Source.QUERY,
    of="count(up == 0) or vector(0)",
    fine=Threshold(sign=Sign.EQUAL, bound=0),
)
RATE = EvidenceSpec(
    title="Requests a second by service", source=Source.QUERY, of="rate", unit=Unit.PER_SECOND
)
FAILED = EvidenceSpec(
    title="Failed requests by service",
    source=Source.QUERY,
    of="ratio",
    unit=Unit.RATIO,
    fine=Threshold(sign=Sign.BELOW, bound=0.001),
)


def later(minutes: float) -> datetime:
    """So many minutes after it was posted."""
    return BEGUN + timedelta(minutes=minutes)


def found(spec: EvidenceSpec, judgement: Judgement = Judgement.NONE, *values: Value, **more: Any) -> Found:
    """What was found for a specification."""
    return Found(
        title=spec.title,
        source=spec.source,
        judgement=judgement,
        at=later(0),
        unit=spec.unit,
        values=values,
        **more,
    )


def a_value(now: float | None, before: float | None = None, label: str = "", **more: Any) -> Value:
    """One number."""
    return Value(label=label, now=now, before=before, **more)


ANSWERS = RunItem(
    position=2,
    key="every-service-answers",
    title="Every service answers",
    evidence=(DOWN, RATE, FAILED),
    found=(
        found(DOWN, Judgement.FINE, a_value(0, 0, fine=True)),
        found(
            RATE,
            Judgement.NONE,
            a_value(61.2, 58, "api-gateway"),
            a_value(12.04, 11, "payment"),
            a_value(0.4, None, "reports"),
            more=4,
        ),
        found(
            FAILED,
            Judgement.NOT_FINE,
            a_value(0.0031, 0.0002, "payment", fine=False),
            a_value(0.0001, 0.0001, "api-gateway", fine=True),
        ),
    ),
)
BOARD = RunItem(position=1, key="board", title="Open Platform Overview and Infrastructure Status")
HEALTH = RunItem(position=3, key="health", title="Open Service Health and note what is not green")


def a_run(**changes: Any) -> Run:
    """C12, Monday's Health Check, just posted."""
    run = Run(
        id=RUN_ID,
        number=12,
        checklist="health-check",
        occurrence="2026-11-30",
        title="Health Check",
        purpose="Review service health dashboards",
        cadence=Cadence.DAILY,
        channel="platform-alerts",
        team="platform-team",
        runbook="monitoring-operations",
        security=False,
        planned_at=BEGUN,
        begun_at=BEGUN,
        due_at=later(465),
        ends_at=later(24 * 60),
        unfinished=Unfinished.CARRY,
        items=(BOARD, ANSWERS, HEALTH),
        evidence_at=later(0),
    )
    return replace(run, **changes)


def a_run_card(run: Run | None = None, **changes: Any) -> RunCard:
    """The card of `a_run()`."""
    card = RunCard(
        run=run or a_run(),
        team="Platform Team",
        runbook=Runbook(
            key="monitoring-operations",
            title="Monitoring Operations",
            file="monitoring-operations.md",
            section="",
            url="https://docs.example.com/runbooks/monitoring-operations.md",
        ),
        next_at=later(24 * 60),
    )
    return replace(card, **changes)


def done(item: RunItem, by: Actor = ANA, minutes: float = 5) -> RunItem:
    """The item, checked off."""
    return replace(item, state=ItemState.DONE, by=by, at=later(minutes))


def not_applicable(item: RunItem) -> RunItem:
    """The item, with a reason why it does not apply."""
    state = ItemState.NOT_APPLICABLE
    return replace(item, state=state, by=KIM, at=later(6), reason="the boards are being moved")


def a_problem(**changes: Any) -> Problem:
    """Found by Lee."""
    problem = Problem(text="Payment answers slowly since Friday", found_by=LEE, found_at=later(7))
    return replace(problem, **changes)


def with_problem(item: RunItem, problem: Problem | None = None) -> RunItem:
    """The item, with something that is wrong."""
    state = ItemState.PROBLEM
    return replace(item, state=state, by=LEE, at=later(7), problem=problem or a_problem())


def earlier() -> EarlierProblem:
    """What Friday's run has found."""
    problem = a_problem(text="Disk of db-2 is 91 % full", found_by=KIM)
    return EarlierProblem(run="C9", position=3, item="Disks have room", problem=problem)
