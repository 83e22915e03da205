"""What is firing, as people look at it: by how bad it is, what it is about, and how long it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.alert import Alert, AlertGroup, AlertSource, AlertState, Silence
from bot.domain.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One group in a list. `service` is its title, `url` the address of its card, where it has one."""

    group: AlertGroup
    service: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOfLife:
    """When the monitoring system was heard last, and whether that is too long ago."""

    at: datetime
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is about: all, or one severity, or one service by its title."""

    severity: Severity | None = None
    service: str | None = None

    def __bool__(self) -> bool:
        return self.severity is not None or self.service is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertListing:
    """What is firing. `storms` stand for their members, which are listed only where a list is narrowed.

    `hidden` counts security alerts that must not be shown where it is asked, `members` the groups that
    storms stand for. `cut` says that there is more than was read.
    """

    asked: Asked
    now: datetime
    waiting: Mapping[Severity, tuple[Listed, ...]]
    acknowledged: tuple[Listed, ...] = ()
    silenced: tuple[Listed, ...] = ()
    storms: tuple[Listed, ...] = ()
    members: int = 0
    hidden: int = 0
    heard: SignOfLife | None = None
    cut: bool = False

    @property
    def count(self) -> int:
        """How many groups fire, but for those that are hidden, or stand for others."""
        listed = sum(map(len, self.waiting.values()))
        return listed + len(self.acknowledged) + len(self.silenced) + self.members

    def mapped(self, change: Callable[[tuple[Listed, ...]], tuple[Listed, ...]]) -> AlertListing:
        """The same with every part changed."""
        return replace(
            self,
            waiting={severity: change(part) for severity, part in self.waiting.items()},
            acknowledged=change(self.acknowledged),
            silenced=change(self.silenced),
            storms=change(self.storms),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDetails:
    """One group with its alerts, the newest first, and its silences. Empty where it must not be shown."""

    listed: Listed
    now: datetime
    alerts: tuple[Alert, ...] = ()
    silences: tuple[Silence, ...] = ()
    storm: AlertGroup | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StormDetails:
    """A storm and the groups that it stands for."""

    storm: Listed
    now: datetime
    members: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceList:
    """What is kept quiet, what ends first comes first, each with its group; and how many are hidden."""

    now: datetime
    silences: tuple[tuple[Silence, Listed], ...]
    hidden: int = 0


def arranged(
    groups: Iterable[Listed],
    now: datetime,
    *,
    asked: Asked | None = None,
    hidden: int = 0,
    heard: SignOfLife | None = None,
    cut: bool = False,
) -> AlertListing:
    """The list of what fires: by severity, then service, then age, the oldest first."""
    what = asked or Asked()
    listed = sorted(groups, key=_order)
    storms = [one for one in listed if one.group.source is AlertSource.STORM]
    others = [one for one in listed if one.group.source is not AlertSource.STORM]
    members = [] if what else [one for one in others if one.group.storm is not None]
    shown = [one for one in others if what or one.group.storm is None]
    waiting = _in(shown, AlertState.FIRING)
    severities = dict.fromkeys(one.group.severity for one in waiting)
    return AlertListing(
        asked=what,
        now=now,
        waiting={
            severity: tuple(one for one in waiting if one.group.severity is severity)
            for severity in severities
        },
        acknowledged=_in(shown, AlertState.ACKNOWLEDGED),
        silenced=_in(shown, AlertState.SILENCED),
        storms=tuple(storms),
        members=len(members),
        hidden=hidden,
        heard=heard,
        cut=cut,
    )


def _in(listed: Iterable[Listed], state: AlertState) -> tuple[Listed, ...]:
    return tuple(one for one in listed if one.group.state is state)


def _order(one: Listed) -> tuple[int, str, float]:
    group = one.group
    return group.severity.rank, (one.service or "~").casefold(), group.started_at.timestamp()
