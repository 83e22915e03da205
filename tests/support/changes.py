"""Changes as they are shown, for the tests of views."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.change_policy import ChangeOpening, ChangePhase, ChangeType, Phase
from bot.domain.changes.card import ChangeCard
from bot.domain.changes.change import Change, Plan
from tests.support.cards import ANA

ASKED = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)
"""Monday, 14:00 in New York."""
STARTS = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
"""Tuesday, 14:00 in New York: the window opens."""
CLOSES = STARTS + timedelta(hours=2)
CHANGE = "0b6a1c1e-3d52-4f0e-9a63-5d2f6c1b7e10"

STANDARD = ChangeType(
    key="standard", title="Standard Change", opening=ChangeOpening.WEEKLY, windows=(), approvals=1
)
MAJOR = ChangeType(key="major", title="Major Change", opening=ChangeOpening.PLANNED, windows=(), approvals=2)
EMERGENCY = ChangeType(
    key="emergency", title="Emergency Change", opening=ChangeOpening.ANYTIME, windows=(), approvals=1
)
PHASES = (
    ChangePhase(phase=Phase.PLANNING, title="Planning", description="Change request and approval"),
    ChangePhase(phase=Phase.TESTING, title="Testing", description="Staging environment validation"),
    ChangePhase(phase=Phase.DEPLOYMENT, title="Deployment", description="Gradual, with monitoring"),
    ChangePhase(phase=Phase.VALIDATION, title="Validation", description="Health checks"),
    ChangePhase(phase=Phase.ROLLBACK, title="Rollback", description="If issues are detected"),
)


def a_plan(**changes: Any) -> Plan:
    """A standard change of the payment service, Tuesday at 14:00 for 30 minutes."""
    plan = Plan(
        kind="standard",
        service="payment",
        title="New checkout flow",
        steps="Deploy 2.14.0 to 10 %, then 50 %, then all pods.",
        validation="Checkout p95 stays below 200 ms for 10 minutes.",
        rollback="helm rollback payment",
        starts=STARTS,
        length=timedelta(minutes=30),
    )
    return replace(plan, **changes)


def a_change(**changes: Any) -> Change:
    """CH12, just asked for by Ana."""
    change = Change(
        id=CHANGE,
        number=12,
        plan=a_plan(),
        needs=1,
        requested_by=ANA,
        requested=ASKED,
        channel="platform-alerts",
        team="platform",
    )
    return replace(change, **changes)


def a_change_card(change: Change | None = None, **changes: Any) -> ChangeCard:
    """The card of `a_change()`, a minute after it was asked for."""
    card = ChangeCard(
        change=change or a_change(),
        kind=STANDARD,
        service="Payment Service",
        team="Platform Team",
        phases=PHASES,
        now=ASKED + timedelta(minutes=1),
    )
    return replace(card, **changes)
