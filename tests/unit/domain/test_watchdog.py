from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.watchdog import DEAF_AFTER, Listening
from tests.support.clock import MONDAY_NOON

WITHIN = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


def test_what_should_have_been_heard_by_now_is_missed() -> None:
    listening = Listening(since=MONDAY_NOON, looked_at=MONDAY_NOON + WITHIN + SECOND)
    assert listening.misses(MONDAY_NOON, WITHIN)
    assert not listening.misses(MONDAY_NOON + SECOND, WITHIN)


def test_nobody_is_missed_by_who_has_only_begun_to_listen() -> None:
    begun = Listening.going_on(None, MONDAY_NOON)
    assert not begun.misses(MONDAY_NOON - timedelta(days=2), WITHIN)
    assert begun.silent_since(MONDAY_NOON - timedelta(days=2)) == MONDAY_NOON


def test_who_was_away_begins_anew() -> None:
    before = Listening(since=MONDAY_NOON, looked_at=MONDAY_NOON)
    on_time = Listening.going_on(before, MONDAY_NOON + DEAF_AFTER)
    assert on_time == Listening(since=MONDAY_NOON, looked_at=MONDAY_NOON + DEAF_AFTER)
    away = Listening.going_on(before, MONDAY_NOON + DEAF_AFTER + SECOND)
    assert away.since == away.looked_at == MONDAY_NOON + DEAF_AFTER + SECOND
    set_back = Listening.going_on(before, MONDAY_NOON - SECOND)
    assert set_back.since == MONDAY_NOON - SECOND


@given(st.lists(st.integers(1, 200), min_size=1, max_size=60), st.integers(0, 4000))
def test_whoever_misses_something_has_listened_for_the_whole_time(gaps: list[int], heard_after: int) -> None:
    """Whatever the looks' rhythm: a miss means `within` without a break, and without a sign."""
    listening, now = None, MONDAY_NOON
    heard_at = MONDAY_NOON + timedelta(seconds=heard_after)
    looks = []
    for gap in gaps:
        now += timedelta(seconds=gap)
        looks.append(now)
        listening = Listening.going_on(listening, now)
        if listening.misses(heard_at, WITHIN):
            assert now - heard_at > WITHIN
            recent = [one for one in looks if one >= now - WITHIN]
            assert all(later - earlier <= DEAF_AFTER for earlier, later in pairwise(recent))
