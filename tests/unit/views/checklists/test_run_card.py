from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alert_card import LinkedIncident
from bot.domain.checklist import Whose
from bot.domain.checklists.card import RunCard
from bot.domain.checklists.finding import failed
from bot.domain.checklists.run import RunState
from bot.domain.evidence import Judgement
from bot.views.checklists.buttons import DONE, SOLVED, decode
from bot.views.checklists.card import run_card
from tests.support.cards import ANA, KIM
from tests.support.goldens import check_golden
from tests.support.run_cards import (
    ANSWERS,
    BOARD,
    DOWN,
    HEALTH,
    RATE,
    RUN_ID,
    a_problem,
    a_run,
    a_run_card,
    done,
    earlier,
    found,
    later,
    not_applicable,
    with_problem,
)

NEW_YORK = ZoneInfo("America/New_York")
WHY = "#security-incidents is public: no details are posted here. Make it private."

POSTED = a_run_card()
WORKED_ON = a_run_card(
    a_run(
        items=(not_applicable(BOARD), replace(ANSWERS, owner=ANA, since=later(-72 * 60)), done(HEALTH)),
        owner=KIM,
    )
)
PROBLEMS = a_run_card(
    a_run(items=(with_problem(BOARD, a_problem(incident="i1")), ANSWERS, done(HEALTH))),
    earlier=(earlier(),),
    incidents={
        "i1": LinkedIncident(label="P2 #42", is_open=True, url="https://acme.slack.com/archives/C1/p1")
    },
)
SOLVED_ONE = a_problem(closed_by=KIM, closed_at=later(30), how="a second node took over")
OVER = a_run_card(
    a_run(
        state=RunState.DONE,
        items=(with_problem(BOARD, SOLVED_ONE), done(ANSWERS), done(HEALTH, KIM)),
        closed_at=later(40),
    )
)
CARRIED = a_run_card(
    a_run(state=RunState.CARRIED, items=(done(BOARD), ANSWERS, HEALTH), closed_at=later(24 * 60))
)


def words(shown: RunCard, **more: Any) -> str:
    return str(run_card(shown, zone=NEW_YORK, **more).blocks)


def accessories(shown: RunCard) -> list[tuple[str, int | None]]:
    blocks = run_card(shown).blocks
    pressed = [decode(block["accessory"]["value"]) for block in blocks if "accessory" in block]
    assert {one.run for one in pressed} <= {RUN_ID}
    return [(one.action, one.position) for one in pressed]


def labels(shown: RunCard) -> list[str]:
    rows = [block["elements"] for block in run_card(shown).blocks if block["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row if one["type"] == "button"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("run-posted", POSTED),
        ("run-worked-on", WORKED_ON),
        ("run-problems", PROBLEMS),
        ("run-done", OVER),
        ("run-carried", CARRIED),
        ("run-late", a_run_card(a_run(late=True, begun_at=later(145), evidence_at=None))),
        ("run-asked", a_run_card(a_run(asked_by=ANA, occurrence="asked/1"), runbook=None)),
    ],
)
def test_a_run_is_as_it_was_last_looked_at(name: str, shown: RunCard) -> None:
    check_golden(name, run_card(shown, zone=NEW_YORK))


def test_every_open_item_is_checked_off_beside_it_and_settled_ones_need_nobody() -> None:
    assert accessories(POSTED) == [(DONE, 1), (DONE, 2), (DONE, 3)]
    assert accessories(WORKED_ON) == [(DONE, 2)]


def test_an_open_problem_is_solved_beside_it_also_when_the_run_is_over() -> None:
    over = replace(PROBLEMS, run=replace(PROBLEMS.run, state=RunState.MISSED))

    assert accessories(PROBLEMS) == [(SOLVED, 1), (DONE, 2)]
    assert accessories(over) == [(SOLVED, 1)]


def test_two_buttons_are_seen_and_what_is_over_has_none() -> None:
    assert labels(POSTED) == ["Take it", "Problem…"]
    assert labels(CARRIED) == []


def test_the_notification_says_how_much_until_when_and_what_is_not_fine() -> None:
    text = run_card(POSTED, zone=NEW_YORK).text

    assert text.startswith("Health Check, Mon 30 Nov (C12): 0 of 3 done, due 17:00 EST, whoever takes it.")
    assert "1 value is not fine: Failed requests by service of payment 0.31 %" in text
    assert "open: 1 Open Platform Overview and Infrastructure Status, 2 Every service answers" in text


def test_what_could_not_be_seen_says_why_and_stops_nothing() -> None:
    unread = found(DOWN, Judgement.UNKNOWN, failed="Prometheus did not answer in 10 s.")
    shown = a_run_card(a_run(items=(replace(ANSWERS, found=(unread,)),)))

    assert "⚪ *Not known* · Targets that are down: Prometheus did not answer in 10 s." in words(shown)
    assert "1 not known" in run_card(shown).text


def test_evidence_that_is_still_looked_up_is_announced() -> None:
    shown = a_run_card(a_run(items=(replace(ANSWERS, found=()),), evidence_at=None))

    assert "Evidence follows" in words(shown)
    assert "Evidence" not in words(a_run_card(a_run(items=(BOARD,), evidence_at=None)))


def test_whose_it_is_that_nobody_has_is_said() -> None:
    assert "whoever takes it" in words(POSTED)
    assert "whoever is on call" in words(replace(POSTED, whose=Whose.ON_CALL))
    assert "*Kim Larsen, Ana Ortiz*" in words(WORKED_ON), "and who has items of it"


def test_late_and_off_schedule_are_said() -> None:
    late = words(a_run_card(a_run(late=True, begun_at=later(145))))

    assert "Posted at" in late
    assert "opsbot was not running at <" in late
    assert "not running <" in words(a_run_card(a_run(late=True, begun_at=later(25 * 60))))
    assert "Off schedule, asked for by Ana Ortiz" in words(a_run_card(a_run(asked_by=ANA)))


def test_what_was_done_late_says_so() -> None:
    run = replace(OVER.run, closed_at=OVER.run.due_at + timedelta(minutes=1))

    assert "*Done, late*" in words(replace(OVER, run=run))
    assert "done, late" in run_card(replace(OVER, run=run)).text


def test_a_run_without_a_next_one_does_not_promise_one() -> None:
    assert "Next:" in words(OVER)
    assert "Next:" not in words(replace(OVER, next_at=None))
    assert "Next:" not in words(POSTED)


def test_where_outsiders_read_there_are_items_and_nothing_that_people_wrote_or_that_was_found() -> None:
    items = (with_problem(BOARD), replace(ANSWERS, owner=ANA), not_applicable(HEALTH))
    shown = a_run_card(a_run(items=items, owner=KIM, security=True), earlier=(earlier(),))

    card = run_card(shown, redacted=WHY, zone=NEW_YORK)

    check_golden("run-redacted", card)
    told = str(card.to_json())
    assert "Every service answers" in told
    secrets = ("Payment", "payment", "Ana", "Kim", "Lee", "Disk", "moved", "Targets", "0.31")
    assert not any(secret in told for secret in secrets)


def test_forty_items_with_long_titles_and_much_evidence_are_all_there_and_fit() -> None:
    many = tuple(
        replace(ANSWERS, position=n, title=f"{n} {'very long ' * 30}", found=ANSWERS.found * 4)
        for n in range(1, 41)
    )
    card = run_card(a_run_card(a_run(items=many), earlier=(earlier(),) * 30), zone=NEW_YORK)

    assert len([block for block in card.blocks if "accessory" in block]) == 40
    assert card.blocks[-2]["type"] == "actions"
    assert "4 not fine, 4 not judged, 4 fine" in str(card.blocks)


def test_more_items_than_a_message_holds_are_named_where_they_are() -> None:
    many = tuple(replace(BOARD, position=n) for n in range(1, 90))
    card = run_card(a_run_card(a_run(items=many)))

    assert len(card.blocks) <= 50
    assert "`/checklist show C12` has all of it" in str(card.blocks)
    assert card.blocks[-2]["type"] == "actions"


def test_whether_anything_needs_somebody_is_seen_at_the_top() -> None:
    fine = a_run_card(a_run(items=(replace(ANSWERS, found=ANSWERS.found[:1]),)))
    bare = a_run_card(a_run(items=(replace(ANSWERS, found=ANSWERS.found[1:2]),)))

    assert "🟠 *1 not fine*" in words(POSTED)
    assert "🟢 all fine" in words(fine)
    assert "fine" not in words(bare)


def test_what_is_not_known_stands_at_the_top_beside_what_is_not_fine_and_is_never_fine() -> None:
    unread = failed(RATE, later(0), "Prometheus did not understand the query.")
    broken = a_run_card(a_run(items=(replace(ANSWERS, found=(ANSWERS.found[0], unread)),)))
    both = a_run_card(a_run(items=(replace(ANSWERS, found=(*ANSWERS.found, unread)),)))

    assert RATE.fine is None
    assert "⚪ *1 not known*" in words(broken)
    assert f"⚪ *Not known* · {RATE.title}: Prometheus did not understand the query." in words(broken)
    assert "all fine" not in words(broken)
    assert "🟠 *1 not fine* · ⚪ *1 not known* · due" in words(both)


def test_what_is_done_in_spite_of_what_was_not_fine_says_so_on_its_line() -> None:
    spec = ANSWERS.evidence[0]
    bad = replace(ANSWERS, found=(found(spec, Judgement.NOT_FINE),))
    fine = replace(ANSWERS, found=(found(spec, Judgement.FINE),))

    for settle in (done, not_applicable):
        assert words(a_run_card(a_run(items=(settle(bad), BOARD)))).count("· 🟠 was not fine") == 1
        assert "was" not in words(a_run_card(a_run(items=(settle(fine), BOARD))))
