from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.slo.counts import Counts, Span, counted
from bot.domain.slo.incident_budget import AtIncident, Cost
from bot.domain.slo.note import BudgetNote, Noted, missing_note, note_of, read_note
from bot.domain.slo.objective import Objective, Promise, Sli, Source, promises
from bot.domain.slo.reading import Measured, Report, State
from tests.support.budgets import a_note, budget_notes, exactly
from tests.support.builders import a_guide
from tests.support.cards import after

HOUR = timedelta(hours=1)
PAYMENT: Promise = promises(a_guide())["payment"]
AVAILABILITY, LATENCY = PAYMENT.objectives


def measured(objective: Objective, bad: float, *, coverage: float | None = 1.0, hour: float = 0) -> Measured:
    """A million requests in the window, a thousand in the last hour."""
    return Measured(
        objective=objective,
        state=State.MEASURED,
        window=counted(1_000_000, bad),
        burns={HOUR: counted(1000, hour)},
        coverage=coverage,
    )


def unknown(objective: Objective, state: State = State.NO_DATA) -> Measured:
    return Measured(objective=objective, state=state, why=f"{objective.sli}: {state}.")


def found(*of: Measured, counts: tuple[tuple[Objective, Counts], ...] = ()) -> AtIncident:
    report = Report(promise=PAYMENT, window=timedelta(days=30), at=after(3), measured=of, queries=())
    return AtIncident(at=after(3), report=report, counted=counts)


@given(budget_notes())
def test_a_note_comes_back_from_its_facts_as_it_was(note: BudgetNote) -> None:
    assert read_note(note.data) == note


@given(st.dictionaries(st.sampled_from([*a_note().data, "why"]), st.none() | st.integers() | st.text()))
def test_facts_that_are_no_note_are_none(facts: dict[str, object]) -> None:
    note = read_note(facts)
    assert note is None or note.moment in Noted


@given(st.floats(-10, 0.9999999))
def test_what_is_not_whole_is_never_noted_as_whole(left: float) -> None:
    kept = read_note(a_note(left=exactly(left)).data)
    assert kept is not None
    assert kept.left is not None
    assert kept.left.most < 1


def test_what_is_noted_is_the_worst_objective() -> None:
    note = note_of(Noted.DECLARED, PAYMENT, found(measured(AVAILABILITY, 57, hour=1), measured(LATENCY, 10)))
    assert (note.sli, note.title, note.why) == (Sli.AVAILABILITY, "Payment Service", None)
    assert note.left is not None
    assert note.left.least == pytest.approx(0.43)
    assert note.burn is not None
    assert note.burn.most == pytest.approx(10)


def test_of_two_that_stand_alike_the_one_with_less_left_is_noted() -> None:
    note = note_of(Noted.DECLARED, PAYMENT, found(measured(AVAILABILITY, 1), measured(LATENCY, 20_000)))
    assert note.sli is Sli.LATENCY


def test_an_objective_that_is_not_measured_hides_none_that_is() -> None:
    note = note_of(Noted.DECLARED, PAYMENT, found(measured(AVAILABILITY, 1), unknown(LATENCY)))
    assert note.sli is Sli.AVAILABILITY
    assert note.is_measured


def test_where_nothing_is_measured_it_is_said_why() -> None:
    note = note_of(Noted.DECLARED, PAYMENT, found(unknown(AVAILABILITY), unknown(LATENCY)))
    assert note == missing_note(Noted.DECLARED, PAYMENT, after(3), "availability: no_data.")


def test_only_what_was_asked_in_vain_is_asked_again() -> None:
    assert found(unknown(AVAILABILITY, State.FAILED), unknown(LATENCY)).failed == "availability: failed."
    assert found(measured(AVAILABILITY, 1), unknown(LATENCY, State.FAILED)).failed is None
    assert found(unknown(AVAILABILITY), unknown(LATENCY)).failed is None


@pytest.mark.parametrize("coverage", [None, 0.3])
def test_where_little_of_the_window_is_covered_nobody_says_what_is_left(coverage: float | None) -> None:
    one = measured(AVAILABILITY, 57, coverage=coverage, hour=1)
    note = note_of(Noted.RESOLVED, PAYMENT, found(one, counts=((AVAILABILITY, counted(100, 5)),)))
    assert note.left is None
    assert note.burn is not None
    assert note.covered == coverage
    assert note.costs == (Cost(source=Source.REQUESTS, bad=5, share=None),)


def test_what_is_partly_covered_is_noted_with_its_coverage() -> None:
    note = note_of(Noted.DECLARED, PAYMENT, found(measured(AVAILABILITY, 57, coverage=0.6)))
    assert note.left is not None
    assert note.covered == 0.6
    assert note_of(Noted.DECLARED, PAYMENT, found(measured(AVAILABILITY, 57, coverage=0.97))).covered is None


def test_what_it_cost_is_told_of_each_thing_that_is_counted_where_it_is_known_exactly() -> None:
    of = (measured(AVAILABILITY, 57), measured(LATENCY, 10))
    counts = (
        (AVAILABILITY, counted(5000, 12)),
        (LATENCY, Counts(total=5000, bad=Span(least=1, most=20))),
    )
    [cost] = found(*of, counts=counts).costs
    assert (cost.source, cost.bad) == (Source.REQUESTS, 12)
    assert cost.share == pytest.approx(0.12)


def test_of_objectives_that_count_the_same_the_dearest_is_told() -> None:
    errors = replace(AVAILABILITY, sli=Sli.ERROR_RATE, target=0.999)
    of = (measured(errors, 57), measured(AVAILABILITY, 57))
    counts = ((errors, counted(5000, 12)), (AVAILABILITY, counted(5000, 12)))
    [cost] = found(*of, counts=counts).costs
    assert cost.share == pytest.approx(0.12)
