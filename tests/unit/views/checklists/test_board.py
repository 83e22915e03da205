from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.checklist import Cadence
from bot.domain.checklists.board import (
    CadenceList,
    ListedChecklist,
    ListedProblem,
    ListedRun,
    RunDetails,
    Today,
)
from bot.domain.checklists.card import RunCard
from bot.domain.checklists.run import Run, RunState
from bot.views.checklists.board import (
    cadence_message,
    checklist_message,
    problems_message,
    run_message,
    today_message,
)
from tests.support.cards import ANA
from tests.support.goldens import check_golden
from tests.support.run_cards import (
    ANSWERS,
    BEGUN,
    BOARD,
    HEALTH,
    LEE,
    a_problem,
    a_run,
    a_run_card,
    done,
    later,
    with_problem,
)
from tests.support.slack_limits import check_message
from tests.unit.views.checklists.test_any_run import cards
from tests.unit.views.test_any_text import texts

URL = "https://opsbot.slack.com/archives/C0ALERTS1/p1"
ZONE = ZoneInfo("America/New_York")
OPEN = a_run(items=(done(BOARD), ANSWERS, HEALTH), owner=ANA)
REVIEW = a_run(
    id="r13",
    number=13,
    checklist="alert-review",
    title="Alert Review",
    items=(done(BOARD), with_problem(HEALTH)),
    state=RunState.DONE,
    closed_at=later(30),
)


def listed(run: Run = OPEN, *, hidden: bool = False) -> ListedRun:
    return ListedRun(run=run, title=run.title, url=URL, hidden=hidden)


def a_checklist(newest: ListedRun | None = None) -> ListedChecklist:
    return ListedChecklist(
        key="capacity-review",
        title="Capacity Review",
        purpose="Monitor resource utilization",
        channel="platform-alerts",
        newest=newest,
        next_at=later(90),
    )


def a_found(*, hidden: bool = False) -> ListedProblem:
    return ListedProblem(
        listed=listed(REVIEW, hidden=hidden),
        position=3,
        item=HEALTH.title,
        problem=a_problem(incident="i1"),
        owner="Ana",
        incident="P2 #42",
    )


def test_today() -> None:
    today = Today(
        now=later(45),
        open=(listed(),),
        ahead=(a_checklist(),),
        done=(listed(REVIEW),),
        problems=1,
    )
    check_golden("checklist-today", today_message(today, zone=ZONE))


def test_what_is_overdue_says_so() -> None:
    late = today_message(Today(now=later(600), open=(listed(),)), zone=ZONE)
    assert "⏰ was due" in str(late.blocks)


def test_weekly() -> None:
    shown = CadenceList(
        now=later(45), cadence=Cadence.WEEKLY, checklists=(a_checklist(), a_checklist(listed()))
    )
    check_golden("checklist-weekly", cadence_message(shown, zone=ZONE))
    nothing = cadence_message(CadenceList(now=BEGUN, cadence=Cadence.WEEKLY, checklists=()), zone=ZONE)
    assert nothing.text == "The guide has no weekly reviews."


def test_one_that_is_not_open() -> None:
    check_golden("checklist-next", checklist_message(a_checklist(listed(REVIEW)), later(45), zone=ZONE))


def test_problems() -> None:
    check_golden("checklist-problems", problems_message((a_found(), a_found(hidden=True)), zone=ZONE))


def test_how_a_problem_is_closed_is_told_those_who_may_close_and_read_it() -> None:
    assert "`/checklist solved C13 3 " in str(problems_message((a_found(),), zone=ZONE).blocks)
    for found, may_solve in ((a_found(), False), (a_found(hidden=True), True)):
        assert "solved" not in str(problems_message((found,), zone=ZONE, may_solve=may_solve).blocks)


def test_one_run_with_all_its_items() -> None:
    details = RunDetails(card=a_run_card(OPEN), url=URL)
    check_golden("checklist-show", run_message(details, zone=ZONE))


def test_outsiders_read_what_is_the_guides_only() -> None:
    run = a_run(items=(done(BOARD), with_problem(ANSWERS), HEALTH), owner=LEE, security=True)
    shown = str(run_message(RunDetails(card=a_run_card(run), hidden=True), zone=ZONE).to_json())
    assert ANSWERS.title in shown
    for secret in ("Payment answers slowly", LEE.name, ANA.name, "api-gateway"):
        assert secret not in shown
    listing = str(today_message(Today(now=BEGUN, open=(listed(run, hidden=True),)), zone=ZONE).to_json())
    assert LEE.name not in listing


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(card=cards(), title=texts, count=st.integers(0, 60))
def test_whatever_is_listed_slack_takes_it(card: RunCard, title: str, count: int) -> None:
    run = card.run
    one = ListedRun(run=run, title=run.title, url=URL)
    problem = ListedProblem(
        listed=one,
        position=1,
        item=title,
        problem=a_problem(text=title, how=title),
        owner=title,
        incident=title,
    )
    checklist = ListedChecklist(
        key=title, title=title, purpose=title, channel=title, newest=one, next_at=BEGUN + timedelta(days=9)
    )
    for message in (
        today_message(
            Today(now=BEGUN, open=(one,) * count, ahead=(checklist,) * count, done=(one,) * count), zone=ZONE
        ),
        cadence_message(
            CadenceList(now=BEGUN, cadence=Cadence.DAILY, checklists=(checklist,) * count), zone=ZONE
        ),
        checklist_message(checklist, BEGUN, zone=ZONE),
        problems_message((problem,) * count, zone=ZONE),
        run_message(RunDetails(card=card), zone=ZONE),
    ):
        check_message(message.to_json())
