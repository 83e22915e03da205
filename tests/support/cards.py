"""Incidents, cards and events for the tests of what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.actor import OPSBOT, Actor
from bot.domain.card import IncidentCard, Mentions, NextStep
from bot.domain.event import Event, EventData, EventKind
from bot.domain.guide import Dashboard, Mention, Runbook
from bot.domain.incident import Incident, Status
from bot.domain.page import PageRecord
from bot.domain.path import Path, Rung
from bot.domain.severity import Severity
from bot.domain.timeline import TimelinePage, entries_of

ANA = Actor(id="U0ANA0001", name="Ana Ortiz")
KIM = Actor(id="U0KIM0001", name="Kim Larsen")
DECLARED = datetime(2026, 3, 10, 7, 2, tzinfo=UTC)
ON_CALL, LEAD, DIRECTOR = (
    Rung(tier="on-call", title="On-call Engineer"),
    Rung(tier="team-lead", title="Team Lead"),
    Rung(tier="director", title="Director"),
)
PATH = Path(rungs=(ON_CALL, LEAD, DIRECTOR), response=timedelta(minutes=15), pages=True, repeats=True)
SILENT = Path(rungs=(), response=None, pages=False, repeats=True)
NOBODY = Mentions(who=Mention(), names=())
LEADS = Mentions(who=Mention(groups=("S0LEADS01",)), names=("Team Lead",))


def after(minutes: float) -> datetime:
    """So many minutes after the declaration."""
    return DECLARED + timedelta(minutes=minutes)


def an_incident(**changes: Any) -> Incident:
    """P0 #42, just declared by Kim and paged once."""
    incident = Incident(
        id="6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        number=42,
        severity=Severity.P0,
        status=Status.TRIGGERED,
        title="checkout is down",
        service="payment",
        channel="platform-alerts",
        security=False,
        path=PATH,
        declared_by=KIM,
        declared_at=DECLARED,
        epoch_at=DECLARED,
        next_step=1,
    )
    return replace(incident, **changes)


def a_page(step: int, at: datetime, **changes: Any) -> PageRecord:
    """The page of a step, accepted when it was asked for."""
    rung = PATH.rung(step)
    page = PageRecord(
        subject="6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        epoch=1,
        step=step,
        tier=rung.tier,
        title=rung.title,
        via=rung.tier,
        key=f"6f9619ff/1/{step}",
        level=None,
        past_acknowledgement=False,
        requested_at=at,
        sent_at=at,
        accepted_at=at,
    )
    return replace(page, **changes)


def a_card(**changes: Any) -> IncidentCard:
    """The card of `an_incident()`."""
    card = IncidentCard(
        incident=an_incident(),
        next_step=NextStep(title="Team Lead", due=after(15), pages=True),
        pages=(a_page(0, DECLARED, confirmed_at=after(0.1)),),
        service="Payment Service",
        team="Platform Team",
        runbook=Runbook(
            key="payment",
            title="Payment Service Operations",
            file="payment-operations.md",
            section="services",
            url="https://docs.example.com/payment-operations.md",
        ),
        dashboards=(
            Dashboard(key="overview", title="Platform Overview", url="http://grafana.example.com/d/overview"),
            Dashboard(
                key="health", title="Service Health", url="http://grafana.example.com/d/health?a=1&b=2"
            ),
        ),
        roles=(),
        confirmable=True,
    )
    return replace(card, **changes)


def an_event(kind: EventKind, data: EventData | None = None, *, actor: Actor = OPSBOT, **more: Any) -> Event:
    """One entry of the incident's history."""
    event = Event(
        subject="6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
        sequence=3,
        at=after(15),
        actor=actor,
        kind=kind,
        data=data or {},
    )
    return replace(event, **more)


def a_history(*events: Event, earlier: int = 0, amendments: Iterable[Event] = ()) -> TimelinePage:
    """A page of a timeline with these events, numbered in order."""
    numbered = [replace(event, sequence=earlier + n) for n, event in enumerate(events, start=1)]
    return TimelinePage(entries=entries_of(numbered, amendments), earlier=earlier)
