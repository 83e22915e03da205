"""Changes as they are shown, for the tests of views."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.actor import Actor
from bot.domain.change_policy import ChangeOpening, ChangePhase, ChangeType, Phase
from bot.domain.changes.card import ChangeCard, Suspect
from bot.domain.changes.change import Approval, Change, ChangeState, PhaseRun, Plan
from bot.domain.changes.gate import GateAnswer, Ground, News, Reason, Verdict, Weight
from bot.domain.changes.health import HealthLine
from tests.support.cards import ANA, KIM

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


def minutes(count: float) -> datetime:
    """So many minutes after it was planned to start."""
    return STARTS + timedelta(minutes=count)


def approved_by(who: Actor = KIM, **changes: Any) -> Approval:
    """An approval of the first plan, ten minutes after it was asked for."""
    at = ASKED + timedelta(minutes=10)
    return replace(Approval(by=who, at=at, revision=1, expires=at + timedelta(days=7)), **changes)


def a_phase(phase: Phase, began: datetime, ended: datetime | None = None, **changes: Any) -> PhaseRun:
    """A phase that Ana went through."""
    run = PhaseRun(phase=phase, began=began, by=ANA, ended=ended, ended_by=ANA if ended else None)
    return replace(run, **changes)


PLANNED = a_phase(Phase.PLANNING, ASKED, minutes(-40))
TESTED = a_phase(Phase.TESTING, minutes(-40), minutes(2), note="staging is green")
DEPLOYED = a_phase(Phase.DEPLOYMENT, minutes(2), minutes(14))

APPROVED = a_change(
    state=ChangeState.APPROVED, approvals=(approved_by(),), phases=(replace(PLANNED, ended=None),)
)
TESTING = replace(
    APPROVED, state=ChangeState.TESTING, phases=(PLANNED, replace(TESTED, ended=None, note=None))
)
DEPLOYING = replace(
    TESTING,
    state=ChangeState.DEPLOYING,
    phases=(PLANNED, TESTED, replace(DEPLOYED, ended=None)),
    lead=ANA,
    started=minutes(2),
    window_closes=CLOSES,
)
VALIDATING = replace(
    DEPLOYING,
    state=ChangeState.VALIDATING,
    phases=(PLANNED, TESTED, DEPLOYED, a_phase(Phase.VALIDATION, minutes(14))),
    before=(
        HealthLine(key="availability", title="Availability", value=0.9998, said="99.98 %", kept=True),
        HealthLine(key="p95", title="Latency p95", value=0.12, said="120 ms", kept=True),
        HealthLine(key="traffic", title="Requests", value=41.0, said="41 /s"),
    ),
    after=(
        HealthLine(key="availability", title="Availability", value=0.991, said="99.10 %", kept=False),
        HealthLine(key="p95", title="Latency p95", value=None, said="not measured yet"),
        HealthLine(key="traffic", title="Requests", value=40.0, said="40 /s"),
    ),
)
ROLLING_BACK = replace(
    VALIDATING,
    state=ChangeState.ROLLING_BACK,
    reason="errors at 5 %",
    phases=(
        *VALIDATING.phases[:-1],
        a_phase(Phase.VALIDATION, minutes(14), minutes(18)),
        a_phase(Phase.ROLLBACK, minutes(18)),
    ),
)
DONE = replace(
    VALIDATING,
    state=ChangeState.DONE,
    phases=(*VALIDATING.phases[:-1], a_phase(Phase.VALIDATION, minutes(14), minutes(29))),
    closed=minutes(29),
    closed_by=ANA,
)
SUSPECT = Suspect(
    label="P1 #42",
    title="payments fail",
    began=minutes(6),
    is_open=True,
    url="https://acme.slack.com/archives/C1/p1",
)
OUTSIDE = GateAnswer(
    service="payment",
    kind="standard",
    at=ASKED + timedelta(minutes=1),
    verdict=Verdict.DENY,
    change="CH12",
    opens=STARTS,
    reasons=(
        Reason(
            ground=Ground.WINDOW,
            weight=Weight.DENIES,
            text="It is outside the windows of Standard Change: the next one opens Tue 14:00",
            until=STARTS,
        ),
        Reason(ground=Ground.APPROVAL, weight=Weight.DENIES, text="CH12 lacks 1 approval"),
        Reason(
            ground=Ground.BUDGET,
            weight=Weight.WARNS,
            text="Its error budget: half is spent",
        ),
        Reason(
            ground=Ground.INCIDENT,
            weight=Weight.SUPPORTS,
            text="No P0 or P1 is open",
        ),
    ),
    news=(
        News(of="Prometheus", at=ASKED),
        News(of="PagerDuty", at=None, idle=True),
    ),
)
OPEN = replace(OUTSIDE, at=minutes(-1), verdict=Verdict.ALLOW, opens=None, reasons=OUTSIDE.reasons[3:])
