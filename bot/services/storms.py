"""More new alert groups at once than a channel bears: a storm stands for them, with one card, and pages once.

Whoever holds a group that a storm stands for does not lock the storm: what changed is looked at in a
transaction of its own, which is only urged. Whoever adds a group holds its channel's storm meanwhile, so
that of several replicas none posts a card too many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.alert import AlertGroup, AlertSource, AlertStatus
from bot.domain.alert_policy import StormPolicy
from bot.domain.alerting import AlertOutcome
from bot.domain.text import duration
from bot.domain.timer import Timer, storm_timer
from bot.ports.clock import IdSource
from bot.services.alert_writing import (
    EDIT_WAIT,
    begin_alert,
    refire_alert,
    resolve_alert,
    worsen_alert,
    write_alert,
)
from bot.services.carrying import is_carried
from bot.services.incident_news import await_incident
from bot.services.record import Record

LOOK_WAIT = timedelta(seconds=2)
"""What has changed waits this long, so that many changes are one look."""

NAME = "Alert storm"


def storm_key(channel: str) -> str:
    """The key of a channel's storm. What fewer may read has a channel of its own, and so a storm."""
    return f"storm/{channel}"


def place(record: Record, ids: IdSource, group: AlertGroup) -> AlertGroup:
    """Give a group that is about to be shown a card of its own, or let its channel's storm stand for it."""
    policy, groups = record.directory.guide.alerting.storm, record.tx.alert_groups
    storm = groups.newest_of(storm_key(group.channel))
    recent = groups.carded_since(group.channel, record.now - policy.within)
    if recent < policy.cards and not (storm and _rages(storm, policy, record.now)):
        return replace(group, carded_at=record.now)
    within = record.directory.guide.alerting.flapping.within
    return replace(group, storm=storm.id if storm and _goes_on(storm, within, record.now) else ids.new_id())


def stand_for(record: Record, group: AlertGroup) -> None:
    """The storm that is to stand for a group that was just added does so: it begins, or takes one more in."""
    assert group.storm is not None
    storm = record.tx.alert_groups.by_id(group.storm)  # held already: see `place`
    if storm is None:
        begin_alert(record, record.tx.alert_groups.add(_storm(record, group)))
        return
    after = _soonest(storm, group)
    hurried = after != storm.incident_after
    storm = replace(storm, firing=storm.firing + 1, changed_at=record.now, incident_after=after)
    storm = replace(storm, fired_at=record.now) if storm.is_open else refire_alert(record, storm)
    followed = _follow(record, storm, [group])
    _written(record, storm, followed)
    if hurried:
        await_incident(record, followed)


def urge(record: Record, group: AlertGroup) -> None:
    """Something of a group has changed: the storm that stands for it is looked at soon."""
    if group.storm is not None:
        record.tx.timers.urge(storm_timer(group.storm, record.now + LOOK_WAIT))


def look(record: Record, storm: AlertGroup, _timer: Timer) -> None:
    """Let a storm be as what it stands for is now: over once all of that is."""
    members = record.tx.alert_groups.members(storm.id)
    firing = [one for one in members if one.is_open]
    resolved = len(members) - len(firing)
    seen = replace(storm, firing=len(firing), resolved=resolved, changed_at=record.now)
    if not firing:
        if storm.is_open:
            resolve_alert(record, seen)
        return
    if not storm.is_open:
        seen = refire_alert(record, seen)
    _written(record, seen, _follow(record, seen, firing))


def _rages(storm: AlertGroup, policy: StormPolicy, now: datetime) -> bool:
    """Whether it still takes in what comes: it goes on, and has taken something in a short time ago."""
    return storm.is_open and now - storm.fired_at < policy.within


def _goes_on(storm: AlertGroup, within: timedelta, now: datetime) -> bool:
    """Whether what comes now is of this storm: it is not over, or not long enough."""
    return storm.is_open or (storm.resolved_at is not None and now - storm.resolved_at <= within)


def _follow(record: Record, storm: AlertGroup, members: Sequence[AlertGroup]) -> AlertGroup:
    """A storm is as urgent as the worst that would page by itself, and pages in its place.

    Where none would, it is as urgent as the worst of all.
    """
    waiting = sorted((one for one in members if one.waits), key=lambda one: one.severity.rank)
    paging = next((one for one in waiting if _pages(record, one)), None)
    if paging is not None:
        if not storm.path.reaches:
            storm = replace(storm, severity=paging.severity)
        return worsen_alert(record, storm, paging.severity, paging.path)
    if waiting and not storm.path.reaches and waiting[0].severity.is_worse_than(storm.severity):
        return replace(storm, severity=waiting[0].severity, path=waiting[0].path)
    return storm


def _soonest(storm: AlertGroup, group: AlertGroup) -> timedelta | None:
    """When nobody takes it the storm becomes an incident, one for all that it stands for."""
    known = [after for after in (storm.incident_after, group.incident_after) if after is not None]
    return min(known, default=None)


def _pages(record: Record, group: AlertGroup) -> bool:
    return group.path.reaches and not is_carried(record.tx, replace(group, storm=None))


def _written(record: Record, before: AlertGroup, after: AlertGroup) -> None:
    """Write what changed, unless it was written with what it has begun."""
    if after.epoch == before.epoch:
        write_alert(record, AlertOutcome(group=after), wait=EDIT_WAIT)


def _storm(record: Record, group: AlertGroup) -> AlertGroup:
    policy, now, directory = record.directory.guide.alerting.storm, record.now, record.directory
    pages = _pages(record, group)
    quiet = directory.alert_path(group.severity, page=False, escalate_after=None)
    assert group.storm is not None
    return AlertGroup(
        id=group.storm,
        number=0,
        source=AlertSource.STORM,
        key=storm_key(group.channel),
        name=NAME,
        summary=f"more than {policy.cards} new alerts in {duration(policy.within)}",
        labels={},
        severity=group.severity,
        channel=group.channel,
        team=group.team,
        service=None,
        security=group.security,
        path=group.path if pages else quiet,
        status=AlertStatus.FIRING,
        firing=1,
        resolved=0,
        started_at=now,
        fired_at=now,
        changed_at=now,
        epoch_at=now,
        carded_at=now,
        incident_after=group.incident_after,
    )
