"""What leads put on the calendar: maintenance windows, and freezes in which nothing is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.actor import Actor
from bot.domain.severity import Severity


class SpanKind(StrEnum):
    """What a span of time is for."""

    WINDOW = "window"  # changes of its type may start
    FREEZE = "freeze"  # none may


class SpanPhase(StrEnum):
    """Where one stands at an instant."""

    AHEAD = "ahead"
    ON = "on"
    OVER = "over"
    OFF = "off"  # taken off the calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A window or a freeze, from `starts` until before `ends`.

    `service` is the guide's key of the only service that it is about; None: all of them. `change_kind` is the
    type of change that a window opens for. `channel` is the guide's key of where it is told. `removed` is
    when it was taken off the calendar: a freeze may be lifted while it lasts.
    """

    id: str
    number: int = 0
    kind: SpanKind
    title: str
    starts: datetime
    ends: datetime
    channel: str
    by: Actor
    at: datetime
    service: str | None = None
    change_kind: str | None = None
    removed: datetime | None = None
    removed_by: Actor | None = None

    @property
    def label(self) -> str:
        """How people name it: `W3`, `F4`."""
        return span_label(self.kind, self.number)

    @property
    def public_title(self) -> str:
        """The calendar is no secret."""
        return self.title

    @property
    def severity(self) -> Severity:
        """Nobody is woken by the calendar."""
        return Severity.P3

    @property
    def security(self) -> bool:
        """The calendar is no secret."""
        return False

    @property
    def room(self) -> None:
        """A span has no channel of its own."""
        return

    @property
    def epoch(self) -> int:
        """Nothing makes what was owed before count no more."""
        return 1

    @property
    def is_open(self) -> bool:
        """Whether it stands on the calendar."""
        return self.removed is None

    def check_epoch(self, _epoch: int) -> None:
        """Nothing makes an earlier button count no more."""

    def phase(self, at: datetime) -> SpanPhase:
        """Where it stands at that instant."""
        if self.removed is not None:
            return SpanPhase.OFF
        if at < self.starts:
            return SpanPhase.AHEAD
        return SpanPhase.ON if at < self.ends else SpanPhase.OVER

    def covers(self, at: datetime) -> bool:
        """Whether it is on at that instant."""
        return self.removed is None and self.starts <= at < self.ends

    def is_about(self, service: str | None) -> bool:
        """Whether it is about a service (None: the platform, which is every service)."""
        return self.service is None or service is None or self.service == service


def span_label(kind: SpanKind, number: int) -> str:
    """How people name a window or a freeze: `W3`, `F4`. No two have the same number."""
    return f"{'W' if kind is SpanKind.WINDOW else 'F'}{number}"
