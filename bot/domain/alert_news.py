"""What is told of a group's alerts, held against what is known: in any order, twice, by several at once.

For one label set (its fingerprint) only the newest firing counts: a later one ends those before it, and a
resolve ends whatever began before it (where several Prometheus servers tell of one alert, Alertmanager moves
its beginning). Whatever the order in which news arrive, the same comes out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.alert import Alert

LATE_WITHIN = timedelta(minutes=10)
"""Longer than any delivery is under way: a firing told later of what had ended before does fire again."""

_Firings = dict[datetime, Alert]


def changes(
    known: Iterable[Alert], told: Iterable[Alert], now: datetime, *, live: bool = False
) -> tuple[Alert, ...]:
    """The alerts to be written, in the order in which they were told.

    `known` are at least those that fire, and those that overlap what is told. `live`: what is told was just
    looked at, so that nothing of it can be late.
    """
    firings: defaultdict[str, _Firings] = defaultdict(dict)
    for alert in known:
        firings[alert.fingerprint][alert.starts_at] = alert
    changed: dict[tuple[str, datetime], Alert] = {}
    for alert in told:
        its = firings[alert.fingerprint]
        after_all = _fires(its, alert, now, live=live) if alert.fires else _ended(its, alert)
        for after in after_all:
            its[after.starts_at] = after
            changed[after.fingerprint, after.starts_at] = after
    return tuple(changed.values())


def _fires(its: _Firings, told: Alert, now: datetime, *, live: bool) -> Iterable[Alert]:
    before = its.get(told.starts_at)
    if before is None:
        yield replace(told, ends_at=_end_of(its, told, now, live=live))
        yield from _end_others(its, told, told.starts_at)
    elif before.fires:
        after = replace(told, seen_at=before.seen_at)
        if after != before:
            yield after
    elif (live or _is_over_for_good(before, now)) and not any(one.fires for one in its.values()):
        yield replace(told, seen_at=before.seen_at)


def _ended(its: _Firings, told: Alert) -> Iterable[Alert]:
    """A resolve. Another one of the same firing changes nothing, unless it came before."""
    assert told.ends_at is not None
    before = its.get(told.starts_at)
    if before is None:
        later = (at for at in its if at > told.starts_at)
        yield replace(told, ends_at=min((told.ends_at, *later)))
        yield from _end_others(its, told, told.starts_at)
    elif before.ends_at is None or told.ends_at < before.ends_at:
        yield replace(told, seen_at=before.seen_at)
    yield from _end_others(its, told, told.ends_at)


def _end_of(its: _Firings, told: Alert, now: datetime, *, live: bool) -> datetime | None:
    """When a firing that is heard of for the first time was over already, by what has been heard before."""
    ends = [at for at in its if at > told.starts_at]
    if not live:
        ends += [
            one.ends_at
            for one in its.values()
            if one.ends_at and one.ends_at >= told.starts_at and not _is_over_for_good(one, now)
        ]
    return min(ends, default=None)


def _end_others(its: _Firings, told: Alert, at: datetime) -> Iterable[Alert]:
    """Whatever else began before `at` was over then, if not before."""
    for starts_at, one in list(its.items()):
        if starts_at == told.starts_at or starts_at > at:
            continue
        if one.ends_at is None or one.ends_at > at:
            yield replace(one, ends_at=at)


def _is_over_for_good(alert: Alert, now: datetime) -> bool:
    return alert.ends_at is not None and now - alert.ends_at > LATE_WITHIN
