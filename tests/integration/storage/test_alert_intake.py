"""News of alerts on real databases: whoever tells them, in whatever order: one episode, and one card."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.clock import RandomIds
from bot.domain.alert import Alert, AlertGroup, GroupNews
from bot.domain.alert_policy import AlertRoute, StormPolicy
from bot.domain.delivery import DeliveryKind
from bot.domain.severity import Severity
from bot.ports.store import Transaction
from bot.services.alert_intake import AlertIntake, Heard
from storage.open import OpenStore, open_store
from tests.support.builders import a_directory, a_guide, an_alert
from tests.support.clock import MONDAY_NOON, FakeClock

MINUTE = timedelta(minutes=1)
NOW = MONDAY_NOON + 9 * MINUTE

_keys = count(1)


@pytest.fixture
async def stores(store: OpenStore, database_url: str, clock: FakeClock) -> AsyncIterator[list[OpenStore]]:
    """One store on SQLite, where there can be no other; two of one database on PostgreSQL."""
    if database_url.startswith("sqlite"):
        yield [store]
        return
    other = await open_store(database_url, clock=clock)
    yield [store, other]
    await other.aclose()


def replicas(stores: Sequence[OpenStore], *, storm: int = 10_000) -> list[AlertIntake]:
    """An intake a store. Every alert pages; a channel bears as many cards as told."""
    route = AlertRoute(
        match=(),
        channel="platform-alerts",
        team="platform-team",
        severity=Severity.P0,
        page=True,
        escalates=True,
    )
    guide = a_guide()
    alerting = replace(guide.alerting, storm=StormPolicy(cards=storm))
    directory = a_directory(replace(guide, alerts=(route,), alerting=alerting))
    clock = FakeClock(NOW)
    return [AlertIntake(store=one, clock=clock, ids=RandomIds(), directory=directory) for one in stores]


def news(key: str, *alerts: Alert) -> GroupNews:
    return GroupNews(
        key=key,
        receiver="opsbot",
        group_labels={"alertname": "HighErrorRate"},
        common_labels={},
        common_annotations={},
        external_url=None,
        alerts=alerts,
    )


def firing(since: int, fingerprint: str = "f1") -> Alert:
    return an_alert(fingerprint=fingerprint, starts_at=MONDAY_NOON + since * MINUTE, seen_at=NOW)


def over(since: int, until: int, fingerprint: str = "f1") -> Alert:
    return replace(firing(since, fingerprint), ends_at=MONDAY_NOON + until * MINUTE)


async def group_of(store: OpenStore, key: str) -> AlertGroup | None:
    return await store.transaction("look", lambda tx: tx.alert_groups.newest_of(key))


async def numbers(store: OpenStore) -> list[AlertGroup]:
    def body(tx: Transaction) -> list[AlertGroup]:
        return list(tx.alert_groups.firing())

    return await store.read(body)


async def owed(store: OpenStore, kind: DeliveryKind) -> int:
    rows = await store.read(lambda tx: tx.outbox.backlog())
    return sum(count for name, count, _ in rows if name == kind.value)


async def test_replicas_that_hear_the_same_at_once_make_one_group(stores: list[OpenStore]) -> None:
    heard_by = replicas(stores)
    told = news("k", *(firing(0, f"f{number}") for number in range(20)))
    results = await asyncio.gather(*(heard_by[turn % len(heard_by)].hear(told) for turn in range(8)))
    assert sorted(results) == [Heard.NEW, *[Heard.NOTHING] * 7]
    (group,) = await numbers(stores[0])
    assert (group.firing, group.resolved, group.epoch) == (20, 0, 1)
    assert await owed(stores[0], DeliveryKind.ALERT) == 1
    assert await owed(stores[0], DeliveryKind.PAGE) == 1


async def test_an_end_and_a_firing_at_once_are_one_story(stores: list[OpenStore]) -> None:
    heard_by = replicas(stores)
    for turn in range(10):
        key = f"k{turn}"
        await asyncio.gather(
            heard_by[0].hear(news(key, firing(0))),
            heard_by[-1].hear(news(key, over(0, 1))),
        )
        group = await group_of(stores[0], key)
        assert group
        assert (group.is_open, group.firing, group.resolved) == (False, 0, 1)


async def test_replicas_do_not_post_a_card_too_many(stores: list[OpenStore]) -> None:
    heard_by = replicas(stores, storm=5)
    await asyncio.gather(
        *(heard_by[turn % len(heard_by)].hear(news(f"k{turn}", firing(0))) for turn in range(24))
    )
    groups = await numbers(stores[0])
    (storm,) = [one for one in groups if one.key.startswith("storm/")]
    assert len([one for one in groups if one.carded_at]) == 5 + 1
    assert len([one for one in groups if one.storm == storm.id]) == storm.firing == 24 - 5
    assert await owed(stores[0], DeliveryKind.ALERT) == 5 + 1
    assert await owed(stores[0], DeliveryKind.PAGE) == 5 + 1


@st.composite
def histories(draw: st.DrawFn) -> list[Alert]:
    """What is told of two alerts that fire up to twice; of some firings no end is told."""
    told: list[Alert] = []
    for fingerprint in ("f1", "f2"):
        minute = 0
        for _ in range(draw(st.integers(1, 2))):
            since = minute + draw(st.integers(1, 2))
            minute = since + draw(st.integers(0, 1))
            told.append(firing(since, fingerprint))
            if draw(st.booleans()):
                told.append(over(since, minute, fingerprint))
    return told


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), history=histories())
async def test_any_order_and_any_repetition_make_the_same_rows_and_one_card(
    stores: list[OpenStore], data: st.DataObject, history: list[Alert]
) -> None:
    heard_by = replicas(stores)
    again = data.draw(st.lists(st.sampled_from(history), max_size=3))
    shuffled = data.draw(st.permutations(history + again))
    straight, mixed = f"k{next(_keys)}", f"k{next(_keys)}"
    before = await owed(stores[0], DeliveryKind.ALERT)
    for alert in history:
        await heard_by[0].hear(news(straight, alert))
    assert await owed(stores[0], DeliveryKind.ALERT) == before + 1
    for turn, alert in enumerate(shuffled):
        await heard_by[turn % len(heard_by)].hear(news(mixed, alert))
    assert await owed(stores[0], DeliveryKind.ALERT) <= before + 2
    assert await _state(stores[0], mixed) == await _state(stores[0], straight)


async def _state(store: OpenStore, key: str) -> Any:
    def body(tx: Transaction) -> Any:
        group = tx.alert_groups.newest_of(key)
        assert group
        return group.status, group.firing, group.resolved, tx.alerts.of(group.id)

    return await store.transaction("look", body)
