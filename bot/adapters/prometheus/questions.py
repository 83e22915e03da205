"""What can be asked. Two questions that are equal have one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from typing_extensions import override

from bot.adapters.prometheus.sessions import Connection
from bot.domain.slo.samples import Answer, Course

T_co = TypeVar("T_co", bound=Answer | Course, covariant=True)


class Question(Protocol[T_co]):
    """A value, to be looked up by."""

    @override
    def __hash__(self) -> int: ...

    def put(self, connection: Connection) -> T_co:
        """Ask it. Blocks; raises TemporaryFailure, PermanentFailure."""


@dataclass(frozen=True, slots=True)
class AtInstant:
    """What a query gives at an instant."""

    query: str
    at: datetime

    def put(self, connection: Connection) -> Answer:
        """Ask it."""
        return connection.ask(self.query, self.at)


@dataclass(frozen=True, slots=True)
class OverSpan:
    """What a query gives over a span."""

    query: str
    since: datetime
    until: datetime
    step: timedelta

    def put(self, connection: Connection) -> Course:
        """Ask it."""
        return connection.course(self.query, self.since, self.until, self.step)
