"""What a monitoring system tells of a group of alerts becomes rows, and what they owe, in one transaction.

The same news again, from a redelivery or from another Alertmanager of a cluster, change nothing; the group's
key is held meanwhile, so that two replicas make one episode of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.alert import Alert, AlertGroup, AlertSource, AlertStatus, GroupNews
from bot.domain.alert_news import changes
from bot.domain.directory import Directory
from bot.domain.routing import Routed, route
from bot.ports.clock import Clock, IdSource
from bot.ports.store import Store, Transaction
from bot.services.record import Record
from bot.services.watchdogs import heard

ALERTMANAGER = Actor(id="alertmanager", name="Alertmanager")
"""Who says that alerts fire, and that they are over."""

EDIT_WAIT = timedelta(seconds=2)
"""What is told of a group may wait this long for its card, so that several news share one edit."""


class Heard(StrEnum):
    """What became of news."""

    NEW = "new"  # a new episode began
    CHANGED = "changed"  # an episode went on
    NOTHING = "nothing"  # all of it was known


class AlertIntake:
    """Hears of alerts."""

    def __init__(self, *, store: Store, clock: Clock, ids: IdSource, directory: Directory) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._directory = directory

    async def hear(self, news: GroupNews) -> Heard:
        """When this returns, all that is told is on disk. Raises StoreUnavailable."""
        now = self._clock.now()

        def body(tx: Transaction) -> Heard:
            record = Record(tx=tx, now=now, actor=ALERTMANAGER, directory=self._directory)
            return take_in(record, self._ids, news)

        return await self._store.transaction("hear_alerts", body)


def take_in(record: Record, ids: IdSource, news: GroupNews, *, live: bool = False) -> Heard:
    """Write what is told of a group. `live`: it was just looked at, so that nothing of it can be late."""
    news = heard(record, news)
    if not news.alerts:
        return Heard.NOTHING
    newest = record.tx.alert_groups.newest_of(news.key)
    known = record.tx.alerts.overlapping(newest.id, news.alerts) if newest else ()
    changed = changes(known, news.alerts, record.now, live=live)
    if not changed and (newest is None or newest.truncated == news.truncated or not newest.is_open):
        return Heard.NOTHING
    firing = [alert for alert in changed if alert.fires]
    if newest is None or (firing and not _goes_on(record, newest, news)):
        _begin(record, _episode(record, ids, news, changed), changed)
        return Heard.NEW
    _go_on(record, newest, news, changed)
    return Heard.CHANGED


def _goes_on(record: Record, group: AlertGroup, news: GroupNews) -> bool:
    """Whether what fires belongs to this episode: it is not over, or not long enough."""
    if group.is_open:
        return True
    within = record.directory.guide.alerting.flapping.within
    return group.resolved_at is not None and record.now - group.resolved_at <= within


def _episode(record: Record, ids: IdSource, news: GroupNews, changed: tuple[Alert, ...]) -> AlertGroup:
    """A new episode of the group, as its alerts are routed now."""
    firing = [alert for alert in news.alerts if alert.fires]
    now, routed = record.now, route(record.directory, firing or changed, news.group_labels)
    began = min((alert.starts_at for alert in firing or changed), default=now)
    fires = any(alert.fires for alert in changed)
    return AlertGroup(
        id=ids.new_id(),
        number=0,
        source=AlertSource.ALERTMANAGER,
        key=news.key,
        receiver=news.receiver,
        name=routed.name,
        summary=routed.summary,
        labels=news.group_labels,
        severity=routed.severity,
        channel=routed.channel,
        team=routed.team,
        service=routed.service,
        security=routed.security,
        path=routed.path,
        status=AlertStatus.FIRING if fires else AlertStatus.RESOLVED,
        firing=len({alert.fingerprint for alert in changed if alert.fires}),
        resolved=0,
        truncated=news.truncated,
        runbook_url=routed.runbook_url,
        dashboard_url=routed.dashboard_url,
        external_url=news.external_url,
        started_at=min(began, now),
        fired_at=now,
        changed_at=now,
        resolved_at=None if fires else now,
        epoch_at=now,
        incident_after=routed.incident_after,
    )


def _begin(record: Record, group: AlertGroup, changed: tuple[Alert, ...]) -> None:
    """A new episode. What was over when it was first heard of gets no card."""
    group = replace(group, carded_at=record.now if group.is_open else None)
    group = record.tx.alert_groups.add(group)
    record.tx.alerts.tell(group.id, changed)
    if group.is_open:
        record.show(group, posted=False)


def _go_on(record: Record, group: AlertGroup, news: GroupNews, changed: tuple[Alert, ...]) -> None:
    """An episode goes on: more fires, less, or nothing any more."""
    record.tx.alerts.tell(group.id, changed)
    firing, resolved = record.tx.alerts.count(group.id)
    group = _described(record, group, news)
    group = replace(group, firing=firing, resolved=resolved, changed_at=record.now)
    if firing and not group.is_open:
        group = _again(group, record.now)
    elif not firing and group.is_open:
        group = replace(group, status=AlertStatus.RESOLVED, resolved_at=record.now)
    record.tx.alert_groups.save(group)
    if group.carded_at is not None:
        record.show(group, wait=EDIT_WAIT)


def _described(record: Record, group: AlertGroup, news: GroupNews) -> AlertGroup:
    """The group in the words of what fires now; its channel stays."""
    firing = [alert for alert in news.alerts if alert.fires]
    if not firing:
        return replace(group, truncated=news.truncated)
    routed: Routed = route(record.directory, firing, news.group_labels)
    severity = routed.severity if routed.severity.is_worse_than(group.severity) else group.severity
    return replace(
        group,
        name=routed.name,
        summary=routed.summary,
        severity=severity,
        truncated=news.truncated,
        runbook_url=routed.runbook_url,
        dashboard_url=routed.dashboard_url,
    )


def _again(group: AlertGroup, now: datetime) -> AlertGroup:
    return replace(
        group,
        status=AlertStatus.FIRING,
        resolved_at=None,
        fired_at=now,
        flaps=group.flaps + 1,
        carded_at=group.carded_at or now,
    )
