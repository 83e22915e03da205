"""Values for tests: complete, ordinary, and changed only where a test says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.alert import Alert, AlertGroup, AlertSource, AlertStatus
from bot.domain.business_time import BusinessCalendar
from bot.domain.call import Call
from bot.domain.calling import call_path
from bot.domain.changes.change import Change, Plan
from bot.domain.changes.span import Span, SpanKind
from bot.domain.checklist import Cadence, Unfinished
from bot.domain.checklists.run import Run, RunItem
from bot.domain.directory import Directory
from bot.domain.escalating import Escalating
from bot.domain.guide import BusinessHours, Guide, Mention, Roles
from bot.domain.incident import Incident, Status
from bot.domain.page import PageRecord, page_key
from bot.domain.path import Path, Rung
from bot.domain.rights import Rights
from bot.domain.severity import Severity
from bot.guide.load import load_guide
from tests.support.clock import MONDAY_NOON

ANA = Actor(id="U0ANA", name="Ana")
LEE = Actor(id="U0BEN", name="Ben")

NEW_YORK = ZoneInfo("America/New_York")
CHRISTMAS = date(2026, 12, 25)  # a Friday

TITLES = {"on-call": "On-call Engineer", "team-lead": "Team Lead", "director": "Director"}
RESPONSE = timedelta(minutes=15)


@cache
def a_guide() -> Guide:
    """The guide that is shipped."""
    return load_guide(None)


def new_york(*parts: int) -> datetime:
    """A wall-clock time in New York: year, month, day, hour, minute."""
    return datetime(*parts, tzinfo=NEW_YORK)  # type: ignore[arg-type,misc]  # year to minute


def a_calendar(is_holiday: Callable[[date], bool] = CHRISTMAS.__eq__) -> BusinessCalendar:
    """New York, Monday to Friday, 9 to 17; Christmas 2026 is the only holiday."""
    hours = BusinessHours(opens=time(9), closes=time(17), weekdays=frozenset(range(5)))
    return BusinessCalendar(zone=NEW_YORK, hours=hours, is_holiday=is_holiday)


def a_path(
    *tiers: str, response: timedelta | None = RESPONSE, pages: bool = True, repeats: bool = True
) -> Path:
    """A path over tiers by key; without any, P0's of the operations guide."""
    rungs = tuple(Rung(tier=key, title=TITLES.get(key, key)) for key in tiers or TITLES)
    return Path(rungs=rungs, response=response, pages=pages, repeats=repeats)


def a_backlog() -> Path:
    """P3's path: nobody is paged, the team is mentioned in business time."""
    return Path(rungs=(), response=None, pages=False, repeats=True)


def path_of(severity: Severity) -> Path:
    """A severity's path by the shipped guide."""
    return a_directory().path(severity)


def an_incident(**changes: Any) -> Incident:
    """P0 #42, declared by Ana this Monday noon, nobody reached yet."""
    declared_at = changes.get("declared_at", MONDAY_NOON)
    incident = Incident(
        id="i42",
        number=42,
        severity=Severity.P0,
        status=Status.TRIGGERED,
        title="checkout is down",
        service="payment",
        channel="platform-alerts",
        security=False,
        path=a_path(),
        declared_by=ANA,
        declared_at=declared_at,
        epoch_at=declared_at,
    )
    return replace(incident, **changes)


def a_call(**changes: Any) -> Call:
    """PG3: Ana pages the team lead this Monday noon, nobody reached yet."""
    call = Call(
        id="p3",
        number=3,
        tier="team-lead",
        reason="the provider is on the phone",
        called_by=ANA,
        called_at=MONDAY_NOON,
        channel="platform-alerts",
        path=call_path("team-lead", "Team Lead", timedelta(hours=1)),
    )
    return replace(call, **changes)


def an_alert_group(**changes: Any) -> AlertGroup:
    """A12, P1, one alert of the API gateway firing since this Monday noon, seen by nobody yet."""
    started_at = changes.get("started_at", MONDAY_NOON)
    group = AlertGroup(
        id="g12",
        number=12,
        source=AlertSource.ALERTMANAGER,
        key='{}:{alertname="HighErrorRate"}',
        name="HighErrorRate",
        summary="5 % of requests fail",
        labels={"alertname": "HighErrorRate"},
        severity=Severity.P1,
        channel="platform-alerts",
        team="platform-team",
        service="api-gateway",
        security=False,
        path=a_path("on-call", "team-lead", response=timedelta(hours=1)),
        status=AlertStatus.FIRING,
        firing=1,
        resolved=0,
        started_at=started_at,
        fired_at=started_at,
        changed_at=started_at,
        epoch_at=started_at,
    )
    return replace(group, **changes)


def an_alert(**changes: Any) -> Alert:
    """An alert of it."""
    alert = Alert(
        fingerprint="f1",
        starts_at=MONDAY_NOON,
        ends_at=None,
        labels={"alertname": "HighErrorRate", "service": "api-gateway", "severity": "critical"},
        annotations={"summary": "5 % of requests fail"},
        graph_url=None,
        seen_at=MONDAY_NOON,
    )
    return replace(alert, **changes)


def a_run(*items: RunItem, **changes: Any) -> Run:
    """C12, the Health Check of this Monday noon, with two items that nobody has looked at."""
    begun_at = changes.get("begun_at", MONDAY_NOON)
    run = Run(
        id="r12",
        number=12,
        checklist="health-check",
        occurrence=f"{begun_at:%Y-%m-%d}",
        title="Health Check",
        purpose="Verify all services operational",
        cadence=Cadence.DAILY,
        channel="platform-alerts",
        team="platform-team",
        runbook=None,
        security=False,
        planned_at=begun_at,
        begun_at=begun_at,
        due_at=begun_at + timedelta(hours=5),
        ends_at=begun_at + timedelta(days=1),
        unfinished=Unfinished.CARRY,
        items=items or (a_run_item(), a_run_item(2)),
    )
    return replace(run, **changes)


def a_run_item(position: int = 1, **changes: Any) -> RunItem:
    """An item of it that nobody has looked at."""
    return replace(RunItem(position=position, key=f"item-{position}", title=f"Item {position}"), **changes)


def a_plan(**changes: Any) -> Plan:
    """A standard change of Payment Service on the Tuesday after this Monday noon, from 14:00 New York."""
    plan = Plan(
        kind="standard",
        service="payment",
        title="New checkout",
        steps="Roll out v2, one replica after the other",
        validation="Orders go through",
        rollback="Roll back to v1",
        starts=MONDAY_NOON + timedelta(hours=26),
        length=timedelta(minutes=30),
    )
    return replace(plan, **changes)


def a_change(plan: Plan | None = None, **changes: Any) -> Change:
    """CH12, which Ana asked for this Monday noon and nobody has approved yet."""
    change = Change(
        id="ch12",
        number=12,
        plan=plan or a_plan(),
        needs=1,
        requested_by=ANA,
        requested=MONDAY_NOON,
        channel="platform-alerts",
        team="platform-team",
    )
    return replace(change, **changes)


def a_span(**changes: Any) -> Span:
    """F4, a freeze of everything from this Monday noon for a day."""
    starts = changes.get("starts", MONDAY_NOON)
    span = Span(
        id="sp4",
        number=4,
        kind=SpanKind.FREEZE,
        title="Black Friday",
        starts=starts,
        ends=starts + timedelta(days=1),
        channel="platform-alerts",
        by=LEE,
        at=MONDAY_NOON - timedelta(hours=1),
    )
    return replace(span, **changes)


def a_page(subject: Escalating | None = None, step: int = 0, **changes: Any) -> PageRecord:
    """The page of a step, owed just now."""
    owner = subject or an_incident()
    rung = owner.path.rung(step)
    page = PageRecord(
        subject=owner.id,
        epoch=owner.epoch,
        step=step,
        tier=rung.tier,
        title=rung.title,
        via=rung.tier,
        key=page_key(owner.id, owner.epoch, step),
        level=None,
        past_acknowledgement=False,
        requested_at=owner.epoch_at,
    )
    return replace(page, **changes)


def a_directory(
    guide: Guide | None = None,
    *,
    keys: Iterable[str] = TITLES,
    can_look_up: bool = True,
    confirmable: bool = True,
) -> Directory:
    """The shipped guide's directory, with a routing key for every tier of `keys`."""
    return Directory(
        guide=guide or a_guide(),
        business=a_calendar(),
        has_key=frozenset(keys).__contains__,
        can_look_up=can_look_up,
        confirmable=confirmable,
    )


EVERYBODY = Rights(
    roles=Roles(),
    is_outsider=lambda _user: False,
    members=lambda _group: (),
    is_home=lambda _incident, _channel: True,
)
"""Rights by which everybody may do everything."""


def with_mention(guide: Guide, tier: str, *, groups: Iterable[str] = (), people: Iterable[str] = ()) -> Guide:
    """The guide with somebody to mention for a tier."""
    mention = Mention(groups=tuple(groups), people=tuple(people))
    changed = replace(guide.tiers[tier], mention=mention)
    return replace(guide, tiers={**guide.tiers, tier: changed})


responses = st.integers(1, 12 * 60).map(lambda minutes: timedelta(minutes=minutes))
"""Response times as a guide may have them: a minute to twelve hours."""


@st.composite
def paging_paths(draw: st.DrawFn) -> Path:
    """Any path that pages: one to four tiers, repeating or not."""
    tiers = draw(st.lists(st.sampled_from([*TITLES, "vendor"]), min_size=1, max_size=4, unique=True))
    return a_path(*tiers, response=draw(responses), repeats=draw(st.booleans()))


paths = st.one_of(paging_paths(), st.just(a_backlog()))
"""Any path of a guide."""
