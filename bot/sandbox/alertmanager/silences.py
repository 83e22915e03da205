"""Silences: which alerts nobody is to be notified of, from when to when, and who says so."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.sandbox.alertmanager.labels import LabelSet
from bot.sandbox.alertmanager.matchers import Matcher, all_match
from bot.sandbox.alertmanager.times import HOUR, SECOND

ACTIVE = "active"
PENDING = "pending"
EXPIRED = "expired"

KEPT = 120 * HOUR
"""How long a silence is remembered after its end."""


class NoSilenceError(LookupError):
    """There is no silence with the id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """One silence. Instants are epoch nanoseconds; `id` is empty for one that is yet to be made."""

    id: str
    matchers: tuple[Matcher, ...]
    starts_at: int
    ends_at: int
    updated_at: int
    created_by: str
    comment: str

    def state(self, now: int) -> str:
        """`pending`, `active` or `expired`."""
        if now < self.starts_at:
            return PENDING
        return ACTIVE if now < self.ends_at else EXPIRED

    def silences(self, labels: LabelSet, now: int) -> bool:
        """Whether nobody is to be notified now of an alert with these labels."""
        return self.state(now) == ACTIVE and all_match(self.matchers, labels)


def by_hand(group: LabelSet, now: int, length: int) -> Silence:
    """One that somebody makes on Alertmanager's own page, of a group by its labels."""
    return Silence(
        id="",
        matchers=tuple(Matcher(name=name, value=value) for name, value in group.items()),
        starts_at=now,
        ends_at=now + length,
        updated_at=now,
        created_by="Kim Park",
        comment="Made in Alertmanager",
    )


class Silences:
    """Every silence, until it has been over for five days."""

    def __init__(self, new_id: Callable[[], str] = lambda: str(uuid.uuid4())) -> None:
        self._held: dict[str, Silence] = {}
        self._new_id = new_id

    def put(self, wanted: Silence, now: int) -> Silence:
        """Make a silence, or change the one with its id.

        A change that would rewrite the past ends the old silence and makes a new one. Raises
        `NoSilenceError`, and ValueError in Alertmanager's words.
        """
        old = self.get(wanted.id) if wanted.id else None
        _check(wanted)
        if old is not None and _changeable(old, wanted, now):
            return self._keep(replace(wanted, updated_at=now))
        if old is not None:
            self.expire(old.id, now)
        starts_at = max(wanted.starts_at, now)
        return self._keep(replace(wanted, id=self._new_id(), starts_at=starts_at, updated_at=now))

    def expire(self, identity: str, now: int) -> Silence:
        """End a silence now. Raises `NoSilenceError`."""
        held = self.get(identity)
        if held.state(now) == EXPIRED:
            return held
        return self._keep(replace(held, starts_at=min(held.starts_at, now), ends_at=now, updated_at=now))

    def get(self, identity: str) -> Silence:
        """The silence with an id. Raises `NoSilenceError`."""
        try:
            return self._held[identity]
        except KeyError:
            raise NoSilenceError("silence not found") from None

    def all(self, now: int) -> list[Silence]:
        """Every silence: the active by their end, the pending by their start, the expired newest first."""
        return sorted(self._held.values(), key=lambda each: _place(each, now))

    def silencing(self, labels: LabelSet, now: int) -> list[str]:
        """The ids of the silences that hold for these labels now."""
        return sorted(each.id for each in self._held.values() if each.silences(labels, now))

    def forget(self, now: int) -> bool:
        """Forget the silences that are long over; whether there were any."""
        gone = [each.id for each in self._held.values() if each.ends_at <= now - KEPT]
        for identity in gone:
            del self._held[identity]
        return bool(gone)

    def restore(self, silences: Iterable[Silence]) -> None:
        """Hold these, and no others."""
        self._held = {each.id: each for each in silences}

    def clear(self) -> None:
        """Forget every silence."""
        self._held.clear()

    def _keep(self, silence: Silence) -> Silence:
        self._held[silence.id] = silence
        return silence


def _check(silence: Silence) -> None:
    _check_matchers(silence.matchers)
    if all(matcher.matches_empty for matcher in silence.matchers):
        raise ValueError("silence invalid: at least one matcher must not match the empty string")


def _check_matchers(matchers: Sequence[Matcher]) -> None:
    for number, matcher in enumerate(matchers):
        try:
            matcher.check()
        except ValueError as error:
            raise ValueError(f"silence invalid: invalid label matcher {number}: {error}") from None


def _changeable(old: Silence, wanted: Silence, now: int) -> bool:
    """Whether the change leaves the past as it was."""
    if old.matchers != wanted.matchers:
        return False
    match old.state(now):
        case "active":
            return wanted.starts_at // SECOND == old.starts_at // SECOND and wanted.ends_at >= now
        case "pending":
            return wanted.starts_at >= now
        case _:
            return False


def _place(silence: Silence, now: int) -> tuple[int, int]:
    match silence.state(now):
        case "active":
            return 0, silence.ends_at
        case "pending":
            return 1, silence.starts_at
        case _:
            return 2, -silence.ends_at
