"""How fast calls go."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lane import LONGEST_SHUT, pace, take
from tests.support.clock import MONDAY_NOON

LANES = [
    "pagerduty/on-call",
    "pagerduty-rest",
    "slack/post/platform-alerts",
    "slack/chat.postMessage",
    "slack/chat.update",
    "slack/files/platform-alerts",
]


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_a_lane_that_was_never_used_is_free() -> None:
    assert take(None, "slack/chat.update", MONDAY_NOON) is not None


def test_a_lane_lets_its_burst_pass_at_once_and_no_more() -> None:
    free_at: datetime | None = None
    for _ in range(pace("slack/post/C1").burst):
        free_at = take(free_at, "slack/post/C1", MONDAY_NOON)
        assert free_at is not None
    assert take(free_at, "slack/post/C1", MONDAY_NOON) is None


def test_after_the_burst_a_lane_takes_one_call_an_interval() -> None:
    free_at: datetime | None = None
    for _ in range(5):
        free_at = take(free_at, "slack/post/C1", MONDAY_NOON)
    assert free_at == MONDAY_NOON + seconds(1)
    assert take(free_at, "slack/post/C1", MONDAY_NOON + seconds(1)) == MONDAY_NOON + seconds(2)


def test_a_lane_that_rests_saves_up_no_more_than_its_burst() -> None:
    rested = MONDAY_NOON + timedelta(hours=1)
    free_at = take(None, "slack/post/C1", MONDAY_NOON)
    passed = 0
    while (taken := take(free_at, "slack/post/C1", rested)) is not None:
        free_at, passed = taken, passed + 1
    assert passed == 5


def test_a_lane_that_is_blocked_takes_nothing_until_then() -> None:
    until = MONDAY_NOON + seconds(30)
    assert take(until, "slack/chat.update", until - timedelta(milliseconds=1)) is None
    assert take(until, "slack/chat.update", until) is not None


def test_a_lane_that_a_clock_set_back_since_has_shut_is_free() -> None:
    ahead = MONDAY_NOON + LONGEST_SHUT + timedelta(milliseconds=1)
    new = take(None, "slack/post/C1", MONDAY_NOON)
    assert take(ahead, "slack/post/C1", MONDAY_NOON) == new
    assert take(MONDAY_NOON + LONGEST_SHUT, "slack/post/C1", MONDAY_NOON) is None


@given(st.sampled_from(LANES), st.lists(st.integers(0, 3000), min_size=1, max_size=120))
def test_no_span_of_time_sees_more_calls_than_the_burst_and_its_intervals(
    lane: str, waits: list[int]
) -> None:
    its, now = pace(lane), MONDAY_NOON
    free_at: datetime | None = None
    calls: list[datetime] = []
    for wait in waits:
        now += timedelta(milliseconds=wait)
        taken = take(free_at, lane, now)
        if taken is not None:
            free_at = taken
            calls.append(now)
    for first, start in enumerate(calls):
        for last in range(first, len(calls)):
            allowed = its.burst + (calls[last] - start) / its.interval
            assert last - first + 1 <= allowed + 1e-6


def test_pagerdutys_and_slacks_limits_are_kept() -> None:
    minute = timedelta(minutes=1)
    most = {lane: pace(lane).burst + minute / pace(lane).interval for lane in LANES}
    assert most["pagerduty/on-call"] <= 120.001
    assert most["pagerduty-rest"] <= 960
    assert pace("slack/chat.update").interval >= minute / 50


def test_every_channel_and_routing_key_has_the_pace_of_its_kind() -> None:
    assert pace("slack/post/C1") == pace("slack/post/C2") != pace("slack/chat.postMessage")
    assert pace("pagerduty/on-call") == pace("pagerduty/director") != pace("pagerduty-rest")


@pytest.mark.parametrize("lane", ["", "teams/post"])
def test_a_lane_that_nobody_knows_goes_carefully(lane: str) -> None:
    assert (pace(lane).interval, pace(lane).burst) == (seconds(1), 5)
