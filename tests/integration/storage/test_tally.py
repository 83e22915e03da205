from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.event import EventKind
from bot.domain.incident import Incident, Status
from bot.domain.page import PageMark
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.integration.storage.rows import ANA, NOW, a_page, an_incident

HOUR = timedelta(hours=1)


def _counted(tx: Transaction) -> list[tuple[str | None, int]]:
    found = tx.tally.between(NOW - HOUR, NOW + HOUR)
    return sorted((one.service, len(one.pages)) for one in found)


def _taken(tx: Transaction, incident: Incident, *minutes: int) -> None:
    for minute in minutes:
        at = NOW + timedelta(minutes=minute)
        tx.events.append(incident.id, at=at, actor=ANA, kind=EventKind.ACKNOWLEDGED, data={})


async def test_drills_false_alarms_and_what_is_older_are_not_counted(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[tuple[str | None, int]]:
        tx.incidents.add(an_incident("one"))
        tx.incidents.add(replace(an_incident("two"), drill=True))
        tx.incidents.add(an_incident("three", status=Status.CANCELLED))
        tx.incidents.add(an_incident("merged", status=Status.MERGED))
        tx.incidents.add(replace(an_incident("four"), declared_at=NOW - 2 * HOUR))
        return _counted(tx)

    assert await store.transaction("count", body) == [("payment", 0)]


async def test_pages_that_were_sent_are_counted(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[tuple[str | None, int]]:
        tx.incidents.add(an_incident("one"))
        for step in range(2):
            tx.pages.add(a_page(step))
        tx.pages.mark(a_page(0), PageMark.SENT, NOW)
        return _counted(tx)

    assert await store.transaction("count", body) == [("payment", 1)]


async def test_the_first_acknowledgement_counts_though_it_was_undone_since(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[timedelta]:
        corrected = replace(an_incident("one"), acknowledged_at=NOW + timedelta(minutes=3))
        raised = replace(an_incident("two"), acknowledged_at=NOW + timedelta(minutes=50))
        for incident in (corrected, raised, an_incident("three")):
            tx.incidents.add(incident)
        _taken(tx, corrected, 9)
        _taken(tx, raised, 5, 50)
        found = tx.tally.between(NOW - HOUR, NOW + HOUR)
        return sorted(
            (one.acknowledged_at - one.declared_at for one in found if one.acknowledged_at),
        )

    first = await store.transaction("count", body)
    assert first == [timedelta(minutes=3), timedelta(minutes=5)]


async def test_what_was_reopened_is_not_resolved(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[bool]:
        tx.incidents.add(replace(an_incident("one", status=Status.RESOLVED), ended_at=NOW))
        tx.incidents.add(replace(an_incident("two"), ended_at=None))
        return sorted(one.resolved_at is not None for one in tx.tally.between(NOW - HOUR, NOW + HOUR))

    assert await store.transaction("count", body) == [False, True]
