from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from bot.domain.timer import TimerKind, escalation_timer, page_watch
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.integration.storage.rows import NOW, connection_of, seconds

_FIRST = escalation_timer("one", 1, 1, NOW)
_LATER = escalation_timer("one", 1, 2, NOW + seconds(60))
_WATCH = page_watch("one", 1, 0, NOW + seconds(30))


async def _set(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        for timer in (_LATER, _WATCH, _FIRST):
            tx.timers.set(timer)

    await store.transaction("set", body)


async def test_what_is_due_comes_oldest_first(store: OpenStore) -> None:
    await _set(store)
    assert await store.read(lambda tx: tx.timers.due(NOW + seconds(30), 10)) == (_FIRST, _WATCH)


async def test_no_more_comes_than_was_asked_for(store: OpenStore) -> None:
    await _set(store)
    assert await store.read(lambda tx: tx.timers.due(NOW + seconds(99), 1)) == (_FIRST,)


async def test_setting_a_timer_twice_keeps_the_first(store: OpenStore) -> None:
    await _set(store)
    moved = replace(_FIRST, due=NOW + seconds(500))
    await store.transaction("set", lambda tx: tx.timers.set(moved))
    assert await store.read(lambda tx: tx.timers.due(NOW, 10)) == (_FIRST,)


async def test_a_timer_that_is_urged_comes_no_later_than_either(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        tx.timers.urge(replace(_FIRST, due=NOW + seconds(20)))
        tx.timers.urge(_FIRST)
        tx.timers.urge(replace(_FIRST, due=NOW + seconds(40)))
        assert tx.timers.of("one", TimerKind.ESCALATION) == (_FIRST,)

    await store.transaction("urge", body)


async def test_stopping_removes_one_kind_of_one_subject(store: OpenStore) -> None:
    await _set(store)
    other = escalation_timer("two", 1, 1, NOW)
    await store.transaction("set", lambda tx: tx.timers.set(other))
    await store.transaction("stop", lambda tx: tx.timers.stop("one", TimerKind.ESCALATION))
    assert await store.read(lambda tx: tx.timers.due(NOW + seconds(99), 10)) == (other, _WATCH)


async def test_removed_timers_are_gone(store: OpenStore) -> None:
    await _set(store)
    await store.transaction("remove", lambda tx: tx.timers.remove([_FIRST.key, _WATCH.key, "nobody"]))
    assert await store.read(lambda tx: tx.timers.due(NOW + seconds(99), 10)) == (_LATER,)


async def test_removing_none_removes_none(store: OpenStore) -> None:
    await _set(store)
    await store.transaction("remove", lambda tx: tx.timers.remove([]))
    assert len(await store.read(lambda tx: tx.timers.due(NOW + seconds(99), 10))) == 3


async def test_a_subjects_timers_come_in_the_order_of_their_due_times(store: OpenStore) -> None:
    await _set(store)
    assert await store.read(lambda tx: tx.timers.of("one", TimerKind.ESCALATION)) == (_FIRST, _LATER)


async def test_the_soonest_is_the_first_of_all(store: OpenStore) -> None:
    await _set(store)
    assert await store.read(lambda tx: tx.timers.soonest()) == NOW


async def test_without_timers_nothing_is_soonest(store: OpenStore) -> None:
    assert await store.read(lambda tx: tx.timers.soonest()) is None


async def test_timers_that_only_newer_code_knows_stop_nothing_else(store: OpenStore) -> None:
    await _set(store)
    newer = text("UPDATE timers SET kind = 'egg' WHERE key = :key")
    await store.transaction("newer", lambda tx: connection_of(tx).execute(newer, {"key": _FIRST.key}).close())
    assert await store.read(lambda tx: tx.timers.due(NOW + seconds(99), 10)) == (_WATCH, _LATER)
    assert await store.read(lambda tx: tx.timers.soonest()) == _WATCH.due


async def test_it_is_known_which_kinds_of_a_subjects_timers_are_due(store: OpenStore) -> None:
    await _set(store)
    assert await store.read(lambda tx: tx.timers.kinds_due("one", NOW)) == {TimerKind.ESCALATION}
    both = await store.read(lambda tx: tx.timers.kinds_due("one", NOW + seconds(30)))
    assert both == {TimerKind.ESCALATION, TimerKind.PAGE_WATCH}
    assert await store.read(lambda tx: tx.timers.kinds_due("another", NOW)) == frozenset()
