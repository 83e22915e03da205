from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.actor import Actor
from bot.domain.change_policy import Phase
from bot.domain.changes.card import ChangeCard
from bot.domain.changes.change import Change, ChangeState, Hook, HookState, Override, Risk
from bot.domain.changes.gate import Ground
from bot.domain.changes.health import HealthLine
from bot.views.changes import buttons
from bot.views.changes.buttons import decode
from bot.views.changes.card import change_card
from bot.views.markup import NOTHING
from tests.support.cards import ANA, KIM
from tests.support.changes import (
    APPROVED,
    ASKED,
    CHANGE,
    CLOSES,
    DEPLOYING,
    DONE,
    EMERGENCY,
    OPEN,
    OUTSIDE,
    ROLLING_BACK,
    STARTS,
    SUSPECT,
    TESTING,
    VALIDATING,
    a_change,
    a_change_card,
    a_phase,
    a_plan,
    approved_by,
    minutes,
)
from tests.support.goldens import check_golden

NEW_YORK = ZoneInfo("America/New_York")
REQUESTED = a_change_card(gate=OUTSIDE, in_window=True)
OVERRIDE = Override(
    by=ANA,
    at=minutes(2),
    reason="customers cannot pay",
    against=("P0 #41 is open", "It is late"),
    grounds=(Ground.INCIDENT, Ground.WINDOW),
)


def words(card: ChangeCard) -> str:
    return str(change_card(card, zone=NEW_YORK).blocks)


def at(change: Change, count: float, **more: Any) -> ChangeCard:
    return a_change_card(change, now=minutes(count), **more)


def row(card: ChangeCard) -> list[dict[str, Any]]:
    (elements,) = [one["elements"] for one in change_card(card).blocks if one["type"] == "actions"]
    return list(elements)


def seen(card: ChangeCard) -> list[str]:
    return [one["text"]["text"] for one in row(card) if one["type"] == "button"]


def menu(card: ChangeCard) -> list[str]:
    return [option["text"]["text"] for one in row(card) if "options" in one for option in one["options"]]


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("requested", REQUESTED),
        ("testing", at(TESTING, -1, gate=OPEN, in_window=True)),
        ("deploying", at(DEPLOYING, 5, webhook="deployer")),
        ("validating", at(replace(VALIDATING, override=OVERRIDE), 16, suspects=(SUSPECT,))),
        ("rolling-back", at(ROLLING_BACK, 19)),
        ("done", at(DONE, 30)),
    ],
)
def test_the_card_is_as_it_was_last_looked_at(name: str, card: ChangeCard) -> None:
    check_golden(f"change-{name}", change_card(card, zone=NEW_YORK))


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        (REQUESTED, ["Approve", "Reject…"]),
        (at(APPROVED, -30), ["Testing begins"]),
        (at(APPROVED, -30, kind=EMERGENCY), ["Start"]),
        (at(APPROVED, -30, kind=None), ["Testing begins"]),
        (at(TESTING, -1), ["Start"]),
        (at(DEPLOYING, 5), ["Deployed → validate", "Roll back…"]),
        (at(VALIDATING, 15), ["Done", "Roll back…"]),
        (at(ROLLING_BACK, 20), ["Rolled back"]),
        (at(DONE, 30), []),
        (at(DONE, 30, may_undo_until=minutes(59)), ["Roll back…"]),
        (at(replace(APPROVED, state=ChangeState.CANCELLED), 1), []),
    ],
)
def test_what_is_done_next_is_seen(card: ChangeCard, expected: list[str]) -> None:
    assert seen(card) == expected
    assert len(expected) <= 2


def test_everything_else_is_in_the_menu() -> None:
    assert menu(REQUESTED) == ["Read all", "Note…", "Edit…", "Cancel…", "Ask the gate"]
    assert menu(at(DEPLOYING, 5)) == ["Read all", "Note…"]
    assert menu(at(replace(APPROVED, state=ChangeState.REJECTED), 1)) == ["Read all"]


def test_the_gate_can_be_overridden_where_nothing_else_is_missing() -> None:
    assert "Override the gate…" in menu(at(TESTING, -30, gate=OUTSIDE))
    assert "Override the gate…" in menu(at(APPROVED, -30, gate=OUTSIDE, kind=EMERGENCY))
    assert "Override the gate…" not in menu(at(APPROVED, -30, gate=OUTSIDE))
    assert "Override the gate…" not in menu(at(TESTING, -1, gate=OPEN))


def test_every_button_says_of_which_change_and_plan_it_is() -> None:
    card = a_change_card(a_change(revision=3))
    values = [one["value"] for one in row(card) if "value" in one]
    values += [option["value"] for one in row(card) if "options" in one for option in one["options"]]
    assert {(decode(one).change, decode(one).revision) for one in values} == {(CHANGE, 3)}
    assert all(one["action_id"] == decode(one["value"]).action for one in row(card) if "value" in one)


def test_starting_asks_first_and_says_what_the_gate_had_against_it() -> None:
    (start,) = [one for one in row(at(TESTING, -30, gate=OUTSIDE)) if one["action_id"] == buttons.START]
    assert "outside the windows" in start["confirm"]["text"]["text"]
    (start,) = [one for one in row(at(TESTING, -30, gate=OPEN)) if one["action_id"] == buttons.START]
    assert "nothing against it" in start["confirm"]["text"]["text"]


def test_what_is_still_to_be_approved_is_counted_by_this_plan() -> None:
    earlier = approved_by(KIM)
    card = a_change_card(a_change(needs=2, revision=2, approvals=(earlier,)))
    assert "*2 approvals* by others than Ana Ortiz" in words(card)
    assert "0 of 2" in words(card)
    again = a_change_card(a_change(needs=2, approvals=(earlier,)), now=ASKED + timedelta(hours=1))
    assert "1 of 2: Kim Larsen" in words(again)


def test_all_who_have_written_the_plan_are_named() -> None:
    people = [Actor(id=f"U{one}", name=one) for one in ("Lee", "Kim", "Bo", "Cy")]
    cards = [a_change_card(a_change(editors=tuple(people[:count]))) for count in (1, 2, 4)]
    said = [words(card) for card in cards]
    assert "by others than Ana Ortiz and Lee\\n" in said[0]
    assert "by others than Ana Ortiz, Lee and Kim\\n" in said[1]
    assert "by others than Ana Ortiz, Lee, Kim, Bo and 1 more\\n" in said[2]


def test_a_start_outside_the_window_is_said_where_it_is_planned() -> None:
    assert "in its window" in words(REQUESTED)
    assert "outside its window" in words(replace(REQUESTED, in_window=False))
    assert "outside its window" in change_card(replace(REQUESTED, in_window=False)).text
    assert "its window*" not in words(replace(REQUESTED, in_window=None, gate=None))


def test_what_is_to_be_done_next_waits_for_the_gate() -> None:
    shut = replace(OUTSIDE, opens=minutes(60))
    assert "Next: start it when the gate opens, " in words(at(TESTING, 5, gate=shut))
    assert "then start it when the gate opens, " in words(at(APPROVED, -30, gate=shut))
    assert "Next: start it once the gate lets it" in words(at(TESTING, 5, gate=replace(OUTSIDE, opens=None)))
    assert "Next: start it now" in words(at(TESTING, 5, gate=OPEN))
    untested = replace(OUTSIDE, opens=None, reasons=OUTSIDE.reasons[1:])
    assert "then start it now" in words(at(APPROVED, 5, gate=untested))


def test_only_what_has_ended_well_is_ticked() -> None:
    back = words(at(ROLLING_BACK, 19))
    assert "✅ *Deployment*" in back
    assert "⏹️ *Validation* · broken off" in back
    off = (*DEPLOYING.phases[:2], a_phase(Phase.DEPLOYMENT, minutes(2), minutes(9)))
    early = replace(ROLLING_BACK, phases=(*off, a_phase(Phase.ROLLBACK, minutes(9))))
    assert "⏹️ *Deployment* · broken off" in words(at(early, 10))
    for state in (ChangeState.ROLLING_BACK, ChangeState.ROLLED_BACK):
        assert "▫️ Validation" not in words(at(replace(early, state=state), 10))
    later = replace(ROLLING_BACK, phases=(*DONE.phases, a_phase(Phase.ROLLBACK, minutes(40))))
    assert "✅ *Validation*" in words(at(later, 41))


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (ChangeState.REJECTED, "rejected"),
        (ChangeState.CANCELLED, "called off"),
        (ChangeState.EXPIRED, "never started"),
    ],
)
def test_what_was_called_off_has_not_ended_well(state: ChangeState, word: str) -> None:
    planned = replace(APPROVED, state=state, phases=(a_phase(Phase.PLANNING, ASKED, minutes(-40)),))
    assert f"⏹️ *Planning* · {word}" in words(at(planned, 1))
    tested = replace(
        TESTING, state=state, phases=(planned.phases[0], a_phase(Phase.TESTING, minutes(-40), minutes(0)))
    )
    shown = words(at(tested, 1))
    assert "✅ *Planning*" in shown
    assert f"⏹️ *Testing* · {word}" in shown


def test_what_the_gate_says_of_approvals_is_said_once() -> None:
    shown = words(REQUESTED)
    assert "It is outside the windows" in shown
    assert "lacks 1 approval" not in shown
    assert "No P0 or P1" not in shown
    assert "🟢 lets it start" in words(at(TESTING, -1, gate=OPEN))


def test_one_that_runs_too_long_says_when_it_was_due() -> None:
    assert "was due" not in words(at(DEPLOYING, 5))
    assert "⏰ *was due*" in words(at(DEPLOYING, 40))
    assert replace(DEPLOYING, plan=a_plan(length=timedelta(hours=5))).due == CLOSES


def test_an_override_and_what_broke_meanwhile_stand_at_the_top() -> None:
    card = at(replace(DEPLOYING, override=OVERRIDE), 8, suspects=(SUSPECT,))
    shown = change_card(card, zone=NEW_YORK)
    told = shown.blocks[2]["text"]["text"]
    assert "Started against the gate" in told
    assert "customers cannot pay" in told
    assert "It had said: P0 #41 is open; It is late" in told
    assert "payments fail, 4 min after the start" in told
    assert "started against the gate" in shown.text
    assert "broke meanwhile: P1 #42 payments fail" in shown.text


def test_no_more_than_five_that_broke_are_named() -> None:
    assert "+3 more broke meanwhile" in words(at(DEPLOYING, 8, suspects=(SUSPECT,) * 8))


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        (None, "rolled back by hand"),
        (Hook(key="deployer", state=HookState.ASKED, at=minutes(18)), "is being asked to roll it back"),
        (Hook(key="deployer", state=HookState.TAKEN, at=minutes(18), said="job 7"), "rolls it back: job 7"),
        (
            Hook(key="deployer", state=HookState.FAILED, at=minutes(18), said="503"),
            "503. By hand, as planned",
        ),
    ],
)
def test_who_takes_it_back_is_said(hook: Hook | None, expected: str) -> None:
    assert expected in words(at(replace(ROLLING_BACK, hook=hook), 19))


def test_one_that_was_finished_by_hand_says_that_its_webhook_had_not_answered() -> None:
    hook = Hook(key="deployer", state=HookState.FAILED, at=minutes(18), said="it had not taken it")
    shown = words(at(replace(ROLLING_BACK, state=ChangeState.ROLLED_BACK, hook=hook), 19))
    assert "It was rolled back by hand. Webhook deployer did not: it had not taken it" in shown
    assert "as planned" not in shown


def test_what_a_webhook_has_taken_back_is_told_as_past_once_it_is_back() -> None:
    taken = Hook(key="deployer", state=HookState.TAKEN, at=minutes(18), said="job 7")
    shown = words(at(replace(ROLLING_BACK, state=ChangeState.ROLLED_BACK, hook=taken), 19))
    assert "Webhook deployer took it back: job 7" in shown


def test_nobody_is_asked_to_do_by_hand_what_a_webhook_does() -> None:
    taken = Hook(key="deployer", state=HookState.TAKEN, at=minutes(18))
    by_hand = "Next: roll it back as planned"
    assert by_hand not in words(at(replace(ROLLING_BACK, hook=taken), 19))
    assert by_hand in words(at(replace(ROLLING_BACK, hook=replace(taken, state=HookState.FAILED)), 19))


def test_how_it_is_taken_back_is_whole_while_it_is_taken_back() -> None:
    long = "\n".join(f"{n}. step {n} of the way back" for n in range(40))
    change = replace(ROLLING_BACK, plan=a_plan(rollback=long))
    assert "39. step 39" in words(at(change, 19))
    assert "39. step 39" not in words(at(replace(DEPLOYING, plan=a_plan(rollback=long)), 5))


def test_phases_that_are_over_say_who_and_what_was_noted() -> None:
    shown = words(at(DEPLOYING, 5))
    assert "✅ *Testing*" in shown
    assert "staging is green" in shown
    assert "▶️ *Deployment*" in shown
    assert "▫️ Validation" in shown
    assert "Rollback*  helm" in shown
    assert "▫️ Validation · Rollback" not in shown


def test_an_emergency_that_was_not_tested_says_so() -> None:
    planning = a_phase(Phase.PLANNING, ASKED, STARTS)
    change = replace(DEPLOYING, phases=(planning, a_phase(Phase.DEPLOYMENT, STARTS)))
    assert "⚠️ *Testing* · not tested" in words(at(change, 5, kind=EMERGENCY))


def test_health_stands_before_and_since() -> None:
    shown = words(at(VALIDATING, 16))
    assert "🟠 Availability: 99.98 % → *99.10 %* · worse" in shown
    assert "⚪ Latency p95: 120 ms → *not measured yet*" in shown
    trouble = replace(VALIDATING, before=(), after=(), health_trouble="Prometheus cannot be asked")
    assert "⚪ Prometheus cannot be asked" in words(at(trouble, 16))


def test_a_type_that_the_guide_has_no_more_is_named_by_its_key() -> None:
    assert "CH12 standard · Payment Service" in words(a_change_card(kind=None))


def test_how_it_ended_says_who_when_and_why() -> None:
    over = replace(
        APPROVED, state=ChangeState.REJECTED, closed=STARTS, closed_by=KIM, reason="not before the sale"
    )
    assert "Rejected* by *Kim Larsen*" in words(at(over, 1))
    assert "not before the sale" in words(at(over, 1))
    assert "after 27 min" in words(at(DONE, 30))


def test_high_risk_and_overlaps_are_said() -> None:
    card = a_change_card(a_change(plan=a_plan(risk=Risk.HIGH)), overlaps=("CH9", "CH10"))
    assert "🟠 high risk" in words(card)
    assert "At the same time: CH9, CH10" in words(card)


def test_all_of_it_reads_in_one_line() -> None:
    said = change_card(REQUESTED, zone=NEW_YORK).text
    assert said.startswith(
        "CH12 Standard Change · Payment Service: New checkout flow. waits for 1 approval. "
    )
    assert "planned for 2026-03-10 14:00 EDT, 30 min, medium risk" in said


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (0.99, 0.9999, "🟢 Availability: 99.00 % → *99.99 %* · better"),
        (0.99, 0.9899, "🟠 Availability: 99.00 % → *98.99 %* · not kept before, either"),
        (0.9999, 0.9998, "🟢 Availability: 99.99 % → *99.98 %*"),
        (None, 0.9998, f"⚪ Availability: {NOTHING} → *99.98 %* · not comparable"),
    ],
)
def test_what_became_of_a_number_is_said_in_a_word(before: float | None, after: float, expected: str) -> None:
    def line(value: float) -> HealthLine:
        said = f"{value * 100:.2f} %"
        return HealthLine(
            key="availability", title="Availability", value=value, said=said, kept=value > 0.999
        )

    looked = replace(VALIDATING, before=() if before is None else (line(before),), after=(line(after),))
    assert f"Health before → since*\\n{expected}'" in words(at(looked, 20))


def test_a_phase_of_less_than_a_minute_has_one_time() -> None:
    quick = a_phase(Phase.TESTING, minutes(-40), minutes(-40) + timedelta(seconds=20))
    shown = words(at(replace(DEPLOYING, phases=(quick, a_phase(Phase.DEPLOYMENT, minutes(2)))), 5))
    assert "✅ *Testing* · Ana Ortiz, <!date^1773163200^{time}|13:20 EDT>'" in shown.replace("\\n", "'")
    other = words(at(replace(DEPLOYING, phases=(replace(quick, ended_by=KIM),)), 5))
    assert "Ana Ortiz, then Kim Larsen, " in other


def test_why_it_was_taken_back_is_said_once() -> None:
    noted = a_phase(Phase.VALIDATION, minutes(14), minutes(18), note="errors at 5 %")
    change = replace(ROLLING_BACK, phases=(*DEPLOYING.phases, noted, a_phase(Phase.ROLLBACK, minutes(18))))
    assert words(at(change, 19)).count("errors at 5 %") == 1


def test_what_is_missing_alone_is_said_where_the_gate_has_nothing_else() -> None:
    only = replace(OUTSIDE, reasons=OUTSIDE.reasons[1:2], opens=None)
    assert "🟢 nothing else is against it" in words(replace(REQUESTED, gate=only))
