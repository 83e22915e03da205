from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.actor import Actor
from bot.domain.incident import Incident, Status
from bot.domain.path import Path, Rung
from bot.domain.severity import Severity
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.integration.storage.rows import ANA, NOW, an_incident
from tests.support.budgets import budget_notes

_TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
_INSTANTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)
_ACTORS = st.builds(Actor, id=_TEXTS, name=_TEXTS)
_PATHS = st.builds(
    Path,
    rungs=st.lists(st.builds(Rung, tier=_TEXTS, title=_TEXTS), max_size=3).map(tuple),
    response=st.none() | st.integers(1, 10**10).map(lambda count: timedelta(milliseconds=count)),
    pages=st.booleans(),
    repeats=st.booleans(),
)
_COUNTS = st.integers(0, 2**31 - 1)
_INCIDENTS = st.builds(
    Incident,
    id=st.just("one"),
    number=st.just(0),
    severity=st.sampled_from(Severity),
    status=st.sampled_from(Status),
    title=_TEXTS,
    service=st.none() | _TEXTS,
    channel=_TEXTS,
    security=st.booleans(),
    path=_PATHS,
    declared_by=_ACTORS,
    declared_at=_INSTANTS,
    epoch=_COUNTS,
    epoch_at=_INSTANTS,
    next_step=_COUNTS,
    acknowledged_by=st.none() | _ACTORS,
    acknowledged_at=st.none() | _INSTANTS,
    mitigated_at=st.none() | _INSTANTS,
    ended_by=st.none() | _ACTORS,
    ended_at=st.none() | _INSTANTS,
    update=st.none() | _TEXTS,
    impact=st.none() | _TEXTS,
    roles=st.dictionaries(_TEXTS, _ACTORS, max_size=3),
    merged_into=st.none() | _COUNTS,
    over_asked_at=st.none() | _INSTANTS,
    budget=st.none() | budget_notes(),
)


async def test_every_incident_comes_back_as_it_was(store: OpenStore) -> None:
    written: list[Incident] = []

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(_INCIDENTS)
    def write(tx: Transaction, incident: Incident) -> None:
        written.append(tx.incidents.add(replace(incident, id=f"id-{len(written)}")))

    await store.transaction("write", write)

    read = await store.read(lambda tx: [tx.incidents.by_id(one.id) for one in written])
    assert read == written


async def test_numbers_count_up_from_one(store: OpenStore) -> None:
    first = await store.transaction("add", lambda tx: tx.incidents.add(an_incident("one")))
    second = await store.transaction("add", lambda tx: tx.incidents.add(an_incident("two")))
    assert (first.number, second.number) == (1, 2)


async def test_saving_writes_every_column(store: OpenStore) -> None:
    added = await store.transaction("add", lambda tx: tx.incidents.add(an_incident()))
    changed = replace(
        added.acknowledge(ANA, NOW).mitigate(ANA, NOW).report("better", NOW).resolve(ANA, NOW),
        severity=Severity.P2,
        epoch=3,
        next_step=2,
    )
    await store.transaction("save", lambda tx: tx.incidents.save(changed))
    assert await store.read(lambda tx: tx.incidents.by_number(added.number)) == changed


async def test_saving_an_unknown_incident_is_an_error(store: OpenStore) -> None:
    with pytest.raises(LookupError, match="never added"):
        await store.transaction("save", lambda tx: tx.incidents.save(an_incident()))


@pytest.mark.parametrize("number", [0, -1, 7, 2**31, 10**30])
async def test_a_number_that_nobody_has_finds_nothing(store: OpenStore, number: int) -> None:
    assert await store.read(lambda tx: tx.incidents.by_number(number)) is None


async def test_the_open_ones_come_most_urgent_then_newest_first(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        tx.incidents.add(an_incident("mild", severity=Severity.P3))
        tx.incidents.add(an_incident("older", severity=Severity.P0))
        tx.incidents.add(an_incident("over", severity=Severity.P0, status=Status.RESOLVED))
        tx.incidents.add(an_incident("newer", severity=Severity.P0, status=Status.MITIGATED))

    await store.transaction("add", body)
    opened = await store.read(lambda tx: tx.incidents.open())
    assert [one.id for one in opened] == ["newer", "older", "mild"]


@pytest.mark.parametrize("status", Status)
async def test_the_database_calls_open_what_the_domain_calls_open(store: OpenStore, status: Status) -> None:
    await store.transaction("add", lambda tx: tx.incidents.add(an_incident(status=status)))
    assert bool(await store.read(lambda tx: tx.incidents.open())) is status.is_open


async def test_what_is_fresh_is_open_of_one_kind_and_the_newest_first(store: OpenStore) -> None:
    since = NOW - timedelta(hours=1)

    def body(tx: Transaction) -> list[list[str]]:
        tx.incidents.add(replace(an_incident("old"), declared_at=since - timedelta(milliseconds=1)))
        tx.incidents.add(replace(an_incident("first"), declared_at=since))
        tx.incidents.add(an_incident("over", status=Status.MERGED))
        tx.incidents.add(an_incident("second"))
        tx.incidents.add(replace(an_incident("drill"), drill=True))
        tx.incidents.add(replace(an_incident("secret"), security=True))
        kinds = [(False, False), (False, True), (True, False), (True, True)]
        found = [tx.incidents.fresh(since, security=secret, drill=drill) for secret, drill in kinds]
        return [[one.id for one in fresh] for fresh in found]

    assert await store.transaction("add", body) == [["second", "first"], ["drill"], ["secret"], []]


async def test_what_was_open_at_some_time_of_a_span_is_found_without_secrets(store: OpenStore) -> None:
    hour = timedelta(hours=1)
    begun = replace(an_incident("goes on"), declared_at=NOW - 5 * hour, service="identity")
    over = replace(begun, id="before", status=Status.RESOLVED, ended_at=NOW - 2 * hour)

    def body(tx: Transaction) -> None:
        tx.incidents.add(begun)
        tx.incidents.add(over)
        tx.incidents.add(replace(over, id="into it", ended_at=NOW - hour, service="payment"))
        tx.incidents.add(replace(begun, id="after", declared_at=NOW + hour))
        tx.incidents.add(replace(begun, id="secret", security=True))
        tx.incidents.add(replace(begun, id="exercise", drill=True))
        tx.incidents.add(replace(begun, id="nothing", status=Status.CANCELLED, ended_at=NOW))

    await store.transaction("add", body)
    of_all, of_one = await store.read(
        lambda tx: (
            tx.incidents.during(NOW - hour, NOW, None),
            tx.incidents.during(NOW - hour, NOW, "payment"),
        )
    )
    assert {one.id for one in of_all} == {"into it", "goes on"}
    assert [one.id for one in of_one] == ["into it"]


async def test_a_month_of_many_incidents_is_told_whole(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        for number in range(60):
            tx.incidents.add(an_incident(f"i{number}", severity=Severity.P3))

    await store.transaction("add", body)
    during = await store.read(lambda tx: tx.incidents.during(NOW - timedelta(days=30), NOW, None))
    assert len(during) == 60


async def test_counts_are_by_severity_and_status(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        tx.incidents.add(an_incident("a"))
        tx.incidents.add(an_incident("b"))
        tx.incidents.add(an_incident("c", severity=Severity.P2, status=Status.CANCELLED))

    await store.transaction("add", body)
    counts = await store.read(lambda tx: tx.incidents.counts())
    assert sorted(counts) == [("P0", "triggered", 2), ("P2", "cancelled", 1)]


async def test_locking_the_free_ones_reads_them_by_id(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[str]:
        for name in ("b", "a", "c"):
            tx.incidents.add(an_incident(name))
        return [one.id for one in tx.incidents.lock_free(["c", "a", "nobody"])]

    assert await store.transaction("add", body) == ["a", "c"]


async def test_locking_none_reads_none(store: OpenStore) -> None:
    assert await store.transaction("lock", lambda tx: tx.incidents.lock_free([])) == ()


@pytest.mark.parametrize(
    "read",
    [
        lambda tx: tx.incidents.by_id("one", lock=True),
        lambda tx: tx.incidents.by_number(1, lock=True),
    ],
)
async def test_a_locked_incident_reads_like_any_other(
    store: OpenStore, read: Callable[[Transaction], Incident | None]
) -> None:
    added = await store.transaction("add", lambda tx: tx.incidents.add(an_incident()))
    assert await store.transaction("lock", read) == added
