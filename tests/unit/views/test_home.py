from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.checklist import Cadence
from bot.domain.checklists.run import RunState
from bot.domain.home import (
    MOST_ALERTS,
    MOST_CALLS,
    MOST_CHECKS,
    MOST_FOUND,
    MOST_INCIDENTS,
    MOST_ITEMS,
    MOST_MINE,
    MOST_PROBLEMS,
    MOST_REVIEWS,
    MOST_RUNS,
    HomeAlerts,
    HomeCall,
    HomeComing,
    HomeTab,
)
from bot.domain.incident import Status
from bot.domain.severity import Severity
from bot.sandbox.slack.limits import check_view
from bot.views.blocks import message, section
from bot.views.checklists.buttons import DONE, TAKE, Pressed, decode
from bot.views.home.buttons import TAKE_RUN, check_button
from bot.views.home.reading import asking, not_done, reading
from bot.views.home.tab import home_view
from bot.views.incident import decode_target
from bot.views.inputs import View
from bot.views.markup import Markup
from bot.views.replies import refusal
from bot.views.slo.overview import overview_message
from tests.support.builders import NEW_YORK
from tests.support.goldens import check_home_golden
from tests.support.home_tabs import (
    NOW,
    a_check,
    a_full_tab,
    a_problem,
    a_review,
    a_tab,
    an_alert,
    an_item,
    an_open_one,
    of_mine,
    taken,
)
from tests.support.slack_limits import check_home, text_objects, tokens
from tests.unit.views.slo.test_slo_views import STATES
from tests.unit.views.test_any_text import texts

SLOS = (STATES["spent"], STATES["ok"], replace(STATES["ok"], report=None, trouble="Prometheus is away."))
MEANT = ("!date^", "https://example.slack.com/")


def words_of(view: View) -> str:
    return "\n".join(text["text"] for text in text_objects(view["blocks"]))


def buttons_of(view: View) -> list[dict[str, Any]]:
    found = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return found + [
        one for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]
    ]


def test_a_calm_tab() -> None:
    check_home_golden("home-calm", home_view(a_tab(measures=True, slos=SLOS[1:2]), zone=NEW_YORK))


def test_a_tab_with_something_of_everything() -> None:
    check_home_golden("home-full", home_view(a_full_tab(measures=True, slos=SLOS), zone=NEW_YORK))


def test_a_guests_tab_has_no_button_that_changes_anything() -> None:
    view = home_view(a_full_tab(may_act=False), zone=NEW_YORK)
    check_home_golden("home-guest", view)
    assert [button["text"]["text"] for button in buttons_of(view)] == ["Checklists", "SLOs", "Alerts"]


def test_the_first_incident_that_waits_stands_out() -> None:
    waiting = (an_open_one(1), an_open_one(2), taken(3))
    view = home_view(a_tab(incidents=waiting, incidents_in_all=3), zone=NEW_YORK)
    offered = [one for one in buttons_of(view) if one["text"]["text"] == "Acknowledge"]
    assert [one.get("style") for one in offered] == ["primary", None]
    assert [decode_target(one["value"]).id for one in offered] == ["i1", "i2"]


def test_what_nobody_has_taken_comes_before_what_is_mine() -> None:
    words = words_of(home_view(a_full_tab(), zone=NEW_YORK))
    assert words.index("open incidents") < words.index("wait for you")
    calm = words_of(home_view(a_full_tab(incidents=(taken(),)), zone=NEW_YORK))
    assert calm.index("wait for you") < calm.index("open incidents")


def test_a_review_of_which_nothing_is_shown_says_how_much_is_to_do() -> None:
    words = words_of(home_view(a_tab(reviews=(of_mine(12, in_all=4),), checks_in_all=4), zone=NEW_YORK))
    assert "Health Check C12>* · due" in words
    assert " · 4 to do" in words
    assert "more on its card" not in words


def test_a_bar_has_a_box_for_each_item_as_the_cards() -> None:
    words = words_of(home_view(a_tab(runs=(a_review(settled=2, items=3),), runs_in_all=1), zone=NEW_YORK))
    assert "▰▰▱ *" in words


def test_what_is_overdue_reads_as_elsewhere_and_days_have_no_year() -> None:
    late = a_tab(
        reviews=(of_mine(12, a_check(), overdue=True),),
        items=(an_item(late=True),),
        runs=(a_review(overdue=True),),
        problems=(a_problem(),),
        problems_in_all=1,
        checks_in_all=1,
    )
    words = words_of(home_view(late, zone=NEW_YORK))
    assert words.count("⏰ was due") == 3
    assert "⚠️ was due" not in words
    assert "⏰ was due by Thu 19 Mar\n" in f"{words}\n"
    assert "since Mon 9 Mar ·" in words


def test_a_problem_that_is_mine_waits_for_me() -> None:
    view = home_view(a_tab(found=(a_problem(),), found_in_all=7), zone=NEW_YORK)
    words = words_of(view)
    assert "7 things wait for you" in words
    assert words.index("wait for you") < words.index("The backup of payment") < words.index("No incident")
    assert "and 6 more problems that you follow" in words


def test_what_is_too_much_is_counted() -> None:
    view = home_view(a_tab(items=(an_item(),), items_in_all=9, incidents_in_all=30), zone=NEW_YORK)
    assert "9 things wait for you" in words_of(view)
    assert "and 8 more action items" in words_of(view)
    assert "and 30 more less urgent ones" in words_of(view)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (RunState.DONE, "✅ Done"),
        (RunState.MISSED, "⛔ Missed"),
        (RunState.CARRIED, "➡️ Carried over"),
        (RunState.SKIPPED, "⏭️ Skipped"),
    ],
)
def test_a_review_that_is_over_says_how_it_ended(state: RunState, word: str) -> None:
    view = home_view(a_tab(runs=(a_review(state=state),), runs_in_all=1), zone=NEW_YORK)
    assert f"{word}: " in words_of(view), "as on its card"
    assert " · 2 of 5 done" in words_of(view)


def test_a_review_that_was_done_late_says_so() -> None:
    late = a_review(state=RunState.DONE, late=True)
    assert "✅ Done, late: " in words_of(home_view(a_tab(runs=(late,), runs_in_all=1), zone=NEW_YORK))


def test_where_there_are_no_numbers_one_line_says_why() -> None:
    away = tuple(replace(one, report=None, trouble="Prometheus is away.") for one in SLOS)
    assert words_of(home_view(a_tab(measures=True, slos=away), zone=NEW_YORK)).count("is away") == 1
    assert "has not answered yet" in words_of(home_view(a_tab(measures=True), zone=NEW_YORK))


def test_a_checks_button_says_which_item_of_which_run() -> None:
    assert decode(check_button(of_mine(12), a_check(3))["value"]) == Pressed(
        action=DONE, run="r12", position=3
    )


def test_a_review_that_nobody_has_can_be_taken_there() -> None:
    runs = (a_review(1), a_review(2, free=True))
    [*_, taken_there] = [
        one for one in buttons_of(home_view(a_tab(runs=runs), zone=NEW_YORK)) if one["action_id"] == TAKE_RUN
    ]
    assert decode(taken_there["value"]) == Pressed(action=TAKE, run="r2")
    assert TAKE_RUN not in str(home_view(a_tab(runs=runs, may_act=False), zone=NEW_YORK))


def test_what_is_only_read_has_no_buttons() -> None:
    shown = overview_message(SLOS, zone=NEW_YORK)
    assert any(block["type"] == "actions" for block in shown.blocks)
    for view in (reading("SLOs", shown), asking("SLOs"), not_done(refusal("No."))):
        check_view(view)
        assert not buttons_of(view)
    assert reading("Empty", message(Markup("Nothing."), []))["blocks"] == [section(Markup("Nothing."))]


@st.composite
def tabs(draw: st.DrawFn) -> HomeTab:
    text, some, number = draw(texts), draw(st.booleans()), draw(st.integers(0, 10**6))
    none = draw(st.none() | texts)
    url = draw(st.sampled_from([None, "https://example.slack.com/archives/C1/p2"]))
    status, severity = draw(st.sampled_from(Status)), draw(st.sampled_from(Severity))
    incident = an_open_one(
        title=none,
        service=none,
        status=status,
        severity=severity,
        drill=some,
        taken_by=none,
        mine=(text,) * 9,
        url=url,
    )
    run = a_review(
        title=text, label=text, free=some, state=draw(st.sampled_from(RunState)), owner=none, url=url
    )
    return HomeTab(
        user=text,
        at=NOW,
        may_act=some,
        mine=(incident,) * MOST_MINE,
        mine_in_all=number,
        reviews=(
            of_mine(12, *(a_check(1, text),) * MOST_CHECKS, title=text, overdue=some, url=url),
            *(of_mine(13, title=text, in_all=number, url=url),) * (MOST_REVIEWS - 1),
        ),
        reviews_in_all=number,
        checks_in_all=number,
        found=(a_problem(text=none, item=text, incident=none, owner=none, url=url),) * MOST_FOUND,
        found_in_all=number,
        items=(an_item(text=none, incident=text, late=some),) * MOST_ITEMS,
        items_in_all=number,
        incidents=(incident,) * MOST_INCIDENTS,
        incidents_in_all=number,
        alerts=HomeAlerts(count=number, worst=(an_alert(title=none, service=none, url=url),) * MOST_ALERTS),
        runs=(run,) * MOST_RUNS,
        runs_in_all=number,
        coming=(HomeComing(title=text, cadence=Cadence.WEEKLY, at=NOW),) * draw(st.integers(0, 40)),
        calls=(HomeCall(label="PG3", caller=text, tier=text, reason=text, since=NOW, url=url),) * MOST_CALLS,
        calls_in_all=number,
        problems=(a_problem(text=none, item=text, incident=none, owner=none, url=url),) * MOST_PROBLEMS,
        problems_in_all=number,
        measures=some,
        slos=tuple(STATES.values())[: draw(st.integers(0, 20))],
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tabs())
def test_any_tab_is_one_that_slack_takes_and_that_does_nothing(tab: HomeTab) -> None:
    view = home_view(tab, zone=NEW_YORK)
    check_home(view)
    check_view(view, kind="home")
    assert all(token.startswith(MEANT) for token in tokens({"text": "", **view}))
    assert isinstance(tab.digest, str)
