from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.checklists.standing import (
    MOST_LINES,
    incidents_found,
    noisiest_found,
    promises_found,
    unacknowledged_found,
)
from bot.domain.evidence import EvidenceSpec, Found, Judgement, Source
from bot.domain.incident import Incident, Status
from bot.domain.noise import Fired, noise_report
from bot.domain.severity import Severity
from bot.domain.slo.counts import Counts, Span, counted
from bot.domain.slo.objective import Promise, promises
from bot.domain.slo.reading import Measured, Report, Reported, State
from tests.support.builders import a_guide, an_alert_group, an_incident
from tests.support.clock import MONDAY_NOON

WINDOW = timedelta(days=30)
PROMISES = promises(a_guide())
TROUBLE = "Prometheus is not reached."


def a_spec(source: Source, of: str) -> EvidenceSpec:
    return EvidenceSpec(title="Standing", source=source, of=of)


def slo(*reported: Reported) -> Found:
    return promises_found(a_spec(Source.SLO, "all"), MONDAY_NOON, reported)


def measured(key: str, *, bad: float, coverage: float = 1.0, **changes: Any) -> Reported:
    """A promise of whose budget the share `bad` is spent, evenly over the window."""
    promise = PROMISES[key]
    made = tuple(
        Measured(
            objective=one,
            state=State.MEASURED,
            window=counted(1_000_000, 1_000_000 * one.budget * bad),
            burns=_burns(one.budget * min(bad, 1.0)),
            coverage=coverage,
        )
        for one in promise.objectives
    )
    return _reported(promise, made, **changes)


def _burns(share: float) -> Mapping[timedelta, Counts]:
    lengths = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=6))
    return {length: counted(100_000, 100_000 * share * 0.9) for length in lengths}


def _reported(promise: Promise, made: tuple[Measured, ...], **changes: Any) -> Reported:
    report = Report(promise=promise, window=WINDOW, at=MONDAY_NOON, measured=made, queries=())
    return Reported(promise=promise, window=WINDOW, report=report, **changes)


def unknown(key: str, trouble: str = TROUBLE) -> Reported:
    return Reported(promise=PROMISES[key], window=WINDOW, report=None, trouble=trouble)


def test_what_is_all_right_is_one_line() -> None:
    found = slo(measured("platform", bad=0.1), measured("payment", bad=0.2), measured("content", bad=0))
    assert found.judgement is Judgement.FINE
    assert found.lines == ("OK: Platform, Payment Service, Content Service",)
    alone = slo(measured("payment", bad=0.25))
    assert alone.lines == ("Payment Service: OK, 75 % of the error budget left",)


def test_what_is_not_has_a_line_each() -> None:
    found = slo(
        measured("payment", bad=1.5),
        measured("identity", bad=0.95),
        measured("content", bad=0.1),
        measured("api-gateway", bad=0.1),
    )
    assert found.judgement is Judgement.NOT_FINE
    assert found.lines == (
        "Payment Service: spent, the error budget is overdrawn by 50 %",
        "Identity Service: at risk, 5 % of the error budget left",
        "OK: Content Service, API Gateway",
    )


def test_what_cannot_be_measured_says_why() -> None:
    found = slo(measured("payment", bad=0.1), unknown("identity"))
    assert found.judgement is Judgement.UNKNOWN
    assert found.lines == (
        f"Identity Service: unknown: {TROUBLE}",
        "Payment Service: OK, 90 % of the error budget left",
    )
    little = slo(measured("payment", bad=0.1, coverage=0.2))
    assert (little.judgement, little.lines) == (
        Judgement.UNKNOWN,
        ("Payment Service: unknown, 90 % of the error budget left",),
    )
    nothing = Measured(objective=PROMISES["payment"].objectives[0], state=State.NO_DATA, why="No series x.")
    assert slo(_reported(PROMISES["payment"], (nothing,))).lines == (
        "Payment Service: unknown, No series x.",
    )


def test_what_was_measured_earlier_accuses_and_acquits_nobody() -> None:
    old = timedelta(minutes=12)
    fine = slo(measured("payment", bad=0.1, age=old, trouble=TROUBLE))
    assert fine.judgement is Judgement.UNKNOWN
    assert fine.lines == ("Payment Service: OK, 90 % of the error budget left (measured 12 min ago)",)
    assert slo(measured("payment", bad=2, age=old, trouble=TROUBLE)).judgement is Judgement.NOT_FINE


def test_where_nothing_is_answered_at_all_it_has_failed() -> None:
    assert slo(unknown("platform"), unknown("payment")).failed == TROUBLE
    assert slo().failed == "The guide promises nothing that is measured."


def test_a_span_is_told_with_both_ends() -> None:
    [objective, *_] = PROMISES["payment"].objectives
    span = Span(least=1_000_000 * objective.budget * 0.2, most=1_000_000 * objective.budget * 0.5)
    one = Measured(
        objective=objective,
        state=State.MEASURED,
        window=Counts(total=1_000_000, bad=span),
        burns=_burns(0),
        coverage=1,
    )
    assert slo(_reported(PROMISES["payment"], (one,))).lines == (
        "Payment Service: OK, between 50 % and 80 % of the error budget left",
    )


def test_nobody_has_taken_this() -> None:
    spec = a_spec(Source.ALERTS, "unacknowledged")
    earlier = MONDAY_NOON - timedelta(hours=2)
    groups = [
        an_alert_group(number=7, severity=Severity.P1, name="HighErrorRate", started_at=earlier),
        an_alert_group(number=8, name="Leaked", security=True),
    ]
    found = unacknowledged_found(spec, MONDAY_NOON, groups)
    assert found.lines == ("P1 A7 HighErrorRate, for 2 h", "1 security alert")
    assert found.judgement is Judgement.NOT_FINE
    nothing = unacknowledged_found(spec, MONDAY_NOON, [])
    assert (nothing.lines, nothing.judgement) == (("none",), Judgement.FINE)


def test_of_many_the_first_are_told() -> None:
    groups = [an_alert_group(number=n, name=f"Alert{n}") for n in range(20)]
    found = unacknowledged_found(a_spec(Source.ALERTS, "unacknowledged"), MONDAY_NOON, groups)
    assert len(found.lines) == MOST_LINES + 1
    assert found.lines[-1] == "and 14 more"


def fired(name: str, times: int, *, pages: int = 0, security: bool = False) -> Fired:
    return Fired(
        group=name,
        name=name,
        service="payment",
        channel="platform-alerts",
        security=security,
        fired=times,
        pages=pages,
        acknowledged=True,
    )


def test_what_fires_most_is_told_and_judged_by_nobody() -> None:
    spec = a_spec(Source.ALERTS, "noisiest")
    every = [fired("DiskFull", 12, pages=2), fired("Slow", 1), fired("Leaked", 40, security=True)]
    since = MONDAY_NOON - timedelta(days=3)
    report = noise_report(every, since, MONDAY_NOON, hidden=lambda one: one.security)
    found = noisiest_found(spec, MONDAY_NOON, report)
    assert found.lines == (
        "DiskFull (payment): fired 12 times, paged 2 times",
        "Slow (payment): fired once",
        "1 security alert",
        "in the last 3 d",
    )
    assert found.judgement is Judgement.NONE
    quiet = noise_report([], since, MONDAY_NOON, hidden=lambda _one: False)
    assert noisiest_found(spec, MONDAY_NOON, quiet).lines == ("nothing fired in the last 3 d",)
    since_then = noisiest_found(spec, MONDAY_NOON, quiet, since_review=True)
    assert since_then.lines == ("nothing fired since the review before",)


def open_ones(*incidents: Incident) -> Found:
    return incidents_found(a_spec(Source.INCIDENTS, "open"), MONDAY_NOON, incidents)


def test_open_incidents_say_who_waits() -> None:
    earlier = MONDAY_NOON - timedelta(minutes=95)
    found = open_ones(
        an_incident(number=42, title="checkout is down", declared_at=earlier),
        an_incident(number=43, title="a drill", drill=True),
        an_incident(number=44, title="a leak", security=True),
        an_incident(number=45, title="mitigated", status=Status.MITIGATED, declared_at=earlier),
    )
    assert found.lines == (
        "P0 #42 checkout is down, nobody has taken it, for 1 h 35 min",
        "P0 #45 mitigated, mitigated, for 1 h 35 min",
        "1 security incident",
    )
    assert found.judgement is Judgement.NOT_FINE


def test_nothing_open_is_fine() -> None:
    assert (open_ones().lines, open_ones().judgement) == (("none",), Judgement.FINE)
    assert open_ones(an_incident(drill=True)).judgement is Judgement.FINE
