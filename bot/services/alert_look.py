"""What Alertmanager shows of one group, held against what is known of it. The group is locked."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from typing_extensions import override

from bot.domain.actor import ALERTMANAGER, Actor
from bot.domain.alert import Alert, AlertGroup, GroupNews, Silence, SilenceState
from bot.domain.timer import silence_timer
from bot.ports.clock import IdSource
from bot.ports.silencer import RemoteSilence, RemoteState
from bot.services.alert_intake import take_in
from bot.services.alert_writing import end_alert_silence
from bot.services.record import Record
from bot.services.silence_keeping import end_twin, over, say_quiet
from bot.services.work import Looked

SETTLED_WITHIN = timedelta(minutes=5)
"""How long after its start Alertmanager may not know everything yet: it keeps no alerts, and is told of them
again by Prometheus, which does so every minute or less."""

OVERDUE = timedelta(minutes=5)
"""How long the look at a silence's end may take: whoever is quiet for longer by no silence is heard again."""

MOST_ALERTS = 20_000
"""Alerts of a group that are looked at."""

Silences = Mapping[str, RemoteSilence]
"""What is silenced, by Alertmanager's ids."""


def is_settled(up_since: datetime, now: datetime) -> bool:
    """Whether what Alertmanager does not show is over: it has run for long enough to have been told of it."""
    return now - up_since >= SETTLED_WITHIN


def look_at_end(record: Record, group: AlertGroup, looked: Looked) -> None:
    """A group's silence has ended: what fires begins anew, what is gone is resolved."""
    fires = {one.alert.fingerprint for one in looked.alerts}
    gone: Sequence[Alert] = ()
    if is_settled(looked.up_since, record.now):
        known = record.tx.alerts.of(group.id, firing=True, limit=MOST_ALERTS)
        gone = [alert for alert in known if alert.fingerprint not in fires]
    group = take_look(record, group, [one.alert for one in looked.alerts], gone)
    silenced_by = [one.silenced_by for one in looked.alerts]
    if not hold_against(record, group, silenced_by, looked.silences):
        end_alert_silence(record, group, expired=True)
    over(record, group)


def take_look(
    record: Record, group: AlertGroup, firing: Iterable[Alert], gone: Iterable[Alert]
) -> AlertGroup:
    """These alerts of the group fire, those are over; the group as it is then."""
    alerts = (*firing, *(replace(alert, ends_at=record.now) for alert in gone))
    if not alerts:
        return group
    ids = _Derived(f"{group.id}/{record.now.isoformat()}")
    held = group if group.is_open else None
    take_in(replace(record, actor=ALERTMANAGER), ids, news_of(group, alerts), live=True, held=held)
    return record.tx.alert_groups.by_id(group.id) or group


def news_of(group: AlertGroup, alerts: tuple[Alert, ...]) -> GroupNews:
    """What was looked at, as Alertmanager would have told it."""
    return GroupNews(
        key=group.key,
        receiver=group.receiver or "",
        group_labels=group.labels,
        common_labels={},
        common_annotations={},
        external_url=group.external_url,
        alerts=alerts,
        truncated=group.truncated,
    )


class _Derived(IdSource):
    """The identity of an episode that a look begins in another one's place: the same if it is done again."""

    def __init__(self, name: str) -> None:
        self._name = name

    @override
    def new_id(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, self._name))


def hold_against(
    record: Record,
    group: AlertGroup,
    silenced_by: Sequence[tuple[str, ...]],
    silences: Silences,
    *,
    lost: Collection[str] = (),
) -> bool:
    """Let the group be as quiet as it is in Alertmanager; whether a silence holds for all that fires.

    `silenced_by` are the silences of each of its alerts, `lost` the ids of rows that Alertmanager has not
    shown for a while. What is on its way there stays as people want it: quiet until then, or not quiet.
    """
    rows = record.tx.silences.of(group.id)
    if any(one.state in {SilenceState.WANTED, SilenceState.ENDING} for one in rows):
        return group.silenced_until is not None and group.silenced_until > record.now
    rows = tuple(_as_it_is_there(record, group, one, silences, lost) for one in rows)
    # A foreign one counts by what it keeps quiet; where nothing is shown, nothing speaks against it.
    own = [one for one in rows if _lasts(record, one) and not (one.foreign and silenced_by)]
    covering = own or _covering(record, group, rows, silenced_by, silences)
    holding = max(covering, key=lambda one: one.ends_at, default=None)
    if holding is not None:
        say_quiet(record, group, holding)
        return True
    until = group.silenced_until
    if until is not None and not record.now - OVERDUE < until <= record.now:
        end_alert_silence(record, group, expired=until <= record.now)
    return False


def _lasts(record: Record, silence: Silence) -> bool:
    return silence.state is SilenceState.ACTIVE and silence.ends_at > record.now


def _as_it_is_there(
    record: Record, group: AlertGroup, silence: Silence, silences: Silences, lost: Collection[str]
) -> Silence:
    """An active silence's row, brought to what Alertmanager shows."""
    if silence.state is not SilenceState.ACTIVE:
        return silence
    there = silences.get(silence.remote_id or "")
    if there is None:
        now_so = replace(silence, state=SilenceState.OVER) if silence.id in lost else silence
    else:
        expired = there.state is RemoteState.EXPIRED
        state = SilenceState.OVER if expired else silence.state
        now_so = replace(silence, ends_at=there.ends_at, state=state)
    if now_so != silence:
        record.tx.silences.save(now_so)
        record.tx.timers.set(silence_timer(group.id, now_so.id, now_so.ends_at))
    return now_so


def _covering(
    record: Record,
    group: AlertGroup,
    rows: Sequence[Silence],
    silenced_by: Sequence[tuple[str, ...]],
    silences: Silences,
) -> list[Silence]:
    """The silence that ends first of those that keep everything of the group quiet, as a row."""
    over_ids = {one.remote_id for one in rows if one.state is not SilenceState.ACTIVE}
    over_ids |= _end_strays(record, group, rows, silenced_by, silences)
    lasting = {
        one.id: one
        for one in silences.values()
        if one.id not in over_ids and one.state is RemoteState.ACTIVE and one.ends_at > record.now
    }
    longest = [_longest(ids, lasting) for ids in silenced_by]
    if not longest or None in longest:
        return []
    first = min((one for one in longest if one is not None), key=lambda one: one.ends_at)
    known = next((one for one in rows if one.remote_id == first.id), None)
    if known is not None:
        return [known]
    foreign = _foreign(group, first)
    record.tx.silences.save(foreign)
    record.tx.timers.set(silence_timer(group.id, foreign.id, foreign.ends_at))
    return [foreign]


def _end_strays(
    record: Record,
    group: AlertGroup,
    rows: Sequence[Silence],
    silenced_by: Sequence[tuple[str, ...]],
    silences: Silences,
) -> set[str]:
    """What holds there with the bot's mark and is wanted no more, or was made twice, is to end; its ids."""
    own = {row.id: row for row in rows if not row.foreign}
    ended: set[str] = set()
    for one in {one for ids in silenced_by for one in ids if one in silences}:
        row = own.get(silences[one].mark or "")
        if row is not None and (row.state is not SilenceState.ACTIVE or row.remote_id != one):
            end_twin(record, group, row, one)
            ended.add(one)
    return ended


def _longest(ids: Iterable[str], lasting: Silences) -> RemoteSilence | None:
    holding = [lasting[one] for one in ids if one in lasting]
    return max(holding, key=lambda one: one.ends_at, default=None)


def _foreign(group: AlertGroup, there: RemoteSilence) -> Silence:
    """A silence that somebody made in Alertmanager itself, as far as it keeps this group quiet."""
    return Silence(
        id=f"{there.id}/{group.id}",
        group=group.id,
        remote_id=there.id,
        matchers=(),
        by=Actor(id=ALERTMANAGER.id, name=there.by),
        comment=there.comment,
        starts_at=there.starts_at,
        ends_at=there.ends_at,
        state=SilenceState.ACTIVE,
        foreign=True,
    )
