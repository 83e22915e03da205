"""Windows and freezes are put on the calendar and taken off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.changes import scheduling
from bot.domain.changes.change import ChangeState
from bot.domain.changes.scheduling import Wish
from bot.domain.changes.span import Span, SpanKind
from bot.domain.errors import AlreadyError, DomainError, InvalidError
from bot.domain.event import EventKind
from bot.domain.outcome import Happened
from tests.support.builders import ANA, LEE, a_change, a_guide, a_plan, a_span
from tests.support.clock import MONDAY_NOON as NOW

POLICY = a_guide().changes
HOUR = timedelta(hours=1)
ZONE = a_guide().organization.zone


def a_wish(**changes: Any) -> Wish:
    """A window on the Saturday after this Monday noon, for four hours."""
    starts = changes.get("starts", NOW + timedelta(days=5))
    wish = Wish(kind=SpanKind.WINDOW, title="Database upgrade", starts=starts, ends=starts + 4 * HOUR)
    return replace(wish, **changes)


def put(wish: Wish, *standing: Span, now: datetime = NOW) -> Span:
    return scheduling.put(wish, LEE, now, POLICY, standing, span_id="sp1", channel="platform-alerts")


def test_a_window_is_for_the_first_type_that_waits_for_planned_ones() -> None:
    span = put(a_wish())
    assert (span.change_kind, span.title, span.by) == ("major", "Database upgrade", LEE)


def test_a_window_may_be_for_another_type_that_waits_for_windows() -> None:
    assert put(a_wish(change_kind="standard", title="")).title == "Standard Change window"


def test_a_type_that_may_start_at_any_time_needs_no_window() -> None:
    with pytest.raises(InvalidError, match="may start at any time: no window is needed"):
        put(a_wish(change_kind="emergency"))


def test_a_guide_without_planned_types_asks_for_which_one() -> None:
    policy = replace(POLICY, types={"standard": POLICY.types["standard"]})
    with pytest.raises(InvalidError, match="For which type of change\\? The guide has: `standard`"):
        scheduling.put(a_wish(), LEE, NOW, policy, (), span_id="sp1", channel="ops")


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (a_wish(kind=SpanKind.FREEZE, title=" \n "), "Say why"),
        (a_wish(ends=NOW + timedelta(days=5)), "ends before it begins"),
        (a_wish(ends=NOW + timedelta(days=4)), "ends before it begins"),
        (a_wish(starts=NOW - 5 * HOUR), "past already"),
        (a_wish(starts=NOW - 4 * HOUR), "past already"),
        (a_wish(ends=NOW + timedelta(days=5, seconds=30)), "too short"),
        (a_wish(ends=NOW + timedelta(days=20)), "A window of 15 d is too long: 14 d at most"),
        (a_wish(kind=SpanKind.FREEZE, ends=NOW + timedelta(days=400)), "366 d at most"),
        (a_wish(starts=NOW + timedelta(days=800)), "Is the year right"),
    ],
)
def test_what_makes_no_sense_is_refused(wish: Wish, why: str) -> None:
    with pytest.raises(InvalidError, match=why):
        put(wish)


def test_what_has_begun_begins_now() -> None:
    assert put(a_wish(starts=NOW - HOUR)).starts == NOW


def test_the_same_twice_is_told_by_the_first_ones_label() -> None:
    first = replace(put(a_wish()), number=3)
    with pytest.raises(AlreadyError, match="W3 Database upgrade is just that; Ben put it there"):
        put(a_wish(title="Another word for it"), first)
    assert put(a_wish(service="payment"), first).service == "payment", "of one service it is another"
    assert put(a_wish(), scheduling.take_off(first, LEE, NOW)).is_open, "off the calendar it is none"


def test_a_freeze_until_the_same_instant_is_the_same_though_begun_earlier() -> None:
    wish = a_wish(kind=SpanKind.FREEZE, starts=NOW, title="Sale")
    first = put(wish)
    with pytest.raises(AlreadyError):
        put(replace(wish, starts=NOW + HOUR), first, now=NOW + HOUR)


def test_a_title_is_one_line_and_no_longer_than_is_read() -> None:
    span = put(a_wish(title="a\nb\u202e" + "c" * 400))
    assert span.title.startswith("a bc")
    assert len(span.title) == scheduling.TITLE_MOST


def test_what_is_taken_off_says_by_whom_and_is_so_once() -> None:
    off = scheduling.take_off(a_span(), ANA, NOW)
    assert (off.removed, off.removed_by, off.is_open) == (NOW, ANA, False)
    with pytest.raises(AlreadyError, match="F4 Black Friday is off the calendar already: Ana"):
        scheduling.take_off(off, LEE, NOW)


def test_what_is_over_stays_in_the_history() -> None:
    with pytest.raises(InvalidError, match="is over"):
        scheduling.take_off(a_span(), ANA, NOW + timedelta(days=1))


def test_a_freeze_begins_on_what_runs_and_keeps_out_what_is_planned() -> None:
    freeze = a_span(at=NOW)
    running = a_change(state=ChangeState.DEPLOYING, started=NOW - HOUR)
    elsewhere = a_change(a_plan(service="identity"), id="other", state=ChangeState.DEPLOYING, started=NOW)
    later = a_span(at=NOW, starts=NOW + timedelta(days=3))

    assert scheduling.caught(freeze, [running, elsewhere]) == (running, elsewhere)
    assert scheduling.caught(replace(freeze, service="payment"), [running, elsewhere]) == (running,)
    assert scheduling.caught(later, [running]) == (), "it is over by then"
    assert scheduling.caught(replace(freeze, kind=SpanKind.WINDOW), [running]) == ()

    planned = a_change(a_plan(starts=NOW + HOUR))
    assert scheduling.kept_out(freeze, [planned, a_change(a_plan(starts=freeze.ends))]) == (planned,)
    assert scheduling.kept_out(replace(freeze, kind=SpanKind.WINDOW), [planned]) == ()


def test_a_window_in_a_freeze_is_told_of() -> None:
    window = put(a_wish(starts=NOW + HOUR))
    assert scheduling.frozen_over(window, [a_span()]) == a_span()
    assert scheduling.frozen_over(window, [a_span(service="identity")]) is not None, (
        "that service is meant, too"
    )
    assert scheduling.frozen_over(replace(window, service="payment"), [a_span(service="identity")]) is None
    assert scheduling.frozen_over(a_span(), [a_span()]) is None


def test_entries_say_all_of_it_in_the_guides_clocks() -> None:
    happened = scheduling.added(a_span(at=NOW), ZONE, service=None, kind=None)
    assert happened.kind is EventKind.SPAN_ADDED
    assert happened.data["starts"] == "Mon 12:00 EDT"
    assert happened.data["ends"] == "Tue 12:00 EDT"
    gone = scheduling.removed(a_span())
    assert isinstance(gone, Happened)
    assert gone.told


@pytest.mark.parametrize(
    ("kind", "said", "title"),
    [
        (SpanKind.WINDOW, "sat 22:00 for 4h Database upgrade", "Database upgrade"),
        (SpanKind.FREEZE, "until fri 18:00 Black Friday", "Black Friday"),
    ],
)
def test_a_line_says_when_and_what_for(kind: SpanKind, said: str, title: str) -> None:
    wish = scheduling.read_wish(kind, said, NOW, ZONE, service="payment", change_kind=None)
    assert (wish.title, wish.service) == (title, "payment")
    assert wish.ends > wish.starts >= NOW


def test_a_window_says_when_it_begins() -> None:
    with pytest.raises(DomainError, match="From when"):
        scheduling.read_wish(SpanKind.WINDOW, "for 4h x", NOW, ZONE, service=None, change_kind=None)
