from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.home import HomeTab, urgency
from bot.domain.incident import Status
from bot.domain.severity import Severity
from tests.support.builders import an_incident
from tests.support.home_tabs import NOW, a_check, a_full_tab, a_tab, an_open_one, of_mine
from tests.unit.views.slo.test_slo_views import AVAILABILITY, a_report, measured, reported


def test_that_time_has_passed_is_no_news() -> None:
    assert a_full_tab().digest == a_full_tab(at=NOW + timedelta(hours=3)).digest


@pytest.mark.parametrize(
    "other",
    [
        a_full_tab(may_act=False),
        a_full_tab(reviews=(of_mine(12, a_check()),)),
        a_full_tab(reviews=(of_mine(12, a_check(), overdue=True),)),
        a_full_tab(incidents=(an_open_one(title="search is down"),)),
        a_full_tab(incidents_in_all=12),
        a_full_tab(measures=True),
    ],
)
def test_what_somebody_would_see_is_news(other: HomeTab) -> None:
    assert a_full_tab().digest != other.digest


def test_of_what_was_promised_the_verdict_counts_and_not_the_numbers() -> None:
    one = a_tab(slos=(reported(a_report(measured(AVAILABILITY, 100))),))
    moved = a_tab(slos=(reported(a_report(measured(AVAILABILITY, 101))),))
    worse = a_tab(slos=(reported(a_report(measured(AVAILABILITY, 300_000))),))
    gone = a_tab(slos=(replace(one.slos[0], report=None, trouble="Prometheus is away."),))
    assert one.digest == moved.digest
    assert len({one.digest, worse.digest, gone.digest, a_tab().digest}) == 4


def test_what_nobody_has_taken_comes_first_then_what_is_worse_then_what_is_newer() -> None:
    given = [
        an_incident(number=1, severity=Severity.P0, status=Status.ACKNOWLEDGED),
        an_incident(number=2, severity=Severity.P2),
        an_incident(number=3, severity=Severity.P1),
        an_incident(number=4, severity=Severity.P1),
    ]
    assert [one.number for one in sorted(given, key=urgency)] == [4, 3, 2, 1]


def test_what_waits_is_what_is_mine() -> None:
    assert a_tab().waits == 0
    assert a_full_tab().waits == 8
