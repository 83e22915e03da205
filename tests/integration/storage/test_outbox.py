from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.delivery import Delivery, DeliveryKind, Recipient
from bot.domain.lane import LONGEST_SHUT
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.integration.storage.rows import NOW, a_delivery, connection_of, seconds

_LEASE = seconds(15)


async def _owe(store: OpenStore, *deliveries: Delivery) -> None:
    def body(tx: Transaction) -> None:
        for delivery in deliveries:
            tx.outbox.owe(delivery)

    await store.transaction("owe", body)


async def _owe_again(store: OpenStore, delivery: Delivery) -> None:
    await store.transaction("owe_again", lambda tx: tx.outbox.owe_again(delivery))


async def _ready(store: OpenStore, at: float = 0, *, limit: int = 20) -> list[Delivery]:
    ready = await store.transaction(
        "ready", lambda tx: tx.outbox.ready(Recipient.CHAT, NOW + seconds(at), limit)
    )
    return list(ready)


async def _ready_keys(store: OpenStore, at: float = 0, *, limit: int = 20) -> list[str]:
    return [delivery.key for delivery in await _ready(store, at, limit=limit)]


async def _claim(store: OpenStore, token: str = "t1", at: float = 0) -> list[Delivery]:
    def body(tx: Transaction) -> list[Delivery]:
        ready = tx.outbox.ready(Recipient.CHAT, NOW + seconds(at), 20)
        tx.outbox.lease([one.key for one in ready], token, NOW + seconds(at) + _LEASE)
        return list(ready)

    return await store.transaction("claim", body)


async def _settle(store: OpenStore, delivery: Delivery, token: str = "t1") -> bool:
    return await store.transaction("settle", lambda tx: tx.outbox.settle(delivery, token))


async def _postpone(
    store: OpenStore, delivery: Delivery, until: float, *, token: str = "t1", uncertain: bool = False
) -> bool:
    return await store.transaction(
        "postpone",
        lambda tx: tx.outbox.postpone(
            delivery, token, NOW + seconds(until), uncertain=uncertain, why="no answer"
        ),
    )


async def _bury(store: OpenStore, delivery: Delivery, token: str = "t1") -> bool:
    return await store.transaction("bury", lambda tx: tx.outbox.bury(delivery, token, "refused"))


async def test_a_delivery_comes_back_as_it_was_owed(store: OpenStore) -> None:
    owed = a_delivery(payload={"links": [["https://x", "Rünbook"]], "level": None, "loud": True})
    await _owe(store, owed)
    assert await _ready(store) == [owed]


async def test_owing_twice_owes_once(store: OpenStore) -> None:
    await _owe(store, a_delivery(payload={"n": 1}), a_delivery(payload={"n": 2}))
    assert [one.payload for one in await _ready(store)] == [{"n": 1}]


async def test_each_recipient_sees_its_own(store: OpenStore) -> None:
    await _owe(store, a_delivery("line"), a_delivery("page", kind=DeliveryKind.PAGE))
    assert await _ready_keys(store) == ["line"]


async def test_nothing_goes_before_its_time(store: OpenStore) -> None:
    await _owe(store, a_delivery(not_before=NOW + seconds(5)))
    assert await _ready_keys(store, 4.999) == []
    assert await _ready_keys(store, 5) == ["line/1"]


async def test_the_urgent_goes_first_then_the_older(store: OpenStore) -> None:
    await _owe(
        store, a_delivery("old"), a_delivery("new"), a_delivery("loud", priority=0), a_delivery("newest")
    )
    assert await _ready_keys(store, limit=3) == ["loud", "old", "new"]


async def test_one_order_key_goes_one_at_a_time_in_the_order_owed(store: OpenStore) -> None:
    await _owe(
        store,
        a_delivery("first", order_key="card", priority=20),
        a_delivery("second", order_key="card", priority=0),
    )
    assert await _ready_keys(store) == ["first"]
    (first,) = await _claim(store)
    assert await _ready_keys(store) == []
    await _settle(store, first)
    assert await _ready_keys(store) == ["second"]


async def test_a_delivery_that_backs_off_still_holds_its_order_key(store: OpenStore) -> None:
    await _owe(store, a_delivery("first", order_key="card"), a_delivery("second", order_key="card"))
    (first,) = await _claim(store)
    await _postpone(store, first, until=60)
    assert await _ready_keys(store, 30) == []


async def test_a_dead_letter_lets_its_order_key_go_on(store: OpenStore) -> None:
    await _owe(store, a_delivery("first", order_key="card"), a_delivery("second", order_key="card"))
    (first,) = await _claim(store)
    assert await _bury(store, first)
    assert await _ready_keys(store) == ["second"]


@pytest.mark.parametrize("which", ["lane", "method"])
async def test_what_waits_for_a_shut_lane_does_not_crowd_out_the_rest(store: OpenStore, which: str) -> None:
    def body(tx: Transaction) -> None:
        tx.lanes.block("shut", NOW + seconds(60))
        tx.lanes.free_at("free", NOW)
        for number in range(10):
            lane, method = ("shut", "free") if which == "lane" else ("free", "shut")
            tx.outbox.owe(a_delivery(f"blocked/{number}", priority=0, lane=lane, method=method))
        tx.outbox.owe(a_delivery("free", lane="free", method="free"))

    await store.transaction("owe", body)
    assert await _ready_keys(store, limit=2) == ["free"]
    assert await _ready_keys(store, 60, limit=2) == ["blocked/0", "blocked/1"]


async def test_a_leased_delivery_is_nobody_elses(store: OpenStore) -> None:
    await _owe(store, a_delivery())
    assert len(await _claim(store)) == 1
    assert await _claim(store, "t2", at=14.999) == []


async def test_an_expired_lease_is_claimed_again_as_uncertain(store: OpenStore) -> None:
    await _owe(store, a_delivery())
    await _claim(store)
    (again,) = await _claim(store, "t2", at=15)
    assert (again.attempts, again.uncertain) == (1, True)


async def _set_kind(store: OpenStore, key: str, kind: str) -> None:
    """As newer code would have written it."""
    statement = text("UPDATE outbox SET kind = :kind WHERE key = :key")
    await store.transaction(
        "newer", lambda tx: connection_of(tx).execute(statement, {"kind": kind, "key": key}).close()
    )


async def test_what_only_newer_code_knows_stops_nothing_else(store: OpenStore) -> None:
    await _owe(
        store, a_delivery("newer", order_key="chat", priority=0), a_delivery("known", order_key="chat")
    )
    await _set_kind(store, "newer", "carrier_pigeon")
    assert [one.key for one in await _claim(store)] == ["known"]


async def test_what_only_newer_code_knows_is_neither_counted_nor_waited_for(store: OpenStore) -> None:
    await _owe(store, a_delivery("newer"), a_delivery("known", not_before=NOW + seconds(9)))
    await _set_kind(store, "newer", "carrier_pigeon")
    assert await store.read(lambda tx: tx.outbox.backlog()) == (("line", 1, NOW),)
    assert await store.read(lambda tx: tx.outbox.soonest(Recipient.CHAT)) == NOW + seconds(9)


# The clock is set back


_AN_HOUR_BACK = -3600.0


async def test_what_was_owed_before_the_clock_was_set_back_goes_at_once(store: OpenStore) -> None:
    await _owe(store, a_delivery(not_before=NOW + seconds(3)))
    assert await _ready_keys(store, _AN_HOUR_BACK) == ["line/1"]


async def test_what_backs_off_when_the_clock_is_set_back_goes_at_once(store: OpenStore) -> None:
    await _owe(store, replace(a_delivery(), created_at=NOW - seconds(7200)))
    (one,) = await _claim(store)
    await _postpone(store, one, until=30)
    assert await _ready_keys(store, _AN_HOUR_BACK) == ["line/1"]


async def test_what_fails_after_the_clock_was_set_back_still_backs_off(store: OpenStore) -> None:
    await _owe(store, a_delivery())
    (one,) = await _claim(store, at=_AN_HOUR_BACK)
    await _postpone(store, one, until=_AN_HOUR_BACK + 30)
    assert await _ready_keys(store, _AN_HOUR_BACK + 29) == []
    assert await _ready_keys(store, _AN_HOUR_BACK + 30) == ["line/1"]


async def test_a_lease_from_before_the_clock_was_set_back_is_over(store: OpenStore) -> None:
    await _owe(store, a_delivery())
    await _claim(store)
    (again,) = await _claim(store, "t2", at=_AN_HOUR_BACK)
    assert again.uncertain


@pytest.mark.parametrize(("ahead", "keys"), [(LONGEST_SHUT, []), (LONGEST_SHUT + seconds(1), ["line/1"])])
async def test_a_lane_shut_by_a_clock_that_was_set_back_since_is_free(
    store: OpenStore, ahead: timedelta, keys: list[str]
) -> None:
    await _owe(store, a_delivery(lane="shut"))
    await store.transaction("shut", lambda tx: tx.lanes.free_at("shut", NOW + ahead))
    assert await _ready_keys(store) == keys


async def test_uncertainty_outlives_the_claim(store: OpenStore) -> None:
    await _owe(store, a_delivery())
    await _claim(store)
    await _claim(store, "t2", at=15)
    (third,) = await _claim(store, "t3", at=30)
    assert (third.attempts, third.uncertain) == (2, True)


async def test_a_lost_lease_settles_nothing(store: OpenStore) -> None:
    await _owe(store, a_delivery())
    (one,) = await _claim(store)
    await _claim(store, "t2", at=15)
    assert not await _settle(store, one)
    assert not await _postpone(store, one, until=0)
    assert not await _bury(store, one)
    assert await _settle(store, one, "t2")


async def test_a_settled_delivery_is_gone(store: OpenStore) -> None:
    await _owe(store, a_delivery())
    (one,) = await _claim(store)
    assert await _settle(store, one)
    assert await store.read(lambda tx: tx.outbox.backlog()) == ()


@pytest.mark.parametrize("uncertain", [True, False])
async def test_a_postponed_delivery_waits_and_remembers(store: OpenStore, *, uncertain: bool) -> None:
    await _owe(store, a_delivery())
    (one,) = await _claim(store)
    assert await _postpone(store, one, until=30, uncertain=uncertain)
    assert await _ready_keys(store, 29) == []
    (again,) = await _ready(store, 30)
    assert (again.attempts, again.uncertain) == (1, uncertain)


async def test_a_card_owed_again_while_it_waits_goes_once_with_the_newest(store: OpenStore) -> None:
    await _owe_again(store, a_delivery(payload={"n": 1}))
    newest = a_delivery(payload={"n": 2}, lane="other", method="m", priority=3, not_before=NOW + seconds(9))
    await _owe_again(store, newest)
    assert await _ready(store) == [replace(newest, revision=1, not_before=NOW)]


async def test_a_card_owed_again_keeps_its_place(store: OpenStore) -> None:
    await _owe_again(store, a_delivery("card", order_key="chat"))
    await _owe(store, a_delivery("line", order_key="chat"))
    await _owe_again(store, a_delivery("card", order_key="chat"))
    assert await _ready_keys(store) == ["card"]


async def test_a_card_owed_again_sooner_goes_sooner(store: OpenStore) -> None:
    await _owe_again(store, a_delivery(not_before=NOW + seconds(9)))
    await _owe_again(store, a_delivery(not_before=NOW + seconds(2)))
    assert await _ready_keys(store, 2) == ["line/1"]


async def test_a_card_owed_again_while_it_backs_off_goes_on_backing_off(store: OpenStore) -> None:
    await _owe_again(store, a_delivery())
    (one,) = await _claim(store)
    await _postpone(store, one, until=60)
    await _owe_again(store, a_delivery(not_before=NOW + seconds(1)))
    assert await _ready_keys(store, 59) == []
    (again,) = await _ready(store, 60)
    assert again.attempts == 1


async def test_a_card_owed_again_while_it_is_sent_takes_another_turn(store: OpenStore) -> None:
    await _owe_again(store, a_delivery())
    (one,) = await _claim(store)
    await _owe_again(store, a_delivery(payload={"n": 2}, not_before=NOW + seconds(3)))
    assert await _settle(store, one)
    assert await _ready_keys(store, 2) == []
    (again,) = await _ready(store, 3)
    assert (again.revision, again.attempts, again.uncertain, again.payload) == (1, 0, False, {"n": 2})


async def test_a_card_owed_again_in_an_uncertain_try_is_certain_after_it(store: OpenStore) -> None:
    await _owe_again(store, a_delivery())
    await _claim(store)
    (one,) = await _claim(store, "t2", at=15)
    await _owe_again(store, a_delivery())
    assert await _settle(store, one, "t2")
    (again,) = await _ready(store)
    assert not again.uncertain


async def test_a_card_owed_again_is_not_sent_twice_at_once(store: OpenStore) -> None:
    await _owe_again(store, a_delivery())
    await _claim(store)
    await _owe_again(store, a_delivery())
    assert await _claim(store, "t2") == []


async def test_a_dead_letter_owed_again_is_tried_afresh(store: OpenStore) -> None:
    await _owe_again(store, a_delivery())
    (one,) = await _claim(store)
    await _bury(store, one)
    assert await _ready_keys(store, 99) == []
    await _owe_again(store, a_delivery(not_before=NOW + seconds(1)))
    (again,) = await _ready(store, 1)
    assert again.attempts == 0


async def test_a_dead_letter_owed_once_more_stays_dead(store: OpenStore) -> None:
    await _owe(store, a_delivery())
    (one,) = await _claim(store)
    await _bury(store, one)
    await _owe(store, a_delivery())
    assert await _ready_keys(store) == []


async def test_dropped_deliveries_are_gone(store: OpenStore) -> None:
    await _owe(store, a_delivery("a"), a_delivery("b"))
    await store.transaction("drop", lambda tx: tx.outbox.drop(["a", "nobody"]))
    await store.transaction("drop", lambda tx: tx.outbox.drop([]))
    assert await _ready_keys(store) == ["b"]


async def test_only_waiting_pages_of_the_subject_are_dropped(store: OpenStore) -> None:
    def page(key: str, kind: DeliveryKind = DeliveryKind.PAGE, subject: str = "one") -> Delivery:
        return a_delivery(key, kind=kind, subject=subject)

    def body(tx: Transaction) -> tuple[str, ...]:
        tx.outbox.owe(page("sending"))
        tx.outbox.owe(page("failed"))
        failed = page("failed")
        tx.outbox.lease(["sending", "failed"], "t1", NOW + _LEASE)
        tx.outbox.postpone(failed, "t1", NOW, uncertain=False, why="no answer")
        tx.outbox.owe(page("untried"))
        tx.outbox.owe(page("level", DeliveryKind.PAGE_LEVEL))
        tx.outbox.owe(page("resolve", DeliveryKind.PAGE_RESOLVE))
        tx.outbox.owe(page("other", subject="two"))
        return tx.outbox.drop_waiting_pages("one")

    assert sorted(await store.transaction("drop", body)) == ["failed", "level", "untried"]
    backlog = await store.read(lambda tx: tx.outbox.backlog())
    assert {kind: count for kind, count, _ in backlog} == {"page": 2, "page_resolve": 1}


async def test_the_backlog_counts_what_waits_and_what_is_being_sent(store: OpenStore) -> None:
    await _owe(store, a_delivery("sent"))
    await _claim(store)
    await _owe(store, replace(a_delivery("later"), created_at=NOW + seconds(5)))
    await _owe(store, a_delivery("dead", kind=DeliveryKind.PAGE))

    def bury(tx: Transaction) -> None:
        tx.outbox.lease(["dead"], "t2", NOW)
        tx.outbox.bury(a_delivery("dead", kind=DeliveryKind.PAGE), "t2", "refused")

    await store.transaction("bury", bury)
    assert await store.read(lambda tx: tx.outbox.backlog()) == (("line", 2, NOW),)


async def test_the_soonest_is_the_first_that_may_be_tried(store: OpenStore) -> None:
    await _owe(store, a_delivery("leased"))
    await _claim(store)
    await _owe(store, a_delivery("waiting", not_before=NOW + seconds(20)))
    assert await store.read(lambda tx: tx.outbox.soonest(Recipient.CHAT)) == NOW + _LEASE
    await _owe(store, a_delivery("sooner", not_before=NOW + seconds(3)))
    assert await store.read(lambda tx: tx.outbox.soonest(Recipient.CHAT)) == NOW + seconds(3)


async def test_without_anything_owed_nothing_is_soonest(store: OpenStore) -> None:
    await _owe(store, a_delivery())
    assert await store.read(lambda tx: tx.outbox.soonest(Recipient.PAGER)) is None


async def test_a_lease_is_released_only_where_its_owner_must_be_dead(
    store: OpenStore, database_url: str
) -> None:
    await _owe(store, a_delivery())
    await _claim(store)
    released = await store.transaction("release", lambda tx: tx.outbox.release())
    assert released == (1 if database_url.startswith("sqlite") else 0)


async def test_a_released_delivery_is_uncertain(store: OpenStore, database_url: str) -> None:
    if database_url.startswith("postgresql"):
        pytest.skip("leases run out by themselves there")
    await _owe(store, a_delivery())
    await _claim(store)
    await store.transaction("release", lambda tx: tx.outbox.release())
    (again,) = await _ready(store)
    assert again.uncertain
