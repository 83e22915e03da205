"""What alerts cost people in a period: how often each fired, how many pages it made, and what nobody took."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """What one alert of one group did in a period.

    `group` is the id of the group, `channel` and `service` are the guide's keys. `pages` are the group's,
    on one of its alerts only. `acknowledged`: somebody took the group.
    """

    group: str
    name: str
    service: str | None
    channel: str
    security: bool
    fired: int
    pages: int
    acknowledged: bool

    @property
    def room(self) -> None:
        """A group has no channel of its own."""
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What some alerts cost. `unacknowledged`: how many of their groups nobody took."""

    fired: int = 0
    groups: int = 0
    pages: int = 0
    unacknowledged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseReport:
    """A period's noise: by alert (its name and service), and by service; the noisiest first.

    `hidden` is what security alerts did that must not be named where it is asked.
    """

    since: datetime
    until: datetime
    all: Noise
    by_alert: tuple[tuple[tuple[str, str | None], Noise], ...]
    by_service: tuple[tuple[str | None, Noise], ...]
    hidden: Noise = Noise()


def noise_report(
    fired: Iterable[Fired], since: datetime, until: datetime, *, hidden: Callable[[Fired], bool]
) -> NoiseReport:
    """Count what has fired. What is `hidden` is counted in `hidden` alone."""
    everything = list(fired)
    shown = [one for one in everything if not hidden(one)]
    return NoiseReport(
        since=since,
        until=until,
        all=_noise(shown),
        by_alert=_by(shown, lambda one: (one.name, one.service)),
        by_service=_by(shown, lambda one: one.service),
        hidden=_noise([one for one in everything if hidden(one)]),
    )


def _by(fired: Iterable[Fired], key: Callable[[Fired], Key]) -> tuple[tuple[Key, Noise], ...]:
    """The noise by a key: what fired most first; of two alike what made more pages, then by the key."""
    parts: dict[Key, list[Fired]] = {}
    for one in fired:
        parts.setdefault(key(one), []).append(one)
    counted = ((one, _noise(part)) for one, part in parts.items())
    return tuple(sorted(counted, key=lambda pair: (-pair[1].fired, -pair[1].pages, str(pair[0]))))


def _noise(fired: Iterable[Fired]) -> Noise:
    part = list(fired)
    groups = {one.group: one.acknowledged for one in part}
    return Noise(
        fired=sum(one.fired for one in part),
        groups=len(groups),
        pages=sum(one.pages for one in part),
        unacknowledged=sum(not taken for taken in groups.values()),
    )
