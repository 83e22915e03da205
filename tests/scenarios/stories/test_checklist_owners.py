"""A checklist of whoever is on call is theirs once it is posted, whatever PagerDuty and Slack know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.actor import Actor
from bot.domain.checklist import Owner, Whose
from bot.domain.checklists.run import Run, RunState
from bot.domain.event import Event, EventKind
from bot.domain.guide import Guide
from bot.ports.store import Transaction
from bot.sandbox.pagerduty.people import ANA, DIA, LEE
from tests.support.builders import with_mention
from tests.support.harness import World, a_staffed_guide
from tests.support.worlds import OpenWorld

TUESDAY = datetime(2026, 3, 17, 13, 15, tzinfo=UTC)
"""09:15 in New York, the day after stories begin."""
WHOEVER = "whoever is on call"
TITLE = "Health Check"
ANA_ID, LEE_ID, DIA_ID, GUS_ID = "U0ANA0001", "U0LEE0001", "U0DIA0001", "U0GUS0001"
GRACE = timedelta(seconds=8)
"""How long a card waits to be posted with all that belongs in it."""


def on_call(*people: str, groups: tuple[str, ...] = (), evidence: bool = False) -> Guide:
    """A guide with the Health Check alone, which is of who is on call; the tier has `people` and `groups`.

    It looks at nothing, unless there is to be `evidence`.
    """
    guide = a_staffed_guide()
    check = guide.checklists["health-check"]
    check = replace(
        check,
        owner=Owner(whose=Whose.ON_CALL),
        items=check.items if evidence else tuple(replace(item, evidence=()) for item in check.items),
    )
    guide = replace(guide, checklists={"health-check": check})
    return with_mention(guide, guide.first_tier.key, people=people, groups=groups)


@pytest.fixture
async def due(a_world: OpenWorld) -> World:
    """The Health Check is about to be posted."""
    return await about_to_be_posted(a_world, on_call())


async def about_to_be_posted(a_world: OpenWorld, guide: Guide, *, rest: bool = True) -> World:
    world = await a_world(guide=guide, rest=rest)
    await world.prompts()
    await world.forward_to(TUESDAY)
    return world


async def the_run(world: World) -> Run:
    [run] = await world.bot.store.read(lambda tx: tx.runs.newest(1))
    return run


async def given(world: World) -> list[Event]:
    """The entries of the newest run's history by which it became somebody's."""
    run = await the_run(world)
    events = await world.bot.store.read(lambda tx: tx.events.of(run.id))
    return [event for event in events if event.kind is EventKind.RUN_GIVEN]


async def owner_after(world: World, wait: timedelta = timedelta()) -> str | None:
    """Whose the run is a while after its time has come."""
    await world.prompts()
    await world.forward(seconds=wait.total_seconds())
    owner = (await the_run(world)).owner
    return owner.name if owner else None


async def test_it_is_posted_once_as_that_of_who_is_on_call(due: World) -> None:
    assert await owner_after(due) == "ana"
    [card] = due.run_cards()
    assert card.says("ana")
    assert card.message.edits == 0
    assert card.thread == [], "who is on call is not called for that"
    [event] = await given(due)
    assert event.data == {"to": "ana"}


async def test_a_card_with_evidence_is_posted_once_with_both(a_world: OpenWorld) -> None:
    world = await about_to_be_posted(a_world, on_call(evidence=True))
    assert await owner_after(world, GRACE) == "ana"
    [card] = world.run_cards()
    assert card.says("ana")
    assert card.message.edits == 0


async def test_it_is_of_who_is_on_call_that_day(due: World) -> None:
    assert await owner_after(due) == "ana"
    due.pagerduty.put_service("on-call", levels=((LEE.name,), (DIA.name,)))
    await due.forward_to(TUESDAY + timedelta(days=1))
    assert await owner_after(due) == "lee"


async def test_of_several_it_is_the_first_whom_slack_knows(due: World) -> None:
    due.slack.workspace.users[LEE_ID].email = "lee@elsewhere.example"
    due.pagerduty.put_service("on-call", levels=((LEE.name, DIA.name, ANA.name),))
    assert await owner_after(due) == "dia"


async def test_whom_slack_does_not_know_it_shows_by_name_and_mentions_nowhere(due: World) -> None:
    due.slack.workspace.users[ANA_ID].deleted = True
    assert await owner_after(due) == "Ana Ortiz (PagerDuty)"
    assert due.run_card(TITLE).says("Ana Ortiz (PagerDuty)")
    await due.forward(hours=5)
    [nudge] = due.run_card(TITLE).thread
    assert "<@" not in nudge


async def test_a_guest_is_shown_by_name(due: World) -> None:
    due.slack.workspace.users[GUS_ID].email = ANA.email
    due.slack.workspace.users[ANA_ID].email = ""
    assert await owner_after(due) == "Ana Ortiz (PagerDuty)"


async def test_where_nobody_is_on_call_it_is_of_whoever_takes_it(due: World) -> None:
    due.pagerduty.put_service("on-call", levels=((), (LEE.name,)))
    assert await owner_after(due) is None
    assert due.run_card(TITLE).says(WHOEVER)


async def test_a_card_does_not_wait_for_pagerduty_longer_than_its_grace(due: World) -> None:
    due.pagerduty.faults.add("down")
    assert await owner_after(due, GRACE) is None
    assert due.run_card(TITLE).says(WHOEVER)
    due.pagerduty.faults.clear()
    await due.forward(seconds=10)
    [card] = due.run_cards()
    assert card.says("ana")


async def test_the_guides_only_person_has_it_where_pagerduty_cannot_be_asked(a_world: OpenWorld) -> None:
    world = await about_to_be_posted(a_world, on_call(LEE_ID))
    world.pagerduty.faults.add("down")
    assert await owner_after(world, timedelta(minutes=1)) == "lee"
    assert world.run_card(TITLE).says("lee")
    assert await world.waiting() == 0


@pytest.mark.parametrize(
    ("people", "owner"),
    [(("U0LEE0001",), "lee"), (("U0GUS0001",), None), (("U0LEE0001", "U0DIA0001"), None), ((), None)],
)
async def test_without_access_to_pagerduty_it_is_the_guides_only_person_at_once(
    a_world: OpenWorld, people: tuple[str, ...], owner: str | None
) -> None:
    world = await about_to_be_posted(a_world, on_call(*people), rest=False)
    assert await owner_after(world) == owner
    assert world.run_card(TITLE).says(owner or WHOEVER)


@pytest.mark.parametrize(("group", "owner"), [("S0LEADS01", "lee"), ("S0PLATFRM", None)])
async def test_without_access_to_pagerduty_it_is_of_the_only_member_of_the_tiers_group(
    a_world: OpenWorld, group: str, owner: str | None
) -> None:
    world = await about_to_be_posted(a_world, on_call(groups=(group,)), rest=False)
    assert await owner_after(world) == owner


async def test_who_has_taken_it_meanwhile_keeps_it(due: World) -> None:
    due.pagerduty.faults.add("down")
    await owner_after(due, GRACE)
    dia = Actor(id=DIA_ID, name="dia")
    await due.bot.store.transaction("take", lambda tx: _change(tx, owner=dia))
    due.pagerduty.faults.clear()
    await due.forward(minutes=1)
    assert (await the_run(due)).owner == dia
    assert await given(due) == []
    assert await due.waiting() == 0


async def test_nobody_is_asked_for_what_is_over(due: World) -> None:
    due.pagerduty.faults.add("down")
    await owner_after(due, GRACE)
    await due.bot.store.transaction("end", lambda tx: _change(tx, state=RunState.DONE))
    before = due.pagerduty.calls["rest"]
    await due.forward(minutes=1)
    assert due.pagerduty.calls["rest"] == before


async def test_a_bot_that_dies_before_it_has_asked_asks_when_it_is_back(due: World) -> None:
    due.pagerduty.faults.add("down")
    await due.prompts()
    await due.stop()
    due.pagerduty.faults.clear()
    due.clock.advance(timedelta(minutes=3))
    await due.start()
    await due.forward(seconds=10)
    assert (await the_run(due)).owner == Actor(id=ANA_ID, name="ana")
    assert len(await given(due)) == 1
    assert len(due.run_cards()) == 1


def _change(tx: Transaction, **changes: object) -> None:
    [run] = tx.runs.open()
    tx.runs.save(replace(run, **changes))  # type: ignore[arg-type]
