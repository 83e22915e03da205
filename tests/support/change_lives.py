"""Changes for tests: complete, ordinary, and changed only where a test says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from bot.domain.act import Act
from bot.domain.actor import Actor
from bot.domain.change_policy import ChangeOpening, ChangePhase, ChangePolicy, ChangeType, Phase, Window
from bot.domain.changes.change import Approval, Change, ChangeState, PhaseRun, Plan
from tests.support.builders import ANA, LEE, NEW_YORK
from tests.support.clock import MONDAY_NOON

KIM = Actor(id="U0KIM", name="Kim")

_TYPES = (
    ChangeType(
        key="standard",
        title="Standard Change",
        opening=ChangeOpening.WEEKLY,
        windows=tuple(Window(weekday=day, opens=time(14), closes=time(16)) for day in (1, 3)),
        approvals=1,
    ),
    ChangeType(key="major", title="Major Change", opening=ChangeOpening.PLANNED, windows=(), approvals=2),
    ChangeType(key="emergency", title="Emergency", opening=ChangeOpening.ANYTIME, windows=(), approvals=1),
    ChangeType(key="free", title="Free Change", opening=ChangeOpening.ANYTIME, windows=(), approvals=0),
)
POLICY = ChangePolicy(
    types={one.key: one for one in _TYPES},
    phases=tuple(ChangePhase(phase=one, title=one.value.title(), description="") for one in Phase),
)


def act(by: Actor = ANA, now: datetime = MONDAY_NOON) -> Act:
    """Somebody does something on Monday at noon."""
    return Act(by=by, now=now, zone=NEW_YORK)


def a_plan(**changes: Any) -> Plan:
    """A standard change of payment, tomorrow at 14:00, for half an hour."""
    plan = Plan(
        kind="standard",
        service="payment",
        title="New checkout",
        steps="1. Deploy 3.2 to the first node\n2. Deploy the others",
        validation="Orders go through",
        rollback="Deploy 3.1",
        starts=MONDAY_NOON + timedelta(days=1, hours=2),
        length=timedelta(minutes=30),
    )
    return replace(plan, **changes)


def a_change(**changes: Any) -> Change:
    """It was asked for by Ana, and waits for one approval."""
    change = Change(
        id="change-1",
        number=12,
        plan=a_plan(),
        needs=1,
        phases=(PhaseRun(phase=Phase.PLANNING, began=MONDAY_NOON, by=ANA),),
        requested_by=ANA,
        requested=MONDAY_NOON,
        channel="platform-alerts",
        team="platform-team",
    )
    return replace(change, **changes)


def an_approval(**changes: Any) -> Approval:
    """Lee is for its first plan."""
    approval = Approval(by=LEE, at=MONDAY_NOON, revision=1, expires=MONDAY_NOON + timedelta(days=7))
    return replace(approval, **changes)


def an_approved(**changes: Any) -> Change:
    """The same, approved by Lee."""
    return a_change(**{"approvals": (an_approval(),), "state": ChangeState.APPROVED, **changes})
