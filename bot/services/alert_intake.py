"""What a monitoring system tells of a group of alerts becomes rows, and what they owe, in one transaction.

The same news again, from a redelivery or from another Alertmanager of a cluster, change nothing; the group's
key is held meanwhile, so that two replicas make one episode of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from bot.domain.actor import ALERTMANAGER
from bot.domain.alert import Alert, AlertGroup, AlertSource, AlertStatus, GroupNews
from bot.domain.alert_look import look_key
from bot.domain.alert_news import changes
from bot.domain.alerting import AlertOutcome
from bot.domain.directory import Directory
from bot.domain.routing import Routed, route
from bot.ports.clock import Clock, IdSource
from bot.ports.store import Store, Transaction
from bot.services import storms
from bot.services.alert_links import join_open
from bot.services.alert_writing import (
    EDIT_WAIT,
    begin_alert,
    refire_alert,
    resolve_alert,
    worsen_alert,
    write_alert,
)
from bot.services.record import Record
from bot.services.watchdogs import heard


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


def take_in(
    record: Record, ids: IdSource, news: GroupNews, *, live: bool = False, held: AlertGroup | None = None
) -> Heard:
    """Write what is told of a group. `live`: it was just looked at, so that nothing of it can be late.

    `held` is the group where it is locked already, and open: then it is the newest of its key, and stays so.
    Its key is not taken after it, since whoever has the key waits for the group.
    """
    news = heard(record, news, live=live)
    if not news.alerts:
        return Heard.NOTHING
    newest = held or _newest(record, news)
    known = record.tx.alerts.overlapping(newest.id, news.alerts) if newest else ()
    changed = changes(known, news.alerts, record.now, live=live)
    if not changed and (newest is None or not newest.is_open or newest.truncated == news.truncated):
        return Heard.NOTHING
    firing = [alert for alert in news.alerts if alert.fires]
    routed = route(record.directory, firing or changed or news.alerts, news.group_labels)
    fires = any(alert.fires for alert in changed)
    if newest is None or (fires and not _goes_on(record, newest, routed)):
        if newest and newest.is_open:
            if held:  # what is to be added cannot be locked: its key has to be, though late
                record.tx.alert_groups.newest_of(news.key)
            changed = _part(record, newest, known, news)
        _begin(record, ids, _episode(record, ids, news, routed, changed), changed)
        return Heard.NEW
    newest = replace(newest, truncated=news.truncated)
    _go_on(record, ids, newest, changed, routed if firing else None)
    return Heard.CHANGED


def _newest(record: Record, news: GroupNews) -> AlertGroup | None:
    """The newest episode of the group, also where it was found by looking and has only now got its key."""
    newest = record.tx.alert_groups.newest_of(news.key)
    key = look_key(news.receiver, news.group_labels)
    if key == news.key or (newest is not None and newest.is_open):
        return newest
    found = record.tx.alert_groups.newest_of(key)
    if found is None or not found.is_open:
        return newest
    named = replace(found, key=news.key)
    record.tx.alert_groups.save(named)
    return named


def _goes_on(record: Record, group: AlertGroup, routed: Routed) -> bool:
    """Whether what fires belongs to this episode: it is not over, or not long enough.

    What nobody else may read never joins what stands where everybody reads it.
    """
    if routed.security and not group.security:
        return False
    within = record.directory.guide.alerting.flapping.within
    return group.is_open or (group.resolved_at is not None and record.now - group.resolved_at <= within)


def _part(record: Record, group: AlertGroup, known: Sequence[Alert], news: GroupNews) -> tuple[Alert, ...]:
    """An episode is over because it goes on where fewer may read it. Returns what fires there."""
    record.tx.alerts.end_all(group.id, record.now)
    _, resolved = record.tx.alerts.count(group.id)
    resolve_alert(record, replace(group, firing=0, resolved=resolved, changed_at=record.now))
    storms.urge(record, group)
    over = [alert for alert in known if not alert.fires]
    return changes(over, (alert for alert in news.alerts if alert.fires), record.now)


def _episode(
    record: Record, ids: IdSource, news: GroupNews, routed: Routed, changed: Sequence[Alert]
) -> AlertGroup:
    """A new episode of the group, as its alerts are routed now."""
    now, firing = record.now, [alert for alert in changed if alert.fires]
    began = min(alert.starts_at for alert in firing or changed)
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
        status=AlertStatus.FIRING if firing else AlertStatus.RESOLVED,
        firing=len(firing),
        resolved=len({alert.fingerprint for alert in changed} - {alert.fingerprint for alert in firing}),
        truncated=news.truncated,
        runbook_url=routed.runbook_url,
        dashboard_url=routed.dashboard_url,
        external_url=news.external_url,
        started_at=min(began, now),
        fired_at=now,
        changed_at=now,
        resolved_at=None if firing else now,
        epoch_at=now,
        incident_after=routed.incident_after,
    )


def _begin(record: Record, ids: IdSource, group: AlertGroup, changed: Sequence[Alert]) -> None:
    """A new episode. What was over when it was first heard of gets no card."""
    if group.is_open:
        group = storms.place(record, ids, group)
    group = record.tx.alert_groups.add(group)
    record.tx.alerts.tell(group.id, changed)
    if not group.is_open:
        return
    group = join_open(record, group, ids)
    if group.storm is not None:
        storms.stand_for(record, group)
    begin_alert(record, group)


def _go_on(
    record: Record, ids: IdSource, group: AlertGroup, changed: Sequence[Alert], routed: Routed | None
) -> None:
    """An episode goes on: more fires, less, or nothing any more. `routed` is how what fires is routed."""
    record.tx.alerts.tell(group.id, changed)
    firing, resolved = record.tx.alerts.count(group.id)
    heard = replace(group, firing=firing, resolved=resolved, changed_at=record.now)
    if routed is not None:
        heard = _described(heard, routed)
    if firing and not group.is_open:
        after = _again(record, ids, heard, routed)
    elif group.is_open and not firing:
        after = resolve_alert(record, heard)
    else:
        after = _changed(record, heard, routed)
    if (after.status, after.severity) != (group.status, group.severity):
        storms.urge(record, after)


def _again(record: Record, ids: IdSource, group: AlertGroup, routed: Routed | None) -> AlertGroup:
    """It fires again, soon enough to be the same episode. What was never shown is now."""
    hidden = group.carded_at is None and group.storm is None
    if hidden:
        group = storms.place(record, ids, group)
        if group.storm is not None:
            storms.stand_for(record, group)
    group = refire_alert(record, group)
    return worsen_alert(record, group, routed.severity, routed.path) if routed else group


def _changed(record: Record, group: AlertGroup, routed: Routed | None) -> AlertGroup:
    """Other alerts fire than before, or other words are said of them."""
    worse = worsen_alert(record, group, routed.severity, routed.path) if routed else group
    if worse is not group:
        return worse
    shown = group.carded_at is not None  # what a storm stands for shows nothing of this
    return write_alert(record, AlertOutcome(group=group), wait=EDIT_WAIT, shown=shown)


def _described(group: AlertGroup, routed: Routed) -> AlertGroup:
    """The group in the words of what fires now; its channel stays."""
    return replace(
        group,
        name=routed.name,
        summary=routed.summary,
        runbook_url=routed.runbook_url,
        dashboard_url=routed.dashboard_url,
    )
