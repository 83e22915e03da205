from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.alert_listing import SignOfLife
from bot.domain.change_policy import ChangePolicy
from bot.domain.changes.change import Approval, Change, ChangeState, Override
from bot.domain.changes.gate import BudgetNews, GateAnswer, Ground, News, Verdict, Weight
from bot.domain.changes.gate_grounds import BUDGETS_LAST
from bot.domain.changes.gate_look import PLATFORM_TITLE
from bot.domain.changes.gating import GateAsked, Known, gate
from bot.domain.changes.span import Span
from bot.domain.changes.windows import Calendar
from bot.domain.slo.gate import Permission
from bot.domain.slo.objective import PLATFORM
from tests.support.builders import NEW_YORK
from tests.support.cards import ANA
from tests.support.changes import (
    CLOSES,
    EMERGENCY,
    MAJOR,
    PHASES,
    STANDARD,
    STARTS,
    a_change,
    a_plan,
)
from tests.support.windows import DAY, MINUTE, a_span, a_window

NOW = STARTS + 10 * MINUTE
BEN = Actor(id="U2", name="Ben")
ASKED = GateAsked(service="payment", kind="standard")
POLICY = ChangePolicy(
    types={
        "standard": replace(STANDARD, windows=(a_window(1, "14:00", "16:00"), a_window(3, "14:00", "16:00"))),
        "major": MAJOR,
        "emergency": EMERGENCY,
        "free": replace(EMERGENCY, key="free", title="Free Change", approvals=0),
    },
    phases=PHASES,
)
TITLES = {"payment": "Payment Service", "catalog": "Catalog Service"}


def an_approval(by: Actor = BEN, **changes: Any) -> Approval:
    approval = Approval(by=by, at=NOW - MINUTE, revision=1, expires=NOW + 7 * DAY)
    return replace(approval, **changes)


TESTED = a_change(state=ChangeState.TESTING, approvals=(an_approval(),))
APPROVED = replace(TESTED, state=ChangeState.APPROVED)
RUNNING = replace(TESTED, state=ChangeState.DEPLOYING, started=STARTS, window_closes=CLOSES)
OTHER = replace(RUNNING, id="other", number=9, plan=a_plan(title="New index"))


def news(permission: Permission = Permission.SHIP, age: timedelta = MINUTE, **changes: Any) -> BudgetNews:
    told = BudgetNews(service="payment", permission=permission, said="40 % left", at=NOW - age)
    return replace(told, **changes)


def known(*spans: Span, **changes: Any) -> Known:
    """All is well, and CH12 is ready."""
    all_well = Known(
        policy=POLICY,
        calendar=Calendar(zone=NEW_YORK, is_holiday=lambda _day: False, spans=spans),
        titles=TITLES,
        promised=("payment",),
        budgets={"payment": news()},
        standing=(TESTED,),
        news=(News(of="Prometheus", at=NOW - MINUTE),),
    )
    return replace(all_well, **changes)


def texts(answer: GateAnswer, *weights: Weight) -> list[str]:
    return [one.text for one in answer.reasons if not weights or one.weight in weights]


# --- a yes, and what it rests on ---


def test_where_all_is_well_the_gate_is_open_and_says_why() -> None:
    answer = gate(ASKED, known(), NOW)
    assert (answer.verdict, answer.change, answer.opens) == (Verdict.ALLOW, "CH12", None)
    assert texts(answer) == [
        "CH12 is approved by Ben",
        "CH12 has been taken to testing",
        "The window of Standard Change is open until Tue 16:00 EDT",
        "No P0 or P1 incident or paging alert of Payment Service is open",
        "The error budget of Payment Service: 40 % left",
    ]
    assert answer.news == (News(of="Prometheus", at=NOW - MINUTE),)
    assert answer.against == ()


@pytest.mark.parametrize(
    "override", [None, Override(by=BEN, at=STARTS, reason="now", against=("x",), grounds=(Ground.WINDOW,))]
)
def test_what_is_being_taken_back_goes_no_further(override: Override | None) -> None:
    back = replace(RUNNING, state=ChangeState.ROLLING_BACK, override=override)
    for kind in ("standard", "emergency"):
        change = replace(back, plan=replace(back.plan, kind=kind))
        answer = gate(replace(ASKED, kind=kind), known(standing=(change,)), NOW)
        assert (answer.verdict, answer.change) == (Verdict.DENY, "CH12")
        assert "CH12 is being rolled back: nothing more of it goes on" in texts(answer, Weight.DENIES)


def test_what_is_secret_may_be_about_anything_which_is_no_yes() -> None:
    secret = ("Security incident 7, P0", "Security alert A3, P1")
    answer = gate(ASKED, known(hidden=secret), NOW)
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.against == (
        "Whether Security incident 7, P0 is about Payment Service is not told here",
        "Whether Security alert A3, P1 is about Payment Service is not told here",
    )
    assert not any("No P0 or P1" in text for text in texts(answer))
    mending = gate(GateAsked(service="payment", kind="free"), known(hidden=secret, standing=()), NOW)
    assert mending.verdict is Verdict.ALLOW


def test_while_monitoring_is_silent_nobody_knows_of_alerts() -> None:
    fresh, old = (SignOfLife(at=NOW - age * MINUTE, overdue=age > 5) for age in (1, 7))
    assert gate(ASKED, known(monitoring=fresh), NOW).verdict is Verdict.ALLOW
    answer = gate(ASKED, known(monitoring=old), NOW)
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.against == (
        "Whether an alert of Payment Service fires is not known: Alertmanager was heard 7 min ago",
    )
    assert not any("No P0 or P1" in text for text in texts(answer))


# --- one thing against it at a time, told with all that is for it ---


FREEZE = a_span(STARTS, DAY)
AGAINST: tuple[tuple[Ground, Verdict, str, Known], ...] = (
    (
        Ground.WINDOW,
        Verdict.DENY,
        "It is outside the windows of Standard Change: the next one opens Thu 14:00 EDT",
        known(),
    ),
    (Ground.FREEZE, Verdict.DENY, "Freeze F4 “Black Friday” lasts until Wed 14:00 EDT", known(FREEZE)),
    (
        Ground.APPROVAL,
        Verdict.DENY,
        "There is no approved change of Payment Service (standard)",
        known(standing=()),
    ),
    (
        Ground.APPROVAL,
        Verdict.DENY,
        "There is no approved change of Payment Service (standard): CH12 lacks approvals",
        known(standing=(a_change(),)),
    ),
    (
        Ground.PHASE,
        Verdict.DENY,
        "CH12 has not been tested: `/change next CH12`",
        known(standing=(APPROVED,)),
    ),
    (Ground.INCIDENT, Verdict.DENY, "#42 P0 is open", known(obstacles=("#42 P0",))),
    (
        Ground.BUDGET,
        Verdict.DENY,
        "The error budget of Payment Service: all spent",
        known(budgets={"payment": news(Permission.HOLD, said="all spent")}),
    ),
    (
        Ground.BUDGET,
        Verdict.DENY,
        "Payment Service: the error budget is overdrawn by 85 %",
        known(budgets={"payment": news(Permission.HOLD, said="the error budget is overdrawn by 85 %")}),
    ),
    (
        Ground.BUDGET,
        Verdict.UNKNOWN,
        "The error budget of Payment Service is not known: too little data",
        known(budgets={"payment": news(Permission.UNKNOWN, said="too little data")}),
    ),
    (
        Ground.BUDGET,
        Verdict.UNKNOWN,
        "The error budget of Payment Service is not known: Prometheus was heard 11 min ago (then: 40 % left)",
        known(budgets={"payment": news(age=BUDGETS_LAST + MINUTE)}),
    ),
    (
        Ground.BUDGET,
        Verdict.UNKNOWN,
        "The error budget of Payment Service is not known: Prometheus has not been heard yet",
        known(budgets={}),
    ),
    (
        Ground.BUDGET,
        Verdict.UNKNOWN,
        "The error budget of Payment Service is not known: Prometheus was heard by another clock (then: 9 %)",
        known(budgets={"payment": news(age=-DAY, said="9 %")}),
    ),
    (
        Ground.OVERLAP,
        Verdict.DENY,
        "CH9 “New index” of Payment Service is running",
        known(others=(OTHER,), standing=(TESTED,)),
    ),
    (
        Ground.OVERLAP,
        Verdict.DENY,
        "CH9 “New index” of the platform is running",
        known(others=(replace(OTHER, plan=a_plan(title="New index", service=None)),)),
    ),
)


@pytest.mark.parametrize(("ground", "verdict", "text", "state"), AGAINST)
def test_one_thing_against_it_is_enough(ground: Ground, verdict: Verdict, text: str, state: Known) -> None:
    now = CLOSES + MINUTE if ground is Ground.WINDOW else NOW
    fresh = {key: replace(one, at=one.at + (now - NOW)) for key, one in state.budgets.items()}
    answer = gate(ASKED, replace(state, budgets=fresh), now)
    [reason] = [one for one in answer.reasons if one.weight in {Weight.DENIES, Weight.UNKNOWN}]
    assert (answer.verdict, reason.ground, reason.text) == (verdict, ground, text)
    assert answer.against == (text,)
    assert answer.reasons[0] == reason


def test_everything_against_it_is_told_at_once() -> None:
    state = known(
        a_span(CLOSES, DAY),
        standing=(),
        obstacles=("#42 P0", "A7 HighErrorRate"),
        others=(OTHER,),
        budgets={},
    )
    answer = gate(ASKED, state, CLOSES)
    assert [one.ground for one in answer.reasons] == [
        Ground.APPROVAL,
        Ground.WINDOW,
        Ground.FREEZE,
        Ground.INCIDENT,
        Ground.INCIDENT,
        Ground.OVERLAP,
        Ground.BUDGET,
    ]
    assert answer.verdict is Verdict.DENY
    assert answer.opens == STARTS + 2 * DAY


def test_every_freeze_that_is_on_is_told() -> None:
    short, longer = a_span(STARTS, timedelta(minutes=30)), a_span(STARTS - DAY, 2 * DAY, number=2, id="f2")
    answer = gate(ASKED, known(short, longer), STARTS)
    told = [one for one in answer.reasons if one.ground is Ground.FREEZE]
    assert [one.until for one in told] == [longer.ends, short.ends]
    assert all(one.weight is Weight.DENIES for one in told)


def test_it_opens_when_window_and_freeze_both_allow_it() -> None:
    freeze = a_span(STARTS, timedelta(hours=1))
    assert gate(ASKED, known(freeze), NOW).opens == STARTS + timedelta(hours=1)
    assert gate(ASKED, known(freeze, obstacles=("#42 P0",)), NOW).opens == STARTS + timedelta(hours=1)


# --- what only warns ---


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (known(measures=False), "Error budgets are not looked at: PROMETHEUS_URL is not set"),
        (
            known(promised=()),
            "The error budget of Payment Service is not looked at: no promise of it is measured",
        ),
        (
            known(budgets={"payment": news(Permission.CAUTION, said="only 8 % left")}),
            "The error budget of Payment Service: only 8 % left",
        ),
        (
            known(standing=(replace(TESTED, plan=a_plan(length=timedelta(hours=3))),)),
            "It takes 3 h, and the window closes Tue 16:00 EDT",
        ),
        (
            known(a_span(STARTS + 20 * MINUTE)),
            "Freeze F4 “Black Friday” begins Tue 14:20 EDT, before it would be over",
        ),
    ],
)
def test_some_things_only_warn(state: Known, text: str) -> None:
    answer = gate(ASKED, state, NOW)
    assert texts(answer, Weight.WARNS) == [text]
    assert answer.verdict is Verdict.ALLOW


def test_an_emergency_is_stopped_by_a_missing_approval_alone() -> None:
    ready = replace(APPROVED, plan=a_plan(kind="emergency"))
    state = known(FREEZE, standing=(ready,), obstacles=("#42 P0",), others=(OTHER,), budgets={})
    answer = gate(GateAsked(service="payment", kind="emergency"), state, NOW + 5 * DAY)
    assert answer.verdict is Verdict.ALLOW
    assert len(texts(answer, Weight.WARNS)) == 4
    assert gate(GateAsked(service="payment", kind="emergency"), replace(state, standing=()), NOW).against == (
        "There is no approved change of Payment Service (emergency)",
    )
    assert answer.opens is None


def test_what_needs_no_approval_needs_no_change() -> None:
    answer = gate(GateAsked(service="payment", kind="free"), known(standing=()), NOW)
    assert (answer.verdict, answer.change) == (Verdict.ALLOW, None)


# --- which change stands for it ---


def test_the_running_change_stands_before_the_approved_one() -> None:
    assert gate(ASKED, known(standing=(TESTED, replace(RUNNING, id="r", number=8))), NOW).change == "CH8"


def test_of_approved_ones_the_one_planned_nearest_to_now_stands() -> None:
    later = replace(TESTED, id="later", number=13, plan=a_plan(starts=NOW + 2 * DAY))
    earlier = replace(TESTED, id="earlier", number=11, plan=a_plan(starts=NOW - DAY))
    assert gate(ASKED, known(standing=(later, earlier)), NOW).change == "CH11"


def test_one_whose_approvals_have_expired_does_not_stand() -> None:
    expired = replace(TESTED, approvals=(an_approval(expires=NOW),))
    assert gate(ASKED, known(standing=(expired,)), NOW).change is None


def test_of_a_change_that_is_named_its_own_state_is_told() -> None:
    def answer(change: Change) -> tuple[str, ...]:
        return gate(replace(ASKED, change=change), known(standing=()), NOW).against

    assert answer(TESTED) == ()
    assert answer(a_change(needs=2)) == (
        "CH12 lacks 2 approvals: `/change approve CH12`",
        "CH12 has not been tested",
    )
    edited = replace(TESTED, revision=2)
    assert answer(edited) == ("CH12 lacks 1 approval: `/change approve CH12`",)
    assert answer(replace(TESTED, state=ChangeState.ROLLED_BACK)) == ("CH12 is over: rolled back",)
    assert answer(replace(TESTED, needs=0, approvals=())) == ()


def test_a_type_that_the_guide_has_no_more_is_denied() -> None:
    gone = GateAsked(service="payment", kind="gone", change=RUNNING)
    assert gate(gone, known(), NOW).against == ("The guide has no type of change `gone` now",)


# --- while it is running ---


def test_a_running_change_was_let_through_and_its_windows_end_is_told() -> None:
    state = known(standing=(replace(RUNNING, approvals=()),), others=(RUNNING,))
    answer = gate(ASKED, state, NOW)
    assert answer.verdict is Verdict.ALLOW
    whose = "CH12 is running, and this is the answer for it; for another change: no"
    assert texts(answer, Weight.WARNS) == [whose, "The window of CH12 closes Tue 16:00 EDT"]
    fresh = {"payment": news(at=CLOSES)}
    late = gate(ASKED, replace(state, budgets=fresh), CLOSES + MINUTE)
    assert late.verdict is Verdict.ALLOW
    assert texts(late, Weight.WARNS) == [whose, "The window of CH12 closed Tue 16:00 EDT"]
    named = gate(replace(ASKED, change=RUNNING), state, NOW)
    assert texts(named, Weight.WARNS) == ["The window of CH12 closes Tue 16:00 EDT"]


def test_of_an_emergency_that_is_running_it_is_not_said_that_another_one_may_not() -> None:
    running = replace(RUNNING, plan=a_plan(kind="emergency"))
    answer = gate(replace(ASKED, kind="emergency"), known(standing=(running,)), NOW)
    whose = "CH12 is running, and this is the answer for it; ask for another one by its number"
    assert whose in texts(answer, Weight.WARNS)


@pytest.mark.parametrize("kind", ["standard", "free"])
@pytest.mark.parametrize("standing", [(), (TESTED,), (RUNNING,)])
def test_where_one_has_to_be_named_no_change_stands_for_it(kind: str, standing: tuple[Change, ...]) -> None:
    asked = replace(ASKED, kind=kind, must_name=True)
    answer = gate(asked, known(standing=standing), NOW)
    assert (answer.verdict, answer.change) == (Verdict.DENY, None)
    assert "No change is named, and one has to be: ask for it by its number, as CH12" in answer.against
    assert gate(replace(ASKED, change=TESTED, must_name=True), known(), NOW).verdict is Verdict.ALLOW


def test_what_begins_while_it_is_running_stops_it() -> None:
    state = known(FREEZE, standing=(RUNNING,), obstacles=("#42 P0",))
    assert gate(ASKED, state, NOW).verdict is Verdict.DENY


def test_who_overrides_the_gate_is_told_and_what_was_against_it_warns() -> None:
    override = Override(
        by=ANA,
        at=STARTS,
        reason="it ends #42",
        against=("#42 P0 is open",),
        grounds=(Ground.FREEZE, Ground.INCIDENT, Ground.BUDGET, Ground.OVERLAP),
    )
    running = replace(RUNNING, override=override)
    state = known(FREEZE, standing=(running,), obstacles=("#42 P0",), budgets={}, others=(OTHER,))
    answer = gate(ASKED, state, NOW)
    assert answer.verdict is Verdict.ALLOW
    assert f"{ANA.name} has overridden the gate for CH12: it ends #42" in texts(answer, Weight.SUPPORTS)
    assert len(texts(answer, Weight.WARNS)) == 6
    over = replace(running, state=ChangeState.DONE)
    assert gate(replace(ASKED, change=over), state, NOW).verdict is Verdict.DENY


@given(grounds=st.sets(st.sampled_from((Ground.FREEZE, Ground.INCIDENT, Ground.BUDGET, Ground.OVERLAP))))
def test_an_override_holds_for_the_grounds_that_the_gate_had_then_and_for_no_later_one(
    grounds: set[Ground],
) -> None:
    override = Override(by=ANA, at=STARTS, reason="now", against=("Outside",), grounds=(*grounds,))
    running = replace(RUNNING, override=override)
    state = known(FREEZE, standing=(running,), obstacles=("#42 P0",), budgets={}, others=(OTHER,))
    answer = gate(ASKED, state, NOW)
    later = {Ground.FREEZE, Ground.INCIDENT, Ground.BUDGET, Ground.OVERLAP} - grounds
    assert set(answer.grounds_against) == later
    assert answer.verdict is (
        Verdict.ALLOW if not later else Verdict.UNKNOWN if later == {Ground.BUDGET} else Verdict.DENY
    )


# --- the platform ---

WHOLE = replace(ASKED, service=None)


def test_the_platform_is_asked_for_all_budgets_and_the_bad_ones_are_told() -> None:
    of_it = replace(TESTED, plan=a_plan(service=None))
    budgets = {
        "payment": news(),
        "catalog": news(Permission.HOLD, service="catalog", said="all spent"),
        PLATFORM: news(service=PLATFORM),
    }
    state = known(standing=(of_it,), promised=(PLATFORM, "payment", "catalog"), budgets=budgets)
    assert gate(WHOLE, state, NOW).against == ("The error budget of Catalog Service: all spent",)
    fine = {**budgets, "catalog": news(service="catalog")}
    answer = gate(WHOLE, replace(state, budgets=fine), NOW)
    assert answer.verdict is Verdict.ALLOW
    assert "All 3 error budgets have enough left" in texts(answer)
    assert f"No P0 or P1 incident or paging alert of {PLATFORM_TITLE} is open" in texts(answer)


def test_any_running_change_overlaps_one_of_the_platform() -> None:
    of_it = replace(TESTED, plan=a_plan(service=None))
    state = known(standing=(of_it,), promised=(), others=(replace(OTHER, plan=a_plan(service="catalog")),))
    assert gate(WHOLE, state, NOW).verdict is Verdict.DENY


# --- never a yes where anything is missing ---

BAD: tuple[dict[str, Any], ...] = (
    {"standing": ()},
    {"standing": (APPROVED,)},
    {"standing": (a_change(),)},
    {"obstacles": ("#42 P0",)},
    {"others": (OTHER,)},
    {"budgets": {}},
    {"budgets": {"payment": news(Permission.HOLD)}},
    {"budgets": {"payment": news(Permission.UNKNOWN)}},
    {"budgets": {"payment": news(age=DAY)}},
)
CALENDARS = (
    known().calendar,
    known(FREEZE).calendar,
    Calendar(zone=NEW_YORK, is_holiday=lambda _day: True),
)


def test_in_thousands_of_states_a_standard_change_is_let_through_only_where_nothing_is_wrong() -> None:
    """Every pair of failing parts with every calendar, at every hour of a day."""
    asked = 0
    for first, second, calendar in product(({}, *BAD), ({}, *BAD), CALENDARS):
        for hour in range(0, 24, 2):
            now = NOW + timedelta(hours=hour)
            state = replace(known(calendar=calendar), **{**first, **second})
            fresh = {key: replace(one, at=one.at + (now - NOW)) for key, one in state.budgets.items()}
            answer = gate(ASKED, replace(state, budgets=fresh), now)
            is_well = not first and not second and calendar is CALENDARS[0] and now < CLOSES
            assert (answer.verdict is Verdict.ALLOW) == is_well
            assert bool(answer.against) == (not is_well)
            asked += 1
    assert asked > 3000


STATES = st.fixed_dictionaries(
    {
        "standing": st.sampled_from(
            [(), (TESTED,), (APPROVED,), (RUNNING,), (a_change(),), (replace(RUNNING, id="x"), TESTED)]
        ),
        "obstacles": st.sampled_from([(), ("#42 P0",)]),
        "others": st.lists(st.sampled_from([OTHER, RUNNING]), max_size=2, unique=True).map(tuple),
        "promised": st.sampled_from([(), ("payment",), ("payment", "catalog")]),
        "measures": st.booleans(),
        "budgets": st.dictionaries(
            st.sampled_from(["payment", "catalog"]),
            st.builds(
                news, st.sampled_from(Permission), st.integers(-30, 30).map(lambda count: count * MINUTE)
            ),
        ),
        "calendar": st.sampled_from(CALENDARS),
    }
)


@given(STATES, st.sampled_from([*POLICY.types, "gone"]), st.integers(0, 2000))
def test_in_any_state_unknown_is_never_a_yes_and_a_no_has_a_reason(
    state: dict[str, Any], kind: str, later: int
) -> None:
    asked = replace(ASKED, kind=kind)
    answer = gate(asked, replace(known(), **state), NOW + later * MINUTE)
    weights = {one.weight for one in answer.reasons}
    assert answer.reasons
    assert (answer.verdict is Verdict.ALLOW) == (not weights & {Weight.DENIES, Weight.UNKNOWN})
    assert (answer.verdict is Verdict.UNKNOWN) == (Weight.UNKNOWN in weights and Weight.DENIES not in weights)
    assert all(one.text for one in answer.reasons)
    if answer.verdict is Verdict.ALLOW and kind in {"standard", "major"}:
        assert not state["obstacles"]
        assert answer.change is not None
