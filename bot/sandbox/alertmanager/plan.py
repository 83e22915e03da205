"""What people have begun that goes on by itself: storms that come over a while, alerts that flap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.sandbox.alertmanager.catalogue import Rule
from bot.sandbox.alertmanager.labels import fingerprint
from bot.sandbox.alertmanager.times import MINUTE, SECOND

FLAPS = 3
FLAP_PAUSE = MINUTE
LONGEST_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """At an instant (epoch nanoseconds) these rules begin to fire, or (`ends`) stop."""

    at: int
    rules: tuple[Rule, ...]
    ends: bool = False


class Plan:
    """The turns to come."""

    def __init__(self) -> None:
        self._turns: list[Turn] = []

    def spread(self, rules: Sequence[Rule], seconds: int, now: int) -> None:
        """Let these fire one after the other: as many each second, the first ones now."""
        each = -(-len(rules) // max(seconds, 1))
        slices = [tuple(rules[start : start + each]) for start in range(0, len(rules), each)]
        self._add([Turn(at=now + number * SECOND, rules=part) for number, part in enumerate(slices)])

    def flap(self, rule: Rule, now: int) -> None:
        """Let it fire now, and then be over and fire again, some times; in the end it is over."""
        turns = range(2 * FLAPS)
        self._add([Turn(at=now + each * FLAP_PAUSE, rules=(rule,), ends=each % 2 == 1) for each in turns])

    def due(self, now: int) -> list[Turn]:
        """What is due by now, in order; it is not due again."""
        due = [turn for turn in self._turns if turn.at <= now]
        self._turns = self._turns[len(due) :]
        return due

    def soonest(self) -> int | None:
        """When the next turn is due."""
        return self._turns[0].at if self._turns else None

    def leave(self, identities: frozenset[str]) -> None:
        """Let no turn touch these alerts (by fingerprint) any more."""
        kept = [replace(turn, rules=tuple(_without(turn.rules, identities))) for turn in self._turns]
        self._turns = [turn for turn in kept if turn.rules]

    def kept(self) -> list[Turn]:
        """The turns to come."""
        return self._turns

    def restore(self, turns: list[Turn]) -> None:
        """Let these come, and no others."""
        self._turns = turns

    def clear(self) -> None:
        """Let nothing come."""
        self._turns = []

    def _add(self, turns: list[Turn]) -> None:
        self._turns = sorted([*self._turns, *turns], key=lambda turn: turn.at)


def _without(rules: Sequence[Rule], identities: frozenset[str]) -> Iterator[Rule]:
    return (rule for rule in rules if fingerprint(rule.labels) not in identities)
