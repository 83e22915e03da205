"""The alert that always fires: as long as it comes, the monitoring system is alive."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.actor import OPSBOT
from bot.domain.alert import Alert, AlertGroup, GroupNews, Heartbeat
from bot.domain.alert_policy import WatchdogPolicy
from bot.domain.directory import Directory
from bot.domain.watchdog import Listening, heard_again, key_of, silent_again, silent_group
from bot.ports.clock import Clock, IdSource
from bot.ports.store import Store, Transaction
from bot.services.alert_writing import begin_alert, refire_alert, resolve_alert
from bot.services.record import Record


def heard(record: Record, news: GroupNews, *, live: bool = False) -> GroupNews:
    """Take signs of life out of the news, and note them. Returns what is left.

    It comes every minute: one row is written. What follows from it is looked at by `Watchdogs`. What was
    looked at (`live`) is no sign of life: it would hide that nothing is told any more.
    """
    policy = record.directory.guide.alerting.watchdog
    if policy is None:
        return news
    signs = [alert for alert in news.alerts if alert.name == policy.alert]
    if not live and any(alert.fires for alert in signs):
        record.tx.heartbeats.beat(policy.alert, record.now)
    return replace(news, alerts=_without(news.alerts, policy.alert)) if signs else news


class Watchdogs:
    """Says so where there was no sign of life for too long, and where there is one again.

    Nobody is missed who was never heard, or while nobody listened: after a start, an outage of the database
    or a clock that jumped, the whole time has to pass again.
    """

    def __init__(self, *, store: Store, clock: Clock, ids: IdSource, directory: Directory) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._directory = directory
        self._listening: Listening | None = None

    async def look(self) -> int:
        """Look once, as is done every few seconds. How many systems there was something to say about.

        Raises StoreUnavailable.
        """
        beats = await self._store.read(lambda tx: tx.heartbeats.all())
        now = self._clock.now()
        listening = self._listening = Listening.going_on(self._listening, now)
        if not any(self._is_news(beat, listening) for beat in beats):
            return 0

        def body(tx: Transaction) -> int:
            record = Record(tx=tx, now=now, actor=OPSBOT, directory=self._directory)
            news = [beat for beat in tx.heartbeats.all() if self._is_news(beat, listening)]
            for beat in news:
                self._tell(record, beat, listening)
            return len(news)

        return await self._store.transaction("watch", body)

    @property
    def _policy(self) -> WatchdogPolicy | None:
        return self._directory.guide.alerting.watchdog

    def _is_news(self, beat: Heartbeat, listening: Listening) -> bool:
        policy = self._policy
        if policy is None or policy.alert != beat.name:
            return True  # the guide listens for it no longer
        if beat.group is None:
            return listening.misses(beat.at, policy.within)
        return _is_back(beat, listening, policy)

    def _tell(self, record: Record, beat: Heartbeat, listening: Listening) -> None:
        policy = self._policy
        if policy is None or policy.alert != beat.name:
            self._end(record, beat)
            record.tx.heartbeats.forget(beat.name)
        elif beat.group is None:
            group = self._missed(record, policy, listening.silent_since(beat.at))
            record.tx.heartbeats.miss(beat.name, group.id)
        else:
            self._end(record, beat)
            record.tx.heartbeats.miss(beat.name, None)

    def _missed(self, record: Record, policy: WatchdogPolicy, since: datetime) -> AlertGroup:
        """The open group that says so: a new one, unless it was over only just, or there is one."""
        newest = record.tx.alert_groups.newest_of(key_of(policy))
        if newest is not None and newest.is_open:
            return newest
        within = record.directory.guide.alerting.flapping.within
        if newest is not None and newest.resolved_at and record.now - newest.resolved_at <= within:
            return refire_alert(record, silent_again(newest, record.now))
        path = record.directory.alert_path(
            policy.severity,
            page=policy.page,
            escalate_after=record.directory.path(policy.severity).response if policy.page else None,
        )
        made = silent_group(policy, self._ids.new_id(), path, since, record.now)
        return begin_alert(record, record.tx.alert_groups.add(made))

    def _end(self, record: Record, beat: Heartbeat) -> None:
        group = record.tx.alert_groups.by_id(beat.group, lock=True) if beat.group else None
        if group is not None and group.is_open:
            resolve_alert(record, heard_again(group, record.now))


def _is_back(beat: Heartbeat, listening: Listening, policy: WatchdogPolicy) -> bool:
    return listening.looked_at - beat.at <= policy.within


def _without(alerts: tuple[Alert, ...], name: str) -> tuple[Alert, ...]:
    return tuple(alert for alert in alerts if alert.name != name)
