"""Alerts as they were posted, and how a newer one is taken together with the one before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.sandbox.alertmanager.labels import LabelSet, fingerprint, label_set, quoted
from bot.sandbox.alertmanager.matchers import valid_name
from bot.sandbox.alertmanager.times import MINUTE, ZERO

RESOLVE_TIMEOUT = 5 * MINUTE
"""After it an alert is over that was posted without an end and is not posted again."""

KEPT = 30 * MINUTE
"""How long an alert is remembered after its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert. Instants are epoch nanoseconds; `timeout`: its end was not told, but is a matter of time."""

    labels: LabelSet
    annotations: LabelSet
    starts_at: int
    ends_at: int
    updated_at: int
    generator_url: str = ""
    timeout: bool = False
    fingerprint: str

    def over(self, now: int) -> bool:
        """Whether it has ended."""
        return self.ends_at != ZERO and self.ends_at <= now


def alert(
    labels: LabelSet,
    annotations: LabelSet,
    *,
    now: int,
    starts_at: int = ZERO,
    ends_at: int = ZERO,
    generator_url: str = "",
) -> Alert:
    """An alert as it was posted at `now`, with the instants that it did not tell."""
    kept = label_set(labels)
    return Alert(
        labels=kept,
        annotations=dict(sorted(annotations.items())),
        starts_at=starts_at or ends_at or now,
        ends_at=ends_at or now + RESOLVE_TIMEOUT,
        updated_at=now,
        generator_url=generator_url,
        timeout=ends_at == ZERO,
        fingerprint=fingerprint(kept),
    )


def check(each: Alert) -> None:
    """Raise ValueError, in Alertmanager's words, for what it refuses."""
    if each.ends_at < each.starts_at:
        raise ValueError("start time must be before end time")
    _check_names(each.labels, "label set")
    if not each.labels:
        raise ValueError("at least one label pair required")
    _check_names(each.annotations, "annotations")


def merged(old: Alert, new: Alert, now: int) -> Alert:
    """The newer alert, with what stays true of the older one, where the two overlap in time."""
    ends_within = old.starts_at < new.ends_at < old.ends_at
    starts_within = old.starts_at < new.starts_at < old.ends_at
    if not ends_within and not starts_within:
        return new
    ends_at = new.ends_at
    if new.over(now):
        if old.over(now):
            ends_at = max(old.ends_at, new.ends_at)
    elif not old.timeout:
        ends_at = max(old.ends_at, new.ends_at)
    return replace(new, starts_at=min(old.starts_at, new.starts_at), ends_at=ends_at)


class Alerts:
    """Every alert by its fingerprint, until it has been over for a while."""

    def __init__(self) -> None:
        self._held: dict[str, Alert] = {}

    def put(self, new: Alert, now: int) -> Alert:
        """Take an alert in; what is held from now on."""
        old = self._held.get(new.fingerprint)
        taken = new if old is None else merged(old, new, now)
        self._held[taken.fingerprint] = taken
        return taken

    def get(self, identity: str) -> Alert | None:
        """The alert with a fingerprint."""
        return self._held.get(identity)

    def all(self) -> list[Alert]:
        """Every alert, by fingerprint."""
        return [self._held[identity] for identity in sorted(self._held)]

    def lasting(self, now: int) -> list[Alert]:
        """The alerts that are not over, by fingerprint."""
        return [each for each in self.all() if not each.over(now)]

    def forget(self, now: int) -> bool:
        """Forget the alerts that are long over; whether there were any."""
        gone = [each.fingerprint for each in self._held.values() if each.over(now - KEPT)]
        for identity in gone:
            del self._held[identity]
        return bool(gone)

    def restore(self, alerts: Iterable[Alert]) -> None:
        """Hold these, and no others."""
        self._held = {each.fingerprint: each for each in alerts}

    def clear(self) -> None:
        """Forget every alert."""
        self._held.clear()


def _check_names(names: Iterable[str], what: str) -> None:
    for name in names:
        if not valid_name(name):
            raise ValueError(f"invalid {what}: invalid name {quoted(name)}")
