"""Who is on call in the sandbox while somebody tries it out."""

from __future__ import annotations

import pytest

from bot.sandbox.pagerduty.people import ANA, LEE, MONDAY_MORNING, WEEK_SECONDS, rotating

DAY = 24 * 3600 * 1000
WEEK = WEEK_SECONDS * 1000


@pytest.mark.parametrize("day", range(0, 400, 3))
def test_whoever_begins_meets_ana_for_a_week_and_lee_after_that(day: int) -> None:
    now = MONDAY_MORNING + day * DAY + 1
    on_call = rotating(now)[0]
    assert [on_call.at_level(1, now + ahead) for ahead in (0, 3 * DAY, WEEK - 2)] == [(ANA,)] * 3
    assert on_call.at_level(1, now + 2 * WEEK) == (LEE,)
