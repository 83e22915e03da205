"""What people and time make of changes is written as a whole: rows, history, timers, and what is owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.actor import OPSBOT, Actor
from bot.domain.changes.change import Change, ChangeState
from bot.domain.changes.gate import Ground
from bot.domain.errors import AlreadyError, ForbiddenError, InvalidError, NotFoundError
from bot.domain.event import EventKind
from bot.domain.guide import Mention, Roles
from bot.domain.timer import TimerKind
from bot.ports.store import Transaction
from bot.services.lines import is_line_owed
from bot.services.requests import Ref
from storage.open import OpenStore
from tests.integration.storage.rows import a_delivery
from tests.support.builders import ANA, EVERYBODY, LEE, a_directory, a_guide, new_york
from tests.support.change_desk import Desk, by, ref
from tests.support.change_lives import KIM, a_plan
from tests.support.clock import FakeClock

MONDAY = new_york(2026, 3, 16, 12, 0)
OPENS = new_york(2026, 3, 17, 14, 0)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY)


@pytest.fixture
def desk(store: OpenStore, clock: FakeClock) -> Desk:
    return Desk(store, clock)


async def timers(desk: Desk, change: Change) -> dict[str, object]:
    kinds = (TimerKind.CHANGE_DUE, TimerKind.CHANGE_END, TimerKind.CHANGE_OVERRUN)

    def body(tx: Transaction) -> dict[str, object]:
        return {f"{one.kind}/{one.step}": one.due for kind in kinds for one in tx.timers.of(change.id, kind)}

    return await desk.store.read(body)


async def kinds(desk: Desk, change: Change) -> list[EventKind]:
    return [one.kind for one in await desk.history(change)]


async def approved(desk: Desk, **changes: Any) -> Change:
    change = await desk.asked(**changes)
    await desk.changes.approve(by(LEE), ref(change))
    return await desk.now(change)


async def started(desk: Desk) -> Change:
    desk.clock.advance_to(OPENS)
    change = await approved(desk, starts=OPENS)
    await desk.changes.test(by(ANA), ref(change))
    await desk.changes.start(by(ANA), ref(change))
    return await desk.now(change)


async def test_what_is_asked_for_is_answered_with_what_it_needs_and_where_its_card_comes(desk: Desk) -> None:
    answer = await desk.changes.request(by(ANA), a_plan())
    assert answer.text == "CH1 is asked for: it needs 1 approval. Its card comes in #platform-alerts."
    assert answer.change is not None
    assert await timers(desk, answer.change) == {
        "change_due/0": OPENS,
        "change_end/1": OPENS + timedelta(days=7, minutes=30),
    }


async def test_what_is_planned_outside_its_window_is_asked_for_with_a_warning(desk: Desk) -> None:
    answer = await desk.changes.request(by(ANA), a_plan(starts=OPENS - timedelta(hours=1)))
    assert answer.text.endswith("It starts outside the window: the next opening is Tue 14:00 EDT.")
    late = await desk.changes.request(by(ANA), a_plan(length=timedelta(hours=3)))
    assert late.text.endswith("The window closes at Tue 16:00 EDT, before it is to be over.")
    major = await desk.changes.request(by(ANA), a_plan(kind="major"))
    assert major.text.endswith("It starts outside the window: nothing is on the calendar yet.")


async def test_a_service_that_the_guide_has_not_is_refused_with_those_that_it_has(desk: Desk) -> None:
    with pytest.raises(InvalidError, match=r"no service `nothing`. It has: "):
        await desk.asked(service="nothing")


async def test_who_may_only_look_asks_for_nothing_and_that_is_kept(
    store: OpenStore, clock: FakeClock
) -> None:
    desk = Desk(store, clock, rights=replace(EVERYBODY, is_outsider=lambda user: user == ANA.id))
    with pytest.raises(ForbiddenError, match="Guests"):
        await desk.asked()
    assert not await store.read(lambda tx: tx.changes.open())


async def test_nobody_starts_what_the_gate_is_against_and_all_reasons_are_told(desk: Desk) -> None:
    change = await approved(desk)
    await desk.changes.test(by(ANA), ref(change))
    await desk.freeze(timedelta(hours=2))
    with pytest.raises(InvalidError) as refused:
        await desk.changes.start(by(ANA), ref(change))
    text = str(refused.value)
    assert text.startswith("The gate does not let CH1 start: ")
    assert "window" in text
    assert "F1" in text
    assert text.count("Tue 14:00 EDT") == 1, "when it opens"
    assert "A lead may start it nevertheless: `start CH1 override: why`." in text
    assert (await kinds(desk, change))[-1] is EventKind.REFUSED


async def test_a_lead_starts_it_nevertheless_with_a_reason_that_everybody_hears(desk: Desk) -> None:
    change = await approved(desk)
    await desk.changes.test(by(ANA), ref(change))
    with pytest.raises(InvalidError, match="Why nevertheless"):
        await desk.changes.start(by(ANA), ref(change), override=" ")
    answer = await desk.changes.start(by(ANA), ref(change), override="customers cannot pay")
    assert answer.text.startswith("Told in the channel: the gate is overridden. CH1 is being deployed by you")
    now = await desk.now(change)
    assert now.override is not None
    assert now.override.reason == "customers cannot pay"
    assert now.override.against
    assert now.override.grounds == (Ground.WINDOW,)
    assert (await kinds(desk, change))[-2:] == [EventKind.CHANGE_OVERRIDDEN, EventKind.CHANGE_STARTED]


async def test_nobody_but_a_lead_overrides_and_nobody_an_approval(store: OpenStore, clock: FakeClock) -> None:
    leads = Roles(leads=Mention(people=(LEE.id,)))
    desk = Desk(store, clock, rights=replace(EVERYBODY, roles=leads))
    change = await desk.asked()
    with pytest.raises(InvalidError, match="Without approval nothing starts"):
        await desk.changes.start(by(LEE), ref(change), override="now")
    await desk.changes.approve(by(LEE), ref(change))
    with pytest.raises(InvalidError, match="has not been tested"):
        await desk.changes.start(by(LEE), ref(change), override="now")
    await desk.changes.test(by(ANA), ref(change))
    with pytest.raises(ForbiddenError, match="leaves that to the team leads"):
        await desk.changes.start(by(ANA), ref(change), override="now")
    assert (await desk.changes.start(by(LEE), ref(change), override="now")).change is not None


async def test_an_override_that_is_not_needed_is_none(desk: Desk) -> None:
    desk.clock.advance_to(OPENS)
    change = await approved(desk, starts=OPENS)
    await desk.changes.test(by(ANA), ref(change))
    await desk.changes.start(by(ANA), ref(change), override="now")
    now = await desk.now(change)
    assert now.override is None
    assert now.window_closes == OPENS + timedelta(hours=2)


async def test_a_started_change_is_asked_after_when_it_is_to_be_over(desk: Desk) -> None:
    change = await started(desk)
    assert await timers(desk, change) == {"change_overrun/0": OPENS + timedelta(minutes=30)}
    await desk.forward(minutes=95)
    told = [one for one in await desk.history(change) if one.kind is EventKind.CHANGE_OVERRUN]
    assert [one.data["told"] for one in told] == [0, 1]
    assert [one.at for one in told] == [OPENS + timedelta(minutes=30), OPENS + timedelta(minutes=90)]
    await desk.changes.deployed(by(ANA), ref(change))
    await desk.changes.validated(by(ANA), ref(change))
    assert await timers(desk, change) == {}


async def test_what_nobody_ends_is_asked_after_hourly_for_a_day_and_daily_then(desk: Desk) -> None:
    change = await started(desk)
    await desk.forward(days=4)
    told = [one.at for one in await desk.history(change) if one.kind is EventKind.CHANGE_OVERRUN]
    due = OPENS + timedelta(minutes=30)
    hourly = [due + timedelta(hours=hours) for hours in range(25)]
    assert told == [*hourly, due + timedelta(days=2), due + timedelta(days=3)]


async def test_what_is_taken_back_has_an_hour_for_that(desk: Desk) -> None:
    change = await started(desk)
    desk.clock.advance(minutes=20)
    await desk.changes.rollback(by(LEE), ref(change), "errors")
    assert await timers(desk, change) == {"change_overrun/0": OPENS + timedelta(minutes=80)}


async def test_when_its_start_comes_the_gate_is_asked_for_who_is_to_start_it(desk: Desk) -> None:
    change, waits = await approved(desk, title="One"), await desk.asked(title="Two")
    await desk.forward(days=1, hours=2)
    [due] = [one for one in await desk.history(change) if one.kind is EventKind.CHANGE_DUE]
    assert due.data["approved"] is True
    assert "has not been tested" in str(due.data["text"])
    [short] = [one for one in await desk.history(waits) if one.kind is EventKind.CHANGE_DUE]
    assert (short.data["approved"], short.data["needs"], short.data["text"]) == (False, 1, None)


async def test_an_edit_moves_its_start(desk: Desk) -> None:
    change = await approved(desk)
    later = OPENS + timedelta(days=2)
    await desk.changes.edit(by(ANA), ref(change), replace(change.plan, starts=later))
    assert await timers(desk, change) == {
        "change_due/0": later,
        "change_end/1": later + timedelta(days=7, minutes=30),
    }
    await desk.forward(days=2)
    assert EventKind.CHANGE_DUE not in await kinds(desk, change)


async def test_approvals_that_expire_are_told_and_given_anew(desk: Desk) -> None:
    change = await approved(desk, starts=OPENS + timedelta(days=9))
    await desk.changes.test(by(ANA), ref(change))
    await desk.forward(days=7)
    lapsed = await desk.now(change)
    assert lapsed.state is ChangeState.REQUESTED
    assert (await kinds(desk, change))[-1] is EventKind.APPROVALS_EXPIRED
    await desk.changes.approve(by(LEE), ref(change))
    assert (await desk.now(change)).state is ChangeState.TESTING, "what was tested is tested"


async def test_what_nobody_starts_expires_a_week_after_its_end(desk: Desk) -> None:
    change = await desk.asked()
    await desk.forward(days=8, hours=3)
    now = await desk.now(change)
    assert (now.state, now.closed_by) == (ChangeState.EXPIRED, OPSBOT)
    assert await timers(desk, change) == {}


async def test_an_edit_does_not_move_a_change_to_another_teams_channel(
    store: OpenStore, clock: FakeClock
) -> None:
    guide = a_guide()
    team = replace(guide.teams[guide.defaults.team], key="payments", channel="emergency-changes")
    payment = replace(guide.services["payment"], team="payments")
    elsewhere = replace(
        guide,
        teams={**guide.teams, "payments": team},
        services={**guide.services, "payment": payment},
    )
    desk = Desk(store, clock, directory=a_directory(elsewhere))
    change = await desk.asked(service=None)
    with pytest.raises(InvalidError, match="CH1 stands in the channel of another team"):
        await desk.changes.edit(by(ANA), ref(change), replace(change.plan, service="payment"))


async def test_the_only_open_change_is_meant_and_of_several_they_are_named(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match=r"No change is open. Say which: `approve CH12`"):
        await desk.changes.approve(by(LEE), Ref())
    one = await desk.asked(title="One")
    await desk.changes.approve(by(LEE), Ref())
    assert (await desk.now(one)).state is ChangeState.APPROVED
    await desk.asked(title="Two")
    with pytest.raises(
        InvalidError, match=r"2 changes are open; say which: `note CH1 .*\nIt may be: CH1 One, CH2 Two"
    ):
        await desk.changes.note(by(LEE), Ref(), "node 1 is through")
    with pytest.raises(NotFoundError, match=r"There is no change CH9. Open: CH1 One, CH2 Two."):
        await desk.changes.note(by(LEE), Ref(number=9), "node 1 is through")


async def test_a_refusal_that_comes_again_stays_one(desk: Desk) -> None:
    change = await desk.asked()
    request = by(KIM)
    with pytest.raises(InvalidError, match="lacks 1 approval"):
        await desk.changes.test(request, ref(change))
    await desk.changes.approve(by(LEE), ref(change))
    with pytest.raises(Exception, match="lacks 1 approval"):
        await desk.changes.test(request, ref(change))
    assert (await desk.now(change)).state is ChangeState.APPROVED


@pytest.mark.parametrize("who", [ANA, LEE])
async def test_everybody_carries_it_out_to_its_end(desk: Desk, who: Actor) -> None:
    change = await started(desk)
    await desk.changes.next(by(who), ref(change), "8 of 8")
    with pytest.raises(InvalidError, match="`done CH1` when all is well"):
        await desk.changes.next(by(who), ref(change))
    answer = await desk.changes.done(by(who), ref(change))
    assert answer.text == "CH1 is done, after 0 s."
    with pytest.raises(AlreadyError, match="Nothing to do: CH1 is done by"):
        await desk.changes.done(by(KIM), ref(change))


async def test_that_its_start_has_come_is_not_said_any_more_once_it_is_started(desk: Desk) -> None:
    change = await approved(desk, kind="emergency")
    await desk.forward(days=1, hours=2)
    [due] = [one for one in await desk.history(change) if one.kind is EventKind.CHANGE_DUE]
    line = a_delivery(subject=change.id, payload={"sequence": due.sequence})
    now = desk.clock.now()
    assert await desk.store.read(lambda tx: is_line_owed(tx, line, now))
    assert not await desk.store.read(lambda tx: is_line_owed(tx, line, now + timedelta(minutes=61)))
    await desk.changes.start(by(ANA), ref(change))
    assert not await desk.store.read(lambda tx: is_line_owed(tx, line, now))
