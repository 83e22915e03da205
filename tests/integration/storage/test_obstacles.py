"""What the change gate reads of incidents and alert groups is what their whole rows say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.alert import AlertGroup, AlertState, AlertStatus
from bot.domain.incident import Incident, Status
from bot.domain.severity import Severity
from bot.domain.text import clean
from bot.ports.store import Transaction
from bot.services.slo_surroundings import GRAVE, MOST_HIDDEN, MOST_OBSTACLES, hidden_of, obstacles_of
from storage.open import OpenStore
from tests.support.builders import ANA, a_path, an_alert_group, an_incident
from tests.support.clock import MONDAY_NOON

SERVICES = (None, "payment", "search")
LATER = MONDAY_NOON + timedelta(hours=1)

_SELDOM = st.sampled_from((False, False, False, True))
_INCIDENTS = st.builds(
    an_incident,
    number=st.just(0),
    severity=st.sampled_from(Severity),
    status=st.sampled_from(Status),
    service=st.sampled_from(SERVICES),
    security=_SELDOM,
    drill=_SELDOM,
)
_PATHS = st.builds(replace, st.just(a_path()), pages=st.booleans(), at_once=st.booleans())
_GROUPS = st.builds(
    an_alert_group,
    number=st.just(0),
    name=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=90),
    severity=st.sampled_from(Severity),
    status=st.sampled_from((AlertStatus.FIRING, *AlertStatus)),
    service=st.sampled_from(SERVICES),
    security=_SELDOM,
    path=_PATHS,
    paged_at=st.none() | st.just(LATER),
    acknowledged_by=st.none() | st.just(ANA),
    silenced_until=st.none() | st.just(LATER),
)
_SOME = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)


async def test_the_obstacles_are_those_of_the_whole_rows_after_each_that_is_added(store: OpenStore) -> None:
    known: list[str] = []

    @_SOME
    @given(st.lists(_INCIDENTS, min_size=3, max_size=6), st.lists(_GROUPS, min_size=4, max_size=9))
    def write(tx: Transaction, incidents: list[Incident], groups: list[AlertGroup]) -> None:
        for incident in incidents:
            known.append(f"id-{len(known)}")
            tx.incidents.add(replace(incident, id=known[-1]))
        for group in groups:
            known.append(f"id-{len(known)}")
            tx.alert_groups.add(replace(group, id=known[-1], key=known[-1]))
        for service in (*SERVICES, "no such"):
            assert [one.label for one in obstacles_of(tx, service)] == labels_of(tx, service)
        assert list(hidden_of(tx)) == list(_secret(tx))[:MOST_HIDDEN]

    await store.transaction("write", write)
    assert await store.read(lambda tx: labels_of(tx, None))


async def test_more_than_are_told_are_cut_with_the_most_urgent_kept(store: OpenStore) -> None:
    def write(tx: Transaction) -> None:
        for number in range(1, 31):
            tx.alert_groups.add(an_alert_group(id=f"g{number}", key=f"{number}", number=0, name="Slow"))
        for number in range(1, 4):
            tx.incidents.add(an_incident(id=f"i{number}", number=0))

    await store.transaction("write", write)
    told = await store.read(lambda tx: [one.label for one in obstacles_of(tx, None)])
    assert told == [
        *(f"#{number} P0 “checkout is down”" for number in (3, 2, 1)),
        *(f"A{number} Slow" for number in range(30, 13, -1)),
    ]


def labels_of(tx: Transaction, service: str | None) -> list[str]:
    """The same, of whole rows."""
    return list(_labels(tx, service))[:MOST_OBSTACLES]


def _labels(tx: Transaction, service: str | None) -> Iterator[str]:
    for incident in tx.incidents.open():
        if _is_grave(incident) and not incident.security and _concerns(incident, service):
            yield f"#{incident.number} {incident.severity} “{clean(incident.title, 60)}”"
    for group in tx.alert_groups.firing():
        if _is_heard(group) and not group.security and _concerns(group, service):
            yield f"{group.label} {clean(group.name, 60)}"


def _secret(tx: Transaction) -> Iterator[str]:
    for incident in tx.incidents.open():
        if _is_grave(incident) and incident.security:
            yield f"{incident.public_title}, {incident.severity}"
    for group in tx.alert_groups.firing():
        if _is_heard(group) and group.security:
            yield f"{group.public_title}, {group.severity}"


def _is_grave(incident: Incident) -> bool:
    return incident.severity in GRAVE and not incident.drill


def _is_heard(group: AlertGroup) -> bool:
    reaches = group.path.pages and (group.path.at_once or group.paged_at is not None)
    return reaches and group.state is not AlertState.SILENCED


def _concerns(subject: Incident | AlertGroup, service: str | None) -> bool:
    return service is None or subject.service in {None, service}
