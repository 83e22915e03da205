"""Whether a monitoring system has been silent for too long, and what is made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.alert import AlertGroup, AlertSource, AlertStatus
from bot.domain.alert_policy import WatchdogPolicy
from bot.domain.path import Path
from bot.domain.text import duration

DEAF_AFTER = timedelta(seconds=60)
"""Whoever has not looked for so long has not listened either."""

NAME = "No sign of life from Alertmanager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Since when somebody listens without a break, and when they looked last."""

    since: datetime
    looked_at: datetime

    @staticmethod
    def going_on(before: Listening | None, now: datetime) -> Listening:
        """The same at `now`: who was away for long, for whatever reason, has only begun to listen."""
        broken = before is None or now - before.looked_at > DEAF_AFTER or now < before.looked_at
        return Listening(since=now if before is None or broken else before.since, looked_at=now)

    def misses(self, heard_at: datetime, within: timedelta) -> bool:
        """Whether there should have been a sign of life by now. Only what could be heard is missed."""
        return self.looked_at - max(heard_at, self.since) > within

    def silent_since(self, heard_at: datetime) -> datetime:
        """From when on there was nothing to hear."""
        return max(heard_at, self.since)


def key_of(policy: WatchdogPolicy) -> str:
    """What the groups of a watchdog have in common."""
    return f"watchdog/{policy.alert}"


def silent_group(
    policy: WatchdogPolicy, group_id: str, path: Path, since: datetime, now: datetime
) -> AlertGroup:
    """The group that says so. It has no labels: a silence of it would silence the signs of life."""
    return AlertGroup(
        id=group_id,
        number=0,
        source=AlertSource.WATCHDOG,
        key=key_of(policy),
        name=NAME,
        summary=_summary(policy),
        labels={},
        severity=policy.severity,
        channel=policy.channel,
        team=policy.team,
        service=None,
        security=False,
        path=path,
        status=AlertStatus.FIRING,
        firing=1,
        resolved=0,
        started_at=since,
        fired_at=now,
        changed_at=now,
        epoch_at=now,
        carded_at=now,
    )


def silent_again(group: AlertGroup, now: datetime) -> AlertGroup:
    """The counts of one that was over."""
    return replace(group, firing=1, resolved=0, changed_at=now)


def heard_again(group: AlertGroup, now: datetime) -> AlertGroup:
    """The counts of one that is over."""
    return replace(group, firing=0, resolved=1, changed_at=now)


def _summary(policy: WatchdogPolicy) -> str:
    return (
        f"{policy.alert} has not come for {duration(policy.within)}, so that alerts may be lost. "
        "Look at Prometheus, Alertmanager, and its way to opsbot."
    )
