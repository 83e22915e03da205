"""What the message shows that tells of a window or a freeze: all of it, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.changes.span import Span, SpanPhase


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanCard:
    """A window or a freeze on the calendar. `service` and `kind` are titles; no service: all of them.

    `phase` is where it stands now: with that its message changes, though nobody does anything.
    """

    span: Span
    phase: SpanPhase
    service: str | None = None
    kind: str | None = None

    @property
    def subject(self) -> Span:
        """What it shows."""
        return self.span

    @property
    def since(self) -> datetime:
        """The earliest instant at which its message can have been posted."""
        return self.span.at
