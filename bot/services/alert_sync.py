"""A look at Alertmanager, now and then: what it does not tell by itself is found out.

It tells nobody that a silence was made or has ended, nor that something resolved that was silenced; and
what it told while the bot's database was lost it does not tell again for hours. The rules of this look:

- Only a look that succeeded whole counts. Trouble changes nothing.
- What Alertmanager shows fires. What it does not show is over if the bot has known it for two minutes, the
  look before did not show it either, and Alertmanager has run for five minutes: it keeps no alerts when it
  starts, and Prometheus tells it of them again within a minute or two.
- What fires there unknown to the bot, told to its receiver and neither silenced nor inhibited, comes in if
  it has fired for two minutes, and the look before has shown it, too: by then the webhook should have come.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.domain.actor import ALERTMANAGER
from bot.domain.alert import AlertGroup, AlertSource, FiringAlert, GroupNews, SilenceState
from bot.domain.alert_look import look_key
from bot.domain.directory import Directory
from bot.ports.clock import Clock, IdSource
from bot.ports.failures import DeliveryFailure
from bot.ports.silencer import RemoteAlert, RemoteSilence, Silencer
from bot.ports.store import Store, Transaction
from bot.services.alert_intake import take_in
from bot.services.alert_look import hold_against, is_settled, take_look
from bot.services.record import Record

YOUNG = timedelta(minutes=2)
"""What is younger is left to the webhook."""

MOST_FIRING = 50_000
MOST_GROUPS = 10_000
MOST_MISSED = 500
"""Alerts that the bot has missed that come in with one look; the others come with the next ones."""

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class _Sight:
    """What one look has shown. `silenced_by` is of alerts that the bot knows, by fingerprint."""

    up_since: datetime
    silences: Mapping[str, RemoteSilence]
    silenced_by: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: dict[str, RemoteAlert] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the bot has: the groups that fire, by id, their alerts, and ids of active silences' rows."""

    groups: Mapping[str, AlertGroup]
    firing: Mapping[str, list[FiringAlert]]
    active: Mapping[str, str | None]


class AlertSync:
    """Holds what Alertmanager shows against what is known."""

    def __init__(
        self, *, store: Store, clock: Clock, ids: IdSource, directory: Directory, silencer: Silencer
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._directory = directory
        self._silencer = silencer
        self._missing: frozenset[tuple[str, str]] = frozenset()
        self._unknown: frozenset[str] = frozenset()
        self._lost: frozenset[str] = frozenset()

    async def look(self) -> int:
        """Look once. Returns how many groups have changed by it."""
        if not self._silencer.is_there:
            return 0
        known = await self._store.read(_known)
        try:
            sight = await self._see(known)
            changed = await self._hold(known, sight)
            return changed + await self._take_missed(known, sight)
        except DeliveryFailure as failure:
            _log.warning("Alertmanager cannot be looked at; trying again later: %s", failure.reason)
            return 0

    async def _see(self, known: _Known) -> _Sight:
        up_since = await self._silencer.up_since()
        silences = {one.id: one async for one in self._silencer.silences()}
        sight = _Sight(up_since=up_since, silences=silences)
        fingerprints = {one.fingerprint for alerts in known.firing.values() for one in alerts}
        now = self._clock.now()
        async for one in self._silencer.alerts():
            fingerprint = one.alert.fingerprint
            if fingerprint in fingerprints:
                sight.silenced_by[fingerprint] = one.silenced_by
            elif one.is_told and now - one.alert.starts_at >= YOUNG and len(sight.unknown) < MOST_MISSED:
                sight.unknown[fingerprint] = one
        return sight

    async def _hold(self, known: _Known, sight: _Sight) -> int:
        """Bring every group that is not as Alertmanager shows it to that."""
        missing_before, lost_before = self._missing, self._lost
        self._lost = frozenset(row for row, remote in known.active.items() if remote not in sight.silences)
        self._missing = frozenset(
            (group, one.fingerprint)
            for group, alerts in known.firing.items()
            for one in alerts
            if one.fingerprint not in sight.silenced_by
        )
        gone = self._gone(known, sight, missing_before)
        lost = self._lost & lost_before
        changed = 0
        for group in known.groups.values():
            alerts = known.firing.get(group.id, [])
            by = [
                sight.silenced_by[one.fingerprint] for one in alerts if one.fingerprint in sight.silenced_by
            ]
            if gone[group.id] or any(by) or group.silenced_until is not None:
                changed += await self._apply(group, gone[group.id], by, sight, lost)
        return changed

    def _gone(
        self, known: _Known, sight: _Sight, before: frozenset[tuple[str, str]]
    ) -> Mapping[str, set[str]]:
        """The fingerprints of what is over, by group."""
        gone: defaultdict[str, set[str]] = defaultdict(set)
        now = self._clock.now()
        if not is_settled(sight.up_since, now):
            return gone
        for group_id, fingerprint in self._missing & before:
            gone[group_id].add(fingerprint)
        for group in known.groups.values():
            alerts = known.firing.get(group.id, [])
            young = {one.fingerprint for one in alerts if now - one.seen_at < YOUNG}
            gone[group.id] = set() if group.truncated else gone[group.id] - young
        return gone

    async def _apply(
        self,
        was: AlertGroup,
        gone: set[str],
        silenced_by: list[tuple[str, ...]],
        sight: _Sight,
        lost: frozenset[str],
    ) -> int:
        def body(tx: Transaction) -> int:
            group = tx.alert_groups.by_id(was.id, lock=True)
            if group is None or not group.is_open:
                return 0
            record = self._record(tx)
            over = [
                one
                for one in tx.alerts.of(group.id, firing=True, limit=MOST_FIRING)
                if one.fingerprint in gone
            ]
            after = take_look(record, group, (), over)
            if after.is_open:
                hold_against(record, after, silenced_by, sight.silences, lost=lost)
            return int(tx.alert_groups.by_id(group.id) != group)

        return await self._store.transaction("look_at_alerts", body)

    async def _take_missed(self, known: _Known, sight: _Sight) -> int:
        """What fires there and is not known here comes in, by the groups in which it is told."""
        watchdog = self._directory.guide.alerting.watchdog
        missed = {
            name: one
            for name, one in sight.unknown.items()
            if name in self._unknown and (watchdog is None or one.alert.name != watchdog.alert)
        }
        self._unknown = frozenset(sight.unknown)
        if not missed:
            return 0
        receivers = await self._store.read(lambda tx: tx.alert_groups.receivers())
        keys = {(one.receiver, _frozen(one.labels)): one for one in known.groups.values()}
        count = 0
        async for there in self._silencer.groups():
            alerts = [missed[name].alert for name in sorted(there.fingerprints & missed.keys())]
            if not alerts or there.receiver not in receivers:
                continue
            group = keys.get((there.receiver, _frozen(there.labels)))
            news = GroupNews(
                key=group.key if group else look_key(there.receiver, there.labels),
                receiver=there.receiver,
                group_labels=there.labels,
                common_labels={},
                common_annotations={},
                external_url=group.external_url if group else None,
                alerts=tuple(alerts),
                truncated=group.truncated if group else 0,
            )
            await self._store.transaction("take_missed", partial(self._take, news=news))
            count += 1
        return count

    def _take(self, tx: Transaction, *, news: GroupNews) -> None:
        take_in(self._record(tx), self._ids, news, live=True)

    def _record(self, tx: Transaction) -> Record:
        return Record(tx=tx, now=self._clock.now(), actor=ALERTMANAGER, directory=self._directory)


def _known(tx: Transaction) -> _Known:
    groups = {
        one.id: one
        for one in tx.alert_groups.firing(limit=MOST_GROUPS)
        if one.source is AlertSource.ALERTMANAGER
    }
    firing: defaultdict[str, list[FiringAlert]] = defaultdict(list)
    for alert in tx.alerts.firing(MOST_FIRING):
        if alert.group in groups:
            firing[alert.group].append(alert)
    active = {
        one.id: one.remote_id
        for one in tx.silences.standing(limit=MOST_GROUPS)
        if one.state is SilenceState.ACTIVE
    }
    return _Known(groups=groups, firing=firing, active=active)


def _frozen(labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(labels.items())
