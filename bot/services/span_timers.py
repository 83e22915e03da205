"""What time does to windows and freezes: one begins, and is over. Its message shows it; nobody is told."""

from __future__ import annotations

from bot.domain.changes.span import Span
from bot.domain.timer import Timer, TimerKind, span_timer
from bot.services.record import Record

_BEGINS, _OVER = 0, 1


def watch_span(record: Record, span: Span) -> None:
    """Set when its message is to be shown anew; what has begun already is shown so at once."""
    if span.starts > record.now:
        record.tx.timers.set(span_timer(span.id, _BEGINS, span.starts))
    record.tx.timers.set(span_timer(span.id, _OVER, span.ends))


def leave_span(record: Record, span: Span) -> None:
    """It is off the calendar: its times mean nothing any more."""
    record.tx.timers.stop(span.id, TimerKind.SPAN)


def turn(record: Record, span: Span, _timer: Timer) -> None:
    """It begins, or is over."""
    if span.is_open:
        record.show(span)
