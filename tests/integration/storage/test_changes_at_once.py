"""Two people do something with a change in the same moment: one outcome, told to both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from typing_extensions import override

from bot.domain.actor import Actor
from bot.domain.changes.change import Change, ChangeState, HookState
from bot.domain.errors import AlreadyError, DomainError, InvalidError, StaleError
from bot.domain.event import EventKind
from bot.services.requests import Answer
from storage.open import OpenStore, open_store
from tests.support.builders import ANA, LEE, new_york
from tests.support.change_desk import Desk, by, ref
from tests.support.change_lives import KIM, a_plan
from tests.support.clock import FakeClock

TUESDAY = new_york(2026, 3, 17, 14, 0)
"""The window opens."""
ROUNDS = 8


class TickingClock(FakeClock):
    """It is later whenever somebody looks."""

    @override
    def now(self) -> datetime:
        return self.advance(milliseconds=1)


@pytest.fixture
def clock() -> FakeClock:
    return TickingClock(TUESDAY)


@pytest.fixture
async def desks(store: OpenStore, database_url: str, clock: FakeClock) -> AsyncIterator[tuple[Desk, Desk]]:
    """Two replicas on PostgreSQL; one on SQLite, where there can be no other."""
    if database_url.startswith("sqlite"):
        yield Desk(store, clock), Desk(store, clock)
        return
    other = await open_store(database_url, clock=clock)
    yield Desk(store, clock), Desk(other, clock)
    await other.aclose()


async def both(one: Awaitable[Answer], two: Awaitable[Answer]) -> list[Answer | DomainError]:
    """What each of them is answered."""
    return list(await asyncio.gather(_answer(one), _answer(two)))


async def _answer(asked: Awaitable[Answer]) -> Answer | DomainError:
    try:
        return await asked
    except DomainError as error:
        return error


async def in_testing(desk: Desk, **changes: Any) -> Change:
    """One that waits to be started."""
    change = await desk.asked(**{"starts": TUESDAY + timedelta(minutes=1), **changes})
    for who in (LEE, KIM)[: change.needs]:
        await desk.changes.approve(by(who), ref(change))
    await desk.changes.test(by(ANA), ref(change))
    return await desk.now(change)


async def test_of_two_approvals_at_once_one_approves_and_the_other_hears_who_did(
    desks: tuple[Desk, Desk],
) -> None:
    first, second = desks
    for _ in range(ROUNDS):
        change = await first.asked()
        answers = await both(
            first.changes.approve(by(LEE), ref(change)), second.changes.approve(by(KIM), ref(change))
        )
        [refused] = [one for one in answers if isinstance(one, DomainError)]
        assert isinstance(refused, AlreadyError)
        approved = await first.now(change)
        [given] = approved.approvals
        assert f"CH{change.number} is approved by {given.by.name}" in str(refused)
        assert approved.state is ChangeState.APPROVED


async def test_of_a_change_that_needs_two_both_count(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    for _ in range(ROUNDS):
        change = await first.asked(kind="major")
        answers = await both(
            first.changes.approve(by(LEE), ref(change)), second.changes.approve(by(KIM), ref(change))
        )
        assert all(isinstance(one, Answer) for one in answers)
        assert (await first.now(change)).state is ChangeState.APPROVED
        told = [one for one in await first.history(change) if one.kind is EventKind.CHANGE_APPROVED]
        assert [one.data["count"] for one in told] == [1, 2]


@pytest.mark.parametrize("seen", [True, False])
async def test_an_approval_that_crosses_an_edit_is_of_the_plan_that_was_read_or_refused(
    desks: tuple[Desk, Desk], *, seen: bool
) -> None:
    first, second = desks
    for _ in range(ROUNDS):
        change = await first.asked()
        plan = replace(change.plan, steps="Something else")
        answers = await both(
            first.changes.approve(by(LEE), ref(change, seen=seen)),
            second.changes.edit(by(ANA), ref(change), plan),
        )
        now = await first.now(change)
        assert (now.state, now.revision) == (ChangeState.REQUESTED, 2), "nobody has approved this plan"
        assert not now.counting(first.clock.now())
        approval, edit = answers
        assert isinstance(edit, Answer)
        if isinstance(approval, Answer):  # it came first, and the one who edits hears that it is lost
            assert "Ben approved it as it was, which counts no more" in edit.text
            assert [one.revision for one in now.approvals] == [1]
        else:
            assert isinstance(approval, StaleError)
            assert "edited" in str(approval)
            assert not now.approvals


async def test_a_start_that_crosses_a_freeze_is_before_it_or_not_at_all(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    before = 0
    for number in range(ROUNDS):
        change = await in_testing(first, title=f"Change {number}")
        start = first.changes.start(by(ANA), ref(change))
        started, freeze = await asyncio.gather(
            start, second.freeze(timedelta(minutes=1)), return_exceptions=True
        )
        assert not isinstance(freeze, BaseException), freeze
        span, running = freeze
        now = await first.now(change)
        if isinstance(started, Answer):
            before += 1
            assert [one.id for one in running] == [change.id], "who freezes knows of it"
            assert now.state is ChangeState.DEPLOYING
            await first.changes.deployed(by(ANA), ref(change))
            await first.changes.done(by(ANA), ref(change))
        else:
            assert isinstance(started, InvalidError)
            assert not running
            assert span.label in str(started)
            assert now.state is ChangeState.TESTING
            assert now.override is None
            await first.changes.cancel(by(ANA), ref(change), "not now")
        first.clock.advance(minutes=2)
    assert 0 <= before <= ROUNDS


async def test_of_two_starts_of_one_change_at_once_one_leads_it(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    change = await in_testing(first)
    answers = await both(
        first.changes.start(by(ANA), ref(change)), second.changes.start(by(LEE), ref(change))
    )
    [refused] = [one for one in answers if isinstance(one, DomainError)]
    now = await first.now(change)
    assert now.lead is not None
    assert "is being deployed by" in str(refused)
    started = [one for one in await first.history(change) if one.kind is EventKind.CHANGE_STARTED]
    assert [one.actor for one in started] == [now.lead]


async def test_of_two_changes_of_one_service_started_at_once_one_waits(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    one, two = await in_testing(first, title="One"), await in_testing(first, title="Two")
    answers = await both(first.changes.start(by(ANA), ref(one)), second.changes.start(by(LEE), ref(two)))
    [refused] = [answer for answer in answers if isinstance(answer, DomainError)]
    running = await first.store.read(lambda tx: tx.changes.running())
    assert len(running) == 1
    assert running[0].label in str(refused)


@pytest.mark.parametrize("word", ["validated", "done", "next"])
async def test_a_done_that_crosses_a_rollback_ends_no_rollback(desks: tuple[Desk, Desk], word: str) -> None:
    first, second = desks
    for _ in range(ROUNDS // 2):
        change = await in_testing(first)
        await first.changes.start(by(ANA), ref(change))
        await first.changes.deployed(by(ANA), ref(change))
        done, back = await both(
            getattr(first.changes, word)(by(ANA), ref(change)),
            second.changes.rollback(by(LEE), ref(change)),
        )
        assert isinstance(back, Answer), "what was just done can be taken back"
        now = await first.now(change)
        assert now.state is ChangeState.ROLLING_BACK
        assert now.hook is None or now.hook.state is HookState.ASKED
        told = ("is being rolled back by Ben", "Ben has just begun to roll", "`done CH")
        assert isinstance(done, Answer) or any(words in str(done) for words in told)
        await first.changes.rolled_back(by(LEE), ref(change))


async def test_a_request_that_comes_again_gets_the_first_answer(desks: tuple[Desk, Desk]) -> None:
    first, second = desks
    request = by(ANA)
    answers = await both(first.changes.request(request, a_plan()), second.changes.request(request, a_plan()))
    texts = {one.text for one in answers if isinstance(one, Answer)}
    assert len(texts) == 1
    assert len(await first.store.read(lambda tx: tx.changes.open())) == 1


@pytest.mark.parametrize("who", [ANA, LEE])
async def test_what_was_pressed_twice_is_done_once(desks: tuple[Desk, Desk], who: Actor) -> None:
    first, second = desks
    change = await first.asked()
    await first.changes.approve(by(LEE), ref(change))
    answers = await both(
        first.changes.test(by(who), ref(change, seen=True)),
        second.changes.test(by(who), ref(change, seen=True)),
    )
    assert sum(isinstance(one, AlreadyError) for one in answers) == 1
