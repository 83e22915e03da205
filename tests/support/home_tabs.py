"""Home tabs of tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.domain.card import NextStep
from bot.domain.changes.change import ChangeState
from bot.domain.checklist import Cadence
from bot.domain.checklists.run import RunState
from bot.domain.home import (
    HomeAlert,
    HomeAlerts,
    HomeChange,
    HomeChanges,
    HomeCheck,
    HomeComing,
    HomeIncident,
    HomeItem,
    HomeProblem,
    HomeReview,
    HomeRun,
    HomeTab,
)
from bot.domain.incident import Status
from bot.domain.severity import Severity
from tests.support.builders import NEW_YORK, a_guide
from tests.support.clock import MONDAY_NOON

URL = "https://example.slack.com/archives/C1/p2"
NOW = MONDAY_NOON + timedelta(minutes=35)
MINUTES_15 = timedelta(minutes=15)


def an_open_one(number: int = 42, **changes: Any) -> HomeIncident:
    """An incident that nobody has acknowledged."""
    made = HomeIncident(
        id=f"i{number}",
        epoch=1,
        number=number,
        severity=Severity.P0,
        drill=False,
        title="checkout is down",
        service="Payment Service",
        status=Status.TRIGGERED,
        next_step=NextStep(title="Team Lead", due=(NOW + MINUTES_15).astimezone(NEW_YORK), pages=True),
        url=URL,
    )
    return replace(made, **changes)


def taken(number: int = 41, **changes: Any) -> HomeIncident:
    """One that Ana has."""
    made = an_open_one(
        number,
        severity=Severity.P2,
        title="mail is late",
        service=None,
        status=Status.ACKNOWLEDGED,
        taken_by="Ana Ortiz",
        next_step=None,
        mine=("Incident commander",),
    )
    return replace(made, **changes)


def a_secret_one(number: int = 43, **changes: Any) -> HomeIncident:
    """A security incident, for outsiders."""
    return replace(an_open_one(number, title=None, service=None, url=None), **changes)


def a_check(position: int = 2, title: str = "Every service answers") -> HomeCheck:
    return HomeCheck(position=position, title=title)


def of_mine(number: int = 12, *checks: HomeCheck, **changes: Any) -> HomeReview:
    """A review of which Ana has items."""
    made = HomeReview(
        run=f"r{number}",
        label=f"C{number}",
        title="Health Check",
        due_at=NOW + timedelta(hours=4),
        overdue=False,
        checks=checks,
        in_all=len(checks),
        url=URL,
    )
    return replace(made, **changes)


def an_item(number: int = 7, **changes: Any) -> HomeItem:
    made = HomeItem(
        number=number, incident="P0 #40", text="rotate the keys", due=date(2026, 3, 19), late=False
    )
    return replace(made, **changes)


def an_alert(number: int = 12, **changes: Any) -> HomeAlert:
    made = HomeAlert(
        label=f"A{number}",
        severity=Severity.P1,
        title="HighErrorRate: 7.9% of requests fail",
        service="API Gateway",
        since=NOW - timedelta(minutes=20),
        url=URL,
    )
    return replace(made, **changes)


def a_review(number: int = 12, **changes: Any) -> HomeRun:
    made = HomeRun(
        id=f"r{number}",
        label=f"C{number}",
        title="Health Check",
        state=RunState.OPEN,
        settled=2,
        items=5,
        due_at=NOW + timedelta(hours=4),
        overdue=False,
        owner="Ben Okafor",
        url=URL,
    )
    return replace(made, **changes)


def a_problem(**changes: Any) -> HomeProblem:
    made = HomeProblem(
        run="C9",
        position=3,
        item="Backups are fresh",
        text="The backup of payment is two days old",
        since=date(2026, 3, 9),
        owner="Cleo Tan",
        incident="P2 #39",
        url=URL,
    )
    return replace(made, **changes)


def a_tab(**changes: Any) -> HomeTab:
    """Ana's, in which nothing waits."""
    return replace(HomeTab(user="U0ANA0001", at=NOW, may_act=True), **changes)


def a_full_tab(**changes: Any) -> HomeTab:
    """Ana's, with something of everything."""
    made = a_tab(
        dashboards=tuple(a_guide().dashboards.values()),
        mine=(taken(),),
        mine_in_all=1,
        reviews=(
            of_mine(12, a_check(), a_check(3, "Disks have room")),
            of_mine(10, a_check(1, "Invoices are plausible"), title="Cost Review", overdue=True, in_all=3),
        ),
        reviews_in_all=2,
        checks_in_all=5,
        items=(an_item(), an_item(8, text=None, incident="Security incident 38", due=None)),
        items_in_all=2,
        incidents=(an_open_one(), a_secret_one(), taken()),
        incidents_in_all=3,
        alerts=HomeAlerts(
            count=7,
            worst=(an_alert(), an_alert(13, title=None, service=None, url=None)),
        ),
        runs=(
            a_review(),
            a_review(13, title="Backup Verification", owner=None, free=True),
            a_review(11, title="Alert Review", state=RunState.DONE, settled=4, items=4),
        ),
        runs_in_all=3,
        coming=(HomeComing(title="Capacity Review", cadence=Cadence.DAILY, at=NOW + timedelta(hours=2)),),
        problems=(a_problem(),),
        problems_in_all=1,
        changes=a_changing_day(),
    )
    return replace(made, **changes)


def a_changing_day(**changes: Any) -> HomeChanges:
    """The window opens in two hours; one change runs, another is planned, and there are two more."""
    running = HomeChange(
        label="CH12",
        title="New checkout",
        service="Payment Service",
        state=ChangeState.DEPLOYING,
        at=NOW - timedelta(minutes=5),
        url=URL,
    )
    planned = replace(
        running, label="CH14", state=ChangeState.APPROVED, at=NOW + timedelta(hours=2), url=None
    )
    made = HomeChanges(
        kind="Standard Change", opens=NOW + timedelta(hours=2), today=(running, planned, planned), in_all=5
    )
    return replace(made, **changes)
