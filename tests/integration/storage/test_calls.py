"""Calls, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.call import Call, CallState
from bot.domain.calling import call_path
from bot.domain.card import MessageRef
from bot.domain.face import Face
from bot.ports.store import Transaction
from bot.services.subjects import find_subject, lock_free_subjects, paged_subjects
from storage.open import OpenStore
from tests.support.builders import LEE, a_call, a_run, an_alert_group
from tests.support.clock import MONDAY_NOON

DAY = timedelta(days=1)
PATIENCE_SECONDS = 5.0
_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
_INSTANTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
_ACTORS = st.builds(Actor, id=_TEXTS, name=_TEXTS)
_CALLS = st.builds(
    Call,
    id=st.just(""),
    tier=_TEXTS,
    reason=_TEXTS,
    called_by=_ACTORS,
    called_at=_INSTANTS,
    channel=_TEXTS,
    path=st.builds(
        call_path, _TEXTS, _TEXTS, st.integers(1, 10**10).map(lambda ms: timedelta(milliseconds=ms))
    ),
    state=st.sampled_from([CallState.ANSWERED, CallState.CALLED_OFF]),
    next_step=st.integers(0, 10**6),
    closed_by=st.none() | _ACTORS,
    closed_at=st.none() | _INSTANTS,
)


@given(first=_CALLS, second=_CALLS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_a_call_may_be_it_comes_back_as_it_was_written(
    store: OpenStore, first: Call, second: Call
) -> None:
    class Undone(Exception):  # noqa: N818
        """Nothing stays of it."""

    def body(tx: Transaction) -> None:
        added = tx.calls.add(replace(first, id="x"))
        assert added is not None
        assert tx.calls.by_id("x") == tx.calls.by_number(added.number, lock=True) == added
        changed = replace(second, id="x", number=added.number)
        tx.calls.save(changed)
        assert tx.calls.by_id("x", lock=True) == changed
        raise Undone

    with pytest.raises(Undone):
        await store.transaction("write", body)


async def test_a_person_has_one_that_waits_for_a_tier(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        first = tx.calls.add(a_call(id="a"))
        assert first is not None
        assert tx.calls.add(a_call(id="a", tier="director")) is None, "it is there already"
        assert tx.calls.add(a_call(id="b")) is None
        others = [tx.calls.add(a_call(id="c", tier="director")), tx.calls.add(a_call(id="d", called_by=LEE))]
        assert tx.calls.waiting() == (*reversed(others), first)
        tx.calls.save(first.closed(CallState.ANSWERED, LEE, MONDAY_NOON))
        again = tx.calls.add(a_call(id="b"))
        assert again is not None
        assert again.number > first.number
        assert [one.id for one in tx.calls.newest(2)] == ["b", "d"]

    await store.transaction("add", body)


async def test_of_many_at_once_one_is_added(store: OpenStore) -> None:
    def add(number: int, tx: Transaction) -> bool:
        return tx.calls.add(a_call(id=f"p{number}")) is not None

    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as group:
        tasks = [group.create_task(store.transaction("add", partial(add, number))) for number in range(10)]
    assert sum(task.result() for task in tasks) == 1


async def test_calls_are_locked_after_alert_groups_and_before_runs(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        group, call = tx.alert_groups.add(an_alert_group(id="b")), tx.calls.add(a_call(id="c"))
        run = tx.runs.add(a_run(id="a"))
        assert find_subject(tx, "c") == find_subject(tx, "c", lock=True) == call
        assert lock_free_subjects(tx, ["a", "b", "c", "unknown"]) == (group, call, run)
        assert paged_subjects(tx) == (call,)
        assert tx.calls.lock_free([]) == ()

    await store.transaction("find", body)


async def test_what_is_long_over_is_forgotten_with_where_it_stood(store: OpenStore) -> None:
    at = MessageRef(channel="C1", ts="1.0")

    def body(tx: Transaction) -> None:
        old = a_call(id="old").closed(CallState.ANSWERED, LEE, MONDAY_NOON)
        new = replace(old, id="new", closed_at=MONDAY_NOON + 2 * DAY)
        for one in (old, new, a_call(id="waits", called_at=MONDAY_NOON - 9 * DAY)):
            tx.calls.add(one)
        tx.messages.save("old", Face.CALL, at)
        assert tx.messages.newest_in("C1") is None
        assert tx.calls.forget(MONDAY_NOON + DAY) == 1
        assert tx.messages.subject_at(at) is None
        assert [one.id for one in tx.calls.newest(9)] == ["waits", "new"]

    await store.transaction("forget", body)


async def test_one_that_was_never_added_is_not_saved_and_a_huge_number_is_none(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        assert tx.calls.by_number(2**40) is None
        with pytest.raises(LookupError):
            tx.calls.save(a_call(id="never"))

    await store.transaction("save", body)
