from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.changes.board import ChangeDetails, ChangeList, ListedChange, Which
from bot.domain.changes.change import Change, ChangeState
from bot.views.changes.list import change_list, change_message
from tests.support.changes import (
    APPROVED,
    ASKED,
    DEPLOYING,
    DONE,
    STARTS,
    a_change,
    a_change_card,
    a_plan,
    minutes,
)
from tests.support.goldens import check_golden
from tests.support.slack_limits import check_message, tokens
from tests.unit.views.changes.test_any_change import changes
from tests.unit.views.test_any_text import texts

NEW_YORK = ZoneInfo("America/New_York")
URL = "https://acme.slack.com/archives/C1/p1"


def listed(*some: Change, which: Which = Which.OPEN, **more: object) -> ChangeList:
    rows = tuple(
        ListedChange(change=one, service="Payment Service", kind="Standard Change", url=URL) for one in some
    )
    return ChangeList(now=minutes(5), which=which, changes=rows, **more)  # type: ignore[arg-type]


def numbered(change: Change, number: int, **plan: object) -> Change:
    return replace(change, id=f"id-{number}", number=number, plan=a_plan(**plan))


WAITING = numbered(a_change(needs=2), 14)
LATER = numbered(a_change(), 15, starts=STARTS - timedelta(hours=2))
READY = numbered(APPROVED, 13)
RUNS = numbered(DEPLOYING, 12)


def words(shown: ChangeList) -> str:
    return str(change_list(shown, zone=NEW_YORK).blocks)


def test_the_list_is_as_it_was_last_looked_at() -> None:
    check_golden("change-list", change_list(listed(READY, WAITING, LATER, RUNS), zone=NEW_YORK))


def test_what_is_running_comes_first_then_what_waits_for_approval_by_start() -> None:
    shown = words(listed(READY, WAITING, LATER, RUNS))
    places = [shown.index(f"|{label}>") for label in ("CH12", "CH15", "CH14", "CH13")]
    assert places == sorted(places)
    assert "Running (1)" in shown
    assert "lacks 2 approvals" in shown


def test_what_runs_too_long_says_so() -> None:
    assert "was due" not in words(listed(RUNS))
    assert "⏰ was due" in words(replace(listed(RUNS), now=minutes(60)))


def test_all_are_listed_as_they_come() -> None:
    over = numbered(DONE, 9)
    shown = words(listed(RUNS, over, which=Which.ALL, more=7))
    assert shown.index("CH12") < shown.index("CH9")
    assert "7 more not shown" in shown
    assert "Running (1)" not in shown


def test_an_empty_list_says_of_what() -> None:
    assert "none is running of Payment Service." in words(listed(service="Payment Service"))
    assert "none waits for your approval" in words(listed(which=Which.MINE))


def test_one_change_is_its_card_and_where_that_stands() -> None:
    shown = change_message(ChangeDetails(card=a_change_card(), url=URL), zone=NEW_YORK)
    check_message(shown.to_json())
    assert "Its card: <https://acme.slack.com/archives/C1/p1|CH12>" in str(shown.blocks[-1])
    bare = change_message(ChangeDetails(card=a_change_card()), zone=NEW_YORK)
    assert "Its card" not in str(bare.blocks)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(
    some=st.lists(changes, max_size=3),
    title=texts,
    times=st.integers(1, 30),
    which=st.sampled_from(Which),
    more=st.integers(0, 999),
)
def test_any_list_is_a_message(some: list[Change], title: str, times: int, which: Which, more: int) -> None:
    rows = tuple(ListedChange(change=one, service=title, kind=title) for one in some) * times
    said = change_list(
        ChangeList(now=ASKED, which=which, changes=rows, service=title, more=more), zone=NEW_YORK
    ).to_json()
    check_message(said)
    assert all(token.startswith("!date^") for token in tokens(said))


def test_every_state_has_a_word_of_its_own() -> None:
    states = [numbered(a_change(state=state), n) for n, state in enumerate(ChangeState, 1)]
    check_message(change_list(listed(*states, which=Which.ALL), zone=NEW_YORK).to_json())
