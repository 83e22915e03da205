"""Answers about promises, as they were last looked at; and any numbers make one that Slack takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.slo.counts import Counts, Quantile, Span, counted
from bot.domain.slo.gate import Obstacle, gate
from bot.domain.slo.objective import BURN_WINDOWS, Objective, Promise, promises
from bot.domain.slo.plan import queries
from bot.domain.slo.reading import Measured, Report, Reported, State
from bot.views.slo.buttons import QUERIES, Pressed, decode, encode
from bot.views.slo.gate import gate_message
from bot.views.slo.help import slo_help, unknown_service
from bot.views.slo.overview import overview_message
from bot.views.slo.queries import queries_message
from bot.views.slo.report import chart_comment, report_message
from tests.support.builders import NEW_YORK, a_guide
from tests.support.goldens import check_golden
from tests.support.slack_limits import check_message, tokens

PROMISES = promises(a_guide())
PAYMENT = PROMISES["payment"]
MONTH = timedelta(days=30)
NOON = datetime(2026, 3, 16, 16, tzinfo=UTC)
P95 = Quantile(low=0.25, high=0.5, estimate=0.312)


def burning(share: float, total: float = 100_000) -> Mapping[timedelta, Counts]:
    return {window: counted(total, total * share) for window in BURN_WINDOWS}


def measured(objective: Objective, bad: float = 100, total: float = 3_000_000, **changes: object) -> Measured:
    latency = objective.threshold is not None
    made = Measured(
        objective=objective,
        state=State.MEASURED,
        window=counted(total, bad),
        burns=burning(0.00003),
        coverage=1.0,
        previous=counted(total, bad * 2),
        p95=P95 if latency else None,
        previous_p95=P95 if latency else None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def a_report(*all_measured: Measured, promise: Promise = PAYMENT, **changes: object) -> Report:
    one, two = promise.objectives[:2]
    given_ones = all_measured or (measured(one), measured(two))
    made = Report(promise=promise, window=MONTH, at=NOON, measured=given_ones, queries=())
    return replace(made, **changes)  # type: ignore[arg-type]


def reported(report: Report, **changes: object) -> Reported:
    made = Reported(promise=report.promise, window=report.window, report=report)
    return replace(made, **changes)  # type: ignore[arg-type]


AVAILABILITY, LATENCY = PAYMENT.objectives

STATES: Mapping[str, Reported] = {
    "ok": reported(a_report()),
    "at_risk": reported(a_report(measured(AVAILABILITY, 285))),
    "burning": reported(a_report(measured(AVAILABILITY, burns=burning(0.0003)))),
    "paging": reported(a_report(measured(AVAILABILITY, burns=burning(0.002)), measured(LATENCY))),
    "spent": reported(a_report(measured(AVAILABILITY, 471))),
    "spent_and_paging": reported(a_report(measured(AVAILABILITY, 471, burns=burning(0.002)))),
    "no_data": reported(
        a_report(
            Measured(objective=AVAILABILITY, state=State.NO_DATA, why='Prometheus has no series x{a="b"}'),
            measured(LATENCY),
        )
    ),
    "no_traffic": reported(
        a_report(Measured(objective=AVAILABILITY, state=State.NO_TRAFFIC, why="x did not rise"))
    ),
    "unjudged": reported(a_report(Measured(objective=AVAILABILITY, state=State.UNJUDGED, why="no label"))),
    "late": reported(
        a_report(
            Measured(
                objective=AVAILABILITY, state=State.FAILED, why="It did not answer in 5 s.", is_late=True
            )
        )
    ),
    "failed": reported(
        a_report(Measured(objective=AVAILABILITY, state=State.FAILED, why="It refuses the query."))
    ),
    "partial": reported(a_report(measured(AVAILABILITY, coverage=15.29 / 30))),
    "little_data": reported(a_report(measured(AVAILABILITY, coverage=0.3))),
    "coverage_unknown": reported(a_report(measured(AVAILABILITY, coverage=None))),
    "gone": reported(a_report(measured(AVAILABILITY, gone=True))),
    "no_burns": reported(a_report(measured(AVAILABILITY, burns={}, burns_missing="It took too long."))),
    "low_volume": reported(
        a_report(
            measured(
                AVAILABILITY,
                0,
                700,
                burns={**burning(0, 20), timedelta(hours=6): counted(20, 1)},
                previous=None,
            )
        )
    ),
    "between_bounds": reported(
        a_report(
            measured(
                LATENCY,
                window=Counts(total=1000, bad=Span(least=10, most=80)),
                p95=Quantile(low=0.4, high=0.75, estimate=0.6),
            )
        )
    ),
    "kept": reported(a_report(), age=timedelta(minutes=12), trouble="Prometheus does not answer."),
    "nothing": Reported(promise=PAYMENT, window=MONTH, report=None, trouble="PROMETHEUS_URL is not set."),
    "warned": reported(a_report(warnings=("results are <!channel> *partial*",))),
}


@pytest.mark.parametrize("state", STATES)
def test_an_answer_is_as_it_was_last_looked_at(state: str) -> None:
    check_golden(f"slo_{state}", report_message(STATES[state], zone=NEW_YORK))


def test_an_overview_is_as_it_was_last_looked_at() -> None:
    check_golden("slo_overview", overview_message(list(STATES.values()), zone=NEW_YORK))
    all_troubled = [STATES["nothing"], replace(STATES["nothing"], promise=PROMISES["content"])]
    check_golden("slo_overview_nothing", overview_message(all_troubled, zone=NEW_YORK))


def test_where_windows_differ_each_says_its_own() -> None:
    week = replace(a_report(), window=timedelta(days=7))
    told = str(overview_message([reported(a_report()), reported(week)], zone=NEW_YORK).to_json())
    assert ("over 7 d" in told, "over 30 d" in told) == (True, True)
    same = str(overview_message([reported(week)] * 2, zone=NEW_YORK).to_json())
    assert " · over 7 d" not in same


def said(report: Report) -> str:
    return str(report_message(reported(report), zone=NEW_YORK).to_json())


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [(1.0, "all of it measured."), (0.97, "29.1 of 30 d measured."), (0.9, "partial: 27 of 30 d.")],
)
def test_all_of_a_window_is_measured_where_all_of_it_is(coverage: float, expected: str) -> None:
    assert expected in said(a_report(measured(AVAILABILITY, coverage=coverage)))


def test_half_a_window_lasts_half_as_long() -> None:
    """Its traffic was that of the time in which it was measured."""
    half = said(a_report(measured(AVAILABILITY, burns=burning(0.0003), coverage=0.5)))
    assert "or about 1 min of full outage" in half
    assert "the budget ends in 3 d 8 h" in half


@pytest.mark.parametrize("window", [None, timedelta(hours=36), timedelta(days=7), timedelta(days=400)])
def test_what_a_button_asks_for_is_what_was_shown(window: timedelta | None) -> None:
    pressed = Pressed(action=QUERIES, key="payment", window=window)
    assert decode(encode(pressed)) == pressed


@pytest.mark.parametrize(
    ("promised", "shown", "offered"),
    [
        (30, 30, "Last 7 d"),
        (30, 7, "Last 30 d"),
        (28, 28, "Last 7 d"),
        (28, 7, "Last 28 d"),
        (7, 7, "Last 30 d"),
    ],
)
def test_the_window_that_was_promised_is_one_press_away(promised: int, shown: int, offered: str) -> None:
    assert PAYMENT.slo is not None
    promise = replace(PAYMENT, slo=replace(PAYMENT.slo, window=timedelta(days=promised)))
    report = a_report(promise=promise, window=timedelta(days=shown))
    assert f"'text': '{offered}'" in said(report)


def test_over_another_window_it_is_said_by_which_people_go() -> None:
    reminder = "Promised over 30 d: the gate and the alerts go by that."
    assert reminder in said(a_report(window=timedelta(days=7)))
    assert reminder not in said(a_report())


def test_failures_that_are_no_number_are_said_to_be_none() -> None:
    nobody_knows = Counts(total=1000, bad=Span(least=0, most=1000))
    shown = said(a_report(measured(AVAILABILITY, window=nobody_knows)))
    assert "What failed cannot be told" in shown
    assert "UNKNOWN" in shown


def test_what_is_estimated_is_told_so() -> None:
    estimated = said(a_report(measured(LATENCY, 30_000, is_estimate=True)))
    assert "About 99.00 % of the requests took at most 500 ms" in estimated
    assert "how many were slower is an estimate" in estimated
    assert "estimate" not in said(a_report(measured(LATENCY, 30_000)))


@pytest.mark.parametrize("state", ["ok", "at_risk", "spent", "no_data"])
def test_a_gate_is_as_it_was_last_looked_at(state: str) -> None:
    answer = gate("payment", NOON, STATES[state].report)
    check_golden(f"slo_gate_{state}", gate_message(answer, "Payment Service", zone=NEW_YORK))


def test_a_gate_names_what_is_open() -> None:
    obstacles = tuple(Obstacle(label=f"#{n} P0 <!here>") for n in range(12))
    answer = gate("payment", NOON, None, obstacles=obstacles, trouble="Prometheus does not answer.")
    check_golden("slo_gate_open", gate_message(answer, "Payment Service", zone=NEW_YORK))


def test_a_yes_that_rests_on_a_part_of_the_window_says_so() -> None:
    partial, whole = (
        gate_message(gate("payment", NOON, STATES[state].report), "P", zone=NEW_YORK)
        for state in ("partial", "ok")
    )
    assert "66 % of the error budget left (partial: 15.2 of 30 d)" in partial.text
    assert "partial" not in whole.text


@pytest.mark.parametrize("key", PROMISES)
def test_every_query_of_the_guide_fits_into_its_answer(key: str) -> None:
    asked = queries(PROMISES[key], MONTH)
    shown = queries_message(PROMISES[key], MONTH, asked)
    check_message(shown.to_json())
    assert len(shown.blocks) == len(asked) + 2, "all are shown"


def test_queries_that_are_many_are_cut_in_words() -> None:
    many = queries(PAYMENT, MONTH) * 12
    shown = queries_message(PAYMENT, MONTH, many)
    check_message(shown.to_json())
    assert "more are too long to be shown here" in str(shown.blocks[-1])
    none = replace(PAYMENT, metrics=None)
    assert "nothing is asked" in queries_message(none, MONTH, ()).text


def test_help_and_the_unknown_are_as_they_were_last_looked_at() -> None:
    check_golden("slo_help", slo_help({key: one.title for key, one in PROMISES.items()}))
    nearest = {"payment": "Payment Service", "content": "Content Service", "platform": "Platform"}
    check_golden("slo_unknown", unknown_service("paymnet <!here>", nearest))
    assert "nothing was asked" in unknown_service("x", {}).text


NUMBERS = st.floats(0, 1e12)
COVERAGES = st.none() | st.floats(0, 1)


@settings(max_examples=25)
@given(st.tuples(st.text(max_size=300), st.text(max_size=900)), NUMBERS, NUMBERS, NUMBERS, COVERAGES)
def test_any_numbers_and_names_make_a_message_that_slack_takes(
    words: tuple[str, str], total: float, bad: float, part: float, coverage: float | None
) -> None:
    (title, warning), all_of_it = words, total + 1
    burns = {window: counted(part, min(bad, part)) for window in BURN_WINDOWS}
    bad = min(bad, all_of_it)
    promise = replace(PROMISES["platform"], title=title, dashboards=())  # whose links are none of a title's
    ones = tuple(
        measured(objective, bad, all_of_it, burns=burns, coverage=coverage)
        for objective in promise.objectives
    )
    report = a_report(*ones, promise=promise, warnings=(warning,) * 5)
    for shown in (
        report_message(reported(report, age=timedelta(hours=1), trouble=warning), zone=NEW_YORK),
        overview_message([reported(report)] * 40, zone=NEW_YORK),
        gate_message(gate("platform", NOON, report, trouble=warning), title, zone=NEW_YORK),
        queries_message(promise, MONTH, queries(promise, MONTH)),
    ):
        body = shown.to_json()
        check_message(body)
        assert [token for token in tokens(body) if not token.startswith("!date^")] == []
    assert "\n" not in chart_comment(report)
    text = report_message(reported(report), zone=NEW_YORK).text
    assert ("100 %" in text.split("availability ")[1].split(" (")[0]) == (bad == 0)
