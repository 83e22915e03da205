"""Changes as they are listed, shown, and named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.card import MessageRef
from bot.domain.changes.board import Which
from bot.domain.changes.card import ChangeCard
from bot.domain.changes.change import Change
from bot.domain.errors import InvalidError
from bot.domain.face import Face
from bot.ports.store import Transaction
from bot.services.change_cards import read_change_card
from bot.services.change_reader import MOST, ChangeReader
from bot.services.requests import Ref
from storage.open import OpenStore
from tests.integration.storage.rows import an_incident
from tests.support.builders import ANA, EVERYBODY, LEE, new_york
from tests.support.change_desk import Desk, by, ref
from tests.support.change_lives import KIM
from tests.support.clock import FakeClock
from tests.support.fake_vendors import FakeWorkspace

MONDAY = new_york(2026, 3, 16, 12, 0)
OPENS = new_york(2026, 3, 17, 14, 0)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY)


@pytest.fixture
def desk(store: OpenStore, clock: FakeClock) -> Desk:
    return Desk(store, clock)


@pytest.fixture
def reader(desk: Desk) -> ChangeReader:
    return ChangeReader(
        store=desk.store,
        clock=desk.clock,
        directory=desk.directory,
        rights=EVERYBODY,
        workspace=FakeWorkspace(),
    )


async def card(desk: Desk, change: Change) -> ChangeCard:
    def body(tx: Transaction) -> ChangeCard:
        found = tx.changes.by_id(change.id)
        assert found is not None
        return read_change_card(tx, found, desk.directory, desk.clock.now())

    return await desk.store.read(body)


async def listed(reader: ChangeReader, which: Which, service: str | None = None) -> list[str]:
    found = await reader.list(by(LEE), which, service)
    return [one.change.label for one in found.changes]


async def test_what_is_open_is_listed_in_the_order_in_which_it_is_planned(
    desk: Desk, reader: ChangeReader
) -> None:
    later = await desk.asked(starts=OPENS + timedelta(days=2))
    sooner = await desk.asked(service=None)
    off = await desk.asked()
    await desk.changes.cancel(by(ANA), ref(off), "not now")
    assert await listed(reader, Which.OPEN) == [sooner.label, later.label]
    assert await listed(reader, Which.ALL) == [off.label, sooner.label, later.label]
    assert await listed(reader, Which.OPEN, "platform") == [sooner.label]
    assert await listed(reader, Which.OPEN, "payment") == [later.label]


async def test_theirs_is_what_they_ask_for_carry_out_and_are_waited_for(
    desk: Desk, reader: ChangeReader
) -> None:
    own = await desk.asked(who=LEE, title="Lee's")
    waits = await desk.asked(title="It waits")
    given = await desk.asked(kind="major", title="Lee has approved it")
    await desk.changes.approve(by(LEE), ref(given))
    full = await desk.asked(title="Kim was faster")
    await desk.changes.approve(by(KIM), ref(full))
    assert await listed(reader, Which.MINE) == [own.label, waits.label]


async def test_a_long_list_says_how_many_are_not_in_it(desk: Desk, reader: ChangeReader) -> None:
    for number in range(MOST + 2):
        await desk.asked(title=f"Change {number}")
    found = await reader.list(by(LEE), Which.OPEN)
    assert (len(found.changes), found.more) == (MOST, 2)


async def test_in_the_thread_of_its_card_a_change_needs_no_number(desk: Desk, reader: ChangeReader) -> None:
    one, _ = await desk.asked(), await desk.asked()
    at = MessageRef(channel="C1", ts="1.1")
    await desk.store.transaction("post", lambda tx: tx.messages.save(one.id, Face.CHANGE, at))
    assert (await reader.change(by(LEE, thread="1.1"), Ref())).id == one.id
    with pytest.raises(InvalidError, match="2 changes are open"):
        await reader.change(by(LEE, thread="2.2"), Ref())


async def test_its_card_says_whether_it_lies_in_its_window_and_what_else_is_planned(desk: Desk) -> None:
    change = await desk.asked(starts=OPENS)
    shown = await card(desk, change)
    assert (shown.in_window, shown.overlaps) == (True, ())
    other = await desk.asked(service=None, starts=OPENS + timedelta(minutes=10))
    elsewhere = await desk.asked(service="api-gateway", starts=OPENS)
    assert (await card(desk, change)).overlaps == (other.label,)
    assert set((await card(desk, other)).overlaps) == {change.label, elsewhere.label}
    early = await desk.asked(starts=OPENS - timedelta(minutes=10))
    assert (await card(desk, early)).in_window is False
    desk.clock.advance(seconds=(OPENS - desk.clock.now()).total_seconds())
    now = await card(desk, early)
    assert now.in_window is True, "it would start now"
    assert not now.is_held
    assert (await card(desk, await desk.asked(kind="emergency"))).in_window is None


async def test_that_time_passes_alone_makes_no_other_card_of_it(desk: Desk) -> None:
    change = await desk.asked(starts=OPENS)
    before = await card(desk, change)
    desk.clock.advance(hours=1)
    assert await card(desk, change) == before


async def test_what_is_secret_is_on_no_changes_card(desk: Desk) -> None:
    change = await desk.asked()

    def body(tx: Transaction) -> list[str]:
        added = [
            tx.incidents.add(replace(an_incident("i-1"), security=secret, title=title, id=key, number=0))
            for key, secret, title in (("i-1", True, "Keys leaked"), ("i-2", False, "Checkout is down"))
        ]
        for one in added:
            assert tx.changes.suspect(change.id, one.id, desk.clock.now())
        return [one.label for one in added if not one.security]

    labels = await desk.store.transaction("suspect", body)
    assert [one.label for one in (await card(desk, change)).suspects] == labels
