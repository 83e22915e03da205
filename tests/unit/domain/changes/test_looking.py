"""How a service does around a change: numbers never nicer than they are, and what got worse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes.change import ChangeState
from bot.domain.changes.health import HealthLine, Trend
from bot.domain.changes.looking import (
    LONGEST,
    SHORTEST,
    after_length,
    before_length,
    lines_of,
    looked_before,
    looked_for,
    looked_since,
    trend,
    worse_of,
)
from bot.domain.event import EventKind
from bot.domain.slo.objective import Source, promises
from bot.domain.slo.plan import Of
from bot.domain.slo.reading import Unanswered
from bot.domain.slo.samples import Answer, Sample
from tests.support.builders import ANA, a_change, a_guide, a_plan
from tests.support.clock import MONDAY_NOON

MINUTE = timedelta(minutes=1)
PAYMENT = promises(a_guide())["payment"]
LENGTH = timedelta(minutes=30)


def answer(**numbers: float) -> Answer:
    return Answer(samples=tuple(Sample(labels={"of": of}, value=value) for of, value in numbers.items()))


def histogram(counts: Mapping[str, float]) -> Answer:
    return Answer(
        samples=tuple(
            Sample(labels={"of": of, "le": bound}, value=value)
            for bound, count in counts.items()
            for of, value in ((Of.EVENTS, count), (Of.SAMPLES, 10.0))
        )
    )


def looked(requests: Answer | Unanswered, durations: Answer | Unanswered) -> tuple[HealthLine, ...]:
    by_source = {Source.REQUESTS: requests, Source.DURATION: durations, Source.PROBE: requests}
    asked = looked_for(PAYMENT, LENGTH)
    return lines_of(PAYMENT, LENGTH, {query: by_source[query.source] for query in asked})


FAST = histogram({"0.1": 990.0, "0.2": 1000.0, "+Inf": 1000.0})
SLOW = histogram({"0.1": 100.0, "0.2": 200.0, "10": 900.0, "+Inf": 1000.0})


def line(key: str = "latency", value: float | None = 1.0, *, kept: bool | None = True) -> HealthLine:
    return HealthLine(key=key, title=key, value=value, said=str(value), kept=kept)


def said(lines: tuple[HealthLine, ...]) -> dict[str, tuple[str, bool | None]]:
    return {one.title: (one.said, one.kept) for one in lines}


def test_each_promise_has_a_line_and_the_traffic_one_more() -> None:
    told = said(looked(answer(total=36_000, bad=1), FAST))
    assert told["Availability"] == ("99.99 %", True)
    assert told["p95"][1] is True
    assert told["Requests"] == ("20.0/s", None)


def test_what_fails_too_often_or_is_too_slow_is_not_kept() -> None:
    told = said(looked(answer(total=36_000, bad=3_600), SLOW))
    assert told["Availability"] == ("90.00 %", False)
    assert told["p95"] == ("10.00 s", False)


def test_an_error_among_many_requests_is_told() -> None:
    told = said(looked(answer(total=10_000_000, bad=1), FAST))
    assert told["Availability"] == ("99.99 %", True)
    assert said(looked(answer(total=10, bad=0), FAST))["Availability"] == ("100.00 %", True)


def test_a_few_failures_more_than_promised_may_be_chance() -> None:
    kept = [said(looked(answer(total=36_000, bad=bad), FAST))["Availability"][1] for bad in (3, 4, 11, 12)]
    assert kept == [True, None, None, False]  # of 36,000 requests 3.6 may fail


def test_what_is_not_measured_says_why() -> None:
    nothing = Answer(samples=())
    assert said(looked(nothing, nothing))["p95"] == ("nothing is measured", None)
    assert said(looked(answer(total=0), nothing))["Availability"] == ("no traffic", None)
    late = Unanswered(reason="Prometheus did not answer in time.")
    told = said(looked(late, FAST))
    assert told["Availability"] == (late.reason, None)
    assert told["p95"][1] is True


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (line(value=0.1), line(value=0.14), Trend.SAME),
        (line(value=0.1), line(value=0.3, kept=False), Trend.WORSE),
        (line(value=0.3, kept=False), line(value=0.4, kept=False), Trend.SAME),
        (line(value=0.3, kept=False), line(value=0.6, kept=False), Trend.WORSE),
        (line(value=0.3, kept=False), line(value=0.1), Trend.BETTER),
        (line("availability", 0.98, kept=False), line("availability", 0.99, kept=False), Trend.SAME),
        (line("availability", 0.99, kept=False), line("availability", 0.98, kept=False), Trend.WORSE),
        (None, line(kept=False), Trend.UNKNOWN),
        (line(value=None, kept=None), line(kept=False), Trend.UNKNOWN),
        (line(), line(value=None, kept=None), Trend.UNKNOWN),
        (line("traffic", 20, kept=None), line("traffic", 11, kept=None), Trend.SAME),
        (line("traffic", 20, kept=None), line("traffic", 9, kept=None), Trend.WORSE),
        (line("traffic", 20, kept=None), line("traffic", 90, kept=None), Trend.SAME),
    ],
)
def test_what_became_of_a_number(before: HealthLine | None, after: HealthLine, expected: Trend) -> None:
    assert trend(before, after) is expected


_LINES = st.builds(
    HealthLine,
    key=st.sampled_from(("availability", "error_rate", "latency", "traffic")),
    title=st.text(max_size=5),
    value=st.none() | st.floats(0, 1),
    said=st.text(max_size=5),
    kept=st.none() | st.booleans(),
)


@given(st.lists(_LINES, max_size=4).map(tuple), st.lists(_LINES, max_size=4).map(tuple))
def test_what_got_worse_was_measured_before_and_since(
    before: tuple[HealthLine, ...], after: tuple[HealthLine, ...]
) -> None:
    assert worse_of(before, before) == {} or len({one.key for one in before}) < len(before)
    known = {one.key for one in before if one.value is not None}
    assert worse_of(before, after).keys() <= known & {one.key for one in after if one.value is not None}


@given(st.floats(0, 1), st.integers(1, 10**9))
def test_no_share_is_told_nicer_than_it_is(share: float, total: int) -> None:
    bad = share * total
    told = {one.key: one for one in looked(answer(total=total, bad=bad), FAST)}
    shown = float(told["availability"].said.removesuffix(" %"))
    assert shown <= 100 * (1 - bad / total) + 1e-6


def test_before_it_is_looked_as_long_as_it_takes_and_since_from_its_start() -> None:
    lengths = {minutes: a_change(a_plan(length=minutes * MINUTE)) for minutes in (1, 30, 600)}
    assert {minutes: before_length(one) for minutes, one in lengths.items()} == {
        1: 15 * MINUTE,
        30: 30 * MINUTE,
        600: LONGEST,
    }
    started = a_change(started=MONDAY_NOON)
    spans = [after_length(started, MONDAY_NOON + minutes * MINUTE) for minutes in (0, 3, 20, 500)]
    assert spans == [SHORTEST, SHORTEST, 20 * MINUTE, LONGEST]


def test_what_gets_worse_is_told_once_and_mentions_who_leads_it() -> None:
    change = a_change(state=ChangeState.VALIDATING, started=MONDAY_NOON, lead=ANA)
    change = looked_before(change, looked(answer(total=36_000, bad=0), FAST))
    well, bad = looked(answer(total=36_000, bad=0), FAST), looked(answer(total=36_000, bad=3_600), FAST)
    change, first = looked_since(change, well, final=False)
    assert first is not None
    assert (first.kind, first.told, first.data["worse"]) == (EventKind.CHANGE_HEALTH, False, None)
    change, again = looked_since(change, well, final=False)
    assert again is None
    change, worse = looked_since(change, bad, final=False)
    assert worse is not None
    assert (worse.told, worse.notify_people) == (True, (ANA.id,))
    assert str(worse.data["worse"]).startswith("Availability 90.00 % (was 100.00 %)")
    change, still = looked_since(change, bad, final=False)
    assert still is None
    change, last = looked_since(change, bad, final=True)
    assert last is not None
    assert not last.told
