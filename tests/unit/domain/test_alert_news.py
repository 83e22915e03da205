"""Whatever order news of alerts arrive in, and however often: the same comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alert import Alert
from bot.domain.alert_news import LATE_WITHIN, changes
from tests.support.builders import an_alert
from tests.support.clock import MONDAY_NOON

Rows = dict[tuple[str, datetime], Alert]


def at(minute: int) -> datetime:
    return MONDAY_NOON + timedelta(minutes=minute)


def firing(since: int, fingerprint: str = "f1") -> Alert:
    return an_alert(fingerprint=fingerprint, starts_at=at(since))


def over(since: int, until: int, fingerprint: str = "f1") -> Alert:
    return replace(firing(since, fingerprint), ends_at=at(until))


def heard(news: Iterable[Sequence[Alert]], *, now: int = 9, live: bool = False) -> Rows:
    """The rows that come of news, one after the other."""
    rows: Rows = {}
    for told in news:
        for alert in changes(rows.values(), told, at(now), live=live):
            rows[alert.fingerprint, alert.starts_at] = alert
    return rows


def ends(rows: Rows) -> dict[int, int | None]:
    return {
        (one.starts_at - MONDAY_NOON) // timedelta(minutes=1): None
        if one.ends_at is None
        else (one.ends_at - MONDAY_NOON) // timedelta(minutes=1)
        for one in rows.values()
    }


def test_the_same_news_again_change_nothing() -> None:
    rows = heard([[firing(0), over(1, 2, "f2")]])
    assert changes(rows.values(), [firing(0), over(1, 2, "f2")], at(9)) == ()


def test_what_an_alert_says_may_change_while_it_fires() -> None:
    said = replace(firing(0), annotations={"summary": "now 7 %"}, seen_at=at(3))
    (changed,) = changes([firing(0)], [said], at(3))
    assert changed == replace(said, seen_at=firing(0).seen_at)


def test_a_firing_that_comes_after_its_end_is_late() -> None:
    assert ends(heard([[over(0, 5)], [firing(0)]])) == {0: 5}


def test_a_firing_that_comes_long_after_its_end_fires_again() -> None:
    long_after = 5 + LATE_WITHIN // timedelta(minutes=1) + 1
    assert ends(heard([[over(0, 5)], [firing(0)]], now=long_after)) == {0: None}


def test_a_firing_that_was_looked_at_is_never_late() -> None:
    assert ends(heard([[over(0, 5)], [firing(0)]], live=True)) == {0: None}


def test_a_later_firing_ends_the_earlier_one_whose_end_was_never_told() -> None:
    assert ends(heard([[firing(0)], [firing(4)]])) == {0: 4, 4: None}


def test_an_earlier_firing_does_not_fire_beside_a_later_one() -> None:
    assert ends(heard([[firing(4)], [firing(0)], [firing(0)]])) == {0: 4, 4: None}


def test_an_end_is_that_of_the_alert_though_its_beginning_was_moved() -> None:
    """Two Prometheus servers tell of one alert; Alertmanager takes the earlier beginning of both."""
    assert ends(heard([[firing(2)], [firing(1)], [over(1, 6)]])) == {1: 2, 2: 6}


def test_an_end_leaves_alone_what_began_after_it() -> None:
    assert ends(heard([[firing(6)], [over(1, 3)]])) == {1: 3, 6: None}


@st.composite
def histories(draw: st.DrawFn) -> list[Alert]:
    """What is told of an alert that fires up to three times; of some firings no end is told."""
    news: list[Alert] = []
    fingerprint, minute = draw(st.sampled_from(["f1", "f2", "f3"])), 0
    for _ in range(draw(st.integers(1, 3))):
        since = minute + draw(st.integers(1, 2))
        minute = since + draw(st.integers(0, 1))
        news.append(firing(since, fingerprint))
        if draw(st.booleans()):
            news.append(over(since, minute, fingerprint))
    return news


@given(data=st.data(), history=histories(), other=histories())
def test_any_order_and_any_repetition_make_the_same_rows(
    data: st.DataObject, history: list[Alert], other: list[Alert]
) -> None:
    told = [[one] for one in history + [each for each in other if each.fingerprint != history[0].fingerprint]]
    again = data.draw(st.lists(st.sampled_from(told), max_size=4))
    shuffled = data.draw(st.permutations(told + again))
    assert heard(shuffled) == heard(told)


@given(data=st.data(), history=histories())
def test_news_of_several_alerts_are_as_good_as_one_by_one(data: st.DataObject, history: list[Alert]) -> None:
    cut = data.draw(st.integers(0, len(history)))
    assert heard([history[:cut], history[cut:]]) == heard([[one] for one in history])
