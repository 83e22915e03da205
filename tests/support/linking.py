"""Incidents and alert groups over one store, without vendors: what people and alerts do to both."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import count
from typing import Any, TypeVar

from bot.domain.actor import OPSBOT, Actor
from bot.domain.alert import AlertGroup
from bot.domain.errors import DomainError
from bot.domain.incident import Status
from bot.domain.severity import Severity
from bot.ports.store import Transaction
from bot.services.alert_links import join_open
from bot.services.alert_writing import acknowledge_alert, begin_alert, refire_alert, resolve_alert
from bot.services.incident_changes import IncidentChanges
from bot.services.incidents import Incidents
from bot.services.linked_alerts import LinkedAlerts
from bot.services.merging import Merging
from bot.services.record import Record
from bot.services.requests import Declaration, Ref, Request
from bot.services.timers import Timers
from storage.open import OpenStore
from tests.support.builders import EVERYBODY, a_directory, an_alert_group
from tests.support.clock import FakeClock, SequenceIds
from tests.support.fake_vendors import FakeWorkspace

R = TypeVar("R")
ANA = Actor(id="U0ANA0001", name="ana")


class Linking:
    """What is done, by whom it concerns; refusals are as good as deeds."""

    def __init__(self, store: OpenStore, clock: FakeClock) -> None:
        self._store = store
        self._clock = clock
        self._ids = SequenceIds()
        self._requests = count(1)
        self._directory = a_directory()
        given: dict[str, Any] = {
            "store": store,
            "clock": clock,
            "directory": self._directory,
            "rights": EVERYBODY,
        }
        self._incidents = Incidents(ids=self._ids, workspace=FakeWorkspace(), **given)
        self._merging = Merging(**given)
        self._linked = LinkedAlerts(store=store, changes=IncidentChanges(**given))
        self._timers = Timers(store=store, clock=clock, ids=self._ids, directory=self._directory)

    async def declares(self, severity: Severity = Severity.P1, alert: str | None = None) -> None:
        said = Declaration(severity=severity, title="it is down", service="payment", alert=alert)
        with suppress(DomainError):
            await self._incidents.declare(self._request(), said)

    async def comes(self, severity: Severity = Severity.P1, **changes: Any) -> AlertGroup:
        group_id, now = self._ids.new_id(), self._clock.now()
        values = {"id": group_id, "number": 0, "key": group_id, "service": "payment", "severity": severity}
        group = an_alert_group(**{**values, "started_at": now, **changes})

        def body(record: Record) -> AlertGroup:
            added = record.tx.alert_groups.add(group)
            return begin_alert(record, join_open(record, added, self._ids))

        return await self._written(body)

    async def resolves(self, number: int) -> None:
        await self._turns(number, resolve_alert)

    async def fires_again(self, number: int) -> None:
        await self._turns(number, refire_alert)

    async def is_taken(self, number: int) -> None:
        with suppress(DomainError):
            await self._turns(number, acknowledge_alert)

    async def does(self, deed: str, number: int, other: int) -> None:
        """What a person does to an incident, by its number; `other` is another's, or an alert's."""
        ref, request = Ref(number=number), self._request()
        deeds: dict[str, Callable[[], Any]] = {
            "acknowledge": lambda: self._incidents.acknowledge(request, ref),
            "resolve": lambda: self._incidents.resolve(request, ref),
            "reopen": lambda: self._incidents.reopen(request, ref),
            "merge": lambda: self._merging.merge(request, ref, Ref(number=other)),
            "link": lambda: self._linked.link(request, ref, other),
            "unlink": lambda: self._linked.unlink(request, other),
            "over": lambda: self._linked.over(request, ref),
            "not yet": lambda: self._linked.not_yet(request, ref),
        }
        with suppress(DomainError):
            await deeds[deed]()

    async def settles(self) -> None:
        """Everything that is due happens."""
        await self._timers.fire_due()

    async def wrongs(self) -> list[str]:
        """What does not fit together, once all that is due has happened."""
        return await self._store.read(_wrongs)

    async def _turns(self, number: int, verb: Callable[[Record, AlertGroup], AlertGroup]) -> None:
        def body(record: Record) -> None:
            group = record.tx.alert_groups.by_number(number, lock=True)
            if group is not None:
                verb(record, replace(group, changed_at=record.now))

        await self._written(body)

    async def _written(self, body: Callable[[Record], R]) -> R:
        def run(tx: Transaction) -> R:
            return body(Record(tx=tx, now=self._clock.now(), actor=OPSBOT, directory=self._directory))

        return await self._store.transaction("alert_news", run)

    def _request(self) -> Request:
        return Request(source="test", delivery_id=str(next(self._requests)), actor=ANA, channel=None)


def _wrongs(tx: Transaction) -> list[str]:
    wrongs: list[str] = []
    number = 1
    while incident := tx.incidents.by_number(number):
        number += 1
        told, groups = tx.told_alerts.of(incident.id), tx.alert_groups.of_incident(incident.id)
        if told != {one.id: one.status for one in groups}:
            wrongs.append(f"{incident.label} was told {told}, of {[one.label for one in groups]}")
        if incident.status is Status.MERGED and groups:
            wrongs.append(f"{incident.label} was merged, and kept its alerts")
        if incident.status is Status.RESOLVED and any(one.waits for one in groups if one.flaps == 0):
            wrongs.append(f"{incident.label} is over, and one of its alerts waits")
        if incident.over_asked_at and (not incident.is_open or any(one.is_open for one in groups)):
            wrongs.append(f"{incident.label} is asked whether it is over, and is, or is not")
    number = 1
    while group := tx.alert_groups.by_number(number):
        number += 1
        if group.incident and tx.incidents.by_id(group.incident) is None:
            wrongs.append(f"{group.label} belongs to nothing that there is")
    return wrongs
