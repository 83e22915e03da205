"""Answers that are young enough to be given again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.adapters.prometheus.limits import Limits
from bot.domain.slo.samples import Answer, Course
from bot.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class _Entry:
    answer: Answer | Course
    since: datetime
    numbers: int


class Kept:
    """So many answers, and so many numbers in them; what was not asked for longest goes first."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._numbers = 0

    def get(self, question: Hashable) -> Answer | Course | None:
        """The answer to the same question; None where there is none, or it is too old."""
        entry = self._entries.get(question)
        if entry is None:
            return None
        if not timedelta(0) <= self._clock.now() - entry.since < self._limits.kept_for:  # clocks are set back
            self._drop(question)
            return None
        self._entries.move_to_end(question)
        return entry.answer

    def put(self, question: Hashable, answer: Answer | Course) -> None:
        """Keep an answer from now on."""
        self._drop(question)
        entry = _Entry(answer, self._clock.now(), _numbers(answer))
        self._entries[question] = entry
        self._numbers += entry.numbers
        while len(self._entries) > self._limits.most_kept or self._numbers > self._limits.most_numbers_kept:
            self._drop(next(iter(self._entries)))

    def _drop(self, question: Hashable) -> None:
        entry = self._entries.pop(question, None)
        if entry is not None:
            self._numbers -= entry.numbers


def _numbers(answer: Answer | Course) -> int:
    if isinstance(answer, Answer):
        return len(answer.samples)
    return sum(len(line.points) for line in answer.lines)
