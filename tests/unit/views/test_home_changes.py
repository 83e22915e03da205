"""What a Home tab says of changes: four lines at most."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes.change import ChangeState
from bot.domain.home import HomeChange, HomeChanges
from bot.views.home.changes import change_lines
from bot.views.home.tab import home_view
from tests.support.builders import NEW_YORK
from tests.support.home_tabs import NOW, a_changing_day, a_tab
from tests.support.slack_limits import check_home, tokens
from tests.unit.views.test_any_text import texts

HOUR = timedelta(hours=1)
FAR = NOW + timedelta(days=2)
NO_DAY: dict[str, object] = {"today": (), "in_all": 0}


def lines(changes: HomeChanges) -> list[str]:
    return list(change_lines(changes, a_tab(), NEW_YORK))


def test_the_window_and_the_first_changes_of_today_are_told_in_four_lines() -> None:
    window, first, _, last = lines(a_changing_day())
    assert window.startswith("▫️ *Standard Change* may start next from ")
    assert first.startswith(
        "🚀 *<https://example.slack.com/archives/C1/p2|CH12>* · New checkout · Payment Service"
    )
    assert last.endswith("approved · and 2 more: `/change calendar`")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (HomeChanges(kind="Standard Change", until=NOW + HOUR), "🟢 *Standard Change* may start until"),
        (HomeChanges(kind="Standard Change", opens=FAR), "may start next from"),
        (HomeChanges(kind="Major Change"), "▫️ *Major Change*: no window is planned"),
        (HomeChanges(kind="Quick", anytime=True), "🟢 *Quick* may start at any time"),
        (HomeChanges(kind="Quick", freeze="F4 Sale", frozen_until=FAR, opens=FAR), "F4 Sale; *Quick* opens"),
        (HomeChanges(kind="Quick", anytime=True, freeze="F4 Sale", frozen_until=FAR), "🧊 Frozen until"),
    ],
)
def test_the_window_says_whether_something_may_start(changes: HomeChanges, said: str) -> None:
    [line] = lines(changes)
    assert said in line


@given(title=texts, service=texts, kind=texts, freeze=texts | st.none(), state=st.sampled_from(ChangeState))
def test_whatever_people_write_is_inert_there(
    title: str, service: str, kind: str, freeze: str | None, state: ChangeState
) -> None:
    change = HomeChange(label="CH1", title=title * 9, service=service, state=state, at=NOW)
    day = HomeChanges(
        kind=kind, freeze=freeze, frozen_until=FAR if freeze else None, today=(change,) * 3, in_all=3
    )
    view = home_view(a_tab(changes=day), zone=NEW_YORK)
    check_home(view)
    assert all(one.startswith("!date^") for one in tokens({"text": "", **view}))
